"""Writes a document's sections: saved by several, pulled from the system, brought back; nobody's text is lost on the way."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from chain.access import guard
from chain.access.policy import Action
from chain.base import clock
from chain.base.cowriting import Conflict, Words, conflict, same
from chain.base.db import db, random_name, told, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.document import pulling, queries, rules
from chain.document.models import Document, DocumentSection
from chain.document.rules import Content
from chain.organisation.models import Mandate


def hold(document: Document) -> None:
    """Nobody else saves or moves the same document until this act has ended. Gone where somebody threw it away meanwhile."""
    try:
        db.session.refresh(document, with_for_update={"of": Document})
    except InvalidRequestError:
        raise NotFound from None


@told
@unaudited
def save(
    document: Document, key: str, content: Content, *, version: int, save_key: str, by: Mandate
) -> DocumentSection | RuleBroken:
    """Save a section as typed. `version` is the one that the form was filled with; the same `save_key` twice is one save.

    Raises Conflict when somebody saved in between; the text is kept all the same.
    """
    section, words = _section(document, key), {"content": rules.tidy(content)}
    before = queries.saves.find(section, save_key)
    if before is not None:
        if same(before, words):
            return section if before.kept else Conflict(save_key, section)
        version, save_key = queries.saves.again(before, section, version, by=by)
    return _save(document, section, words, version=version, save_key=save_key, by=by)


@told
@unaudited
def restore(document: Document, key: str, save_key: str, *, version: int, by: Mandate) -> DocumentSection | RuleBroken:
    """Make an earlier text the section's own again, as a new save; also one that lost a conflict."""
    section = _section(document, key)
    chosen = queries.saves.find(section, save_key)
    if chosen is None:
        raise NotFound
    return _save(document, section, {"content": chosen.content}, version=version, save_key=random_name(), by=by)


@told
@unaudited
def pull(document: Document, key: str, how: str, *, version: int, by: Mandate) -> DocumentSection | RuleBroken:
    """Take what the system has now: in place of the text (`replace`), or after it (`append`). The old one is a version."""
    section = _section(document, key)
    guard.require(Action.WRITE, document, by)
    here = pulling.stock(document)
    found = pulling.of(section, here)
    if not found:
        raise RuleBroken(_("Det finns inget att hämta till avsnittet."))
    words = taken(found)
    if how == "append" and not rules.is_empty(section.content):
        words = rules.joined(section.content, words)
    if section.version == version:  # else it is kept aside, and the sources are those of what stands
        section.pulled = pulled(section, found)
        document.release_id = here.release.id if here.release else document.release_id
    return _save(document, section, {"content": words}, version=version, save_key=random_name(), by=by)


def _section(document: Document, key: str) -> DocumentSection:
    hold(document)
    mine = select(DocumentSection).where(DocumentSection.document_id == document.id, DocumentSection.key == key)
    found = db.session.scalars(mine.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _save(
    document: Document, section: DocumentSection, words: Words, *, version: int, save_key: str, by: Mandate
) -> DocumentSection | RuleBroken:
    guard.require(Action.READ, document, by)
    if same(section, words):
        return section
    if refused := _refused(document, by) or conflict(section, version, save_key):
        return queries.saves.aside(section, version, words, refused, save_key, by=by)
    return queries.saves.put(section, words, save_key, by=by)


def _refused(document: Document, by: Mandate) -> RuleBroken | None:
    """Why nothing is written there now. It may come back from the director to be written in; what is approved does not."""
    if document.state != "draft":
        sentence = _("Dokumentet har skickats för godkännande, så det du skrev kom inte med. Kopiera det om du vill ha det kvar.")
        if document.state in rules.READABLE:
            raise RuleBroken(sentence)
        return RuleBroken(sentence)
    guard.require(Action.WRITE, document, by)
    return None


def pulled(section: DocumentSection, found: pulling.Pulled) -> dict[str, Any]:
    """What was pulled, with the words of those quotes of before that are still in the text."""
    kept = [one for one in section.pulled.get("quotes", []) if one["public_id"] in section.content["quotes"]]
    facts = found.facts()
    known = {one["public_id"] for one in facts["quotes"]}
    facts["quotes"] += [one for one in kept if one["public_id"] not in known]
    return {**facts, "at": clock.now().isoformat()}


def taken(found: pulling.Pulled) -> dict[str, Any]:
    return {"text": found.text, "figures": list(found.figures), "quotes": [one["public_id"] for one in found.quotes]}
