"""A document that never reaches the committee: thrown away by those who write it, or handed on when its administration ends."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.document import actions, frozen, queries
from chain.document import ending_actions as ending
from chain.document.models import Document, DocumentComment, DocumentSection, DocumentVersion
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from chain.organisation.models import Mandate, Unit
from tests.document import desk
from tests.makers import Cast
from tests.matter import desk as matter_desk
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]


def left() -> list[int]:
    """How many documents there are, and sections, versions and remarks of any."""
    db.session.rollback()
    kept = (Document, DocumentSection, DocumentVersion, DocumentComment)
    return [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in kept]


def discard(document: Document, by: Mandate) -> None:
    ending.discard(desk.fresh(document), version=frozen.revision(document), by=by)


def test_a_draft_is_thrown_away_whole_and_the_log_says_by_whom(cast: Cast) -> None:
    document = desk.begun(cast)
    actions.remark(document, "Vem har tillfrågats?", by=cast.diana)
    name = document.public_id
    discard(document, cast.olle)
    assert left() == [0, 0, 0, 0]
    line = db.session.scalars(select(AuditLine).where(AuditLine.act == "document.discard")).one()
    assert line.about == name and line.mandate == cast.olle.public_id


def test_a_matter_is_written_when_the_draft_in_it_is_thrown_away(cast: Cast) -> None:
    matter = matter_desk.under_way(cast)
    document = desk.begun(cast, matter=matter)
    discard(document, cast.olga)
    assert queries.on_their_way(matter) == []


def test_a_new_edition_is_thrown_away_and_begun_anew(cast: Cast) -> None:
    document = desk.handed_over(cast)
    again = actions.replace(document, by=cast.olle)
    discard(again, cast.olle)
    assert desk.fresh(document).state == "handed_over" and queries.successor(document) is None
    assert actions.replace(document, by=cast.olga).edition == 2


def test_what_was_approved_and_then_replaced_does_not_keep_the_matter_waiting(cast: Cast) -> None:
    """The director approved one in which something was wrong; another was handed over in its place."""
    matter = matter_desk.under_way(cast)
    document = desk.approved(cast, matter=matter)
    again = actions.replace(document, by=cast.olle)
    assert len(queries.on_their_way(matter)) == 2
    desk.go(cast, again, "handed")
    assert queries.on_their_way(matter) == []


def test_what_somebody_has_written_since_is_not_thrown_away_unread(cast: Cast, client: Client) -> None:
    document = desk.begun(cast)
    there = f"/document/{document.public_id}/discard"
    page = Reader(client("olle")).open(f"/document/{document.public_id}").click("Släng utkastet").sees("Det här försvinner")
    desk.write(document, "economy", "Olgas ord.", cast.olga)
    page.press("Släng utkastet").sees("Dokumentet har ändrats sedan du öppnade sidan", "Skrivet av Olga Vik", "Ekonomiska")
    assert left()[0] == 1
    page.press("Släng utkastet").sees("Utkastet är slängt.")
    assert left()[0] == 0
    again = client("olle").post(there, data={"version": "1"})
    assert again.status_code == 303 and again.location == "/document/", "the button was pressed twice"
    assert client("diana").post(there, data={"version": "1"}).status_code == 404


# When the administration ends


def another(cast: Cast) -> Unit:
    """A second administration under the committee, at which somebody writes and approves."""
    return organisation.add_unit(cast.unit["bun"], name="Fritidsförvaltningen", level="administration", by=cast.stina)


def at(document: Document, unit: Unit) -> Document:
    """As if that administration had written it."""
    document.unit_id, document.path = unit.id, unit.path
    db.session.commit()
    return desk.fresh(document)


def close(cast: Cast, unit: Unit, successor: Unit | None = None, reason: str = "") -> None:
    organisation.close_unit(unit, successor=successor, reason=reason, version=unit.version, by=cast.stina)


def test_whoever_takes_over_the_administration_writes_on(cast: Cast) -> None:
    written, other = desk.written(cast), another(cast)
    document = at(written, other)
    assert document not in queries.archive(cast.olle)
    [waits] = [one for one in tree.waiting(other, cast.unit["fvn"]) if one.link == "document"]
    assert (waits.count, waits.names, waits.chooses) == (1, (cast.unit["bun"].name,), True)
    close(cast, other, cast.unit["fvn"])
    assert desk.fresh(document) in queries.archive(cast.olle)
    assert desk.go(cast, document, "handed").state == "handed_over"


def test_without_anybody_it_is_thrown_away_with_a_reason(cast: Cast) -> None:
    written, other = desk.begun(cast), another(cast)
    at(written, other)
    with pytest.raises(RuleBroken, match="varför de slängs"):
        close(cast, other)
    db.session.rollback()
    close(cast, other, reason="Uppgifterna upphör.")
    assert left() == [0, 0, 0, 0] and not other.open


def test_what_is_approved_is_handed_over_first(cast: Cast) -> None:
    written, other = desk.approved(cast), another(cast)
    document = at(written, other)
    with pytest.raises(RuleBroken, match="Överlämna det till nämnden först"):
        close(cast, other, reason="Uppgifterna upphör.")
    assert desk.fresh(document).state == "approved"


def test_what_has_been_handed_over_stays_as_it_was(cast: Cast) -> None:
    written, other = desk.handed_over(cast), another(cast)
    document = at(written, other)
    close(cast, other)
    assert desk.fresh(document).unit_id == other.id and document in queries.archive(cast.maja)


def test_another_committees_people_do_not_get_it(cast: Cast) -> None:
    written, other = desk.begun(cast), another(cast)
    at(written, other)
    strange = organisation.add_unit(cast.unit["sjovik"], name="Kulturnämnden", level="committee", by=cast.stina)
    new = organisation.add_unit(strange, name="Kulturförvaltningen", level="administration", by=cast.stina)
    [waits] = [one for one in tree.waiting(other, new) if one.link == "document"]
    assert not waits.chooses and "en annan nämnd" in waits.to
    with pytest.raises(RuleBroken, match="varför de slängs"):
        close(cast, other, new)
