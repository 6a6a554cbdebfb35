"""The year's wheel, a round with its dates and its tree, and what the administration decides about a node in it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, day, ngettext
from chain.cycle import actions, queries, questions, rules, shipped, wording
from chain.cycle.models import Question, Round, RoundNode, Year
from chain.organisation.models import Unit
from forms.base import choices, posted
from forms.cycle import Dates, Exempt, Extend, Late, NewQuestion, OpenYear, OwnQuestion, QuestionWords

bp = Blueprint("cycle", __name__, url_prefix="/cycle")

YEAR = (joinedload(Year.committee), selectinload(Year.rounds))
WHOLE = (joinedload(Round.year).joinedload(Year.committee), selectinload(Round.dues))


def left_words(step: rules.Step) -> str:
    """How long is left, in words."""
    if step.state == "past":
        return str(_("passerat"))
    left = _("i dag är sista dagen") if step.left == 0 else ngettext("%(num)d dag kvar", "%(num)d dagar kvar", step.left)
    return str(_("har turen, %(left)s", left=left) if step.state == "turn" else left)


def turn_of(round: Round) -> dict[str, Any]:
    """Whose turn it is by the calendar, for the chain at the top of the page."""
    step = next((one for one in queries.steps(round, clock.today()) if one.state == "turn"), None)
    if step is None:
        return {}
    words = _("%(level)s har turen, till och med den %(day)s.", level=step.name, day=day(step.due_on, "d MMMM"))
    return {"chain_turn": step.level, "chain_turn_text": words}


@bp.app_context_processor
def words() -> dict[str, Any]:
    """A level's name, also of one that a municipality has added."""
    return {"level_name": queries.level_name}


@bp.get("/")
@allow(Action.READ, "round")
def wheel() -> str:
    committees = queries.committees(g.mandate)
    years = queries.wheel(committees)
    now = next((each for one in committees if (each := queries.current(one.path))), None)
    turn = turn_of(now) if now and len(committees) == 1 else {}
    today = clock.today()
    keeps = {one.id for one in committees if policy.may(g.mandate, Action.KEEP, Year(committee_id=one.id, path=one.path))}
    following = {key: rules.next_label(found[0].label) if found else rules.label_on(today) for key, found in years.items()}
    return render_template(
        "cycle/wheel.html", committees=committees, years=years, today=today, keeps=keeps, following=following,
        steps=queries.steps, left=left_words, current={one.id: queries.current(one.path) for one in committees}, **turn,
    )  # fmt: skip


@bp.post("/year/<public_id>")
@allow(Action.READ, Unit)
def open_year(committee: Unit) -> Any:
    form = OpenYear()
    if not form.validate():
        raise RuleBroken(form.label.errors[0] if form.label.errors else _("Ladda om sidan och försök igen."))
    label = form.label.data or ""
    like = queries.year_to_follow(committee.path, label) if request.form.get("wording") == "own" else None
    year = actions.open_year(committee, label=label, by=g.mandate, like=like)
    flash(_("Året %(label)s är planerat. Se över datumen i varje uppföljning.", label=year.label), "success")
    return redirect(url_for("cycle.wheel"), 303)


@bp.get("/<public_id>")
@allow(Action.READ, Round, options=WHOLE)
def round(round: Round) -> str:
    return render_template(
        "cycle/round.html", round=round, steps=queries.steps(round, clock.today()), left=left_words,
        nodes=queries.visible_nodes(g.mandate, round), due=queries.due, asked=queries.asked(round),
        levels=queries.answering(), keeps=policy.may(g.mandate, Action.KEEP, round),
        may_open=round.opened_at is None and round.opens_on <= clock.today(), **turn_of(round),
    )  # fmt: skip


@bp.post("/<public_id>/open")
@allow(Action.KEEP, Round, options=WHOLE)
def open_(round: Round) -> Any:
    actions.open_round(round, by=g.mandate)
    flash(_("%(name)s är öppnad. Alla i trädet kan börja.", name=round.title), "success")
    return redirect(url_for("cycle.round", public_id=round.public_id), 303)


@bp.route("/<public_id>/dates", methods=["GET", "POST"])
@allow(Action.KEEP, Round, options=WHOLE)
def dates(round: Round) -> Any:
    known = {one.level: one.due_on for one in round.dues}
    levels = [(one.key, queries.level_name(one.key)) for one in queries.answering() if one.key in known]
    stored = {"version": round.version, "opens_on": round.opens_on, "meets_on": round.meets_on}
    form = Dates.with_levels(levels)(data=stored | {f"due_{key}": due_on for key, due_on in known.items()})
    if form.validate_on_submit():
        try:
            actions.set_dates(
                round,
                opens_on=form.opens_on.data,
                dues={key: form[f"due_{key}"].data for key, _name in levels},
                meets_on=form["meets_on"].data,
                version=posted(form.version.data),
                by=g.mandate,
            )
        except RuleBroken as error:
            form.refuse(error.sentence, error.problems)
        else:
            flash(_("Datumen är ändrade."), "success")
            return redirect(url_for("cycle.round", public_id=round.public_id), 303)
    return render_template("cycle/dates.html", round=round, form=form, levels=levels), 422 if form.errors else 200


