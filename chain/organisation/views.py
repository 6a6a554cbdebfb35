"""The tree, its units and its people: to look at, and for the steward to keep."""

from collections.abc import Iterable
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
from chain.organisation import actions, queries, rules, shipped, tree_file
from chain.organisation.models import Mandate, Person, Unit
from forms.base import Form, choices
from forms.organisation import Close, EndMandate, GiveMandate, Merge, Move, NewCode, NewUnit, PersonFacts, TreeFile, UnitFacts

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
                parent, name=form.name.data, level=form.level.data, code=_code(form.code.data), opened_on=clock.today(),
                by=g.mandate, **_said(form),
            )  # fmt: skip
        except RuleBroken as no:
            return _again("organisation/add.html", form, no, parent=parent)
        flash(_("%(name)s finns nu i trädet.", name=made.name), "success")
        return redirect(url_for("organisation.unit", public_id=made.public_id), 303)
    return _page("organisation/add.html", form, parent=parent)


@bp.route("/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def change(unit: Unit) -> Any:
    form = _facts(UnitFacts(obj=unit, data={"year_groups": " ".join(unit.year_groups)}), unit)
    if form.validate_on_submit():
        try:
            actions.change_unit(unit, name=form.name.data, version=form.version.data, by=g.mandate, **_said(form))
        except RuleBroken as no:
            return _again("organisation/change.html", form, no, unit=unit)
        flash(_("Ändringen är sparad."), "success")
        return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)
    return _page("organisation/change.html", form, unit=unit)


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


def _code(typed: str) -> str:
    if typed:
        rules.check_code(typed)
    return typed


@bp.route("/<public_id>/code", methods=["GET", "POST"])
@allow(Action.KEEP, Unit, options=WITH_CODES)
def code(unit: Unit) -> Any:
    form = NewCode(valid_from=clock.today())
    if form.validate_on_submit():
        try:
            actions.add_code(unit, form.code.data, valid_from=form.valid_from.data, by=g.mandate)
        except RuleBroken as no:
            return _again("organisation/code.html", form, no, unit=unit)
        flash(_("Koden är sparad."), "success")
        return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)
    return _page("organisation/code.html", form, unit=unit)


@bp.route("/<public_id>/move", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def move(unit: Unit) -> Any:
    """First what would change, for whom; a second POST, which has seen it, does it."""
    form = Move(version=unit.version)
    form.under.choices = choices((each.public_id, way) for each, way in queries.parents_to_choose(unit, g.mandate))
    if form.validate_on_submit():
        under = fetch(Unit, form.under.data, Action.KEEP)
        moving = queries.moving(unit, under)
        if form.step.data != "keep" or form.seen.data != rules.seen(moving.stays):
            facts = {"unit": unit, "under": under, "moving": moving, "above": unit.parent}
            return _before_it_is_done("organisation/move_confirm.html", form, moving.stays, **facts)
        try:
            actions.move_unit(unit, under=under, version=form.version.data, by=g.mandate)
        except RuleBroken as no:
            return _again("organisation/move.html", form, no, unit=unit)
        flash(
            _(
                "%(unit)s ligger nu under %(parent)s. Pågående rundor behåller trädet som de öppnade med.",
                unit=unit.name,
                parent=under.name,
            ),
            "success",
        )
        return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)
    return _page("organisation/move.html", form, unit=unit)


SAME = "same"  # of a choice per link: whoever takes over the rest
HEIRS = ("measure", "support", "feedback")


