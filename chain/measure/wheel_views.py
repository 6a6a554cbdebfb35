"""Writing in a measure's improvement wheel, and fetching what was attached there: for those who work on it alone."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access.guard import allow
from chain.access.policy import Action
from chain.base import files
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round
from chain.measure import page_views, rules, wheel_actions, wheel_queries, wheel_rules
from chain.measure.models import Measure, WheelEntry
from forms.wheel import WheelForm

bp = Blueprint("wheel", __name__, url_prefix="/measure")

WHOLE = (
    joinedload(Measure.unit), joinedload(Measure.responsible), joinedload(Measure.round).joinedload(Round.year),
    joinedload(Measure.aims_at),
)  # fmt: skip


@bp.url_value_preprocessor
def room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A note may bring files, which are larger than any other form; before anything of it is read."""
    if endpoint in ("wheel.add", "wheel.change") and request.method == "POST":
        files.room()


@bp.post("/<public_id>/wheel")
@allow(Action.WRITE, Measure, options=WHOLE)
def add(measure: Measure) -> Any:
    form = page_views.wheel_form()
    key = str(form.key.data or "")[:32]
    if _done(form, lambda: wheel_actions.write(measure, key=key, **_said(form), by=g.mandate)):
        flash(_("Anteckningen är sparad."), "success")
        return _back(measure)
    return page_views.page(measure, form), 422


@bp.route("/<public_id>/wheel/<note_id>", methods=["GET", "POST"])
@allow(Action.WRITE, Measure, options=WHOLE)
def change(measure: Measure, note_id: str) -> Any:
    note = wheel_queries.note(measure, note_id)
    form = page_views.wheel_form(note)
    seen = str(form.seen.data or "")
    if request.method == "POST" and _done(form, lambda: wheel_actions.change(note, seen=seen, **_said(form), by=g.mandate)):
        flash(_("Anteckningen är ändrad."), "success")
        return _back(measure)
    return _note_page(measure, note, form)


def _note_page(measure: Measure, note: WheelEntry, form: WheelForm) -> Any:
    """A note's form. What somebody else has written meanwhile stands beside, and has then been seen."""
    mark = wheel_rules.mark(note)
    theirs = form.is_submitted() and form.seen.data != mark
    form.seen.data = mark
    page = render_template(
        "measure/note.html", measure=measure, note=note, form=form, theirs=theirs, mark=mark, stage_name=wheel_rules.stage_name,
        evidence_name=rules.evidence_name, most=files.MOST, largest=files.LARGEST // 1024 // 1024,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/<public_id>/wheel/<note_id>/remove")
@allow(Action.WRITE, Measure, options=WHOLE)
def remove(measure: Measure, note_id: str) -> Any:
    note = wheel_queries.note(measure, note_id)
    try:
        wheel_actions.remove(note, seen=request.form.get("seen", ""), by=g.mandate)
    except wheel_rules.Changed as no:
        flash(no.sentence, "warning")
        return redirect(url_for("wheel.change", public_id=measure.public_id, note_id=note_id), 303)
    flash(_("Anteckningen är borttagen."), "success")
    return _back(measure)


@bp.post("/<public_id>/wheel/<note_id>/detach/<file_id>")
@allow(Action.WRITE, Measure, options=WHOLE)
def detach(measure: Measure, note_id: str, file_id: str) -> Response:
    wheel_actions.detach(wheel_queries.note(measure, note_id), file_id, by=g.mandate)
    flash(_("Filen är borttagen."), "success")
    return redirect(url_for("wheel.change", public_id=measure.public_id, note_id=note_id), 303)


@bp.get("/<public_id>/file/<file_id>")
@allow(Action.WRITE, Measure, options=WHOLE)
def file(measure: Measure, file_id: str) -> Response:
    return files.answer(wheel_queries.file(measure, file_id, g.mandate))


def _said(form: WheelForm) -> dict[str, Any]:
    words = {
        "stage": form.stage.data or "",
        "on": form.on.data,
        "text": form.text.data or "",
        "evidence": form.evidence.data or "",
    }
    return {**words, "given": files.sent(form.files.data)}


def _done(form: WheelForm, act: Callable[[], object]) -> bool:
    """Whether it could be done; else what was refused stands in the form, at the files when it is about those."""
    try:
        act()
    except wheel_rules.Changed as no:
        form.refuse(no.sentence, {"text": no.sentence})
        return False
    except RuleBroken as no:
        problems = no.problems or {"files": no.sentence}
        form.refuse(no.sentence, problems)
        return False
    return True


def _back(measure: Measure) -> Response:
    return redirect(url_for("measure.show", public_id=measure.public_id, _anchor="wheel"), 303)
