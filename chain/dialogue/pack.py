"""Makes the preparation of a dialogue out of what the unit has handed up and what came of it, and the unit's own words.

Nothing is taken from a draft, from a group, or from what is read no higher than below those who hold the dialogue.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from chain.base import clock, events
from chain.base.db import db
from chain.base.locale import _
from chain.cycle.models import Round, Year
from chain.dialogue import agreement_queries, queries
from chain.dialogue.models import Dialogue
from chain.followup import reading
from chain.followup.models import Submission
from chain.followup.rules import HANDED_UP
from chain.followup.snapshot import LANGUAGE
from chain.measure import queries as measures
from chain.measure import rules as measure
from chain.measure.models import Measure, Outcome
from chain.organisation.models import Mandate
from chain.rollup import queries as rollup
from chain.rollup import rules as figures
from chain.rollup.rules import Key, Part, Sum, Words
from chain.support.models import SupportRequest

YEAR = timedelta(days=365)
EARLIER = 3  # earlier figures on the same basis that stand beside one
ROUNDS_BACK = 8  # two years of four rounds: what ended before that is nobody's concern now
ASKED = ("open", "granted", "refused", "taken_up", "ended")  # a request that somebody above has begun to read


def pack(dialogue: Dialogue, words: str, by: Mandate) -> dict[str, Any]:
    """The preparation as it is now, as plain data in the municipality's language. A constant number of statements."""
    with force_locale(LANGUAGE):
        handed_up, before = submissions(dialogue), queries.last(dialogue)
        about = [one for one in handed_up if _is_about(dialogue, one.round)]
        rounds = {one.round_id: one.round for one in handed_up}
        last = min((_place(one) for one in rounds.values()), default=None) if len(rounds) == ROUNDS_BACK else None
        made: dict[str, Any] = {
            "unit": {"name": dialogue.unit.name, "public_id": dialogue.unit.public_id},
            "host": {"name": dialogue.host.name},
            "about": about_name(dialogue),
            "held_on": dialogue.held_on.isoformat(),
            "at": clock.now().isoformat(),
            "by": {"name": by.person.name, "role": str(by.role)},
            "words": words.strip(),
            "made_from": [_source(one) for one in about],
            "results": _results(about, handed_up),
            "analysis": [said for one in about for said in _analysis(one)],
            "measures": _measures(dialogue, rounds, last),
            "support": _support(dialogue, rounds),
            "last": _last(before, rounds),
        }
        since = before.held_on if before else dialogue.held_on - YEAR
        events.tell("pack_made", unit_id=dialogue.unit_id, since=since, pack=made)
        return made


def about_name(dialogue: Dialogue) -> str:
    """Which round it is about, else which year."""
    round = dialogue.round
    return round.in_year if round else _("Läsåret %(year)s", year=dialogue.year)


def _is_about(dialogue: Dialogue, round: Round) -> bool:
    return round.id == dialogue.round_id if dialogue.round_id else round.year.label == dialogue.year


def submissions(dialogue: Dialogue) -> list[Submission]:
    """What the unit has handed up, somebody above has begun to read, and is read whole where the dialogue is held: the newest
    version of each of the last rounds, the newest first. None of a round later than the one that the dialogue is about."""
    s = Submission
    version = select(s.followup_id, func.max(s.number).label("number")).where(
        s.unit_id == dialogue.unit_id, s.state.in_(HANDED_UP), (s.opened_at.is_not(None)) | (s.state == "accepted")
    ).group_by(s.followup_id).subquery()  # fmt: skip
    found = (
        select(s)
        .join(version, (version.c.followup_id == s.followup_id) & (version.c.number == s.number))
        .join(s.round)
        .join(Round.year)
        .where(_no_later(dialogue))
        .options(contains_eager(s.round).contains_eager(Round.year))
        .order_by(Year.starts_on.desc(), Round.number.desc())
        .limit(ROUNDS_BACK)
    )
    return [one for one in db.session.scalars(found) if dialogue.host.path.startswith(one.ceiling)]


def _no_later(dialogue: Dialogue) -> ColumnElement[bool]:
    """Of rounds: up to the one that the dialogue is about, or the end of its year."""
    if dialogue.round is None:
        return Year.label <= dialogue.year
    year, number = dialogue.round.year, dialogue.round.number
    return (Year.starts_on < year.starts_on) | ((Year.id == year.id) & (Round.number <= number))


Place = tuple[date, int]


def _place(round: Round) -> Place:
    """Where a round stands among the others."""
    return round.year.starts_on, round.number


def _source(one: Submission) -> dict[str, Any]:
    return {
        "round": one.round.in_year, "submission": one.public_id, "number": one.number, "sha256": one.sha256,
        "handed_up_at": one.submitted_at.isoformat(),
    }  # fmt: skip


# Results


def _results(about: list[Submission], handed_up: list[Submission]) -> list[dict[str, Any]]:
    """Each round's figures as tables, with earlier ones of the same on the same basis: a forecast and a grade never meet."""
    told = [(one, [_sum(each) for each in one.snapshot["figures"]]) for one in handed_up]
    words = rollup.words(about[0].round.year_id) if about else None
    found = []
    for place, (one, rows) in enumerate(told):
        if one in about and rows and words:
            before = [(earlier.round, {figures.key(row): row for row in sums}) for earlier, sums in told[place + 1 :]]
            found.append({"round": one.round.in_year, "tables": _tables(rows, before, words)})
    return found


