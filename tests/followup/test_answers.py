"""Answers by their kinds: empty or not, what is wrong with them, and the passages that can be pointed at."""

from fractions import Fraction

import pytest

from chain.followup import answers
from chain.followup.answers import Context, Open
from chain.measure.rules import Known
from chain.result import shipped
from chain.result.rules import Column, Figure, Row, Table

KNOWN = Known({"p1": "Pia"}, {"2026/27:2": "januari"})


def grid(**more: object) -> Table:
    """Mathematics in year 6: enrolled, assessed, reached."""
    cells = tuple(f"share|GR|MA|6|{name}" for name in ("enrolled", "assessed", "reached"))
    facts: dict[str, object] = {
        "key": "share|GR|6", "indicator": "share", "kind": "share", "title": "Minst E", "definition": "",
        "phrase": "nådde minst E", "ask_below": 0,
        "school_form": "GR", "year_group": "6", "basis": "forecast", "bases": ("forecast", "term_grade"),
        "basis_field": "share|GR||6|basis", "passing": (), "derives": (),
        "columns": tuple(Column(name, name, name) for name in ("enrolled", "assessed", "reached")),
        "measure": next(one for one in shipped.indicators() if one.key == "at_least_e"), "scale": None, "rest": "Ej bedömda",
        "rows": (Row("MA", "Matematik", "Matematik åk 6", cells, "share|GR|MA|6|why"),),
    }  # fmt: skip
    return Table(**{**facts, **more})  # type: ignore[arg-type]


def typed(enrolled: str, assessed: str, reached: str, **more: dict[str, str]) -> dict[str, dict[str, str]]:
    row = grid().rows[0]
    return {"cells": dict(zip(row.cells, (enrolled, assessed, reached), strict=True)), "reasons": {}, "basis": {}, **more}


def before(k: int, n: int, basis: str = "forecast") -> Figure:
    return Figure("share", "GR", "MA", "6", "", basis, n, n, k)


@pytest.mark.parametrize("kind", answers.KINDS)
def test_an_empty_answer_is_empty_and_holds_no_passage(kind: str) -> None:
    empty = answers.KINDS[kind].empty()
    assert answers.KINDS[kind].is_empty(empty)
    assert answers.KINDS[kind].is_empty({})
    assert answers.spans(kind, "key", empty, "Rubrik") == []


def test_a_text_is_split_where_a_line_is_empty() -> None:
    found = answers.spans("text", "example", {"text": "Ett.\nfortsätter\n\n \n\nTvå."}, "Exempel")
    assert [(span.id, span.text) for span in found] == [("example.text.1", "Ett.\nfortsätter"), ("example.text.2", "Två.")]


def test_a_text_has_a_longest_length() -> None:
    assert answers.TEXT.problems({"text": "x" * 401}, Context(max_length=400)) == {
        "text": "Texten är 401 tecken. Korta den till högst 400."
    }
    assert answers.TEXT.problems({"text": " " * 500 + "x"}, Context(max_length=400)) == {}


def test_an_analysis_says_what_why_on_what_evidence_and_how_sure() -> None:
    assert list(answers.ANALYSIS.problems({"see": "Vi ser", "why": " "}, Context())) == ["why", "evidence", "sure"]
    spans = answers.spans("analysis", "analysis", {"see": "a", "why": "b\n\nc", "evidence": "", "sure": "d"}, "Analys")
    assert [span.id for span in spans] == ["analysis.see.1", "analysis.why.1", "analysis.why.2", "analysis.sure.1"]
    assert spans[1].heading == "Analys – Varför det är så"


def test_a_choice_is_one_of_those_that_were_given() -> None:
    assert answers.CHOICE.problems({"choice": "x"}, Context(options={"a": "A"})) == {"choice": "Välj ett av svaren."}
    assert answers.CHOICE.problems({"choice": "a"}, Context(options={"a": "A"})) == {}


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (("24", "24", "14"), []),
        (("24", "0", ""), []),
        (("", "", ""), []),
        (("24", "25", "14"), ["assessed"]),
        (("24", "20", "21"), ["reached"]),
        (("24", "20", ""), ["reached"]),
        (("tjugo", "20", "18"), ["enrolled"]),
        (("-1", "0", "0"), ["enrolled"]),
    ],
)
def test_figures_hold_when_reached_assessed_and_enrolled_do(cells: tuple[str, str, str], wrong: list[str]) -> None:
    found = answers.FIGURES.problems(typed(*cells), Context(tables=[grid()]))
    assert [name.rpartition("|")[2] for name in found] == wrong


