"""A document's section as a form: what is written, what the system has for it, earlier texts, and two texts side by side."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.policy import Action
from chain.base.cowriting import Conflict
from chain.base.cowriting_views import Page, by_script, refused, saved_at, second, stored
from chain.base.db import random_name
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import _
from chain.document import frozen, pulling, queries, rules, shipped
from chain.document import section_actions as actions
from chain.document.models import Document, DocumentSection
from chain.report import press
from chain.report.figures import Choice
from forms.base import choices, posted
from forms.document import Remark, SectionText


def edit(document: Document, key: str) -> Page:
    """The section, and the save. Only what was typed is judged; what could be better is said as advice."""
    section = _section(document, key)
    form = SectionText()
    if request.method != "POST":
        return page(document, key)
    if not form.validate():
        return page(document, key, form), 422
    try:
        saved = actions.save(
            document, key, _content(form), version=posted(form.version.data), by=g.mandate,
            save_key=(form.save_key.data or random_name())[:64],
        )  # fmt: skip
    except Conflict as no:
        return _second(document, key, no)
    except (RuleBroken, NotAllowed) as no:
        words, going = [(section.title, form.text.data or "")], url_for("document.show", public_id=document.public_id)
        return refused(no, "pages/kept.html", words=words, going=going, link=_("Till dokumentet"))
    if by_script():
        return stored(saved, g.mandate)
    flash(_("Sparat."), "success")
    return _to(document, key if "go" not in request.form else "")


def _second(document: Document, key: str, no: Conflict) -> Page:
    return second(no, url_for("document.conflict", public_id=document.public_id, key=key, save=no.mine))


def _content(form: SectionText) -> dict[str, Any]:
    chosen = [*(form.figures.data or []), *(form.pictures.data or [])]  # what is in no release any more is not offered, and goes
    return {"text": form.text.data or "", "figures": chosen, "quotes": form.quotes.data or []}


def page(document: Document, key: str, form: SectionText | None = None, remark: Remark | None = None) -> str:
    section = _section(document, key)
    here = pulling.stock(document)
    found = pulling.of(section, here)
    known = frozen.choices(document)
    filled = _offered(form or _filled(section), section, known)
    words = str(filled.text.data or "")
    strange = press.unprintable(words)
    return render_template(
        "document/edit.html", document=document, section=section, form=filled, saved=saved_at(section, g.mandate), pulled=found,
        changed=_changed(section, found), may_write=policy.may(g.mandate, Action.WRITE, document), strange=strange,
        advice=list(rules.advice(section.part, words)), writers=queries.writers(document).get(section.id, []),
        comments=[one for one in queries.comments(document) if one.section == key],
        remark=remark or Remark(formdata=None, prefix="remark"),
        openable=queries.openable(g.mandate, [(one.kind, one.public_id) for one in found.sources]), chain_here="administration",
        neighbours=_neighbours(document, section), mandatory=section.required or section.part in shipped.MANDATORY,
    )  # fmt: skip


def _filled(section: DocumentSection) -> SectionText:
    return _form(section.content, section)


def _form(content: rules.Content, section: DocumentSection) -> SectionText:
    chosen = content["figures"]
    return SectionText(formdata=None, data={**content, "pictures": chosen, "version": section.version, "save_key": random_name()})


def _offered(form: SectionText, section: DocumentSection, known: list[Choice]) -> SectionText:
    """With what there is to take along: figures for results, and the words that were pulled."""
    offers = section.part == "results" or bool(section.content["figures"])
    for field, pictures in ((form.figures, False), (form.pictures, True)):
        shown = [one for one in known if offers and one.picture == pictures]
        field.choices = choices((one.address, one.block["title"]) for one in shown)
    form.quotes.choices = choices(
        (one["public_id"], f"{one['source']}: {one['words']}") for one in section.pulled.get("quotes", [])
    )
    return form


def _changed(section: DocumentSection, found: pulling.Pulled) -> bool:
    """Whether the system has something else now than what was last pulled."""
    then = section.pulled
    return bool(then) and (then.get("text"), then.get("sources")) != (found.text, found.facts()["sources"])


def _neighbours(document: Document, section: DocumentSection) -> tuple[DocumentSection | None, DocumentSection | None]:
    place = document.sections.index(section)
    after = document.sections[place + 1 : place + 2]
    return document.sections[place - 1] if place else None, after[0] if after else None


def pull(document: Document, key: str) -> Page:
    _section(document, key)
    how = "replace" if request.form.get("how") == "replace" else "append"
    try:
        actions.pull(document, key, how, version=posted(request.form.get("version")), by=g.mandate)
    except Conflict as no:
        return _second(document, key, no)
    flash(_("Hämtat. Texten som stod där finns bland de sparade versionerna."), "success")
    return _to(document, key)


def versions(document: Document, key: str) -> str:
    section = _section(document, key)
    saves, known = queries.saves.history(section), {one.address: one for one in frozen.choices(document)}
    return render_template(
        "document/versions.html", document=document, section=section, saves=saves,
        figures={one.id: _named(one.content, known) for one in saves}, writable=policy.may(g.mandate, Action.WRITE, document),
    )  # fmt: skip


def _named(content: rules.Content, known: dict[str, Choice]) -> list[str]:
    return [known[name].title for name in content["figures"] if name in known]


def restore(document: Document, key: str) -> Page:
    _section(document, key)
    version = posted(request.form.get("version"))
    try:
        actions.restore(document, key, request.form.get("save", ""), version=version, by=g.mandate)
    except Conflict as no:
        return _second(document, key, no)
    flash(_("Den versionen gäller nu."), "success")
    return _to(document, key)


def conflict(document: Document, key: str) -> Page:
    """Both texts side by side, and both in one form, to be edited down."""
    section = _section(document, key)
    mine = queries.saves.find(section, request.args.get("save", ""))
    if mine is None:
        raise NotFound
    both = rules.joined(section.content, mine.content)
    form = _form(both, section)
    return render_template(
        "document/conflict.html", document=document, section=section, mine=mine,
        form=_offered(form, section, frozen.choices(document)), writable=policy.may(g.mandate, Action.WRITE, document),
    )  # fmt: skip


def _section(document: Document, key: str) -> DocumentSection:
    found = queries.section(document, key)
    if found is None:
        raise NotFound
    return found


def _to(document: Document, key: str) -> Response:
    if key:
        return redirect(url_for("document.edit", public_id=document.public_id, key=key), 303)
    return redirect(url_for("document.show", public_id=document.public_id), 303)
