"""Which groups go on, what a handover must hold, and its life as a table."""

import tomllib
from datetime import date

import pytest

from chain.base.errors import RuleBroken
from chain.cycle import queries as cycle
from chain.handover import rules, shipped
from chain.handover.rules import Facts

WHOLE = Facts(receivers=1, confirmed=True, words="En hel mening.", newer=True, asked=True, new_year=True)
LOWER = ["F", "1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("forms", "years", "goes_on"),
    [
        (["FS"], [], [("preschool", "")]),
        (["FS", "FKLASS"], [], [("preschool_class", "")]),
        (["FKLASS", "GR"], LOWER, [("between_years", "6")]),
        (["GR"], ["7", "8", "9"], [("upper_secondary", "9")]),
        (["GR"], ["1", "2", "3", "4", "5", "6", "7", "8", "9"], [("upper_secondary", "9")]),
        (["FKLASS"], ["F"], [("preschool_class", "")]),
        (["GR"], ["1", "2", "3"], [("between_years", "3")]),
        (["GRAN"], ["7", "8", "9"], [("upper_secondary_adapted", "9")]),
        (["GY"], ["gy25-1"], []),
        (["FTH"], [], []),
    ],
)
def test_which_groups_go_on_to_another_unit(forms: list[str], years: list[str], goes_on: list[tuple[str, str]]) -> None:
    found = [(step.key, year) for step in shipped.transitions().values() for year in step.goes_on(forms, years)]
    assert found == goes_on


def test_a_unit_may_hand_over_also_those_who_could_have_stayed() -> None:
    step = shipped.transitions()["between_years"]
    assert step.begins(["GR"], ["4", "5", "6"]) == ["6", "5", "4"] and step.begins(["FS"], ["4"]) == []


@pytest.mark.parametrize(
    ("key", "year", "forms", "years", "takes"),
    [
        ("preschool", "", ["FKLASS", "GR"], LOWER, True), ("preschool", "", ["GR"], ["1"], False),
        ("between_years", "6", ["GR"], ["7", "8", "9"], True), ("between_years", "6", ["GR"], ["4", "5", "6"], False),
        ("preschool_class", "", ["GR"], ["1", "2"], True), ("preschool_class", "", ["GR"], ["7"], False),
        ("upper_secondary", "9", ["GY"], ["gy25-1"], True), ("between_years", "6", ["GR"], [], True),
    ],
)  # fmt: skip
def test_who_has_the_next_step(key: str, year: str, forms: list[str], years: list[str], takes: bool) -> None:
    assert shipped.transitions()[key].received_by(forms, years, year) is takes


def test_what_is_shipped_is_whole_in_both_languages() -> None:
    codes, keys = set(cycle.school_forms()), set(shipped.transitions())
    for step in shipped.transitions().values():
        assert {step.giver, step.receiver} <= codes and step.sv and step.en
        assert "{" not in step.name("sv") + step.name("en", "6")
        assert [one.key for one in shipped.headings(step.key) if one.required] == ["work", "what_worked", "environment"]
    raw = tomllib.loads(shipped.FILE.read_text())["section"]
    assert len({row["key"] for row in raw}) == len(raw) and all(set(row.get("only", [])) <= keys for row in raw)
    assert all(row[lang][part] for row in raw for lang in ("sv", "en") for part in ("title", "ask", "example"))
    assert shipped.transitions()["between_years"].name("sv", "6") == "Årskurs 6 till årskurs 7"
    assert shipped.transitions()["between_years"].name("sv") == "Årskurs 3–6 till årskurs 4–7"


def test_the_examples_name_nobody() -> None:
    texts = {one.key: one.word("example", "sv") for key in shipped.transitions() for one in shipped.headings(key)}
    assert rules.warnings(texts) == []


def test_every_line_of_the_table_can_be_taken_and_every_requirement_refuses() -> None:
    wrong = {
        "complete": Facts(**{**vars(WHOLE), "missing": ("Skriv mer.",)}), "to_somebody": Facts(**{**vars(WHOLE), "receivers": 0}),
        "nobody_named": Facts(**{**vars(WHOLE), "found": ("En elev nämns.",)}),
        "confirmed": Facts(**{**vars(WHOLE), "confirmed": False}), "unopened": Facts(**{**vars(WHOLE), "opened": True}),
        "words": Facts(**{**vars(WHOLE), "words": "Ja"}), "newer_edition": Facts(**{**vars(WHOLE), "newer": False}),
        "asked": Facts(**{**vars(WHOLE), "asked": False}), "new_school_year": Facts(**{**vars(WHOLE), "new_year": False}),
    }  # fmt: skip
    assert set(wrong) == set(rules.REQUIREMENTS)
    for line in rules.MOVES:
        assert rules.move(line.act, line.before, WHOLE) == line
        for name in line.requires:
            with pytest.raises(RuleBroken) as no:
                rules.move(line.act, line.before, wrong[name])
            assert no.value.sentence.strip()


@pytest.mark.parametrize(
    ("verb", "state"),
    [("give", "handed_over"), ("open", "draft"), ("receive", "handed_over"), ("withdraw", "draft"), ("answer", "opened")],
)
def test_what_has_no_line_is_refused(verb: str, state: str) -> None:
    assert not rules.allows(verb, state, WHOLE)


def test_a_small_group_is_told_of_and_its_number_is_not_passed_on() -> None:
    assert rules.small(10, "preschool") == ""
    assert "9 barn. " in rules.small(9, "preschool") and "peka ut någon" in rules.small(9, "between_years")
    assert [rules.how_many(n, "preschool") for n in (1, 9, 10)] == ["färre än 10 barn", "färre än 10 barn", "10 barn"]
    assert [rules.how_many(n, "between_years") for n in (9, 10)] == ["färre än 10 elever", "10 elever"]


@pytest.mark.parametrize(
    ("cohort", "children", "field"),
    [("", 12, "cohort"), ("x" * 121, 12, "cohort"), ("4A", 0, "children"), ("4A", None, "children")],
)
def test_a_group_has_a_name_and_is_some(cohort: str, children: int | None, field: str) -> None:
    with pytest.raises(RuleBroken) as no:
        rules.check_group(cohort, children)
    assert field in no.value.problems


def test_a_warning_tells_under_which_heading_and_in_which_sentence() -> None:
    texts = {"work": "Vi har lekt. Eleven Alva trivs.", "language": "Lena Gran har läst högt. På Vågen talas det."}
    found = rules.warnings(texts, ["Lena Gran"], ["Vågen"])
    assert [(one.key, one.sentence) for one in found] == [
        ("work", "Eleven Alva trivs."),
        ("language", "Lena Gran har läst högt."),
    ]


@pytest.mark.parametrize(("day", "told"), [((3, 1), True), ((6, 30), True), ((2, 28), False), ((7, 1), False), ((11, 22), False)])
def test_units_are_reminded_in_spring(day: tuple[int, int], told: bool) -> None:
    assert rules.in_spring(date(2027, *day), shipped.spring()) is told
