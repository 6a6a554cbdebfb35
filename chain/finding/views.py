"""What the analyses say: themes over units and rounds, and the queue in which they are read and coded."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import slots
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.finding import actions, counting, example_views, finding_actions, finding_queries, finding_rules, queries, rules
from chain.finding.models import Finding, Passage, Theme
from chain.followup import actions as followup
from chain.followup.models import Followup, Submission
from forms.base import posted
from forms.finding import FindingForm, MarkForm, MoveForm

bp = Blueprint("finding", __name__, url_prefix="/finding")

LATEST = 6  # rounds to choose from
SUBMISSION = (
    joinedload(Submission.followup), joinedload(Submission.round).joinedload(Round.year), joinedload(Submission.unit),
    joinedload(Submission.submitted_by),
)  # fmt: skip


def asked_round() -> Round | None:
    """The round that the address asks for, else the one that is open now."""
    name = request.args.get("round", "")
    return guard.fetch(Round, name) if name else cycle.current(g.mandate.path)


@bp.get("/")
@allow(Action.READ, "theme")
def archive() -> Any:
    """A round's themes beside those of earlier rounds, and how far the reading has come."""
    round = asked_round()
    if round is None:
        return render_template("finding/none.html")
    found = counting.counted(g.mandate.unit, counting.trend(round), g.mandate)
    codes = policy.may_somewhere(g.mandate, Action.CODE, "submission")
    return render_template(
        "finding/archive.html", round=round, rounds=cycle.opened(round.path, LATEST), found=found, codes=codes,
        coverage=counting.coverage(found, round), queue=queries.queue(g.mandate, round) if codes else None,
        findings=finding_queries.of_round(g.mandate, round),
    )  # fmt: skip


# The reading queue


@bp.get("/queue/<public_id>")
@allow(Action.READ, Round)
def queue(round: Round) -> str:
    _coder()
    found = queries.queue(g.mandate, round)
    others = [row for row in found.rows if row.left and row.readers and not row.mine]
    return render_template("finding/queue.html", round=round, queue=found, others=others)


@bp.post("/queue/<public_id>/pass")
@allow(Action.READ, Round)
def pass_by(round: Round) -> Response:
    """Leave to the other coder what that one has read, and see the codes."""
    _coder()
    names = {row.public_id for row in queries.queue(g.mandate, round).rows if row.left and row.readers and not row.mine}
    left = [guard.fetch(Submission, name, Action.CODE) for name in sorted(names)]
    count = actions.pass_by(left, by=g.mandate)
    flash(_("Du ser nu koderna i %(n)s texter, och kodar dem inte själv.", n=count), "success")
    return redirect(url_for("finding.queue", public_id=round.public_id), 303)


def _coder() -> None:
    """Of the roles that read a round, those that code."""
    if not policy.may_somewhere(g.mandate, Action.CODE, "submission"):
        raise NotFound


@bp.route("/read/<public_id>", methods=["GET", "POST"])
@allow(Action.CODE, Submission, options=SUBMISSION)
def read(submission: Submission) -> Any:
    """A submission, paragraph by paragraph, with the form at the one that is asked for."""
    if submission.opened_at is None:
        return render_template("finding/cover.html", submission=submission)
    form = MarkForm()
    if request.method != "POST":
        return _page(submission, request.args.get("at", ""), form)
    span = form.span.data or ""
    try:
        begins = posted(form.begins.data) if form.begins.data else None
        actions.mark(
            submission, span, form.themes.data or [], words=form.words.data or "", begins=begins, note=form.note.data or "",
            seen=form.seen.data or "", by=g.mandate,
        )  # fmt: skip
    except RuleBroken as refused:
        form.refuse(refused.sentence, refused.problems)
        return _page(submission, span, form), 422
    return _on(submission, request.form.get("go") or span)


def _page(submission: Submission, span: str, form: MarkForm) -> str:
    themes = queries.themes(g.mandate.unit_id)
    text = queries.text(g.mandate, submission, themes)
    here = text.at(span)
    whole = next((one.passage for one in here.marks if one.mine and one.whole), None) if here else None
    if request.method == "GET" and whole:
        form.themes.data = [one.public_id for one in themes if one.id in {code.theme_id for code in whole.codes}]
        form.note.data = whole.note
    line = queries.queue(g.mandate, submission.round)
    return render_template(
        "finding/read.html", submission=submission, text=text, here=here, form=form, themes=queries.active(themes),
        beside=text.beside(here) if here else ("", ""), queue=line, next=line.after(submission), codes=_codes_of(themes),
        writes=text.mine is None or text.mine.state == "coding",
    )  # fmt: skip


def _codes_of(themes: list[Any]) -> dict[int, str]:
    """The themes' addresses by their numbers, for the script."""
    return {one.id: one.public_id for one in themes}


def _on(submission: Submission, span: str) -> Response:
    return redirect(url_for("finding.read", public_id=submission.public_id, at=span, _anchor=span), 303)


