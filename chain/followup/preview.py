"""A follow-up as somebody at a level would see it, with nothing entered: made of the year's own questions, and never stored."""

from sqlalchemy import select

from chain.access import policy
from chain.base.db import db
from chain.base.locale import _, sorted_by_name
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode, Year
from chain.followup.checks import Work
from chain.followup.models import Followup
from chain.measure.rules import Known, written_due
from chain.organisation.models import Unit


def units(year: Year, level: str) -> list[Unit]:
    """The units through whose eyes one can look: the committee's own at a level, open ones, in Swedish order."""
    own = policy.below(year.path, Unit.path), Unit.level == level, Unit.context.is_(False)
    return [one for one in sorted_by_name(db.session.scalars(select(Unit).where(*own))) if one.open]


def work(round: Round, level: str, unit: Unit | None) -> Work:
    """An empty follow-up of a unit in a round; where the level has no unit yet, of one with every school form."""
    forms = list(unit.school_forms) if unit and unit.school_forms else _forms_around(round, unit)
    path, name = (unit.path, unit.name) if unit else (round.path, cycle.level_name(level))
    node = RoundNode(
        round=round, unit=unit, level=level, path=path, name=name,
        school_forms=forms, year_groups=list(unit.year_groups) if unit else [], expected=True, exempt_reason="", late_reason="",
    )  # fmt: skip
    here = Work(Followup(public_id="", level=level, state="draft", moved=1, round=round, unit=unit, path=node.path), node)
    dues = {
        written_due(label, number): _("%(round)s %(year)s", round=name, year=label)
        for label, number, name in cycle.upcoming(round)
    }
    here.sections, here.open, here.earlier, here.known = {}, [], [], Known({}, dues)
    return here


def _forms_around(round: Round, unit: Unit | None) -> list[str]:
    """Of one that has said nothing: the forms of what stands around it, as when a round opens."""
    if unit is None:
        return list(cycle.school_forms())
    around = policy.below(unit.path, Unit.path) | Unit.path.in_(policy.ancestors(unit.path))
    found = db.session.scalars(select(Unit).where(around, Unit.context.is_(False)).order_by(Unit.path.desc()))
    return list(dict.fromkeys(form for one in found for form in one.school_forms))
