"""The audit: whatever is done to it afterwards is found, at the line where it was done."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from chain.base import audit
from chain.base.audit import AuditHead, AuditLine, AuditPerson
from chain.base.db import db
from chain.organisation import actions
from chain.organisation.models import Person
from tests.makers import Cast


def meddle(statement: object) -> None:
    """Write past the app, as somebody with the database's password could."""
    db.session.execute(statement)  # type: ignore[call-overload]
    db.session.commit()
    db.session.expire_all()


def line(number: int) -> AuditLine:
    return db.session.scalars(select(AuditLine).where(AuditLine.number == number)).one()


def test_an_untouched_chain_is_whole(cast: Cast) -> None:
    assert audit.problems() == []
    assert audit.head()[0] > 30


CHANGES = {
    "at": lambda: line(5).at.replace(year=2001), "who": lambda: "0" * 32, "mandate": lambda: "1" * 32, "act": lambda: "other.act",
    "about_kind": lambda: "mandate", "about": lambda: "2" * 32, "detail": lambda: {"level": "other"}, "before": lambda: "3" * 64,
    "hash": lambda: "4" * 64,
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_an_altered_line_is_found(cast: Cast, column: str) -> None:
    meddle(update(AuditLine).where(AuditLine.number == 5).values({column: CHANGES[column]()}))
    assert "line 5 has been altered" in audit.problems()


def test_an_altered_line_with_a_hash_that_fits_breaks_the_next(cast: Cast) -> None:
    found = line(5)
    found.act = "other.act"
    new = audit.digest(found)
    db.session.rollback()
    meddle(update(AuditLine).where(AuditLine.number == 5).values(act="other.act", hash=new))
    assert audit.problems() == ["line 6 has been altered"]


def test_a_line_taken_away_is_found(cast: Cast) -> None:
    meddle(delete(AuditLine).where(AuditLine.number == 5))
    assert "line 5 is missing" in audit.problems()


def test_a_tail_cut_off_is_found(cast: Cast) -> None:
    last = audit.head()[0]
    meddle(delete(AuditLine).where(AuditLine.number > last - 3))
    assert audit.problems() == [f"the chain ends at line {last - 3}, but its head says {last}"]


def test_two_lines_that_changed_places_are_found(cast: Cast) -> None:
    five, six = line(5).id, line(6).id
    meddle(update(AuditLine).where(AuditLine.id == five).values(number=10**6))
    meddle(update(AuditLine).where(AuditLine.id == six).values(number=5))
    meddle(update(AuditLine).where(AuditLine.id == five).values(number=6))
    assert {"line 5 has been altered", "line 6 has been altered"} <= set(audit.problems())


def test_a_line_put_in_is_found(cast: Cast) -> None:
    number, last = audit.head()
    extra = AuditLine(number=number + 1, at=line(5).at, act="other.act", detail={}, before=last, hash="")
    extra.hash = audit.digest(extra)
    db.session.add(extra)
    db.session.commit()
    assert audit.problems() == [f"the chain ends at line {number + 1}, but its head says {number}"]


def test_a_head_that_was_moved_is_found(cast: Cast) -> None:
    meddle(update(AuditHead).values(hash="5" * 64))
    assert len(audit.problems()) == 1


def test_a_whole_chain_written_anew_has_another_head(cast: Cast) -> None:
    kept = audit.head()
    found, before = db.session.scalars(select(AuditLine).order_by(AuditLine.number)).all(), audit.FIRST
    found[4].act = "other.act"
    for each in found:
        each.before = before
        each.hash = before = audit.digest(each)
    db.session.scalars(select(AuditHead)).one().hash = before
    db.session.commit()
    assert audit.problems() == []  # the chain alone cannot tell …
    assert audit.head() != kept  # … but whoever kept the head elsewhere can


def test_a_line_tells_who_under_which_mandate_what_about_what_and_when(cast: Cast) -> None:
    actions.give_mandate(cast.pia.person, cast.pia.role, cast.unit["havet"], by=cast.stina)
    written = line(audit.head()[0])
    stina = db.session.scalars(select(AuditPerson).where(AuditPerson.ref == written.who)).one()
    assert stina.person == cast.stina.person.public_id
    assert (written.act, written.mandate, written.about_kind) == ("organisation.give_mandate", cast.stina.public_id, "mandate")


def test_a_person_can_be_weeded_without_breaking_the_chain(cast: Cast) -> None:
    actions.end_mandate(cast.bo, by=cast.stina)
    meddle(delete(AuditPerson))
    assert audit.problems() == []


def test_no_name_and_no_address_stands_in_the_chain(cast: Cast) -> None:
    actions.change_person(
        cast.bo.person, name="Bo Ny", email="bo.ny@sjovik.example", version=cast.bo.person.version, by=cast.stina
    )
    people = db.session.scalars(select(Person)).all()
    for each in db.session.scalars(select(AuditLine)):
        said = str(each.detail)
        assert not any(person.email in said or person.name in said or person.public_id == each.who for person in people)


def test_verify_tells_and_fails(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run: Callable[..., object] = app.test_cli_runner().invoke
    assert run(args=["audit", "verify"]).exit_code == 0  # type: ignore[attr-defined]
    meddle(delete(AuditLine).where(AuditLine.number == 5))
    told = run(args=["audit", "verify"])
    assert told.exit_code == 1  # type: ignore[attr-defined]
    assert "line 5 is missing" in told.output  # type: ignore[attr-defined]
