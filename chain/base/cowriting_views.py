"""What a save of a section is answered with: to the page that was sent, and to the script that saves while somebody writes."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from chain.base import clock
from chain.base.cowriting import Conflict
from chain.base.errors import RuleBroken
from chain.base.locale import _, hour, moment

Page = str | Response | tuple[str, int] | tuple[dict[str, Any], int]


def by_script() -> bool:
    """Whether the script saves, and no page is shown (static/autosave.js)."""
    return bool(request.headers.get("X-Autosave"))


def stored(section: Any, reader: Any, problems: dict[str, str] | None = None) -> Page:
    """For the script: the section's new version, and what is to be put right, by the fields' names."""
    return {"version": section.version, "saved": saved_at(section, reader), "problems": problems or {}}, 200


def second(no: Conflict, there: str) -> Page:
    """Somebody else saved first: to the page that shows both texts."""
    return ({"sentence": no.sentence, "conflict": there}, 409) if by_script() else redirect(there, 303)


def refused(no: Exception, page: str, **facts: Any) -> Page:
    """It was handed over meanwhile, or may not be written: the words are shown, so that nobody has to write them again."""
    status = 409 if isinstance(no, RuleBroken) else 403
    if by_script():
        return {"sentence": str(no)}, status
    return render_template(page, sentence=str(no), **facts), status


def saved_at(section: Any, reader: Any) -> str:
    """ "Sparad 14.03", with the day when it was another, and whose hand it was when it was not the reader's."""
    if section is None or section.saved_at is None:
        return ""
    today = section.saved_at.astimezone(clock.STOCKHOLM).date() == clock.today()
    told = hour(section.saved_at) if today else moment(section.saved_at, "d MMMM")
    if section.saved_by is None or section.saved_by_id == reader.person_id:
        return _("Sparad %(when)s", when=told)
    return _("Sparad %(when)s av %(who)s", when=told, who=section.saved_by.name)
