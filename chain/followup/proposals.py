"""What is proposed in the grid: what files say of the unit, sums of what the groups below have filled in, what is published.

A proposal is shown with its source and is nobody's answer: it is handed up only when whoever writes has taken it over.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import _, number
from chain.cycle.models import RoundNode
from chain.followup.models import Followup, Submission
from chain.result import queries as result
from chain.result.models import ImportedFigure, PublishedValue
from chain.result.rules import Figure, Row, Table, add

FigureKey = tuple[str, str, str, str, str, str]

EVERY = "all"  # the button that takes over every proposal at once


@dataclass(frozen=True)
class Proposal:
    """What could stand in a row: a text for each of its cells that is known, and where it comes from."""

    cells: Mapping[str, str]
    source: str

    @property
    def said(self) -> str:
        return ", ".join(self.cells.values())


def proposals(followup: Followup, node: RoundNode, tables: Iterable[Table], raw: Mapping[str, str]) -> dict[str, Proposal]:
    """By the name of the row's `why` field; only for rows in which nothing is written. A register's file comes before what the
    groups have counted, and what is published last."""
    rows = [(table, row) for table in tables for row in table.rows]
    empty = [(table, row) for table, row in rows if not any(raw.get(cell, "").strip() for cell in row.cells)]
    below, sources = _below(followup)
    read_in = result.imported(followup.unit_id, followup.round_id)
    published = _published(node) if any(table.measure.proposed_from for table, _row in empty) else {}
    found: dict[str, Proposal] = {}
    for table, row in empty:
        told = _from_files(table, row, read_in)
        if told is None and (cells := _from_sums(table, row, below)):
            told = Proposal(cells, sources)
        told = told or _from_beside(table, row, raw) or _from_published(table, row, published)
        if told:
            found[row.why] = told
    return found


def taken(cells: Mapping[str, str], found: Mapping[str, Proposal], which: str) -> dict[str, str]:
    """The cells as they are when a row's proposal, or every one, has been taken over."""
    chosen = found.values() if which == EVERY else [found[which]] if which in found else []
    return {**cells, **{cell: text for one in chosen for cell, text in one.cells.items()}}


def _below(followup: Followup) -> tuple[dict[tuple[str, ...], Figure], str]:
    """The sums of what the level below has handed up and had accepted, by what they are about, and whose they are."""
    s = Submission
    asked = select(s.snapshot["figures"], s.snapshot["unit"]["name"].as_string()).where(
        s.round_id == followup.round_id, s.receiver_id == followup.unit_id, s.state == "accepted"
    )
    told = [(figures, name) for figures, name in db.session.execute(asked.order_by(s.path, s.number)) if figures]
    sums = add(Figure(**one) for figures, _name in told for one in figures)
    return {one.key: one for one in sums}, ", ".join(dict.fromkeys(name for _figures, name in told))


def _from_sums(table: Table, row: Row, sums: Mapping[tuple[str, ...], Figure]) -> dict[str, str]:
    """The row's cells filled in from sums on the table's own basis; empty where there are none."""
    about = (table.indicator, table.school_form, row.subject, table.year_group)
    keys = [column.key for column in table.columns]
    here = {one.category: one for step in ("", *keys) if (one := sums.get((*about, step, table.basis)))}
    if not here:
        return {}
    first = next(iter(here.values()))
    counts: dict[str, Any] = {"enrolled": first.enrolled, "assessed": first.n, "reached": first.k, "total": first.total}
    counts |= {step: one.k for step, one in here.items() if step}
    counts["mean"] = round(Fraction(first.total, first.n)) if first.n else None
    cells = zip(row.cells, table.columns, strict=True)
    return {cell: _text(counts[column.key], column.decimals) for cell, column in cells if counts.get(column.key) is not None}


def _from_files(table: Table, row: Row, read_in: Mapping[FigureKey, tuple[Figure, ImportedFigure]]) -> Proposal | None:
    """What a file says of the row, and which source it named."""
    cells = _from_sums(table, row, {key: figure for key, (figure, _row) in read_in.items()})
    about = (table.indicator, table.school_form, row.subject, table.year_group)
    source = next((one.source for key, (_figure, one) in read_in.items() if key[:4] == about), "")
    return Proposal(cells, _("inläst fil: %(source)s", source=source) if source else _("inläst fil")) if cells else None


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
    here = (PublishedValue.unit_id == node.unit_id, PublishedValue.period == node.round.year.label)
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
