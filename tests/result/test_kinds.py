"""Means, counts and what follows from distributions: read and added up exactly, and worked by hand from the field's rules."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.followup.sheets import sheets
from chain.result import grid_rules, reasons, rules, shipped
from chain.result.rules import Figure

INDICATORS, SCALES, SUBJECTS = shipped.indicators(), shipped.scales(), shipped.subjects()
BY_KEY = {one.key: one for one in INDICATORS}


def table(key: str, form: str = "GR", group: str = "", number: int = 4) -> rules.Table:
    names = {group: f"åk {group}"} if group else {}
    found = grid_rules.grid(INDICATORS, SCALES, SUBJECTS, form, names, number, {})
    return next(one for one in found if one.indicator == key)


def typed(where: rules.Table, *texts: str, row: int = 0) -> dict[str, str]:
    return dict(zip(where.rows[row].cells, texts, strict=True))


def one(where: rules.Table, *texts: str) -> Figure:
    figures, wrong = grid_rules.read(where, typed(where, *texts))
    assert not wrong
    return figures[0]


def wrong(where: rules.Table, *texts: str) -> str:
    figures, errors = grid_rules.read(where, typed(where, *texts))
    assert figures == [] and len(errors) == 1
    return next(iter(errors.values()))


MERIT, SURVEY = table("merit", group="9"), table("school_survey", group="8", number=3)
ABSENCE, POSTS, GRANTS = table("absence"), table("children_per_post", "FS", number=1), table("grants")
DEVIATION, GRADES = table("test_and_grade", group="9"), table("grades", group="9")


# Reading


def test_a_mean_is_kept_as_its_n_and_what_it_adds_up_to() -> None:
    assert [column.key for column in MERIT.columns] == ["enrolled", "assessed", "mean"]
    figure = one(MERIT, "59", "58", "228,7")
    assert (figure.enrolled, figure.n, figure.k, figure.total) == (59, 58, 0, 132646)  # tenths of a point
    assert MERIT.measure.mean(figure.n, figure.total) == Fraction(2287, 10)


def test_a_total_is_kept_as_it_is_and_said_the_other_way_round_where_children_are_what_is_counted() -> None:
    figure = one(POSTS, "57", "10,4")
    assert (figure.enrolled, figure.n, figure.total) == (57, 57, 104)
    assert POSTS.measure.mean(figure.n, figure.total) == Fraction(570, 104)
    groups = table("group_size", "FS", number=1)
    assert groups.measure.mean(4, one(groups, "4", "57").total) == Fraction(57, 4)


def test_a_count_is_a_total_alone() -> None:
    assert [column.key for column in GRANTS.columns] == ["total"]
    figure = one(GRANTS, "1 250 000")
    assert (figure.enrolled, figure.n, figure.k, figure.total) == (0, 0, 0, 1_250_000)
    assert GRANTS.rows[0].name == "Nyanlända elever"


def test_hours_are_hours_of_hours_and_no_part_of_the_pupils() -> None:
    figure = one(ABSENCE, "412", "181 280", "12 690")
    assert (figure.enrolled, figure.n, figure.k) == (412, 181280, 12690)
    assert "kan inte vara fler än" in wrong(ABSENCE, "412", "100", "101")


def test_nobody_assessed_yet_is_an_answer_without_a_mean() -> None:
    assert one(MERIT, "59", "0", "").n == 0
    assert wrong(MERIT, "59", "0", "200") == "Meritvärde åk 9: ingen har räknats, så här ska det vara tomt."


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("59", "58", "341"), "Meritvärde åk 9: 341 är för stort: högst 340."),
        (("59", "58", "228,75"), "Meritvärde åk 9: 228,75 har fler decimaler än 1. Avrunda."),
        (("59", "58", "-1"), "Meritvärde åk 9: -1 är mindre än 0."),
        (("59", "58", "..",), "Meritvärde åk 9: ”..” är inget tal. Skriv decimaler med komma, till exempel 17,5."),
        (("59", "60", "200"), "Meritvärde åk 9: Med betyg (60) kan inte vara fler än Elever (59)."),
        (("59", "58", ""), "Meritvärde åk 9: fyll i Meritvärde också, eller töm raden."),
    ],
)  # fmt: skip
def test_what_is_no_mean_gets_a_sentence(texts: tuple[str, ...], said: str) -> None:
    assert wrong(MERIT, *texts) == said


@given(st.integers(0, 3400), st.integers(1, 9999))
def test_a_mean_that_was_typed_comes_back_to_its_last_decimal(tenths: int, n: int) -> None:
    figure = one(MERIT, str(n), str(n), str(Decimal(tenths).scaleb(-1)).replace(".", ","))
    assert MERIT.measure.mean(n, figure.total) == Fraction(tenths, 10)


def test_rows_that_are_no_subjects_are_asked_for_by_name_alone() -> None:
    assert {row.subject[:3] for row in SURVEY.rows} == {"SE-"}
    assert not {row.subject for row in table("grades", group="8").rows} & {row.subject for row in SURVEY.rows}


# What is shown while it is filled in


def shown(where: rules.Table, raw: Mapping[str, str]) -> Any:
    return sheets([where], raw)[0]


def test_who_is_not_assessed_is_always_said() -> None:
    sheet = shown(MERIT, typed(MERIT, "59", "58", "228,7"))
    assert (MERIT.rest, sheet.rows[0].rest, sheet.rows[0].share) == ("Utan betyg", "1", "228,7")
    assert shown(GRADES, typed(GRADES, "12", *"2", *"000", *"5", *"3", *"2")).rows[0].rest == "0"
    assert (table("completed", "VUXSFI").rest, ABSENCE.rest, GRANTS.rest) == ("Fortsätter", "", "")


def test_a_mean_of_several_rows_weighs_by_n_and_a_column_of_means_has_no_sum() -> None:
    raw = typed(SURVEY, "60", "50", "8,0") | typed(SURVEY, "60", "10", "5,0", row=1)
    sheet = shown(SURVEY, raw)
    assert (sheet.sums, sheet.share, sheet.head) == (("120", "60", ""), "7,5", "Medelvärde")
    assert shown(GRANTS, typed(GRANTS, "10 000") | typed(GRANTS, "5", row=1)).sums == ("10\u00a0005",)


# The algebra, and answers worked by hand


def test_the_grade_points_of_a_distribution_leave_the_dash_out() -> None:
    """2 A, 10 C, 6 E, 5 F and a dash: (2 · 20 + 10 · 15 + 6 · 10 + 0) / 23 = 250 / 23 = 10.87; with the dash as 0: 10.42."""
    sheet = shown(GRADES, typed(GRADES, "26", "2", "0", "10", "0", "6", "5", "1"))
    assert sheet.rows[0].share == "18 av 24, 75 %; 10,9 poäng"


@pytest.mark.parametrize(("form", "group"), [("GR", "9"), ("GY", "gy11"), ("GY", "gy25-1")])
def test_grade_points_are_those_of_the_ordinance_in_every_form(form: str, group: str) -> None:
    """One of each of A–F and a dash: (20 + 17,5 + 15 + 12,5 + 10 + 0) / 6 = 75 / 6 = 12,5 points; five of seven reach E.
    Source of the points: gymnasieförordningen 4 kap. and 7 kap. 4 §, as kramfors.se prints them (domain.md §3.2)."""
    here = table("grades", form, group)
    assert shown(here, typed(here, "7", *"1111111")).rows[0].share == "5 av 7, 71 %; 12,5 poäng"


def test_a_merit_rating_is_of_sixteen_subjects_and_a_seventeenth_language() -> None:
    """A in 16 subjects is 16 · 20 = 320, with a modern language as the 17th 17 · 20 = 340, and more there is not: the two pupils'
    mean is 330,0. C in 16 and E in the language: 16 · 15 + 10 = 250. Source: gymnasieförordningen 7 kap. 4 § (domain.md §3.3)."""
    points = {step.key: step.points for scale in SCALES if scale.key == "af_2011" for step in scale.steps}
    assert (16 * (points["A"] or 0), 17 * (points["A"] or 0), 16 * (points["C"] or 0) + (points["E"] or 0)) == (320, 340, 250)
    both = rules.add([one(MERIT, "1", "1", "320"), one(MERIT, "1", "1", "340")])[0]
    assert MERIT.measure.mean(both.n, both.total) == 330 and MERIT.measure.most == 340
    assert wrong(MERIT, "1", "1", "340,1") == "Meritvärde åk 9: 340,1 är för stort: högst 340."


def test_the_merit_rating_of_two_schools_is_that_of_their_pupils() -> None:
    """58 · 228.7 + 40 · 201.4 = 13 264.6 + 8 056.0 = 21 320.6; by 98 pupils: 217.6. The mean of the means would be 215.1."""
    both = rules.add([one(MERIT, "59", "58", "228,7"), one(MERIT, "40", "40", "201,4")])[0]
    assert (both.enrolled, both.n, both.total) == (99, 98, 213206)
    mean = MERIT.measure.mean(both.n, both.total)
    assert mean == Fraction(213206, 980) and round(float(mean), 1) == 217.6


def test_a_net_deviation_is_the_share_higher_less_the_share_lower() -> None:
    """Riksrevisionen 2022:22, domain.md §3.3: the share with a higher grade than test less the share with a lower.
    Of 48 with both, 2 lower and 9 higher: 9/48 − 2/48 = 18.75 % − 4.17 % = +14.6 %. One alone lower of 13: −7.7 %."""
    assert shown(DEVIATION, typed(DEVIATION, "50", "2", "37", "9")).rows[0].share == "+15 %"
    assert shown(DEVIATION, typed(DEVIATION, "13", "1", "12", "")).rows[0].share == "−8 %"
    assert shown(DEVIATION, typed(DEVIATION, "13", "1", "11", "1")).rows[0].share == "0 %"


def test_eligibility_is_of_those_with_a_grade() -> None:
    """49 of the 58 with a grade in at least one subject are eligible: 84 %. Of all 59 it would be 83 %.
    Which subjects give it, from pupils' own grades (skollagen 16 kap. 30–31 §§): tests/intake/test_scb.py."""
    vocational = table("vocational", group="9")
    figure = one(vocational, "59", "58", "49")
    assert rules.share(figure.k, figure.n) == Fraction(49, 58)
    assert (
        "minst fem ämnen till" in vocational.definition
        and "minst nio ämnen till" in table("higher_education", group="9").definition
    )