def test_a_low_figure_asks_why_until_somebody_says() -> None:
    context = Context(tables=[grid(ask_below=70)])
    why = grid().rows[0].why
    assert "beskriv varför" in answers.FIGURES.problems(typed("24", "24", "14"), context)[why]
    assert answers.FIGURES.problems(typed("24", "24", "14", reasons={why: "Tre vikarier."}), context) == {}


def test_a_changed_figure_is_compared_with_the_likest_one_on_the_same_basis() -> None:
    why = grid().rows[0].why
    lately, last_year = ("förra gången", [before(60, 60, "term_grade")]), ("samma tid förra året", [before(60, 60)])
    found = answers.FIGURES.problems(typed("60", "60", "30"), Context(tables=[grid()], earlier=[last_year, lately]))
    assert "samma tid förra året 60 av 60" in found[why]
    assert answers.FIGURES.problems(typed("60", "60", "30"), Context(tables=[grid()], earlier=[lately])) == {}
    same = ("samma tid förra året", [before(31, 60)])
    assert answers.FIGURES.problems(typed("60", "60", "30"), Context(tables=[grid()], earlier=[same, last_year])) == {}


def test_the_basis_may_be_another_than_the_default() -> None:
    answer = typed("24", "20", "14", basis={grid().basis_field: "term_grade"})
    assert [one["basis"] for one in answers.FIGURES.figures(answer, [grid()])] == ["term_grade"]
    assert [(one["n"], one["k"]) for one in answers.FIGURES.figures(typed("24", "20", "14"), [grid()])] == [(20, 14)]
    assert Fraction(14, 20) == Fraction(7, 10)


def test_the_reasons_can_be_pointed_at() -> None:
    answer = typed("24", "20", "14", reasons={"share|GR|MA|6|why": "Tre vikarier."})
    assert [span.id for span in answers.spans("figures", "results", answer, "Resultat")] == ["results.share-GR-MA-6.1"]


def test_every_open_measure_gets_an_outcome() -> None:
    context = Context(open={"m1": Open("Läsgrupper", False), "m2": Open("Bråk", True)}, known=KNOWN)
    answer = {"items": {"m2": {"kind": "goes_on", "effect": "Lite"}}}
    assert list(answers.OUTCOMES.problems(answer, context)) == ["m1.kind", "m2.reason"]
    done = {"items": {name: {"kind": "done", "effect": "Det syns."} for name in ("m1", "m2")}}
    assert answers.OUTCOMES.problems(done, context) == {}


def test_a_changed_measure_says_what_it_has_become() -> None:
    context = Context(open={"m1": Open("Läsgrupper", False)}, known=KNOWN)
    changed = {"kind": "changed", "effect": "Nja"}
    assert list(answers.OUTCOMES.problems({"items": {"m1": changed}}, context)) == [
        "m1.problem", "m1.sign", "m1.responsible", "m1.due",
    ]  # fmt: skip


def test_a_measure_has_a_problem_a_sign_somebody_responsible_and_a_due_round() -> None:
    whole = {"item": "a", "problem": "p", "sign": "s", "goal": "", "responsible": "p1", "due": "2026/27:2"}
    half = {"item": "b", "problem": "Bråk i åk 6", "sign": "", "responsible": "somebody else", "due": "2031/32:1"}
    blank = {"item": "c", "problem": " ", "sign": "", "responsible": "p1", "due": "2026/27:2"}
    found = answers.MEASURES.problems({"items": [whole, half, blank]}, Context(known=KNOWN))
    assert list(found) == ["b.sign", "b.responsible", "b.due"]
    assert "Bråk i åk 6" in found["b.sign"]
    assert answers.MEASURES.written({"items": [whole, blank]}) == [whole]


def test_the_same_words_are_the_same_however_they_were_sent() -> None:
    assert answers.tidy({"text": "a\r\nb\rc\x00", "items": [{"x": "d\r\n"}]}) == {"text": "a\nb\nc", "items": [{"x": "d\n"}]}
