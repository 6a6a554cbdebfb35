"""The picture on the committee's page: each subject now, among earlier years, of what the releases show and nothing else."""

from typing import NamedTuple

from flask import Flask, render_template_string

from chain.release.queries import Line, SchoolForm, Table
from chain.report import among_years, rules
from chain.rollup.motifs import StoodPicture

GROUPS = {"GR": {"6": "åk 6", "9": "åk 9"}}
PLACE = ("Grundskola", "Minst E", "prognos")


def line(label: str, exact: int | None, n: int | None = 40, telling: int = 3, shown: str = "") -> Line:
    words = shown or (f"{exact} %" if exact is not None else "..")
    return Line(label, words, (), "", "3 av 3", "", "", assessed=str(n or ""), exact=exact, n=n, telling=telling, expected=3)


def forms(*lines: Line, group: str = "6", kind: str = "share", of_people: bool = True) -> list[SchoolForm]:
    title = f"Minst E, åk {group}"
    table = Table(title, "at_least_e", group, "", "prognos", (), lines, kind, row_head="Ämne", of_people=of_people)
    return [SchoolForm("GR", "Grundskola", (table,))]


def test_a_subject_stands_among_its_earlier_years_with_how_uncertain_it_is_now() -> None:
    then = forms(line("Matematik", 80), line("Svenska", None, None))
    now = forms(
        line("Matematik", 75), line("Svenska", 90, telling=2), line("Bild", None, None), line("Slöjd", None, 40, shown="~100 %")
    )
    [shown] = among_years.pictures([then, now], ["2025/26", "2026/27"], GROUPS)[PLACE]
    assert isinstance(shown.picture, StoodPicture)
    assert [(row.label, row.now.value, [point.value for point in row.before]) for row in shown.picture.rows] == [
        ("Matematik", 75.0, [80.0]), ("Svenska", 90.0, [None]),
    ]  # fmt: skip
    low, high = shown.picture.rows[0].now.low, shown.picture.rows[0].now.high
    assert low is not None and high is not None and (round(low), round(high)) == (60, 86), "Wilson's interval of 30 of 40"
    assert shown.twin.rows[2:] == (("Bild", "–", ".."), ("Slöjd", "–", "~100 % av 40"))
    assert "Matematik: 2025/26 80 % av 40, 2026/27 75 % av 40" in shown.picture.description
    assert "Små prickar" in shown.legend and "Ihålig prick" in shown.legend
    [first] = among_years.pictures([then], ["2025/26"], GROUPS)[PLACE]
    assert "Små prickar" not in first.legend and "Ihålig" not in first.legend


def test_means_hours_one_subject_alone_and_what_is_withheld_are_not_drawn() -> None:
    two = (line("Matematik", 75), line("Svenska", 90))
    hidden = (line("Matematik", None, None), line("Svenska", None, None))
    for asked in (forms(*two, kind="mean"), forms(*two, of_people=False), forms(two[0]), forms(*hidden)):
        assert among_years.pictures([asked], ["2026/27"], GROUPS) == {}
    assert among_years.pictures([forms(*two)], ["2026/27"], GROUPS)


def test_the_picture_with_most_subjects_is_seen_first_and_not_too_many_are() -> None:
    two = (line("Matematik", 75), line("Svenska", 90))
    six, nine = forms(*two), forms(*two, line("Bild", 80), group="9")
    both = [SchoolForm("GR", "Grundskola", (*six[0].tables, *nine[0].tables * among_years.MOST))]
    [grid, *_more] = rules.grids(both[0].tables, {})
    found = among_years.pictures([both], ["2026/27"], GROUPS)
    chosen = among_years.chosen(found, [("Grundskola", rules.Grid("Minst E", "", "prognos", (), (), ()))])
    assert [one.title for one in chosen][:2] == ["Grundskola: Minst E, åk 9 (prognos)", "Grundskola: Minst E, åk 6 (prognos)"]
    assert len(chosen) == among_years.MOST and grid.title
    assert among_years.chosen(found, []) == []


def test_only_the_first_picture_is_sent_until_another_is_opened(app: Flask) -> None:
    class Drawn(NamedTuple):
        anchor: str
        title: str
        svg: str
        legend: str = ""

    made = [Drawn(f"stood-{n}", f"Årskurs {n}", f"bild{n}") for n in (1, 2, 3)]
    asked = "{% from 'report/_figures.html' import per_subject %}{{ per_subject(pictures, '', at, opened) }}"
    with app.test_request_context():
        sent = {
            opened: [one.svg for one in made if one.svg in render_template_string(asked, pictures=made, at=at, opened=opened)]
            for at, opened in (("?picture=", ""), ("?picture=", "stood-3"), ("", "never"))
        }
        page = render_template_string(asked, pictures=made, at="?picture=", opened="")
    assert sent == {"": ["bild1"], "stood-3": ["bild1", "bild3"], "never": ["bild1", "bild2", "bild3"]}
    assert 'href="?picture=stood-2#stood-2"' in page
