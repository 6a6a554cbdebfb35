"""The data dictionary: everything that a year measures, with its definition, in words that a reader can look up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import _, current, number
from chain.base.tables import Cell, Column, Table, explained, signs
from chain.cycle import queries as cycle
from chain.cycle.models import Year
from chain.result import queries, rules, shipped
from chain.result.models import Indicator
from chain.result.rules import EVERY, Heading, Scale


@dataclass(frozen=True)
class Entry:
    """An indicator as it is read. `variants`: for which year groups, and the words that they have instead."""

    key: str
    name: str
    definition: str
    published: bool
    facts: tuple[tuple[str, str], ...]
    variants: tuple[tuple[str, Heading], ...]
    measure: rules.Indicator


@dataclass(frozen=True)
class Dictionary:
    """A year's: `forms` are the school forms that it can be narrowed to, code → name."""

    year: Year
    entries: tuple[Entry, ...]
    scales: tuple[Scale, ...]
    forms: Mapping[str, str]


def dictionary(year: Year, form: str = "") -> Dictionary:
    """All that a year measures, in order; of one school form alone, where it is named."""
    wanted = select(Indicator.facts, Indicator.hidden_from).where(Indicator.year_id == year.id)
    found = db.session.execute(wanted.order_by(Indicator.position, Indicator.id))
    every = [_until(shipped.indicator_from(facts), hidden_from) for facts, hidden_from in found]
    rounds = {one.number: one.title for one in year.rounds}
    scales = queries.scales(year.id)
    named = {code for one in every for code in one.school_forms} | {code for one in scales for code in one.school_forms}
    names = {code: one.name(current()) for code, one in cycle.school_forms().items() if code in named}
    return Dictionary(
        year=year,
        entries=tuple(_entry(one, rounds, {each.key: each for each in scales}) for one in every if _of(form, one.school_forms)),
        scales=tuple(one for one in scales if _of(form, one.school_forms)),
        forms=names,
    )


def _until(one: rules.Indicator, hidden_from: int | None) -> rules.Indicator:
    """In the rounds that ask for it: those before the one from which it is hidden."""
    return replace(one, rounds=tuple(number for number in one.rounds if hidden_from is None or number < hidden_from))


def _of(form: str, forms: Iterable[str]) -> bool:
    return not form or form in forms or not list(forms)


def _entry(one: rules.Indicator, rounds: Mapping[int, str], scales: Mapping[str, Scale]) -> Entry:
    words = one.words(current())
    where = tuple(
        (year_groups(one.school_forms, each.year_groups), each.en if current() == "en" else each.sv) for each in one.variants
    )
    facts = tuple((term, said) for term, said in _facts(one, words, rounds, scales) if said)
    return Entry(one.key, words.name, words.definition, one.kind == "published", facts, where, one)


def _facts(
    one: rules.Indicator, words: Heading, rounds: Mapping[int, str], scales: Mapping[str, Scale]
) -> Iterable[tuple[str, str]]:
    yield _("Slag"), kind_name(one.kind)
    yield from parts(words)
    if one.scale:
        yield _("Skala"), scales[one.scale].name(current()) if one.scale in scales else one.scale
    if one.unit:
        yield _("Anges i"), unit_name(one.unit)
    yield _("Riktning"), direction_name(one.direction)
    yield _("Skolformer"), ", ".join(form_name(code) for code in one.school_forms) or _("alla")
    yield _("Årskurser"), year_groups(one.school_forms, one.year_groups)
    yield _("Ämnen"), subject_names(one.subjects)
    yield _("Frågas efter i"), ", ".join(rounds.get(each, str(each)) for each in one.rounds)
    yield _("Bygger på"), ", ".join(rules.basis_name(basis) for basis in one.bases)
    yield _("Lämnas av"), cycle.level_name(one.entry_level) if one.entry_level else ""
    yield _("Frågar varför under"), _("%(n)s procent", n=one.ask_below) if one.ask_below else ""
    yield _("Källa"), one.source
    until = _("till och med %(year)s", year=one.last_valid) if one.last_valid else ""
    yield _("Gäller"), " ".join(filter(None, (_("från %(year)s", year=one.first_valid), until)))
    yield _("Namn för program"), one.key


def parts(words: Heading) -> Iterable[tuple[str, str]]:
    """What N, n and k are called in the grid, and whatever more an indicator is made of."""
    terms = {"enrolled": _("N, alla"), "assessed": _("n, räknade"), "reached": _("k, av dem"), "total": _("Summa")}
    return ((term, said) for name, term in terms.items() if (said := getattr(words, name, "")))


# Words for the codes