@bp.get("/<public_id>/<unit_id>")
@allow(Action.READ, Round, options=WHOLE)
def node(round: Round, unit_id: str) -> str:
    return _node_page(_node(round, unit_id))


@bp.post("/<public_id>/<unit_id>/exempt")
@allow(Action.KEEP, Round, options=WHOLE)
def exempt(round: Round, unit_id: str) -> Any:
    node, form = _node(round, unit_id), Exempt(prefix="exempt")
    return _decide(node, form, lambda: actions.exempt(node, reason=form.reason.data or "", by=g.mandate))


@bp.post("/<public_id>/<unit_id>/expect")
@allow(Action.KEEP, Round, options=WHOLE)
def expect(round: Round, unit_id: str) -> Any:
    node = _node(round, unit_id)
    actions.expect(node, by=g.mandate)
    return redirect(url_for("cycle.node", public_id=round.public_id, unit_id=unit_id), 303)


@bp.post("/<public_id>/<unit_id>/extend")
@allow(Action.KEEP, Round, options=WHOLE)
def extend(round: Round, unit_id: str) -> Any:
    node, form = _node(round, unit_id), Extend(prefix="extend")
    return _decide(node, form, lambda: actions.extend(node, to=form.to.data or clock.today(), by=g.mandate))


@bp.post("/<public_id>/<unit_id>/late")
@allow(Action.READ, Round, options=WHOLE)
def late(round: Round, unit_id: str) -> Any:
    node, form = _node(round, unit_id), Late(prefix="late")
    guard.require(Action.WRITE, node, g.mandate)
    return _decide(node, form, lambda: actions.explain_late(node, reason=form.reason.data or "", by=g.mandate))


def _node(round: Round, unit_id: str) -> RoundNode:
    """A node of a round by its unit's address, if the mandate may see it."""
    found = db.session.scalars(
        select(RoundNode)
        .join(RoundNode.unit)
        .where(RoundNode.round_id == round.id, Unit.public_id == unit_id)
        .options(joinedload(RoundNode.unit), joinedload(RoundNode.round))
    ).first()
    if found is None or not (policy.may(g.mandate, Action.READ, found) or policy.may(g.mandate, Action.KEEP, round)):
        raise NotFound
    return found


def _decide(node: RoundNode, form: Any, act: Any) -> Any:
    """Do it if the form holds, else show the node's page with what is wrong."""
    if form.validate():
        try:
            act()
        except RuleBroken as error:
            form.refuse(error.sentence, error.problems)
        else:
            flash(_("Sparat."), "success")
            return redirect(url_for("cycle.node", public_id=node.round.public_id, unit_id=node.unit.public_id), 303)
    return _node_page(node, form), 422


def _node_page(node: RoundNode, posted: Any = None) -> str:
    forms = {
        "exempt": Exempt(prefix="exempt", formdata=None),
        "extend": Extend(prefix="extend", formdata=None, data={"to": node.extended_to}),
        "late": Late(prefix="late", formdata=None, data={"reason": node.late_reason}),
    }
    for key, form in forms.items():
        if isinstance(posted, type(form)):
            forms[key] = posted
    return render_template(
        "cycle/node.html", node=node, round=node.round, due_on=queries.due(node), today=clock.today(), form=posted, forms=forms,
        above=queries.parent(node), keeps=policy.may(g.mandate, Action.KEEP, node.round), chain_here=node.level,
        may_explain=policy.may(g.mandate, Action.WRITE, node),
    )  # fmt: skip


# What is asked in a year


@bp.get("/year/<public_id>/questions/<level>")
@allow(Action.KEEP, Year, options=YEAR)
def level_questions(year: Year, level: str) -> str:
    number = request.args.get("round", "")
    chosen = next((one for one in year.rounds if str(one.number) == number), None)
    opened = [one for one in year.rounds if one.opened_at]
    return render_template(
        "cycle/questions.html", year=year, level=_level(level), levels=queries.answering(), round=chosen, opened=opened,
        found=questions.kept(year, level, chosen.number if chosen else None),
    )  # fmt: skip


@bp.post("/year/<public_id>/questions/<level>")
@allow(Action.KEEP, Year, options=YEAR)
def arrange(year: Year, level: str) -> Any:
    """Move a question up or down, hide it or show it again."""
    acts: dict[str, Any] = {
        "up": lambda one: actions.move_question(one, step=-1, by=g.mandate),
        "down": lambda one: actions.move_question(one, step=1, by=g.mandate),
        "hide": lambda one: actions.hide_question(one, by=g.mandate),
        "show": lambda one: actions.show_question(one, by=g.mandate),
    }
    name, key = next(((name, request.form[name]) for name in acts if name in request.form), ("", ""))
    found = queries.kept(year, _level(level), key) if name else None
    if found:
        acts[name](found)
    here = url_for("cycle.level_questions", public_id=year.public_id, level=level, _anchor=f"q-{key}" if found else None)
    return redirect(here, 303)


