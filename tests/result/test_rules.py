"""Figures: what may be written, how it adds up, and when it asks why."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.result import grid_rules, reasons, rules, shipped, typed_rules
from chain.result.rules import Figure

INDICATORS, SCALES, SUBJECTS = shipped.indicators(), shipped.scales(), shipped.subjects()
CELL = "at_least_e|GR|MA|6|"
GRADES = "grades|GR|MA|6|"


def grid(form: str = "GR", groups: tuple[str, ...] = ("6",), number: int = 1, basis: str = "forecast"):
    names = {group: f"åk {group}" for group in groups}
    return grid_rules.grid(INDICATORS, SCALES, SUBJECTS, form, names, number, {g: basis for g in groups})


@pytest.fixture
def november() -> rules.Table:
    return grid()[0]


@pytest.fixture
def january() -> rules.Table:
    return grid(number=2, basis="term_grade")[0]


def filled(enrolled: str, assessed: str, reached: str) -> dict[str, str]:
    return {f"{CELL}enrolled": enrolled, f"{CELL}assessed": assessed, f"{CELL}reached": reached}


def graded(enrolled: str, **counts: str) -> dict[str, str]:
    return {f"{GRADES}enrolled": enrolled} | {f"{GRADES}{key}": count for key, count in counts.items()}


def maths(n: int, k: int, **other: object) -> Figure:
    return Figure("at_least_e", "GR", "MA", "6", "", "forecast", n, n, k)


# Reading numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [("", None), ("  ", None), ("24", 24), (" 024 ", 24), ("1 234", 1234), ("1\u00a0234", 1234), ("0", 0)],
)
def test_a_count_is_read_as_it_is_written(text: str, number: int | None):
    assert typed_rules.read_count(text) == number


@pytest.mark.parametrize("text", ["12,5", "-3", "tolv", "12 34", "1.234", "٣", "1e3", "~100", "100000", "9" * 5000])
def test_what_is_no_count_gets_a_sentence(text: str):
    with pytest.raises(typed_rules.CellError) as refused:
        typed_rules.read_count(text)
    assert refused.value.sentence.endswith(".") and len(refused.value.sentence) < 100


@pytest.mark.parametrize(
    ("text", "number"), [("", None), ("17,5", "17.5"), ("1\u00a0234,50", "1234.50"), ("−2,1", "-2.1"), ("7", "7")]
)
def test_a_swedish_decimal_is_read(text: str, number: str | None):
    assert typed_rules.read_decimal(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize("text", ["17.5", "~100", "..", "1,", "NaN", "1,5,5"])
def test_what_is_no_decimal_gets_a_sentence(text: str):
    with pytest.raises(typed_rules.CellError, match="komma"):
        typed_rules.read_decimal(text)


@given(st.integers(0, rules.MOST), st.sampled_from(typed_rules.GAPS))
def test_a_count_survives_the_round_trip(number: int, gap: str):
    assert typed_rules.read_count(f"{number:,}".replace(",", gap)) == number


@given(st.decimals(-99_999, 99_999, places=2, allow_nan=False))
def test_a_decimal_survives_the_round_trip(number: Decimal):
    assert typed_rules.read_decimal(f"{number:,.2f}".replace(",", "\u00a0").replace(".", ",")) == number


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str):
    for read in (typed_rules.read_count, typed_rules.read_decimal):
        try:
            read(text)
        except typed_rules.CellError as refused:
            assert refused.sentence


# The grid


def test_a_cell_has_a_stable_name(november: rules.Table):
    row = next(row for row in november.rows if row.subject == "MA")
    assert row.cells == (f"{CELL}enrolled", f"{CELL}assessed", f"{CELL}reached")
    assert (row.label, november.title, november.basis) == ("Matematik åk 6", "Minst E, åk 6", "forecast")
    assert [column.name for column in november.columns] == ["Elever", "Bedömda", "Minst E"]


def test_grades_make_the_share_needless(january: rules.Table):
    assert [table.indicator for table in grid(number=2)] == ["grades", "all_subjects", "absence"]
    assert [column.name for column in january.columns] == ["Elever", "A", "B", "C", "D", "E", "F", "–"]
    assert january.derives == ("at_least_e",)


def test_year_five_has_no_grades_and_says_assessment():
    table = grid(groups=("5",), number=2, basis="assessment")[0]
    assert (table.indicator, table.basis) == ("at_least_e", "assessment")
    assert "term_grade" in table.bases  # grades are optional in years 4–5


def test_a_preschool_fills_in_its_own_figures_for_the_whole_unit():
    staff = grid("FS", (), 1)[0]
    assert [row.cells[2] for row in staff.rows] == ["staff_degree|FS|||reached"]
    assert len(grid("FS", (), 2)[0].rows) == 6


def test_the_grid_speaks_english():
    table = grid_rules.grid(INDICATORS, SCALES, SUBJECTS, "GR", {"6": "year 6"}, 1, {}, "en")[0]
    assert next(row.label for row in table.rows if row.subject == "MA") == "Mathematics year 6"


def test_an_indicator_is_used_from_its_first_year():
    assert "at_least_e" not in {one.key for one in grid_rules.in_use(INDICATORS, "2023/24")}
    assert "at_least_e" in {one.key for one in grid_rules.in_use(INDICATORS, "2026/27")}


def test_every_name_of_a_field_is_unique():
    for form, groups in (("GR", tuple("123456789")), ("GY", ("gy25-1", "gy11")), ("FS", ()), ("VUX", ())):
        for number in (1, 2, 3, 4):
            names = [cell for table in grid(form, groups, number) for row in table.rows for cell in (*row.cells, row.why)]
            assert len(names) == len(set(names))


# Reading a table


def test_a_filled_row_becomes_a_figure(november: rules.Table):
    figures, errors = grid_rules.read(november, filled("26", "24", "14"))
    assert not errors
    assert figures == [Figure("at_least_e", "GR", "MA", "6", "", "forecast", 26, 24, 14)]


def test_an_empty_table_is_nothing_at_all(november: rules.Table):
    assert grid_rules.read(november, filled("", " ", "")) == ([], {})


def test_nobody_assessed_yet_is_an_answer(november: rules.Table):
    figures, errors = grid_rules.read(november, filled("26", "0", ""))
    assert not errors and (figures[0].enrolled, figures[0].n, figures[0].k) == (26, 0, 0)


def test_a_half_filled_row_says_what_is_missing(november: rules.Table):
    _, errors = grid_rules.read(november, filled("26", "24", ""))
    assert errors == {f"{CELL}reached": "Matematik åk 6: fyll i Minst E också, eller töm raden."}


def test_no_more_can_reach_than_were_assessed(november: rules.Table):
    figures, errors = grid_rules.read(november, filled("26", "24", "25"))
    assert figures == []
    assert errors == {f"{CELL}reached": "Matematik åk 6: Minst E (25) kan inte vara fler än Bedömda (24)."}


def test_no_more_can_be_assessed_than_are_enrolled(november: rules.Table):
    assert list(grid_rules.read(november, filled("20", "24", "14"))[1]) == [f"{CELL}assessed"]


def test_an_unreadable_cell_is_named_and_the_other_rows_kept(november: rules.Table):
    raw = filled("26", "x", "14") | {f"at_least_e|GR|EN|6|{key}": "9" for key in ("enrolled", "assessed", "reached")}
    figures, errors = grid_rules.read(november, raw)
    assert [figure.subject for figure in figures] == ["EN"]
    assert list(errors) == [f"{CELL}assessed"] and errors[f"{CELL}assessed"].startswith("Matematik åk 6: ”x”")


def test_the_basis_can_be_chosen_but_only_among_those_that_hold(november: rules.Table):
    figures, errors = grid_rules.read(november, filled("9", "9", "9") | {november.basis_field: "assessment"})
    assert figures[0].basis == "assessment" and not errors
    assert november.basis_field in grid_rules.read(november, {november.basis_field: "guess"})[1]


def test_grades_give_the_share_as_well(january: rules.Table):
    figures, errors = grid_rules.read(january, graded("26", A="2", C="10", E="6", F="5", **{"-": "1"}))
    assert not errors
    by_category = {figure.category: figure for figure in figures if figure.indicator == "grades"}
    assert {key: figure.k for key, figure in by_category.items()} == dict(A=2, B=0, C=10, D=0, E=6, F=5) | {"-": 1}
    assert {figure.n for figure in by_category.values()} == {24}
    assert [figure for figure in figures if figure.indicator == "at_least_e"] == [
        Figure("at_least_e", "GR", "MA", "6", "", "term_grade", 26, 24, 18)
    ]


def test_more_grades_than_pupils_is_refused(january: rules.Table):
    _, errors = grid_rules.read(january, graded("10", A="6", B="6"))
    assert errors == {f"{GRADES}enrolled": "Matematik åk 6: stegen blir 12 tillsammans, fler än Elever (10)."}


def test_pupils_without_any_grades_is_half_filled(january: rules.Table):
    assert list(grid_rules.read(january, graded("10"))[1]) == [f"{GRADES}A"]
    assert list(grid_rules.read(january, graded("", A="3"))[1]) == [f"{GRADES}enrolled"]


@given(st.lists(st.sampled_from(["", "0", "7", "12", "30", "x"]), min_size=3, max_size=3))
def test_whatever_is_read_holds(cells: list[str]):
    figures, errors = grid_rules.read(grid()[0], filled(*cells))
    assert all(0 <= figure.k <= figure.n <= figure.enrolled for figure in figures)
    assert bool(figures) + bool(errors) == (1 if any(cells) else 0)


# The algebra

sums = st.builds(
    Figure,
    st.just("at_least_e"),
    st.just("GR"),
    st.sampled_from(["MA", "SV"]),
    st.sampled_from(["6", "9"]),
    st.just(""),
    st.sampled_from(["forecast", "term_grade"]),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(0, 500),
)
many = st.lists(sums, max_size=8)


@given(many, many, many)
def test_sums_do_not_mind_the_order_or_the_brackets(a: list[Figure], b: list[Figure], c: list[Figure]):
    assert rules.add(a + b) == rules.add(b + a)
    assert rules.add(rules.add(a + b) + c) == rules.add(a + rules.add(b + c)) == rules.add(a + b + c)


@given(many)
def test_nobody_is_lost_in_a_sum(figures: list[Figure]):
    total = rules.add(figures)
    assert sum(figure.n for figure in total) == sum(figure.n for figure in figures)
    assert len({figure.key for figure in total}) == len(total)


def test_a_sum_is_of_pupils_and_not_of_percentages():
    both = rules.add([maths(10, 10), maths(90, 45)])[0]
    assert rules.share(both.k, both.n) == Fraction(55, 100)  # the mean of the percentages would be 75


def test_nobody_has_no_share():
    assert rules.share(0, 0) is None


def test_the_dash_gives_no_points():
    scale = next(scale for scale in SCALES if scale.key == "af_2011")
    assert rules.mean_points({"A": 1, "F": 1, "-": 8}, scale) == 10
    assert rules.mean_points({"-": 8}, scale) is None


def test_steps_without_distances_have_no_mean():
    scale = next(scale for scale in SCALES if scale.key == "ordinal_4")
    assert rules.mean_points({"1": 3, "4": 3}, scale) is None


# When a figure asks why


def test_a_fall_beyond_chance_asks_why():
    sentence = reasons.needs_reason(
        maths(24, 14), maths(24, 21), label="Matematik åk 6", phrase="nådde minst E", when="i november"
    )
    assert sentence == (
        "Matematik åk 6: 14 av 24 nådde minst E, i november 21 av 24. Skillnaden är större än slumpen brukar ge: beskriv varför."
    )


def test_a_difference_that_chance_gives_is_left_alone():
    assert reasons.needs_reason(maths(24, 18), maths(24, 21)) is None
    assert reasons.needs_reason(maths(24, 22), maths(24, 24)) is None


def test_a_rise_beyond_chance_asks_why_too():
    assert reasons.needs_reason(maths(60, 58), maths(60, 36)) is not None


def test_a_small_group_is_never_asked():
    assert reasons.needs_reason(maths(9, 0), maths(24, 24), below=50) is None
    assert reasons.needs_reason(maths(24, 14), maths(9, 9)) is None


def test_a_forecast_is_not_compared_with_a_grade():
    grade = Figure("at_least_e", "GR", "MA", "6", "", "term_grade", 24, 24, 24)
    assert reasons.needs_reason(maths(24, 14), grade) is None


def test_a_low_figure_asks_why_the_first_time_as_well():
    sentence = reasons.needs_reason(maths(24, 11), None, label="Matematik åk 6", phrase="nådde minst E", below=50)
    assert sentence == "Matematik åk 6: 11 av 24 nådde minst E, färre än 50 %: beskriv varför."


def test_a_table_says_which_rows_ask_why(november: rules.Table, january: rules.Table):
    now, _ = grid_rules.read(november, filled("24", "24", "14"))
    asks = reasons.reasons(november, now, [maths(24, 21)], "i april")
    assert list(asks) == [f"{CELL}why"] and "i april 21 av 24" in asks[f"{CELL}why"]
    graded_now, _ = grid_rules.read(january, graded("24", E="8", F="16"))
    assert "nådde minst E" in reasons.reasons(january, graded_now, [])[f"{GRADES}why"]


def test_the_limits_are_those_of_the_exact_binomial():
    flagged = [k for k in range(23) if rules.unlikely(k, 22, Fraction(88, 100))]
    assert flagged == list(range(14))
    assert not rules.unlikely(22, 22, Fraction(1)) and rules.unlikely(21, 22, Fraction(1))


def test_every_basis_has_a_name():
    assert [rules.basis_name(basis) for basis in rules.BASES][:2] == ["prognos", "bedömning"]