def kind_name(kind: str) -> str:
    """What kind of figure it is, and how it is added up."""
    names = {
        "share": _("andel: k av n, båda läggs ihop uppåt"),
        "mean": _("medelvärde: summa genom n, båda läggs ihop uppåt"),
        "distribution": _("fördelning: antal på varje steg, läggs ihop uppåt"),
        "count": _("antal eller belopp, läggs ihop uppåt"),
        "published": _("publicerat värde, läggs aldrig ihop"),
    }
    return names.get(kind, kind)


def direction_name(direction: str) -> str:
    names = {
        "higher": _("högre är önskat"),
        "lower": _("lägre är önskat"),
        "none": _("ingen, varken högre eller lägre är bättre"),
    }
    return names.get(direction, direction)


def unit_name(unit: str) -> str:
    """What a published value, a mean or a count is given in."""
    names = {
        "percent": _("procent"), "points": _("poäng"), "index": _("index"), "people": _("personer"), "groups": _("grupper"),
        "posts": _("heltidstjänster"), "ratio": _("antal per heltidstjänst"), "kronor": _("kronor"),
    }  # fmt: skip
    return names.get(unit, unit)


def typed_name(typed: str) -> str:
    """What is written beside n in a mean."""
    return {"mean": _("medelvärdet"), "total": _("summan")}.get(typed, typed)


def meaning_name(meaning: str) -> str:
    names = {"pass": _("godkänt"), "fail": _("inte godkänt"), "none": _("varken eller")}
    return names.get(meaning, meaning)


def form_name(code: str) -> str:
    found = cycle.school_forms().get(code)
    return found.name(current()) if found else code


def year_groups(forms: Iterable[str], keys: Iterable[str]) -> str:
    """Year groups in words: `*` is all that the form has, nothing is the whole unit."""
    wanted = list(keys)
    if EVERY in wanted:
        return _("alla som skolformen har")
    known = cycle.school_forms()
    names: dict[str, str] = {}
    for code in [*forms, *known]:
        names = (known[code].labels(current()) if code in known else {}) | names
    return ", ".join(names.get(key, key) for key in wanted) or _("hela enheten")


def subject_names(codes: Iterable[str]) -> str:
    wanted = list(codes)
    if EVERY in wanted:
        return _("alla som skolformen har")
    return ", ".join(queries.subject_name(code) for code in wanted)


# As a file


def table(found: Dictionary) -> Table:
    """A row per indicator and wording, in both languages; the grade scales with what their steps are worth."""
    terms = list(dict.fromkeys(term for entry in found.entries for term, _said in entry.facts))
    return Table(
        title=_("Datakatalog, %(year)s", year=found.year.label),
        columns=(
            Column("key", _("Namn för program")), Column("year_groups", _("Ordalydelse för")),
            Column("name_sv", _("Namn på svenska")), Column("definition_sv", _("Definition på svenska")),
            Column("name_en", _("Namn på engelska")), Column("definition_en", _("Definition på engelska")),
            *(Column(f"fact_{place}", term) for place, term in enumerate(terms, 1)),
        ),
        rows=tuple(row for entry in found.entries for row in _rows(entry, terms)),
        facts=((_("Nämnd"), found.year.committee.name), (_("Läsår"), found.year.label)),
        meanings=tuple((_scale_name(one), "; ".join(map(step_words, one.steps))) for one in found.scales),
        signs=explained(*signs()),
    )  # fmt: skip


def _rows(entry: Entry, terms: Iterable[str]) -> Iterable[tuple[Cell, ...]]:
    said, one = dict(entry.facts), entry.measure
    told = tuple(said.get(term, "") for term in terms)
    yield (entry.key, "", one.sv.name, one.sv.definition, one.en.name, one.en.definition, *told)
    for variant, (groups, _words) in zip(one.variants, entry.variants, strict=True):
        sv, en = variant.sv, variant.en
        yield (entry.key, groups, sv.name, sv.definition, en.name, en.definition, *told)


def _scale_name(one: Scale) -> str:
    return f"{one.name(current())} ({valid(one)})"


def valid(one: Scale) -> str:
    """The years in which a version of a scale holds."""
    if one.valid_to:
        return _("%(first)s till och med %(last)s", first=one.valid_from, last=one.valid_to)
    return _("från %(year)s", year=one.valid_from)


def step_words(step: rules.Step) -> str:
    """“A = betyg A, 20 poäng, godkänt”."""
    points = _("%(n)s poäng", n=points_of(step)) if step.points is not None else ""
    return f"{step.symbol} = " + ", ".join(filter(None, (step.name(current()), points, meaning_name(step.meaning))))


def points_of(step: rules.Step) -> str:
    """A step's points as they are written, “17,5”; nothing where it has none."""
    return "" if step.points is None else number(step.points, 0 if step.points == int(step.points) else 1)
