"""The grid that is filled in: which tables, rows and columns a node is asked for, and what is read out of its cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chain.base.locale import _, number
from chain.result.rules import EVERY, MOST, MOST_OF_ALL, Column, Figure, Heading, Indicator, Row, Scale, Subject, Table
from chain.result.typed_rules import CellError, read_count, read_number


def in_use(indicators: Iterable[Indicator], year: str) -> list[Indicator]:
    """Those valid in a school year such as `2026/27`; the labels sort as they follow each other."""
    return [one for one in indicators if one.first_valid <= year and (not one.last_valid or year <= one.last_valid)]


@dataclass(frozen=True)
class Place:
    """Where a table stands: a school form's year group, in the reader's language."""

    school_form: str
    year_group: str
    name: str
    locale: str


def grid(
    indicators: Iterable[Indicator],
    scales: Iterable[Scale],
    subjects: Iterable[Subject],
    school_form: str,
    year_groups: Mapping[str, str],
    round_number: int,
    bases: Mapping[str, str],
    locale: str = "sv",
) -> list[Table]:
    """What a unit fills in for a school form in a round. `year_groups`: key → name; `bases`: year group → default.
    A share that follows from a distribution asked for in the same place is left out: nothing is reported twice."""
    asked = [one for one in indicators if _is_asked(one, school_form, round_number)]
    groups = {one.key: _groups(one, year_groups) for one in asked}
    known, ordered = {scale.key: scale for scale in scales}, sorted(subjects, key=lambda subject: subject.order)
    tables = []
    for one in asked:
        for group in groups[one.key]:
            place = Place(school_form, group, year_groups.get(group, ""), locale)
            rows = _rows(one, ordered, place)
            if rows and group not in groups.get(one.derived_from, ()):
                derived = [share for share in asked if share.derived_from == one.key and group in groups[share.key]]
                basis = bases.get(group, bases.get("", ""))
                tables.append(_table(one, known.get(one.scale), place, basis, rows, derived))
    return tables


def _is_asked(indicator: Indicator, school_form: str, round_number: int) -> bool:
    here = not indicator.school_forms or school_form in indicator.school_forms
    return here and round_number in indicator.rounds and indicator.kind != "published"


def _groups(indicator: Indicator, year_groups: Mapping[str, str]) -> list[str]:
    if not indicator.year_groups:
        return [""]
    if EVERY in indicator.year_groups:
        return list(year_groups) or [""]
    return [group for group in year_groups if group in indicator.year_groups]


def _rows(indicator: Indicator, subjects: Iterable[Subject], place: Place) -> list[tuple[str, str]]:
    """(subject, name) of each row; the whole unit is one row without a subject."""
    if not indicator.subjects:
        return [("", indicator.words(place.locale, place.year_group).name)]
    taught = [subject for subject in subjects if subject.taught_in(place.school_form, place.year_group)]
    wanted = [one for one in taught if one.code in indicator.subjects or (EVERY in indicator.subjects and not one.named)]
    return [(subject.code, subject.name(place.locale)) for subject in wanted]


def _table(
    indicator: Indicator,
    scale: Scale | None,
    place: Place,
    basis: str,
    rows: list[tuple[str, str]],
    derived: list[Indicator],
) -> Table:
    form, group = place.school_form, place.year_group
    words, told = indicator.words(place.locale, group), (derived or [indicator])[0]
    columns = _columns(indicator, words, scale, place.locale)
    counted = columns[0].key == "enrolled" and not indicator.apart
    return Table(
        key=f"{indicator.key}|{form}|{group}",
        indicator=indicator.key,
        kind=indicator.kind,
        title=f"{words.name}, {place.name}" if place.name else words.name,
        definition=words.definition,
        phrase=told.words(place.locale, group).phrase,
        ask_below=told.asks_below(group),
        school_form=form,
        year_group=group,
        basis=basis if basis in indicator.bases else indicator.bases[0],
        bases=indicator.bases,
        basis_field=f"{indicator.key}|{form}||{group}|basis",
        columns=columns,
        rows=tuple(_row(f"{indicator.key}|{form}|{code}|{group}", code, name, place, columns) for code, name in rows),
        passing=tuple(step.key for step in scale.steps if step.meaning == "pass") if scale else (),
        derives=tuple(share.key for share in derived),
        measure=indicator,
        scale=scale,
        rest=(words.rest or _("Ej bedömda")) if counted else "",
    )


def _row(field: str, code: str, name: str, place: Place, columns: tuple[Column, ...]) -> Row:
    cells = tuple(f"{field}|{column.key}" for column in columns)
    return Row(code, name, f"{name} {place.name}".strip(), cells, f"{field}|why")


def _columns(indicator: Indicator, words: Heading, scale: Scale | None, locale: str) -> tuple[Column, ...]:
    most = MOST_OF_ALL if indicator.apart else MOST
    enrolled = (Column("enrolled", words.enrolled, words.enrolled),) if words.enrolled else ()
    assessed = Column("assessed", words.assessed, words.assessed, most=most)
    if scale is not None:
        return *enrolled, *(Column(step.key, step.sign(locale), step.name(locale)) for step in scale.steps)
    match indicator.kind:
        case "share":
            return *enrolled, assessed, Column("reached", words.reached, words.reached, most=most)
        case "mean":
            ends = MOST_OF_ALL if indicator.typed == "total" or indicator.most is None else indicator.most
            return *enrolled, assessed, Column(indicator.typed, words.total, words.total, indicator.decimals, ends)
    return (Column("total", words.total, words.total, indicator.decimals, MOST_OF_ALL),)


def read(table: Table, raw: Mapping[str, str]) -> tuple[list[Figure], dict[str, str]]:
    """The figures of the rows that hold, and a sentence for each cell that does not. An empty row is absent."""
    figures: list[Figure] = []
    errors: dict[str, str] = {}
    basis = raw.get(table.basis_field) or table.basis
    if basis not in table.bases:
        errors[table.basis_field] = _("Välj vad siffrorna bygger på.")
    for row in table.rows:
        counts, wrong = _counts(table, row, raw)
        if not wrong and any(count is not None for count in counts):
            wrong = ERRORS[table.kind](table, row, counts)
            if not wrong:
                figures += _figures(table, row, [count or 0 for count in counts], basis)
        errors |= wrong
    return figures, errors


def _counts(table: Table, row: Row, raw: Mapping[str, str]) -> tuple[list[int | None], dict[str, str]]:
    counts: list[int | None] = []
    errors: dict[str, str] = {}
    for cell, column in zip(row.cells, table.columns, strict=True):
        text = raw.get(cell, "")
        try:
            counts.append(read_count(text) if column.plain else read_number(text, column.decimals, column.most))
        except CellError as error:
            errors[cell] = f"{row.label}: {error.sentence}"
    return counts, errors


def _share_errors(table: Table, row: Row, counts: list[int | None]) -> dict[str, str]:
    """0 ≤ reached ≤ assessed ≤ enrolled. Nobody assessed is an answer, and then nobody need be said to have reached."""
    needed = 2 if counts[1] == 0 and counts[2] is None else 3
    errors = _holes(table, row, counts, needed)
    for place in (2,) if table.measure.apart else (1, 2):
        less, more = counts[place], counts[place - 1]
        if less is not None and more is not None and less > more:
            errors[row.cells[place]] = _more(table, row, place, less, more)
    return errors


def _mean_errors(table: Table, row: Row, counts: list[int | None]) -> dict[str, str]:
    """assessed ≤ enrolled, and the mean between its ends. Nobody assessed is an answer, and then there is no mean."""
    *enrolled, n, value = counts
    errors = _holes(table, row, counts, len(counts) - (n == 0 and value is None))
    if errors or n is None:
        return errors
    if enrolled and n > (enrolled[0] or 0):
        errors[row.cells[-2]] = _more(table, row, len(enrolled), n, enrolled[0] or 0)
    measure, total = table.measure, _total(table, n, value or 0)
    unit = 10**measure.decimals * n
    if n == 0 and value:
        errors[row.cells[-1]] = _("%(row)s: ingen har räknats, så här ska det vara tomt.", row=row.label)
    elif measure.least is not None and measure.most is not None and not measure.least * unit <= total <= measure.most * unit:
        ends = {"least": number(measure.least), "most": number(measure.most)}
        errors[row.cells[-1]] = _("%(row)s: medelvärdet ska ligga mellan %(least)s och %(most)s.", row=row.label, **ends)
    return errors


def _total(table: Table, n: int, value: int) -> int:
    """A mean that was typed, times its n: whole numbers, so that nothing is lost and everything adds up."""
    return value * n if table.measure.typed == "mean" else value


def _more(table: Table, row: Row, place: int, less: int, more: int) -> str:
    return _(
        "%(row)s: %(less)s (%(a)s) kan inte vara fler än %(more)s (%(b)s).",
        row=row.label,
        less=table.columns[place].name,
        a=less,
        more=table.columns[place - 1].name,
        b=more,
    )


def _count_errors(table: Table, row: Row, counts: list[int | None]) -> dict[str, str]:
    return {}


def _holes(table: Table, row: Row, counts: list[int | None], needed: int) -> dict[str, str]:
    return {
        row.cells[place]: _("%(row)s: fyll i %(column)s också, eller töm raden.", row=row.label, column=column.name)
        for place, column in enumerate(table.columns[:needed])
        if counts[place] is None
    }


def _spread_errors(table: Table, row: Row, counts: list[int | None]) -> dict[str, str]:
    """An empty step is nobody; but an empty row of steps beside a number enrolled is half filled in."""
    enrolled, steps = counts[0], counts[1:]
    total = sum(count or 0 for count in steps)
    if enrolled is None:
        return _holes(table, row, counts, 1)
    if all(count is None for count in steps):
        return {row.cells[1]: _("%(row)s: fyll i antalet på varje steg, 0 där ingen finns.", row=row.label)}
    if total > enrolled:
        sentence = _(
            "%(row)s: stegen blir %(a)s tillsammans, fler än %(column)s (%(b)s).",
            row=row.label,
            a=total,
            column=table.columns[0].name,
            b=enrolled,
        )
        return {row.cells[0]: sentence}
    return {}


ERRORS = {"share": _share_errors, "mean": _mean_errors, "count": _count_errors, "distribution": _spread_errors}


def _figures(table: Table, row: Row, counts: list[int], basis: str) -> list[Figure]:
    blank = Figure(table.indicator, table.school_form, row.subject, table.year_group, "", basis, counts[0], 0, 0)
    if table.kind == "share":
        return [replace(blank, n=counts[1], k=counts[2])]
    if table.kind == "count":
        return [replace(blank, enrolled=0, total=counts[0])]
    if table.kind == "mean":
        return [replace(blank, n=counts[-2], total=_total(table, counts[-2], counts[-1]))]  # without a column, enrolled is n
    spread = dict(zip((column.key for column in table.columns[1:]), counts[1:], strict=True))
    total, passed = sum(counts[1:]), sum(spread[key] for key in table.passing)
    shares = [replace(blank, indicator=key, n=total, k=passed) for key in table.derives]
    return [replace(blank, category=key, n=total, k=count) for key, count in spread.items()] + shares
