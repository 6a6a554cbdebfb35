"""The pages of quality dialogues: the calendar, a unit's own through the years, and one from invitation to what came of it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from chain.access import policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import files, out
from chain.base.cowriting_views import saved_at
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.slots import fill
from chain.dialogue import (
    actions,
    agreement_queries,
    agreement_views,
    file_actions,
    file_queries,
    meeting_views,
    pack,
    pack_actions,
    queries,
    rules,
    tables,
    text_queries,
    text_views,
)
from chain.dialogue.models import Dialogue
from chain.measure.models import Measure
from chain.organisation.models import Unit
from forms.attach import AttachForm
from forms.base import posted
from forms.dialogue import Agree, OwnWords, Step

bp = Blueprint("dialogue", __name__, url_prefix="/dialogue")


@bp.get("/")
@allow(Action.READ, "dialogue")
def archive() -> Any:
    """The unit's own through the years; for those who hold dialogues, a year's calendar."""
    if rules.side(str(g.mandate.role)) == rules.UNIT:
        found = queries.through_the_years(g.mandate)
        if form := out.wanted():
            return out.file(tables.dialogues(g.mandate.unit, found), form, _("kvalitetsdialoger"), g.mandate.unit.name)
        return render_template("dialogue/through_the_years.html", dialogues=found, chain_here="unit")
    year = str(request.args.get("year", ""))
    calendar = queries.calendar(g.mandate, year)
    if year and year not in calendar.years:
        raise NotFound
    if form := out.wanted():
        return out.file(
            tables.calendar(g.mandate.unit, calendar), form, _("kvalitetsdialoger"), g.mandate.unit.name, calendar.year
        )
    return render_template(
        "dialogue/calendar.html", calendar=calendar, chain_here=g.mandate.unit.level,
        may_plan=policy.may_somewhere(g.mandate, Action.KEEP, "dialogue"),
        keeps_agenda=policy.may_somewhere(g.mandate, Action.KEEP, "agenda"),
    )  # fmt: skip


@bp.route("/plan", methods=["GET", "POST"])
@allow(Action.KEEP, "dialogue")
def plan() -> Any:
    return meeting_views.plan()


@bp.route("/agenda", methods=["GET", "POST"])
@allow(Action.KEEP, "agenda")
def agenda() -> Any:
    return meeting_views.agenda()


# One


@bp.get("/<public_id>")
@allow(Action.READ, Dialogue, options=queries.WHOLE)
def show(dialogue: Dialogue) -> Any:
    return page(dialogue)


def page(
    dialogue: Dialogue, form: Step | None = None, agree: Agree | None = None, attach: AttachForm | None = None
) -> str:  # fmt: skip
    """All of a dialogue that the reader may see, with what can be done now."""
    editions, told = queries.editions(dialogue), agreement_queries.told(dialogue)
    may_write = policy.may(g.mandate, Action.WRITE, dialogue)
    newest = editions[0] if editions else None
    facts = actions.facts(dialogue, newest, g.mandate)
    acts = rules.possible(dialogue.state, facts, role=str(g.mandate.role)) if may_write else []
    if not policy.may(g.mandate, Action.KEEP, dialogue):
        acts = [act for act in acts if act not in ("change", "stand_by", "cancel", "close")]
    writes = may_write and dialogue.state in rules.WRITABLE
    new = agree or (Agree(formdata=None, prefix="agree") if writes else None)
    if new:
        agreement_views.offer(new, dialogue)
    return render_template(
        "dialogue/show.html", dialogue=dialogue, about=pack.about_name(dialogue), acts=acts,
        pack=queries.pack(dialogue), notes=text_queries.notes(dialogue), editions=editions, told=told,
        steps=queries.steps(dialogue), attached=file_queries.files(dialogue), attach_form=attach or AttachForm(formdata=None),
        attaches=may_write and dialogue.state in rules.ATTACHABLE, most=files.MOST, largest=files.LARGEST // 1024 // 1024,
        form=form or Step(formdata=None), agree=new, writes=writes, may_write=may_write, side=rules.side(str(g.mandate.role)),
        dues=agreement_queries.due_names(dialogue, (one.agreement.due for one in told)), waits=facts.waiting,
        chain_here=g.mandate.unit.level,
    )  # fmt: skip


@bp.post("/<public_id>/act")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def act(dialogue: Dialogue) -> Any:
    """One step of the table, by a button."""
    form = Step()
    name = str(form.act.data or "")
    try:
        if name not in actions.STEPS:
            raise RuleBroken(_("Välj vad som ska göras."))
        actions.go(dialogue, name, str(form.words.data or ""), by=g.mandate)
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems)
        if name == "cancel":
            return meeting_views.change_page(dialogue, None, form), 422
        return page(dialogue, form), 422
    flash(DONE[name](), "success")
    return meeting_views.back(dialogue)


DONE = {
    "ask": lambda: _("Förslaget är skickat."), "stand_by": lambda: _("Enheten får veta att det står fast."),
    "cancel": lambda: _("Dialogen är inställd."), "hold": lambda: _("Dialogen har börjat: skriv under rubrikerna."),
    "propose": lambda: _("Anteckningarna är föreslagna, och er sida har godkänt dem."),
    "agree": lambda: _("Båda sidor har godkänt anteckningarna."), "reopen": lambda: _("Anteckningarna kan skrivas om."),
    "close": lambda: _("Dialogen är avslutad."),
}  # fmt: skip


@bp.route("/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Dialogue, options=queries.WHOLE)
def change(dialogue: Dialogue) -> Any:
    return meeting_views.change(dialogue)


# Before


@bp.route("/<public_id>/prepare", methods=["GET", "POST"])
@allow(Action.PREPARE, Dialogue, options=queries.WHOLE)
def prepare(dialogue: Dialogue) -> Any:
    """The unit's own words, and beside them what the preparation would be if it were handed over now."""
    form = OwnWords()
    if request.method == "POST":
        going = url_for("dialogue.prepare", public_id=dialogue.public_id)
        if answer := text_views.saved(dialogue, rules.OWN_WORDS, form, going):
            return answer
    one = text_queries.text(dialogue, rules.OWN_WORDS)
    made = pack.pack(dialogue, one.text if one else "", g.mandate)
    answer = render_template(
        "dialogue/prepare.html", dialogue=dialogue, form=form if form.errors else text_views.filled(one, OwnWords), one=one,
        saved=saved_at(one, g.mandate), made=made, sent=queries.pack(dialogue), about=pack.about_name(dialogue),
        may_hand_over=policy.may(g.mandate, Action.SUBMIT, dialogue), chain_here="unit",
    )  # fmt: skip
    return answer, 422 if form.errors else 200


