"""What is true of a governing document: the life of its versions as a table, and what it must say before it is adopted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move
from chain.goal import rules as goals

KINDS = ("routine", "quality_model", "plan", "terms")
LEVELS = ("municipality", "committee", "administration", "area", "unit")  # a group adopts nothing that others follow
LONGEST_TEXT, LONGEST_LINE, LONGEST_WORDS = 60_000, 300, 5_000  # characters


# A version's life. Its words stand still from the moment somebody is asked about them; what the answers lead to is a new version.
MOVES = moves.table(
    # from         to           act          who         requires
    ("draft",      "draft",     "write",     "writers",  ""),
    ("draft",      "gone",      "discard",   "writers",  ""),
    ("draft",      "consulting", "ask",      "writers",  "words someone until"),
    ("consulting", "consulted", "close",     "writers",  ""),  # at once when the last one has answered
    ("consulted",  "draft",     "renew",     "writers",  "nothing_begun"),  # as the next version
    ("adopted",    "draft",     "renew",     "writers",  "nothing_begun"),
    ("draft",      "adopted",   "adopt",     "deciders", "words decision"),
    ("consulted",  "adopted",   "adopt",     "deciders", "words decision"),
    ("adopted",    "replaced",  "replace",   "deciders", ""),  # when a later one is adopted
    ("adopted",    "withdrawn", "withdraw",  "deciders", "reason"),
)  # fmt: skip
KEPT = {"renew"}  # the version itself stays where it is: what comes of it is another one


@dataclass(frozen=True)
class Facts:
    """What the table asks of one version."""

    words: bool = False  # it has a text or a file, or says where it is read
    begun: bool = False  # another version of the document is a draft, or is out
    someone: bool = False
    until: date | None = None
    today: date | None = None
    reason: str = ""
    decision: tuple[tuple[str, str], ...] = ()  # what is wrong with the decision: (field, sentence)


def move(act: str, state: str, facts: Facts, *, level: str, role: str) -> Move:
    """The table's line for doing this now; refused with a sentence when there is none, or when something is missing."""
    found = moves.find(MOVES, act, state)
    if found is None:
        raise RuleBroken(_("Dokumentet är inte där det var när sidan öppnades. Ladda om sidan."))
    if not may(found, level=level, role=role):
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    faults = {name: sentence for one in found.requires for name, sentence in _REQUIRED[one](facts).items()}
    if faults:
        raise RuleBroken(next(iter(faults.values())), faults)
    return found


def may(line: Move, *, level: str, role: str) -> bool:
    """Whether the role does this at the level."""
    return level in LEVELS and role in (goals.WRITES if "writers" in line.who else goals.DECIDES)[level].split()


def possible(state: str, facts: Facts, *, level: str, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table; what happens by itself is not among them."""
    lines = [one for one in MOVES if one.before == state and one.act != "replace" and may(one, level=level, role=role)]
    return [one.act for one in lines if not (one.act == "renew" and facts.begun)]


def _words(facts: Facts) -> dict[str, str]:
    sentence = _("Skriv dokumentets text, bifoga det som fil eller ge en länk till var det finns.")
    return {} if facts.words else {"text": sentence}


def _nothing_begun(facts: Facts) -> dict[str, str]:
    return {"version": _("En ny version är redan påbörjad. Arbeta vidare i den.")} if facts.begun else {}


def _until(facts: Facts) -> dict[str, str]:
    if facts.until is None or (facts.today and facts.until < facts.today):
        return {"until": _("Välj en sista dag för svaren, i dag eller senare.")}
    return {}


_REQUIRED: dict[str, Any] = {
    "words": _words,
    "nothing_begun": _nothing_begun,
    "someone": lambda facts: {} if facts.someone else {"receivers": _("Välj minst en chef att fråga.")},
    "until": _until,
    "reason": lambda facts: {} if facts.reason.strip() else {"reason": _("Skriv varför dokumentet inte längre gäller.")},
    "decision": lambda facts: dict(facts.decision),
}


def check_question(question: str, *, others: bool) -> None:
    """Refuse what the heads are asked when it is too long, and with `others` a choice of somebody who cannot be asked."""
    if len(question) > LONGEST_WORDS:
        sentence = _("Skriv högst %(n)s tecken.", n=LONGEST_WORDS)
        raise RuleBroken(sentence, {"question": sentence})
    if others:
        sentence = _("Välj bland enheterna i listan.")
        raise RuleBroken(sentence, {"receivers": sentence})


def checked_answer(words: str) -> str:
    """A head's answer as it is kept; refused when it says nothing or too much."""
    said = words.strip()
    if said and len(said) <= LONGEST_WORDS:
        return said
    sentence = _("Skriv högst %(n)s tecken.", n=LONGEST_WORDS)
    if not said:
        sentence = _("Skriv vad ni tycker. Har ni inget att invända, skriv det.")
    raise RuleBroken(sentence, {"answer": sentence})


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "draft", dict.fromkeys(KEPT, "as the next version"))


