"""A handover's section as a form: what is written, earlier texts, and two texts side by side."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import policy
from chain.access.policy import Action
from chain.base.cowriting import Conflict, joined
from chain.base.cowriting_views import Page, by_script, refused, saved_at, second, stored
from chain.base.db import random_name
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import _, current
from chain.handover import actions, queries, rules, shipped
from chain.handover import section_actions as sections
from chain.handover.models import Handover, HandoverSection
from chain.handover.shipped import Heading
from forms.base import posted
from forms.handover import Text


def edit(handover: Handover, key: str) -> Page:
    """The section, and the save. What looks like a person is said beside the text, and stops nobody before it is handed over."""
    section, heading = _section(handover, key)
    form = Text()
    writes = policy.may(g.mandate, Action.WRITE, handover)
    if request.method != "POST":
        if not writes:
            return _to(handover)
        return _page(handover, section, heading, _filled(section))
    if not form.validate():
        return _page(handover, section, heading, form), 422
    try:
        saved = sections.save(
            handover, key, str(form.text.data or ""), version=posted(form.version.data),
            save_key=(form.save_key.data or random_name())[:64], by=g.mandate,
        )  # fmt: skip
    except Conflict as no:
        return _second(handover, key, no)
    except (RuleBroken, NotAllowed) as no:
        words = [(heading.word("title", current()), form.text.data or "")]
        going = url_for("handover.show", public_id=handover.public_id)
        return refused(no, "pages/kept.html", words=words, going=going, link=_("Till överlämningen"))
    if by_script():
        return stored(saved, g.mandate)
    flash(_("Sparat."), "success")
    return _to(handover, key if "go" not in request.form else "")


def _second(handover: Handover, key: str, no: Conflict) -> Page:
    return second(no, url_for("handover.conflict", public_id=handover.public_id, key=key, save=no.mine))


def _page(handover: Handover, section: HandoverSection, heading: Heading, form: Text) -> str:
    keys = [one.key for one in shipped.headings(handover.transition)]
    place = keys.index(section.key)
    return render_template(
        "handover/edit.html", handover=handover, section=section, heading=heading, form=form, saved=saved_at(section, g.mandate),
        locale=current(), small=rules.small(handover.children, handover.transition), title=queries.title(handover),
        warnings=[one for one in actions.warnings(handover) if one.key == section.key],
        before=queries.heading(handover, keys[place - 1]) if place else None,
        after=queries.heading(handover, keys[place + 1]) if place + 1 < len(keys) else None,
    )  # fmt: skip


def _filled(section: HandoverSection, text: str | None = None) -> Text:
    words = section.text if text is None else text
    return Text(formdata=None, data={"text": words, "version": section.version, "save_key": random_name()})


def versions(handover: Handover, key: str) -> str:
    section, heading = _section(handover, key)
    return render_template(
        "handover/versions.html", handover=handover, section=section, heading=heading, saves=queries.saves.history(section),
        writable=True, locale=current(),
    )  # fmt: skip


def restore(handover: Handover, key: str) -> Page:
    _section(handover, key)
    version = posted(request.form.get("version"))
    try:
        sections.restore(handover, key, request.form.get("save", ""), version=version, by=g.mandate)
    except Conflict as no:
        return _second(handover, key, no)
    flash(_("Den versionen gäller nu."), "success")
    return _to(handover, key)


def conflict(handover: Handover, key: str) -> str:
    """Both texts side by side, and both in one form, to be edited down."""
    section, heading = _section(handover, key)
    mine = queries.saves.find(section, request.args.get("save", ""))
    if mine is None:
        raise NotFound
    return render_template(
        "handover/conflict.html", handover=handover, section=section, heading=heading, mine=mine, locale=current(),
        form=_filled(section, joined(section.text, mine.text)), writable=True,
    )  # fmt: skip


def _section(handover: Handover, key: str) -> tuple[HandoverSection, Heading]:
    section, heading = queries.section(handover, key), queries.heading(handover, key)
    if section is None or heading is None:
        raise NotFound
    return section, heading


def _to(handover: Handover, key: str = "") -> Response:
    name = handover.public_id
    there = url_for("handover.edit", public_id=name, key=key) if key else url_for("handover.show", public_id=name)
    return redirect(there, 303)
