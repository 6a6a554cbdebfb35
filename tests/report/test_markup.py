"""What people write becomes blocks, and blocks become what people would have written."""

import pytest

from chain.report import markup
from tests.report.papers import TEXT


def test_signs_at_the_beginning_of_a_line_make_blocks() -> None:
    assert [block["kind"] for block in markup.blocks(TEXT)] == ["paragraph", "heading", "bullets", "numbered", "quote"]
    first, head, bullets, _numbered, quote = markup.blocks(TEXT, level=3)
    assert first["text"].count("\n") == 1 and head == {"kind": "heading", "level": 3, "text": "Grundskolan"}
    assert bullets["items"] == ["Elevenkät ≥ 80 %", "Samarbete → likvärdighet"]
    assert quote == {"kind": "quote", "text": "Underlaget för analys saknar gemensam struktur.", "source": "Ekskolan: Analys"}


def test_an_empty_line_ends_a_paragraph_and_a_list_follows_without_one() -> None:
    assert [block["kind"] for block in markup.blocks("Vi ser:\n- ett\n- två\nOch så.\n\nMer.")] == [
        "paragraph", "bullets", "paragraph", "paragraph",
    ]  # fmt: skip


def test_what_was_written_is_found_again() -> None:
    assert markup.blocks(markup.as_text(markup.blocks(TEXT))) == markup.blocks(TEXT)


@pytest.mark.parametrize("text", ["", "   \n \n", "\n\n"])
def test_nothing_is_no_block(text: str) -> None:
    assert markup.blocks(text) == [] and markup.points(text) == []


def test_a_proposal_has_a_point_a_line() -> None:
    assert markup.points("1. Nämnden godkänner.\n\n2. Nämnden uppdrar.") == [
        {"kind": "numbered", "items": ["Nämnden godkänner.", "Nämnden uppdrar."]}
    ]
    assert markup.points("Nämnden godkänner.") == [{"kind": "paragraph", "text": "Nämnden godkänner."}]


def test_a_proposal_of_att_stays_as_it_was_written() -> None:
    """Seed 002: the administration proposes that the committee decide / att godkänna …, samt / att ge …."""
    found = markup.points("Förvaltningen föreslår nämnden besluta\natt godkänna återrapporteringen, samt\natt ge ett uppdrag.")
    assert [block["kind"] for block in found] == ["paragraph"] * 3


def test_what_no_file_can_hold_is_left_out() -> None:
    assert markup.tidy("a\x00b\x0bc\ud800d\r\ne\tf") == "abcd\ne f"
