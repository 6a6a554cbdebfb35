"""A button that is pressed twice, on a slow line and without scripts, does what it does once, and nobody meets an error."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.outbox import Letter
from chain.cycle.models import Round
from chain.feedback.models import Delivery, Feedback
from chain.followup import actions as followup
from chain.release import actions as release
from chain.release.models import Release
from chain.rollup import actions as rollup
from chain.support.models import SupportRequest
from tests.feedback import world as told
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

Client = Callable[[str], FlaskClient]
Press = tuple[str, str, dict[str, Any]]  # who, address, what the form sends


def feedback_given(cast: Cast) -> Press:
    sent = {"about_kind": "decision", "about": told.decision(cast).public_id, "text": "Läs och svara.", "whom": "unit"}
    return "diana", "/feedback/give", sent


def a_question_asked(cast: Cast) -> Press:
    about = told.decision(cast).public_id
    return "maja", "/feedback/give", {"about_kind": "decision", "about": about, "kind": "question", "text": "Hur går det?"}


def feedback_answered(cast: Cast) -> Press:
    told.given(cast, to="fvn")
    delivery = db.session.scalars(select(Delivery)).one()
    return "diana", f"/feedback/delivery/{delivery.public_id}/answer", {"answer-words": "Vi gör ett underlag."}


def feedback_read(cast: Cast) -> Press:
    return "diana", feedback_answered(cast)[1].replace("answer", "read"), {}


def figures(cast: Cast) -> Round:
    november = world.opened(cast)
    for unit in ("alskolan", "ekskolan"):
        district.accepted(cast, unit, {("MA", "4"): (25, 24, 12)})
    return november


def a_release_prepared(cast: Cast) -> Press:
    return "olle", f"/release/prepare?round={figures(cast).public_id}", {}


def a_release_approved(cast: Cast) -> Press:
    return "diana", f"/release/{release.prepare(figures(cast), by=cast.olle).public_id}/approve", {}


def support_answered(cast: Cast) -> Press:
    world.opened(cast)
    sent = district.hand_in(cast, "alskolan", support_needed={"items": [{"item": "a", "text": "Handledning"}]})
    followup.open_(sent, by=cast.arne)
    asked = db.session.scalars(select(SupportRequest)).one()
    return "arne", f"/support/{asked.public_id}/answer", {"state": "granted", "answer": "Ja, från januari."}


def a_follow_up_opened(cast: Cast) -> Press:
    world.opened(cast)
    return "arne", f"/followup/submission/{district.hand_in(cast, 'alskolan').public_id}/open", {}


def a_follow_up_accepted(cast: Cast) -> Press:
    world.opened(cast)
    return "arne", f"/rollup/submission/{district.hand_in(cast, 'alskolan').public_id}/accept", {}


PRESSES = (
    feedback_given, a_question_asked, feedback_answered, feedback_read, a_release_prepared, a_release_approved,
    support_answered, a_follow_up_opened, a_follow_up_accepted,
)  # fmt: skip


def done() -> dict[str, Any]:
    """All that such a press leaves behind, and who has been written to about it."""
    db.session.rollback()
    made = {one: db.session.scalar(select(func.count()).select_from(one)) for one in (Feedback, Delivery, Release, Letter)}
    answers = [*db.session.scalars(select(Delivery.answer)), *db.session.scalars(select(SupportRequest.answer))]
    told = select(AuditLine.act).where(~AuditLine.act.like("%\\_again", escape="\\")).order_by(AuditLine.id)
    lines = db.session.scalars(told).all()
    return {"made": made, "answers": answers, "lines": lines}


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.__name__)
def test_pressed_twice_it_is_done_once(app: Flask, cast: Cast, client: Client, press: Callable[[Cast], Press]) -> None:
    who, address, sent = press(cast)
    browser, before = client(who), done()
    first = browser.post(address, data=sent)
    once = done()
    second = browser.post(address, data=sent)
    assert (first.status_code, second.status_code) == (303, 303), second.text
    assert browser.get(second.headers["Location"]).status_code == 200
    assert done() == once != before


def test_other_words_or_others_to_hear_them_are_said_anew(cast: Cast) -> None:
    about = told.decision(cast)
    first = told.given(cast, "diana", "norr", about=about)
    assert told.given(cast, "diana", "norr", about=about).id == first.id
    others = [
        told.given(cast, "diana", "soder", about=about),
        told.given(cast, "diana", "norr", about=about, text="Läs om läsning."),
    ]
    assert len({first.id, *(one.id for one in others)}) == 3


def test_a_release_of_other_figures_or_by_another_person_is_a_new_one(cast: Cast) -> None:
    november = figures(cast)
    first = release.prepare(november, by=cast.olle)
    assert release.prepare(november, by=cast.olle).id == first.id
    assert release.prepare(november, by=cast.olga).number == 2
    rollup.accept(district.hand_in(cast, "havet"), by=cast.asta)
    assert release.prepare(november, by=cast.olga).number == 3, "one unit more has told"
