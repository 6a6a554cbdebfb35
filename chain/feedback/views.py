"""Giving feedback, seeing how far it has reached, and doing something with what one got."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.slots import fill
from chain.cycle import queries as cycle
from chain.dialogue import rules as dialogues
from chain.dialogue.models import Dialogue
from chain.feedback import actions, queries, rules
from chain.feedback.models import Delivery, Feedback
from chain.followup.models import Followup, Submission
from chain.matter.models import Decision
from chain.organisation.models import Unit
from chain.report.models import Report
from forms.feedback import Answer, Close, Give, PassOn

bp = Blueprint("feedback", __name__, url_prefix="/feedback")

WHOLE_FEEDBACK = (joinedload(Feedback.unit), joinedload(Feedback.author))
WHOLE_DELIVERY = (
    joinedload(Delivery.feedback).joinedload(Feedback.unit),
    joinedload(Delivery.unit),
    joinedload(Delivery.read_by),
)


@bp.app_template_global("level_word_many")
def level_word_many(key: str) -> str:
    """A level when there are several of it: Enheter."""
    many = {"area": _("Områden"), "unit": _("Enheter"), "group": _("Arbetslag")}
    return many.get(key) or cycle.level_name(key)


@bp.app_template_global("full_name")
def full_name(unit: Unit) -> str:
    return queries.full_name(unit)


@bp.get("/")
@allow(Action.READ, "feedback")
def archive() -> str:
    unit = g.mandate.unit_id
    received = queries.received(unit)
    waits = [one for one in received if one.state in rules.WAITING and one.feedback.state == "open"]
    sent = queries.sent(unit)
    return render_template(
        "feedback/archive.html", waits=waits, received=[one for one in received if one not in waits], sent=sent,
        titles=queries.titles([*(one.feedback for one in received), *(trail.feedback for trail in sent)]),
        reads_dialogues=policy.may_somewhere(g.mandate, Action.READ, "dialogue"),
    )  # fmt: skip


@bp.route("/give", methods=["GET", "POST"])
@allow(Action.GIVE, "feedback")
def give() -> Any:
    form = Give(request.form if request.method == "POST" else None, data=request.args.to_dict())
    thing = queries.about(g.mandate, str(form.about_kind.data), str(form.about.data))
    if thing is None:
        raise NotFound
    to = queries.receivers(g.mandate)
    asks = form.kind.data == "question"
    _offer(form, to)
    if request.method != "POST":
        _preselect(form, to, thing)
    if form.validate_on_submit():
        try:
            given = actions.give(
                str(form.about_kind.data), str(form.about.data), str(form.text.data),
                queries.chosen(to, str(form.whom.data), form.units.data or []), form.due_on.data, by=g.mandate,
                kind="question" if asks else "feedback",
            )  # fmt: skip
        except RuleBroken as no:
            form.form_errors.append(no.sentence)
        else:
            flash(_("Frågan är skickad.") if asks else _("Återkopplingen är skickad."), "success")
            return redirect(url_for("feedback.show", public_id=given.public_id), 303)
    refused = bool(form.errors)
    page = render_template("feedback/give.html", form=form, title=queries.title(thing), to=to, asks=asks, some=queries.SOME)
    return page, 422 if refused else 200


def _offer(form: Give, to: list[tuple[str, list[Unit]]]) -> None:
    """The choices: a whole level, or nodes by name."""
    levels = [(level, _("Alla %(level)s (%(n)s)", level=level_word_many(level).lower(), n=len(units))) for level, units in to]
    form.whom.choices = [*levels, (queries.SOME, _("Bara de som jag väljer"))]
    form.units.choices = [(unit.public_id, unit.name) for _level, units in to for unit in units]


def _preselect(form: Give, to: list[tuple[str, list[Unit]]], thing: Any = None) -> None:
    """The level right below; a submission is answered to those who handed it in."""
    if not to:
        return
    named = [unit.public_id for _level, units in to for unit in units if unit.id == getattr(thing, "unit_id", None)]
    form.whom.data = queries.SOME if named else to[0][0]
    form.units.data = named


@bp.get("/<public_id>")
@allow(Action.READ, Feedback, options=WHOLE_FEEDBACK)
def show(feedback: Feedback) -> str:
    return _show(feedback, Close(formdata=None))


def _show(feedback: Feedback, form: Close) -> str:
    trail = queries.trail(feedback)
    turn, words = _turn(trail)
    return render_template(
        "feedback/show.html", feedback=feedback, trail=trail, form=form, names=_names(trail), about=_link(feedback),
        title=_title(feedback),
        may_keep=policy.may(g.mandate, Action.KEEP, feedback), chain_here=g.mandate.unit.level,
        chain_turn=turn, chain_turn_text=words,
    )  # fmt: skip


def _turn(trail: queries.Trail) -> tuple[str | None, str]:
    """Whose turn it is, in the band at the top."""
    if trail.feedback.state == "closed":
        return None, ""
    if trail.turn is None:
        return trail.feedback.unit.level, _("Alla har gjort något av det. Ni som gav det kan avsluta.")
    waiting = [copy for copy, _days in trail.stopped if copy.level == trail.turn]
    if len(waiting) == 1:
        return trail.turn, _("Nu väntar det på %(unit)s.", unit=queries.full_name(waiting[0].unit))
    return trail.turn, _("Nu väntar det på %(n)s %(level)s.", n=len(waiting), level=level_word_many(trail.turn).lower())


def _names(trail: queries.Trail) -> set[int]:
    """The deliveries whose reader may be named to the one who asks."""
    return {copy.id for copy in trail.copies if queries.sees_names(g.mandate, copy)}


def _link(feedback: Feedback) -> str | None:
    """The page of what it is about, for those who may read that; the others see its title alone."""
    if queries.about(g.mandate, feedback.about_kind, feedback.about) is None:
        return None
    return url_for(queries.PAGES[feedback.about_kind], public_id=feedback.about)


def _title(feedback: Feedback) -> str:
    return queries.titles([feedback])[feedback.about]


@bp.get("/delivery/<public_id>")
@allow(Action.READ, Delivery, options=WHOLE_DELIVERY)
def delivery(delivery: Delivery) -> str:
    return _delivery(delivery, Answer(formdata=None, prefix="answer"), PassOn(formdata=None, prefix="pass"))


def _delivery(delivery: Delivery, answer: Answer, pass_on: PassOn) -> str:
    trail = queries.trail(delivery.feedback)
    below = trail.below(delivery)
    opened = delivery.feedback.state == "open"
    may = opened and policy.may(g.mandate, Action.ANSWER, delivery)
    waits = may and delivery.state in rules.WAITING
    turn, words = (delivery.level, _("Nu är det er tur.")) if waits else _turn(below) if below.turn else (None, "")
    have = {copy.unit_id for copy in trail.copies}
    children = [unit for unit in queries.children(delivery.unit_id) if unit.id not in have] if may else []
    return render_template(
        "feedback/delivery.html", delivery=delivery, feedback=delivery.feedback, line=trail.line(delivery), below=below,
        names=_names(below), about=_link(delivery.feedback), title=_title(delivery.feedback), may=may, children=children,
        answer=answer, pass_on=pass_on,
        late=trail.late, chain_here=delivery.level, chain_turn=turn, chain_turn_text=words,
    )  # fmt: skip


@bp.post("/delivery/<public_id>/read")
@allow(Action.ANSWER, Delivery)
def read(delivery: Delivery) -> Response:
    if delivery.state == "delivered":
        actions.read(delivery, by=g.mandate)
        flash(_("Tack. Nu syns det ovanför er att ni har läst."), "success")
    return _back(delivery)


@bp.post("/delivery/<public_id>/answer")
@allow(Action.ANSWER, Delivery, options=WHOLE_DELIVERY)
def answer(delivery: Delivery) -> Any:
    form = Answer(prefix="answer")
    try:
        if form.validate_on_submit():
            actions.answer(delivery, str(form.words.data or ""), by=g.mandate)
            flash(_("Tack, svaret är skickat. Det går att läsa hela vägen upp."), "success")
            return _back(delivery)
    except RuleBroken as no:
        form.words.errors = [no.sentence]
    return _delivery(delivery, form, PassOn(formdata=None, prefix="pass")), 422


@bp.post("/delivery/<public_id>/pass-on")
@allow(Action.ANSWER, Delivery, options=WHOLE_DELIVERY)
def pass_on(delivery: Delivery) -> Any:
    form = PassOn(prefix="pass")
    try:
        if form.validate_on_submit():
            actions.pass_on(delivery, str(form.words.data or ""), by=g.mandate)
            flash(_("Det är fört vidare, med era ord först."), "success")
            return _back(delivery)
    except RuleBroken as no:
        form.words.errors = [no.sentence]
    return _delivery(delivery, Answer(formdata=None, prefix="answer"), form), 422


def _back(delivery: Delivery) -> Response:
    return redirect(url_for("feedback.delivery", public_id=delivery.public_id), 303)


@bp.post("/<public_id>/close")
@allow(Action.KEEP, Feedback, options=WHOLE_FEEDBACK)
def close(feedback: Feedback) -> Any:
    form = Close()
    try:
        if form.validate_on_submit():
            actions.close(feedback, str(form.words.data or ""), by=g.mandate)
            flash(_("Återkopplingen är avslutad."), "success")
            return redirect(url_for("feedback.show", public_id=feedback.public_id), 303)
    except RuleBroken as no:
        form.words.errors = [no.sentence]
    return _show(feedback, form), 422


@bp.post("/<public_id>/reopen")
@allow(Action.KEEP, Feedback)
def reopen(feedback: Feedback) -> Response:
    actions.reopen(feedback, by=g.mandate)
    flash(_("Återkopplingen är öppen igen."), "success")
    return redirect(url_for("feedback.show", public_id=feedback.public_id), 303)


# In other links' pages


@fill("report.page", "feedback")
def beside_report(report: Report) -> str:
    return _beside("report", report)


@fill("decision.form", "feedback")
def with_decision(sent: MultiDict[str, str] | None, problems: dict[str, str]) -> str:
    """Fields in the secretary's form of a decision: what is said of it down the chain, to whom, in the same step."""
    form = Give(sent, prefix=queries.WITH_DECISION, meta={"csrf": False})
    to = queries.receivers(g.mandate)
    _offer(form, to)
    if sent is None:
        _preselect(form, to)
    for field in form:
        if field.name in problems:
            field.errors = [problems[field.name]]
    return render_template("feedback/_with_decision.html", form=form, to=to, some=queries.SOME)