@bp.route("/year/<public_id>/questions/<level>/add", methods=["GET", "POST"])
@allow(Action.KEEP, Year, options=YEAR)
def add_question(year: Year, level: str) -> Any:
    form = _offered(NewQuestion(data={"rounds": [one.number for one in year.rounds]}), year)
    asked = queries.all_questions(year, _level(level))
    form.kind.choices = choices((one, questions.kind_name(one)) for one in shipped.KINDS)
    form.horizon.choices = choices((one, questions.horizon_name(one)) for one in shipped.HORIZONS)
    form.after.choices = choices([("", _("Sist")), *((one.key, _("Efter ”%(title)s”", title=one.title)) for one in asked)])
    if form.validate_on_submit():
        try:
            made = actions.add_question(
                year, level=level, kind=form.kind.data, words=form.said(), rounds=form.rounds.data or [], after=form.after.data,
                required=form.required.data, extra=questions.extra(form.kind.data, _filled(form)), by=g.mandate,
            )  # fmt: skip
        except RuleBroken as error:
            form.refuse(error.sentence, error.problems)
        else:
            flash(_("Frågan ”%(title)s” ställs nu.", title=made.title), "success")
            return _to_question(year, made)
    return render_template("cycle/question.html", year=year, level=level, form=form, question=None), 422 if _wrong(form) else 200


@bp.route("/year/<public_id>/questions/<level>/<key>", methods=["GET", "POST"])
@allow(Action.KEEP, Year, options=YEAR)
def reword_question(year: Year, level: str, key: str) -> Any:
    question = queries.kept(year, _level(level), key)
    if question is None:
        raise NotFound
    stored = _stored(question)
    form = _offered((OwnQuestion if question.own else QuestionWords)(data=stored), year)
    theirs: list[tuple[Any, str]] = []
    if form.validate_on_submit():
        more = {"required": form["required"].data} if question.own else {}
        try:
            if question.own:
                more["extra"] = questions.extra(question.kind, _filled(form), question.extra)
            actions.reword_question(
                question, words=form.said(), rounds=form.rounds.data or [], by=g.mandate,
                version=posted(form.version.data), **more,
            )  # fmt: skip
        except RuleBroken as error:
            if "version" in error.problems:
                theirs, form.version.data = _theirs(form, question), str(question.version)
            form.refuse(error.sentence, error.problems)
        else:
            flash(_("Frågan är ändrad. Det som redan är inlämnat står kvar med sin gamla lydelse."), "success")
            return _to_question(year, question)
    page = render_template("cycle/question.html", year=year, level=level, form=form, question=question, theirs=theirs)
    return page, 422 if _wrong(form) else 200


@bp.get("/year/<public_id>/differences")
@allow(Action.KEEP, Year, options=YEAR)
def differences(year: Year) -> str:
    found = wording.differences(year)
    return render_template(
        "cycle/differences.html", year=year, found=found, levels=queries.answering(), numbers=questions.numbers
    )


def _level(level: str) -> str:
    if level not in {one.key for one in queries.answering()}:
        raise NotFound
    return level


def _stored(question: Question) -> dict[str, Any]:
    """A question as its form wants it, with two empty rows for further answers to choose."""
    words = {f"{one}_{part}": question.words.get(one, {}).get(part, "") for one in rules.LANGUAGES for part in rules.WORDS}
    more = {"required": question.required, "max_length": question.extra.get("max_length")}
    return {
        **words,
        **more,
        "version": str(question.version),
        "rounds": question.rounds,
        "options": question.extra.get("options", []),
    }


def _offered(form: Any, year: Year) -> Any:
    """The form with the year's rounds to choose, and room for two more answers."""
    form.rounds.choices = choices((one.number, one.title) for one in year.rounds)
    if "options" in form and not form.is_submitted():
        while len(form.options) < max(4, len([row for row in form.options if row.form.sv.data]) + 2) and len(form.options) < 12:
            form.options.append_entry()
    return form


def _filled(form: Any) -> dict[str, Any]:
    horizon = form["horizon"].data if "horizon" in form else ""
    return {"options": form.chosen(), "max_length": form["max_length"].data, "horizon": horizon}


def _theirs(form: Any, question: Question) -> list[tuple[Any, str]]:
    """(label, text) of each text that stands otherwise now than in the form."""
    db.session.refresh(question)
    stored = _stored(question)
    texts = [f"{one}_{part}" for part in rules.WORDS for one in rules.LANGUAGES]
    return [(form[name].label.text, stored[name]) for name in texts if stored[name].strip() != (form[name].data or "").strip()]


def _wrong(form: Any) -> bool:
    return bool(form.errors or form.form_errors)


def _to_question(year: Year, question: Question) -> Any:
    anchor = f"q-{question.key}"
    return redirect(url_for("cycle.level_questions", public_id=year.public_id, level=question.level, _anchor=anchor), 303)
