"""Reads the shipped indicators, grade scales and subjects: readable files, copied into the database by the year."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from chain.cycle.shipped import DATA, ROUNDS, Table, levels, opened, unique
from chain.result.rules import (
    BASES,
    DIRECTIONS,
    EVERY,
    KINDS,
    MEANINGS,
    TYPED,
    Heading,
    Indicator,
    Scale,
    Step,
    Subject,
    Variant,
)

__all__ = [
    "DATA",
    "Indicator",
    "Scale",
    "Step",
    "Subject",
    "facts",
    "indicator_from",
    "indicators",
    "scale_from",
    "scales",
    "subjects",
]

UNITS = ("percent", "points", "index", "people", "groups", "posts", "ratio", "kronor")
WITH_UNIT = ("published", "mean", "count")
YEAR = re.compile(r"20\d\d/\d\d")


def indicators(folder: Path = DATA) -> tuple[Indicator, ...]:
    """In the order in which they are shown."""
    file = opened(folder, "indicators.toml")
    found = [_indicator(row) for row in file.inners("indicator", least=1)]
    file.done()
    unique("indicators.toml", (one.key for one in found))
    kinds = {one.key: one.kind for one in found}
    known = {scale.key for scale in scales(folder)}
    levels_known = {level.key for level in levels(folder)}
    for one in found:
        row = Table("indicators.toml", f"indicator {one.key}", {})
        if one.kind == "distribution" and one.scale not in known:
            raise row.wrong("scale", f"is {one.scale!r}, which is not in grade_scales.toml.")
        if one.derived_from and kinds.get(one.derived_from) != "distribution":
            raise row.wrong("derived_from", f"is {one.derived_from!r}, but should name a distribution.")
        if one.entry_level and one.entry_level not in levels_known:
            raise row.wrong("entry_level", f"is {one.entry_level!r}, which is not in levels.toml.")
        for _column, named in one.proposed_from:
            key, beside, _other = named.partition(":")
            if key not in kinds or (kinds[key] == "published") == bool(beside):
                raise row.wrong("proposed_from", f"names {named!r}, which is no published indicator and no column beside.")
    return tuple(found)


def facts(thing: Indicator | Scale) -> dict[str, Any]:
    """An indicator or a scale as a year stores it (JSON): in the shipped file's own words, so that it reads back."""
    singular = {"variants": "variant", "steps": "step"}  # a file says [[scale.step]] for each
    said = {singular.get(key, key): value for key, value in _bare(asdict(thing)).items()}
    return said | ({"proposed_from": dict(said["proposed_from"])} if "proposed_from" in said else {})


