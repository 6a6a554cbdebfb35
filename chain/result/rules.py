"""What a figure is: indicators, scales, the grid that is filled in, sums that add up, and when a figure asks why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import comb

from chain.base.locale import _, number

COUNTRY = "0000"  # the place of the whole country, “Riket”, as Kolada has it
KINDS = ("share", "mean", "distribution", "count", "published")
TYPED = ("mean", "total")  # of a mean: what is written beside n
DIRECTIONS = ("higher", "lower", "none")
MEANINGS = ("pass", "fail", "none")
BASES = ("forecast", "assessment", "term_grade", "final_grade", "test", "survey", "rating", "register")

EVERY = "*"  # in an indicator's subjects or year groups: all that the school form has
MOST = 99_999  # more pupils than any unit has: a slip of the finger
MOST_OF_ALL = 999_999_999  # of hours, kronor and the like
FEWEST = 10  # below this, chance alone moves a figure too far for a comparison to mean anything
TAIL = Fraction(1, 1000)  # 99.8 %: about two false alarms among 3,600 comparisons a year (binomial, n = 22)


class CellError(ValueError):
    """What was written in a cell cannot be read; `sentence` says why, to the one who wrote it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Heading:
    """An indicator in one language: `n` and `of` define its parts; the rest heads the grid and ends a sentence."""

    name: str
    definition: str  # says what n, k and N are
    enrolled: str = ""
    assessed: str = ""
    reached: str = ""
    phrase: str = ""  # "nådde minst E", as in "14 av 24 nådde minst E"
    total: str = ""  # of a mean and a count: "Meritvärde", "Kronor"
    row: str = ""  # what a row is, where it is no subject: "Område"
    rest: str = ""  # those enrolled but not assessed, where they are something else than that: "Fortsätter"


@dataclass(frozen=True)
class Variant:
    """Other words for some year groups: in years 1–3 there is no E, but acceptable knowledge."""

    year_groups: tuple[str, ...]
    sv: Heading
    en: Heading
    ask_below: int = -1  # less than nothing: as the indicator


@dataclass(frozen=True)
class Indicator:
    """One thing that is followed. Empty `school_forms` means every form; empty `year_groups` or `subjects` the whole
    unit; `*` all that the form has. `derived_from` names a distribution that makes this share needless to enter.

    A mean's and a count's `total` is kept as whole numbers of 10^-`decimals`: exact, and added up as such. A mean that is typed
    is multiplied by its n and kept so: what stood in the file it was read from, to its last decimal."""

    key: str
    kind: str
    sv: Heading
    en: Heading
    variants: tuple[Variant, ...]
    direction: str
    school_forms: tuple[str, ...]
    year_groups: tuple[str, ...]
    subjects: tuple[str, ...]
    rounds: tuple[int, ...]
    bases: tuple[str, ...]
    entry_level: str
    scale: str
    derived_from: str
    ask_below: int  # per cent: a share below it asks for a reason whatever it was before; 0 never
    unit: str  # of published values, means and counts: percent, points, index, people, kronor
    source: str
    first_valid: str
    last_valid: str
    decimals: int = 0  # of the total, as typed and as kept
    shown_decimals: int = 0  # of a mean, as said
    typed: str = ""  # of a mean: the mean itself, or the total
    least: int | None = None  # of a mean: the ends of what one can have
    most: int | None = None
    turned: bool = False  # of a mean: said as n per total (children per post), because n is what is protected
    apart: bool = False  # of a share: n and k are hours, or the like, of those enrolled: no chance is reckoned on them

    proposed_from: tuple[tuple[str, str], ...] = ()  # column → what proposes what to write there:
    # ^ a published indicator, or `group_size:total`, the column of another grid of the same school form

    def words(self, locale: str, year_group: str = "") -> Heading:
        chosen = self._variant(year_group) or self
        return chosen.en if locale == "en" else chosen.sv

    @property
    def of_people(self) -> bool:
        """Whether it is so many people of so many, of whom chance can be reckoned: hours are not, nor are means and counts."""
        return self.kind == "share" and not self.apart

    def row_head(self, locale: str) -> str:
        """What stands over the rows' names."""
        return self.words(locale).row or (_("Ämne") if self.subjects else _("Mått"))

    def asks_below(self, year_group: str) -> int:
        """Per cent below which a share asks for a reason in a year group."""
        variant = self._variant(year_group)
        return self.ask_below if variant is None or variant.ask_below < 0 else variant.ask_below

    def _variant(self, year_group: str) -> Variant | None:
        return next((v for v in self.variants if year_group in v.year_groups), None)

    def mean(self, n: int, total: int) -> Fraction | None:
        """A mean of stored sums as it is said; None where there is nothing to divide by."""
        whole = Fraction(total, 10**self.decimals)
        if self.turned:
            return n / whole if total else None
        return whole / n if n else None


