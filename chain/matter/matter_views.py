"""The pages of matters: all of them, one with its line, its papers and its history, and the forms by which it goes on."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import fetch
from chain.access.policy import Action, Role
from chain.base import clock, out
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.matter import (
    assignment_actions,
    assignment_queries,
    matter_actions,
    matter_queries,
    meeting_queries,
    queries,
    record_views,
    rules,
    tables,
)
from chain.matter.models import Assignment, Matter
from chain.organisation.models import Unit
from chain.organisation.rules import ROLE_WORDS
from forms.base import choices, posted
from forms.matter import Act, Assign, MatterFacts

BY_TABLE = ("begin", "resume", "report_back", "close", "write_off", "reopen")  # acts that take words alone; `write` takes more

MEETINGS = 3  # the nearest, that a matter can be put on the agenda of from its own page


def tabs() -> list[tuple[str, str, bool]]:
    """(address, words, whether we are there) of the committee's archive, as far as the mandate reads it."""
    known = (
        ("matter.archive", _("Beslut"), "decision"), ("matter.matters", _("Ärenden"), "matter"),
        ("matter.assignments", _("Uppdrag från nämnden"), "assignment"), ("matter.meetings", _("Sammanträden"), "meeting"),
    )  # fmt: skip
    read = [one for one in known if policy.may_somewhere(g.mandate, Action.READ, one[2])]
    return [(url_for(page), words, request.endpoint == page) for page, words, _kind in read] if len(read) > 1 else []


def matters(closed: bool) -> Any:
    found = matter_queries.matters(g.mandate, closed=closed)
    places = matter_queries.places(found)
    if form := out.wanted():
        return out.file(tables.matters(g.mandate.unit, found, places), form, _("ärenden"), g.mandate.unit.name)
    return render_template(
        "matter/matters.html", matters=found, places=places, closed=closed, tabs=tabs(),
        may_open=policy.may_somewhere(g.mandate, Action.WRITE, "matter"), chain_here="committee",
    )  # fmt: skip


# One


def show(matter: Matter) -> str:
    return _page(matter, Act(formdata=None), Assign(formdata=None, prefix="assign"))


def _page(matter: Matter, form: Act, assign: Assign) -> str:
    given, answered = assignment_queries.of(matter)
    acts = rules.possible(matter.state, matter_queries.facts(matter), role=g.mandate.role) if _works(matter) else []
    if "assign" in acts:
        _offer(assign, matter)
    turn = rules.WAITS_FOR.get(matter.state)
    return render_template(
        "matter/matter.html", matter=matter, line=matter_queries.line(matter), given=given, answered=answered,
        decisions=queries.in_matter(matter), placed=matter_queries.placed(matter), steps=matter_queries.steps(matter),
        papers=matter_queries.papers([matter])[matter.id], waits=matter_queries.place(matter),
        coming=meeting_queries.coming(g.mandate)[:MEETINGS] if "schedule" in acts else [],
        acts=acts, by_table=[one for one in BY_TABLE if one in acts], form=form, assign=assign,
        may_keep=policy.may(g.mandate, Action.KEEP, matter),
        may_record=policy.may_somewhere(g.mandate, Action.RECORD, "decision"), responsible=matter_queries.responsible(matter),
        chain_here="committee", chain_turn=turn, chain_turn_text=_turn(matter),
    )  # fmt: skip


def _works(matter: Matter) -> bool:
    return policy.may(g.mandate, Action.WRITE, matter)


def _turn(matter: Matter) -> str:
    """Whose turn it is, in the band at the top."""
    return {
        "open": _("Nu ska förvaltningschefen fördela ärendet."), "assigned": _("Nu ska den som ansvarar börja bereda ärendet."),
        "under_way": _("Förvaltningen bereder ärendet."), "written": _("Nu ska ärendet få plats på en dagordning."),
        "on_agenda": _("Nu är det nämndens tur att besluta."), "decided": _("Nu ska beslutet genomföras och återrapporteras."),
        "reported_back": _("Allt är återrapporterat. Nämndsekreteraren kan avsluta ärendet."),
    }.get(matter.state, "")  # fmt: skip


def _offer(assign: Assign, matter: Matter) -> dict[str, tuple[Role, Unit]]:
    """The roles that can have it, at each administration: what is chosen → role and unit."""
    known = {
        f"{role}@{unit.public_id}": (role, unit)
        for unit in matter_queries.administrations(matter.path)
        for role in matter_queries.RESPONSIBLE
    }
    assign.responsible.choices = choices([(key, f"{ROLE_WORDS[role]}, {unit.name}") for key, (role, unit) in known.items()])
    if request.method != "POST" and matter.responsible_unit and matter.responsible_role:
        assign.responsible.data = f"{matter.responsible_role}@{matter.responsible_unit.public_id}"
    return known


