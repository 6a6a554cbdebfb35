"""Files that a side lays before both: before the dialogue and during it, until the notes are proposed."""

from collections.abc import Sequence

from chain.access.policy import Action
from chain.base import audit, files
from chain.base.db import atomic, db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.files import Checked
from chain.base.locale import _
from chain.dialogue import file_queries, holding, rules
from chain.dialogue.models import Dialogue, DialogueFile
from chain.organisation.models import Mandate


@atomic
def attach(dialogue: Dialogue, given: Sequence[Checked], *, by: Mandate) -> None:
    """Lay files, judged before the act, before both sides. The same content twice is one file."""
    _alone(dialogue, by)
    if not given:
        raise RuleBroken(_("Välj minst en fil."), {"files": _("Välj minst en fil.")})
    there = {one.file.sha256 for one in file_queries.files(dialogue)}
    new: dict[str, Checked] = {}
    for one in given:
        if one.sha256 not in there:
            new.setdefault(one.sha256, one)
    files.refuse_many(len(there), len(new))
    side = rules.side(str(by.role))
    for one in new.values():
        kept = files.keep(one, person=by.person.public_id)
        db.session.add(DialogueFile(dialogue_id=dialogue.id, file=kept, side=side, by_id=by.person_id))
    audit.note("dialogue.attach", about=dialogue, count=len(new))


@atomic
def detach(dialogue: Dialogue, name: str, *, by: Mandate) -> None:
    """Take back a file that one's own side has attached."""
    _alone(dialogue, by)
    found = file_queries.one(dialogue, name)
    if found.side != rules.side(str(by.role)):
        raise NotAllowed(_("Den andra sidan har bifogat filen, och bara den kan ta bort den."))
    file = found.file
    db.session.delete(found)
    db.session.flush()
    db.session.delete(file)
    audit.note("dialogue.detach", about=dialogue)


def _alone(dialogue: Dialogue, by: Mandate) -> None:
    holding.held(dialogue, Action.WRITE, by)
    rules.check_attachable(dialogue.state)
