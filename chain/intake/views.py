"""Reading files in, and what other systems know: seen first, chosen, confirmed. Files can be undone."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import files
from chain.base.db import db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, ngettext
from chain.base.slots import fill
from chain.intake import (
    actions,
    comparing,
    kept,
    progress,
    reading,
    sheets,
    ss12000_actions,
    ss12000_doing_actions,
    ss12000_queries,
    ss12000_views,
)  # fmt: skip
from chain.intake.models import Intake
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Unit
from chain.result.models import ImportedFigures
from forms.base import choices
from forms.intake import Choose, Fetch, Grades, Upload

bp = Blueprint("intake", __name__, url_prefix="/intake")

LONG = 1_000_000  # bytes, some 30,000 rows: a second's work. A longer file is read on a page that says how far it has come
PATIENCE = 45.0  # seconds that a browser, and a proxy in between, wait for an answer

WHOLE = (
    joinedload(Intake.by).joinedload(Mandate.person), joinedload(Intake.kept_by).joinedload(Mandate.person),
    joinedload(Intake.undone_by).joinedload(Mandate.person), joinedload(Intake.round), joinedload(Intake.municipality),
)  # fmt: skip


@bp.url_value_preprocessor
def room_for_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """An upload may be larger than any other form; before anything of it is read."""
    if endpoint == "intake.upload":
        files.room(sheets.LARGEST)


@bp.get("/")
@allow(Action.READ, "intake")
def start() -> str:
    """The form; what was chosen before a file was refused is chosen again."""
    form = _form()
    chosen = {name: request.args[name] for name in ("round", "source") if name in request.args}
    form.process(data=chosen)
    return _start(form)


def _start(form: Upload, extra: list[str] | None = None) -> str:
    keeps = policy.may_somewhere(g.mandate, Action.KEEP, "intake")
    receipts = policy.may_somewhere(g.mandate, Action.READ, "taken")
    return render_template(
        "intake/start.html", form=form, extra=extra or [], keeps=keeps, intakes=kept.recent(g.mandate),
        grades=ss12000_views.grades_form(), receipts=receipts,
    )  # fmt: skip


def _form() -> Upload:
    form = Upload()
    rounds = kept.rounds(g.mandate)
    form.round.choices = choices([*((one.public_id, one.in_year) for one in rounds), ("", _("Ingen"))])
    return form


@bp.post("/upload")
@allow(Action.KEEP, "intake")
def upload() -> Any:
    form = _form()
    file = form.file.data
    if not form.validate() or not file or not file.filename:
        if not form.errors:
            form.file.errors = [_("Välj en fil.")]
        return _start(form), 422
    name, content = file.filename.replace("\\", "/").rpartition("/")[2], file.read(sheets.LARGEST + 1)
    if LONG < len(content) <= sheets.LARGEST:
        again = url_for("intake.start", round=form.round.data or "", source=form.source.data or "")
        return progress.page(name, _receive(name, content, form), again=again)
    try:
        made = reading.done(_receive(name, content, form))
    except RuleBroken as no:
        return _start(form, [no.sentence, *no.problems.values()]), 422
    return redirect(url_for("intake.show", public_id=made.public_id), 303)


def _receive(name: str, content: bytes, form: Upload) -> reading.Work[Intake]:
    """Read a file and remember it; on the way it says how far it has come."""
    if len(content) > sheets.LARGEST:
        raise RuleBroken(_("%(file)s är större än 25 MB. Dela upp den, eller ta bort det som inte behövs.", file=name))
    root = organisation.municipality_of(g.mandate)
    round = next((one for one in kept.rounds(g.mandate) if one.public_id == form.round.data), None)
    source = form.source.data or ""
    said = yield from reading.steps(name, content, g.mandate, root, round, kept.columns(g.mandate, source))
    found = comparing.difference(said, root, round, g.mandate)
    made: Intake = actions.receive(name, content, said, found, root=root, round=round, source=source, by=g.mandate)
    return made


@bp.get("/<public_id>")
@allow(Action.READ, Intake, options=WHOLE)
def show(intake: Intake) -> str:
    return _show(intake)


def _show(intake: Intake, extra: list[str] | None = None, typed: Mapping[str, str] | None = None) -> str:
    found, columns = intake.found, intake.found["columns"]
    held = {name: key for key, name in columns.items()}
    chosen = {f"c{place}": held.get(name, "") if name else "" for place, name in enumerate(found["header"])}
    reads = reads_figures_of(intake)
    units, changes = kept.changes(intake, counts=reads)
    fields, keeps = field_words(found), policy.may(g.mandate, Action.KEEP, intake)
    steps, spreads = kept.grades(intake) if reads_figures_of(intake) else ([], [])
    return render_template(
        "intake/show.html", intake=intake, found=found, units=units, changes=changes, keeps=keeps, extra=extra or [],
        problems=kept.sentences(found if reads or intake.round_id is None else comparing.without_words(found)),
        indicators=kept.indicators(intake) if intake.state == "previewed" and intake.kind == "grid" else [],
        lacking=[fields[key] for key in found["lacking"]], recognised=kept.recognised_as(intake),
        steps=steps, spreads=spreads, chosen=typed or chosen | {"indicator": found["indicator"]},
        undone=kept.undone_words(intake), again=kept.same_file(intake), fields=fields, chain_here=intake.unit.level,
    )  # fmt: skip


def reads_figures_of(intake: Intake) -> bool:
    """A receipt may be read by some who may not read the figures themselves."""
    return policy.may(g.mandate, Action.READ, ImportedFigures(unit_id=intake.unit_id, path=intake.path))


def field_words(found: dict[str, Any]) -> dict[str, str]:
    """What a column may hold, in words."""
    words = {
        "unit": _("Enhet (namn eller skolenhetskod)"), "subject": _("Ämne"), "year_group": _("Årskurs"),
        "school_form": _("Skolform"), "basis": _("Underlag"), "enrolled": _("Elever"), "assessed": _("Bedömda"),
        "reached": _("Nått"), "mean": _("Medelvärde"), "total": _("Summa"), "step": _("Steg (en rad per steg)"),
        "indicator": _("Indikator"),
    }  # fmt: skip
    return words | {f"step:{key}": _("Antal med betyg %(step)s", step=key) for key in found.get("steps", [])}


@bp.post("/<public_id>/columns")
@allow(Action.KEEP, Intake, options=WHOLE)
def columns(intake: Intake) -> Any:
    """Say which column holds what, and look again."""
    header = intake.found["header"]
    said = {request.form.get(f"c{place}", ""): name for place, name in enumerate(header)}
    sent = [value for place in range(len(header)) if (value := request.form.get(f"c{place}"))]
    said.pop("", None)
    known = set(field_words(intake.found))
    if len(sent) != len(set(sent)):
        return _show(intake, [_("Två kolumner kan inte ha samma innehåll. Välj en av dem.")], request.form), 422
    chosen = {key: name for key, name in said.items() if key in known}
    work = _again(intake.id, chosen, request.form.get("indicator", ""))
    here = url_for("intake.show", public_id=intake.public_id)
    if intake.size > LONG:
        return progress.page(intake.file_name, work, again=here)
    reading.done(work)
    return redirect(here, 303)


def _again(number: int, columns: dict[str, str] | None = None, indicator: str = "") -> reading.Work[Intake]:
    """Read a file that waits once more: with other columns, or because what it was compared with has changed."""
    intake = db.session.get_one(Intake, number)
    content = kept.content(intake)
    if content is not None:
        root, round = intake.municipality, intake.round
        mapping = _mapping(intake) if columns is None else {"columns": columns, "indicator": indicator}
        said = yield from reading.steps(intake.file_name, content, g.mandate, root, round, mapping, stored=True)
        found = comparing.difference(said, root, round, g.mandate)
        actions.review(intake, said, found, columns=columns, indicator=indicator, by=g.mandate)
    return intake


def _mapping(intake: Intake) -> dict[str, Any]:
    """The columns as they were looked at."""
    return {"columns": intake.found["columns"], "indicator": intake.found["indicator"]}


@bp.post("/<public_id>/confirm")
@allow(Action.KEEP, Intake, options=WHOLE)
def confirm(intake: Intake) -> Any:
    content = kept.content(intake)
    here = url_for("intake.show", public_id=intake.public_id)
    if content is None:
        return redirect(here, 303)  # confirmed, or thrown away, already
    try:
        actions.confirm(intake, _published(intake, content), by=g.mandate)
    except RuleBroken as no:
        if intake.found["fatal"]:
            return _show(intake, [no.sentence]), 409
        reading.done(_again(intake.id))
        return _show(intake, [no.sentence]), 409
    flash(_("Filen är inläst. Här är kvittot."), "success")
    return redirect(here, 303)


def _published(intake: Intake, content: bytes) -> reading.Read | None:
    """Published figures are read anew to be kept; a unit's own are kept as they were judged."""
    if intake.kind != reading.PUBLISHED:
        return None
    return reading.read(intake.file_name, content, g.mandate, intake.municipality, None, {}, stored=True)


