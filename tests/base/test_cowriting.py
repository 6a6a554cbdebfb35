"""Sections that several people write: what every link that has them shares."""

from datetime import UTC, datetime
from types import SimpleNamespace as Row

import pytest
from flask import Flask
from flask_babel import force_locale

from chain.base import cowriting, cowriting_views
from chain.base.cowriting import Conflict
from chain.base.db import Base
from chain.base.errors import NotAllowed, RuleBroken

SAVES = {"section_version", "document_version", "handover_version", "dialogue_text_version"}


@pytest.mark.parametrize(("theirs", "mine", "both"), [("A\n", "\nB", "A\n\nB"), ("A", "A och B", "A och B"), ("A B", "A", "A B")])
def test_two_texts_in_one_leave_nothing_out(theirs: str, mine: str, both: str) -> None:
    assert cowriting.joined(theirs, mine) == both


def test_who_comes_second_is_told_under_which_key_the_text_is_kept(app: Flask) -> None:
    section = Row(version=3)
    assert cowriting.conflict(section, 3, "a") is None
    no = cowriting.conflict(section, 2, "a")
    assert no and (no.mine, no.theirs) == ("a", section)


def test_a_save_says_the_same_when_all_its_words_are() -> None:
    assert cowriting.same(Row(answer={"text": "A"}, done=True, number=4), {"answer": {"text": "A"}, "done": True})
    assert not cowriting.same(Row(answer={"text": "A"}, done=False), {"answer": {"text": "A"}, "done": True})


def test_every_kind_of_section_keeps_its_saves_alike() -> None:
    kinds = [one for one in Base.registry.mappers if one.local_table.name in SAVES]  # type: ignore[attr-defined]
    assert len(kinds) == len(SAVES)
    for kind in kinds:
        names = {"section", "section_id", "number", "kept", "save_key", "saved_at", "saved_by_id", "saved_by"}
        assert names <= set(kind.attrs.keys()), kind
        section = kind.relationships["section"].mapper
        assert section.version_id_col is not None and {"saved_at", "saved_by_id", "version"} <= set(section.attrs.keys())


@pytest.mark.parametrize(
    ("saved", "who", "told"),
    [
        (datetime(2026, 11, 22, 13, 3, tzinfo=UTC), 1, "Sparad 14.03"),
        (datetime(2026, 11, 22, 13, 3, tzinfo=UTC), 2, "Sparad 14.03 av Bo Ek"),
        (datetime(2026, 11, 20, 13, 3, tzinfo=UTC), 2, "Sparad 20 november 14.03 av Bo Ek"),
        (None, None, ""),
    ],
)
def test_when_it_was_saved_and_by_whom_is_said_as_shortly_as_it_can_be(
    app: Flask, saved: datetime | None, who: int | None, told: str
) -> None:
    section = Row(saved_at=saved, saved_by_id=who, saved_by=Row(name="Bo Ek"))
    with force_locale("sv"):
        assert cowriting_views.saved_at(section, Row(person_id=1)) == told


def test_the_script_is_answered_in_words_and_never_with_a_page(app: Flask) -> None:
    with app.test_request_context(headers={"X-Autosave": "1"}):
        assert cowriting_views.second(Conflict("a", None), "/there") == (
            {"sentence": Conflict("a", None).sentence, "conflict": "/there"},
            409,
        )
        assert cowriting_views.refused(RuleBroken("Inlämnad."), "pages/kept.html") == ({"sentence": "Inlämnad."}, 409)
        assert cowriting_views.refused(NotAllowed("Inte du."), "pages/kept.html") == ({"sentence": "Inte du."}, 403)
