"""Figures as they are shown: each table of a section with what was typed, each row's share, and the sums to check against."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.base.locale import _, number, percent
from chain.result import rules

Ask = Callable[[rules.Table, list[rules.Figure]], Mapping[str, str]]


@dataclass(frozen=True)
class SheetRow:
    row: rules.Row
    values: tuple[str, ...]  # as typed
    share: str  # "14 av 24, 58 %", when the row holds
    reason: str  # as typed
    asked: str  # the sentence that asks why, if one does
    filled: bool


@dataclass(frozen=True)
class Sheet:
    table: rules.Table
    id: str
    basis: str
    rows: tuple[SheetRow, ...]
    sums: tuple[str, ...]  # of each column, when something holds
    share: str  # of all rows together
    wrong: Mapping[str, str]  # a sentence for each cell that cannot be read

    @property
    def filled(self) -> list[SheetRow]:
        return [row for row in self.rows if row.filled]


def flat(answer: Mapping[str, Any]) -> dict[str, str]:
    """An answer's cells, reasons and bases under their own names."""
    return {**answer.get("cells", {}), **answer.get("reasons", {}), **answer.get("basis", {})}


def sheets(tables: Iterable[rules.Table], raw: Mapping[str, str], ask: Ask | None = None) -> list[Sheet]:
    """The tables as filled in so far; `ask` answers the sentences that ask why, by the name of the row's field."""
    return [_sheet(table, raw, ask) for table in tables]


def _sheet(table: rules.Table, raw: Mapping[str, str], ask: Ask | None) -> Sheet:
    figures, wrong = rules.read(table, raw)
    asked = ask(table, figures) if ask else {}
    shown = {one.subject: one for one in figures if one.indicator in (table.derives or (table.indicator,)) and not one.category}
    rows = tuple(_row(row, raw, shown.get(row.subject), asked) for row in table.rows)
    return Sheet(
        table=table,
        id=table.key.replace("|", "."),
        basis=raw.get(table.basis_field) or table.basis,
        rows=rows,
        sums=_sums(rows) if len([row for row in rows if row.filled]) > 1 else (),
        share=_share(sum(one.k for one in shown.values()), sum(one.n for one in shown.values())) if shown else "",
        wrong=wrong,
    )


def _row(row: rules.Row, raw: Mapping[str, str], figure: rules.Figure | None, asked: Mapping[str, str]) -> SheetRow:
    values = tuple(raw.get(cell, "") for cell in row.cells)
    share = _share(figure.k, figure.n) if figure else ""
    return SheetRow(row, values, share, raw.get(row.why, ""), asked.get(row.why, ""), any(value.strip() for value in values))


def _share(k: int, n: int) -> str:
    return _("%(k)s av %(n)s, %(share)s", k=k, n=n, share=percent(k, n)) if n else _("ingen bedömd")


def _sums(rows: Iterable[SheetRow]) -> tuple[str, ...]:
    return tuple(number(sum(_count(value) for value in column)) for column in zip(*(row.values for row in rows), strict=True))


def _count(text: str) -> int:
    try:
        return rules.read_count(text) or 0
    except rules.CellError:
        return 0
