"""The shipped levels, forms and templates: whole in both languages, and refused with a sentence when broken."""

import shutil
from pathlib import Path

import pytest

from chain.cycle import shipped

EVERY_ROUND = {"results", "analysis", "outcomes", "measures", "example", "support_needed", "participation"}
MORE = {
    1: {"survey_followup", "measures_year"},
    2: {"safety"},
    3: {"evaluation_plan", "survey"},
    4: {"tests_and_grades", "measures_new_year", "grants_use"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped files, to be changed."""
    return Path(shutil.copytree(shipped.DATA, tmp_path / "data"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_levels_come_from_the_top():
    keys = [level.key for level in shipped.levels()]
    assert keys == ["municipality", "committee", "administration", "area", "unit", "group"]


def test_who_writes_submits_and_accepts():
    levels = {level.key: level for level in shipped.levels()}
    unit, administration = levels["unit"], levels["administration"]
    assert (unit.writes, unit.submits, unit.accepts) == (
        ("principal", "deputy"),
        ("principal",),
        ("area_head", "director"),
    )
    assert administration.accepts == ()  # nobody: its page for the committee is registered by the secretary
    assert [level.key for level in levels.values() if level.collects_figures] == ["unit"]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_school_is_asked_what_the_round_is_about(number: int):
    asked = {question.key for question in shipped.template("unit.toml").asked(number, ["GR"])}
    assert asked == EVERY_ROUND | MORE[number]


def test_a_preschool_is_not_asked_about_tests_and_grades():
    unit = shipped.template("unit.toml")
    assert "tests_and_grades" not in {question.key for question in unit.asked(4, ["FS", "FTH"])}
    assert "analysis" in {question.key for question in unit.asked(4, ["FS", "FTH"])}


def test_a_group_answers_at_most_three_questions():
    assert all(len(shipped.template("group.toml").asked(number)) <= 3 for number in shipped.ROUNDS)


def test_the_administration_writes_the_committees_five_sentences():
    first = shipped.template("administration.toml").questions[:5]
    assert [question.key for question in first] == ["where_we_are", "stands_out", "units_see", "we_do", "we_ask"]
    assert {(question.kind, question.max_length) for question in first} == {("text", 400)}
    assert all(len(question.words(locale).example) <= 400 for question in first for locale in ("sv", "en"))


def test_every_question_has_its_words_in_both_languages():
    for template in shipped.templates().values():
        for question in template.questions:
            swedish, english = question.words("sv"), question.words("en")
            assert swedish.title != english.title and bool(swedish.example) == bool(english.example), question.key


def test_measures_have_a_horizon_and_a_year_can_store_it():
    stored = {question.key: question.extra() for question in shipped.template("unit.toml").questions}
    assert stored["measures"] == {"horizon": "quarter"}
    assert stored["measures_new_year"] == {"horizon": "new_year"}
    assert stored["analysis"] == {}


def test_no_grades_in_years_one_to_three_and_assessment_in_four_and_five():
    bases = shipped.template("unit.toml").bases
    january = shipped.basis_of(bases, 2, "GR", ["3", "5", "6", "9"])
    assert january == {"3": "assessment", "5": "assessment", "6": "term_grade", "9": "term_grade"}
    assert shipped.basis_of(bases, 4, "GR", ["8", "9"]) == {"8": "term_grade", "9": "final_grade"}
    assert shipped.basis_of(bases, 1, "GR", ["6"]) == {"6": "forecast", "": "forecast"}


def test_a_school_form_answers_to_its_older_codes():
    forms = {form.code: form for form in shipped.school_forms()}
    assert "SFI" in forms["VUXSFI"].aliases and forms["VUXSFI"].part_of == "VUX"
    assert forms["GR"].labels("sv", ["6", "7"]) == {"6": "åk 6", "7": "åk 7"}


def test_a_further_level_is_data_alone(folder: Path):
    level = """
        [[level]]
        key = "team"
        sv = "Ämneslag"
        en = "Subject team"
        rank = 60
        answers = true
        template = "team.toml"
        writes = ["staff"]
        submits = ["staff"]
        accepts = ["first_teacher"]
        read_up_to = "group"
    """
    with (folder / "levels.toml").open("a", encoding="utf-8") as file:
        file.write(level)
    shutil.copy(folder / "templates/group.toml", folder / "templates/team.toml")
    assert shipped.levels(folder)[-1].name("sv") == "Ämneslag"
    assert len(shipped.templates(folder)["team"].asked(1)) == 3


def test_a_choice_has_its_options(folder: Path):
    question = """
        [[question]]
        key = "share"
        kind = "choice"
        rounds = [1]
        required = false
        sv = { title = "Dela", ask = "Får fler läsa?" }
        en = { title = "Share", ask = "May more people read it?" }
        options = [
            { key = "yes", sv = "Ja", en = "Yes" },
            { key = "no", sv = "Nej", en = "No" },
        ]
    """
    with (folder / "templates/group.toml").open("a", encoding="utf-8") as file:
        file.write(question)
    asked = shipped.template("group.toml", folder).asked(1)[-1]
    assert [option.name("en") for option in asked.options] == ["Yes", "No"]
    assert asked.extra()["options"][0] == {"key": "yes", "sv": "Ja", "en": "Yes"}


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("levels.toml", '"principal"', '"principle"', "levels.toml, level unit: writes holds 'principle'"),
        ("levels.toml", "rank = 50", 'rank = "last"', "level group: rank should be of the kind int"),
        ("levels.toml", "rank = 50", "rank = 40", "rank 40 stands there twice"),
        ("levels.toml", 'read_up_to = "unit"', 'read_up_to = "class"', "level group: read_up_to should name a level"),
        ("levels.toml", "optional = true", "optionnal = true", "level area: optionnal is not a key"),
        ("templates/unit.toml", 'kind = "analysis"', 'kind = "essay"', "question analysis: kind is 'essay'"),
        ("templates/unit.toml", 'horizon = "quarter"', "", "question measures: horizon is missing."),
        ("templates/unit.toml", "rounds = [4]", "rounds = [5]", "question tests_and_grades: rounds is [5]"),
        ("templates/unit.toml", 'title = "Analys av orsaker"', "", "question analysis.sv: title is missing."),
        ("templates/unit.toml", 'key = "analysis"', 'key = "results"', "results stands there twice"),
        ("templates/unit.toml", 'basis = "forecast"', 'basis = "guess"', "basis 1: basis is 'guess'"),
        ("templates/group.toml", "required = true", "required", "templates/group.toml cannot be read"),
        ("school_forms.toml", 'en = "Preschool"', 'en = ""', "school_form FS: en is empty."),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(folder: Path, name: str, old: str, new: str, said: str):
    change(folder, name, old, new)
    with pytest.raises(shipped.ShippedError) as refused:
        shipped.templates(folder)
        shipped.school_forms(folder)
    assert said in str(refused.value) and name in str(refused.value)


def test_a_missing_file_is_named(folder: Path):
    (folder / "templates/area.toml").unlink()
    with pytest.raises(shipped.ShippedError, match=r"templates/area\.toml is missing"):
        shipped.templates(folder)
