"""All that the words of a file may mean in a round: its units, and what each of them is asked for, in both languages."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from chain.base.locale import LANGUAGES
from chain.cycle.shipped import SchoolForm
from chain.intake.columns import DASH, own_headings, year_word
from chain.intake.csvtext import plain
from chain.result import grid_rules
from chain.result.rules import Indicator, Scale, Subject, Table

Asked = tuple[str, str, str]  # indicator, subject, year group
BASES = {  # in Swedish and English, as the pages say them
    "forecast": ("prognos", "forecast"), "assessment": ("bedömning", "assessment"), "term_grade": ("terminsbetyg", "term grade"),
    "final_grade": ("slutbetyg", "final grade"), "test": ("nationellt prov", "national test"), "survey": ("enkät", "survey"),
    "rating": ("självskattning", "self-rating"), "register": ("uppgift ur register", "data from a register"),
}  # fmt: skip
Tables = Mapping[Asked, list[Table]]


@dataclass(frozen=True)
class Place:
    """A unit that figures can be proposed to, as it stands in the round. `tables`: what it is asked for."""

    unit_id: int
    path: str
    name: str
    tables: Tables

    def derived_from(self, asked: Asked) -> Table | None:
        """The distribution that a share follows from here, where it is not asked for by itself."""
        return next(
            (one for key, some in self.tables.items() if key[1:] == asked[1:] for one in some if asked[0] in one.derives), None
        )


@dataclass(frozen=True)
class Catalogue:
    """A unit's name and codes lead to its place, or to several; a name to every subject or indicator that bears it."""

    units: Mapping[str, list[Place]] = field(default_factory=dict)
    others: frozenset[str] = frozenset()  # names of what stands above or below the units that fill in figures
    subjects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_groups: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    measures: Mapping[str, Indicator] = field(default_factory=dict)  # those that may be read in, in order
    scales: Mapping[str, Scale] = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The keys of every step that a heading may name, in order."""
        here = (self.scales[one.scale] for one in self.measures.values() if one.scale in self.scales)
        return tuple(dict.fromkeys(step.key for scale in here for step in scale.steps))

    @cached_property
    def headings(self) -> Mapping[str, Mapping[str, str]]:
        """What each indicator's own columns are called."""
        return {key: own_headings(one) for key, one in self.measures.items()}


@dataclass(frozen=True)
class Node:
    """A unit as it stands in the round."""

    unit_id: int
    path: str
    name: str
    level: str
    school_forms: tuple[str, ...]
    year_groups: tuple[str, ...]


Bases = Mapping[str, Mapping[str, str]]  # school form → year group → basis


def made(
    nodes: Iterable[Node], codes: Mapping[int, Iterable[str]], asked: Iterable[Indicator], scales: Iterable[Scale],
    subjects: Iterable[Subject], forms: Mapping[str, SchoolForm], round_number: int, bases: Bases,
) -> Catalogue:  # fmt: skip
    """The catalogue of units in a round. What a unit is asked for is worked out once for all that are alike."""
    asked, scales, subjects = tuple(asked), tuple(scales), tuple(subjects)
    asks = _asks(asked, scales, subjects, forms, round_number, bases)
    units: dict[str, list[Place]] = {}
    levels, others = {one.entry_level for one in asked}, set[str]()
    for node in nodes:
        if node.level not in levels:
            others.add(plain(node.name))
            continue
        place = Place(node.unit_id, node.path, node.name, asks(node.level, node.school_forms, node.year_groups))
        for word in {plain(node.name), *codes.get(node.unit_id, ())}:
            units.setdefault(word, []).append(place)
    return Catalogue(
        units=units,
        others=frozenset(others),
        subjects={"": ("",), **_several((word, one.code) for one in subjects for word in (one.code, one.sv, one.en))},
        year_groups={
            word: group
            for form in forms.values()
            for locale in LANGUAGES
            for group, name in form.labels(locale).items()
            for word in (year_word(group), year_word(name))
        },
        forms={plain(word): code for code, form in forms.items() for word in (code, form.sv, form.en)},
        bases={word: basis for basis, words in BASES.items() for word in words},
        names=_several(_names(asked, forms)),
        measures={one.key: one for one in asked},
        scales={one.key: one for one in scales},
    )


def _asks(
    asked: tuple[Indicator, ...], scales: tuple[Scale, ...], subjects: tuple[Subject, ...], forms: Mapping[str, SchoolForm],
    round_number: int, bases: Bases,
) -> Callable[[str, tuple[str, ...], tuple[str, ...]], Tables]:  # fmt: skip
    @cache
    def tables(level: str, codes: tuple[str, ...], groups: tuple[str, ...]) -> Tables:
        found: dict[Asked, list[Table]] = {}
        here = [one for one in asked if one.entry_level == level]
        for code in (code for code in forms if code in codes):
            names = forms[code].labels("sv", groups) or forms[code].labels("sv")
            for key, table in _words_of(grid_rules.grid(here, scales, subjects, code, names, round_number, bases[code])):
                found.setdefault(key, []).append(table)
        return found

    return tables


def _words_of(tables: Iterable[Table]) -> Iterator[tuple[Asked, Table]]:
    """What a unit is asked for, as a row of a file names it."""
    for table in tables:
        for row in table.rows:
            yield (table.indicator, row.subject, table.year_group), table


def _names(asked: Iterable[Indicator], forms: Mapping[str, SchoolForm]) -> Iterator[tuple[str, str]]:
    """What an indicator is called, of any year group, in any language."""
    groups = ("", *dict.fromkeys(group for form in forms.values() for group in form.labels("sv")))
    for one in asked:
        for locale in LANGUAGES:
            for group in groups:
                yield one.words(locale, group).name, one.key


def _several(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Each word → all that it is the name of, in order."""
    found: dict[str, dict[str, None]] = {}
    for word, key in pairs:
        found.setdefault(plain(word), {})[key] = None
    return {word: tuple(keys) for word, keys in found.items()}


def steps_of(scale: Scale) -> dict[str, str]:
    """Every word for a step → its key."""
    found: dict[str, str] = {}
    for step in scale.steps:
        for word in (step.key, step.symbol, step.symbol_en, step.sv, step.en):
            if word:
                found.setdefault(plain(word), step.key)
        if plain(step.symbol) in DASH:
            found |= dict.fromkeys(DASH, step.key)
    return found
