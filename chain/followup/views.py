"""The pages of a follow-up: the task list, a section, what stands beside it, checking and handing in, and what was handed up."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import random_name
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import _, current, day, hour, moment, ngettext
from chain.cycle import queries as cycle
from chain.cycle.models import Question, Round, Year
from chain.followup import actions, answers, checks, place, proposals, queries, reading, rules
from chain.followup import preview as previews
from chain.followup.checks import Work
from chain.followup.models import Citation, Followup, Section, Submission
from chain.followup.sheets import flat, sheets
from chain.measure import rules as measure
from chain.measure.models import Measure
from chain.result.rules import Table, basis_name
from forms import followup as forms
from forms.base import choices

bp = Blueprint("followup", __name__, url_prefix="/followup")

ROUND = (joinedload(Followup.round).joinedload(Round.year), joinedload(Followup.unit))
SUBMISSION = (
    joinedload(Submission.followup),
    joinedload(Submission.round).joinedload(Round.year),
    joinedload(Submission.submitted_by),
    joinedload(Submission.decided_by),
    *queries.OPENED,
)
CITED = (joinedload(Citation.submission), joinedload(Citation.followup).joinedload(Followup.unit))

DOORS = {"may_open": Action.OPEN, "may_receive": Action.RECEIVE}  # what the cover of an unopened submission asks

Page = str | Response | tuple[str, int] | tuple[dict[str, Any], int]


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
        **frame(followup),
        node=here.node,
        open=writable,
        deadline=deadline(here),
        overdue=clock.today() > cycle.due(here.node),
        may_explain=writable and here.node.expected and policy.may(g.mandate, Action.WRITE, here.node),
        came_back=queries.came_back(followup) if writable else None,
        tasks=[row(followup, task) for task in tasks],
        set_aside=here.set_aside,
        done=len([task for task in tasks if task.status == "done"]),
        last_task=last_task(followup, tasks),
        submissions=submissions,
        last=next((one for one in submissions if one.state in rules.HANDED_UP), None),
        sent_back=submissions[0] if submissions and submissions[0].state in queries.CAME_BACK else None,
        can_withdraw=can_withdraw(followup, submissions),
        late_children=queries.supplement_due(followup) if policy.may(g.mandate, Action.SUBMIT, followup) else [],
        below=reading.below(followup),
        earlier=[one for one in queries.all_of(followup.unit_id) if one.round.opens_on < followup.round.opens_on],
    )


def row(followup: Followup, task: queries.Task) -> tuple[str | None, str, str, str, str]:
    """A row of the task list."""
    detail = _("Inget att svara på den här gången") if task.idle else ""
    if task.status == "in_progress" and task.who and task.at:
        detail = f"{task.who.name}, {when(task)}"
    own = cycle.own_due(task.question, followup.round)
    hints = ("" if task.question.required else _("frivilligt"), _("klart senast %(day)s", day=day(own, "d MMMM")) if own else "")
    hint = ", ".join(filter(None, hints))
    return url_for("followup.edit", public_id=followup.public_id, key=task.key), task.question.title, hint, task.status, detail


def when(saved: Any) -> str:
    """When something was saved, today without the date."""
    same_day = saved.at.astimezone(clock.STOCKHOLM).date() == clock.today()
    return _("i dag %(hour)s", hour=hour(saved.at)) if same_day else moment(saved.at, "d MMMM")


def last_task(followup: Followup, tasks: list[queries.Task]) -> tuple[str | None, str, str, str, str]:
    status = queries.check_status(tasks)
    href = None if status == "cannot_start" else url_for("followup.check", public_id=followup.public_id)
    return href, _("Granska och lämna in"), "", status, ""


def deadline(here: Work) -> str:
    """By when, and how long it is until then."""
    last = cycle.due(here.node)
    left = (last - clock.today()).days
    told = day(last, "EEEE d MMMM")
    if here.followup.state in rules.HANDED_UP:
        return _("Sista dag var %(day)s.", day=told) if left < 0 else _("Sista dag är %(day)s.", day=told)
    if left < 0:
        return ngettext(
            "Skulle ha lämnats in %(day)s, för %(num)s dag sedan. Det går bra att lämna in ändå.",
            "Skulle ha lämnats in %(day)s, för %(num)s dagar sedan. Det går bra att lämna in ändå.",
            -left,
            day=told,
        )
    if left == 0:
        return _("Ska lämnas in i dag, %(day)s.", day=told)
    return ngettext("Ska lämnas in %(day)s: %(num)s dag kvar.", "Ska lämnas in %(day)s: %(num)s dagar kvar.", left, day=told)


def can_withdraw(followup: Followup, submissions: list[Submission]) -> bool:
    """Whether the table lets the author take back what was handed in last."""
    if followup.state not in rules.HANDED_UP or not policy.may(g.mandate, Action.SUBMIT, followup):
        return False
    last = submissions[0]
    facts = rules.Facts(
        received=last.receiver_id is not None,
        opened=last.opened_at is not None,
        handed_up_later=queries.handed_up_later(followup),
    )
    return rules.allows("withdraw", last.state, facts, role=str(g.mandate.role), own=cycle.level(followup.level))


def frame(followup: Followup) -> dict[str, Any]:
    """What every page of a follow-up says around its content."""
    level, sentence = queries.turn(followup)
    return {
        "followup": followup,
        "chain_here": followup.level,
        "chain_turn": level,
        "turn_text": sentence,
        "chain_turn_text": sentence,
    }


# A section


@bp.route("/<public_id>/section/<key>", methods=["GET", "POST"])
@allow(Action.READ, Followup, options=ROUND)
def edit(followup: Followup, key: str) -> Page:
    here, question = at_work(followup, key)
    if request.method == "POST":
        return saved(here, question, filled(here, question))
    if question.hidden:
        section_of(here, question)
        return redirect(url_for("followup.versions", public_id=followup.public_id, key=key), 303)
    if not policy.may(g.mandate, Action.WRITE, followup):
        return redirect(url_for("followup.hub", public_id=followup.public_id), 303)
    return section_page(here, question, filled(here, question, here.answer(question)))


def at_work(followup: Followup, key: str) -> tuple[Work, Question]:
    here = checks.work(followup)
    question = cycle.question(here.node, key) or cycle.hidden(here.node, key)
    if question is None:
        raise NotFound
    return here, question


def saved(here: Work, question: Question, form: forms.SectionForm) -> Page:
    """Keep what was typed, then say what is to be put right. Buttons that do more than save save first."""
    followup, key, answer = here.followup, question.key, pressed(here, question, form)
    wrong = problems(here, question, answer, done=form.done.data == "yes")
    try:
        section = actions.save(
            followup,
            key,
            answer,
            version=int(form.version.data) if str(form.version.data).isdigit() else 0,
            save_key=(form.save_key.data or random_name())[:64],
            done=form.done.data == "yes" and not wrong,
            by=g.mandate,
        )
    except rules.Conflict as conflict:
        return conflicted(followup, key, conflict)
    except (RuleBroken, NotAllowed) as refusal:
        return not_saved(question, answer, followup, refusal)
    if request.headers.get("X-Autosave"):
        told = {name: sentence for name, sentence in wrong.items() if "|" in name or name == "text"}
        return {"version": section.version, "saved": saved_at(section), "problems": told}, 200
    if question.hidden:
        flash(_("Frågan ställs inte längre, så svaret lämnas inte in. Det du skrev är sparat och kan läsas här."), "info")
        return redirect(url_for("followup.versions", public_id=followup.public_id, key=key), 303)
    return further(here, question, form, section, wrong)


def pressed(here: Work, question: Question, form: forms.SectionForm) -> dict[str, Any]:
    """The answer as typed, and as the button that was pressed changes it."""
    answer = form.answer()
    if question.kind == "figures":
        stored = queries.section(here.followup, question.key)
        answer = answers.with_set_aside(answer, stored.answer, here.tables) if stored else answer
    if "remove" in request.form and isinstance(answer.get("items"), list):
        answer["items"] = [one for one in answer["items"] if one["item"] != request.form["remove"]]
    if "take" in request.form and isinstance(form, forms.FiguresForm):
        found = proposals.proposals(here.followup, here.node, here.tables, flat(answer))
        answer = proposals.taken(answer, found, request.form["take"])
        form.typed |= flat(answer)
    if "copy" in request.form:
        place_in, _colon, name = request.form["copy"].partition(":")
        earlier = dict(enumerate(reading.before(here, question))).get(int(place_in) if place_in.isdigit() else -1)
        text = next((text for field, _heading, text in earlier.texts if field == name), "") if earlier else ""
        if text:
            answer[name] = "\n\n".join(part for part in (str(answer.get(name, "")).rstrip(), text.strip()) if part)
    return answer


def problems(here: Work, question: Question, answer: Mapping[str, Any], *, done: bool) -> dict[str, str]:
    """What is wrong with what was typed; what is missing only when the section is said to be done."""
    kind = answers.KINDS[question.kind]
    if here.nothing_to_answer(question):
        return {}
    if kind.is_empty(answer):
        return {"": _("Avsnittet är tomt. Skriv ett svar, eller svara att ni återkommer.")} if done and question.required else {}
    found = kind.problems(answer, here.context(question)) if done or question.kind in ("text", "figures") else {}
    return found if done else {name: sentence for name, sentence in found.items() if not name.endswith("|why")}


def further(here: Work, question: Question, form: forms.SectionForm, section: Section, wrong: Mapping[str, str]) -> Page:
    """Where one comes after a save: on, back to the section, or to the same page with what is to be put right."""
    followup, key = here.followup, question.key
    asked = request.form
    here_again = url_for("followup.edit", public_id=followup.public_id, key=key)
    if "cite" in asked:
        submission, _space, span = asked["cite"].partition(" ")
        return redirect(url_for("followup.cite", public_id=followup.public_id, key=key, submission=submission, span=span), 303)
    if "uncite" in asked:
        actions.uncite(guard.fetch(Citation, asked["uncite"], Action.WRITE, CITED), by=g.mandate)
        return redirect(here_again, 303)
    if "add" in asked:
        return redirect(url_for("followup.edit", public_id=followup.public_id, key=key, more=1, _anchor="last"), 303)
    if not wrong:
        return redirect(url_for("followup.hub", public_id=followup.public_id) if "go" in asked else here_again, 303)
    loose = form.tell(wrong)
    form.version.data, form.save_key.data = section.version, random_name()
    return section_page(checks.work(followup), question, form, loose), 422


def conflicted(followup: Followup, key: str, conflict: rules.Conflict) -> Page:
    address = url_for("followup.conflict", public_id=followup.public_id, key=key, save=conflict.mine_id)
    if request.headers.get("X-Autosave"):
        return {"sentence": conflict.sentence, "conflict": address}, 409
    return redirect(address, 303)


def not_saved(question: Question, answer: Mapping[str, Any], followup: Followup, refusal: Exception) -> Page:
    """It was handed in meanwhile, or may not be written: the words are shown, so that nobody has to write them again."""
    status = 409 if isinstance(refusal, RuleBroken) else 403
    if request.headers.get("X-Autosave"):
        return {"sentence": str(refusal)}, status
    shown = reading.draft(question, answer)
    page = render_template(
        "followup/kept.html", followup=followup, question=question, shown=shown, sentence=str(refusal), basis_name=basis_name
    )
    return page, status


def filled(here: Work, question: Question, answer: Mapping[str, Any] | None = None) -> forms.SectionForm:
    """The form of a question, with the section's answer in it; with what was sent when something was sent."""
    start: dict[str, Any] | None = None
    if answer is not None:
        section = here.sections.get(question.key)
        done, version = ("yes" if section.done else "no", section.version) if section else ("no", 0)
        start = {**rows(here, question, answer), "done": done, "version": version, "save_key": random_name()}
    form = forms.FORMS[question.kind](data=start)
    if question.kind == "choice":
        form["choice"].choices = choices(here.context(question).options.items())
    if question.kind == "measures":
        form.choose(here.known.people.items(), here.known.dues.items())
    if question.kind == "outcomes":
        form.choose(
            here.known.people.items(),
            here.known.dues.items(),
            kind=[(name, measure.kind_name(name)) for name, kind in measure.KINDS.items() if kind.given],
            evidence=[(name, measure.evidence_name(name)) for name in measure.EVIDENCE],
            reason=[(name, measure.hindrance_name(name)) for name in measure.HINDRANCES],
        )
    return form


