"""Pupils' rows are counted and forgotten: the sums are right, and nothing of a pupil is kept, logged or shown."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text

from chain.base import clock
from chain.base.db import db
from chain.intake import scb
from chain.intake.models import IntakeFile
from chain.organisation import actions as organisation
from tests.followup import world
from tests.intake.desk import Desk, figures
from tests.intake.test_views import button, sent
from tests.makers import Cast

CODE, OTHER = "12345678", "87654321"
SECRET = "Rutger Kanarieson"


def pupil(layout: str, number: int, code: str = CODE, **said: str) -> str:
    """A pupil's row: invented, and with a name that must never come out again."""
    first, last = SECRET.split()
    lead = {
        "System": "Elevreg", "Datum": "2026-06-15", "Version": "1", "PersonNr": f"20130101{number:04d}", "Skolenhetskod": code,
        "Klass": "6A", "Fornamn": first, "Efternamn": last,
    }  # fmt: skip
    return ";".join({**lead, **said}.get(name, "") for name in scb.LAYOUTS[layout])


@pytest.mark.parametrize("layout", scb.LAYOUTS)
def test_a_file_is_recognised_by_its_rows(layout: str) -> None:
    said = {"tests_3": {"MA_C_PR": "1"}, "grades_6": {"Bl": "C"}}.get(layout, {})
    row = pupil(layout, 1, **said)
    assert scb.layout_of(row + "\r\n") == layout
    assert scb.layout_of(row.replace(CODE, "x")) == "" and scb.layout_of("Enhet;Elever\nA;1") == ""


@pytest.mark.parametrize("layout", ["grades_6", "grades_9"])
def test_grades_are_counted_as_the_codes_say(layout: str) -> None:
    chance = random.Random(6)
    said = [chance.choice("AABCDEEF39YZ2") for _ in range(500)]
    rows = "\n".join(pupil(layout, number, Ma=one, Sv="C") for number, one in enumerate(said))
    made = scb.count(rows, layout)
    counts = Counter(said)
    tally = made.tallies[CODE, "grades", "MA"]
    assert tally.k == {grade: counts[grade] for grade in "ABCDEF"} | {"-": counts["9"]}
    assert tally.n == sum(counts[grade] for grade in "ABCDEF9") and tally.enrolled == tally.n + counts["Y"]
    assert made.tallies[CODE, "grades", "SV"].k == {"C": 500} and (CODE, "grades", "SVA") not in made.tallies


def test_national_tests_are_counted_with_their_special_codes() -> None:
    said, more = ["A", "E", "F", "77", "88", "99", ""], {"SV_KURSPLAN": "2", "SV_PROVB": "E", "NO_PROV": "KE"}
    rows = "\n".join(pupil("tests_9", n, MA_PROVB=one, NO_PROVB=one, **more) for n, one in enumerate(said))
    made = scb.count(rows, "tests_9")
    for key in ((CODE, "national_test", "MA"), (CODE, "national_test_no_so", "KE")):
        tally = made.tallies[key]
        assert (tally.enrolled, tally.n, tally.k[""]) == (7, 3, 2)
    assert (CODE, "national_test", "SV") not in made.tallies and made.tallies[CODE, "national_test", "SVA"].n == 7


def test_year_3_counts_those_who_took_and_reached_every_part() -> None:
    parts = {f"MA_{part}_PR": "1" for part in ("A", "B", "C", "D", "E", "F", "G")}
    rows = [
        pupil("tests_3", 1, **parts),
        pupil("tests_3", 2, **parts | {"MA_B_PR": "0"}),
        pupil("tests_3", 3, **parts | {"MA_F_PR": "99"}),
    ]
    tally = scb.count("\n".join(rows), "tests_3").tallies[CODE, "national_test_3", "MA"]
    assert (tally.enrolled, tally.n, tally.k[""]) == (3, 2, 1)


def test_no_problem_tells_anything_of_a_pupil() -> None:
    rows = [pupil("grades_6", 1, Ma="Q"), pupil("grades_6", 2) + ";;;", pupil("grades_6", 3, code="2013"), SECRET]
    made = scb.count("\n".join(rows), "grades_6")
    assert [(one.row, one.column, one.value) for one in made.problems[:3]] == [
        (1, "Ma", ""),
        (2, "", ""),
        (3, "Skolenhetskod", ""),
    ]
    said = " ".join(one.sentence for one in made.problems) + scb.stored(made).decode()
    assert not any(word in said for word in (*SECRET.split(), "20130101", "Q"))


