"""A document on its way, reached by doing: begun from a round that has been released, written, sent, approved, handed over."""

from typing import Any

from chain.base.db import db
from chain.cycle.models import Round
from chain.document import actions, frozen, queries
from chain.document import section_actions as sections
from chain.document.models import Document, DocumentSection
from tests.kept import kept
from tests.makers import Cast
from tests.report import world

ANSWERS = {
    "children_asked": "Elevråden på tre skolor har läst utkastet.",
    "children_perspective": "Enkäten i våras ändrade ordningen mellan åtgärderna.",
    "economy": "Förslaget medför inga ekonomiska konsekvenser.",
}


def fresh(document: Document) -> Document:
    """As it stands now, also when somebody's browser has changed it."""
    db.session.rollback()
    db.session.expire_all()
    return document


@kept
def begun(cast: Cast, round: Round | None = None, form: str = "statement_brief", **more: Any) -> Document:
    """Olle begins one about a round with figures."""
    about = round or world.with_figures(cast).round
    told = {"title": "Redovisning av uppföljning 1", "number": "Bun 2026/75", "round": about, "by": cast.olle, **more}
    return fresh(actions.begin(cast.unit["bun"], form, **told))


def section(document: Document, key: str) -> DocumentSection:
    found = queries.section(fresh(document), key)
    assert found is not None, key
    return found


def write(document: Document, key: str, text: str, by: Any, **more: Any) -> DocumentSection:
    """Save a text as its form would, with the rest as it stands."""
    one = section(document, key)
    content = {**one.content, "text": text, **more.pop("content", {})}
    told = {"version": one.version, "save_key": f"{key}-{one.version}-{by.id}", **more}
    return sections.save(document, key, content, by=by, **told)


@kept
def written(cast: Cast, **more: Any) -> Document:
    """Everything that must be there is written."""
    document = begun(cast, **more)
    for key, text in ANSWERS.items():
        write(document, key, text, cast.olga if key == "economy" else cast.olle)
    return fresh(document)


def go(cast: Cast, document: Document, state: str) -> Document:
    """From written to waiting, approved or handed over."""
    actions.send(fresh(document), version=frozen.revision(document), by=cast.olle)
    if state != "waiting":
        actions.approve(fresh(document), version=frozen.revision(document), by=cast.diana)
    if state == "handed":
        actions.hand_over(fresh(document), by=cast.olle)
    return fresh(document)


@kept
def sent(cast: Cast, **more: Any) -> Document:
    document = written(cast, **more)
    return fresh(actions.send(document, version=frozen.revision(document), by=cast.olle))


@kept
def approved(cast: Cast, **more: Any) -> Document:
    document = sent(cast, **more)
    return fresh(actions.approve(document, version=frozen.revision(document), by=cast.diana))


@kept
def handed_over(cast: Cast, **more: Any) -> Document:
    return fresh(actions.hand_over(approved(cast, **more), by=cast.olle))


def letter(cast: Cast, **more: Any) -> Document:
    """About no follow-up, without a figure, and so soon made: everything that must be there is written."""
    told = {"title": "Skrivelse om läsåret", "number": "Bun 2026/75", "by": cast.olle, **more}
    document = fresh(actions.begin(cast.unit["bun"], "statement_brief", **told))
    for key, text in {"proposal": "Nämnden godkänner skrivelsen.", "summary": "Läsåret i korthet.", **ANSWERS}.items():
        write(document, key, text, cast.olga if key == "economy" else cast.olle)
    return fresh(document)
