"""What is true of the tree: which level may stand under which, and how a path is made."""

import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from chain.access.words import Role
from chain.base.errors import RuleBroken
from chain.base.locale import _, lazy

ROLES_AT: dict[str, frozenset[Role]] = {  # which mandates a level has room for
    "municipality": frozenset({Role.STEWARD, Role.AUDITOR}),
    "committee": frozenset({Role.MEMBER, Role.SECRETARY, Role.AUDITOR}),
    "administration": frozenset({Role.DIRECTOR, Role.OFFICER, Role.AUDITOR}),
    "area": frozenset({Role.AREA_HEAD, Role.AUDITOR}),
    "unit": frozenset({Role.PRINCIPAL, Role.DEPUTY, Role.FIRST_TEACHER, Role.PROVIDER, Role.AUDITOR}),
    "group": frozenset({Role.STAFF}),
}

ROLE_WORDS = {  # as they stand within a sentence
    Role.STAFF: lazy("medarbetare"),
    Role.FIRST_TEACHER: lazy("förstelärare"),
    Role.PRINCIPAL: lazy("rektor"),
    Role.DEPUTY: lazy("biträdande rektor"),
    Role.AREA_HEAD: lazy("verksamhetschef"),
    Role.OFFICER: lazy("utredare"),
    Role.DIRECTOR: lazy("förvaltningschef"),
    Role.MEMBER: lazy("ledamot"),
    Role.SECRETARY: lazy("nämndsekreterare"),
    Role.PROVIDER: lazy("anordnare"),
    Role.AUDITOR: lazy("revisor"),
    Role.STEWARD: lazy("systemförvaltare"),
}

KIND_WORDS = {
    "": lazy("annan"),
    "school": lazy("skola"),
    "preschool": lazy("förskola"),
    "adult_education": lazy("vuxenutbildning"),
    "central": lazy("central enhet"),
    "external_provider": lazy("extern anordnare"),
}

CODE = re.compile(r"[1-9][0-9]{7}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def check_person(name: str, email: str) -> None:
    """Refuse a person without a name, or with an address that no letter reaches."""
    if not name.strip():
        raise RuleBroken(_("Skriv personens namn."))
    if not EMAIL.fullmatch(email.strip()):
        raise RuleBroken(_("Skriv en e-postadress, till exempel namn@kommun.se."))


def slug(name: str) -> str:
    """A name as a step of a path: lower case a–z, digits and hyphens. åäö → aao."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "enhet"


def child_path(parent: str | None, step: str) -> str:
    """Where a child stands: the parent's path, its own step, a slash."""
    return f"{parent or '/'}{step}/"


def check_move(path: str, new_parent: str) -> None:
    """Refuse to put a unit under itself or under something that it holds."""
    if new_parent.startswith(path):
        raise RuleBroken(_("En enhet kan inte flyttas in under sig själv. Välj en annan överordnad enhet."))


def check_level(rank: int, parent_rank: int) -> None:
    """Refuse a unit that would stand beside or above the level that it is put under."""
    if rank <= parent_rank:
        raise RuleBroken(
            _("Den nivån kan inte ligga där. Nivåerna går uppifrån och ner: kommun, nämnd, förvaltning, område, enhet.")
        )


def check_municipality_code(code: str, known: Container[str]) -> None:
    """Refuse what is no municipality's code: four digits, in SCB's list."""
    if code not in known:
        raise RuleBroken(_("En kommunkod har fyra siffror, till exempel 0182. %(code)s är ingen kommuns.", code=code))


def check_code(code: str) -> None:
    """Refuse what cannot be a school unit's code: eight digits, and never a date."""
    if not CODE.fullmatch(code):
        raise RuleBroken(_("En skolenhetskod har åtta siffror och börjar inte med noll, till exempel 67134582."))
    if _is_date(code):
        raise RuleBroken(_("%(code)s är ett datum. En skolenhetskod är aldrig det: se efter i skolenhetsregistret.", code=code))


def _is_date(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


# A unit that ends


@dataclass(frozen=True)
class Waiting:
    """What waits for a unit that is to end: how many of what, and of whom, never what they say.

    `chooses`: somebody can be chosen to take it over; else `to` says who gets it.
    """

    link: str
    what: str
    count: int
    names: tuple[str, ...] = ()
    chooses: bool = True
    to: str = ""


def seen(waiting: Iterable[Waiting]) -> str:
    """A mark of what was shown, so that it is noticed when something has come since."""
    return sha256(repr([(one.link, one.count, one.names) for one in waiting]).encode()).hexdigest()[:16]


def together(lists: Iterable[Sequence[str]]) -> list[str]:
    """All that any of them has, once each, in order."""
    return list(dict.fromkeys(each for one in lists for each in one))


def check_merge(levels: Sequence[str], names: Sequence[str]) -> None:
    """Refuse to merge fewer than two units, or units of different levels."""
    if len(names) < 2:
        raise RuleBroken(_("Välj minst en enhet till att slå ihop med."), {"others": _("Välj minst en enhet.")})
    if len(set(levels)) > 1:
        raise RuleBroken(_("Enheter på olika nivåer kan inte slås ihop: %(units)s.", units=", ".join(names)))