@bp.route("/<public_id>/close", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def close(unit: Unit) -> Any:
    """First what would be handed to whom; a second POST, which has seen it, does it."""
    waiting = queries.waiting(unit)
    form = _handover(Close(version=unit.version), [unit])
    others = [(each.public_id, way) for each, way in queries.successors_to_choose(unit, g.mandate)]
    form.successor.choices = choices([("", _("Ingen: det som är öppet avslutas")), *others])
    for link in HEIRS:
        form[link].choices = choices([(SAME, _("Samma som ovan")), ("", _("Ingen: det avslutas med skälet")), *others])
    facts = {"unit": unit, "waiting": waiting, "chosen": {one.link for one in waiting if one.chooses}}
    if not form.validate_on_submit():
        return _page("organisation/close.html", form, **facts)
    successor = fetch(Unit, form.successor.data, Action.KEEP) if form.successor.data else None
    heirs = _heirs(form, successor)
    if any(one.chooses and heirs.get(one.link, successor) is None for one in waiting) and not form.reason.data:
        form.reason.errors = [_("Skriv varför det som ingen tar över avslutas.")]
        return _page("organisation/close.html", form, **facts)
    waiting = queries.waiting(unit, successor)
    handed = [(one, _to(one, heirs.get(one.link, successor), form.reason.data or "")) for one in waiting]
    facts["finishing"] = _finishing(waiting)
    if form.step.data != "keep" or form.seen.data != rules.seen(waiting):
        return _before_it_is_done("organisation/close_confirm.html", form, waiting, **facts, handed=handed, successor=successor)
    try:
        actions.close_unit(
            unit, successor=successor, reason=form.reason.data or "", version=form.version.data, by=g.mandate,
            heirs=heirs, follow=form.follow.data or [],
        )  # fmt: skip
    except RuleBroken as no:
        return _again("organisation/close.html", form, no, **facts)
    flash(_("%(unit)s är stängd.", unit=unit.name), "success")
    return redirect(url_for("organisation.unit", public_id=unit.public_id), 303)


def _finishing(waiting: Iterable[rules.Waiting]) -> bool:
    """Whether an open round goes on awaiting a unit that ends: then others hand in for it there."""
    return any(one.link == "cycle" and one.to for one in waiting)


def _heirs(form: Any, successor: Unit | None) -> dict[str, Unit | None]:
    """Who takes over what waits in each link."""
    chosen = {link: form[link].data for link in HEIRS}
    named = {word: fetch(Unit, word, Action.KEEP) for word in set(chosen.values()) - {SAME, "", None}}
    return {link: successor if word in (SAME, None) else named.get(word) for link, word in chosen.items()}


def _to(one: rules.Waiting, heir: Unit | None, reason: str) -> str:
    """To whom something goes, in words."""
    if not one.chooses:
        return one.to
    return heir.name if heir else _("ingen: det avslutas med skälet ”%(reason)s”", reason=reason)


def _handover(form: Any, units: list[Unit]) -> Any:
    """The mandates that can go over to whoever takes over."""
    held = [mandate for unit in units for mandate in queries.remaining(unit)]
    form.follow.choices = choices((one.public_id, f"{one.person.name}, {one.role_name}") for one in held)
    return form


def _before_it_is_done(template: str, form: Any, shown: list[rules.Waiting], **facts: Any) -> Any:
    """What will be handed to whom, with all that was chosen; and a sentence when something has come since it was last shown."""
    if form.step.data == "keep":
        flash(_("Något har kommit till sedan du såg listan. Se efter en gång till."), "warning")
    form.step.data, form.seen.data = "keep", rules.seen(shown)
    return render_template(template, form=form, **facts)


@bp.route("/<public_id>/merge", methods=["GET", "POST"])
@allow(Action.KEEP, Unit)
def merge(unit: Unit) -> Any:
    """Two or more units become one: first what would be handed over, then a second POST does it."""
    form = Merge(version=unit.version)
    beside = queries.mergeable(unit, g.mandate)
    form.others.choices = choices((each.public_id, way) for each, way in beside)
    known = {unit.public_id: unit} | {each.public_id: each for each, _way in beside}
    form.into.choices = choices([(each.public_id, each.name) for each in known.values()] + [("", _("En ny enhet"))])
    units = [unit, *(known[one] for one in form.others.data or [] if one in known)]
    into = known.get(form.into.data)
    ending = [each for each in units if each is not into]
    _handover(form, ending)
    if not form.validate_on_submit():
        return _page("organisation/merge.html", form, unit=unit)
    try:
        if form.step.data != "keep" and not form.errors:
            form.follow.data = [choice.value for choice in form.follow.choices or []]
        rules.check_merge([each.level for each in units], [each.name for each in units])
        _check_into(form, into, units)
    except RuleBroken as no:
        return _refused("organisation/merge.html", form, no, unit=unit)
    handed = [
        (each, one, one.to if not one.chooses else into.name if into else form.name.data)
        for each in ending
        for one in queries.waiting(each, into, new=into is None)
    ]
    waiting = [one for _each, one, _to in handed]
    facts = {
        "finishing": _finishing(waiting),
        "unit": unit,
        "units": units,
        "into": into,
        "ending": ending,
        "handed": handed,
        "name": into.name if into else form.name.data,
    }
    if form.step.data != "keep" or form.seen.data != rules.seen(waiting):
        facts["below"] = {each.id: [child for child in queries.children(each) if child.open] for each in ending}
        return _before_it_is_done("organisation/merge_confirm.html", form, waiting, **facts)
    versions = {each.public_id: each.version for each in units} | {unit.public_id: form.version.data or 0}
    try:
        made = actions.merge_units(
            units, into=into, versions=versions, by=g.mandate, name=form.name.data or "", code=_code(form.code.data or ""),
            follow=form.follow.data or [],
        )  # fmt: skip
    except RuleBroken as no:
        return _refused("organisation/merge.html", form, no, unit=unit)
    flash(_("%(units)s är nu %(unit)s.", units=queries.named(units), unit=made.name), "success")
    return redirect(url_for("organisation.unit", public_id=made.public_id), 303)


def _check_into(form: Any, into: Unit | None, units: list[Unit]) -> None:
    if into is None and not form.name.data:
        raise RuleBroken(_("Skriv vad den nya enheten heter."), {"name": _("Skriv vad den nya enheten heter.")})
    if into is not None and into not in units:
        sentence = _("%(unit)s är inte med bland dem som slås ihop. Välj den också, eller en annan.", unit=into.name)
        raise RuleBroken(sentence, {"into": sentence})


def _refused(name: str, form: Any, no: RuleBroken, **facts: Any) -> Any:
    """The form with a refusal at the fields that it is about, else above it."""
    named = [(field, sentence) for field, sentence in no.problems.items() if field in form]
    form.step.data = ""
    for field, sentence in named:
        form[field].errors = [sentence]
    return _page(name, form, **facts) if named else _again(name, form, no, **facts)


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
            return _again("organisation/add_person.html", form, no)
        flash(_("%(name)s är tillagd. Ge ett uppdrag och skapa en engångskod.", name=made.name), "success")
        return redirect(url_for("organisation.person", public_id=made.public_id), 303)
    return _page("organisation/add_person.html", form)


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
            return _again("organisation/change_person.html", form, no, about=person)
        flash(_("Ändringen är sparad."), "success")
        return redirect(url_for("organisation.person", public_id=person.public_id), 303)
    return _page("organisation/change_person.html", form, about=person)


@bp.route("/people/<public_id>/end", methods=["GET", "POST"])
@allow(Action.KEEP, Person, options=WITH_MANDATES)
def end_person(person: Person) -> Any:
    form = Form()
    if form.validate_on_submit():
        try:
            actions.end_person(person, by=g.mandate)
        except RuleBroken as no:
            return _again("organisation/end_person.html", form, no, about=person, today=clock.today())
        flash(_("%(name)s är avslutad och utloggad överallt.", name=person.name), "success")
        return redirect(url_for("organisation.person", public_id=person.public_id), 303)
    return _page("organisation/end_person.html", form, about=person, today=clock.today())


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
            return _again("organisation/give_mandate.html", form, no, about=person)
        flash(_("Uppdraget är sparat."), "success")
        return redirect(url_for("organisation.person", public_id=person.public_id), 303)
    return _page("organisation/give_mandate.html", form, about=person)


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
            return _again("organisation/end_mandate.html", form, no, ending=mandate)
        flash(_("Uppdraget upphör."), "success")
        return redirect(url_for("organisation.person", public_id=about.public_id), 303)
    return _page("organisation/end_mandate.html", form, ending=mandate)


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
        return _page("organisation/import_tree.html", form, plan=None)
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


def _page(name: str, form: Any, **facts: Any) -> Any:
    """A form to fill in, or to fill in again."""
    return render_template(name, form=form, **facts), 422 if form.errors else 200


def _again(name: str, form: Any, no: RuleBroken, **facts: Any) -> Any:
    """The form with the sentence that says what a rule asks for."""
    return render_template(name, form=form, extra=[no.sentence], **facts), 422