@dataclass(frozen=True)
class Step:
    """One step of a scale; `key` goes into names of fields and figures, `symbol` on the page."""

    key: str
    symbol: str
    points: Decimal | None
    meaning: str
    sv: str
    en: str
    symbol_en: str = ""  # where the symbol is a word

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    def sign(self, locale: str) -> str:
        return self.symbol_en or self.symbol if locale == "en" else self.symbol


@dataclass(frozen=True)
class Scale:
    """A version of a grade scale: school years from/to, empty `valid_to` while it is in force."""

    key: str
    sv: str
    en: str
    school_forms: tuple[str, ...]
    valid_from: str
    valid_to: str
    steps: tuple[Step, ...]
    mean_sv: str = ""  # what the mean of its points is called
    mean_en: str = ""
    mean_unit: str = "points"  # or percent: the points are −1, 0 and 1, and the mean a difference between two shares

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    @cached_property
    def points(self) -> dict[str, Fraction]:
        """The points of the steps that have any."""
        return {step.key: Fraction(step.points) for step in self.steps if step.points is not None}

    def mean_name(self, locale: str) -> str:
        """What the mean of its points is called; nothing where the steps have no distances."""
        if not self.points:
            return ""
        return (self.mean_en if locale == "en" else self.mean_sv) or _("Betygspoäng")


@dataclass(frozen=True)
class Subject:
    """A subject, course or curriculum area; `taught` holds (school form, year groups), no year groups meaning all."""

    code: str
    sv: str
    en: str
    order: int
    taught: tuple[tuple[str, tuple[str, ...]], ...]
    named: bool = False  # no subject but a row of its own kind: asked for by the indicators that name it, not by `*`

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    def taught_in(self, school_form: str, year_group: str) -> bool:
        return any(form == school_form and (not groups or year_group in groups) for form, groups in self.taught)


@dataclass(frozen=True, order=True)
class Figure:
    """Sums that add up the tree. Share: n assessed, k reached. Mean: n and total. Count: total alone. Distribution: one figure
    per category, n over all of them, k in this one. Never a percentage, never a mean."""

    indicator: str
    school_form: str
    subject: str
    year_group: str
    category: str
    basis: str
    enrolled: int
    n: int
    k: int
    total: int = 0  # in the indicator's unit and decimals

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        return self.indicator, self.school_form, self.subject, self.year_group, self.category, self.basis


@dataclass(frozen=True)
class Column:
    key: str  # enrolled, assessed, reached, mean, total, or the key of a step
    name: str
    title: str  # longer, for the one who hovers or listens
    decimals: int = 0
    most: int = MOST

    @property
    def plain(self) -> bool:
        """Whether a number of people stands in it, as in nearly all."""
        return not self.decimals and self.most == MOST


@dataclass(frozen=True)
class Row:
    subject: str
    name: str
    label: str  # "Matematik åk 6": how a sentence names the row
    cells: tuple[str, ...]  # the fields' names, one per column
    why: str  # the field where a low or changed figure is explained


@dataclass(frozen=True)
class Table:
    """One grid to fill in: an indicator in a school form's year group, a row per subject."""

    key: str
    indicator: str
    kind: str
    title: str
    definition: str
    phrase: str
    ask_below: int
    school_form: str
    year_group: str
    basis: str  # the default
    bases: tuple[str, ...]  # those to choose among
    basis_field: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    passing: tuple[str, ...]  # keys of the steps that are a pass
    derives: tuple[str, ...]  # shares that follow from this distribution
    measure: Indicator
    scale: Scale | None
    rest: str  # what those are called who are enrolled and not assessed; nothing where that cannot be told


def basis_name(basis: str) -> str:
    """What a figure rests on, in words; always said beside it."""
    names: dict[str, str] = {
        "forecast": _("prognos"),
        "assessment": _("bedömning"),
        "term_grade": _("terminsbetyg"),
        "final_grade": _("slutbetyg"),
        "test": _("nationellt prov"),
        "survey": _("enkät"),
        "rating": _("självskattning"),
        "register": _("uppgift ur register"),
    }
    return names[basis]


