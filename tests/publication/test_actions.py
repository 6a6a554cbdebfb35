"""A page is made public once, by the secretary, when it stands fast and somebody has read it through; and may be withdrawn."""

import pytest

from chain.base import outbox
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.publication import actions, queries, rules
from chain.report import actions as reports
from chain.report.models import Report
from tests.kept import kept
from tests.makers import Cast
from tests.report import world


@pytest.fixture
@kept
def received(cast: Cast) -> Report:
    report = world.published(cast)
    reports.receive(report, "Bun 2026/91", by=cast.sixten)
    return report


def test_only_what_the_committee_has_registered_is_made_public(cast: Cast) -> None:
    report = world.published(cast)
    with pytest.raises(RuleBroken, match="Registrera först"):
        actions.publish(report, read_through=True, by=cast.sixten)
    assert queries.public() == {}


def test_somebody_answers_for_its_pointing_at_nobody(cast: Cast, received: Report) -> None:
    with pytest.raises(RuleBroken) as no:
        actions.publish(received, read_through=False, by=cast.sixten)
    assert list(no.value.problems) == ["read_through"]


def test_it_is_public_once_until_it_is_withdrawn_and_may_be_so_again(cast: Cast, received: Report) -> None:
    first = actions.publish(received, read_through=True, by=cast.sixten)
    with pytest.raises(RuleBroken, match="redan offentlig"):
        actions.publish(received, read_through=True, by=cast.sixten)
    with pytest.raises(RuleBroken, match="varför"):
        actions.withdraw(first, reason="Fel.", by=cast.sixten)
    for reason in ("En siffra var fel.", "Något helt annat skäl."):
        actions.withdraw(first, reason=reason, by=cast.sixten)
    assert (first.state, first.reason) == ("withdrawn", "En siffra var fel.") and queries.public() == {}
    again = actions.publish(received, read_through=True, by=cast.sixten)
    assert [one.public_id for one in queries.public()["Barn- och utbildningsnämnden"]] == [again.public_id]


@pytest.mark.parametrize("who", ["maja", "rut", "olle", "diana", "pia", "vera", "stina"])
def test_nobody_but_the_committees_secretary_makes_public_or_withdraws(cast: Cast, received: Report, who: str) -> None:
    made = actions.publish(received, read_through=True, by=cast.sixten)
    for deed in (
        lambda: actions.publish(received, read_through=True, by=cast.who[who]),
        lambda: actions.withdraw(made, reason="Jag vill inte ha den där.", by=cast.who[who]),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert made.state == "public"


def test_what_somebody_could_not_use_is_told_to_the_steward_and_seen_to_once(cast: Cast) -> None:
    told = actions.remark(cast.unit["sjovik"], " Tabellen går inte att läsa. ", "", by=None)
    assert [letter.person for letter in outbox.waiting() if letter.kind == "publication.remark"] == [cast.stina.person.public_id]
    assert [one.text for one in queries.remarks(cast.stina)] == ["Tabellen går inte att läsa."]
    actions.see_to(told, by=cast.stina)
    when = told.answered_at
    actions.see_to(told, by=cast.stina)
    assert (told.state, told.answered_at) == ("answered", when)
    with pytest.raises(NotAllowed):
        actions.see_to(told, by=cast.diana)


def test_who_fills_the_book_is_stopped_with_a_sentence(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_IN_A_DAY", 2)
    for _each in range(2):
        actions.remark(cast.unit["sjovik"], "Igen.", "", by=None)
    with pytest.raises(RuleBroken, match="Ovanligt många"):
        actions.remark(cast.unit["sjovik"], "Igen.", "", by=None)
    with pytest.raises(RuleBroken, match="vad som inte fungerade"):
        actions.remark(cast.unit["sjovik"], "  ", "", by=None)
    db.session.rollback()
    assert len(queries.remarks(cast.stina)) == 2
