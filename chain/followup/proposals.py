"""What is proposed in the grid: what files say of the unit, sums of what the groups below have filled in, what is published.

A proposal is shown with its source and is nobody's answer: it is handed up only when whoever writes has taken it over.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from chain.base.db import db
from chain.base.locale import _, number
from chain.cycle.models import RoundNode
from chain.followup.models import Followup, Submission
from chain.result import queries as result
from chain.result.models import ImportedFigures, PublishedValue
from chain.result.rules import Figure, Row, Table, add, basis_name

FigureKey = tuple[str, str, str, str, str, str]
ReadIn = Mapping[FigureKey, tuple[Figure, ImportedFigures]]

EVERY = "all"  # the button that takes over every proposal at once


@dataclass(frozen=True)
class Proposal:
    """What could stand in a row: a text for each of its cells that is known, and where it comes from. `basis`: what is chosen
    with it in the field of the table, where it rests on something else than what is chosen now."""

    cells: Mapping[str, str]
    source: str
    basis: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        return ", ".join(self.cells.values())


def proposals(followup: Followup, node: RoundNode, tables: Iterable[Table], raw: Mapping[str, str]) -> dict[str, Proposal]:
    """By the name of the row's `why` field; only for rows in which nothing is written. A register's file comes before what the
    groups have counted, and what is published last."""
    rows = [(table, row) for table in tables for row in table.rows]
    empty = [(table, row) for table, row in rows if not _written(row, raw)]
    below, sources = _below(followup)
    read_in = result.imported(followup.unit_id, followup.round_id)
    published = _published(node) if any(table.measure.proposed_from for table, _row in empty) else {}
    bases = {table.key: _basis(table, raw, read_in, below) for table, _row in empty}
    found: dict[str, Proposal] = {}
    for table, row in empty:
        basis = bases[table.key]
        told = _from_files(table, row, read_in, basis)
        if told is None and (cells := _from_sums(table, row, below, basis)):
            told = Proposal(cells, sources)
        if told and basis != _chosen(table, raw):
            told = _resting_on(told, table, basis)
        elif told is None and basis == _chosen(table, raw):
            told = _from_beside(table, row, raw) or _from_published(table, row, published)
        if told:
            found[row.why] = told
    return found


def taken(answer: Mapping[str, dict[str, str]], found: Mapping[str, Proposal], which: str) -> dict[str, dict[str, str]]:
    """The cells and the bases as they are when a row's proposal, or every one, has been taken over."""
    chosen = found.values() if which == EVERY else [found[which]] if which in found else []
    cells = {cell: text for one in chosen for cell, text in one.cells.items()}
    basis = {name: key for one in chosen for name, key in one.basis.items()}
    return {**answer, "cells": {**answer["cells"], **cells}, "basis": {**answer["basis"], **basis}}


def _written(row: Row, raw: Mapping[str, str]) -> bool:
    return any(raw.get(cell, "").strip() for cell in row.cells)


def _chosen(table: Table, raw: Mapping[str, str]) -> str:
    """What whoever writes has said that the table rests on, else what it rests on until something is said."""
    return raw.get(table.basis_field) or table.basis


def _basis(table: Table, raw: Mapping[str, str], *sources: Iterable[tuple[str, ...]]) -> str:
    """What the proposals to a table rest on: what is chosen; another, of the first source that has any, where there is none of
    that and nothing is written in the table, since what stands in it would be said to rest on that as well."""
    about = table.indicator, table.school_form, table.year_group
    told = [{key[5] for key in keys if (key[0], key[1], key[3]) == about} for keys in sources]
    chosen = _chosen(table, raw)
    if any(chosen in here for here in told) or any(_written(row, raw) for row in table.rows):
        return chosen
    return next((basis for here in told for basis in table.bases if basis in here), chosen)


def _resting_on(told: Proposal, table: Table, basis: str) -> Proposal:
    source = _("%(source)s, bygger på %(basis)s", source=told.source, basis=basis_name(basis))
    return Proposal(told.cells, source, {table.basis_field: basis})


def _below(followup: Followup) -> tuple[dict[tuple[str, ...], Figure], str]:
    """The sums of what the level below has handed up and had accepted, by what they are about, and whose they are."""
    asked = {"round": followup.round_id, "receiver": followup.unit_id}
    told = [(figures, name) for figures, name in db.session.execute(_accepted(), asked) if figures]
    sums = add(Figure(**one) for figures, _name in told for one in figures)
    return {one.key: one for one in sums}, ", ".join(dict.fromkeys(name for _figures, name in told))


