"""What is true of the tree: which level may stand under which, and how a path is made."""

import re
import unicodedata

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

LEVEL_WORDS = {
    "municipality": lazy("Kommun"),
    "committee": lazy("Nämnd"),
    "administration": lazy("Förvaltning"),
    "area": lazy("Område"),
    "unit": lazy("Enhet"),
    "group": lazy("Arbetslag"),
}


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
