"""Attaches files to a draft of a governing document. They stand still with its words, and go along into the next version."""

from collections.abc import Sequence

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, files
from chain.base.db import atomic, db
from chain.base.errors import NotFound, RuleBroken
from chain.base.files import Checked
from chain.base.locale import _
from chain.goal import document_rules as rules
from chain.goal import file_queries
from chain.goal.document_models import GoverningVersion
from chain.organisation.models import Mandate


@atomic
def attach(version: GoverningVersion, given: Sequence[Checked], *, by: Mandate) -> None:
    """Attach files that were judged before the act. The same content twice is one file."""
    _draft(version, by)
    if not given:
        raise RuleBroken(_("Välj minst en fil."), {"files": _("Välj minst en fil.")})
    there = {one.sha256 for one in version.files}
    new: dict[str, Checked] = {}
    for one in given:
        if one.sha256 not in there:
            new.setdefault(one.sha256, one)
    files.refuse_many(len(there), len(new))
    for one in new.values():
        version.files.append(files.keep(one, person=by.person.public_id))
    audit.note("governing.attach", about=version.document, number=version.number, count=len(new))


@atomic
def detach(version: GoverningVersion, name: str, *, by: Mandate) -> None:
    """Take a file, named by its address, away from a draft; an earlier version keeps it."""
    _draft(version, by)
    found = next((one for one in version.files if one.public_id == name), None)
    if found is None:
        raise NotFound
    alone = found in file_queries.alone(version)
    version.files.remove(found)
    db.session.flush()
    if alone:
        db.session.delete(found)
    audit.note("governing.detach", about=version.document, number=version.number)


def _draft(version: GoverningVersion, by: Mandate) -> None:
    """One at a time, and only while it is written."""
    db.session.refresh(version, ["state", "version"], with_for_update=True)
    guard.require(Action.WRITE, version.document, by)
    rules.move("write", version.state, rules.Facts(), level=version.document.unit.level, role=by.role)