@bp.post("/<public_id>/cancel")
@allow(Action.KEEP, Intake, options=WHOLE)
def cancel(intake: Intake) -> Response:
    actions.cancel(intake, by=g.mandate)
    flash(_("Filen är kastad. Ingenting ändrades."), "success")
    return redirect(url_for("intake.start"), 303)


@bp.post("/<public_id>/undo")
@allow(Action.KEEP, Intake, options=WHOLE)
def undo(intake: Intake) -> Any:
    try:
        actions.undo(intake, by=g.mandate)
    except RuleBroken as no:
        return _show(intake, [no.sentence]), 409
    flash(kept.undone_words(intake), "success")
    return redirect(url_for("intake.show", public_id=intake.public_id), 303)


@bp.get("/imported/<public_id>")
@allow(Action.READ, "imported")
def imported(public_id: str) -> str:
    unit = fetch(Unit, public_id)
    if not policy.may(g.mandate, Action.READ, ImportedFigures(unit_id=unit.id, path=unit.path)):
        raise NotFound
    return render_template("intake/imported.html", unit=unit, rounds=kept.figures_of(unit), chain_here=unit.level)


@fill("unit.page", "intake")
def beside_unit(unit: Unit) -> str:
    """The way from a unit's page to the figures that have been read in for it, where there are any and they may be read."""
    if not policy.may(g.mandate, Action.READ, ImportedFigures(unit_id=unit.id, path=unit.path)) or not kept.has_figures(unit):
        return ""
    return render_template("intake/_beside_unit.html", unit=unit)


