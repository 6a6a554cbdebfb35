"""What the amounts of a row come to, by the kind of figure: sums that hold, or what is wrong and in which column.

Every kind is kept as the sums that add up (design: n and k, n and total, total, n per step). A mean is taken in only where it can
be turned into its total exactly: n times the mean, to the last decimal that the indicator keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from chain.intake.rules import _mark
from chain.result.rules import MOST_OF_ALL, Column, Table
from chain.result.typed_rules import CellError, read_count, read_decimal, read_number

Sums = tuple[int, int, int, int]  # enrolled, n, k, total
Spread = list[tuple[str, str, int | None, int, int, int]]  # indicator, category, enrolled (none: not known), n, k, total

BAD_COUNT = _mark("”{value}” är inget helt antal. Skriv bara siffror, till exempel 24.")
BAD_NUMBER = _mark("”{value}” är inget tal som går att läsa in här: högst {decimals} decimaler, och inte mindre än 0.")
EMPTY_COUNT = _mark("{column} är tom. Fyll i antalet, 0 där ingen finns, eller ta bort raden.")
TOO_MANY = _mark("{value} kan inte vara fler än {more} i {other}.")
OUTSIDE = _mark("Medelvärdet ska ligga mellan {least} och {most}.")
NOBODY = _mark("Ingen har räknats, så här ska det vara tomt eller 0.")
ROUNDED = _mark("”{value}” gånger {n} blir ingen jämn summa: medelvärdet är avrundat. Lägg till en kolumn med summan.")
NEEDS = {
    "share": _mark("Raden är en andel: den behöver elever, bedömda och hur många som nått. Lägg till det som saknas."),
    "mean": _mark(
        "Raden är ett medelvärde: den behöver antalet bakom det, och summan eller medelvärdet."
    ),
    "count": _mark("Raden är ett antal: den behöver en summa. Lägg till den."),
    "distribution": _mark(
        "Raden är en fördelning: den behöver elever, och antalet på varje steg. Lägg till det som saknas."
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Wrong:
    """What does not hold. `field` is what the column holds; of a sentence that names another column, `other` is that one."""

    message: str
    field: str = ""
    more: tuple[tuple[str, str], ...] = ()
    other: str = ""


def sums(table: Table, cells: Mapping[str, str]) -> Sums | Wrong:
    """The sums of a row of a share, a mean or a count. `cells`: what its columns hold → the text of the cell."""
    return {"share": _share, "mean": _mean, "count": _count}[table.kind](table, cells)


def spread(table: Table, enrolled: int | None, counts: Mapping[str, int]) -> Spread:
    """The figures of a distribution: one per step, and the shares that follow from it."""
    n, passed = sum(counts.values()), sum(counts.get(key, 0) for key in table.passing)
    steps = [(table.indicator, step.key, enrolled, n, counts.get(step.key, 0), 0) for step in table.columns[1:]]
    return steps + [(share, "", enrolled, n, passed, 0) for share in table.derives]


def count(cells: Mapping[str, str], field: str, column: Column | None = None) -> int | Wrong | None:
    """One amount of people or hours; None for an empty cell, and where there is no such column."""
    text = cells.get(field, "")
    try:
        return read_count(text) if column is None or column.plain else read_number(text, 0, column.most)
    except CellError:
        return Wrong(BAD_COUNT, field)


def _counts(table: Table, cells: Mapping[str, str], wanted: tuple[str, ...]) -> dict[str, int] | Wrong:
    """Those wanted that the table has a column for, all of them filled in."""
    columns = {column.key: column for column in table.columns}
    found: dict[str, int] = {}
    for field in (one for one in wanted if one in columns):
        number = count(cells, field, columns[field])
        if isinstance(number, Wrong):
            return number
        if number is None:
            return _missing(table, cells, field)
        found[field] = number
    return found


def _missing(table: Table, cells: Mapping[str, str], field: str) -> Wrong:
    """Nothing stands there: in a column that there is, or for want of one."""
    return Wrong(EMPTY_COUNT, field) if field in cells else Wrong(NEEDS[table.kind])


def _share(table: Table, cells: Mapping[str, str]) -> Sums | Wrong:
    """0 ≤ reached ≤ assessed ≤ enrolled; hours are no part of those whose they are. Nobody assessed: nobody reached."""
    if cells.get("assessed", "").strip() == "0" and not cells.get("reached", "").strip():
        cells = {**cells, "reached": "0"}
    found = _counts(table, cells, ("enrolled", "assessed", "reached"))
    if isinstance(found, Wrong):
        return found
    enrolled, n, k = found.get("enrolled", found["assessed"]), found["assessed"], found["reached"]
    if n > enrolled and not table.measure.apart:
        return _more("assessed", n, "enrolled", enrolled)
    return _more("reached", k, "assessed", n) if k > n else (enrolled, n, k, 0)


def _more(field: str, less: int, other: str, more: int) -> Wrong:
    return Wrong(TOO_MANY, field, (("value", str(less)), ("more", str(more))), other)


def _count(table: Table, cells: Mapping[str, str]) -> Sums | Wrong:
    total = _total(table, cells)
    if total is None:
        return _missing(table, cells, "total")
    return total if isinstance(total, Wrong) else (0, 0, 0, total)


def _total(table: Table, cells: Mapping[str, str]) -> int | Wrong | None:
    decimals = table.measure.decimals
    try:
        return read_number(cells.get("total", ""), decimals, MOST_OF_ALL)
    except CellError:
        return Wrong(BAD_NUMBER, "total", (("decimals", str(decimals)),))


def _mean(table: Table, cells: Mapping[str, str]) -> Sums | Wrong:
    """n of those enrolled, and the total: as it stands, else what the mean comes to."""
    found = _counts(table, cells, ("enrolled", "assessed"))
    if isinstance(found, Wrong):
        return found
    n = found["assessed"]
    enrolled = found.get("enrolled", n)  # without a column, those enrolled are those counted
    if n > enrolled:
        return _more("assessed", n, "enrolled", enrolled)
    field = "total" if cells.get("total", "").strip() else "mean"
    total = _total(table, cells) if field == "total" else _total_of_mean(table, n, cells)
    if isinstance(total, Wrong):
        return total
    if total is None:
        if n:
            return _missing(table, cells, "mean" if "mean" in cells else "total")
        total = 0
    return _between(table, n, total, field) or (enrolled, n, 0, total)


def _total_of_mean(table: Table, n: int, cells: Mapping[str, str]) -> int | Wrong | None:
    measure = table.measure
    try:
        mean = read_decimal(cells.get("mean", ""))
    except CellError:
        return Wrong(BAD_NUMBER, "mean", (("decimals", str(measure.decimals)),))
    if mean is None:
        return None
    if mean < 0 or mean > MOST_OF_ALL:
        return Wrong(BAD_NUMBER, "mean", (("decimals", str(measure.decimals)),))
    exact = Fraction(mean)
    if measure.turned and exact:
        exact = 1 / exact  # so many per post: the posts are as many as n divided by it
    total = exact * n * 10**measure.decimals
    return int(total) if total.denominator == 1 else Wrong(ROUNDED, "mean", (("n", str(n)),))


def _between(table: Table, n: int, total: int, field: str) -> Wrong | None:
    """The mean between its ends; and nothing where nobody was counted."""
    least, most = table.measure.least, table.measure.most
    unit = 10**table.measure.decimals * n
    if n == 0 and total:
        return Wrong(NOBODY, field)
    if least is not None and most is not None and not least * unit <= total <= most * unit:
        return Wrong(OUTSIDE, field, (("least", str(least)), ("most", str(most))))
    return None
