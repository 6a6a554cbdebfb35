"""Brings what the files gave together: one unit of many facts, one value of many cells, and what is left to say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from chain.intake.rules import (
    CLOSED,
    FATAL,
    INFO,
    OMITTED,
    OPEN,
    UNKNOWN,
    WARNING,
    FileRead,
    Found,
    Problem,
    PublishedUnit,
    PublishedValue,
    Reading,
    UnitFact,
    _mark,
)

# Which kind of file is right about a value when two differ: Skolverket's answer states its own value type.
ORDER = ("statistics", "national", "final_grades", "unit_list", "test_relation", "survey", "preschools", "municipal")
FORMS = ("FS", "FKLASS", "FTH", "GR", "GRAN")  # the order in which a child meets them; others follow

DISAGREE = _mark(
    "{unit}, {indicator} {value_period}: {file} anger ”{value}” men {other} ”{other_value}”. "
    "Värdet i {file} gäller; jämför med källan."
)
REGISTER_ONLY = _mark("{unit} ({value}) finns i registret men inte i skolenhetslistan, och läggs inte upp.")
CLOSED_UNIT = _mark("{unit} ({value}) finns inte i skolenhetslistan {list_period}, bara i {file}: räknas som nedlagd.")
NO_LIST = _mark("Ingen skolenhetslista har lästs: det går inte att säga vilka skolor som är öppna eller nedlagda.")
NO_UNIT = _mark("Ingen av filerna har någon skola eller förskola i kommun {value}. Kontrollera kommunkoden.")
NO_YEAR_9 = _mark("{unit}: inget meritvärde, för skolan har inga elever i årskurs 9.")
FEW = _mark("{unit}: inget meritvärde, för underlaget är för få elever (..).")
NO_RELATION = _mark("{unit} har meritvärde {value_period} men saknas i {file}, som kan vara avkortad. Jämför med källan.")
NO_ANSWER = _mark("{unit}: inget meritvärde, för Skolverkets svar har inget värde för något läsår.")


def assembled(municipality: str, found: list[Found], known: Mapping[str, str] | None = None) -> Reading:
    """Return the reading of all files; one fatal problem anywhere leaves it without units and values.

    `known` names units that stand in the tree already, by code: what a file says of them belongs here, also when it names no
    municipality.
    """
    problems = [problem for part in found for problem in part.problems]
    schools = [part for part in found if part.kind != "preschools"]
    listed = max((part.period for part in found if part.kind == "unit_list"), default="")
    facts = _by_code(fact for part in schools for fact in part.units)
    children = _by_code(fact for part in found if part.kind == "preschools" for fact in part.units)
    own, organisers = _organisers([*facts.values(), *children.values()])
    problems += _left_out(facts, bool(listed))
    facts = {code: all_ for code, all_ in facts.items() if not listed or {fact.rank for fact in all_} != {1}}
    units = tuple(_unit(all_, listed, own, organisers) for all_ in facts.values())
    preschools = tuple(_unit(all_, UNKNOWN, own, organisers) for all_ in children.values())
    names = {unit.code: unit.name for unit in units + preschools}
    series, outside = _settled(found, {municipality: municipality, **(known or {}), **names}, problems)
    problems += _remarks(municipality, units, facts, listed, found)
    problems += _unrelated(names, series, found)
    problems += _silent(units, series, {code for part in found for code in part.codes})
    if not names and not series and all(problem.severity != FATAL for problem in problems):
        problems.append(Problem(FATAL, "", NO_UNIT, value=municipality))
    files = tuple(FileRead(p.file, p.kind, p.rows, len(p.values)) for p in found if p.kind and p.kind != "archive")
    unknown = tuple(part.file for part in found if not part.kind)
    if any(problem.severity == FATAL for problem in problems):
        return Reading(municipality, problems=tuple(problems), files=files, unrecognised=unknown)
    undated = sum(part.undated for part in found if set(part.codes) & names.keys())
    nameless = () if listed else tuple(sorted(outside))  # the unit list has every school of the country, so it places them
    counts = sum(outside.values())
    return Reading(municipality, units, preschools, series, tuple(problems), files, unknown, counts, nameless, undated)


def _by_code(facts: Iterable[UnitFact]) -> dict[str, list[UnitFact]]:
    """Return each unit's facts, the most trusted first: unit list, register, final grades, relation; newest first."""
    grouped: dict[str, list[UnitFact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: fact.period, reverse=True):
        grouped[fact.code].append(fact)
    return {code: sorted(grouped[code], key=lambda fact: fact.rank) for code in sorted(grouped)}


def _organisers(facts: list[list[UnitFact]]) -> tuple[str, dict[str, str]]:
    """Return the municipality's own organisation number (the commonest municipal one) and names by number."""
    everything = [fact for all_ in facts for fact in all_]
    municipal = Counter(fact.number for fact in everything if fact.kind == "KOMMUN" and fact.number)
    names: dict[str, str] = {}
    for fact in sorted(everything, key=lambda fact: fact.rank):
        if fact.organiser:
            names.setdefault(fact.number, fact.organiser)
    return max(sorted(municipal), key=municipal.__getitem__, default=""), names


def _unit(facts: list[UnitFact], listed: str, own: str, organisers: dict[str, str]) -> PublishedUnit:
    best = facts[0]
    known = next((fact.years for fact in facts if fact.rank == 1), None)
    years = known or tuple(year for fact in facts for year in fact.years)
    forms = {form for fact in facts for form in fact.forms}
    return PublishedUnit(
        code=best.code,
        name=best.name,
        organiser=best.organiser or organisers.get(best.number, ""),
        organiser_number=best.number,
        organiser_kind=best.kind,
        school_forms=tuple(sorted(forms, key=lambda form: (FORMS.index(form) if form in FORMS else 9, form))),
        year_groups=tuple(sorted(set(years), key=lambda year: (len(year), year))),
        status=_status(facts, listed),
        context=best.kind != "KOMMUN" or best.number not in ("", own),
    )


def _status(facts: list[UnitFact], listed: str) -> str:
    """Open where the newest unit list, or anything newer, knows the unit; a preschool list names the open ones."""
    if listed == UNKNOWN:
        return OPEN
    if not listed:
        return UNKNOWN
    return OPEN if any(f.period > listed or (f.rank == 0 and f.period == listed) for f in facts) else CLOSED


def _left_out(facts: dict[str, list[UnitFact]], listed: bool) -> Iterator[Problem]:
    for code, all_ in facts.items():
        if listed and {fact.rank for fact in all_} == {1}:
            yield Problem(INFO, "", REGISTER_ONLY, value=code, more=(("unit", all_[0].name),))


def _settled(
    found: list[Found], names: dict[str, str], problems: list[Problem]
) -> tuple[tuple[PublishedValue, ...], Counter[str]]:
    """Return one value per key in a fixed order, and by code how many belong to units that are not the municipality's.

    Where files differ the kind that comes first in ORDER is right, then the file whose name comes first.
    """
    ranked = sorted((part for part in found if part.values), key=lambda part: (ORDER.index(part.kind), part.file))
    kept: dict[tuple[str, ...], PublishedValue] = {}
    outside: Counter[str] = Counter()
    for value in (value for part in ranked for value in part.values):
        if value.unit_code not in names:
            outside[value.unit_code] += 1
        elif not (first := kept.setdefault(value.key, value)).agrees(value):
            problems.append(_disagreement(first, value, names[value.unit_code]))
    return tuple(kept[key] for key in sorted(kept)), outside


def _disagreement(first: PublishedValue, other: PublishedValue, name: str) -> Problem:
    more = {"unit": name, "indicator": first.indicator_key, "value_period": first.period}
    more |= {"other": other.source_file, "other_value": other.shown}
    return Problem(WARNING, first.source_file, DISAGREE, None, first.indicator_key, first.shown, tuple(more.items()))


def _remarks(
    municipality: str, units: tuple[PublishedUnit, ...], facts: dict[str, list[UnitFact]], listed: str,
    found: list[Found],
) -> Iterator[Problem]:  # fmt: skip
    if units and not listed:
        yield Problem(WARNING, "", NO_LIST, value=municipality)
    for unit in units:
        if unit.status == CLOSED:
            files = sorted({part.file for part in found for fact in part.units if fact.code == unit.code})
            more = (("unit", unit.name), ("list_period", listed))
            yield Problem(INFO, ", ".join(files), CLOSED_UNIT, value=unit.code, more=more)


def _unrelated(names: dict[str, str], series: tuple[PublishedValue, ...], found: list[Found]) -> Iterator[Problem]:
    """Yield the units with a merit rating that the relation of the same year lacks: a cut between rows shows so."""
    for part in (part for part in found if part.kind == "test_relation" and part.units):
        has = {fact.code for fact in part.units}
        rated = [v for v in series if v.indicator_key == "merit_rating" and v.value is not None]
        for value in (v for v in rated if v.period == part.period and v.unit_code not in has):
            more = (("unit", names[value.unit_code]), ("value_period", value.period))
            yield Problem(WARNING, part.file, NO_RELATION, value=value.unit_code, more=more)


def _silent(units: tuple[PublishedUnit, ...], series: tuple[PublishedValue, ...], answered: set[str]) -> Iterator[Problem]:
    """Yield why a unit that Skolverket answers for has no merit rating at all."""
    merit = defaultdict(list)
    for value in series:
        if value.indicator_key == "merit_rating":
            merit[value.unit_code].append(value)
    nines = {v.unit_code for v in series if (v.indicator_key, v.year_group) == ("pupils", "9") and v.value is None}
    for unit in units:
        if unit.code not in answered or any(value.value is not None for value in merit[unit.code]):
            continue
        few = any(value.value_type == OMITTED for value in merit[unit.code])
        message = FEW if few else NO_YEAR_9 if unit.code in nines else NO_ANSWER
        yield Problem(INFO, "", message, column="merit_rating", value=unit.code, more=(("unit", unit.name),))
