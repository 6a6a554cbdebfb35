"""Writes a follow-up's sections: saved by several, brought back; nobody's text is lost on the way."""

from functools import cache

from sqlalchemy import Select, bindparam, select

from chain.access import guard
from chain.access.policy import Action
from chain.base import queue
from chain.base.cowriting import Conflict, Words, conflict, same
from chain.base.db import db, random_name, told, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.followup import answers, holding, queries, rules
from chain.followup.answers import Answer
from chain.followup.models import Followup, Section, SectionVersion
from chain.followup.rules import Facts
from chain.organisation.models import Mandate


@told
@unaudited
def save(
    followup: Followup, key: str, answer: Answer, *, version: int, save_key: str, done: bool, by: Mandate
) -> Section | RuleBroken:
    """Save a section as typed, right or wrong. `version` is the one that the form was filled with (0: nothing yet).

    Raises Conflict when somebody saved in between; the text is kept all the same. The same `save_key` twice is one save;
    with other words it is another: somebody wrote on while the first was on its way, and pressed again.
    """
    section, before = _section(followup, key, save_key, by)
    words = {"answer": answers.tidy(answer), "done": done}
    if before is not None and section is not None:
        if same(before, words):
            return section if before.kept else Conflict(save_key, section)
        version, save_key = queries.saves.again(before, section, version, by=by)
    return _save(followup, section, key, words, version=version, save_key=save_key, by=by)


@told
@unaudited
def restore(followup: Followup, key: str, number: int, *, version: int, by: Mandate, save_key: str = "") -> Section | RuleBroken:
    """Make an earlier text the section's own again, as a new save. One that lost a conflict is named by its `save_key`."""
    section, _before = _section(followup, key, "", by)
    if section is None:
        raise NotFound
    texts = queries.saves.history(section)
    chosen = [one for one in texts if (one.save_key == save_key if save_key else one.kept and one.number == number)]
    if not chosen:
        raise NotFound
    words = {"answer": chosen[0].answer, "done": False}
    return _save(followup, section, key, words, version=version, save_key=random_name(), by=by)


def _section(followup: Followup, key: str, save_key: str, by: Mandate) -> tuple[Section | None, SectionVersion | None]:
    """The section, and the save with this key if it has been made before. Reads all that a save asks for in one statement."""
    mine, mandate = holding.number(followup), holding.number(by)
    queue.hold(db.session(), select(Followup.id).where(Followup.id == mine).with_for_update())
    asked = {"followup": mine, "mandate": mandate, "key": key, "save_key": save_key}
    _followup, _mandate, section, before = db.session.execute(_for_a_save(), asked).one()
    return section, before


@cache  # putting it together takes as long as asking it
def _for_a_save() -> Select[Followup, Mandate, Section | None, SectionVersion | None]:
    resent = (SectionVersion.section_id == Section.id) & (SectionVersion.save_key == bindparam("save_key"))
    return (
        select(Followup, Mandate, Section, SectionVersion)
        .select_from(Followup)
        .join(Mandate, Mandate.id == bindparam("mandate"))
        .outerjoin(Section, (Section.followup_id == Followup.id) & (Section.key == bindparam("key")))
        .outerjoin(SectionVersion, resent)
        .where(Followup.id == bindparam("followup"))
        .execution_options(populate_existing=True)
    )


def _save(
    followup: Followup, section: Section | None, key: str, words: Words, *, version: int, save_key: str, by: Mandate
) -> Section | RuleBroken:
    guard.require(Action.READ, followup, by)
    if section and same(section, words):
        return section
    refused = _refused(followup, by)
    if section and section.answer != words["answer"]:  # to say that the same words are done is in nobody's way
        refused = refused or conflict(section, version, save_key)
    if refused:
        return queries.saves.aside(section, version, words, refused, save_key, by=by)
    return queries.saves.put(section or _begin(followup, key), words, save_key, by=by)


def _refused(followup: Followup, by: Mandate) -> RuleBroken | None:
    """Why nothing is written there now."""
    if followup.state not in rules.WRITABLE:
        return RuleBroken(_("Uppföljningen är redan inlämnad, så det du skrev kom inte med. Kopiera det om du vill ha det kvar."))
    guard.require(Action.WRITE, followup, by)
    rules.move("save", followup.state, Facts(), role=str(by.role), own=cycle.level(followup.level), receiving=None)
    return None


def _begin(followup: Followup, key: str) -> Section:
    node = queries.node(followup)
    if cycle.question(node, key) is None and cycle.hidden(node, key) is None:  # hidden while somebody wrote: nothing is lost
        raise NotFound
    followup.state = "draft"
    return Section(followup_id=followup.id, key=key)
