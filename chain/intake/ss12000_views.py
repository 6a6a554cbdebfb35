"""The page of the register: what waits to be chosen, as a form in parts; what was chosen already stays chosen."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request

from chain.base import clock
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.intake import kept, ss12000_grades, ss12000_queries
from chain.intake.ss12000_changes import Change, Plan
from chain.intake.ss12000_grades import Term
from chain.intake.ss12000_reading import Facts
from chain.organisation import queries as organisation
from chain.organisation.rules import Waiting, seen
from forms.base import choices
from forms.intake import Choose, Fetch, Grades


def page(form: Choose | None = None, no: RuleBroken | None = None, fault: str = "") -> str:
    """The source and, when something came, the lines to choose from; what was chosen already stays chosen."""
    municipality = organisation.municipality_of(g.mandate)
    source = ss12000_queries.source(municipality)
    came = ss12000_queries.fetched(source)
    facts: dict[str, Any] = {
        "source": source,
        "access": ss12000_queries.access(municipality),
        "came": came,
        "fault": fault,
        "no": no,
    }
    if came is None:
        if no:
            facts["fault"] = no.sentence
        return render_template("intake/ss12000.html", form=Fetch(formdata=None), **facts)
    plan = ss12000_queries.plan(municipality, source, Facts.from_json(came.facts))
    shown, waiting = plan.shown, ss12000_queries.waiting(plan)
    filled = _filled(form, plan, shown, came.public_id, source, waiting)
    facts |= {"more": [no.sentence] if no else [], "problems": no.problems if no else {}}
    return render_template(
        "intake/ss12000.html", form=filled, fetch=Fetch(formdata=None), plan=plan, sections=_sections(shown),
        waiting=waiting, unseen=len(plan.changes) - len(shown), ticked=set(filled.chosen.data or []), **facts,
    )  # fmt: skip


def grades_form() -> Grades | None:
    """Which term's grades for which round; none where there is no register to ask, or no round to ask for."""
    rounds = kept.rounds(g.mandate)
    if not rounds or not ss12000_queries.access(organisation.municipality_of(g.mandate)):
        return None
    form, latest = Grades(), Term.last(clock.today())
    terms = [latest, latest.before, latest.before.before]
    form.for_round.choices = choices((one.public_id, one.in_year) for one in rounds)
    named = [(one.key, ss12000_grades.words(one.key).capitalize()) for one in terms]
    form.term.choices = choices([("", _("Den senaste före uppföljningen")), *named])
    return form


def term(key: str) -> Term | None:
    """The term that a form's key names; none for the latest."""
    return Term(key[:2], int(key[2:])) if key else None


def _filled(
    form: Choose | None, plan: Plan, shown: list[Change], fetched: str, source: Any, waiting: Mapping[str, list[Waiting]]
) -> Choose:
    """The form over the lines as they are now; ticked as before, or else as they are from the start."""
    places = ss12000_queries.places(organisation.municipality_of(g.mandate), g.mandate)
    default = ss12000_queries.default_place(source, places)
    before = {one.form.key.data: (one.form.successor.data, one.form.reason.data) for one in form.closing} if form else {}
    successors = ss12000_queries.successors(plan, g.mandate)
    rows = []
    for key, there in waiting.items():
        successor, reason = before.get(key, ("", ""))
        rows.append({"key": key, "successor": successor, "reason": reason, "seen": seen(there)})
    chosen = set(form.chosen.data or []) if form else _from_the_start(shown)
    made = Choose(
        formdata=None,
        data={
            "fetched": fetched, "closing": rows, "chosen": sorted(_marked(chosen, shown)),
            "place": form.place.data if form else default.public_id if default else "",
        },
    )  # fmt: skip
    made.place.choices = choices([("", _("Välj")), *((unit.public_id, way) for unit, way in places)])
    made.chosen.choices = choices((change.key, change.sentence) for change in shown)
    for one in made.closing:
        one.form.successor.choices = choices([("", _("Ingen: det som är öppet avslutas")), *successors[one.form.key.data]])
    return made


def _from_the_start(shown: list[Change]) -> set[str]:
    """What is ticked when nobody has chosen: not what is asked for line by line, nor what builds on it."""
    asked_for: set[str] = set()
    ticked = set()
    for change in shown:  # from what others build on
        if change.chosen and not asked_for & set(change.needs):
            ticked.add(change.key)
        elif change.what in ("link_unit", "add_unit"):
            asked_for.add(change.about)
    return ticked


def _marked(chosen: set[str], shown: list[Change]) -> set[str]:
    """What is ticked after a button that ticks, or unticks, a whole part."""
    how, _space, part = request.form.get("mark", "").partition(" ")
    keys = {change.key for change in shown if PARTS[change.what] == part}
    return chosen | keys if how == "all" else chosen - keys


PARTS = {  # what a line does → the part of the page in which it stands
    "add_unit": "add", "link_unit": "link", "change_unit": "change", "code": "change", "move_unit": "move", "give": "give",
    "end": "end", "change_person": "person", "close_unit": "close",
}  # fmt: skip


def _sections(shown: list[Change]) -> list[tuple[str, str, str, list[Change]]]:
    """(part, title, hint, lines) of the parts that have any."""
    titles = {
        "link": (_("Samma enhet?"), _("Namnet är det enda som talar för det. Välj bara dem som du känner igen.")),
        "add": (_("Nya enheter"), ""),
        "change": (_("Ändrade namn och uppgifter"), ""),
        "move": (_("Flyttas i trädet"), _("Pågående rundor behåller trädet som de öppnade med.")),
        "give": (_("Nya uppdrag"), ""),
        "end": (_("Uppdrag som upphör"), _("Uppdrag som registret aldrig har haft rörs inte.")),
        "person": (_("Ändrade namn och adresser"), ""),
        "close": (
            _("Enheter som stängs"),
            _("Det som är öppet lämnas över till den som tar över. Tar ingen över avslutas det, med ditt skäl."),
        ),
    }
    found = [(part, title, hint, [one for one in shown if PARTS[one.what] == part]) for part, (title, hint) in titles.items()]
    return [each for each in found if each[3]]
