"""What is true of a workplan: its life as a table, and what it must say before it is decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from chain.base import moves
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _, lazy
from chain.base.moves import Move
from chain.goal import rules as goals

LEVELS = ("administration", "area", "unit")  # the law asks for planning at units (skollagen 4 kap. 4 §); those above may have one
HOLDING = ("decided", "revised")  # the edition that holds
LONGEST_TEXT, LONGEST_WORDS, LONGEST_LINE = 20_000, 2_000, 200  # characters
MOST_ENTRIES = 60


# A plan's life, edition by edition. The one that holds is read by those above until its next edition has been decided.
MOVES = moves.table(
    # from       to          act        who         requires
    ("draft",    "draft",    "write",   "writers",  ""),
    ("draft",    "gone",     "discard", "writers",  ""),
    ("draft",    "decided",  "decide",  "deciders", "first complete"),
    ("draft",    "revised",  "decide",  "deciders", "later complete"),
    ("decided",  "draft",    "revise",  "writers",  "reason"),  # as the next edition
    ("revised",  "draft",    "revise",  "writers",  "reason"),
    ("decided",  "replaced", "replace", "deciders", ""),  # when the next one is decided
    ("revised",  "replaced", "replace", "deciders", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """As much of an entry as the rules ask for."""

    what: str
    who: str
    know: str
    goals: int
    when: str = ""


def move(
    act: str, state: str, *, level: str, role: str, edition: int = 1, reason: str = "", problems: dict[str, str] | None = None
) -> Move:  # fmt: skip
    """The table's line for doing this now; refused with a sentence when there is none, or when something is missing."""
    other = "later" if edition == 1 else "first"
    found = next((one for one in MOVES if (one.act, one.before) == (act, state) and other not in one.requires), None)
    if found is None:
        raise RuleBroken(_("Planen är inte där den var när sidan öppnades. Ladda om sidan."))
    if not may(found, level=level, role=role):
        raise NotAllowed(_("Det här gör någon med ett annat uppdrag än ditt."))
    faults = dict(problems or {}) if "complete" in found.requires else {}
    if "reason" in found.requires and not reason.strip():
        faults["reason"] = _("Skriv varför planen revideras: vad har ni sett?")
    if faults:
        raise RuleBroken(next(iter(faults.values())), faults)
    return found


def may(line: Move, *, level: str, role: str) -> bool:
    """Whether the role does this at the level."""
    return level in LEVELS and role in (goals.WRITES if "writers" in line.who else goals.DECIDES)[level].split()


def possible(state: str, *, level: str, role: str) -> list[str]:
    """The acts that the role may choose now, in the order of the table; what happens by itself is not among them."""
    lines = [one for one in MOVES if one.before == state and one.act != "replace" and may(one, level=level, role=role)]
    return list(dict.fromkeys(one.act for one in lines))


def diagram() -> str:
    """The table as a mermaid state diagram, for the README."""
    return moves.diagram(MOVES, "draft", {"revise": "as the next edition"})


def missing(entries: Sequence[Entry], participation: str) -> dict[str, str]:
    """What a plan must have before it is decided: {field: sentence}. An entry's faults stand under `entry-<place>`."""
    found = {}
    if not entries:
        found["entries"] = _("Planen är tom. Lägg till minst en sak som ni gör, hämtad från ett mål.")
    for place, one in enumerate(entries, 1):
        for wanting, sentence in (
            (not one.goals, _("”%(what)s”: välj vilket mål den är hämtad från.", what=short(one.what))),
            (not one.who.strip(), _("”%(what)s”: skriv vem som gör det.", what=short(one.what))),
            (not one.know.strip(), _("”%(what)s”: skriv hur ni ska veta om det gick.", what=short(one.what))),
        ):
            if wanting:
                found.setdefault(f"entry-{place}", sentence)
    if not participation.strip():
        found["participation"] = _("Skriv hur personal, barn, elever och vårdnadshavare har varit med (4 kap. 4 § skollagen).")
    return found


def check_entry(what: str, when: str, who: str, know: str) -> dict[str, str]:
    """What is wrong with an entry that is written: {field: sentence}."""
    found = {}
    if not what.strip() or len(what) > LONGEST_WORDS:
        found["what"] = _("Skriv vad ni gör, högst %(n)s tecken.", n=LONGEST_WORDS)
    if len(know) > LONGEST_WORDS:
        found["know"] = _("Skriv högst %(n)s tecken.", n=LONGEST_WORDS)
    for name, text in (("when", when), ("who", who)):
        if len(text) > LONGEST_LINE:
            found[name] = _("Skriv högst %(n)s tecken.", n=LONGEST_LINE)
    return found


def short(text: str, most: int = 50) -> str:
    """The beginning of a text, to name an entry by."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


_STATES: dict[str, Any] = {
    "draft": lazy("utkast"), "decided": lazy("beslutad"), "revised": lazy("reviderad"), "replaced": lazy("ersatt"),
    "missing": lazy("saknas"),
}  # fmt: skip


def state_name(state: str) -> str:
    """A state within a sentence: planen är beslutad."""
    return str(_STATES.get(state, state))


def hour(typed: str) -> time | None:
    """`13`, `13.30` and `13:30` are hours of a clock; nothing is none."""
    plain = typed.strip()
    if not plain:
        return None
    found = re.fullmatch(r"(\d{1,2})(?:[.:](\d{2}))?", plain)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        sentence = _("Skriv klockslaget som 13.00.")
        raise RuleBroken(sentence, {"begins_at": sentence})
    return time(int(found[1]), int(found[2] or 0))