def _sum(facts: Mapping[str, Any]) -> Sum:
    return Sum(**{name: facts[name] for name in Sum._fields if name in facts}, units=1)


def _tables(rows: list[Sum], before: list[tuple[Round, dict[Key, Sum]]], words: Words) -> list[dict[str, Any]]:
    keys: dict[str, Key] = {}

    def named(key: Key) -> str:
        name = "|".join(key)
        keys[name] = key
        return name

    blocks = figures.blocks(rows, (), {("", ""): Part(1, 1)}, words, named)
    return [
        {
            "title": block.title, "school_form": block.school_form, "basis": block.basis, "steps": list(block.steps),
            "mean": block.mean, "heads": list(block.heads), "row_head": block.row_head,
            "lines": [
                {
                    "label": line.label, "value": line.value, "cells": list(line.cells), "mean": line.mean, "small": line.small,
                    "assessed": line.assessed, "earlier": _earlier(keys[line.query], before, words),
                }
                for line in block.lines
            ],
        }
        for block in blocks
    ]  # fmt: skip


def _earlier(key: Key, before: list[tuple[Round, dict[Key, Sum]]], words: Words) -> list[dict[str, str]]:
    measured = words.measure(key.indicator)
    told = []
    for round, sums in before:
        if (row := sums.get(key)) is not None:
            told.append({"round": round.in_year, "value": figures.earlier(row, measured)})
    return told[:EARLIER]


# Words


def _analysis(one: Submission) -> Iterable[dict[str, Any]]:
    """The unit's own words under the questions of analysis; what it has lifted from others stands in its follow-up."""
    for section in one.snapshot["sections"]:
        if section["kind"] == "analysis":
            shown = reading.handed_up(section)
            parts = [{"head": head, "text": [span.text for span in spans]} for head, spans in shown.groups]
            if parts:
                yield {"round": one.round.in_year, "title": shown.title, "parts": parts}


# Measures and support, as far as they were told in what has been read


def _measures(dialogue: Dialogue, rounds: Mapping[int, Round], last: Place | None) -> dict[str, list[dict[str, Any]]]:
    """Those set in a round that has been read, as they stood after the rounds that have been read: open, carried, ended.

    Read are the `rounds`, and those before the `last` of them. What ended before that is left out.
    """

    def read(round: Round) -> bool:
        return round.id in rounds or (last is not None and _place(round) < last)

    found: dict[str, list[dict[str, Any]]] = {"open": [], "carried": [], "ended": []}
    lines: set[str] = set()
    for one in sorted(measures.at(dialogue.unit_id), key=lambda one: one.id):
        if read(one.round) and dialogue.host.path.startswith(one.ceiling):
            told = [outcome for outcome in one.outcomes if read(outcome.round)]
            came = told[-1].kind if told else ""
            goes_on = bool(told) or one.lineage in lines
            kind = "ended" if came in ("done", "ended_without") else "carried" if goes_on else "open"
            replaced = came in ("changed", "handed_over")  # its successor stands for it
            if not replaced and (kind != "ended" or told[-1].round_id in rounds):
                found[kind].append(_measure(one, told))
            lines.add(one.lineage)
    return found


def _measure(one: Measure, told: list[Outcome]) -> dict[str, Any]:
    return {
        "problem": one.problem, "sign": one.sign, "set_in": one.round.in_year,
        "responsible": one.responsible.name if one.responsible else "",
        "outcomes": [
            {
                "round": outcome.round.in_year, "kind": measure.kind_name(outcome.kind), "effect": outcome.effect,
                "evidence": [measure.evidence_name(name) for name in outcome.evidence],
                "reason": "" if outcome.kind == "done" else measure.hindrance_name(outcome.reason),
            }
            for outcome in told
        ],
    }  # fmt: skip


def _support(dialogue: Dialogue, rounds: Mapping[int, Round]) -> list[dict[str, Any]]:
    mine = (SupportRequest.unit_id == dialogue.unit_id, SupportRequest.state.in_(ASKED), SupportRequest.round_id.in_(rounds))
    asked = select(SupportRequest).where(*mine).options(joinedload(SupportRequest.receiver))
    return [
        {
            "text": one.text, "round": rounds[one.round_id].in_year, "to": one.receiver.name, "state": one.state,
            "answer": one.answer,
        }
        for one in db.session.scalars(asked.order_by(SupportRequest.asked_at.desc(), SupportRequest.id))
    ]  # fmt: skip


# The last dialogue


def _last(before: Dialogue | None, rounds: Mapping[int, Round]) -> dict[str, Any] | None:
    if before is None:
        return None
    return {
        "held_on": before.held_on.isoformat(),
        "agreements": [
            {
                "text": told.agreement.text, "side": told.agreement.side, "responsible": told.agreement.responsible.name,
                "status": told.status, "said": told.said,
            }
            for told in agreement_queries.told(before, set(rounds))
        ],
    }  # fmt: skip