many = st.lists(st.builds(replace, st.just(one(MERIT, "1", "1", "1")), n=st.integers(0, 400), total=st.integers(0, 10**12)))


@given(many, many)
def test_totals_add_up_exactly_in_any_order(a: list[Figure], b: list[Figure]) -> None:
    assert rules.add(a + b) == rules.add(rules.add(b) + rules.add(a))
    assert sum(figure.total for figure in rules.add(a + b)) == sum(figure.total for figure in a + b)


def test_each_year_reads_its_grades_on_its_own_scale() -> None:
    steps = [rules.Step(str(step), "", Decimal(step), "pass" if step > 3 else "fail", "", "") for step in range(1, 11)]
    ten = replace(next(scale for scale in SCALES if scale.key == "af_2011"), key="ten_2028", steps=tuple(steps))
    later = grid_rules.grid([replace(BY_KEY["grades"], scale="ten_2028")], [ten], SUBJECTS, "GR", {"9": "åk 9"}, 4, {})[0]
    raw = typed(later, "30", "", "", "", "10", "10", "10", "", "", "", "")
    assert shown(later, raw).rows[0].share == "5,0"
    now, _wrong = grid_rules.read(later, raw)
    before, _wrong = grid_rules.read(GRADES, typed(GRADES, "30", "30", "", "", "", "", "", ""))
    assert reasons.reasons(later, now, before) == {}  # another scale: not the same measurement


