"""The tree, its units and its people: to look at, and for the steward to keep."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action, Role
from chain.base import audit, clock
from chain.base.errors import RuleBroken
from chain.base.locale import _, current
from chain.organisation import actions, ending_views, queries, rules, shipped, tree_file
from chain.organisation.models import Mandate, Person, Unit
from forms.base import Form, choices
from forms.organisation import EndMandate, GiveMandate, NewCode, NewUnit, PersonFacts, TreeFile, UnitFacts

bp = Blueprint("organisation", __name__, url_prefix="/organisation")

WITH_CODES = (selectinload(Unit.codes),)
WITH_MANDATES = (selectinload(Person.mandates).joinedload(Mandate.unit), joinedload(Person.municipality))
HOLDER = (joinedload(Mandate.person), joinedload(Mandate.unit))


@bp.app_context_processor
def words() -> dict[str, Any]:
    """Levels, kinds and school forms in the reader's words."""
    return {"level_name": level_name, "kind_name": kind_name, "form_name": form_name}


def level_name(key: str) -> str:
    found = shipped.levels().get(key)
    return found.name(current()) if found else key


def kind_name(key: str) -> str:
    return str(rules.KIND_WORDS.get(key, key))


def form_name(code: str) -> str:
    found = shipped.school_forms().get(code)
    return found.name(current()) if found else code


@bp.get("/")
@allow(Action.READ, "unit")
def tree() -> str:
    keeps = policy.may_somewhere(g.mandate, Action.KEEP, "unit")
    nodes, others = queries.tree(g.mandate)
    return render_template("organisation/tree.html", nodes=nodes, others=others, keeps=keeps)


@bp.get("/<public_id>")
@allow(Action.READ, Unit, options=WITH_CODES)
def unit(unit: Unit) -> str:
    return render_template(
        "organisation/unit.html", unit=unit, line=queries.line_to(unit), children=_visible(queries.children(unit)),
        places=queries.places(unit), holders=queries.mandates_at(unit, g.mandate), today=clock.today(),
        sees_people=policy.may(g.mandate, Action.READ, Mandate(unit_id=unit.id, path=unit.path)),
        keeps=policy.may(g.mandate, Action.KEEP, unit), predecessors=_visible(queries.predecessors(unit)),
    )  # fmt: skip


def _visible(units: list[Unit]) -> list[Unit]:
    return [each for each in units if policy.may(g.mandate, Action.READ, each)]


@bp.route("/<public_id>/add", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def add(parent: Unit) -> Any:
    form = _facts(NewUnit(version=1, organiser=parent.organiser))
    below = [level for level in shipped.levels().values() if level.rank > shipped.levels()[parent.level].rank]
    form.level.choices = choices((level.key, level.name(current())) for level in below)
    if form.validate_on_submit():
        try:
            made = actions.add_unit(
                parent, name=form.name.data, level=form.level.data, code=ending_views.checked_code(form.code.data),
                opened_on=clock.today(), by=g.mandate, **_said(form),
            )  # fmt: skip
        except RuleBroken as no:
            return ending_views.again("organisation/add.html", form, no, parent=parent)
        flash(_("%(name)s finns nu i trädet.", name=made.name), "success")
        return redirect(url_for("organisation.unit", public_id=made.public_id), 303)
    return ending_views.page("organisation/add.html", form, parent=parent)


@bp.route("/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def change(unit: Unit) -> Any:
    form = _facts(UnitFacts(obj=unit, data={"year_groups": " ".join(unit.year_groups)}), unit)
    if form.validate_on_submit():
        try:
            actions.change_unit(unit, name=form.name.data, version=form.version.data, by=g.mandate, **_said(form))
        except RuleBroken as no:
            return ending_views.again("organisation/change.html", form, no, unit=unit)
        flash(_("Ändringen är sparad."), "success")
        return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)
    return ending_views.page("organisation/change.html", form, unit=unit)


def _facts(form: Any, unit: Unit | None = None) -> Any:
    """The choices of a unit's facts; what the unit has already can always be chosen again."""
    codes = list(dict.fromkeys([*shipped.school_forms(), *(unit.school_forms if unit else [])]))
    kinds = list(dict.fromkeys([*rules.KIND_WORDS, *([unit.kind] if unit else [])]))
    form.school_forms.choices = choices((code, form_name(code)) for code in codes)
    form.kind.choices = choices((kind, kind_name(kind).capitalize()) for kind in kinds)
    if unit and not isinstance(form.year_groups.data, str):  # as stored: the field was not sent
        form.year_groups.data = " ".join(unit.year_groups)
    return form


def _said(form: UnitFacts) -> dict[str, Any]:
    return {
        "kind": form.kind.data or "", "school_forms": form.school_forms.data or [],
        "year_groups": tree_file.words(form.year_groups.data or ""), "organiser": form.organiser.data or "",
    }  # fmt: skip


@bp.route("/<public_id>/code", methods=["GET", "POST"])
@allow(Action.KEEP, Unit, options=WITH_CODES)
def code(unit: Unit) -> Any:
    form = NewCode(valid_from=clock.today())
    if unit.parent_id is None:
        form.code.label.text, form.code.description = _("Kommunkod"), _("Fyra siffror, till exempel 0182.")
    if form.validate_on_submit():
        try:
            actions.add_code(unit, form.code.data, valid_from=form.valid_from.data, by=g.mandate)
        except RuleBroken as no:
            return ending_views.again("organisation/code.html", form, no, unit=unit)
        flash(_("Koden är sparad."), "success")
        return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)
    return ending_views.page("organisation/code.html", form, unit=unit)


