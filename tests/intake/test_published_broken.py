"""A cut, wrong or hostile file changes nothing, and the sentence says where and what to do."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from chain.intake import answers, published
from tests.intake.samples import (
    ARCHIVE,
    GRADES,
    NATIONAL,
    OTHER_EXPORT,
    PRESCHOOLS,
    REGISTER,
    RELATION,
    STATISTICS,
    SURVEY,
    UNIT_LIST,
    changed,
    refused,
    replaced,
)

ANSWER = STATISTICS / "47243834.json"
TABLES = (UNIT_LIST, GRADES, OTHER_EXPORT, RELATION, SURVEY, PRESCHOOLS)


@pytest.mark.parametrize("source", [ANSWER, REGISTER / "47243834.json"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_cut_answer_is_refused_with_its_row(tmp_path: Path, source: Path, share: float) -> None:
    copy = changed(tmp_path, source, lambda data: data.rstrip()[: int(len(data.rstrip()) * share)])
    [problem] = refused(copy)
    assert problem.file == "47243834.json" and problem.row and "avkortad" in problem.sentence


@pytest.mark.parametrize("source", TABLES, ids=lambda path: path.name[:20])
def test_a_table_cut_in_the_middle_of_a_row_is_refused_with_its_row(tmp_path: Path, source: Path) -> None:
    rows = source.read_bytes().splitlines(keepends=True)
    middle = next(n for n in range(len(rows) // 3, len(rows)) if rows[n].count(b";") + rows[n].count(b",") > 4)
    copy = changed(tmp_path, source, lambda _: b"".join(rows[:middle]) + rows[middle][:14])
    problems = refused(copy)
    assert middle + 1 in {problem.row for problem in problems}
    assert all(copy.name in problem.sentence and "Hämta" in problem.sentence for problem in problems)


def test_a_unit_list_cut_between_two_rows_is_refused_so_that_no_school_is_closed_by_it(tmp_path: Path) -> None:
    copy = changed(tmp_path, UNIT_LIST, lambda data: b"\n".join(data.split(b"\n")[:30]) + b"\n")
    [problem] = refused(copy)
    assert "nedlagda" in problem.sentence and problem.row == 30


def test_final_grades_that_stop_in_the_own_municipality_are_warned_of(tmp_path: Path) -> None:
    rows = GRADES.read_bytes().split(b"\r\n")
    last = max(number for number, row in enumerate(rows) if b";0182;" in row)
    reading = published.read(changed(tmp_path, GRADES, lambda _: b"\r\n".join(rows[:last])), "0182")
    assert not reading.fatal
    assert any("jämför sista raden" in problem.sentence for problem in reading.problems)


def test_national_final_grades_that_stop_before_the_last_letter_are_refused(tmp_path: Path) -> None:
    head, row = GRADES.read_text("utf-8-sig").split("Ahlafors", 1)
    rest = row.split("\n", 1)[0].rstrip()
    rows = [f"Skola {n};{10_000_000 + n};Ort {n:03};0182" + rest[rest.index("1440") + 4 :] for n in range(60)]
    (tmp_path / "grades.csv").write_text(head + "\n".join(rows), "utf-8")
    assert any("slutar på Ö" in problem.sentence for problem in refused(tmp_path))


@pytest.mark.parametrize("source", [RELATION, SURVEY])
def test_a_table_that_always_ends_with_a_newline_is_refused_without_one(tmp_path: Path, source: Path) -> None:
    copy = changed(tmp_path, source, lambda data: data.rstrip(b"\r\n"))
    assert any("radslut" in problem.sentence for problem in refused(copy))


def test_a_relation_cut_between_two_rows_is_told_by_the_final_grades(tmp_path: Path) -> None:
    changed(tmp_path, GRADES, lambda data: data)
    changed(tmp_path, RELATION, lambda data: b"\n".join(data.split(b"\n")[:13]) + b"\n")
    reading = published.read(tmp_path, "0182")
    told = [problem.sentence for problem in reading.problems if "meritvärde 2024/25 men saknas" in problem.sentence]
    assert [sentence.split(" har ")[0] for sentence in told] == ["Saltsjöbadens samskola", "Stavsborgsskolan", "Skuru skola"]


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    copy = changed(tmp_path, SURVEY, lambda data: data.split(b"\n")[0] + b"\n")
    assert "inga rader" in refused(copy)[0].sentence


def test_preschools_cut_between_two_rows_are_refused(tmp_path: Path) -> None:
    copy = changed(tmp_path, PRESCHOOLS, lambda data: b"\n".join(data.split(b"\n")[:60]) + b"\n")
    assert any("id-ordning" in problem.sentence for problem in refused(copy))


def test_a_cut_in_the_middle_of_a_letter_is_refused(tmp_path: Path) -> None:
    copy = changed(tmp_path, UNIT_LIST, lambda data: data[: data.rindex("ö".encode()) + 1])
    [problem] = refused(copy)
    assert "mitt i ett tecken" in problem.sentence and problem.row


def test_a_file_in_an_old_encoding_is_refused(tmp_path: Path) -> None:
    copy = changed(tmp_path, GRADES, lambda data: data.decode("utf-8-sig").encode("cp1252"))
    assert "UTF-8" in refused(copy)[0].sentence


@pytest.mark.parametrize(
    ("source", "old", "new", "column"),
    [
        (UNIT_LIST, "Elever, årskurs 9;", "Elever i nian;", "Elever, årskurs 9"),
        (UNIT_LIST, "Kommun-kod", "Kommun", "Kommun-kod"),
        (GRADES, "Genomsnittligt meritvärde (17 ämnen)", "Meritvärde", "Genomsnittligt meritvärde (17 ämnen)"),
        (SURVEY, "trygghet", "safety", "trygghet"),
        (PRESCHOOLS, "Kommunkod", "Kod", "Kommunkod"),
    ],
)
def test_a_wrong_header_is_refused_with_the_column(tmp_path: Path, source: Path, old: str, new: str, column: str) -> None:
    problems = refused(replaced(tmp_path, source, old, new))
    assert [problem.column for problem in problems] == [column]
    assert column in problems[0].sentence and problems[0].row


def test_a_report_without_its_header_is_refused(tmp_path: Path) -> None:
    copy = replaced(tmp_path, UNIT_LIST, "Skola;Skol-enhetskod", "Namn;Skol-enhetskod")
    assert "rubrikraden" in refused(copy)[0].sentence


def test_a_report_without_its_school_year_is_refused(tmp_path: Path) -> None:
    assert "Valt läsår" in refused(replaced(tmp_path, UNIT_LIST, "Valt läsår: 2025/26", ""))[0].sentence


def test_the_relation_needs_its_school_year_in_its_name(tmp_path: Path) -> None:
    copy = changed(tmp_path, RELATION, lambda data: data, "relation.csv")
    assert "2024_25" in refused(copy)[0].sentence


@pytest.mark.parametrize(
    ("source", "old", "new", "column"),
    [
        (GRADES, ";265,7", ";265.7", "Genomsnittligt meritvärde (17 ämnen)"),
        (GRADES, ";265,7", ";många", "Genomsnittligt meritvärde (17 ämnen)"),
        (GRADES, ";47243834;", ";4,72E+07;", "Skol-enhetskod"),
        (UNIT_LIST, ";840;52,1", ";84O;52,1", "Elever, årskurs 1-9"),
        (UNIT_LIST, "0182;Kommunal", "0182;Privat", "Typ av huvudman"),
        (SURVEY, ";2026;8.3", ";202;8.3", "year"),
        (SURVEY, ";8.3;", ";-8.3;", "trygghet"),
        (RELATION, ";271;8,1", ";271;8,1%", "9"),
        (PRESCHOOLS, ",434439,", ",,", "skolverkets_id"),
    ],
)
def test_a_wrong_cell_is_refused_with_row_column_and_value(tmp_path: Path, source: Path, old: str, new: str, column: str) -> None:
    problem = refused(replaced(tmp_path, source, old, new))[0]
    line = next(n for n, row in enumerate(source.read_text("utf-8-sig").splitlines(), 1) if old in row)
    assert (problem.row, problem.column) == (line, column)
    assert problem.value in problem.sentence and str(line) in problem.sentence


def test_a_unit_that_stands_twice_is_refused(tmp_path: Path) -> None:
    copy = replaced(tmp_path, GRADES, ";84884375;", ";47243834;")
    assert any("tidigare rad" in problem.sentence for problem in refused(copy))


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    copy = replaced(tmp_path, UNIT_LIST, "Eklidens skola;", '"Eklidens skola;')
    assert any("citattecken" in problem.sentence for problem in refused(copy))


@pytest.mark.parametrize("name", ["bild.csv", "svar.json"])
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfeS\0k\0"])
def test_an_empty_or_binary_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path)[0].file == name


def test_one_bad_file_among_good_ones_refuses_the_whole_reading(tmp_path: Path) -> None:
    changed(tmp_path, UNIT_LIST, lambda data: data)
    changed(tmp_path, ANSWER, lambda data: data[:400])
    assert len(refused(tmp_path)) == 1


def test_an_unknown_file_is_listed_with_a_sentence_and_does_not_stop_the_others(tmp_path: Path) -> None:
    changed(tmp_path, UNIT_LIST, lambda data: data)
    (tmp_path / "anteckningar.txt").write_text("Att göra", "utf-8")
    (tmp_path / "priser.csv").write_text("vara;pris\nkrita;10\n", "utf-8")
    (tmp_path / "logga.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "svar.json").write_text('{"hej": 1}', "utf-8")
    reading = published.read(tmp_path, "0182")
    assert not reading.fatal and len(reading.units) == 38
    assert reading.unrecognised == ("anteckningar.txt", "logga.png", "priser.csv", "svar.json")
    assert {p.file for p in reading.problems if "känns inte igen" in p.sentence} == set(reading.unrecognised)


def test_a_path_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    assert "känner igen" in refused(tmp_path)[0].sentence
    assert "finns inte" in refused(tmp_path / "saknas")[0].sentence


@pytest.mark.parametrize("code", ["182", "Nacka", "", "018²", "01822"])
def test_a_wrong_municipality_code_is_refused(code: str) -> None:
    assert "kommunkod" in refused(NATIONAL, code)[0].sentence


def test_an_answer_of_failure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fel.json").write_text('{"status": "NOT_FOUND", "message": "x", "body": null}', "utf-8")
    assert "NOT_FOUND" in refused(tmp_path)[0].sentence


def test_an_answer_whose_value_and_type_contradict_each_other_is_refused(tmp_path: Path) -> None:
    problem = refused(replaced(tmp_path, ANSWER, '"value": "265,7"', '"value": "~100"'))[0]
    assert problem.column == "averageGradesMeritRating9thGrade" and "~100 EXISTS 2024/25" in problem.sentence


def test_a_value_type_that_is_not_known_is_warned_of_and_not_read(tmp_path: Path) -> None:
    changed(tmp_path, UNIT_LIST, lambda data: data)
    body = {"schoolUnit": "47243834", "averageGradesMeritRating9thGrade": [
        {"value": "#", "valueType": "NYTT", "timePeriod": "2024/25"}]}  # fmt: skip
    (tmp_path / "svar.json").write_text(json.dumps({"status": "OK", "body": body}), "utf-8")
    reading = published.read(tmp_path, "0182")
    assert not [value for value in reading.series if value.indicator_key == "merit_rating"]
    assert any("NYTT" in problem.sentence for problem in reading.problems if problem.severity == "warning")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_cut_archive_is_refused(tmp_path: Path, share: float) -> None:
    copy = changed(tmp_path, ARCHIVE, lambda data: data[: int(len(data) * share)])
    assert refused(copy, "1440")[0].file == ARCHIVE.name


def _archive(folder: Path, member: tarfile.TarInfo, content: bytes = b"{}") -> Path:
    member.size = len(content) if member.isfile() else 0
    with tarfile.open(folder / "a.tar.gz", "w:gz") as archive:
        archive.addfile(member, io.BytesIO(content))
    return folder / "a.tar.gz"


@pytest.mark.parametrize("name", ["../utanfor.json", "/etc/svar.json", "a/../../b.json"])
def test_an_archive_with_a_climbing_name_is_refused(tmp_path: Path, name: str) -> None:
    assert "namnet" in refused(_archive(tmp_path, tarfile.TarInfo(name)))[0].sentence


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("svar.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    assert refused(_archive(tmp_path, link))


def test_an_archive_with_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGEST_FILE", 1_000_000)
    copy = _archive(tmp_path, tarfile.TarInfo("svar.json"), b" " * 1_000_001)
    assert "för stor" in refused(copy)[0].sentence
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]
