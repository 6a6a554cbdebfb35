"""The shipped indicators, scales and subjects: whole, defined with n, and refused with a sentence when broken."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from chain.cycle.shipped import ShippedError, school_forms
from chain.result import shipped


def test_every_indicator_says_its_n_in_both_languages():
    for indicator in shipped.indicators():
        entered = indicator.kind != "published"
        for locale in ("sv", "en"):
            words = indicator.words(locale)
            assert words.name and words.definition
            assert not entered or (" n " in f" {words.definition} " and "N " in words.definition), indicator.key


def test_indicators_keep_to_known_forms_year_groups_and_subjects():
    forms = {form.code: {group.key for group in form.year_groups} for form in school_forms()}
    codes = {subject.code for subject in shipped.subjects()}
    for indicator in shipped.indicators():
        groups = set().union(*(forms[code] for code in indicator.school_forms)) if indicator.school_forms else set()
        assert set(indicator.year_groups) <= groups | {"*"}, indicator.key
        assert set(indicator.subjects) <= codes | {"*"}, indicator.key


def test_preschool_has_no_results_of_children():
    own = [one for one in shipped.indicators() if "FS" in one.school_forms and one.kind != "published"]
    assert {one.key for one in own} == {
        "staff_degree", "group_size", "children_per_post", "self_rating", "guardian_survey", "grants",
    }  # fmt: skip


def test_years_one_to_three_speak_of_acceptable_knowledge():
    one = next(one for one in shipped.indicators() if one.key == "at_least_e")
    assert one.words("sv", "2").name == "Godtagbara kunskaper"
    assert one.words("sv", "6").phrase == "nådde minst E"


def test_the_points_of_the_grades():
    scale = next(scale for scale in shipped.scales() if scale.key == "af_2011")
    assert [(step.symbol, step.points) for step in scale.steps][1:] == [
        ("B", Decimal("17.5")),
        ("C", Decimal("15")),
        ("D", Decimal("12.5")),
        ("E", Decimal("10")),
        ("F", Decimal("0")),
        ("–", None),
    ]
    assert [step.meaning for step in scale.steps] == ["pass"] * 5 + ["fail", "none"]


def test_a_pupil_in_year_two_reads_few_subjects_and_in_year_nine_all():
    subjects = shipped.subjects()
    second = [subject.code for subject in subjects if subject.taught_in("GR", "2") and not subject.named]
    assert second == ["EN", "MA", "SV", "SVA"]
    assert {"KE", "M2", "SL"} <= {subject.code for subject in subjects if subject.taught_in("GR", "9")}


def test_a_year_stores_an_indicator_and_reads_it_back():
    for indicator in shipped.indicators():
        assert shipped.indicator_from(json.loads(json.dumps(shipped.facts(indicator)))) == indicator
    for scale in shipped.scales():
        assert shipped.scale_from(json.loads(json.dumps(shipped.facts(scale)))) == scale


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("indicators.toml", 'scale = "af_2011"', 'scale = "af_2028"', "indicator grades: scale is 'af_2028'"),
        ("indicators.toml", 'derived_from = "grades"', 'derived_from = "marks"', "indicator at_least_e: derived_from"),
        ("indicators.toml", 'direction = "higher"', 'direction = "up"', "indicator at_least_e: direction is 'up'"),
        ("indicators.toml", 'first_valid = "2024/25"', 'first_valid = "2024"', "first_valid is '2024'"),
        ("indicators.toml", "ask_below = 50", "ask_below = 50\ndecimals = 1", "decimals does not belong to the kind share."),
        ("indicators.toml", 'mean = "merit_rating"', 'mean = "merits"', "proposed_from names 'merits'"),
        ("indicators.toml", "least = 0\nmost = 340", "least = 0", "indicator merit: most is missing"),
        ("indicators.toml", 'entry_level = "unit"', 'entry_level = "school"', "entry_level is 'school'"),
        ("indicators.toml", 'reached = "Minst E"', "", "indicator at_least_e.sv: reached is missing."),
        ("grade_scales.toml", 'points = "17.5"', 'points = "17,5"', "step B: points is '17,5'"),
        ("grade_scales.toml", 'meaning = "pass"', 'meaning = "good"', "step A: meaning is 'good'"),
        ("subjects.toml", '"SV", "SVA"', '"SV", "SVX"', "list GR: subjects holds 'SVX'"),
        ("subjects.toml", 'code = "EN"', 'code = "E|N"', "subject E|N: code may not hold"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path, name: str, old: str, new: str, said: str):
    folder = Path(shutil.copytree(shipped.DATA, tmp_path / "data"))
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ShippedError) as refused:
        shipped.indicators(folder)
        shipped.subjects(folder)
    assert said in str(refused.value) and name in str(refused.value)
