"""How means, counts and distributions are read at a node, and what of them may leave it."""

from dataclasses import replace

import pytest

from chain.api import facts
from chain.release import queries as released
from chain.release import rules as release
from chain.release.rules import Exact
from chain.result import shipped
from chain.result.rules import Indicator
from chain.rollup import rules, tables
from chain.rollup.rules import Sum, Words

KNOWN = {one.key: one for one in shipped.indicators()}
SCALES = {one.key: one for one in shipped.scales()}
MERIT, GRANTS, POSTS = KNOWN["merit"], KNOWN["grants"], KNOWN["children_per_post"]
PEOPLE = KNOWN["newly_arrived"]

WORDS = Words(
    school_forms={"GR": "Grundskola"},
    year_groups={("GR", "9"): "årskurs 9"},
    subjects={"MA": "Matematik"},
    indicators={},
    title=lambda key, group: (KNOWN[key].sv.name, KNOWN[key].sv.definition),
    steps=lambda key: {step.key: step.symbol for step in SCALES[KNOWN[key].scale].steps} if KNOWN[key].scale else {},
    basis=lambda basis: basis,
    measure=KNOWN.get,
    scale=lambda key: SCALES.get(KNOWN[key].scale),
)


def a(key: str, *, enrolled: int = 0, n: int = 0, k: int = 0, total: int = 0, step: str = "") -> Sum:
    return Sum(key, "GR", "MA" if step else "", "9", step, "test", enrolled, n, k, 2, total)


def block(*now: Sum, before: tuple[Sum, ...] = ()) -> rules.Block:
    [found] = rules.blocks(now, before, {}, WORDS, lambda key: "")
    return found


def test_a_mean_is_said_with_its_decimals_and_its_n() -> None:
    found = block(a("merit", enrolled=99, n=98, total=213206), before=(a("merit", enrolled=60, n=60, total=120000),))
    [line] = found.lines
    assert (found.heads, line.value, line.assessed, line.before) == (
        ("Meritvärde", "Med betyg"), "217,6", "98 av 99", "200,0 (60)",
    )  # fmt: skip


def test_a_count_is_said_with_its_unit_and_is_of_nobody() -> None:
    found = block(a("grants", total=1_250_000))
    assert (found.heads, found.lines[0].value, found.lines[0].assessed) == (("Kronor", ""), "1\u00a0250\u00a0000 kr", "")
    assert not found.lines[0].small


def test_children_per_post_is_said_as_such() -> None:
    [line] = block(a("children_per_post", enrolled=57, n=57, total=104)).lines
    assert (line.value, line.assessed) == ("5,5", "57")
    assert block(a("children_per_post")).lines[0].value == "–"


def test_hours_of_absence_are_those_of_so_many_pupils() -> None:
    found = block(a("absence", enrolled=412, n=181280, k=12690))
    assert found.heads[1] == "Elever"
    assert (found.lines[0].value, found.lines[0].assessed) == ("7 % (12\u00a0690 av 181\u00a0280)", "412")


def test_hours_of_four_pupils_are_a_small_group_wherever_they_are_told() -> None:
    few, absence = a("absence", enrolled=4, n=1600, k=112), KNOWN["absence"]
    assert block(few).lines[0].small and facts.figure(few, {}, absence)["small"]
    assert tables._numbers(few, {}, WORDS)[-1] == "ja"
    assert not rules.is_small(a("absence", enrolled=12, n=8, k=1), absence)  # few hours, of many


def test_a_net_deviation_stands_beside_its_steps() -> None:
    rows = [a("test_and_grade", enrolled=50, n=48, k=k, step=step) for step, k in (("lower", 2), ("equal", 37), ("higher", 9))]
    found = block(*rows)
    assert (found.mean, found.steps, found.lines[0].cells, found.lines[0].mean) == (
        "Nettoavvikelse", ("Lägre", "Lika", "Högre"), ("2", "37", "9"), "+15 %",
    )  # fmt: skip


# What may leave


def exact(measure: Indicator, *, n: int = 40, enrolled: int = 40, k: int = 0, total: int = 0, units: int = 3) -> Exact:
    return Exact("GR", measure.key, "", "9", "test", "", enrolled, n, k, units, 4, total, measure)


def protected(measure: Indicator, **sums: int) -> release.Protected:
    [found] = release.protect([exact(measure, **sums)])
    return found


@pytest.mark.parametrize(
    ("figure", "shown", "n", "why"),
    [
        (exact(MERIT, n=9, enrolled=12, total=20000), "..", None, "few"),
        (exact(MERIT, n=58, enrolled=59, total=132646), "228.7", 60, ""),
        (exact(MERIT, n=58, enrolled=59, total=132646, units=1), "..", None, "one_unit"),
        (exact(MERIT, n=12, enrolled=12, total=12 * 3400), "..", None, "same"),
        (exact(MERIT, n=30, enrolled=30, total=30 * 3400), "340.0", 30, ""),
        (exact(POSTS, n=57, enrolled=57, total=104), "5.5", 55, ""),
        (exact(PEOPLE, n=0, enrolled=0, total=9), "..", None, "few"),
        (exact(PEOPLE, n=0, enrolled=0, total=13), "15", 0, ""),
        (exact(GRANTS, n=0, enrolled=0, total=3), "3", 0, ""),
        (exact(KNOWN["absence"], n=4000, enrolled=9, k=300), "..", None, "few"),  # the hours of nine pupils
        (exact(KNOWN["absence"], n=18000, enrolled=41, k=1300), "7", 18000, ""),
    ],
)
def test_what_is_shown_of_each_kind(figure: Exact, shown: str, n: int | None, why: str) -> None:
    [found] = release.protect([figure])
    assert (found.shown, found.n, found.withheld) == (shown, n, why)


def test_a_mean_with_its_rounded_n_does_not_tell_its_total() -> None:
    """Every n that is rounded to the same is possible, so the total can be any of several."""
    totals = {
        one.total
        for n in range(58, 63)
        for total in range(n * 2280, n * 2290)
        if (one := exact(MERIT, n=n, enrolled=n, total=total)) and release.protect([one])[0].shown == "228.5"
        if release.protect([one])[0].n == 60
    }
    assert len(totals) > 5


def test_a_release_says_a_mean_and_a_count_in_words() -> None:
    figures = [protected(MERIT, n=58, enrolled=59, total=132646), protected(GRANTS, n=0, enrolled=0, total=125000)]
    [form] = released.read(figures, replace(WORDS, indicators={"merit": 0, "grants": 1}))
    merit, grants = form.tables
    assert (merit.kind, merit.heads[0], merit.lines[0].shown, merit.lines[0].pupils) == (
        "mean", "Meritvärde", "228,7", "cirka 60 av 60",
    )  # fmt: skip
    assert (grants.lines[0].shown, grants.lines[0].pupils, grants.lines[0].hidden) == ("125\u00a0000 kr", "", False)
