"""Seed 002 as a document: an assignment from the committee, its tjänsteskrivelse, and the decision."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from chain.access.policy import Role
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.document import frozen, queries
from chain.matter import assignment_actions, matter_actions
from tests.document import desk
from tests.makers import Cast
from tests.matter import desk as matters
from tests.visitors import Reader

ASKED = "tydliggöra planeringen och organiseringen för att bättre kunna följa upp effekterna på elevernas resultat"
SAID = {
    "background": "Bildningsnämnden beslutade under 2011 att inleda arbetet med att inrätta karriärtjänster.",
    "analysis": "## Grundskolan\nDet har bildats triader inom vilka verksamhetsbesök ska genomföras.\n\n"
    "## Gymnasie- och vuxenutbildningen\nFörstelärarnas uppdrag ska följas upp 3–4 gånger per läsår.",
    "conclusions": "Huvudmannen samlar samtliga förstelärare. Nätverksträffar sker kontinuerligt under läsåret.",
    "proposal": "Förvaltningen föreslår nämnden besluta\natt godkänna föreliggande återrapportering, samt\n"
    "att ge förvaltningschefen i uppdrag att ta fram en förvaltningsövergripande rutin.",
    "children_asked": "Ärendet avser hur bestämmelser följs: barn och elever har inte tillfrågats.",
    "children_perspective": "Barn- och elevperspektivet är tydligt i förvaltningens arbete med att fullfölja bestämmelserna.",
}


def test_an_assignment_becomes_a_document_that_answers_it(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    asked = matters.opened(cast, "Utvärdering av karriärtjänster")
    given = matters.given(cast, asked, ASKED, paragraph="112", registration_number="Bun 2017/214", day=date(2017, 12, 20))
    answers = assignment_actions.open_to_answer(
        given, title="Återrapportering av utvärdering av karriärtjänster", why=ASKED, opened_on=matters.DAY,
        registration_number="Bun 2018/75", follows=asked, by=cast.diana,
    )  # fmt: skip
    olle = Reader(client("olle")).open(f"/document/begin?matter={answers.public_id}")
    olle.choose("Mall", "Tjänsteskrivelse: ärendebeskrivning och beredning").press("Börja skriva")
    olle.sees("Återrapportering av utvärdering av karriärtjänster", "Bun 2018/75", ASKED, "den 20 december 2017", "§ 112")
    olle.sees("Enligt en rutin för att kontrollera om barn och elever har fått möjlighet att vara delaktiga")
    there = olle.address
    for key, text in SAID.items():
        olle.open(f"{there}/section/{key}").fill("Text", text).press("Spara")
    db.session.rollback()  # what the browser has written
    document = queries.archive(cast.olle)[0]
    matter_actions.assign(answers, Role.OFFICER, cast.unit["fvn"], by=cast.diana)
    matter_actions.go(answers, "begin", by=cast.olle)
    with pytest.raises(RuleBroken, match="inte är överlämnade"):
        assignment_actions.write(answers, reports=[given], by=cast.olle)
    desk.go(cast, document, "handed")
    assignment_actions.write(answers, reports=[given], by=cast.olle)
    said = frozen.sheet(desk.fresh(document).frozen or {})
    heads = [block["text"] for block in said.blocks if block["kind"] == "heading" and block["level"] == 2]
    assert heads == [
        "Ärendebeskrivning", "Beredning", "Det fortsatta arbetet", "Förslag till beslut", "Barns och elevers delaktighet",
    ]  # fmt: skip
    assert [block["text"] for block in said.blocks if block["kind"] == "heading" and block["level"] == 3][:2] == [
        "Grundskolan", "Gymnasie- och vuxenutbildningen",
    ]  # fmt: skip
    maja = Reader(client("maja")).open(f"/matter/matter/{answers.public_id}").sees("Handlingar")
    maja.click("Återrapportering av utvärdering av karriärtjänster, 2026-11-22")
    maja.sees("att godkänna föreliggande återrapportering")
    matters.decided(cast, answers, "80", registration_number="Bun 2018/75", text="att godkänna föreliggande återrapportering")
    assert desk.fresh(document).state == "handed_over"
