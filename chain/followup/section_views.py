"""A section as a form: filled, judged, kept, and shown again with what is to be put right."""

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from chain.access import guard
from chain.access.policy import Action
from chain.base.cowriting import Conflict
from chain.base.cowriting_views import Page, by_script, refused, saved_at, second, stored
from chain.base.db import random_name
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import _, current
from chain.cycle import queries as cycle
from chain.cycle.models import Question
from chain.followup import (
    agreed,
    answers,
    checks,
    citation_actions,
    hub_views,
    needs,
    proposals,
    queries,
    reading,
    section_actions,
)
from chain.followup.checks import Work
from chain.followup.models import Citation, Followup, Section
from chain.followup.sheets import flat, sheets
from chain.goal import document_queries as governing
from chain.measure import rules as measure
from chain.measure import wheel_queries, wheel_rules
from chain.measure.models import Measure
from chain.result.rules import Table, basis_name
from forms import followup as forms
from forms.base import choices, posted

CITED = (joinedload(Citation.submission), joinedload(Citation.followup).joinedload(Followup.unit))


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
        section = section_actions.save(
            followup,
            key,
            answer,
            version=posted(form.version.data),
            save_key=(form.save_key.data or random_name())[:64],
            done=form.done.data == "yes" and not wrong,
            by=g.mandate,
        )
    except Conflict as no:
        return conflicted(followup, key, no)
    except (RuleBroken, NotAllowed) as refusal:
        shown = reading.draft(question, answer)
        return refused(refusal, "followup/kept.html", followup=followup, question=question, shown=shown, basis_name=basis_name)
    if by_script():
        told = {name: sentence for name, sentence in wrong.items() if "|" in name or name == "text"}
        return stored(section, g.mandate, told)
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
    if "adopt" in request.form and question.kind == "measures":
        answer = agreed.taken_in(here, answer, request.form["adopt"], most=forms.MOST_ITEMS)
    if "take" in request.form and isinstance(form, forms.FiguresForm):
        found = proposals.proposals(here.followup, here.node, here.tables, flat(answer))
        answer = proposals.taken(answer, found, request.form["take"])
        form.typed |= flat(answer)
    if "take" in request.form and question.kind == "outcomes":
        answer["items"] = {name: taken_in(here, name, item) for name, item in answer["items"].items()}
    if "copy" in request.form:
        place_in, _colon, name = request.form["copy"].partition(":")
        earlier = {str(place): one for place, one in enumerate(reading.before(here, question))}.get(place_in)
        text = next((text for field, _heading, text in earlier.texts if field == name), "") if earlier else ""
        if text:
            row, field = row_of(answer, name) if isinstance(form, forms.RowsForm) else (answer, name)
            row[field] = "\n\n".join(part for part in (str(row.get(field, "")).rstrip(), text.strip()) if part)
    return answer


def taken_in(here: Work, name: str, item: dict[str, Any]) -> dict[str, Any]:
    """An outcome as it is when what is written in the measure's wheel is taken in, where that was asked for."""
    one = next((one for one in here.open if one.public_id == name == request.form["take"]), None)
    return wheel_rules.taken_in(item, wheel_queries.untold([one.id]).get(one.id, [])) if one else item


def row_of(answer: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """The row that a field of a list (`items-1-see`) belongs to, made where there is none, and the field's own name in it."""
    _items, place, field = name.split("-")
    while len(answer["items"]) <= int(place):
        answer["items"].append({"item": random_name()})
    return answer["items"][int(place)], field


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
        citation_actions.uncite(guard.fetch(Citation, asked["uncite"], Action.WRITE, CITED), by=g.mandate)
        return redirect(here_again, 303)
    if "add" in asked:
        return redirect(url_for("followup.edit", public_id=followup.public_id, key=key, more=1, _anchor="last"), 303)
    if not wrong:
        return redirect(url_for("followup.hub", public_id=followup.public_id) if "go" in asked else here_again, 303)
    loose = form.tell(wrong)
    form.version.data, form.save_key.data = section.version, random_name()
    return section_page(checks.work(followup), question, form, loose), 422


def conflicted(followup: Followup, key: str, no: Conflict) -> Page:
    return second(no, url_for("followup.conflict", public_id=followup.public_id, key=key, save=no.mine))


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
    if isinstance(form, forms.AnalysisForm):
        form.choose([(name, answers.certainty_name(name)) for name in answers.CERTAINTY])
    if question.kind == "measures":
        causes = [(name, measure.short(words, 90)) for name, words in here.known.causes.items()]
        form.choose(here.known.people.items(), here.known.dues.items(), causes, here.known.goals.items())
    if question.kind == "requests":
        form.sort((key, needs.kind_name(key)) for key in needs.KINDS)
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
    if question.kind in ("measures", "requests", "analysis"):
        found = list(answers.ANALYSIS.causes(answer) if question.kind == "analysis" else answer.get("items", []))
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
        **hub_views.frame(here.followup),
        **facts,
        node=here.node,
        question=question,
        governed=governing.governing_question(here.node.path, here.node.level, question.key),
        own_due=cycle.own_due(question, here.followup.round),
        form=form,
        section=section,
        saved=saved_at(section, g.mandate),
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
        told = wheel_queries.untold([one.id for one in here.open])
        facts["wheel"] = {one.public_id: told[one.id] for one in here.open if one.id in told}
        facts |= {"stage_name": wheel_rules.stage_name, "flag": measure.carried_sentence, "lacks_of": measure.lacks}
    if question.kind == "measures":
        typed = {"items": [{"item": row.form.item.data} for row in form["items"]]}
        facts["agreed"], facts["sources"] = agreed.offered(here, typed), agreed.sources(here.followup.unit_id, typed)
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


def section_of(here: Work, question: Question) -> Section:
    if question.key not in here.sections:
        raise NotFound
    return here.sections[question.key]


def shown(here: Work, question: Question, answer: Mapping[str, Any], tables: list[Table]) -> reading.Shown:
    return reading.draft(question, answer, names=reading.drafted(here, question), tables=tables)
