"""What may be made public of documents, and what whoever makes them so is shown to look at."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import create_app
from chain.base.errors import RuleBroken
from chain.publication import rules
from tests.conftest import settings

READY = {"handed_over": True, "replaced": False, "released": True, "read_through": True, "already": False}


@pytest.fixture(scope="module", autouse=True)
def words() -> Iterator[None]:
    """Refusals are told in words, for which an application knows the language; no database is asked."""
    with create_app(settings("sqlite://")).app_context():
        yield


def said(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"title": "Resultat", "blocks": list(blocks)}]}


def test_what_has_been_handed_over_and_read_through_may_be_made_public() -> None:
    rules.check_document(**READY)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"handed_over": False}, "godkänt och överlämnat"), ({"replaced": True}, "nyare version"),
        ({"released": False}, "godkänd utgåva"), ({"already": True}, "redan offentligt"), ({"read_through": False}, "Läs igenom"),
    ],
)  # fmt: skip
def test_what_is_not_ready_is_refused_with_what_to_do(fault: dict[str, bool], told: str) -> None:
    with pytest.raises(RuleBroken, match=told):
        rules.check_document(**READY | fault)


@pytest.mark.parametrize(
    "text",
    ["Tre elever når inte E.", "den enda flickan i gruppen", "2 nyanlända pojkar", "en vårdnadshavare", "Se 20120314-1234."],
)
def test_words_by_which_somebody_could_be_known_are_pointed_at(text: str) -> None:
    found = list(rules.to_look_at(said({"kind": "paragraph", "text": text})))
    assert [heading for heading, _words in found] == ["Resultat"]
    assert all(words in text for _heading, words in found)


@pytest.mark.parametrize(
    "text",
    ["40 elever bedömdes.", "Eleverna når målen i 17 ämnen.", "Se uppföljning 1, 2026-11-20.", "två elevråd, ett barnperspektiv"],
)
def test_many_children_and_other_words_are_not(text: str) -> None:
    assert list(rules.to_look_at(said({"kind": "paragraph", "text": text}))) == []


def test_quotes_and_points_are_read_and_tables_of_a_release_are_not() -> None:
    blocks = (
        {"kind": "quote", "text": "Två barn behöver tolk.", "source": "Ekskolan"},
        {"kind": "bullets", "items": ["fyra elever", "många elever"]},
        {"kind": "table", "title": "1 elev", "head": [], "rows": [["1 elev"]], "note": ""},
    )
    assert [words for _heading, words in rules.to_look_at(said(*blocks))] == ["Två barn", "fyra elever"]


def test_those_who_sign_are_named_with_their_titles() -> None:
    people = {"kind": "signatures", "people": [["Diana Holm", "skolchef"], ["Olle Sand", ""]]}
    assert rules.signed(said(people)) == ["Diana Holm, skolchef", "Olle Sand"]