@bp.post("/read/<public_id>/open")
@allow(Action.CODE, Submission, options=SUBMISSION)
def open_(submission: Submission) -> Response:
    """Begin to read what nobody above has opened: its authors are told, and can no longer take it back."""
    followup.open_(submission, by=g.mandate)
    return redirect(url_for("finding.read", public_id=submission.public_id), 303)


@bp.post("/read/<public_id>/finish")
@allow(Action.CODE, Submission, options=SUBMISSION)
def finish(submission: Submission) -> Response:
    """Read: on to the next."""
    actions.finish(submission, by=g.mandate)
    following = queries.queue(g.mandate, submission.round).after(submission)
    flash(_("%(unit)s: markerad som läst.", unit=submission.snapshot["unit"]["name"]), "success")
    if following is None:
        return redirect(url_for("finding.queue", public_id=submission.round.public_id), 303)
    return redirect(url_for("finding.read", public_id=following.public_id), 303)


@bp.post("/read/<public_id>/resume")
@allow(Action.CODE, Submission, options=SUBMISSION)
def resume(submission: Submission) -> Response:
    actions.resume(submission, by=g.mandate)
    return redirect(url_for("finding.read", public_id=submission.public_id), 303)


@bp.post("/passage/<public_id>/unmark")
@allow(Action.READ, "theme")
def unmark(public_id: str) -> Response:
    passage = passage_of(public_id)
    submission, span = passage.submission, passage.span
    actions.unmark(passage, by=g.mandate)
    return _on(submission, span)


def passage_of(public_id: str) -> Passage:
    """A passage that the mandate may see; NotFound for any other."""
    found = queries.passage(g.mandate, public_id)
    if found is None:
        raise NotFound
    return found


# Findings


@bp.route("/new/<public_id>", methods=["GET", "POST"])
@allow(Action.READ, Theme)
def new(theme: Theme) -> Any:
    """Write down what is seen under a theme in a round, with the passages that it rests on."""
    name = request.values.get("round", "")
    round = guard.fetch(Round, name) if name else cycle.current(g.mandate.path)
    if round is None:
        raise NotFound
    found = counting.counted(g.mandate.unit, [round], g.mandate)
    root = rules.roots(found.themes)[theme.id]
    passages = counting.unlike(counting.passages(found.passages(root, round)))
    form, chosen = FindingForm(), request.form.getlist("passages")
    if request.method == "POST":
        try:
            made = finding_actions.note(
                theme, round, title=form.title.data or "", seen=form.seen.data or "", passages=chosen, by=g.mandate
            )
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
            if told := refused.problems.get("passages"):
                form.form_errors.append(told)
        else:
            flash(_("Iakttagelsen är skriven. Nu väntar den på ett svar eller en insats."), "success")
            return redirect(url_for("finding.show", public_id=made.public_id), 303)
    units = found.units(root, round)
    page = render_template(
        "finding/new.html", theme=theme, round=round, passages=passages, form=form, units=units,
        handed_in=found.handed_in[round.id], chosen=chosen if request.method == "POST" else [one.public_id for one in passages],
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/<public_id>")
@allow(Action.READ, Finding, options=finding_queries.WHOLE)
def show(finding: Finding) -> str:
    return _shown(finding, None)


def _shown(finding: Finding, refused: MoveForm | None) -> str:
    may = policy.may(g.mandate, Action.WRITE, finding)
    acts = finding_rules.possible(finding.state, role=str(g.mandate.role)) if may else []
    return render_template(
        "finding/show.html", finding=finding, passages=finding_queries.passages_of(finding, g.mandate), acts=acts,
        refused=refused, trail=finding_queries.trail(finding), form=MoveForm(formdata=None),
        opens=policy.may_somewhere(g.mandate, Action.KEEP, "theme"),
    )  # fmt: skip


@bp.post("/<public_id>/go")
@allow(Action.WRITE, Finding, options=finding_queries.WHOLE)
def go(finding: Finding) -> Any:
    """Answer it, plan an effort, say what came of it."""
    form = MoveForm()
    if form.validate_on_submit():
        try:
            finding_actions.go(
                finding, form.act.data or "", words=form.words.data or "", responsible=form.responsible.data or "",
                due_on=form.due_on.data, by=g.mandate,
            )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Sparat. De enheter vars ord finns i iakttagelsen ser svaret."), "success")
            return redirect(url_for("finding.show", public_id=finding.public_id), 303)
    return _shown(finding, form), 422


# What those whose words they are hear of it


@slots.fill("submission.page", "finding")
def on_submission(submission: Submission, **facts: Any) -> str:
    """On what was handed up: what the administration has answered of what it says."""
    return _heard(finding_queries.heard(submission.unit_id, [submission.followup_id]))


@slots.fill("followup.hub", "finding")
def on_hub(followup: Followup, **facts: Any) -> str:
    """On a follow-up's own page: what has been answered of it, and of the one before."""
    if not cycle.level(followup.level).collects_figures:
        return ""
    heard = _heard(finding_queries.heard(followup.unit_id, finding_queries.followups_to_hear_of(followup)))
    return heard + example_views.on_hub(followup)


def _heard(found: list[finding_queries.Heard]) -> str:
    return render_template("finding/_heard.html", heard=found) if found else ""
