"""What reads papers for the harvest reads all of a document that holds everything: what saw nothing would find nothing."""

import pytest

from chain.report import press
from tests.release import harvest, paper
from tests.report import papers


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return press.pdf(papers.sheet())


def test_tables_are_read_cell_by_cell_with_what_is_written_above(pdf: bytes) -> None:
    [table] = paper.read(pdf).tables
    made = papers.table()
    assert table.title == made["title"] and table.rows == [made["head"], *made["rows"]]


def test_headings_paragraphs_points_and_what_is_said_of_pictures_are_read(pdf: bytes) -> None:
    said = paper.read(pdf)
    for words in ("Redovisning av uppföljning 1", "Elevenkät ≥ 80 %", "Samarbete → likvärdighet", papers.picture()["alt"]):
        assert words in said.words, words
    assert "Bun" in said.everything, "the foot of the page is no part of what it says, and is read too"


@pytest.mark.parametrize(
    ("cell", "shown", "n"),
    [("84 % av 85", "84", "85"), ("~100 % av 40", "~100", "40"), ("..", "..", None), ("66 % av 35 3 enheter", "66", "35")],
)
def test_a_cell_is_a_share_and_how_many_it_is_of(cell: str, shown: str, n: str | None) -> None:
    found = harvest.SHARE.search(cell)
    assert found and (found["shown"], found["n"]) == (shown, n)


def test_each_number_is_had_with_its_unit_and_its_subject_whichever_way_the_table_lies() -> None:
    found = harvest.Harvest()
    for title, lines in (
        ("", [["", "Svenska"], ["Hagskolan", "67 % av 9"]]), ("", [["", "Hagskolan"], ["Svenska", "67 % av 9"]]),
        ("Hagskolan: minst E", [["", "Åk 6"], ["Svenska", "67 % av 9"]]), ("Minst E", [["", "Åk 6"], ["Svenska", "67 % av 9"]]),
        ("Minst E", [["", "Åk 6"], ["Frånvaro", "67 % av 9"], ["Svenska", "–"]]),
    ):  # fmt: skip
        harvest.table(title, lines, "there", ["Alla", "Hagskolan"], ["Svenska"], found)
    assert [one.unit for one in found.said] == ["Hagskolan", "Hagskolan", "Hagskolan", "Alla"]
    assert {(one.subject, one.shown, one.n) for one in found.said} == {("Svenska", "67", "9")}