@fill("decision.page", "feedback")
def beside_decision(decision: Decision) -> str:
    return _beside("decision", decision)


@fill("submission.page", "feedback")
def beside_submission(submission: Submission) -> str:
    """For those above who read what was handed up; those who wrote it find theirs where they write the next one."""
    return "" if submission.unit_id == g.mandate.unit_id else _beside("submission", submission)


@fill("dialogue.page", "feedback")
def beside_dialogue(dialogue: Dialogue) -> str:
    """What those who held it have said of it afterwards: they alone say it, and when both have agreed to the notes."""
    host = dialogues.side(str(g.mandate.role)) == dialogues.HOST
    return _beside("dialogue", dialogue, gives=host and dialogue.state in dialogues.SETTLED)


def _beside(kind: str, thing: Any, *, gives: bool = True) -> str:
    may_give = gives and policy.may_somewhere(g.mandate, Action.GIVE, "feedback")
    given = queries.sent_about(g.mandate.unit_id, [thing.public_id])
    got = queries.received_about(g.mandate.unit_id, thing.public_id)
    asks = may_give and kind == "report" and g.mandate.role in (Role.MEMBER, Role.SECRETARY)
    return render_template(
        "feedback/_beside.html", kind=kind, about=thing.public_id, given=given, got=got, may_give=may_give, asks=asks
    )


@fill("report.since", "feedback")
def since(things: list[str], path: str, until: date | None = None) -> str:
    """What the committee asked and said last time, and what came of it: for the committee, and for those who were told."""
    given = queries.sent_from(path, things, until)
    known = [one for one in given if path == g.mandate.path or any(copy.unit_id == g.mandate.unit_id for copy in one.copies)]
    told = [(one, queries.answers_from_nearest(one, until)) for one in known]
    return render_template("feedback/_since.html", given=told, sender=path == g.mandate.path, until=until) if known else ""


@fill("followup.hub", "feedback")
def happened(followup: Followup) -> str:
    found = queries.happened(followup)
    return render_template("feedback/_happened.html", happened=found, today=clock.today()) if found and found.anything else ""