@bp.route("/<public_id>/move", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def move(unit: Unit) -> Any:
    return ending_views.move(unit)


@bp.route("/<public_id>/close", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def close(unit: Unit) -> Any:
    return ending_views.close(unit)


@bp.route("/<public_id>/merge", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def merge(unit: Unit) -> Any:
    return ending_views.merge(unit)


@bp.get("/people")
@allow(Action.READ, "person")
def people() -> str:
    search, which = request.args.get("q", "")[:100], request.args.get("which", "")
    found = queries.people(g.mandate, search=search, which=which)
    return render_template("organisation/people.html", people=found, search=search, which=which, today=clock.today())


@bp.route("/people/add", methods=["GET", "POST"])
@allow(Action.KEEP, "person")
def add_person() -> Any:
    form = PersonFacts(version=1)
    if form.validate_on_submit():
        try:
            made = actions.add_person(
                queries.municipality_of(g.mandate), name=form.name.data, email=form.email.data, by=g.mandate
            )
        except RuleBroken as no:
            return ending_views.again("organisation/add_person.html", form, no)
        flash(_("%(name)s är tillagd. Ge ett uppdrag och skapa en engångskod.", name=made.name), "success")
        return redirect(url_for("organisation.person", public_id=made.public_id), 303)
    return ending_views.page("organisation/add_person.html", form)


@bp.get("/people/<public_id>")
@allow(Action.READ, Person, options=WITH_MANDATES)
def person(person: Person) -> str:
    keeps = policy.may(g.mandate, Action.KEEP, person)
    return render_template("organisation/person.html", about=person, today=clock.today(), keeps=keeps)


@bp.route("/people/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Person)
def change_person(person: Person) -> Any:
    form = PersonFacts(obj=person)
    if form.validate_on_submit():
        try:
            actions.change_person(person, name=form.name.data, email=form.email.data, version=form.version.data, by=g.mandate)
        except RuleBroken as no:
            return ending_views.again("organisation/change_person.html", form, no, about=person)
        flash(_("Ändringen är sparad."), "success")
        return redirect(url_for("organisation.person", public_id=person.public_id), 303)
    return ending_views.page("organisation/change_person.html", form, about=person)


@bp.route("/people/<public_id>/end", methods=["GET", "POST"])
@allow(Action.KEEP, Person, options=WITH_MANDATES)
def end_person(person: Person) -> Any:
    form = Form()
    if form.validate_on_submit():
        try:
            actions.end_person(person, by=g.mandate)
        except RuleBroken as no:
            return ending_views.again("organisation/end_person.html", form, no, about=person, today=clock.today())
        flash(_("%(name)s är avslutad och utloggad överallt.", name=person.name), "success")
        return redirect(url_for("organisation.person", public_id=person.public_id), 303)
    return ending_views.page("organisation/end_person.html", form, about=person, today=clock.today())


@bp.post("/people/<public_id>/resume")
@allow(Action.KEEP, Person)
def resume_person(person: Person) -> Response:
    actions.resume_person(person, by=g.mandate)
    flash(_("%(name)s är tillbaka. Ge ett uppdrag och skapa en engångskod.", name=person.name), "success")
    return redirect(url_for("organisation.person", public_id=person.public_id), 303)


@bp.route("/people/<public_id>/mandate", methods=["GET", "POST"])
@allow(Action.KEEP, Person)
def give_mandate(person: Person) -> Any:
    form = GiveMandate(valid_from=clock.today())
    form.unit.choices = choices((unit.public_id, way) for unit, way in queries.units_to_choose(g.mandate))
    form.role.choices = choices((role, words.capitalize()) for role, words in queries.role_words())
    if form.validate_on_submit():
        unit = fetch(Unit, form.unit.data, Action.KEEP)
        try:
            actions.give_mandate(
                person, Role(form.role.data), unit, by=g.mandate,
                valid_from=form.valid_from.data, valid_to=form.valid_to.data, acting=form.acting.data,
            )  # fmt: skip
        except RuleBroken as no:
            return ending_views.again("organisation/give_mandate.html", form, no, about=person)
        flash(_("Uppdraget är sparat."), "success")
        return redirect(url_for("organisation.person", public_id=person.public_id), 303)
    return ending_views.page("organisation/give_mandate.html", form, about=person)


@bp.route("/mandate/<public_id>/end", methods=["GET", "POST"])
@allow(Action.KEEP, Mandate, options=HOLDER)
def end_mandate(mandate: Mandate) -> Any:
    form = EndMandate()
    form.when.choices = choices([("now", _("Nu genast")), ("then", _("Efter en viss dag"))])
    if form.validate_on_submit() and (form.when.data == "now" or _has_day(form)):
        about = mandate.person
        try:
            actions.end_mandate(mandate, by=g.mandate, last_day=form.last_day.data if form.when.data == "then" else None)
        except RuleBroken as no:
            return ending_views.again("organisation/end_mandate.html", form, no, ending=mandate)
        flash(_("Uppdraget upphör."), "success")
        return redirect(url_for("organisation.person", public_id=about.public_id), 303)
    return ending_views.page("organisation/end_mandate.html", form, ending=mandate)


def _has_day(form: EndMandate) -> bool:
    if form.last_day.data is None:
        form.last_day.errors = [_("Skriv vilken dag som är den sista.")]
    return form.last_day.data is not None


@bp.route("/import", methods=["GET", "POST"])
@allow(Action.KEEP, "person")
def import_tree() -> Any:
    """First what the file would do; a second POST, which carries the same text, does it."""
    form = TreeFile()
    municipality = queries.municipality_of(g.mandate)
    if not form.validate_on_submit():
        return ending_views.page("organisation/import_tree.html", form, plan=None)
    if form.file.data:
        form.text.data = tree_file.decode(form.file.data.read())
    plan = queries.read_tree(municipality, form.text.data or "")
    if request.form.get("step") != "keep" or plan.problems:
        answer = render_template("organisation/import_tree.html", form=form, plan=plan, text=form.text.data or "")
        return answer, 422 if plan.problems else 200
    done = actions.import_tree(municipality, form.text.data or "", by=g.mandate)
    new, changed = done.count("new"), done.count("changed")
    flash(_("Trädet är inläst. Nya enheter: %(new)s. Ändrade: %(changed)s.", new=new, changed=changed), "success")
    return redirect(url_for("organisation.tree"), 303)


@bp.get("/health")
@allow(Action.READ, "audit")
def health() -> str:
    return _health()


@bp.post("/health/verify")
@allow(Action.READ, "audit")
def verify() -> str:
    """Reads the whole audit; a POST, since it is work."""
    return _health(problems=audit.problems())


def _health(**more: Any) -> str:
    municipality = queries.municipality_of(g.mandate)
    found = queries.health(municipality, g.mandate)
    return render_template("organisation/health.html", health=found, head=audit.head(), **more)
