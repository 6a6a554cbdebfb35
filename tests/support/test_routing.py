"""A request goes to the person who knows its field, who suggests an answer; whoever leads the place answers."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.access.policy import Role
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.outbox import Letter
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate
from chain.support import actions, routing_actions, routing_queries, routing_rules
from chain.support.models import SupportRequest
from chain.support.routing_rules import Line
from tests.followup import world
from tests.home.reading import home
from tests.makers import Cast
from tests.rollup import district

Client = Callable[[str], FlaskClient]


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def name(cast: Cast, unit: str = "fvn", **who: Mandate) -> None:
    """Let the director say who prepares what."""
    routing_actions.keep(cast.unit[unit], {kind: one.public_id for kind, one in who.items()}, by=cast.diana)


def ask(cast: Cast, kind: str = "law", unit: str = "alskolan") -> SupportRequest:
    asked = {"items": [{"item": "a", "type": kind, "text": "Får vi neka en plats?"}]}
    sent = district.hand_in(cast, unit, support_needed=asked)
    if head := district.HEAD.get(unit):
        followup.open_(sent, by=cast.who[head])
    return db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == cast.unit[unit].id)).one()


def letters(kind: str) -> list[str]:
    return list(db.session.scalars(select(Letter.person).where(Letter.kind == kind)))


# Which line holds


@pytest.mark.parametrize(
    ("lines", "holding", "expected"),
    [
        ([(2, "law", 7, 1)], {(7, 1)}, 7),
        ([(1, "law", 8, 1)], {(8, 1)}, 8),  # an area without a line follows its administration's
        ([(2, "law", 7, 2), (1, "law", 8, 1)], {(7, 2), (8, 1)}, 7),
        ([(2, "law", 7, 2), (1, "law", 8, 1)], {(8, 1)}, 8),  # the area's person has left
        ([(2, "law", 7, 2)], {(7, 3)}, None),  # has a mandate, but elsewhere
        ([(2, "economy", 7, 2)], {(7, 2)}, None),
    ],
)
def test_the_nearest_line_whose_person_remains_holds(
    lines: list[tuple[int, str, int, int]], holding: set[tuple[int, int]], expected: int | None
) -> None:
    found = routing_rules.helper([Line(*line) for line in lines], [2, 1], "law", holding)
    assert (found.person if found else None) == expected


# Sending


def test_it_goes_to_the_person_of_the_quality_unit_who_is_named(cast: Cast, november: Round) -> None:
    name(cast, law=cast.olga, economy=cast.olle)
    request = ask(cast)
    assert request.helper_id == cast.olga.person_id, "the area follows its administration"
    assert letters("support.routed") == [cast.olga.person.public_id]
    assert [one.id for one in routing_queries.helped(cast.olga)] == [request.id]
    assert routing_queries.helped(cast.olle) == []


def test_before_anybody_has_opened_the_follow_up_it_goes_to_nobody(cast: Cast, november: Round) -> None:
    name(cast, law=cast.olga)
    district.hand_in(cast, "alskolan", support_needed={"items": [{"item": "a", "type": "law", "text": "Får vi neka?"}]})
    assert db.session.scalars(select(SupportRequest.helper_id)).all() == [None]
    assert letters("support.routed") == []


def test_what_nobody_has_sorted_is_about_something_else(cast: Cast, november: Round) -> None:
    name(cast, other=cast.olle)
    request = ask(cast, kind="")
    assert (request.type, request.helper_id) == ("other", cast.olle.person_id)


def test_a_new_table_bites_at_once_on_what_waits(cast: Cast, november: Round) -> None:
    request = ask(cast)
    assert request.helper_id is None and [one.person.name for one in routing_queries.heads(request.receiver)] == ["Arne Dal"]
    name(cast, law=cast.olle)
    assert request.helper_id == cast.olle.person_id
    name(cast, "norr", law=cast.olga)
    assert request.helper_id == cast.olga.person_id


def test_whoever_leaves_leaves_nothing_with_nobody(cast: Cast, november: Round) -> None:
    name(cast, law=cast.olga)
    name(cast, "norr", law=cast.olle)
    request = ask(cast)
    organisation.end_person(cast.olle.person, by=cast.stina)
    assert request.helper_id == cast.olga.person_id
    organisation.end_mandate(cast.olga, by=cast.stina)
    assert request.helper_id is None
    assert [one.person.name for one in routing_queries.heads(cast.unit["norr"])] == ["Arne Dal"]
    organisation.end_mandate(cast.arne, by=cast.stina)
    assert [one.person.name for one in routing_queries.heads(cast.unit["norr"])] == ["Diana Holm"]


def test_only_those_with_a_mandate_here_are_named_and_by_the_director_alone(cast: Cast, november: Round) -> None:
    with pytest.raises(RuleBroken, match="inte längre något uppdrag"):
        name(cast, law=cast.vera)
    for who in (cast.arne, cast.olle, cast.vera):
        with pytest.raises(NotAllowed):
            routing_actions.keep(cast.unit["norr"], {"law": cast.olle.public_id}, by=who)


def test_what_is_taken_further_up_goes_to_whoever_is_named_there(cast: Cast, november: Round) -> None:
    name(cast, law=cast.olga)
    name(cast, "norr", law=cast.arne)
    actions.answer(ask(cast), state="taken_up", text="Två skolor undrar om nekad plats.", by=cast.arne)
    further = db.session.scalars(select(SupportRequest).where(SupportRequest.origin_id.is_not(None))).one()
    assert (further.type, further.helper_id) == ("law", cast.olga.person_id)


# Suggesting


def test_the_suggestion_is_read_by_those_who_answer_and_never_by_whoever_asked(
    app: Flask, cast: Cast, november: Round, client: Client
) -> None:
    name(cast, law=cast.olga)
    address = f"/support/{ask(cast).public_id}"
    assert "Föreslå ett svar till Alskolan: juridik" in home(app, "olga").titles
    for who in ("olle", "diana", "vera", "petra"):
        assert client(who).get(address).status_code == 404
    assert "Föreslå ett svar" in client("olga").get(address).text
    assert client("olga").post(f"{address}/answer", data={"state": "granted"}).status_code == 403, "the head answers"
    empty = client("olga").post(f"{address}/prepare", data={"state": "refused", "answer": " "})
    assert empty.status_code == 422 and "Skriv svaret som du föreslår" in empty.text
    said = {"state": "refused", "answer": "Nej: platsen kan inte nekas enligt skollagen."}
    assert client("olga").post(f"{address}/prepare", data=said).status_code == 303
    head = client("arne").get(address).text
    assert "platsen kan inte nekas" in head and "Olga Vik" in head and "Lämna svaret" in head
    assert "platsen kan inte nekas" not in client("pia").get(address).text
    assert "Ett svar är föreslaget" in home(app, "arne").rows["Alskolan ber om stöd"]
    assert client("arne").post(f"{address}/answer", data=said).status_code == 303
    assert "platsen kan inte nekas" in client("pia").get(address).text


def test_whoever_was_not_sent_it_suggests_nothing(cast: Cast, november: Round) -> None:
    request = ask(cast)
    for who in (cast.olle, cast.arne, cast.diana):
        with pytest.raises(NotAllowed):
            routing_actions.prepare(request, state="granted", text="Ja.", by=who)


# The table as a page


def test_the_director_names_and_others_read(cast: Cast, november: Round, client: Client) -> None:
    sent: dict[str, Any] = {"place": cast.unit["fvn"].public_id, "lines-0-kind": "law", "lines-0-who": cast.olga.public_id}
    assert client("arne").post("/routing/", data=sent).status_code == 404
    assert client("diana").post("/routing/", data={**sent, "place": cast.unit["vuxf"].public_id}).status_code == 404
    gone = client("diana").post("/routing/", data={**sent, "lines-0-who": cast.vera.public_id})
    assert gone.status_code == 422 and "Välj en annan" in gone.text
    assert client("diana").post("/routing/", data=sent).status_code == 303
    for who in ("diana", "olle", "arne", "pia"):
        assert "Olga Vik" in client(who).get("/routing/").text
    assert client("lena").get("/routing/").status_code == 404
    assert "Vem svarar på vad" in client("pia").get("/support/").text
    assert organisation is not None and Role.OFFICER in routing_queries.HELPERS


def test_the_form_of_the_follow_up_sorts_what_is_asked_for(cast: Cast, november: Round, client: Client) -> None:
    mine = world.followup(cast, "pia")
    address = f"/followup/{mine.public_id}/section/support_needed"
    page = client("pia").get(address)
    assert page.status_code == 200 and "Juridik" in page.text and "Vad gäller det?" in page.text
