"""What is true of years and rounds: what a label means, which dates are possible, and what is planned unless somebody plans."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from chain.base.errors import RuleBroken
from chain.base.locale import _, day

SCHOOL_YEAR = re.compile(r"(20\d\d)/(\d\d)")
CALENDAR_YEAR = re.compile(r"20\d\d")

FIRST_DUE, LAST_DUE, MEETING = 13, 37, 45  # days after the opening: the lowest level, the highest, the committee
SATURDAY = 5


@dataclass(frozen=True)
class RoundPlan:
    """A round as it is planned. `like` names the shipped round whose questions it asks (by default its own number)."""

    number: int
    name: Mapping[str, str]  # {"sv": …, "en": …}
    opens_on: date
    dues: Mapping[str, date] = field(default_factory=dict)  # level key → last day
    meets_on: date | None = None
    like: int = 0

    @property
    def asks(self) -> int:
        return self.like or self.number


# The months in which rounds open: (year after the label's first, month, day, asks as the shipped round, sv, en).
_SCHOOL_YEAR_PLAN = (
    (0, 11, 1, 1, "november", "November"),
    (1, 1, 10, 2, "januari", "January"),
    (1, 4, 1, 3, "april", "April"),
    (1, 8, 10, 4, "augusti", "August"),  # rests on the final grades of the year that has ended
)
# Adult education by the calendar year: three times, the last one after the year has ended.
_CALENDAR_YEAR_PLAN = (
    (0, 5, 2, 2, "maj", "May"),
    (0, 9, 1, 1, "september", "September"),
    (1, 1, 10, 4, "januari", "January"),
)


def check_label(label: str) -> str:
    """A year's label: 2026/27 for a school year, 2027 for a calendar year."""
    bare = label.strip()
    school = SCHOOL_YEAR.fullmatch(bare)
    if (school and int(school[2]) == (int(school[1]) + 1) % 100) or CALENDAR_YEAR.fullmatch(bare):
        return bare
    raise RuleBroken(_("Skriv läsåret som 2026/27, eller kalenderåret som 2027."))


def span(label: str) -> tuple[date, date]:
    """The first and the last day: 1 July to 30 June, or the calendar year."""
    first = int(check_label(label)[:4])
    if "/" in label:
        return date(first, 7, 1), date(first + 1, 6, 30)
    return date(first, 1, 1), date(first, 12, 31)


def next_label(label: str) -> str:
    """2026/27 → 2027/28; 2027 → 2028."""
    return _label(int(label[:4]) + 1, school="/" in label)


def label_before(label: str) -> str:
    """2026/27 → 2025/26; 2027 → 2026."""
    return _label(int(label[:4]) - 1, school="/" in label)


def label_on(today: date, school: bool = True) -> str:
    """The year that a day lies in."""
    return _label(today.year - (1 if school and today.month < 7 else 0), school=school)


def _label(first: int, *, school: bool) -> str:
    return f"{first}/{(first + 1) % 100:02}" if school else str(first)


def default_plan(label: str, levels: Sequence[str]) -> list[RoundPlan]:
    """The rounds of a year unless somebody plans them otherwise. `levels`: those that answer, the lowest first."""
    first = span(label)[0].year
    lines = _SCHOOL_YEAR_PLAN if "/" in label else _CALENDAR_YEAR_PLAN
    return [
        plan(
            number,
            {"sv": f"Uppföljning {number}, {sv}", "en": f"Follow-up {number}, {en}"},
            date(first + later, month, dom),
            levels,
            like=like,
        )
        for number, (later, month, dom, like, sv, en) in enumerate(lines, 1)
    ]


def plan(number: int, name: Mapping[str, str], opens_on: date, levels: Sequence[str], *, like: int = 0) -> RoundPlan:
    """A round with dates spread evenly over its levels, the lowest first, and the meeting after them. Never on a weekend."""
    step = (LAST_DUE - FIRST_DUE) / max(len(levels) - 1, 1)
    dues = {level: _weekday(opens_on + timedelta(FIRST_DUE + round(place * step))) for place, level in enumerate(levels)}
    return RoundPlan(number, name, opens_on, dues, _weekday(opens_on + timedelta(MEETING)), like)


