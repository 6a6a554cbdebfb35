"""The pages of a follow-up: the task list, a section, what stands beside it, checking and handing in, and what was handed up."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock
from chain.base.cowriting import Conflict
from chain.base.cowriting_views import Page
from chain.base.errors import NotFound, RuleBroken
from chain.cycle import queries as cycle
from chain.cycle.models import Round, Year
from chain.followup import (
    actions,
    checks,
    citation_actions,
    hub_views,
    preview_views,
    queries,
    reading,
    rules,
    section_actions,
    section_views,
    submission_views,
)  # fmt: skip
from chain.followup.models import Citation, Followup, Submission
from chain.result.rules import basis_name
from forms import followup as forms
from forms.base import posted

bp = Blueprint("followup", __name__, url_prefix="/followup")

ROUND = (joinedload(Followup.round).joinedload(Round.year), joinedload(Followup.unit))
SUBMISSION = (
    joinedload(Submission.followup),
    joinedload(Submission.round).joinedload(Round.year),
    joinedload(Submission.submitted_by),
    joinedload(Submission.decided_by),
    *queries.OPENED,
)

DOORS = {"may_open": Action.OPEN, "may_receive": Action.RECEIVE}  # what the cover of an unopened submission asks


# The task list


@bp.get("/<public_id>")
@allow(Action.READ, Followup, options=ROUND)
def hub(followup: Followup) -> str:
    here = checks.work(followup)
    tasks = queries.tasks(here)
    submissions = queries.submissions(followup)
    writable = followup.state in rules.WRITABLE
    return render_template(
        "followup/hub.html",
        **hub_views.frame(followup),
        node=here.node,
        open=writable,
        deadline=hub_views.deadline(here),
        overdue=clock.today() > cycle.due(here.node),
        may_explain=writable and here.node.expected and policy.may(g.mandate, Action.WRITE, here.node),
        came_back=queries.came_back(followup) if writable else None,
        tasks=[hub_views.row(followup, task) for task in tasks],
        set_aside=here.set_aside,
        done=len([task for task in tasks if task.status == "done"]),
        last_task=hub_views.last_task(followup, tasks),
        submissions=submissions,
        last=next((one for one in submissions if one.state in rules.HANDED_UP), None),
        sent_back=submissions[0] if submissions and submissions[0].state in queries.CAME_BACK else None,
        can_withdraw=hub_views.can_withdraw(followup, submissions),
        late_children=queries.supplement_due(followup) if policy.may(g.mandate, Action.SUBMIT, followup) else [],
        below=reading.below(followup),
        earlier=[one for one in queries.all_of(followup.unit_id) if one.round.opens_on < followup.round.opens_on],
    )


# A section


@bp.route("/<public_id>/section/<key>", methods=["GET", "POST"])
@allow(Action.READ, Followup, options=ROUND)
def edit(followup: Followup, key: str) -> Page:
    here, question = section_views.at_work(followup, key)
    if request.method == "POST":
        return section_views.saved(here, question, section_views.filled(here, question))
    if question.hidden:
        section_views.section_of(here, question)
        return redirect(url_for("followup.versions", public_id=followup.public_id, key=key), 303)
    if not policy.may(g.mandate, Action.WRITE, followup):
        return redirect(url_for("followup.hub", public_id=followup.public_id), 303)
    return section_views.section_page(here, question, section_views.filled(here, question, here.answer(question)))


# As others would see it, with nothing entered: for those who keep the questions

YEAR = (joinedload(Year.committee), selectinload(Year.rounds))


@bp.get("/preview/<public_id>/<level>/<int:number>")
@allow(Action.KEEP, Year, options=YEAR)
def preview(year: Year, level: str, number: int) -> str:
    here, around = preview_views.looked_at(year, level, number)
    rows = [
        (preview_views.preview_of(around, question.key), *preview_views.row_of(question, here)) for question in here.questions
    ]
    return render_template("followup/preview.html", **around, tasks=rows)


@bp.get("/preview/<public_id>/<level>/<int:number>/<key>")
@allow(Action.KEEP, Year, options=YEAR)
def preview_section(year: Year, level: str, number: int, key: str) -> str:
    here, around = preview_views.looked_at(year, level, number)
    question = next((one for one in here.questions if one.key == key), None)
    if question is None:
        raise NotFound
    form = section_views.filled(here, question, here.answer(question))
    return render_template(
        "followup/edit.html", **around, **section_views.kind_facts(here, question, form), followup=here.followup,
        question=question, form=form, section=None, saved="", problems=[], before=[], below=None, citations=[],
        back=preview_views.preview_of(around),
    )  # fmt: skip


# Earlier texts of a section


@bp.get("/<public_id>/section/<key>/versions")
@allow(Action.READ, Followup, options=ROUND)
def versions(followup: Followup, key: str) -> str:
    here, question = section_views.at_work(followup, key)
    section = section_views.section_of(here, question)
    saves = queries.saves.history(section)
    tables = reading.tables_of(here.node, [one.answer for one in saves]) if question.kind == "figures" else []
    return render_template(
        "followup/versions.html",
        **hub_views.frame(followup),
        question=question,
        section=section,
        basis_name=basis_name,
        writable=not question.hidden and policy.may(g.mandate, Action.WRITE, followup),
        saves=saves,
        shown_of={one.id: section_views.shown(here, question, one.answer, tables) for one in saves},
    )


@bp.get("/<public_id>/section/<key>/conflict/<save>")
@allow(Action.READ, Followup, options=ROUND)
def conflict(followup: Followup, key: str, save: str) -> str:
    here, question = section_views.at_work(followup, key)
    section = section_views.section_of(here, question)
    mine = queries.saves.find(section, save)
    if mine is None:
        raise NotFound
    form = section_views.filled(here, question, reading.joined(question.kind, section.answer, mine.answer))
    tables = reading.tables_of(here.node, [mine.answer, section.answer]) if question.kind == "figures" else []
    return render_template(
        "followup/conflict.html",
        **hub_views.frame(followup),
        **section_views.kind_facts(here, question, form),
        question=question,
        section=section,
        mine=mine,
        form=form,
        shown_mine=section_views.shown(here, question, mine.answer, tables),
        shown_theirs=section_views.shown(here, question, section.answer, tables),
        writable=policy.may(g.mandate, Action.WRITE, followup),
    )


@bp.post("/<public_id>/section/<key>/restore")
@allow(Action.WRITE, Followup, options=ROUND)
def restore(followup: Followup, key: str) -> Page:
    version = request.form.get("version", "")
    try:
        section_actions.restore(
            followup,
            key,
            0,
            version=posted(version),
            save_key=request.form.get("save", "-"),
            by=g.mandate,
        )
    except Conflict as no:
        return section_views.conflicted(followup, key, no)
    return redirect(url_for("followup.edit", public_id=followup.public_id, key=key), 303)


# Citing


@bp.route("/<public_id>/section/<key>/cite", methods=["GET", "POST"])
@allow(Action.WRITE, Followup, options=ROUND)
def cite(followup: Followup, key: str) -> Page:
    _here, question = section_views.at_work(followup, key)
    submission = guard.fetch(Submission, request.args.get("submission", ""), options=SUBMISSION)
    span = reading.span(submission, request.args.get("span", ""))
    if span is None or submission.opened_at is None:
        raise NotFound
    form, status = forms.CiteForm(data={"words": span.text}), 200
    if request.method == "POST":
        try:
            citation_actions.cite(
                followup, key, submission, span.id, form.words.data or "", confirmed=form.confirmed.data, by=g.mandate
            )
            return redirect(url_for("followup.edit", public_id=followup.public_id, key=key), 303)
        except RuleBroken as refusal:
            field = form.confirmed if not form.confirmed.data else form.words
            field.errors, status = [refusal.sentence], 422
    page = render_template(
        "followup/cite.html",
        **hub_views.frame(followup),
        question=question,
        form=form,
        span=span,
        unit_name=submission.snapshot["unit"]["name"],
        source=submission.round.title,
    )
    return page, status


@bp.get("/citation/<public_id>")
@allow(Action.READ, Citation, options=section_views.CITED)
def citation(citation: Citation) -> str:
    way = reading.way(citation)
    written = way[0].submission
    return render_template(
        "followup/citation.html",
        citation=citation,
        way=way,
        heading=reading.heading(way[0]),
        source=f"{written.snapshot['unit']['name']}, {reading.said(written.snapshot['round']['name'])}",
        stale=any(one.submission.state not in rules.HANDED_UP for one in way),
        written=written,
        readable=policy.may(g.mandate, Action.READ, written),
        chain_here=written.level,
    )


# Handing in


@bp.get("/<public_id>/check")
@allow(Action.READ, Followup, options=ROUND)
def check(followup: Followup) -> Page:
    if followup.state not in rules.WRITABLE:
        return redirect(url_for("followup.hub", public_id=followup.public_id), 303)
    return submission_views.check_page(followup, refused="")


@bp.post("/<public_id>/submit")
@allow(Action.READ, Followup, options=ROUND)
def submit(followup: Followup) -> Page:
    version = request.form.get("version", "")
    try:
        submission = actions.submit(followup, version=posted(version), by=g.mandate)
    except RuleBroken as refusal:
        return submission_views.check_page(followup, refused=refusal.sentence), 422
    return redirect(url_for("followup.receipt", public_id=submission.public_id), 303)


@bp.post("/<public_id>/supplement")
@allow(Action.SUBMIT, Followup, options=ROUND)
def supplement(followup: Followup) -> Page:
    submission = actions.supplement(followup, by=g.mandate)
    return redirect(url_for("followup.receipt", public_id=submission.public_id), 303)


@bp.get("/submission/<public_id>/receipt")
@allow(Action.READ, Submission, options=SUBMISSION)
def receipt(submission: Submission) -> str:
    node = cycle.node(submission.round, submission.unit_id)
    above = cycle.node(submission.round, submission.receiver_id) if submission.receiver_id else None
    return render_template(
        "followup/receipt.html",
        opens_hub=policy.may(g.mandate, Action.READ, submission.followup),
        submission=submission,
        ours=g.mandate.unit_id == submission.unit_id,
        unit_name=submission.snapshot["unit"]["name"],
        facts=submission_views.registered(submission),
        line=reading.sealed(submission),
        next_reader=submission_views.next_reader(submission, cycle.due(above) if above else None, above.name if above else ""),
        chain_here=node.level if node else submission.level,
    )


# What was handed up


@bp.get("/submission/<public_id>")
@allow(Action.READ, Submission, options=SUBMISSION)
def show(submission: Submission) -> str:
    facts: dict[str, Any] = {
        "submission": submission,
        "unit_name": submission.snapshot["unit"]["name"],
        "ours": g.mandate.unit_id == submission.unit_id,
        "opens_hub": policy.may(g.mandate, Action.READ, submission.followup),  # an auditor of the node's own does not write there
        "chain_here": submission.level,
    }
    if submission.opened_at is None and not facts["ours"]:
        doors = {name: policy.may(g.mandate, action, submission) for name, action in DOORS.items()}
        return render_template("followup/cover.html", **facts, **doors)
    turn = queries.turn(submission.followup) if submission.state in rules.HANDED_UP else (None, "")
    return render_template(
        "followup/show.html",
        **facts,
        sections=reading.submitted(submission),
        basis_name=basis_name,
        chain_turn=turn[0],
        chain_turn_text=turn[1],
    )


@bp.post("/submission/<public_id>/open")
@allow(Action.OPEN, Submission, options=SUBMISSION)
def open_(submission: Submission) -> Response:
    actions.open_(submission, by=g.mandate)
    return redirect(url_for("followup.show", public_id=submission.public_id), 303)


@bp.post("/submission/<public_id>/withdraw")
@allow(Action.READ, Submission, options=SUBMISSION)
def withdraw(submission: Submission) -> Response:
    actions.withdraw(submission, by=g.mandate)
    return redirect(url_for("followup.hub", public_id=submission.followup.public_id), 303)