def act(matter: Matter) -> Any:
    """Whatever leads on by the table and takes words at most; `write` also takes the assignments that it answers."""
    form = Act()
    name, words = str(form.act.data or ""), str(form.words.data or "")
    try:
        if name == "write":
            assignment_actions.write(matter, words=words, reports=_reported(), by=g.mandate)
        elif name in BY_TABLE:
            matter_actions.go(matter, name, words=words, by=g.mandate)
        else:
            raise RuleBroken(_("Välj vad som ska göras med ärendet."))
    except RuleBroken as no:
        form.words.errors = [no.sentence]
        return _page(matter, form, Assign(formdata=None, prefix="assign")), 422
    flash(_("Ärendet är nu %(state)s.", state=rules.state_name(matter.state)), "success")
    return _back(matter)


def _reported() -> list[Assignment]:
    return [fetch(Assignment, name, Action.ANSWER, assignment_queries.WHOLE) for name in request.form.getlist("reports")]


def assign(matter: Matter) -> Any:
    form = Assign(prefix="assign")
    role, unit = _offer(form, matter).get(str(form.responsible.data), (None, None))
    try:
        if role is None or unit is None:
            sentence = _("Välj vem vid förvaltningen som ansvarar för ärendet.")
            raise RuleBroken(sentence, {"responsible": sentence})
        matter_actions.assign(matter, role, unit, words=str(form.words.data or ""), by=g.mandate)
    except RuleBroken as no:
        record_views.tell(form, no)
        return _page(matter, Act(formdata=None), form), 422
    flash(_("Ärendet är fördelat."), "success")
    return _back(matter)


def _back(matter: Matter) -> Response:
    return redirect(url_for("matter.matter", public_id=matter.public_id), 303)


# What is said of it


def open_matter() -> Any:
    """A new matter; with ?answers=, one in which an assignment is to be answered."""
    answers = _to_answer()
    sent = request.form if request.method == "POST" else None
    form = MatterFacts(sent, data=_first(answers))
    chosen = _choices(form)
    if form.validate_on_submit():
        try:
            made = _open(form, chosen, answers)
        except RuleBroken as no:
            record_views.tell(form, no)
        else:
            flash(_("Ärendet är öppnat."), "success")
            return _back(made)
    page = render_template("matter/open_matter.html", form=form, matter=None, answers=answers, chain_here="committee")
    return page, 422 if form.errors else 200


def _open(form: MatterFacts, chosen: dict[str, dict[str, Any]], answers: Assignment | None) -> Matter:
    facts = _facts(form, chosen)
    if answers:
        return assignment_actions.open_to_answer(answers, by=g.mandate, **facts)
    return matter_actions.open_(queries.committee(g.mandate), by=g.mandate, **facts)


def _to_answer() -> Assignment | None:
    name = request.values.get("answers")
    return fetch(Assignment, name, Action.READ, assignment_queries.WHOLE) if name else None


def _first(answers: Assignment | None) -> dict[str, Any]:
    first: dict[str, Any] = {"opened_on": clock.today(), "round": request.args.get("round", "")}
    if answers:
        why = _("Nämndens uppdrag %(name)s: %(text)s", name=answers.name, text=answers.text)
        title = _("Återrapportering: %(title)s", title=answers.matter.title)[:200]
        first |= {"answers": answers.public_id, "follows": answers.matter.public_id, "why": why, "title": title}
    return first


def change_matter(matter: Matter) -> Any:
    sent = request.form if request.method == "POST" else None
    form = MatterFacts(sent, data=_said(matter))
    chosen = _choices(form, matter)
    if form.validate_on_submit():
        version = posted(form.version.data)
        try:
            matter_actions.change(matter, version=version, by=g.mandate, **_facts(form, chosen))
        except RuleBroken as no:
            record_views.tell(form, no)
        else:
            flash(_("Ärendet är ändrat."), "success")
            return _back(matter)
    page = render_template("matter/open_matter.html", form=form, matter=matter, answers=None, chain_here="committee")
    return page, 422 if form.errors else 200


def _said(matter: Matter) -> dict[str, Any]:
    return {
        "title": matter.title, "registration_number": matter.registration_number or "", "opened_on": matter.opened_on,
        "why": matter.why, "round": matter.round.public_id if matter.round else "",
        "follows": matter.follows.public_id if matter.follows else "", "version": str(matter.version),
    }  # fmt: skip


def _choices(form: MatterFacts, matter: Matter | None = None) -> dict[str, dict[str, Any]]:
    """What a matter can be about and go on from: field → public id → thing."""
    rounds = cycle.opened(queries.committee(g.mandate).path)
    others = [one for one in matter_queries.to_choose(g.mandate, closed=True) if matter is None or one.id != matter.id]
    form.round.choices = record_views.rounds_to_choose(rounds)
    form.follows.choices = record_views.matters_to_choose(others, _("Inget tidigare ärende"))
    return {"round": {one.public_id: one for one in rounds}, "follows": {one.public_id: one for one in others}}


def _facts(form: MatterFacts, chosen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": str(form.title.data), "why": str(form.why.data), "opened_on": form.opened_on.data,
        "registration_number": str(form.registration_number.data or ""),
        "about": chosen["round"].get(str(form.round.data)), "follows": chosen["follows"].get(str(form.follows.data)),
    }  # fmt: skip