def _weekday(wanted: date) -> date:
    return wanted + timedelta(days=7 - wanted.weekday()) if wanted.weekday() >= SATURDAY else wanted


def check_plan(plans: Sequence[RoundPlan], shipped: Sequence[int]) -> None:
    """Rounds are numbered 1, 2, 3 … and open one after another; each asks as a shipped round does."""
    if not plans or [one.number for one in plans] != list(range(1, len(plans) + 1)) or len(plans) > len(shipped):
        raise RuleBroken(_("Numrera uppföljningarna 1, 2, 3 … i ordning, högst %(n)s på ett år.", n=len(shipped)))
    if any(one.asks not in shipped for one in plans):
        raise RuleBroken(_("En uppföljning måste ställa samma frågor som någon av de %(n)s färdiga.", n=len(shipped)))
    for earlier, later in pairwise(plans):
        if later.opens_on <= earlier.opens_on:
            raise RuleBroken(_("%(later)s måste öppna efter %(earlier)s.", later=later.name["sv"], earlier=earlier.name["sv"]))


def check_dates(opens_on: date, dues: Sequence[tuple[str, str, date]], meets_on: date | None) -> None:
    """Each level needs the one below before it hands up itself. `dues`: (key, name, last day), the lowest level first.

    Refused with a sentence per date that is out of order, under `due_<key>` or `meets_on`.
    """
    problems: dict[str, str] = {}
    before, who = opens_on, _("Uppföljningen öppnar")
    for key, name, due_on in dues:
        if due_on < before:
            problems[f"due_{key}"] = _(
                "%(name)s kan inte lämna in före den %(day)s (%(who)s).", name=name, day=day(before), who=who
            )
        before, who = max(before, due_on), name
    if meets_on and meets_on < before:
        problems["meets_on"] = _("Nämnden kan inte sammanträda före den %(day)s (%(who)s).", day=day(before), who=who)
    if problems:
        raise RuleBroken(_("Datumen kommer i fel ordning: %(first)s", first=next(iter(problems.values()))), problems)


def days_left(due_on: date, today: date) -> int:
    """0 on the last day itself; negative when it has passed. Whole days in Stockholm, so summer time moves nothing."""
    return (due_on - today).days


@dataclass(frozen=True)
class Step:
    """A level's last day in a round, as the wheel shows it. State: past, turn (whose turn it is by the calendar), ahead."""

    level: str
    name: str
    due_on: date
    state: str
    left: int  # days; negative when it has passed


def steps(dues: Sequence[tuple[str, str, date]], today: date, *, opened: bool) -> list[Step]:
    """The levels of a round, the lowest first, the committee's meeting last. `dues`: (key, name, last day)."""
    turn = next((key for key, _name, due_on in dues if due_on >= today), "") if opened else ""
    return [
        Step(key, name, due_on, "turn" if key == turn else "past" if due_on < today else "ahead", days_left(due_on, today))
        for key, name, due_on in dues
    ]


# Questions are data: what may be changed without breaking what rests on them

LANGUAGES = ("sv", "en")
WORDS = ("title", "ask", "help", "example")
NEEDED = ("title", "ask")