# When they ask why


def asked(where: rules.Table, now: tuple[str, ...], before: tuple[str, ...]) -> str:
    figures, then = (grid_rules.read(where, typed(where, *texts))[0] for texts in (now, before))
    return next(iter(reasons.reasons(where, figures, then, "förra året").values()), "")


def test_a_mean_asks_why_only_beyond_what_any_spread_between_its_ends_would_give() -> None:
    """Around 6.5 of 0–10 no variance is above 6.5 · 3.5 = 22.75: with 60 and 60, 3.09 standard errors are 2.69 at most."""
    assert asked(SURVEY, ("60", "60", "5,1"), ("60", "60", "7,9")) == (
        "Stimulans åk 8: 5,1 (60), förra året 7,9 (60). Skillnaden är större än slumpen brukar ge: beskriv varför."
    )
    assert asked(SURVEY, ("60", "60", "5,2"), ("60", "60", "7,8")) == ""
    assert asked(SURVEY, ("9", "9", "0"), ("60", "60", "10")) == ""  # a small group is never asked


def test_a_distribution_without_a_share_asks_by_the_mean_of_its_points() -> None:
    assert "−" in asked(DEVIATION, ("60", "30", "28", "2"), ("60", "2", "50", "8"))
    assert asked(DEVIATION, ("60", "4", "48", "8"), ("60", "2", "50", "8")) == ""


def test_what_has_no_variance_is_not_asked() -> None:
    assert asked(GRANTS, ("900000",), ("10",)) == ""
    assert asked(ABSENCE, ("400", "100000", "50000"), ("400", "100000", "5000")) == ""
    assert asked(POSTS, ("57", "20,0"), ("57", "4,0")) == ""