# Reading what people write and paste


GAPS = " \u00a0\u202f\u2009"  # what stands between thousands: space, no-break space, its narrow sisters
WHOLE = re.compile(rf"[0-9]{{1,3}}(?:[{GAPS}][0-9]{{3}})+|[0-9]+")
DECIMAL = re.compile(rf"[-−]?(?:{WHOLE.pattern})(?:,[0-9]+)?")


def read_count(text: str) -> int | None:
    """A number of people as it is written in Swedish (“1 234”), or None for an empty cell."""
    bare = text.strip()
    if not bare:
        return None
    if len(bare) <= len(str(MOST)) and bare.isascii() and bare.isdigit():
        return int(bare)  # nearly all of them, and a section has hundreds
    if not WHOLE.fullmatch(bare):
        raise CellError(_("”%(text)s” är inget helt antal. Skriv bara siffror, till exempel 24.", text=bare[:20]))
    digits = re.sub(rf"[{GAPS}]", "", bare).lstrip("0") or "0"
    if len(digits) > len(str(MOST)):
        raise CellError(_("%(text)s är för stort för att vara ett antal i en enhet.", text=bare[:20]))
    return int(digits)


def read_decimal(text: str) -> Decimal | None:
    """A Swedish decimal (“1 234,5”), or None for an empty cell."""
    bare = text.strip()
    if not bare:
        return None
    if not DECIMAL.fullmatch(bare):
        raise CellError(_("”%(text)s” är inget tal. Skriv decimaler med komma, till exempel 17,5.", text=bare[:20]))
    return Decimal(re.sub(rf"[{GAPS}]", "", bare).replace(",", ".").replace("−", "-"))


def read_number(text: str, decimals: int, most: int = MOST_OF_ALL) -> int | None:
    """A number that is not negative, in whole 10^-`decimals`: “228,7” with one decimal is 2287. None for an empty cell."""
    value = read_decimal(text)
    if value is None:
        return None
    scaled = value.scaleb(decimals)
    if value < 0:
        raise CellError(_("%(text)s är mindre än 0.", text=text.strip()[:20]))
    if scaled != scaled.to_integral_value():
        if not decimals:
            raise CellError(_("”%(text)s” är inget helt antal. Skriv bara siffror, till exempel 24.", text=text.strip()[:20]))
        sentence = _("%(text)s har fler decimaler än %(decimals)s. Avrunda.", text=text.strip()[:20], decimals=decimals)
        raise CellError(sentence)
    if value > most:
        raise CellError(_("%(text)s är för stort: högst %(most)s.", text=text.strip()[:20], most=number(most)))
    return int(scaled)


# The grid


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


# The algebra


def add(figures: Iterable[Figure]) -> list[Figure]:
    """Sums by key, in order. Percentages are never averaged: a large unit weighs as many as it is."""
    sums: dict[tuple[str, str, str, str, str, str], Figure] = {}
    for one in figures:
        had = sums.get(one.key)
        sums[one.key] = _plus(one, had) if had else one
    return sorted(sums.values())


def _plus(one: Figure, other: Figure) -> Figure:
    sums = {name: getattr(one, name) + getattr(other, name) for name in ("enrolled", "n", "k", "total")}
    return replace(one, **sums)


def share(k: int, n: int) -> Fraction | None:
    return Fraction(k, n) if n else None


def mean_points(distribution: Mapping[str, int], scale: Scale) -> Fraction | None:
    """Mean of points over those with a grade; a step without points (the dash) is neither 0 nor counted."""
    graded = {key: count for key, count in distribution.items() if key in scale.points}
    total = sum(graded.values())
    return sum((scale.points[key] * count for key, count in graded.items() if count), Fraction(0)) / total if total else None


# When a figure asks why


def unlikely(k: int, n: int, rate: Fraction) -> bool:
    """Whether k of n lies outside the exact binomial limits (99.8 %, both sides) around a rate."""
    p, q = rate.numerator, rate.denominator - rate.numerator
    weights: list[int] = [comb(n, i) * p**i * q ** (n - i) for i in range(n + 1)]  # whole numbers: exact, and quick enough
    limit: Fraction = TAIL * rate.denominator**n
    return sum(weights[: k + 1]) < limit or sum(weights[k:]) < limit