# SS 12000


@bp.get("/ss12000")
@allow(Action.KEEP, "source")
def ss12000() -> Any:
    return ss12000_views.page()


@bp.post("/ss12000/fetch")
@allow(Action.KEEP, "source")
def ss12000_fetch() -> Any:
    form = Fetch()
    try:
        found = ss12000_actions.fetch(
            organisation.municipality_of(g.mandate), by=g.mandate, seconds=PATIENCE, whole=bool(form.whole.data)
        )  # fmt: skip
    except RuleBroken as no:
        return ss12000_views.page(fault=no.sentence), 409
    if not found:
        flash(_("Registret säger inget nytt: trädet och uppdragen stämmer med det."), "success")
    return redirect(url_for("intake.ss12000"), 303)


@bp.post("/ss12000/discard")
@allow(Action.KEEP, "source")
def ss12000_discard() -> Response:
    ss12000_actions.discard(organisation.municipality_of(g.mandate), by=g.mandate)
    flash(_("Det som hämtades är borttaget. Inget har ändrats."), "success")
    return redirect(url_for("intake.ss12000"), 303)


@bp.post("/ss12000/confirm")
@allow(Action.KEEP, "source")
def ss12000_confirm() -> Any:
    form = Choose()
    if request.form.get("mark"):
        return ss12000_views.page(form)
    closing = {
        one.form.key.data: ss12000_doing_actions.End(
            _unit(one.form.successor.data), one.form.reason.data or "", one.form.seen.data or ""
        )
        for one in form.closing
        if one.form.key.data
    }
    if not form.validate():
        long = {one.form.key.data: one.form.reason.errors[0] for one in form.closing if one.form.reason.errors}
        return ss12000_views.page(form, RuleBroken(_("Se efter vid raderna som är markerade och bekräfta igen."), long)), 422
    try:
        done = ss12000_actions.confirm(
            organisation.municipality_of(g.mandate), fetched=form.fetched.data or "", chosen=set(form.chosen.data or []),
            place=_unit(form.place.data), closing=closing, by=g.mandate,
        )  # fmt: skip
    except RuleBroken as no:
        return ss12000_views.page(form, no), 422
    flash(ngettext("%(num)s ändring är gjord.", "%(num)s ändringar är gjorda.", done.lines), "success")
    if done.people:
        sentence = ngettext(
            "%(num)s person är ny här och behöver en engångskod: skapa den på personens sida.",
            "%(num)s personer är nya här och behöver var sin engångskod: skapa dem på personernas sidor.", done.people,
        )  # fmt: skip
        flash(sentence, "info")
    return redirect(url_for("intake.ss12000"), 303)


@bp.post("/ss12000/grades")
@allow(Action.KEEP, "imported")
def ss12000_grades() -> Any:
    """Counts of a term's grades, to be looked at as a file is, and proposed to the units."""
    form = ss12000_views.grades_form() or Grades()
    round = next((one for one in kept.rounds(g.mandate) if one.public_id == form.for_round.data), None)
    if round is None or not form.validate():
        return _start(_form(), [_("Välj vilken uppföljning betygen hör till.")]), 422
    try:
        made = ss12000_actions.fetch_grades(
            organisation.municipality_of(g.mandate), round, ss12000_views.term(form.term.data), by=g.mandate, seconds=PATIENCE
        )
    except RuleBroken as no:
        return _start(_form(), [no.sentence, *no.problems.values()]), 409
    return redirect(url_for("intake.show", public_id=made.public_id), 303)


@bp.get("/ss12000/taken")
@allow(Action.READ, "taken")
def taken() -> str:
    """What was taken in from the register, as far as it is the reader's: a receipt a confirmation."""
    return render_template("intake/taken.html", receipts=ss12000_queries.taken(g.mandate))


def _unit(public_id: str | None) -> Unit | None:
    found: Unit | None = fetch(Unit, public_id, Action.KEEP) if public_id else None
    return found
