"""Years beside each other: how uncertain each is, and limits only where there are years enough for them."""

from fractions import Fraction

import pytest

from chain.result import shipped
from chain.rollup import rules, telling, trend
from chain.rollup.rules import Sum
from chain.rollup.trend import Point


def test_the_uncertainty_is_wilsons() -> None:
    assert trend.uncertainty(42, 50) == pytest.approx((0.71486, 0.91663), abs=5e-6)
    assert trend.uncertainty(20, 20)[1] == 1.0 and trend.uncertainty(0, 20)[0] == 0.0


KNOWN = {one.key: one for one in shipped.indicators()}


def test_a_year_without_anybody_is_no_point() -> None:
    assert trend.share("2026/27", 0, 0).value is None


def test_a_year_that_not_all_have_told_of_is_marked() -> None:
    assert not trend.share("2026/27", 8, 10, 18, 20).solid
    assert trend.share("2026/27", 8, 10, 20, 20).solid
    assert not trend.share("2026/27", 8, 9, 20, 20).solid  # so few that the value says little


def test_limits_are_the_mean_and_266_mean_moving_ranges() -> None:
    values = [80, 84, 82, 86, 80, 84, 82, 86, 80, 84, 82, 86]  # by hand: mean 83, moves 4 2 4 6 4 2 4 6 4 2 4, together 42 of 11
    found = trend.limits(values)
    assert found is not None and not found.preliminary
    assert (found.mean, found.low, found.high) == pytest.approx((83, 83 - 2.66 * 42 / 11, 83 + 2.66 * 42 / 11))


@pytest.mark.parametrize(
    ("points", "made", "preliminary"), [(4, False, None), (5, True, True), (11, True, True), (12, True, False)]
)
def test_few_years_have_no_limits_and_some_have_preliminary_ones(points: int, made: bool, preliminary: bool | None) -> None:
    found = trend.limits([80.0] * points)
    assert (found is not None) is made
    assert found is None or found.preliminary is preliminary


def test_per_cent_have_no_limits_beyond_all_and_nobody() -> None:
    found = trend.limits([100, 80] * 6, 0.0, 100.0)
    assert found is not None and found.high == 100.0
    unbounded = trend.limits([100, 80] * 6)  # a mean, of which that is not so
    assert unbounded is not None and unbounded.high > 100


def test_hours_and_means_are_of_so_many_people_and_have_no_uncertainty() -> None:
    def point(key: str, **sums: int) -> Point:
        return trend.plain("2026/27", Sum(key, "GR", "", "", "", "register", **{"k": 0, "units": 2, **sums}), KNOWN[key], 2)

    hours = point("absence", enrolled=4, n=1600, k=112)
    assert (hours.value, hours.n, hours.low, hours.said, hours.solid) == (7.0, 4, None, "7 % (112 av 1\u00a0600)", False)
    mean = point("merit", enrolled=99, n=98, total=220500)
    assert (mean.value, mean.n, mean.low, mean.said, mean.solid) == (225.0, 98, None, "225,0", True)
    assert point("merit", enrolled=9, n=0, total=0).value is None


def told(*values: float | None) -> tuple[str, ...]:
    points = [Point(f"{2010 + place}/{11 + place}", value, 50, said=f"{value} %") for place, value in enumerate(values)]
    return telling.years(points, trend.limits([value for value in values if value is not None], 0.0, 100.0))


def test_what_is_said_follows_the_number_of_years() -> None:
    assert told(80, 60)[0].startswith("2 år är för få")
    assert told(80, 60, 80, 60, 80, 10)[0].startswith("Preliminära gränser: 6 år")
    usual = [80.0, 82.0] * 6
    assert told(*usual)[0].startswith("Året utmärker sig inte")
    assert told(*usual, 40)[0].startswith("2022/23: 40 %.") and "ställ en fråga" in told(*usual, 40)[0]
    assert told(*usual, 40, None)[0].startswith("Året utmärker sig inte")  # an old year is not asked about again


def test_the_limits_of_a_mean_are_said_as_the_mean_is() -> None:
    points = [Point(str(place), 220.0 + place % 2, 50, said="220,0") for place in range(12)]
    limits = trend.limits([point.value for point in points if point.value is not None], 0.0, 340.0)
    merit = KNOWN["merit"]
    [sentence] = telling.years(points, limits, lambda value: rules.mean_in_words(Fraction(value), merit))
    assert sentence.endswith("de 12 årens gränser är 217,8 och 223,2.")


def test_of_many_subjects_it_is_said_also_that_the_rest_does_not_stand_out() -> None:
    def points(*values: float) -> list[Point]:
        return [Point(str(place), value, 50, said=f"{value} %") for place, value in enumerate(values)]

    usual, odd = points(*[80, 82] * 6), points(*[80, 82] * 6, 40)
    found = telling.subjects([("Matematik åk 6", odd), ("Svenska åk 6", usual)])
    assert found[0].startswith("Matematik åk 6: 12: 40 %") and found[1].startswith("Inga resultat utmärker sig i övrigt")
    assert telling.subjects([("Svenska åk 6", usual)])[0].startswith("Inga resultat utmärker sig –")
    assert telling.subjects([("Svenska åk 6", points(80, 82))])[0].startswith("Ännu för få år")