# What it says


def problems(kind: str, title: str, text: str, link: str) -> dict[str, str]:
    """What is wrong with a document that is written: {field: sentence}."""
    found = {}
    if kind not in KINDS:
        found["kind"] = _("Välj vad för slags dokument det är.")
    if not title.strip() or len(title.strip()) > goals.LONGEST_TITLE:
        found["title"] = _("Skriv vad dokumentet heter, högst 200 tecken.")
    if len(text) > LONGEST_TEXT:
        found["text"] = _("Skriv högst %(n)s tecken.", n=LONGEST_TEXT)
    if link.strip() and (not link.strip().startswith(("https://", "http://")) or len(link.strip()) > LONGEST_LINE):
        found["link"] = _("Skriv en hel adress, som https://www.kommunen.se/rutin.")
    return found


def check_decision(
    adopted_by: str, number: str, adopted_on: date | None, begins: date | None, ends: date | None, today: date
) -> dict[str, str]:  # fmt: skip
    """What is wrong with a decision to adopt: {field: sentence}. `begins`, `ends`: when it is in force."""
    found = {}
    if not adopted_by.strip() or len(adopted_by.strip()) > 120:
        found["adopted_by"] = _("Skriv vem som beslutade, till exempel nämnden.")
    if len(number.strip()) > goals.LONGEST_REFERENCE:
        found["registration_number"] = _("Skriv högst %(n)s tecken.", n=goals.LONGEST_REFERENCE)
    if adopted_on is None or adopted_on > today:
        found["adopted_on"] = _("Skriv dagen då det beslutades. Den kan inte ligga framåt i tiden.")
    if begins is None:
        found["in_force_from"] = _("Skriv från vilken dag dokumentet gäller.")
    elif ends and ends < begins:
        found["in_force_to"] = _("Dokumentet slutar gälla innan det börjar. Välj en senare dag.")
    return found


def in_force(state: str, begins: date | None, ends: date | None, today: date) -> bool:
    """Whether an adopted version holds on a day, its last one counted."""
    return state == "adopted" and begins is not None and begins <= today and (ends is None or today <= ends)


_KINDS: dict[str, Any] = {
    "routine": lazy("Rutin"), "quality_model": lazy("Kvalitetsmodell"), "plan": lazy("Plan"), "terms": lazy("Villkor"),
}  # fmt: skip
_STATES: dict[str, Any] = {
    "draft": lazy("utkast"), "consulting": lazy("på samråd"), "consulted": lazy("samrådet är avslutat"),
    "adopted": lazy("antaget"), "replaced": lazy("ersatt"), "withdrawn": lazy("upphävt"),
}  # fmt: skip


def kind_name(kind: str) -> str:
    """A kind of document: Rutin."""
    return str(_KINDS.get(kind, kind))


def state_name(state: str) -> str:
    """A version's state within a sentence."""
    return str(_STATES.get(state, state))
