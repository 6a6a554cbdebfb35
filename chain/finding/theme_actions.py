"""What is done with an administration's themes: nothing that has been coded is ever lost by it."""

from typing import Any

from sqlalchemy import func, select

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, events, queue
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle.models import OWN, Year
from chain.finding import queries, rules, shipped
from chain.finding.models import Theme
from chain.organisation.models import Mandate, Unit


@events.listen("year_opened", "finding")
def year_opened(year: Year, **facts: Any) -> None:
    """Each administration of the committee has themes to code with, from its first year on."""
    below = select(Unit).where(Unit.level == "administration", policy.below(year.path, Unit.path))
    for unit in db.session.scalars(below):
        _ship(unit)


def _ship(unit: Unit) -> None:
    if db.session.scalar(select(func.count()).select_from(Theme).where(Theme.unit_id == unit.id)):
        return
    for place, one in enumerate(shipped.themes(), 1):
        db.session.add(Theme(unit_id=unit.id, path=unit.path, key=one.key, position=place, words=one.words))
    db.session.flush()


@atomic
def begin(*, by: Mandate) -> None:
    """Take the shipped themes into an administration that has none, as one has whose years were opened before there were any."""
    _require(by)
    _ship(by.unit)
    audit.note("finding.begin", about=by.unit)


@atomic
def add(name: str, belongs: str, *, by: Mandate) -> Theme:
    """One of the administration's own, last in the order."""
    _require(by)
    found = _held(by)
    words = {"name": rules.check_name(name, (one.name for one in found)), "belongs": belongs.strip()}
    place = max((one.position for one in found), default=0) + 1
    own = {"public_id": random_name(), "key": OWN + random_name()}
    made = Theme(unit_id=by.unit_id, path=by.unit.path, position=place, words={"sv": words}, **own)
    db.session.add(made)
    db.session.flush()
    audit.note("finding.add_theme", about=made)
    return made


@atomic
def rename(theme: Theme, name: str, belongs: str, *, by: Mandate) -> None:
    """Other words for the same theme: what it was called is kept, and what has been coded stays."""
    guard.require(Action.KEEP, theme, by)
    others = [one.name for one in _held(by) if one.id != theme.id]
    new = rules.check_name(name, others)
    before = str(theme.words["sv"]["name"])
    if new != before:
        theme.earlier = [*theme.earlier, before]
    theme.words = {"sv": {"name": new, "belongs": belongs.strip()}}
    audit.note("finding.rename_theme", about=theme)


@atomic
def merge(theme: Theme, into: Theme, *, by: Mandate) -> None:
    """Count a theme as another from now on, in all rounds. Its codings stay its own, so that it can be undone."""
    guard.require(Action.KEEP, theme, by)
    guard.require(Action.KEEP, into, by)
    _held(by)
    if theme.id == into.id or into.state != "active" or into.unit_id != theme.unit_id:
        told = _("Välj ett annat tema som används.")
        raise RuleBroken(told, {"into": told})
    if theme.state == "merged":
        raise RuleBroken(_("Temat är redan sammanslaget. Ångra det först."))
    theme.state, theme.merged_into = "merged", into
    audit.note("finding.merge_theme", about=theme, into=into.public_id)


@atomic
def retire(theme: Theme, *, by: Mandate) -> None:
    """Nothing new is coded with it; what has been coded is counted as before."""
    guard.require(Action.KEEP, theme, by)
    if theme.state != "active":
        raise RuleBroken(_("Temat används inte längre."))
    theme.state = "retired"
    audit.note("finding.retire_theme", about=theme)


@atomic
def restore(theme: Theme, *, by: Mandate) -> None:
    """Undo a merge, or take a retired theme into use again: its codings are where they were."""
    guard.require(Action.KEEP, theme, by)
    if theme.state == "active":
        raise RuleBroken(_("Temat används redan."))
    theme.state, theme.merged_into = "active", None
    audit.note("finding.restore_theme", about=theme)


def _require(by: Mandate) -> None:
    guard.require(Action.KEEP, Theme(unit_id=by.unit_id, path=by.unit.path, state="active"), by)


def _held(by: Mandate) -> list[Theme]:
    """The administration's themes; one at a time changes which there are."""
    queue.lock(db.session(), f"themes:{by.unit_id}")
    return queries.themes(by.unit_id)
