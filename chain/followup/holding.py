"""Rows that are held: nobody else changes them until the act has ended."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState

from chain.base.db import db
from chain.cycle import queries as cycle
from chain.followup.models import Followup, Submission
from chain.organisation.models import Mandate

_COLUMNS = [column.key for column in inspect(Followup).column_attrs]


def alone(followup: Followup) -> None:
    """Nobody else saves or moves the same follow-up until this act has ended. (SQLite lets one write at a time anyway.)"""
    db.session.refresh(followup, _COLUMNS, with_for_update=True)  # its own row alone: what it was once joined with is not held


def with_its_round(followup: Followup) -> None:
    """For what freezes figures: the round is held first, as those do who accept, so that nobody waits in a circle."""
    cycle.hold(followup.round_id)
    alone(followup)


def number(row: Followup | Submission | Mandate) -> int:
    """A stored row's number, without reading it anew."""
    state: InstanceState[Any] = inspect(row)
    return int(state.identity[0]) if state.identity else row.id
