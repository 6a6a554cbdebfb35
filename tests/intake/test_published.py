"""What the published figures of real municipalities must come out as."""

import json
import shutil
import tarfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from chain.intake import published
from chain.intake.rules import PUBLISHED, SKOLINSPEKTIONEN, SKOLVERKET, VALUE_TYPES, Reading
from tests.intake.samples import (
    GRADES,
    NACKA,
    NATIONAL,
    OTHER_EXPORT,
    REGISTER,
    SAMPLES,
    STATISTICS,
    UNIT_LIST,
    replaced,
    shown,
)

SKURU, EKLIDEN, SAMSKOLAN, MONTESSORI = "85321366", "47243834", "11777750", "34135484"
BJORKNAS, ALTA_RESURS, MUSIKKLASSER, MYRSJO = "75834458", "34672217", "53576482", "84884375"


@pytest.fixture(scope="module")
def nacka() -> Reading:
    return published.read(SAMPLES, "0182")


def test_nacka_has_39_units_of_which_38_are_open_and_16_independent(nacka: Reading) -> None:
    kinds = Counter((unit.status, unit.context) for unit in nacka.units)
    assert kinds == {("open", False): 22, ("open", True): 16, ("closed", False): 1}
    assert {unit.organiser_kind for unit in nacka.units if unit.context} == {"ENSKILD"}


def test_skuru_skola_is_closed_and_keeps_its_last_final_grades(nacka: Reading) -> None:
    [skuru] = [unit for unit in nacka.units if unit.status == "closed"]
    assert (skuru.code, skuru.name, skuru.organiser_kind) == (SKURU, "Skuru skola", "KOMMUN")
    assert shown(nacka, SKURU, "merit_rating") == {"2024/25": "218,6"}
    assert any(SKURU in problem.sentence and "nedlagd" in problem.sentence for problem in nacka.problems)


def test_nacka_has_13_993_pupils_in_years_1_to_9(nacka: Reading) -> None:
    pupils = [value for value in nacka.series if value.indicator_key == "pupils" and value.unit_code != "0182"]
    assert sum(value.value or 0 for value in pupils if value.year_group == "1-9") == 13_993
    assert sum(value.value or 0 for value in pupils if value.year_group != "1-9") == 13_993
    assert shown(nacka, MYRSJO, "pupils", year_group="1-9") == {"2025/26": "1 024"}


def test_nacka_has_97_preschools_with_local_ids_kept_apart(nacka: Reading) -> None:
    assert len(nacka.preschools) == len({unit.code for unit in nacka.preschools}) == 97
    assert all(unit.code.startswith("FS-") and unit.school_forms == ("FS",) for unit in nacka.preschools)
    assert not {unit.code for unit in nacka.preschools} & {unit.code for unit in nacka.units}
    assert {unit.organiser for unit in nacka.preschools if not unit.context} == {"Nacka kommun"}


def test_merit_rating_is_equal_in_json_and_csv_for_every_unit_that_has_both(nacka: Reading) -> None:
    answers = published.read(STATISTICS, "0182")
    assert answers.series == ()  # an answer names no municipality: alone it belongs to nobody
    only_json = published.read(NACKA, "0182")
    only_csv = published.read(GRADES, "0182")
    pairs = 0
    for unit in only_csv.units:
        mine = [v for v in only_json.series if v.key[:5] == (unit.code, "merit_rating", "", "9", "2024/25")]
        other = [v for v in only_csv.series if v.key[:5] == (unit.code, "merit_rating", "", "9", "2024/25")]
        pairs += len(mine)
        assert all(first.agrees(second) for first, second in zip(mine, other, strict=bool(mine)))
    assert pairs >= 15


def test_two_sources_of_the_same_figure_make_one_value_and_the_answer_of_skolverket_is_shown(nacka: Reading) -> None:
    assert len({value.key for value in nacka.series}) == len(nacka.series)
    [merit] = [value for value in nacka.series if value.key[:5] == (EKLIDEN, "merit_rating", "", "9", "2024/25")]
    assert merit.value == Decimal("265.7")
    assert merit.source_file == f"nacka/planned_educations_v4/statistics_gr/{EKLIDEN}.json"


def test_a_disagreement_is_told_and_the_answer_of_skolverket_wins(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "all")
    replaced(tmp_path / "all/national", GRADES, "88,7;96,2;265,7", "88,7;96,2;256,7")
    reading = published.read(tmp_path / "all", "0182")
    told = [problem.sentence for problem in reading.problems if problem.severity == "warning"]
    assert len(told) == 1
    assert "Eklidens skola, merit_rating 2024/25" in told[0] and "”265,7”" in told[0] and "”256,7”" in told[0]
    assert shown(reading, EKLIDEN, "merit_rating")["2024/25"] == "265,7"