def rows(here: Work, question: Question, answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as its form wants it: a row for each measure to follow up, and an empty one where there is room for a first."""
    if question.kind == "outcomes":
        given = answer.get("items", {})
        return {
            "items": [{**as_it_was(here, one), **given.get(one.public_id, {}), "measure": one.public_id} for one in here.open]
        }
    if question.kind in ("measures", "requests"):
        found = list(answer.get("items", []))
        if not found or ("more" in request.args and len(found) < forms.MOST_ITEMS):
            found.append({"item": random_name(), "due": first_due(here, question)})
        return {"items": found}
    return dict(answer)


def as_it_was(here: Work, one: Measure) -> dict[str, Any]:
    """What a changed measure starts from: its own words, and the next round."""
    person = one.responsible.public_id if one.responsible else ""
    return {"problem": one.problem, "sign": one.sign, "responsible": person, "due": next(iter(here.known.dues), "")}


def first_due(here: Work, question: Question) -> str:
    """The round that a new measure is first offered: the next one, or the first of the year that begins."""
    dues = list(here.known.dues) if question.kind == "measures" else []
    if question.extra.get("horizon") == "new_year":
        dues = [due for due in dues if not due.startswith(here.node.round.year.label)]
    return dues[0] if dues else ""


def section_page(here: Work, question: Question, form: forms.SectionForm, loose: list[str] | None = None) -> str:
    """A section with what belongs beside it."""
    section = here.sections.get(question.key)
    told = getattr(form, "told", {})
    facts = kind_facts(here, question, form)
    if loose is None:  # nothing was refused: a cell that cannot be right says so at its place, not on top of the page
        form.tell({name: sentence for sheet in facts.get("sheets", []) for name, sentence in sheet.wrong.items()})
    return render_template(
        "followup/edit.html",
        **frame(here.followup),
        **facts,
        node=here.node,
        question=question,
        own_due=cycle.own_due(question, here.followup.round),
        form=form,
        section=section,
        saved=saved_at(section) if section else "",
        problems=[*(loose or []), *((sentence, name.replace("|", ".")) for name, sentence in told.items())],
        has_errors=bool(loose or told),
        before=reading.before(here, question),
        below=reading.below(here.followup, question.key),
        citations=[(one, reading.source(one)) for one in queries.citations(here.followup, question.key)],
    )


def kind_facts(here: Work, question: Question, form: forms.SectionForm) -> dict[str, Any]:
    """What the fields of a kind need around them."""
    facts: dict[str, Any] = {"wide": question.kind == "figures", "most": forms.MOST_ITEMS, "basis_name": basis_name}
    if question.kind == "outcomes":
        facts["measures"] = {one.public_id: one for one in here.open}
    if isinstance(form, forms.FiguresForm):
        context = here.context(question)
        facts["proposals"] = proposals.proposals(here.followup, here.node, here.tables, form.typed)
        facts["aside"] = aside(here, question)
        facts["form_names"] = {code: one.name(current()) for code, one in cycle.school_forms().items()}
        facts["sheets"] = sheets(here.tables, form.typed, lambda table, found: answers.FIGURES.asks_why(table, found, context))
    return facts


def aside(here: Work, question: Question) -> reading.Shown | None:
    """What was entered in tables that are asked for no longer: it is kept, and can be read."""
    answer = here.answer(question)
    shown_now = {name for table in here.tables for row in table.rows for name in row.cells}
    left = {name: text for name, text in answer.get("cells", {}).items() if name not in shown_now}
    if not left:
        return None
    return shown(here, question, {**answer, "cells": left, "reasons": {}}, reading.tables_of(here.node, [{"cells": left}]))


def saved_at(section: Section) -> str:
    """ "Sparad 14.03", and whose hand it was when it was not the reader's."""
    same_day = section.saved_at.astimezone(clock.STOCKHOLM).date() == clock.today()
    told = hour(section.saved_at) if same_day else moment(section.saved_at, "d MMMM")
    if section.saved_by_id == g.mandate.person_id:
        return _("Sparad %(when)s", when=told)
    return _("Sparad %(when)s av %(who)s", when=told, who=section.saved_by.name)


# As others would see it, with nothing entered: for those who keep the questions

YEAR = (joinedload(Year.committee), selectinload(Year.rounds))


@bp.get("/preview/<public_id>/<level>/<int:number>")
@allow(Action.KEEP, Year, options=YEAR)
def preview(year: Year, level: str, number: int) -> str:
    here, around = looked_at(year, level, number)
    rows = [(preview_of(around, question.key), *row_of(question, here)) for question in here.questions]
    return render_template("followup/preview.html", **around, tasks=rows)


@bp.get("/preview/<public_id>/<level>/<int:number>/<key>")
@allow(Action.KEEP, Year, options=YEAR)
def preview_section(year: Year, level: str, number: int, key: str) -> str:
    here, around = looked_at(year, level, number)
    question = next((one for one in here.questions if one.key == key), None)
    if question is None:
        raise NotFound
    form = filled(here, question, here.answer(question))
    return render_template(
        "followup/edit.html", **around, **kind_facts(here, question, form), followup=here.followup, question=question,
        form=form, section=None, saved="", problems=[], before=[], below=None, citations=[], back=preview_of(around),
    )  # fmt: skip


def looked_at(year: Year, level: str, number: int) -> tuple[Work, dict[str, Any]]:
    """An empty follow-up of the level in the round, seen through the unit that was chosen, and what both pages say of it."""
    round = next((one for one in year.rounds if one.number == number), None)
    if round is None or level not in {one.key for one in cycle.answering()}:
        raise NotFound
    units = previews.units(year, level)
    chosen = next((one for one in units if one.public_id == request.args.get("unit")), units[0] if units else None)
    here = previews.work(round, level, chosen)
    around = {"preview": True, "year": year, "level": level, "round": round, "units": units, "chosen": chosen, "node": here.node}
    return here, {**around, "chain_here": level}


def preview_of(around: dict[str, Any], key: str = "") -> str:
    """Where a preview stands: the list, or a section of it."""
    chosen = around["chosen"].public_id if around["chosen"] else None
    asked = {"public_id": around["year"].public_id, "level": around["level"], "number": around["round"].number, "unit": chosen}
    return url_for("followup.preview_section", key=key, **asked) if key else url_for("followup.preview", **asked)


def row_of(question: Question, here: Work) -> tuple[str, str, str, str]:
    hint = "" if question.required else _("frivilligt")
    return question.title, hint, "not_started", _("Inget att svara på den här gången") if here.nothing_to_answer(question) else ""


# Earlier texts of a section


@bp.get("/<public_id>/section/<key>/versions")
@allow(Action.READ, Followup, options=ROUND)
def versions(followup: Followup, key: str) -> str:
    here, question = at_work(followup, key)
    section = section_of(here, question)
    kept = queries.history(section)
    newest = next((one for one in kept if one.kept), None)
    tables = reading.tables_of(here.node, [one.answer for one in kept]) if question.kind == "figures" else []
    return render_template(
        "followup/versions.html",
        **frame(followup),
        question=question,
        section=section,
        basis_name=basis_name,
        may_write=not question.hidden and policy.may(g.mandate, Action.WRITE, followup),
        versions=[{"version": one, "now": one is newest, "shown": shown(here, question, one.answer, tables)} for one in kept],
    )


def section_of(here: Work, question: Question) -> Section:
    if question.key not in here.sections:
        raise NotFound
    return here.sections[question.key]


def shown(here: Work, question: Question, answer: Mapping[str, Any], tables: list[Table]) -> reading.Shown:
    return reading.draft(question, answer, names=reading.drafted(here, question), tables=tables)


@bp.get("/<public_id>/section/<key>/conflict/<save>")
@allow(Action.READ, Followup, options=ROUND)
def conflict(followup: Followup, key: str, save: str) -> str:
    here, question = at_work(followup, key)
    section = section_of(here, question)
    mine = queries.version(section, save)
    if mine is None:
        raise NotFound
    form = filled(here, question, reading.joined(question.kind, section.answer, mine.answer))
    tables = reading.tables_of(here.node, [mine.answer, section.answer]) if question.kind == "figures" else []
    return render_template(
        "followup/conflict.html",
        **frame(followup),
        **kind_facts(here, question, form),
        question=question,
        section=section,
        mine=mine,
        form=form,
        shown_mine=shown(here, question, mine.answer, tables),
        shown_theirs=shown(here, question, section.answer, tables),
        may_write=policy.may(g.mandate, Action.WRITE, followup),
    )


@bp.post("/<public_id>/section/<key>/restore")
@allow(Action.WRITE, Followup, options=ROUND)
def restore(followup: Followup, key: str) -> Page:
    version = request.form.get("version", "")
    try:
        actions.restore(
            followup,
            key,
            0,
            version=int(version) if version.isdigit() else 0,
            save_key=request.form.get("save", "-"),
            by=g.mandate,
        )
    except rules.Conflict as conflict:
        return conflicted(followup, key, conflict)
    return redirect(url_for("followup.edit", public_id=followup.public_id, key=key), 303)


# Citing


@bp.route("/<public_id>/section/<key>/cite", methods=["GET", "POST"])
@allow(Action.WRITE, Followup, options=ROUND)
def cite(followup: Followup, key: str) -> Page:
    _here, question = at_work(followup, key)
    submission = guard.fetch(Submission, request.args.get("submission", ""), options=SUBMISSION)
    span = reading.span(submission, request.args.get("span", ""))
    if span is None or submission.opened_at is None:
        raise NotFound
    form, status = forms.CiteForm(data={"words": span.text}), 200
    if request.method == "POST":
        try:
            actions.cite(followup, key, submission, span.id, form.words.data or "", confirmed=form.confirmed.data, by=g.mandate)
            return redirect(url_for("followup.edit", public_id=followup.public_id, key=key), 303)
        except RuleBroken as refusal:
            field = form.confirmed if not form.confirmed.data else form.words
            field.errors, status = [refusal.sentence], 422
    page = render_template(
        "followup/cite.html",
        **frame(followup),
        question=question,
        form=form,
        span=span,
        unit_name=submission.snapshot["unit"]["name"],
        source=submission.round.title,
    )
    return page, status


@bp.get("/citation/<public_id>")
@allow(Action.READ, Citation, options=CITED)
def citation(citation: Citation) -> str:
    submission = citation.submission
    return render_template(
        "followup/citation.html",
        citation=citation,
        heading=reading.heading(citation),
        source=f"{submission.snapshot['unit']['name']}, {reading.said(submission.snapshot['round']['name'])}",
        stale=submission.state not in rules.HANDED_UP,
        readable=policy.may(g.mandate, Action.READ, submission),
        chain_here=submission.level,
    )


# Handing in


@bp.get("/<public_id>/check")
@allow(Action.READ, Followup, options=ROUND)
def check(followup: Followup) -> Page:
    if followup.state not in rules.WRITABLE:
        return redirect(url_for("followup.hub", public_id=followup.public_id), 303)
    return check_page(followup, refused="")


def check_page(followup: Followup, *, refused: str) -> str:
    here = checks.work(followup)
    above, below = place.receiver(here.node), reading.below(followup)
    return render_template(
        "followup/check.html",
        **frame(followup),
        node=here.node,
        came_back=queries.came_back(followup),
        sections=reading.checked(here),
        problems=checks.problems_of(here),
        titles={one.key: one.title for one in here.questions},
        refused=refused,
        has_errors=bool(refused),
        basis_name=basis_name,
        receiver_sentence=_("Den lämnas till %(receiver)s.", receiver=above.name)
        if above
        else _("När den är inlämnad ger förvaltningen ut siffrorna och överlämnar sidan till nämnden."),
        missing=missing(below) if below else "",
        may_submit=policy.may_somewhere(g.mandate, Action.SUBMIT, "followup")
        and str(g.mandate.role) in place.level(here.node).submits,
    )


def missing(below: reading.Below) -> str:
    """Who has not handed in yet: one may go on without them, and says so."""
    names = ", ".join(node.name for node in below.missing)
    told = _("Det går att lämna in ändå. Den som kommer senare räknas in då.")
    return f"{below.sentence} {_('Det saknas: %(names)s.', names=names)} {told}" if names else ""


@bp.post("/<public_id>/submit")
@allow(Action.READ, Followup, options=ROUND)
def submit(followup: Followup) -> Page:
    version = request.form.get("version", "")
    try:
        submission = actions.submit(followup, version=int(version) if version.isdigit() else 0, by=g.mandate)
    except RuleBroken as refusal:
        return check_page(followup, refused=refusal.sentence), 422
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
        submission=submission,
        ours=g.mandate.unit_id == submission.unit_id,
        unit_name=submission.snapshot["unit"]["name"],
        facts=registered(submission),
        line=reading.sealed(submission),
        next_reader=next_reader(submission, cycle.due(above) if above else None, above.name if above else ""),
        chain_here=node.level if node else submission.level,
    )


def registered(submission: Submission) -> list[tuple[str, str]]:
    late = _(" (efter sista dag)") if submission.late else ""
    return [
        (_("Inlämnad"), moment(submission.submitted_at) + late),
        (_("Av"), submission.submitted_by.name),
        (_("För"), submission.snapshot["unit"]["name"]),
        (_("Version"), str(submission.number)),
    ]


def next_reader(submission: Submission, due: Any, name: str) -> str:
    """Who reads it now, and by when they hand up their own."""
    if submission.state not in rules.HANDED_UP:
        return _("Den här versionen gäller inte längre.")
    if due:
        return _(
            "%(name)s läser den nu och lämnar in sin egen uppföljning senast %(day)s.", name=name, day=day(due, "EEEE d MMMM")
        )
    return _("Nästa steg är att ge ut siffrorna och överlämna sidan till nämnden.")


# What was handed up


@bp.get("/submission/<public_id>")
@allow(Action.READ, Submission, options=SUBMISSION)
def show(submission: Submission) -> str:
    facts: dict[str, Any] = {
        "submission": submission,
        "unit_name": submission.snapshot["unit"]["name"],
        "ours": g.mandate.unit_id == submission.unit_id,
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