def _bare(value: Any) -> Any:
    """Only what says something, in JSON's own kinds."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if inner not in ("", None, ())}
    if isinstance(value, list | tuple):
        return [_bare(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def indicator_from(facts: Mapping[str, Any]) -> Indicator:
    """An indicator as a year keeps it."""
    return _indicator(Table("indicator", str(facts.get("key")), facts))


def scale_from(facts: Mapping[str, Any]) -> Scale:
    """A scale as a year keeps it."""
    return _scale(Table("scale", str(facts.get("key")), facts))


def _indicator(row: Table) -> Indicator:
    kind = row.one_of("kind", KINDS)
    entered = kind != "published"
    indicator = Indicator(
        key=row.text("key"),
        kind=kind,
        sv=_heading(row.inner("sv"), kind),
        en=_heading(row.inner("en"), kind),
        variants=tuple(_variant(one, kind) for one in row.inners("variant")),
        direction=row.one_of("direction", DIRECTIONS),
        school_forms=row.texts("school_forms"),
        year_groups=row.texts("year_groups"),
        subjects=row.texts("subjects"),
        rounds=row.numbers("rounds", ROUNDS) if entered else (),
        bases=row.texts("bases", BASES),
        entry_level=row.text("entry_level") if entered else "",
        scale=row.text("scale") if kind == "distribution" else "",
        derived_from=row.text("derived_from", "") if kind == "share" else "",
        ask_below=int(row.take("ask_below", int, 0)),
        unit=row.one_of("unit", UNITS) if kind in WITH_UNIT else "",
        source=row.text("source"),
        first_valid=_year(row, "first_valid"),
        last_valid=_year(row, "last_valid", ""),
        decimals=_decimals(row, "decimals"),
        shown_decimals=_decimals(row, "shown_decimals"),
        typed=row.one_of("typed", TYPED) if kind == "mean" else "",
        least=_end(row, "least"),
        most=_end(row, "most"),
        turned=row.flag("turned"),
        apart=row.flag("apart"),
        proposed_from=_proposed_from(row),
    )
    if entered and not indicator.bases:
        raise row.wrong("bases", "is missing.")
    for key, kinds in ONLY.items():
        if kind not in kinds and getattr(indicator, key) not in (0, None):
            raise row.wrong(key, f"does not belong to the kind {kind}.")
    if (indicator.least is None) != (indicator.most is None):
        raise row.wrong("least" if indicator.least is None else "most", "is missing: a mean has both its ends, or none.")
    row.done()
    return indicator


MOST_DECIMALS = 3
ONLY = {  # keys that only some kinds have
    "decimals": ("mean", "count"), "shown_decimals": ("mean",), "least": ("mean",), "most": ("mean",), "turned": ("mean",),
    "apart": ("share",),
}  # fmt: skip


def _decimals(row: Table, key: str) -> int:
    value = int(row.take(key, int, 0))
    if not 0 <= value <= MOST_DECIMALS:
        raise row.wrong(key, f"is {value}, but should be at most {MOST_DECIMALS}.")
    return value


def _proposed_from(row: Table) -> tuple[tuple[str, str], ...]:
    """Column → published indicator, such as `{ mean = "merit_rating" }`."""
    table = Table(row.file, f"{row.place}.proposed_from", row.take("proposed_from", dict, {}))
    found = tuple((column, table.text(column)) for column in table.values)
    table.done()
    return found


def _end(row: Table, key: str) -> int | None:
    return row.number(key) if key in row.values else None


def _heading(row: Table, kind: str) -> Heading:
    """What a kind is called in the grid has to be said; a published value has no grid."""

    def needed(*kinds: str) -> str | None:
        return None if kind in kinds else ""

    heading = Heading(
        name=row.text("name"),
        definition=row.text("definition"),
        enrolled=row.text("enrolled", needed("share", "distribution")),
        assessed=row.text("assessed", needed("share", "mean")),
        reached=row.text("reached", needed("share")),
        phrase=row.text("phrase", needed("share")),
        total=row.text("total", needed("mean", "count")),
        row=row.text("row", ""),
        rest=row.text("rest", ""),
    )
    row.done()
    return heading


def _variant(row: Table, kind: str) -> Variant:
    below = int(row.take("ask_below", int, -1))
    variant = Variant(row.texts("year_groups"), _heading(row.inner("sv"), kind), _heading(row.inner("en"), kind), below)
    row.done()
    return variant


def _year(row: Table, key: str, default: str | None = None) -> str:
    label = row.text(key, default)
    if label and not YEAR.fullmatch(label):
        raise row.wrong(key, f"is {label!r}, but should be a school year such as 2024/25.")
    return label


def scales(folder: Path = DATA) -> tuple[Scale, ...]:
    file = opened(folder, "grade_scales.toml")
    found = [_scale(row) for row in file.inners("scale", least=1)]
    file.done()
    unique("grade_scales.toml", (scale.key for scale in found))
    return tuple(found)


def _scale(row: Table) -> Scale:
    scale = Scale(
        key=row.text("key"),
        sv=row.text("sv"),
        en=row.text("en"),
        school_forms=row.texts("school_forms"),
        valid_from=_year(row, "valid_from"),
        valid_to=_year(row, "valid_to", ""),
        steps=tuple(_step(step) for step in row.inners("step", least=2)),
        mean_sv=row.text("mean_sv", ""),
        mean_en=row.text("mean_en", ""),
        mean_unit=row.one_of("mean_unit", ("points", "percent"), "points"),
    )
    row.done()
    unique(f"grade_scales.toml, scale {scale.key}", (step.key for step in scale.steps))
    return scale


def _step(row: Table) -> Step:
    key = row.text("key")
    points = row.text("points", "")
    try:
        value = Decimal(points) if points else None
    except InvalidOperation:
        raise row.wrong("points", f"is {points!r}, but should be a number such as 17.5.") from None
    meaning = row.one_of("meaning", MEANINGS)
    step = Step(key, row.text("symbol", key), value, meaning, row.text("sv"), row.text("en"), row.text("symbol_en", ""))
    row.done()
    return step


def subjects(folder: Path = DATA) -> tuple[Subject, ...]:
    """In order; where each is taught stands in the lists, one per school form and, where they differ, year groups."""
    file = opened(folder, "subjects.toml")
    lists = [_list(row) for row in file.inners("list", least=1)]
    rows = file.inners("subject", least=1)
    found = [_subject(row, order, lists) for order, row in enumerate(rows, 1)]
    file.done()
    unique("subjects.toml", (subject.code for subject in found))
    _all_known(lists, {subject.code for subject in found})
    return tuple(found)


def _list(row: Table) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """(school form, year groups, codes)."""
    one = row.text("school_form"), row.texts("year_groups"), row.texts("subjects")
    row.done()
    return one


def _subject(row: Table, order: int, lists: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> Subject:
    code = row.text("code")
    if "|" in code or code == EVERY:
        raise row.wrong("code", "may not hold “|” or be “*”.")
    taught = tuple((form, groups) for form, groups, codes in lists if code in codes)
    subject = Subject(code, row.text("sv"), row.text("en"), order, taught, row.flag("named"))
    row.done()
    return subject


def _all_known(lists: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]], codes: set[str]) -> None:
    for form, _groups, named in lists:
        for code in named:
            if code not in codes:
                raise Table("subjects.toml", f"list {form}", {}).wrong("subjects", f"holds {code!r}, which is no subject.")
