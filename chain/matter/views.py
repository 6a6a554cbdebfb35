"""The committee's decisions: all of them, one of them, and the secretary's form."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import clock
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.matter import actions, queries
from chain.matter.models import Decision
from forms.matter import Record

bp = Blueprint("matter", __name__, url_prefix="/matter")


@bp.get("/")
@allow(Action.READ, "decision")
def archive() -> str:
    may_record = policy.may_somewhere(g.mandate, Action.RECORD, "decision")
    return render_template(
        "matter/archive.html", decisions=queries.decisions(g.mandate), may_record=may_record, chain_here="committee"
    )


@bp.get("/<public_id>")
@allow(Action.READ, Decision, options=queries.WHOLE)
def show(decision: Decision) -> str:
    return render_template(
        "matter/show.html", decision=decision, correction=queries.correction(decision),
        may_record=policy.may(g.mandate, Action.RECORD, decision), chain_here="committee",
    )  # fmt: skip


@bp.route("/record", methods=["GET", "POST"])
@allow(Action.RECORD, "decision")
def record() -> Any:
    corrects = _corrected()
    form = Record(request.form if request.method == "POST" else None, data=_first(corrects))
    rounds = cycle.opened(g.mandate.path)
    form.round.choices = [("", _("Ingen uppföljning")), *((one.public_id, f"{one.title} {one.year.label}") for one in rounds)]
    if form.validate_on_submit():
        try:
            return _record(form, next((one for one in rounds if one.public_id == form.round.data), None), corrects)
        except RuleBroken as no:
            for name, sentence in no.problems.items():
                form[name].errors = [sentence]
            if not no.problems:
                form.form_errors.append(no.sentence)
    page = render_template("matter/record.html", form=form, corrects=corrects, chain_here="committee")
    return page, 422 if form.errors else 200


def _record(form: Record, about: Round | None, corrects: Decision | None) -> Response:
    made = actions.record(
        g.mandate.unit, decided_on=form.decided_on.data or clock.today(), paragraph=str(form.paragraph.data),
        text=str(form.text.data),
        registration_number=str(form.registration_number.data), about=about, corrects=corrects, by=g.mandate,
    )  # fmt: skip
    flash(_("Beslutet är inskrivet. Nästa steg är att återkoppla det nedåt."), "success")
    return redirect(url_for("matter.show", public_id=made.public_id), 303)


def _corrected() -> Decision | None:
    """The decision that is to be corrected, if any."""
    public_id = request.values.get("corrects")
    return fetch(Decision, public_id, Action.RECORD, queries.WHOLE) if public_id else None


def _first(corrects: Decision | None) -> dict[str, Any]:
    """What the form shows at first: today, or what is to be corrected."""
    if corrects is None:
        return {"decided_on": clock.today(), "round": request.args.get("round", "")}
    return {
        "decided_on": corrects.decided_on, "paragraph": corrects.paragraph, "registration_number": corrects.registration_number,
        "text": corrects.text, "round": corrects.round.public_id if corrects.round else "", "corrects": corrects.public_id,
    }  # fmt: skip