def test_of_26_answers_12_have_merit_rating_for_five_years_3_for_one_or_two_and_11_say_why_not(nacka: Reading) -> None:
    answered = {path.stem for path in STATISTICS.iterdir()}
    years = Counter(
        value.unit_code
        for value in nacka.series
        if value.indicator_key == "merit_rating" and value.value is not None and value.unit_code in answered
    )
    assert len(answered) == 26
    assert sum(1 for count in years.values() if count == 5) == 12
    assert sum(1 for count in years.values() if count in (1, 2)) == 3
    why = {problem.value for problem in nacka.problems if problem.column == "merit_rating"}
    assert why == answered - years.keys() and len(why) == 11


def test_a_unit_that_only_the_register_knows_is_told_and_left_out(nacka: Reading) -> None:
    assert MUSIKKLASSER not in {unit.code for unit in nacka.units}
    assert any(problem.value == MUSIKKLASSER and problem.severity == "info" for problem in nacka.problems)


def test_school_forms_and_year_groups_come_from_the_register_and_else_from_the_list(nacka: Reading) -> None:
    units = {unit.code: unit for unit in nacka.units}
    assert units[SAMSKOLAN].school_forms == ("FKLASS", "GR")
    assert units[SAMSKOLAN].year_groups == tuple("0123456789")
    assert units["21346638"].year_groups == tuple("123456")  # Järla skola: no answer of the register
    assert units[SKURU].year_groups == ("9",)


def test_the_organiser_of_the_newest_list_is_believed(nacka: Reading) -> None:
    units = {unit.code: unit for unit in nacka.units}
    assert units[MONTESSORI].organiser == "AcadeMedia Grundskolor AB"  # Pysslingen in the grades of 2024/25
    assert units[EKLIDEN].organiser == "Nacka kommun"  # NACKA KOMMUN in the register


def test_every_measure_keeps_its_own_periods(nacka: Reading) -> None:
    assert max(shown(nacka, EKLIDEN, "qualified_teachers")) == "2025/26"
    assert max(shown(nacka, EKLIDEN, "merit_rating")) == "2024/25"
    assert shown(nacka, EKLIDEN, "safety_index") == {"2026": "8.0"}
    assert {value.period for value in nacka.series if value.unit_code.startswith("FS-")} == {"år ej angivet"}


def test_signs_are_never_numbers(nacka: Reading) -> None:
    signs = [value for value in nacka.series if value.shown in (".", "..", "~100", "*", "")]
    assert {value.shown for value in signs} == {".", "..", "~100", "*", ""}
    assert all(value.value is None and value.value_type != "EXISTS" for value in signs)
    assert all(value.value is not None for value in nacka.series if value.value_type == "EXISTS")


def test_a_dot_in_the_relation_is_a_certain_zero_only_where_the_others_make_100(nacka: Reading) -> None:
    relation = {(v.unit_code, v.subject, v.indicator_key): v for v in nacka.series if "national_test_" in v.indicator_key}
    maths = relation[BJORKNAS, "MA", "national_test_grade_lower"]  # .;89,0;11,0
    assert (maths.shown, maths.value, maths.value_type, maths.implied) == (".", None, "MISSING", 0)
    unknown = relation[SKURU, "SV", "national_test_grade_lower"]  # .;.;.;.
    assert (unknown.value, unknown.implied) == (None, None)
    english = relation[MONTESSORI, "EN", "national_test_grade_higher"]  # .;100,0;.
    assert english.implied == 0


def test_a_dot_for_a_year_group_is_a_certain_zero_where_the_others_make_the_total(nacka: Reading) -> None:
    groups = {v.year_group: v for v in nacka.series if (v.unit_code, v.indicator_key) == (EKLIDEN, "pupils")}
    assert (groups["1"].shown, groups["1"].value, groups["1"].implied) == (".", None, 0)
    assert groups["9"].value == 298


def test_the_rounded_number_of_pupils_is_an_indicator_of_its_own(nacka: Reading) -> None:
    assert shown(nacka, EKLIDEN, "pupils_rounded") == {"2025/26": "cirka 840"}
    assert shown(nacka, ALTA_RESURS, "pupils", year_group="1-9") == {"2025/26": "26"}
    assert shown(nacka, ALTA_RESURS, "pupils_rounded") == {"2025/26": "cirka 30"}


def test_the_response_rate_is_in_percent(nacka: Reading) -> None:
    rates = [v.value for v in nacka.series if (v.unit_code, v.indicator_key) == ("11496096", "survey_response_rate")]
    assert rates == [Decimal("79.7")]


def test_the_report_counts_what_was_read_and_why_values_are_missing(nacka: Reading) -> None:
    assert list(nacka.counts) == list(VALUE_TYPES)
    assert sum(nacka.counts.values()) == len(nacka.series)
    assert nacka.missing["merit_rating"] == {"OMITTED_DUE_TO_BASED_ON_FEW_PUPILS": 4}
    assert sum(sum(why.values()) for why in nacka.missing.values()) == len(nacka.series) - nacka.counts["EXISTS"]
    kinds = Counter(file.kind for file in nacka.files)
    assert (kinds["register"], kinds["final_grades"], kinds["unit_list"]) == (22, 2, 1)
    assert nacka.unrecognised == ("README.md",)


