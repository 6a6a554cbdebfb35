"""What is true of a document: its life as a table, what it must hold before it is sent, and what is said of a text as advice."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from chain.base import cowriting, moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _
from chain.base.naming import PERSONAL_NUMBER
from chain.document.shipped import MANDATORY, PARTS

LONGEST, LONGEST_TITLE, LONGEST_REMARK = 30_000, 200, 2_000  # characters
EMPTY: Mapping[str, Any] = {"text": "", "figures": [], "quotes": []}
Content = Mapping[str, Any]  # text; figures: addresses within the release; quotes: the public ids of citations
SHORTEST = 12  # characters of a line that is known again
LEVELS = (1, 2)
OWN = "own-"  # how the keys of a municipality's own headings and forms begin; no shipped key does
READABLE = ("approved", "handed_over")  # nothing of it changes any more


# A document's life. Two persons: whoever sends it is not the one who approves it, under whatever mandate.
MOVES = moves.table(
    # from        to             act          who                 requires
    ("draft",     "waiting",     "send",      "officer director", "complete"),
    ("waiting",   "draft",       "take_back", "officer director", "sender"),
    ("waiting",   "draft",       "send_back", "director",         "reason"),
    ("waiting",   "approved",    "approve",   "director",         "another_person complete"),
    ("approved",  "handed_over", "hand_over", "officer director", ""),
    ("draft",     "gone",        "discard",   "officer director", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the table asks of one document."""

    sender_id: int | None = None
    person_id: int | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()


def move(act: str, state: str, facts: Facts, *, role: str) -> str:
    """The state that an act leads to, or a refusal with the sentence that says why not."""
    line = moves.find(MOVES, act, state)
    if line is None:
        raise RuleBroken(_("Dokumentet är inte där det var när sidan öppnades. Ladda om sidan."))
    if role not in line.who:
        raise NotAllowed(_("Det här får du läsa men inte göra i din roll, eller inte just nu."))
    for name in line.requires:
        _REQUIRED[name](facts)
    return line.after


def _complete(facts: Facts) -> None:
    if facts.missing:
        raise RuleBroken(" ".join(facts.missing))


def _sender(facts: Facts) -> None:
    if facts.sender_id != facts.person_id:
        raise RuleBroken(_("Bara den som skickade det för godkännande kan ta tillbaka det. Be skolchefen skicka tillbaka det."))


def _another_person(facts: Facts) -> None:
    if facts.sender_id == facts.person_id:
        raise RuleBroken(_("Den som skickade det för godkännande kan inte själv godkänna det: det ska två personer till."))


def _reason(facts: Facts) -> None:
    if not facts.reason.strip():
        told = _("Skriv varför, så att den som skrev vet vad som ska ändras.")
        raise RuleBroken(told, {"reason": told})


_REQUIRED = {"complete": _complete, "sender": _sender, "another_person": _another_person, "reason": _reason}


def diagram() -> str:
    """The table as a picture in the README."""
    return moves.diagram(MOVES, "draft")


# Sections


class Section(Protocol):
    """As much of a section as the rules ask for."""

    key: str
    part: str
    level: int
    title: str
    required: bool
    content: Any


S = TypeVar("S", bound=Section)


def tidy(content: Content) -> dict[str, Any]:
    """A content as it is kept: nothing but what it may hold, each chosen thing once."""
    text = str(content.get("text", "")).replace("\r\n", "\n").replace("\r", "\n")
    chosen = {name: list(dict.fromkeys(str(one)[:80] for one in content.get(name, []))) for name in ("figures", "quotes")}
    return {"text": text[:LONGEST].strip("\n").rstrip(), **chosen}


def is_empty(content: Content) -> bool:
    return not str(content.get("text", "")).strip() and not content.get("figures") and not content.get("quotes")


def printed(sections: Iterable[S]) -> list[S]:
    """Those that stand in the document: what has something in it, and a heading under which something stands."""
    found: list[S] = []
    below = 0  # the level of the last one that stands, read from the end
    for one in reversed(list(sections)):
        if not is_empty(one.content) or (one.level < below):
            found.append(one)
            below = one.level
        elif one.level <= below:
            below = 0
    return found[::-1]


