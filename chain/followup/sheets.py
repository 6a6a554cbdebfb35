"""Figures as they are shown: each table of a section with what was typed, each row's share, and the sums to check against."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from chain.base.locale import _, current, number, percent
from chain.result import grid_rules, rules, typed_rules
from chain.result.reasons import mean_said

Ask = Callable[[rules.Table, list[rules.Figure]], Mapping[str, str]]


@dataclass(frozen=True)
class SheetRow:
    row: rules.Row
    values: tuple[str, ...]  # as typed
    share: str  # "14 av 24, 58 %", or what else the row comes to, when it holds
    rest: str  # how many are enrolled and not assessed, when it holds
    reason: str  # as typed
    asked: str  # the sentence that asks why, if one does
    filled: bool


@dataclass(frozen=True)
class Sheet:
    table: rules.Table
    id: str
    basis: str
    head: str  # over what each row comes to
    rows: tuple[SheetRow, ...]
    sums: tuple[str, ...]  # of each column, when something holds
    share: str  # of all rows together
    rest: str
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
    figures, wrong = grid_rules.read(table, raw)
    asked = ask(table, figures) if ask else {}
    found: dict[str, list[rules.Figure]] = {}
    for one in figures:
        found.setdefault(one.subject, []).append(one)
    rows = tuple(_row(table, row, raw, found.get(row.subject, []), asked) for row in table.rows)
    several = len(found) > 1
    return Sheet(
        table=table,
        id=table.key.replace("|", "."),
        basis=raw.get(table.basis_field) or table.basis,
        head=_head(table),
        rows=rows,
        sums=_sums(table, rows) if len([row for row in rows if row.filled]) > 1 else (),
        share=_comes_to(table, _together(figures)) if several else "",
        rest=_rest(table, figures) if several else "",
        wrong=wrong,
    )


def _row(
    table: rules.Table, row: rules.Row, raw: Mapping[str, str], figures: list[rules.Figure], asked: Mapping[str, str]
) -> SheetRow:
    values = tuple(raw.get(cell, "") for cell in row.cells)
    return SheetRow(
        row=row,
        values=values,
        share=_comes_to(table, figures),
        rest=_rest(table, figures),
        reason=raw.get(row.why, ""),
        asked=asked.get(row.why, ""),
        filled=any(value.strip() for value in values),
    )


def _head(table: rules.Table) -> str:
    """What stands over what a row comes to; nothing where it comes to no more than was typed."""
    if table.kind == "mean":
        return _("Medelvärde") if len(table.rows) > 1 or table.measure.typed == "total" else ""
    if table.kind == "share" or table.derives:
        return _("Andel")
    return table.scale.mean_name(current()) if table.scale else ""


def _together(figures: Iterable[rules.Figure]) -> list[rules.Figure]:
    """All rows of a table as one."""
    alike: dict[tuple[str, str], list[rules.Figure]] = {}
    for one in figures:
        alike.setdefault((one.indicator, one.category), []).append(one)
    return [
        replace(
            same[0],
            subject="",
            enrolled=sum(one.enrolled for one in same),
            n=sum(one.n for one in same),
            k=sum(one.k for one in same),
            total=sum(one.total for one in same),
        )
        for same in alike.values()
    ]


def _comes_to(table: rules.Table, figures: list[rules.Figure]) -> str:
    """What some figures about one thing come to: a share, a mean, or what follows from a distribution."""
    if not figures:
        return ""
    first = figures[0]
    if table.kind == "count":
        return ""
    if table.kind == "mean":
        mean = table.measure.mean(first.n, first.total)
        return _("ingen bedömd") if mean is None else number(mean, table.measure.shown_decimals)
    shares = [_share(one.k, one.n) for one in figures if not one.category]
    return "; ".join([*shares[:1], *_points(table, figures)])


def _points(table: rules.Table, figures: Iterable[rules.Figure]) -> Iterable[str]:
    """The mean of a distribution's points, with its name where a share stands before it."""
    if table.scale is None or not table.scale.mean_name(current()):
        return
    mean = rules.mean_points({one.category: one.k for one in figures if one.category}, table.scale)
    if mean is not None:
        said = mean_said(mean, table.scale)
        yield _("%(points)s poäng", points=said) if table.derives else said


def _rest(table: rules.Table, figures: Iterable[rules.Figure]) -> str:
    """Those of a row (or of all rows together) who are enrolled and not assessed: always said, also when it is nobody."""
    if not table.rest or not figures:
        return ""
    by_row = {one.subject: one for one in figures}
    return number(sum(one.enrolled - one.n for one in by_row.values()))


def _share(k: int, n: int) -> str:
    return _("%(k)s av %(n)s, %(share)s", k=k, n=n, share=percent(k, n)) if n else _("ingen bedömd")


def _sums(table: rules.Table, rows: Iterable[SheetRow]) -> tuple[str, ...]:
    """Each column's sum; a column of means has none."""
    columns = zip(table.columns, zip(*(row.values for row in rows), strict=True), strict=True)
    return tuple("" if column.key == "mean" else _sum(column, values) for column, values in columns)


def _sum(column: rules.Column, values: Iterable[str]) -> str:
    total = sum(_read(column, value) for value in values)
    return number(Fraction(total, 10**column.decimals), column.decimals)


def _read(column: rules.Column, text: str) -> int:
    try:
        return (typed_rules.read_count(text) if column.plain else typed_rules.read_number(text, column.decimals)) or 0
    except typed_rules.CellError:
        return 0