def test_the_same_content_gives_the_same_reading(nacka: Reading, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "copy")
    assert published.read(tmp_path / "copy", "0182") == nacka
    assert [value.key for value in nacka.series] == sorted(value.key for value in nacka.series)


@pytest.mark.parametrize(
    ("code", "units", "preschools", "pupils"), [("1440", 15, 29, 4_097), ("0885", 6, 9, 701), ("2518", 4, 7, 339)]
)
def test_another_municipality_is_read_from_the_national_files(code: str, units: int, preschools: int, pupils: int) -> None:
    reading = published.read(NATIONAL, code)
    total = sum(v.value or 0 for v in reading.series if (v.indicator_key, v.year_group) == ("pupils", "1-9"))
    assert (len(reading.units), len(reading.preschools), total) == (units, preschools, pupils)
    assert any(value.source_file.startswith("statistics_gr.tar.gz/") for value in reading.series)


def test_a_municipality_without_a_row_is_told() -> None:
    reading = published.read(NATIONAL, "9999")
    assert reading.fatal
    assert any("9999" in problem.sentence for problem in reading.problems)


def test_the_archive_gives_what_the_unpacked_answers_give(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "answers.tar.gz", "w:gz") as archive:
        archive.add(STATISTICS, "statistics_gr")
    (tmp_path / "list.csv").write_bytes(UNIT_LIST.read_bytes())
    packed = published.read(tmp_path, "0182")
    shutil.copytree(STATISTICS, tmp_path / "statistics_gr")
    (tmp_path / "answers.tar.gz").unlink()
    unpacked = published.read(tmp_path, "0182")
    bare = [[(*v.key, v.value, v.value_type, v.shown) for v in reading.series] for reading in (packed, unpacked)]
    assert bare[0] == bare[1]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    lines = [line.split(";") for line in OTHER_EXPORT.read_text("utf-8-sig").splitlines()]
    turned = [[cells[0], *reversed(cells[1:])] if len(cells) == 11 and cells[1] else cells for cells in lines]
    assert turned != lines
    (tmp_path / "turned.csv").write_text("\n".join(";".join(cells) for cells in turned), "utf-8")
    mine, real = published.read(tmp_path, "0182"), published.read(OTHER_EXPORT, "0182")
    assert mine.units == real.units
    assert [(v.key, v.value) for v in mine.series] == [(v.key, v.value) for v in real.series]


def test_without_a_unit_list_it_is_not_said_which_units_are_open() -> None:
    reading = published.read(GRADES, "0182")
    assert {unit.status for unit in reading.units} == {"unknown"}
    assert any("skolenhetslista" in problem.sentence for problem in reading.problems)


def test_the_register_alone_names_units() -> None:
    assert len(published.read(REGISTER, "0182").units) == 22


def test_a_unit_run_by_an_association_of_municipalities_is_context(tmp_path: Path) -> None:
    old = "Eklidens skola;47243834;Nacka;0182;Kommunal;Nacka kommun;2120000167"
    new = "Eklidens skola;47243834;Nacka;0182;Kommunal;Göteborgsregionens Kommunalförbund;2220000265"
    reading = published.read(replaced(tmp_path, UNIT_LIST, old, new), "0182")
    [unit] = [unit for unit in reading.units if unit.code == EKLIDEN]
    assert (unit.organiser_kind, unit.context) == ("KOMMFORB", True)


def test_a_lost_leading_zero_of_the_municipality_is_read(tmp_path: Path) -> None:
    reading = published.read(replaced(tmp_path, UNIT_LIST, ";0182;", ";182;"), "0182")
    assert len(reading.units) == 38


def test_every_indicator_that_is_read_stands_in_the_catalogue_with_its_source(nacka: Reading) -> None:
    sources = {row[0]: row[5] for row in PUBLISHED}
    assert len(sources) == len(PUBLISHED)
    assert {value.indicator_key for value in nacka.series} == sources.keys()
    assert all(value.source == sources[value.indicator_key] for value in nacka.series)
    assert set(sources.values()) == {SKOLVERKET, SKOLINSPEKTIONEN}
    assert {row[4] for row in PUBLISHED} == {"higher", "lower", "none"}


def test_a_bare_answer_is_read_as_well_as_a_saved_one(tmp_path: Path) -> None:
    saved = json.loads((STATISTICS / f"{EKLIDEN}.json").read_text("utf-8"))
    (tmp_path / "list.csv").write_bytes(UNIT_LIST.read_bytes())
    (tmp_path / "bare.json").write_text(json.dumps(saved["json"]), "utf-8")
    assert len(shown(published.read(tmp_path, "0182"), EKLIDEN, "merit_rating")) == 5
