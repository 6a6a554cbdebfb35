"""What is written: the notes under a heading, the unit's own words, earlier texts, two texts side by side."""

from flask import flash, g, redirect, render_template, request, url_for

from chain.base.cowriting import Conflict, joined
from chain.base.cowriting_views import Page, by_script, refused, saved_at, second, stored
from chain.base.db import random_name
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.locale import _
from chain.dialogue import rules
from chain.dialogue import text_actions as actions
from chain.dialogue import text_queries as queries
from chain.dialogue.models import Dialogue, DialogueText
from forms.base import posted
from forms.dialogue import OwnWords, Written


def saved(dialogue: Dialogue, key: str, form: Written, going: str) -> Page | None:
    """Keep what was typed; where one goes after it. None: the form is to be shown again with what is to be put right."""
    if not form.validate():
        return None
    try:
        one = actions.save(
            dialogue, key, str(form.text.data or ""), version=posted(form.version.data),
            save_key=(form.save_key.data or random_name())[:64], by=g.mandate,
        )  # fmt: skip
    except Conflict as no:
        return _second(dialogue, key, no)
    except (RuleBroken, NotAllowed) as no:
        words, there = [(heading(dialogue, key), form.text.data or "")], url_for("dialogue.show", public_id=dialogue.public_id)
        return refused(no, "pages/kept.html", words=words, going=there, link=_("Till dialogen"))
    if by_script():
        return stored(one, g.mandate)
    flash(_("Sparat."), "success")
    return redirect(going, 303)


def _second(dialogue: Dialogue, key: str, no: Conflict) -> Page:
    return second(no, url_for("dialogue.conflict", public_id=dialogue.public_id, key=key, save=no.mine))


def filled(one: DialogueText | None, form: type[Written] = Written) -> Written:
    """The form with what stands there."""
    data = {"text": one.text if one else "", "version": one.version if one else 0, "save_key": random_name()}
    return form(formdata=None, data=data)


def heading(dialogue: Dialogue, key: str) -> str:
    """The words of a heading. NotFound for one that the dialogue has not, or for the unit's draft to the other side."""
    if key == rules.OWN_WORDS and rules.side(str(g.mandate.role)) == rules.UNIT:
        return _("Det här vill vi ta upp")
    found = dict(dialogue.headings).get(key)
    if found is None:
        raise NotFound
    return found


def write(dialogue: Dialogue, key: str) -> Page:
    """The notes under one heading."""
    title = heading(dialogue, key)
    if key == rules.OWN_WORDS:
        raise NotFound
    form = Written()
    if request.method == "POST":
        before, after = _neighbours(dialogue, key)
        on = after if "next" in request.form else before if "previous" in request.form else ""
        here = url_for("dialogue.write", public_id=dialogue.public_id, key=on) if on else url_for(
            "dialogue.show", public_id=dialogue.public_id, _anchor="notes"
        )  # fmt: skip
        if answer := saved(dialogue, key, form, here):
            return answer
    one = queries.text(dialogue, key)
    shown = form if form.errors else filled(one)
    page = render_template(
        "dialogue/write.html", dialogue=dialogue, key=key, title=title, form=shown, saved=saved_at(one, g.mandate), one=one,
        writable=dialogue.state in rules.WRITABLE, neighbours=_neighbours(dialogue, key), names=dict(dialogue.headings),
        chain_here=g.mandate.unit.level,
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _neighbours(dialogue: Dialogue, key: str) -> tuple[str, str]:
    keys = [name for name, _title in dialogue.headings]
    place = keys.index(key)
    return (keys[place - 1] if place else ""), next(iter(keys[place + 1 :]), "")


def _one(dialogue: Dialogue, key: str) -> DialogueText:
    heading(dialogue, key)
    found = queries.text(dialogue, key)
    if found is None:
        raise NotFound
    return found


def _going(dialogue: Dialogue, key: str) -> str:
    """Where a text is written on."""
    if key == rules.OWN_WORDS:
        return url_for("dialogue.prepare", public_id=dialogue.public_id)
    return url_for("dialogue.write", public_id=dialogue.public_id, key=key)


def versions(dialogue: Dialogue, key: str) -> str:
    one = _one(dialogue, key)
    return render_template(
        "dialogue/versions.html", dialogue=dialogue, key=key, title=heading(dialogue, key), section=one,
        saves=queries.saves.history(one), going=_going(dialogue, key), writable=_writable(dialogue, key),
        chain_here=g.mandate.unit.level,
    )  # fmt: skip


def _writable(dialogue: Dialogue, key: str) -> bool:
    return dialogue.state in (rules.COMING if key == rules.OWN_WORDS else rules.WRITABLE)


def restore(dialogue: Dialogue, key: str) -> Page:
    _one(dialogue, key)
    version = posted(request.form.get("version"))
    try:
        actions.restore(dialogue, key, str(request.form.get("save", "")), version=version, by=g.mandate)
    except Conflict as no:
        return _second(dialogue, key, no)
    flash(_("Den versionen gäller nu."), "success")
    return redirect(_going(dialogue, key), 303)


def conflict(dialogue: Dialogue, key: str) -> str:
    """Both texts side by side, and both in one form, to be edited down."""
    one = _one(dialogue, key)
    mine = queries.saves.find(one, str(request.args.get("save", "")))
    if mine is None:
        raise NotFound
    form = filled(one, OwnWords if key == rules.OWN_WORDS else Written)
    form.text.data = joined(one.text, mine.text)
    return render_template(
        "dialogue/conflict.html", dialogue=dialogue, key=key, title=heading(dialogue, key), section=one, mine=mine, form=form,
        going=_going(dialogue, key), writable=_writable(dialogue, key), chain_here=g.mandate.unit.level,
    )  # fmt: skip
