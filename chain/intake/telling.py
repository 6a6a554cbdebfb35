"""Tells what an import read, what it changed, what was missing and why: one sentence a line."""

from collections import Counter
from collections.abc import Iterator

from chain.base.locale import _, number
from chain.intake.queries import Plan
from chain.intake.rules import CLOSED, EXCLUDED, EXISTS, FATAL, INFO, MISSING, OMITTED, PUBLISHED, ROUNDED, UNKNOWN, Reading
from chain.organisation.shipped import municipalities

MOST_CODES = 10  # that are named; a national file has hundreds
NAMES = {row[0]: row[1] for row in PUBLISHED}


def lines(reading: Reading, plan: Plan) -> Iterator[str]:
    """The whole account of an import."""
    yield _("%(name)s (%(code)s)", name=municipalities().get(reading.municipality, "?"), code=reading.municipality)
    yield from _read(reading)
    yield from _changed(plan)
    yield from _missing(reading)
    yield from _remarks(reading, plan)


def _read(reading: Reading) -> Iterator[str]:
    kinds = Counter(file.kind for file in reading.files)
    listed = ", ".join(f"{kind_name(kind)} {n}" for kind, n in sorted(kinds.items()))
    yield _("Läst: %(n)s filer (%(kinds)s).", n=len(reading.files), kinds=listed)
    schools = reading.units
    context, children = sum(unit.context for unit in schools), len(reading.preschools)
    if any(unit.status == UNKNOWN for unit in schools):
        told = _("Skolor: %(n)s, varav %(context)s med annan huvudman. Förskolor: %(preschools)s.")
    else:
        told = _("Skolor: %(n)s, varav %(open)s öppna och %(context)s med annan huvudman. Förskolor: %(preschools)s.")
    opened = sum(unit.status != CLOSED for unit in schools)
    yield told % {"n": len(schools), "open": opened, "context": context, "preschools": children}
    if reading.nameless:
        codes = ", ".join(reading.nameless[:MOST_CODES]) + (" …" if len(reading.nameless) > MOST_CODES else "")
        yield _(
            "%(n)s värden gäller skolor som ingen av filerna placerar i en kommun, och har inte tagits in: %(codes)s. "
            "Läs in skolenhetslistan också.",
            n=number(reading.outside), codes=codes,
        )  # fmt: skip
    elif reading.outside:
        yield _("%(n)s värden hör till andra kommuner och har inte tagits in.", n=number(reading.outside))


def kind_name(kind: str) -> str:
    names: dict[str, str] = {
        "statistics": _("Skolverkets svar per skola"),
        "national": _("Skolverkets svar för riket"),
        "register": _("skolenhetsregistret"),
        "unit_list": _("skolenhetslistan"),
        "final_grades": _("slutbetyg"),
        "test_relation": _("relation mellan prov och betyg"),
        "survey": _("Skolenkäten"),
        "preschools": _("förskolelistan"),
        "municipal": _("Skolverkets tabell per kommun"),
        "archive": _("Skolverkets arkiv"),
    }
    return names.get(kind, kind)


def _changed(plan: Plan) -> Iterator[str]:
    if not plan.anything:
        yield _("Ingenting har ändrats: allt var redan inläst.")
    yield _(
        "Enheter: %(new)s nya, %(changed)s ändrade, %(same)s oförändrade.",
        new=len(plan.new_units),
        changed=len(plan.changed_units),
        same=len(plan.same_units),
    )
    yield _(
        "Värden: %(new)s nya, %(changed)s ändrade, %(same)s oförändrade.",
        new=number(len(plan.new_values)),
        changed=number(len(plan.changed_values)),
        same=number(plan.same_values),
    )


def _missing(reading: Reading) -> Iterator[str]:
    counts = reading.counts
    without = sum(counts.values()) - counts[EXISTS]
    if not without:
        return
    yield _("Utan tal: %(n)s av %(all)s värden.", n=number(without), all=number(len(reading.series)))
    for kind in (MISSING, OMITTED, ROUNDED, EXCLUDED):
        if counts[kind]:
            yield f"  {_why(kind)}: {number(counts[kind])}"
    for key, why in reading.missing.items():
        yield f"  {NAMES[key]}: " + ", ".join(f"{n} {_sign(kind)}" for kind, n in why.items())


def _why(kind: str) -> str:
    reasons: dict[str, str] = {
        MISSING: _("Uppgift saknas (.) – %(kind)s", kind=kind),
        OMITTED: _("För få elever för att visas (..) – %(kind)s", kind=kind),
        ROUNDED: _("Nästan alla, avrundat för att ingen ska pekas ut (~100) – %(kind)s", kind=kind),
        EXCLUDED: _("Inga lärare med krav på legitimation (*) – %(kind)s", kind=kind),
    }
    return reasons[kind]


def _sign(kind: str) -> str:
    return {MISSING: ".", OMITTED: "..", ROUNDED: "~100", EXCLUDED: "*"}[kind]


def _remarks(reading: Reading, plan: Plan) -> Iterator[str]:
    for unit in plan.left:
        yield _(
            "%(unit)s finns inte i skolenhetslistan, men har personal här: stäng enheten själv om den har upphört.",
            unit=unit.name,
        )
    for problem in sorted(reading.problems, key=lambda each: (FATAL, "warning", INFO).index(each.severity)):
        yield problem.sentence