@cache  # putting it together takes longer than asking it
def _accepted() -> Select[Any, str]:
    s, newer = Submission, aliased(Submission)
    later = exists().where(newer.followup_id == s.followup_id, newer.number > s.number)  # a supplement stands beside the first
    here = (s.round_id == bindparam("round"), s.receiver_id == bindparam("receiver"), s.state == "accepted", ~later)
    return select(s.snapshot["figures"], s.snapshot["unit"]["name"].as_string()).where(*here).order_by(s.path, s.number)


def _from_sums(table: Table, row: Row, sums: Mapping[tuple[str, ...], Figure], basis: str) -> dict[str, str]:
    """The row's cells filled in from sums on one basis; empty where there are none."""
    about = (table.indicator, table.school_form, row.subject, table.year_group)
    keys = [column.key for column in table.columns]
    here = {one.category: one for step in ("", *keys) if (one := sums.get((*about, step, basis)))}
    if not here:
        return {}
    first = next(iter(here.values()))
    counts: dict[str, Any] = {"enrolled": first.enrolled, "assessed": first.n, "reached": first.k, "total": first.total}
    counts |= {step: one.k for step, one in here.items() if step}
    counts["mean"] = round(Fraction(first.total, first.n)) if first.n else None
    cells = zip(row.cells, table.columns, strict=True)
    return {cell: _text(counts[column.key], column.decimals) for cell, column in cells if counts.get(column.key) is not None}


def _from_files(table: Table, row: Row, read_in: ReadIn, basis: str) -> Proposal | None:
    """What a file says of the row, and which source it named. What the source does not know stays empty, to be filled in."""
    cells = _from_sums(table, row, {key: figure for key, (figure, _row) in read_in.items()}, basis)
    about = (table.indicator, table.school_form, row.subject, table.year_group)
    told = [both for key, both in read_in.items() if (key[:4], key[5]) == (about, basis)]
    if not all(result.says_enrolled(one, about, basis) for _figure, one in told):
        unknown = {cell for cell, column in zip(row.cells, table.columns, strict=True) if column.key == "enrolled"}
        cells = {cell: text for cell, text in cells.items() if cell not in unknown}
    source = next((one.source for _figure, one in told), "")
    said = _("inläst fil: %(source)s", source=source) if source else _("inläst fil")
    if table.measure.typed == "mean" and any(figure.n and figure.total % figure.n for figure, _one in told):
        said = _("%(source)s, medelvärdet avrundat", source=said)
    return Proposal(cells, said) if cells else None


def _from_beside(table: Table, row: Row, raw: Mapping[str, str]) -> Proposal | None:
    """What has been written in another grid of the same school form: nothing need be written twice."""
    cells = {}
    for cell, column in zip(row.cells, table.columns, strict=True):
        key, beside, other = dict(table.measure.proposed_from).get(column.key, "").partition(":")
        text = raw.get(f"{key}|{table.school_form}|{row.subject}|{table.year_group}|{other}", "").strip() if beside else ""
        if text:
            cells[cell] = text
    return Proposal(cells, _("det ni har skrivit i en annan tabell")) if cells else None


def _text(count: int, decimals: int) -> str:
    return number(Fraction(count, 10**decimals), decimals) if decimals else str(count)


def _published(node: RoundNode) -> dict[tuple[str, str, str], PublishedValue]:
    """What is published of the unit for the round's own school year, where it is a number."""
    here = (PublishedValue.unit_id == node.unit_id, PublishedValue.place == "", PublishedValue.period == node.round.year.label)
    rows = db.session.scalars(select(PublishedValue).where(*here, PublishedValue.value.is_not(None)))
    return {(one.indicator, one.subject, one.year_group): one for one in rows}


def _from_published(table: Table, row: Row, published: Mapping[tuple[str, str, str], PublishedValue]) -> Proposal | None:
    found = dict(_published_cells(table, row, published))
    if not found:
        return None
    source = next(iter(found.values())).source
    columns = dict(zip(row.cells, table.columns, strict=True))
    cells = {cell: number(one.value, columns[cell].decimals) for cell, one in found.items()}
    return Proposal(cells, _("%(source)s, publicerat", source=source))


def _published_cells(
    table: Table, row: Row, published: Mapping[tuple[str, str, str], PublishedValue]
) -> Iterator[tuple[str, PublishedValue]]:
    named = dict(table.measure.proposed_from)
    for cell, column in zip(row.cells, table.columns, strict=True):
        one = published.get((named.get(column.key, ""), row.subject, table.year_group))
        if one is not None and one.shown.replace(",", "").replace(" ", "").replace("\u00a0", "").isdigit():
            yield cell, one