def missing(*, title: str, number: str, sections: Iterable[Section], released: bool) -> list[str]:
    """Sentences about what is to be done before it can be sent; none when it is complete."""
    told = [] if title.strip() else [_("Skriv dokumentets rubrik.")]
    if not number.strip():
        told.append(_("Skriv diarienumret: det står på varje sida."))
    for one in sections:
        if is_empty(one.content) and (one.required or one.part in MANDATORY):
            told.append(_("Skriv under ”%(heading)s”.", heading=one.title))
        if one.content.get("figures") and not released:
            told.append(_("Siffrorna under ”%(heading)s” saknar en godkänd utgåva.", heading=one.title))
    return told


_BILAGA = re.compile(r"\b(enligt|se|i) bilaga", re.I)
_SHOULD = re.compile(r"\b(bör|borde|skulle kunna)\b", re.I)


def advice(part: str, text: str) -> Iterator[str]:
    """What could be better in a text, in sentences. Nobody is stopped by it."""
    if PERSONAL_NUMBER.search(text):
        yield _("Det här ser ut som ett personnummer. Stryk det: inget i dokumentet får peka ut en enskild.")
    if part == "proposal" and _SHOULD.search(text):
        yield _("Skriv förslaget som om det redan vore beslutat: ”Nämnden godkänner …”, inte att nämnden bör göra det.")
    if part == "proposal" and _BILAGA.search(text):
        yield _("Förslaget ska kunna förstås utan bilagor, eftersom det flyttas till protokollet som det står.")
    if part == "summary" and re.search(r"\bföreslår\b", text, re.I):
        yield _("Sammanfattningen ska vara saklig och utan förslag. Förslaget har en egen rubrik.")


def joined(theirs: Content, mine: Content) -> dict[str, Any]:
    """Two contents in one, to be edited down: theirs first, nothing left out."""
    text = cowriting.joined(str(theirs["text"]), str(mine["text"]))
    return {"text": text, **{name: list(dict.fromkeys([*theirs[name], *mine[name]])) for name in ("figures", "quotes")}}


def standing(content: Content, pulled: Mapping[str, Any]) -> list[Any]:
    """The sources of what was pulled, as long as some of it stands there still: what people have written over has none."""
    found = [one for one in pulled.get("sources", [])]
    parts = [part.strip() for part in str(pulled.get("text", "")).split("\n") if len(part.strip()) > SHORTEST]
    said = str(content["text"])
    return found if content["figures"] or content["quotes"] or any(part in said for part in parts) else []


def people(text: str) -> list[list[str]]:
    """Signatures as they are written: a person a line, the title after the first comma."""
    lines = (line.strip(" -•") for line in text.splitlines())
    return [[part.strip() for part in (*line.split(",", 1), "")[:2]] for line in lines if line]


# Forms


def check_heading(title: str, part: str, level: int, standing: str) -> None:
    """What a heading of a municipality's own can be."""
    problems = {}
    if not title.strip():
        problems["title"] = _("Skriv rubriken.")
    if len(title.strip()) > LONGEST_TITLE:
        problems["title"] = _("Skriv högst %(n)s tecken.", n=LONGEST_TITLE)
    if len(standing) > LONGEST:
        problems["standing"] = _("Skriv högst %(n)s tecken.", n=LONGEST)
    if problems:
        raise RuleBroken(next(iter(problems.values())), problems)
    if part not in PARTS or level not in LEVELS:
        raise RuleBroken(_("Ladda om sidan och försök igen."))


def check_hiding(part: str, title: str, *, first: bool) -> None:
    """The two questions about children are asked in every document (seed 002); a document without a shown heading is none."""
    if part in MANDATORY:
        raise RuleBroken(_("”%(title)s” är obligatorisk i varje tjänsteskrivelse och kan inte döljas.", title=title))
    if first:
        raise RuleBroken(_("Minst en rubrik till behöver visas."))


def moved(keys: list[str], key: str, step: int) -> list[str]:
    """The keys in their new order, one of them a step earlier (-1) or later (1); at the ends it stays."""
    place = keys.index(key)
    other = place + step
    if 0 <= other < len(keys):
        keys[place], keys[other] = keys[other], keys[place]
    return keys