@bp.post("/<public_id>/hand_over")
@allow(Action.SUBMIT, Dialogue, options=queries.WHOLE)
def hand_over(dialogue: Dialogue) -> Any:
    made = pack_actions.hand_over(dialogue, by=g.mandate)
    flash(_("Underlaget är överlämnat. Nu läser båda samma."), "success")
    return redirect(url_for("dialogue.read", public_id=dialogue.public_id, version=made.number), 303)


@bp.get("/<public_id>/pack")
@allow(Action.READ, Dialogue, options=queries.WHOLE)
def read(dialogue: Dialogue) -> Any:
    """The preparation as it was handed over: the newest, or the version that is asked for."""
    newest = queries.pack(dialogue)
    if newest is None:
        return meeting_views.back(dialogue)  # nothing has been handed over yet
    number = posted(request.args.get("version"))
    found = queries.pack(dialogue, number) if number else newest
    if found is None:
        raise NotFound
    return render_template(
        "dialogue/pack.html", dialogue=dialogue, pack=found, made=found.snapshot, newest=newest, chain_here=g.mandate.unit.level
    )  # fmt: skip


# Files


@bp.url_value_preprocessor
def room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if endpoint == "dialogue.attach":
        files.room()


@bp.post("/<public_id>/attach")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def attach(dialogue: Dialogue) -> Any:
    """Files for both sides to read."""
    form = AttachForm()
    try:
        file_actions.attach(dialogue, files.sent(form.files.data), by=g.mandate)
    except RuleBroken as no:
        form.refuse(no.sentence, no.problems or {"files": no.sentence})
        return page(dialogue, attach=form), 422
    flash(_("Bifogat. Båda sidor läser det nu."), "success")
    return meeting_views.back(dialogue, "attached")


