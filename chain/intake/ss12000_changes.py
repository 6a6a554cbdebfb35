"""What is here, what would change, and what was recognised: the words that the comparison with a source is written in. Plain."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date

from chain.intake.ss12000_reading import Staff, Wanted
from chain.intake.ss12000_rules import Node

ORDER = (  # as it is done: from what others build on
    "link_unit", "add_unit", "change_unit", "code", "move_unit", "give", "end", "change_person", "close_unit",
)  # fmt: skip
ASKED_FOR = {"link_unit", "end", "close_unit"}  # what nobody may do by pressing the button without having chosen it
MOST_SHOWN = 1000  # lines to choose from at a time: a form has room for so many
MOST_CLOSINGS = 20  # of them such as close a unit: what waits at each is looked up


@dataclass(frozen=True)
class KnownUnit:
    id: int
    name: str
    level: str
    path: str
    parent_id: int | None
    code: str = ""  # valid today
    school_forms: tuple[str, ...] = ()
    open: bool = True
    context: bool = False


@dataclass(frozen=True)
class KnownPerson:
    id: int
    name: str
    email: str
    ended: bool = False


@dataclass(frozen=True)
class KnownMandate:
    """A mandate that holds today or later."""

    id: int
    person_id: int
    unit_id: int
    role: str
    start: date
    end: date | None = None


@dataclass
class Known:
    """What is here. The last three: what the source's ids have been tied to before."""

    units: dict[int, KnownUnit] = field(default_factory=dict)
    persons: dict[int, KnownPerson] = field(default_factory=dict)
    mandates: dict[int, KnownMandate] = field(default_factory=dict)
    unit_of: dict[str, int] = field(default_factory=dict)
    person_of: dict[str, int] = field(default_factory=dict)
    mandate_of: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One line to choose. `about` is the source's id; `needs` are its ids of units that must stand before."""

    what: str
    about: str
    sentence: str
    said: tuple[str, ...] = ()  # what the sentence says, in no language
    needs: tuple[str, ...] = ()
    node: Node | None = None
    wanted: Wanted | None = None
    staff: Staff | None = None
    unit_id: int | None = None
    person_id: int | None = None
    mandate_id: int | None = None
    start: date | None = None
    end: date | None = None

    @property
    def key(self) -> str:
        """Names exactly this line: another name, day or unit makes it another line, which has to be chosen anew."""
        facts = [self.what, self.about, *self.said, str(self.unit_id), str(self.person_id), str(self.mandate_id)]
        return hashlib.sha256(json.dumps([*facts, str(self.end)]).encode()).hexdigest()[:20]

    @property
    def chosen(self) -> bool:
        """Whether it is ticked from the start: not what ends, what is a guess, or another address to sign in with."""
        another_address = self.what == "change_person" and self.said[1] != self.said[3]
        return self.what not in ASKED_FOR and not another_address


@dataclass(frozen=True)
class Link:
    """What was recognised: an id of the source, and which unit, person or mandate here it is."""

    kind: str
    external_id: str
    id: int


@dataclass
class Plan:
    changes: list[Change] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stands: dict[str, int] = field(default_factory=dict)  # the source's id → the unit that it is, for sure

    @property
    def anything(self) -> bool:
        return bool(self.changes or self.links)

    @property
    def shown(self) -> list[Change]:
        """The lines to choose from this time; the others come when these have been seen."""
        closings = [change for change in self.changes if change.what == "close_unit"][:MOST_CLOSINGS]
        return [*(change for change in self.changes if change.what != "close_unit"), *closings][:MOST_SHOWN]
