"""The secretary's form of a decision: with what it asks for, what it says of reports, and what later links send along."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FieldList

from chain.access.guard import fetch
from chain.access.policy import Action
from chain.base import clock
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.matter import actions, assignment_queries, matter_queries, queries
from chain.matter.assignment_actions import Verdict
from chain.matter.assignment_rules import Asked
from chain.matter.models import Assignment, Decision, Matter
from forms.base import Form, SelectChoice, choices
from forms.matter import Record


def record() -> Any:
    """Shown empty, or with what is to be corrected; refused with each fault at its field, and nothing that was typed is lost."""
    sent = request.form if request.method == "POST" else None
    corrects = _corrected()
    reported = assignment_queries.reported(g.mandate)
    form = Record(sent, data=_first(corrects, reported))
    matters, rounds = matter_queries.to_choose(g.mandate), cycle.opened(g.mandate.path)
    if corrects and corrects.matter and corrects.matter not in matters:
        matters.append(corrects.matter)
    _offer(form, matters, rounds)
    problems: dict[str, str] = {}
    elsewhere: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            return _record(form, _of(rounds, form.round.data), _of(matters, form.matter.data), corrects)
        except RuleBroken as no:
            problems, elsewhere = no.problems, tell(form, no)
    page = render_template(
        "matter/record.html", form=form, corrects=corrects, reported={one.public_id: one for one in reported}, sent=sent,
        problems=problems, elsewhere=elsewhere, has_errors=bool(elsewhere), chain_here="committee",
    )  # fmt: skip
    return page, 422 if form.errors or problems else 200


def _of(things: list[Any], name: Any) -> Any:
    """The one of some things that was chosen by its public id."""
    return next((one for one in things if one.public_id == name), None)


def _offer(form: Record, matters: list[Matter], rounds: list[Round]) -> None:
    form.round.choices = rounds_to_choose(rounds)
    form.matter.choices = matters_to_choose(matters, _("Inget ärende"))


def rounds_to_choose(rounds: Iterable[Round]) -> list[SelectChoice]:
    return choices([("", _("Ingen uppföljning")), *((one.public_id, one.in_year) for one in rounds)])


def matters_to_choose(matters: Iterable[Matter], none: str = "") -> list[SelectChoice]:
    """Matters by number and title; `none`: what choosing none of them is called."""
    return choices([*([("", none)] if none else []), *((one.public_id, named(one)) for one in matters)])


def named(matter: Matter) -> str:
    """A matter in a list to choose from: its number, if it has one, and its title."""
    return f"{matter.registration_number}: {matter.title}" if matter.registration_number else matter.title


def _record(form: Record, about: Round | None, matter: Matter | None, corrects: Decision | None) -> Response:
    made = actions.record(
        g.mandate.unit, decided_on=form.decided_on.data or clock.today(), paragraph=str(form.paragraph.data),
        text=str(form.text.data), registration_number=str(form.registration_number.data), about=about, corrects=corrects,
        matter=matter, outcome=str(form.outcome.data or "decide"), asks=_asked(form), verdicts=_judged(form),
        sent=request.form.to_dict(flat=False), by=g.mandate,
    )  # fmt: skip
    flash(_("Beslutet är inskrivet."), "success")
    return redirect(url_for("matter.show", public_id=made.public_id), 303)


def _asked(form: Record) -> list[Asked]:
    """The rows that say something."""
    rows = [Asked(str(row.form.text.data or ""), row.form.due_on.data, row.name) for row in form.asks.entries]
    return [row for row in rows if row.text.strip() or row.due_on]


def _judged(form: Record) -> list[Verdict]:
    """The reports that something is said of."""
    said = [row for row in form.verdicts.entries if row.form.verdict.data in ("approve", "send_back")]
    return [
        Verdict(
            fetch(Assignment, str(row.form["name"].data), Action.KEEP, assignment_queries.WHOLE),
            row.form.verdict.data == "approve",
            str(row.form.words.data or ""),
            row.name,
        )
        for row in said
    ]


def _corrected() -> Decision | None:
    """The decision that is to be corrected, if any."""
    public_id = request.values.get("corrects")
    return fetch(Decision, public_id, Action.RECORD, queries.WHOLE) if public_id else None


def _first(corrects: Decision | None, reported: list[Assignment]) -> dict[str, Any]:
    """What the form shows at first: today or the meeting's day, the matter's number; or what is to be corrected."""
    judged = [{"name": one.public_id} for one in reported]
    if corrects is None:
        return {"decided_on": clock.today(), "round": request.args.get("round", ""), "verdicts": judged, **_from_agenda()}
    return {
        "decided_on": corrects.decided_on, "paragraph": corrects.paragraph, "registration_number": corrects.registration_number,
        "text": corrects.text, "round": corrects.round.public_id if corrects.round else "", "corrects": corrects.public_id,
        "matter": corrects.matter.public_id if corrects.matter else "", "verdicts": judged,
    }  # fmt: skip


def _from_agenda() -> dict[str, Any]:
    """What an agenda's or a matter's link to the form says: the matter, and the day on which it is taken up."""
    name = request.args.get("matter", "")
    matter = _of(matter_queries.to_choose(g.mandate), name) if name else None
    if matter is None:
        return {}
    place = matter_queries.place(matter)
    today = clock.today()
    day = place.meeting.held_on if place and place.meeting.held_on <= today else today
    return {
        "matter": matter.public_id, "registration_number": matter.registration_number or "", "decided_on": day,
        "round": matter.round.public_id if matter.round else "",
    }  # fmt: skip


# Faults


def tell(form: Form, no: RuleBroken) -> list[tuple[str, str]]:
    """Put each sentence at its field. Those of no field of the form are handed back, each with its name."""
    known = {field.short_name: field for field in form} | dict(_fields(form))
    for name in no.problems.keys() & known.keys():
        known[name].errors = [no.problems[name]]
    for field in form:
        if isinstance(field, FieldList):
            field.errors = [entry.errors for entry in field.entries if entry.errors]
    if not no.problems:
        form.form_errors.append(no.sentence)
    return [(sentence, name) for name, sentence in no.problems.items() if name not in known]


def _fields(form: Any) -> Iterator[tuple[str, Any]]:
    """(name, field) of a form, those in its rows too."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from _fields(entry.form)
        else:
            yield field.name, field
