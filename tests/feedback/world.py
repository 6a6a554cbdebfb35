"""A decision to give feedback about, and feedback given about it, reached by doing."""

from datetime import date
from typing import Any

from chain.access.policy import Role
from chain.base.db import db
from chain.feedback import actions, queries
from chain.feedback.models import Delivery, Feedback
from chain.matter import actions as matter
from chain.matter.models import Decision
from chain.organisation import actions as organisation
from tests.makers import Cast

TEXT = "Stärk den gemensamma strukturen på underlaget för analys."


def decision(cast: Cast, paragraph: str = "§ 12", decided_on: date = date(2026, 11, 20), committee: str = "bun") -> Decision:
    by = cast.sixten
    if committee == "vux":
        by = organisation.give_mandate(cast.sixten.person, Role.SECRETARY, cast.unit["vux"], by=None)
    return matter.record(
        cast.unit[committee], decided_on=decided_on, paragraph=paragraph, registration_number="Bun 2026/75",
        text="Nämnden godkänner redovisningen.", by=by,
    )  # fmt: skip


def given(cast: Cast, who: str = "maja", to: str = "fvn", **more: Any) -> Feedback:
    """Feedback about a decision, from somebody to units (short names with spaces between)."""
    about = more.pop("about", None) or decision(cast)
    due_on = more.pop("due_on", None)
    units = [cast.unit[name] for name in to.split()]
    return actions.give("decision", about.public_id, more.pop("text", TEXT), units, due_on, by=cast.who[who], **more)


def at(feedback: Feedback, cast: Cast, name: str) -> Delivery:
    """The delivery of a unit, as it stands now."""
    trail = queries.trail(feedback)
    return next(copy for copy in trail.copies if copy.unit_id == cast.unit[name].id)


def pass_down(feedback: Feedback, cast: Cast, *steps: str) -> None:
    """Read and pass on, node by node: `fvn:diana` and so on."""
    for step in steps:
        unit, _, who = step.partition(":")
        actions.read(at(feedback, cast, unit), by=cast.who[who])
        actions.pass_on(at(feedback, cast, unit), f"Det här betyder det för oss: {unit}.", by=cast.who[who])
    db.session.expire_all()
