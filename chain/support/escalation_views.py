"""The pages of needs that have waited too long: what stands at us, what we wait for, and the answer that is owed."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from sqlalchemy.orm import joinedload

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import out, slots
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.followup.models import Followup
from chain.measure.models import Measure
from chain.organisation.models import Unit
from chain.support import directed_queries as directed
from chain.support import escalation_actions as actions
from chain.support import escalation_queries as queries
from chain.support import tables
from chain.support.directed_models import Directed
from chain.support.escalation_models import Escalation
from chain.support.escalation_rules import LIVE, OWED
from forms.escalation import EscalationForm, ExplainForm

bp = Blueprint("escalation", __name__, url_prefix="/escalation")

WHOLE = (
    joinedload(Escalation.unit), joinedload(Escalation.receiver).joinedload(Unit.parent), joinedload(Escalation.origin),
    joinedload(Escalation.round),
)  # fmt: skip


@bp.app_template_global("escalation_title")
def title(one: Escalation) -> str:
    """Whose need it is and why it has come up."""
    if one.origin_id is not None:
        return _("%(unit)s för ett behov vidare", unit=one.unit.name)
    if one.kind == "measure":
        return _("%(unit)s har fört en åtgärd vidare %(n)s gånger", unit=one.unit.name, n=one.carried)
    return _("%(unit)s har väntat en omgång på svar om stöd", unit=one.unit.name)


@bp.app_template_global("escalation_words")
def said(one: Escalation) -> str:
    """Its words, as far as the reader's unit may see them; a sentence where they are not read there."""
    if one.unit_id != g.mandate.unit_id and one.opened_at is None:
        return _("Ingen har öppnat uppföljningen där behovet står. Se till att den läses, så syns det här.")
    return one.words or _("Orden står i en uppföljning som inte läses på den här nivån.")


@bp.get("/")
@allow(Action.READ, "escalation")
def archive() -> Any:
    """What stands at us, and what we wait for."""
    at_us, ours = queries.at_us(g.mandate), queries.ours(g.mandate)
    if form := out.wanted():
        table = tables.escalations(g.mandate.unit, [(one, title(one), said(one)) for one in (*at_us, *ours)])
        return out.file(table, form, _("lyfta behov"), g.mandate.unit.name)
    return render_template("support/escalations.html", at_us=at_us, ours=ours, owed=OWED)


@bp.get("/<public_id>")
@allow(Action.READ, Escalation, options=WHOLE)
def show(escalation: Escalation) -> str:
    return _page(escalation, EscalationForm(formdata=None), ExplainForm(formdata=None, words=escalation.words))


@bp.post("/<public_id>/answer")
@allow(Action.READ, Escalation, options=WHOLE)
def answer(escalation: Escalation) -> Any:
    if escalation.answered_by_id == g.mandate.person_id:  # the button was pressed twice
        return redirect(url_for("escalation.show", public_id=escalation.public_id), 303)
    guard.require(Action.ANSWER, escalation, g.mandate)
    form = EscalationForm()
    if form.validate_on_submit():
        try:
            actions.answer(
                escalation, state=form.state.data, text=form.answer.data or "", until=form.until.data, by=g.mandate
            )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Svaret är lämnat till %(unit)s.", unit=escalation.unit.name), "success")
            return redirect(url_for("escalation.show", public_id=escalation.public_id), 303)
    return _page(escalation, form, ExplainForm(formdata=None)), 422


@bp.post("/<public_id>/explain")
@allow(Action.WRITE, Escalation, options=WHOLE)
def explain(escalation: Escalation) -> Any:
    """The unit tells a level that does not read its follow-ups what it has to know."""
    form = ExplainForm()
    if form.validate_on_submit():
        try:
            actions.explain(escalation, form.words.data or "", by=g.mandate)
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Orden läses nu av %(unit)s.", unit=escalation.receiver.name), "success")
            return redirect(url_for("escalation.show", public_id=escalation.public_id), 303)
    return _page(escalation, EscalationForm(formdata=None), form), 422


def _page(escalation: Escalation, form: EscalationForm, explain: ExplainForm) -> str:
    above = queries.above(escalation)
    if above is None:
        form.state.choices = [choice for choice in form.state.choices if choice.value != "taken_up"]
        form.answer.label.text = _("Vilket stöd, eller varför inte")
    around = (escalation.origin, queries.taken_up_as(escalation))
    return render_template(
        "support/escalation.html", escalation=escalation, form=form, explain=explain, above=above,
        connected=[one for one in around if one and policy.may(g.mandate, Action.READ, one)],
        measure=_measure(escalation), request_=_request(escalation), answers=policy.may(g.mandate, Action.ANSWER, escalation),
        explains=policy.may(g.mandate, Action.WRITE, escalation) and escalation.receiver.level == "committee",
        chain_turn=escalation.receiver.level if escalation.state in ("unread", "open") else None,
    )  # fmt: skip


def _measure(escalation: Escalation) -> Measure | None:
    """The measure as it stands now, where the reader may open it."""
    found = queries.measure_of(escalation)
    return found if found and policy.may(g.mandate, Action.READ, found) else None


def _request(escalation: Escalation) -> Any:
    found = escalation.request
    return found if found and policy.may(g.mandate, Action.READ, found) else None


# In other links' pages


def fragment(found: Iterable[Escalation], heading: str) -> str:
    known = list(found)
    return render_template("support/_escalations.html", escalations=known, heading=heading, live=LIVE) if known else ""


@slots.fill("unit.page", "support")
def on_unit(unit: Unit, **facts: Any) -> str:
    """On a unit's page: what the level above owes it an answer to, and what it has answered."""
    raised = ""
    if policy.may_somewhere(g.mandate, Action.READ, "escalation"):
        raised = fragment(queries.of_unit(unit, g.mandate), _("Lyft till nivån ovanför"))
    return raised + _directed(unit)


def _directed(unit: Unit) -> str:
    """Its directed support, and the way to ask for it or offer it."""
    if unit.level != "unit" or unit.context or not policy.may_somewhere(g.mandate, Action.READ, "directed"):
        return ""
    found = directed.of_unit(unit, g.mandate)
    new = Directed(unit_id=unit.id, path=unit.path, receiver_id=g.mandate.unit_id, state="[*]")
    gives = unit.open and policy.may(g.mandate, Action.GIVE, new)
    return render_template("support/_directed_unit.html", found=found, gives=gives, unit=unit) if found or gives else ""


@slots.fill("measure.page", "support")
def on_measure(measure: Measure, **facts: Any) -> str:
    """On a measure's page: what carrying it so often has led to."""
    if not policy.may_somewhere(g.mandate, Action.READ, "escalation"):
        return ""
    return fragment(queries.of_lineage(measure.lineage, g.mandate), _("Lyft till nivån ovanför"))


@slots.fill("followup.head", "support")
def on_hub(followup: Followup, **facts: Any) -> str:
    """At the head of the next follow-up: what was answered from above since the last, and what still waits."""
    return fragment(queries.told_in(followup), _("Lyft till nivån ovanför"))
