"""The committee gets its page when both its parts are there, and it stands once it has been received."""

import threading
import time
from typing import Any

import pytest
from flask import Flask

from chain.base import clock, outbox
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.matter import actions as matter
from chain.measure import actions as measure
from chain.organisation.models import Mandate
from chain.report import actions, queries
from chain.report.models import Report
from tests.followup import world as followups
from tests.makers import Cast
from tests.report import world


def test_the_page_needs_the_administrations_follow_up_and_an_approved_release(cast: Cast) -> None:
    november = followups.opened(cast)
    with pytest.raises(RuleBroken, match="inte inlämnad"):
        actions.publish(november, by=cast.diana)
    world.handed_up(cast, november)
    world.administration(cast, november)
    with pytest.raises(RuleBroken, match="godkänd utgåva"):
        actions.publish(november, by=cast.diana)
    world.released(cast, november)
    assert actions.publish(november, by=cast.olle).state == "published"


def test_nobody_but_the_administration_hands_it_over(cast: Cast) -> None:
    november = followups.opened(cast)
    world.handed_up(cast, november)
    world.administration(cast, november)
    world.released(cast, november)
    for who in (cast.maja, cast.sixten, cast.rut, cast.arne, cast.pia, cast.vera, cast.stina):
        with pytest.raises(NotAllowed):
            actions.publish(november, by=who)
    assert queries.of(november) is None


def test_the_page_does_not_stand_on_what_is_taken_back_in_the_same_moment(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    november = followups.opened(cast)
    world.handed_up(cast, november)
    submission = world.administration(cast, november)
    world.released(cast, november)
    numbers, diana, midway, refused = (submission.id, november.id), cast.diana.id, threading.Event(), []
    retract = measure.retract

    def slowly(**what: Any) -> None:
        retract(**what)
        midway.set()
        time.sleep(0.5)  # withdrawn, but not for others to see

    def publish() -> None:
        with app.app_context():
            midway.wait(30)
            try:
                actions.publish(db.session.get_one(Round, numbers[1]), by=db.session.get_one(Mandate, diana))
            except RuleBroken as told:
                refused.append(told.sentence)
            finally:
                db.session.remove()

    monkeypatch.setattr(measure, "retract", slowly)
    other = threading.Thread(target=publish)
    other.start()
    followup.withdraw(submission, by=cast.diana)
    other.join(60)
    db.session.rollback()
    assert len(refused) == 1 and "inte inlämnad" in refused[0]
    assert queries.of(november) is None


def test_a_release_of_another_round_is_not_taken(cast: Cast) -> None:
    november = followups.opened(cast)
    world.handed_up(cast, november)
    world.released(cast, november)
    world.administration(cast, november)
    january = followups.queries.cycle.rounds(cast.unit["bun"].path)[2]
    with clock.held(clock.at(january.opens_on)):
        cycle.open_round(january, by=cast.diana)
        world.administration(cast, january)
        with pytest.raises(RuleBroken, match="ingen godkänd utgåva"):
            actions.publish(january, by=cast.diana)
    assert queries.of(january) is None


def test_members_see_nothing_before_it_is_handed_over_and_everybody_of_the_committee_after(cast: Cast) -> None:
    assert not queries.archive(cast.maja)
    report = world.published(cast)
    for who in (cast.maja, cast.sixten, cast.diana, cast.pia, cast.lena):
        assert [one.id for one in queries.archive(who)] == [report.id]
    assert not queries.archive(cast.viktor) and not queries.archive(cast.vera)


def test_members_and_the_secretary_get_a_letter(cast: Cast) -> None:
    report = world.published(cast)
    told = {letter.person for letter in outbox.waiting() if letter.path == f"/report/{report.public_id}"}
    assert told == {cast.maja.person.public_id, cast.sixten.person.public_id}


def test_the_page_is_the_five_answers_and_the_releases_figures(cast: Cast) -> None:
    report = world.with_figures(cast)
    page = queries.page(report.round, report.submission, report.release)
    assert [one.key for one in page.sentences] == list(world.SAID)
    assert page.sentences[3].spans[0].text == world.SAID["we_do"]
    assert (page.release.reporting, page.release.expected) == (3, 3)
    [school] = [form for form in page.figures if form.name == "Grundskola"]
    [grid] = [grid for grid in school.grids if grid.columns == ("åk 4", "åk 6")]
    shown = {label: [(cell.shown, cell.assessed) for cell in cells] for label, cells in grid.rows}
    assert shown == {
        "Matematik": [("50 %", "40"), ("", "")],
        "Engelska": [("", ""), ("~100 %", "30")],
        "Svenska": [("", ""), ("..", "")],
    }


def test_a_new_release_takes_the_old_ones_place_until_the_page_is_received(cast: Cast) -> None:
    report = world.published(cast)
    with pytest.raises(RuleBroken, match="redan överlämnad"):
        actions.publish(report.round, by=cast.diana)
    second = world.released(cast, report.round)
    assert actions.publish(report.round, by=cast.diana).release_id == second.id
    actions.receive(queries.of(report.round) or report, " Bun 2026/91 ", by=cast.sixten)
    world.released(cast, report.round)
    with pytest.raises(RuleBroken, match="redan tagit emot"):
        actions.publish(report.round, by=cast.diana)


def test_what_the_page_stands_on_is_not_taken_away(cast: Cast) -> None:
    report = world.published(cast)
    with pytest.raises(RuleBroken, match="Sidan som nämnden har fått bygger på uppföljningen"):
        followup.withdraw(report.submission, by=cast.diana)
    assert report.submission.state == "accepted"


def test_only_the_secretary_registers_and_only_once(cast: Cast) -> None:
    report = world.published(cast)
    for who in (cast.maja, cast.rut, cast.diana, cast.pia):
        with pytest.raises(NotAllowed):
            actions.receive(report, "Bun 2026/91", by=who)
    assert (report.state, report.registration_number) == ("published", "")
    actions.receive(report, "Bun 2026/91", by=cast.sixten)
    assert (report.state, report.registration_number, report.received_by_id) == ("received", "Bun 2026/91", cast.sixten.person_id)
    with pytest.raises(NotAllowed):
        actions.receive(report, "Bun 2026/92", by=cast.sixten)
    assert report.registration_number == "Bun 2026/91"


def test_the_next_page_tells_what_was_decided_last_time(cast: Cast) -> None:
    report: Report = world.published(cast)
    decision = matter.record(
        cast.unit["bun"], decided_on=report.published_at.date(), paragraph="12", registration_number="Bun 2026/91",
        text="Nämnden godkänner redovisningen.", about=report.round, by=cast.sixten,
    )  # fmt: skip
    january = queries.cycle.rounds(cast.unit["bun"].path)[-2]
    last = queries.before(january)
    assert last and last.id == report.id and queries.before(report.round) is None
    assert [one.id for one in queries.matter.about(last.round)] == [decision.id]