def _everything() -> str:
    """All that the database holds, as text."""
    names = inspect(db.engine).get_table_names()
    return " ".join(str(tuple(row)) for name in names for row in db.session.execute(text(f'SELECT * FROM "{name}"')))


def test_through_the_page_the_sums_are_kept_and_no_pupil_anywhere(
    app: Flask, cast: Cast, client: Callable[[str], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    organisation.add_code(cast.unit["alskolan"], CODE, valid_from=clock.today(), by=cast.stina)
    rounds = world.november_and_january(cast)
    desk = Desk(cast, rounds[1])
    said = "ABCDEF9" * 20
    rows = [pupil("grades_6", number, Ma=one) for number, one in enumerate(said)]
    rows += [pupil("grades_6", number, code=OTHER, Ma="A") for number in range(3)]
    browser = client("olle")
    _status, page = sent(browser, "\r\n".join(rows).encode("cp1252"), "ak6.txt", desk.round.public_id)
    assert "räknade ihop per enhet och ämne" in page and "143 rader lästes. 140 gick att läsa in" in page
    assert "hör till en skolenhet som inte finns här" in page
    assert db.session.scalar(select(IntakeFile.content)).startswith(b'{"scb"')  # type: ignore[union-attr]
    seen = _everything() + page + caplog.text
    button(browser, page, "Bekräfta och läs in")
    kept = {(one[1], one[4]): one[6:] for one in figures()}
    assert kept == {("grades", grade): (140, 140, 20) for grade in "ABCDEF-"} | {
        ("at_least_e", ""): (140, 140, 100), ("all_subjects", ""): (140, 120, 100),
    }  # fmt: skip
    seen += _everything() + caplog.text
    assert not any(word in seen for word in (*SECRET.split(), "20130101"))


# What a pupil's grades make together, worked by hand from skollagen 16 kap. 30–31 §§ (domain.md §3.3)

THREE = {"Sva": "E", "En": "E", "Ma": "E"}
FIVE = {"Bl": "E", "Mu": "D", "Sl": "C", "Idh": "B", "Hkk": "A"}
FOUR_MORE = {"Hi": "E", "Re": "E", "Ge": "E", "Sh": "E"}


@pytest.mark.parametrize(
    ("grades", "passed_all", "vocational", "higher"),
    [
        (THREE | FIVE, 1, 1, 0),  # eight subjects: the three and five more
        ({"Sva": "E", "En": "E", "Ma": "E", **dict(list(FIVE.items())[:4])}, 1, 0, 0),  # seven
        (THREE | FIVE | {"En": "F"} | FOUR_MORE, 0, 0, 0),  # eleven with E, but English is not among them
        (THREE | FIVE | {"Sva": "", "Tk": "A", "Bi": "A"}, 1, 0, 0),  # no Swedish of either kind
        (THREE | FIVE | FOUR_MORE, 1, 1, 1),  # twelve: the three and nine more
        (THREE | FIVE | FOUR_MORE | {"Tk": "9"}, 0, 1, 1),  # a dash is no pass, and takes away nothing else
        (THREE | FIVE | {"Sv": "E"}, 1, 1, 0),  # both kinds of Swedish are one of the three, and not one of the five
    ],
)  # fmt: skip
def test_eight_subjects_give_a_vocational_programme_and_twelve_a_preparing_one(
    grades: dict[str, str], passed_all: int, vocational: int, higher: int
) -> None:
    made = scb.count(pupil("grades_9", 1, **grades), "grades_9")
    told = [made.tallies[CODE, key, ""] for key in ("all_subjects", "vocational", "higher_education")]
    assert [(one.enrolled, one.n, one.k[""]) for one in told] == [(1, 1, passed_all), (1, 1, vocational), (1, 1, higher)]


def test_pupils_without_a_single_grade_are_pupils_and_not_assessed() -> None:
    rows = [pupil("grades_9", 1, Ma="9", En="9"), pupil("grades_9", 2, Ma="Y"), pupil("grades_9", 3, **(THREE | FIVE))]
    made = scb.count("\n".join(rows), "grades_9")
    tally = made.tallies[CODE, "vocational", ""]
    assert (tally.enrolled, tally.n, tally.k[""]) == (3, 1, 1)
    six = scb.count(pupil("grades_6", 1, Bl="C", Ma="E"), "grades_6")
    assert (CODE, "all_subjects", "") in six.tallies and (CODE, "vocational", "") not in six.tallies