@bp.get("/<public_id>/file/<file_id>")
@allow(Action.READ, Dialogue, options=queries.WHOLE)
def file(dialogue: Dialogue, file_id: str) -> Any:
    return files.answer(file_queries.one(dialogue, file_id).file)


@bp.post("/<public_id>/detach/<file_id>")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def detach(dialogue: Dialogue, file_id: str) -> Any:
    file_actions.detach(dialogue, file_id, by=g.mandate)
    flash(_("Filen är borttagen."), "success")
    return meeting_views.back(dialogue, "attached")


# During


@bp.route("/<public_id>/write/<key>", methods=["GET", "POST"])
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def write(dialogue: Dialogue, key: str) -> Any:
    return text_views.write(dialogue, key)


@bp.get("/<public_id>/versions/<key>")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def versions(dialogue: Dialogue, key: str) -> str:
    return text_views.versions(dialogue, key)


@bp.post("/<public_id>/restore/<key>")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def restore(dialogue: Dialogue, key: str) -> Any:
    return text_views.restore(dialogue, key)


@bp.get("/<public_id>/conflict/<key>")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def conflict(dialogue: Dialogue, key: str) -> str:
    return text_views.conflict(dialogue, key)


@bp.get("/<public_id>/edition/<number>")
@allow(Action.READ, Dialogue, options=queries.WHOLE)
def edition(dialogue: Dialogue, number: str) -> str:
    """Notes and agreements as they were proposed, whether agreed to or not."""
    found = next((one for one in queries.editions(dialogue) if str(one.number) == number), None)
    if found is None:
        raise NotFound
    dues = agreement_queries.due_names(dialogue, (one["due"] for one in found.content["agreements"]))
    return render_template(
        "dialogue/edition.html", dialogue=dialogue, edition=found, dues=dues,
        chain_here=g.mandate.unit.level,
    )  # fmt: skip


# What is agreed to


@bp.post("/<public_id>/agreements")
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def agreements(dialogue: Dialogue) -> Any:
    """One more agreement."""
    form = Agree(prefix="agree")
    if agreement_views.added(dialogue, form):
        return meeting_views.back(dialogue, "agreements")
    return page(dialogue, agree=form), 422


@bp.route("/<public_id>/agreement/<name>", methods=["GET", "POST"])
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def agreement(dialogue: Dialogue, name: str) -> Any:
    return agreement_views.change(dialogue, name)


@bp.route("/<public_id>/agreement/<name>/end", methods=["GET", "POST"])
@allow(Action.WRITE, Dialogue, options=queries.WHOLE)
def end(dialogue: Dialogue, name: str) -> Any:
    return agreement_views.end(dialogue, name)


# In others' pages


@fill("measure.page", "dialogue")
def beside_measure(measure: Measure) -> str:
    """Where the measure was agreed; a way there for those who may read it."""
    found = agreement_queries.of_measure(measure)
    if found is None:
        return ""
    return render_template(
        "dialogue/_beside_measure.html", source=agreement_queries.source(found.dialogue), dialogue=found.dialogue,
        may_read=policy.may(g.mandate, Action.READ, found.dialogue),
    )  # fmt: skip


@fill("unit.page", "dialogue")
def beside_unit(unit: Unit) -> str:
    """The dialogues of a unit, for those who may read them."""
    if not policy.may_somewhere(g.mandate, Action.READ, "dialogue"):
        return ""
    found = queries.of_unit(g.mandate, unit.id)
    plans = policy.may_somewhere(g.mandate, Action.KEEP, "dialogue") and queries.can_call(g.mandate, unit)
    return render_template("dialogue/_beside_unit.html", unit=unit, dialogues=found, plans=plans) if found or plans else ""
