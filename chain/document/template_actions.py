"""A committee's own forms of documents: headings reworded, added, ordered, hidden. Documents that are begun keep theirs."""

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit
from chain.base.db import atomic, db, random_name
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.document import queries, rules, shipped
from chain.document.models import DocumentTemplate, TemplateHeading
from chain.organisation.models import Mandate, Unit


@atomic
def adopt(committee: Unit, key: str, *, by: Mandate) -> DocumentTemplate:
    """Copy a shipped form, to be the committee's own. Asked for again it is the one that is there."""
    if found := queries.template(committee, key):
        audit.note("document_template.adopt_again", about=found)
        return found
    form = shipped.forms().get(key)
    if form is None:
        raise NotFound
    made = DocumentTemplate(
        public_id=random_name(), unit_id=committee.id, path=committee.path, key=key, kind=form.kind, position=form.order,
        name=form.name, about=form.about,
    )  # fmt: skip
    guard.require(Action.KEEP, made, by)
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        TemplateHeading(
            template_id=made.id, key=one.key, part=one.part, position=10 * place, level=one.level, title=one.title,
            required=one.required, hidden=one.hidden, standing=one.standing, help=one.help,
        )
        for place, one in enumerate(form.headings, 1)
    )  # fmt: skip
    db.session.flush()
    audit.note("document_template.adopt", about=made, key=key)
    return made


@atomic
def copy(template: DocumentTemplate, name: str, *, by: Mandate) -> DocumentTemplate:
    """A further form of the committee's, that begins as another one."""
    guard.require(Action.KEEP, template, by)
    words = _name(name)
    made = DocumentTemplate(
        public_id=random_name(), unit_id=template.unit_id, path=template.path, key=f"{rules.OWN}{random_name()[:12]}",
        kind=template.kind, position=template.position + 1, name={"sv": words, "en": words}, about=template.about,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    carried = ("key", "part", "position", "level", "title", "required", "hidden", "standing", "help")
    db.session.add_all(
        TemplateHeading(template_id=made.id, **{part: getattr(one, part) for part in carried}) for one in template.headings
    )
    db.session.flush()
    audit.note("document_template.copy", about=made, like=template.public_id)
    return made


@atomic
def rename(template: DocumentTemplate, name: str, *, hidden: bool, version: int, by: Mandate) -> DocumentTemplate:
    """What it is called, and whether it is offered."""
    _hold(template, version, by)
    words = _name(name)
    if words != template.name["sv"]:
        template.name = {"sv": words, "en": words}
    template.hidden = hidden
    audit.note("document_template.rename", about=template)
    return template


@atomic
def reword(
    template: DocumentTemplate, key: str, *, title: str, standing: str, required: bool, level: int, version: int, by: Mandate
) -> TemplateHeading:
    """A heading's words, its standing text, whether it must be written under. The two questions about children always must."""
    _hold(template, version, by)
    one = _heading(template, key)
    rules.check_heading(title, one.part, level, standing)
    one.title, one.standing, one.level = " ".join(title.split()), standing.strip(), level
    one.required = required or one.part in shipped.MANDATORY
    audit.note("document_template.reword", about=template, key=key)
    return one


@atomic
def add(
    template: DocumentTemplate, *, title: str, part: str, standing: str, required: bool, level: int, after: str, version: int,
    by: Mandate,
) -> TemplateHeading:  # fmt: skip
    """A further heading, after another (none: first)."""
    _hold(template, version, by)
    rules.check_heading(title, part, level, standing)
    if part in shipped.MANDATORY:
        raise RuleBroken(_("Frågorna om barns och elevers delaktighet finns redan. Skriv om dem i stället."))
    place = next((one.position for one in template.headings if one.key == after), 0)
    made = TemplateHeading(
        template_id=template.id, key=f"{rules.OWN}{random_name()[:12]}", part=part, position=place + 1, level=level,
        title=" ".join(title.split()), required=required, standing=standing.strip(), help={},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.note("document_template.add", about=template, key=made.key)
    _number(template)
    return made


@atomic
def arrange(template: DocumentTemplate, key: str, step: int, *, by: Mandate) -> None:
    """One place earlier (-1) or later (1)."""
    _hold(template, None, by)
    _heading(template, key)
    order = rules.moved([one.key for one in template.headings], key, step)
    for one in template.headings:
        one.position = 10 * (order.index(one.key) + 1)
    audit.note("document_template.arrange", about=template, key=key)


@atomic
def hide(template: DocumentTemplate, key: str, *, by: Mandate) -> None:
    """It stands in no document that is begun from now on."""
    _hold(template, None, by)
    one = _heading(template, key)
    rules.check_hiding(one.part, one.title, first=not any(each.key != key and not each.hidden for each in template.headings))
    one.hidden = True
    audit.note("document_template.hide", about=template, key=key)


@atomic
def show(template: DocumentTemplate, key: str, *, by: Mandate) -> None:
    """A hidden heading again."""
    _hold(template, None, by)
    _heading(template, key).hidden = False
    audit.note("document_template.show", about=template, key=key)


def _hold(template: DocumentTemplate, version: int | None, by: Mandate) -> None:
    db.session.refresh(template, with_for_update={"of": DocumentTemplate})
    guard.require(Action.KEEP, template, by)
    if version is not None and template.version != version:
        told = _("Någon annan har ändrat mallen sedan du öppnade sidan. Jämför med det som står nu och spara igen.")
        raise RuleBroken(told, {"version": told})
    template.touched += 1


def _heading(template: DocumentTemplate, key: str) -> TemplateHeading:
    found = next((one for one in template.headings if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def _number(template: DocumentTemplate) -> None:
    """Room between the places, for the next that is put in."""
    db.session.refresh(template, ["headings"])
    for place, one in enumerate(template.headings, 1):
        one.position = 10 * place


def _name(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > rules.LONGEST_TITLE:
        told = _("Skriv vad mallen ska heta, med högst %(n)s tecken.", n=rules.LONGEST_TITLE)
        raise RuleBroken(told, {"name": told})
    return words
