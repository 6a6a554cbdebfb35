"""What is true of a goal: what it must say, what it may break down, its life as a table, and what is said of how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move
from chain.cycle import rules as cycle

KINDS = ("knowledge", "values")  # seed 003: kunskapsmål, värdegrundsmål
NATIONAL = "national"
SINCE = "2011/12"  # the first year of the Education Act of 2010: from when the national goals hold here
LEVELS = (NATIONAL, "municipality", "committee", "administration", "area", "unit", "group")
DIRECTIONS = ("at_least", "at_most")
VERDICTS = ("reached", "on_the_way", "not_reached", "cannot_say")
WHOLE_YEAR = 0  # instead of a round's number
LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON, LONGEST_REFERENCE = 200, 5_000, 2_000, 60  # characters

# Who writes and who decides at a level. The committee and the municipality have no writers of their own: the administration
# prepares their goals, and the secretary records what was decided.
WRITES = {
    "municipality": "officer director secretary steward", "committee": "officer director secretary",
    "administration": "officer director", "area": "area_head", "unit": "principal deputy", "group": "staff",
}  # fmt: skip
DECIDES = {
    "municipality": "secretary", "committee": "secretary", "administration": "director", "area": "area_head",
    "unit": "principal", "group": "staff",
}  # fmt: skip


# A goal's life. A decided one gets new words by a new edition, so that what was decided is never lost.
MOVES = moves.table(
    # from       to         act        who         requires
    ("draft",    "draft",   "write",   "writers",  ""),
    ("draft",    "gone",    "discard", "writers",  ""),
    ("draft",    "decided", "decide",  "deciders", "complete"),
    ("decided",  "decided", "change",  "deciders", "complete reason"),
    ("decided",  "ended",   "end",     "deciders", "reason"),
)  # fmt: skip


@dataclass(frozen=True)
class Above:
    """As much of a goal as is asked when another is to break it down."""

    path: str
    level: str
    state: str
    title: str = ""


@dataclass(frozen=True)
class Words:
    """What a goal says, as it is written. `above`: the public ids of the goals that it breaks down."""

    kind: str
    title: str
    text: str
    valid_from: str
    valid_to: str = ""
    owner: str = ""  # a person's public id
    indicator: str = ""
    subject: str = ""
    year_group: str = ""
    direction: str = ""
    target: Decimal | None = None
    school_forms: tuple[str, ...] = ()  # whom it concerns; none: all
    above: tuple[str, ...] = ()


def rank(level: str) -> int:
    """How far down a level stands; one that is not known, last."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def ceiling(path: str, level: str) -> str:
    """The path of the highest node that reads a goal of a node: its unit for a group's, else the municipality."""
    steps = path.strip("/").split("/")
    return "/" + "/".join(steps[:-1] if level == "group" and len(steps) > 1 else steps[:1]) + "/"


def may_break_down(path: str, level: str, above: Above) -> bool:
    """Whether a goal of a node may break down another: of a node above on its path, or a national one of its municipality.

    A national goal breaks down nothing, and all others stand strictly below what they break down: there are no circles.
    """
    if level == NATIONAL or not path.startswith(above.path):
        return False
    return above.level == NATIONAL or above.path != path


# What somebody does


def move(act: str, state: str, *, level: str, role: str, reason: str = "", problems: dict[str, str] | None = None) -> Move:
    """The table's line for doing this now; refused with a sentence when there is none, or when something is missing."""
    found = moves.find(MOVES, act, state)
    if found is None or level == NATIONAL:
        raise RuleBroken(_("Det går inte längre: målet är nu %(state)s. Ladda om sidan.", state=state_name(state)))
    if role not in (WRITES if "writers" in found.who else DECIDES).get(level, "").split():
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    faults = dict(problems or {}) if "complete" in found.requires else {}
    if "reason" in found.requires and not reason.strip():
        faults["reason"] = _("Skriv varför, så att de som läser målet förstår.")
    if faults:
        raise RuleBroken(next(iter(faults.values())), faults)
    return found