def unsaid(words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What a question has to say in both languages and does not: {`sv_title`: sentence}."""
    told = {
        "sv_title": _("Skriv frågans rubrik på svenska."),
        "sv_ask": _("Skriv själva frågan på svenska."),
        "en_title": _("Skriv frågans rubrik på engelska."),
        "en_ask": _("Skriv själva frågan på engelska."),
    }
    missing = [(one, part) for one in LANGUAGES for part in NEEDED if not words.get(one, {}).get(part, "").strip()]
    return {f"{one}_{part}": told[f"{one}_{part}"] for one, part in missing}


def check_kind(kind: str, others: Mapping[str, str], *, enters: bool) -> None:
    """Refuse a question that would count twice, or that nothing follows up. `others`: kind → title of what is asked already.
    `enters`: figures belong to the level, or are filled in there as proposals to the one above.
    """
    if kind == "figures" and not enters:
        raise RuleBroken(_("Siffror fylls i på den nivå där de hör hemma och räknas ihop uppåt. Ställ en textfråga i stället."))
    if kind == "figures" and kind in others:
        raise RuleBroken(_("Siffrorna frågas redan i ”%(title)s”. Lägg till ett eget mått i stället.", title=others[kind]))
    if kind == "outcomes" and kind in others:
        raise RuleBroken(
            _("Åtgärderna följs redan upp i ”%(title)s”. De kan inte följas upp på två ställen.", title=others[kind])
        )
    if kind == "measures" and "outcomes" not in others:
        raise RuleBroken(_("Nya åtgärder måste följas upp. Lägg först till en fråga som följer upp tidigare åtgärder."))


def check_hiding(kind: str, title: str, others: Mapping[str, str], *, required: bool) -> None:
    """Refuse to hide what the chain rests on. `others`: kind → title of what else is asked of the level."""
    if required:
        raise RuleBroken(_("”%(title)s” är obligatorisk och kan inte döljas. Skriv om den i stället.", title=title))
    if kind == "outcomes" and "measures" in others:
        raise RuleBroken(
            _("Åtgärderna i ”%(other)s” följs upp här, så ”%(title)s” kan inte döljas.", other=others["measures"], title=title)
        )


def check_rounds(
    title: str,
    before: Sequence[int],
    after: Sequence[int],
    all_rounds: Mapping[int, str],
    opened: Iterable[int],
    *,
    carries: bool,
) -> None:
    """Refuse rounds in which a question cannot be asked or from which it cannot be taken. `all_rounds`: number → name.

    `carries`: the chain rests on it, so that it stays in each round where it is asked, when it is asked in all of them.
    """
    if not after:
        raise RuleBroken(_("Välj minst en uppföljning, eller dölj frågan."), {"rounds": _("Välj minst en uppföljning.")})
    gone = [number for number in before if number not in after]
    if gone and carries and set(all_rounds) <= set(before):
        sentence = _("”%(title)s” behövs i varje uppföljning: det som kommer efter vilar på svaret.", title=title)
        raise RuleBroken(sentence, {"rounds": sentence})
    if begun := [all_rounds[number] for number in gone if number in opened and number in all_rounds]:
        sentence = _(
            "%(round)s har redan öppnats, så frågan kan inte tas ur den. Dölj frågan om den inte ska ställas mer.", round=begun[0]
        )
        raise RuleBroken(sentence, {"rounds": sentence})


def moved(keys: Sequence[str], key: str, step: int) -> list[str]:
    """The order with one of them a step up (-1) or down (1); the same at the ends."""
    order = list(keys)
    here = order.index(key)
    there = min(max(here + step, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    return order


MOST_OPTIONS = 12


def check_options(options: Sequence[Mapping[str, str]], before: Sequence[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """The answers to choose among, each with its key: two or more, in both languages. One that is there already stays."""
    kept = [dict(one) for one in options]
    if any(not one["sv"].strip() or not one["en"].strip() for one in kept):
        raise RuleBroken(_("Skriv varje svar på både svenska och engelska."))
    if {one["key"] for one in before} - {one["key"] for one in kept}:
        raise RuleBroken(_("Ett svar kan skrivas om men inte tas bort: någon kan ha valt det."))
    if len(kept) < 2:
        raise RuleBroken(_("Skriv minst två svar att välja mellan."))
    taken = {one["key"] for one in kept}
    free = (name for number in range(1, 2 * MOST_OPTIONS) if (name := f"a{number}") not in taken)
    return [{"key": one["key"] or next(free), "sv": one["sv"].strip(), "en": one["en"].strip()} for one in kept]