def possible(state: str, *, level: str, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table."""
    if level == NATIONAL:
        return []
    mine = {"writers": WRITES.get(level, "").split(), "deciders": DECIDES.get(level, "").split()}
    return [one.act for one in MOVES if one.before == state and any(role in mine[who] for who in one.who)]


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "draft")


# What a goal says


def problems(words: Words, *, percent: bool = False) -> dict[str, str]:
    """What is wrong with a goal's words, also while it is a draft: {field: sentence}. `percent`: its indicator is a share."""
    found = {}
    if not words.title.strip() or len(words.title.strip()) > LONGEST_TITLE:
        found["title"] = _("Skriv målet i en mening, högst 200 tecken: vad ska vara sant när det är nått?")
    if len(words.text) > LONGEST_TEXT:
        found["text"] = _("Skriv högst %(n)s tecken.", n=LONGEST_TEXT)
    if words.kind not in KINDS:
        found["kind"] = _("Välj om det är ett kunskapsmål eller ett värdegrundsmål.")
    found |= _years(words.valid_from, words.valid_to)
    if (words.target is not None or words.direction) and not words.indicator:
        found["indicator"] = _("Välj vilket mått målvärdet gäller, eller ta bort målvärdet.")
    elif (words.target is None) != (not words.direction):
        name = "target" if words.target is None else "direction"
        found[name] = _("Skriv ett målvärde, och välj om det är minst eller högst så mycket.")
    elif words.target is not None and percent and not 0 <= words.target <= 100:
        found["target"] = _("Måttet är en andel: skriv målvärdet i procent, mellan 0 och 100.")
    elif words.target is not None and abs(words.target) >= 1_000_000_000:
        found["target"] = _("Talet är för stort. Kontrollera målvärdet.")
    return found


def _years(valid_from: str, valid_to: str) -> dict[str, str]:
    for name, label in (("valid_from", valid_from), ("valid_to", valid_to)):
        try:
            if label or name == "valid_from":
                cycle.check_label(label)
        except RuleBroken as no:
            return {name: no.sentence}
    if valid_to and valid_to < valid_from:
        return {"valid_to": _("Målet slutar gälla innan det börjar. Välj ett senare läsår.")}
    return {}


def missing(words: Words, level: str, above: Iterable[Above]) -> dict[str, str]:
    """What a goal must have before it is decided: {field: sentence}. `above`: the goals that it is to break down."""
    found = {}
    known = list(above)
    if not known and level != "municipality":
        found["above"] = _("Välj minst ett mål ovanför som det bryter ner, så att tråden håller.")
    if closed := [one for one in known if one.state != "decided"]:
        found["above"] = _("”%(title)s” gäller inte längre. Välj ett annat mål ovanför.", title=closed[0].title)
    if not words.owner:
        found["owner"] = _("Välj vem som ansvarar för målet, med namn.")
    return found


# How it went


def check_assessment(verdict: str, reasons: str) -> dict[str, str]:
    """What is wrong with what is said of a goal: {field: sentence}."""
    found = {}
    if verdict not in VERDICTS:
        found["verdict"] = _("Välj hur långt målet är nått.")
    if not reasons.strip():
        found["reasons"] = _("Skriv vad bedömningen bygger på: en mening räcker.")
    elif len(reasons) > LONGEST_REASON:
        found["reasons"] = _("Skriv högst %(n)s tecken.", n=LONGEST_REASON)
    return found


def by_rounds(level: str) -> bool:
    """Whether a goal of the level can be assessed round by round: rounds are a committee's, so those above cannot."""
    return level not in (NATIONAL, "municipality")


# Words


_KINDS: dict[str, Any] = {"knowledge": lazy("kunskapsmål"), "values": lazy("värdegrundsmål")}
_STATES: dict[str, Any] = {"draft": lazy("ett utkast"), "decided": lazy("beslutat"), "ended": lazy("avslutat")}
_VERDICTS: dict[str, Any] = {
    "reached": lazy("Nått"), "on_the_way": lazy("På väg"), "not_reached": lazy("Inte nått"),
    "cannot_say": lazy("Går inte att säga"),
}  # fmt: skip
_LEVELS: dict[str, Any] = {
    "national": lazy("Nationella mål"), "municipality": lazy("Kommunens mål"), "committee": lazy("Nämndens mål"),
    "administration": lazy("Förvaltningens mål"), "area": lazy("Områdets mål"), "unit": lazy("Enhetens mål"),
    "group": lazy("Arbetslagets mål"),
}  # fmt: skip


def kind_name(kind: str) -> str:
    """A kind within a sentence: kunskapsmål."""
    return str(_KINDS.get(kind, kind))


def state_name(state: str) -> str:
    """A state within a sentence: målet är beslutat."""
    return str(_STATES.get(state, state))


def verdict_name(verdict: str) -> str:
    """How far a goal is reached, in words."""
    return str(_VERDICTS.get(verdict, verdict))


def level_goals(level: str) -> str:
    """The heading over a level's goals: Nämndens mål."""
    return str(_LEVELS.get(level, level))
