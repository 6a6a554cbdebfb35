"""A picture is well-formed, says what it shows, brings nothing with it, and is drawn once for equal figures."""

import ast
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest

from chain.base.config import ROOT
from chain.rollup import canvas, charts, trend
from chain.rollup.motifs import (
    Bar,
    FunnelPicture,
    Pair,
    PairPicture,
    Picture,
    SmallPicture,
    Spot,
    StackPicture,
    Step,
    Stood,
    StoodPicture,
    TrendPicture,
)  # fmt: skip
from chain.rollup.trend import Point

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>x</script> & "$a_b$" url(#q) style="fill: red"'
YEARS = tuple(trend.share(f"{2010 + place}/{11 + place}", 40 + place % 3, 50, 4, 4 + place % 2) for place in range(12))


def pictures(title: str = "Matematik åk 6") -> list[Picture]:
    lines = tuple((float(n), 70.0, 99.0, 60.0, 100.0) for n in range(10, 80, 10))
    spots = (Spot(NASTY, 24, 58.3, True, True), Spot("b", 60, 88.0, True, False), Spot("c", 8, 50.0, False, False))
    steps = (Step("A", "step-1"), Step("E", "step-5"), Step("F", "fail"), Step("–", "none"))
    return [
        FunnelPicture(title, "text", "n", "andel", 88.0, "88 %", "95 %", "99,8 %", spots, lines),
        TrendPicture(title, "text", "andel", YEARS, trend.limits([point.value or 0 for point in YEARS])),
        TrendPicture(title, "of a mean", "poäng", (Point("2025/26", 12.4, 40), Point("2026/27")), None, None, None),
        StackPicture(title, "text", steps, (Bar("2025/26", (10, 20, 3, 0)), Bar(NASTY, (0, 0, 0, 0)))),
        PairPicture(title, "text", "Prov", "Betyg", (Pair("Matematik", 70.0, 85.0), Pair("Svenska", None, 90.0))),
        StoodPicture(title, "text", (Stood("Matematik", YEARS[-1], YEARS[:-1]), Stood(NASTY, Point("2026/27", short=".."), ()))),
        SmallPicture(title, "text", (("Matematik", YEARS), (NASTY, YEARS), ("Tom", (Point("2026/27"),)))),
    ]


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    return [str(charts.draw(picture)) for picture in pictures()]


def faults(svg: str) -> Iterator[str]:
    """What a picture must not have, and what it lacks."""
    root = ElementTree.fromstring(svg)
    if root.get("role") != "img" or not root.get("viewBox"):
        yield "no picture"
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    named = [root.find(f".//*[@id='{name}']") for name in str(root.get("aria-labelledby")).split()]
    if [each.tag.removeprefix(SVG) if each is not None else "" for each in named] != ["title", "desc"]:
        yield "no title or description"
    for each in root.iter():
        if each.tag.removeprefix(SVG) in ("script", "style", "foreignObject", "image", "a", "metadata"):
            yield str(each.tag)
        for name, value in each.attrib.items():
            if name == "style" or name.startswith("on"):
                yield name
            if (name.endswith("href") or "url(" in value) and value.removeprefix("url(").rstrip(")").lstrip("#") not in ids:
                yield f"elsewhere: {value}"


def test_every_picture_is_whole_and_brings_nothing_with_it(drawn: list[str]) -> None:
    assert [list(faults(svg)) for svg in drawn] == [[] for _svg in drawn]
    assert list(faults(charts.draw(pictures(NASTY)[0]))) == []


def test_a_fault_would_be_seen(drawn: list[str]) -> None:
    for broken in (
        drawn[0].replace("<title", "<script/><title"),
        drawn[0].replace("<title", '<g style="fill: red"/><title'),
        drawn[0].replace("<desc", '<use href="https://example.com/#a"/><desc'),
        drawn[0].replace('role="img"', ""),
        drawn[0].replace("<desc", "<text").replace("</desc", "</text"),
        drawn[0].replace("<desc", '<g id="twice"/><g id="twice"/><desc'),
    ):
        assert list(faults(broken)), broken[:300]


def test_its_words_are_text_and_taken_as_they_are(drawn: list[str]) -> None:
    words = ["".join(each.itertext()) for each in ElementTree.fromstring(drawn[0]).iter(f"{SVG}text")]
    assert NASTY in words and "88 %" in "".join(words)


def test_several_stand_on_one_page(drawn: list[str]) -> None:
    ids = [name for svg in drawn for name in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids)) >= 2 * len(drawn)


def test_every_colour_is_a_class_of_the_style_sheet(drawn: list[str]) -> None:
    for svg in drawn:
        assert not re.search(r"#[0-9a-f]{6}\b", svg.split("<desc")[1])
    sheet = (ROOT / "static" / "app.css").read_text()
    used = {name for svg in drawn for names in re.findall(r'class="([^"]+)"', svg) for name in names.split()}
    assert all(f".{name}" in sheet for name in used), used
    assert all(f".fill-{name}" in sheet for name in canvas.CLASSES)


def test_a_kept_picture_is_the_one_that_would_be_drawn(drawn: list[str]) -> None:
    for first, again in zip(pictures(), pictures(), strict=True):
        assert charts.svg(first) == charts.draw(again)
        assert charts.svg(again) is charts.svg(first)  # equal figures, whoever asks
    assert [str(charts.svg(picture)) for picture in pictures()] == drawn


def test_a_picture_of_other_figures_is_another() -> None:
    one, other = pictures()[1], pictures("Svenska åk 6")[1]
    assert charts.content(one) != charts.content(other) and charts.svg(one) != charts.svg(other)


def test_no_more_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    charts._kept.clear()
    monkeypatch.setattr(charts, "MOST_KEPT", 2)
    for picture in pictures():
        charts.svg(picture)
    assert list(charts._kept) == [charts.content(picture) for picture in pictures()[-2:]]


def test_several_at_once_draw_what_one_draws(drawn: list[str]) -> None:
    with ThreadPoolExecutor(4) as several:
        assert list(map(str, several.map(charts.draw, pictures() * 2))) == drawn * 2


def test_pyplot_is_never_loaded_and_matplotlib_only_when_something_is_drawn(drawn: list[str]) -> None:
    assert "matplotlib.figure" in sys.modules and "matplotlib.pyplot" not in sys.modules
    for file in (ROOT / "chain").glob("**/*.py"):
        at_once = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not [
            ast.unparse(node) for node in at_once if re.search(r"\b(matplotlib|scipy|numpy|pandas)\b", ast.unparse(node))
        ], file


def test_a_missing_year_breaks_the_line_and_few_years_have_none() -> None:
    points = [Point("1", 80.0), Point("2", 81.0), Point("3"), Point("4", 80.0), Point("5", 82.0)]
    assert canvas.joined(points) == [[(0, 80.0), (1, 81.0)], [(3, 80.0), (4, 82.0)]]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([92], (80, 100)),
        ([88, 97], (80, 100)),
        ([0], (0, 20)),
        ([100, 100], (80, 100)),
        ([40, 100], (40, 100)),
        ([3, 5], (0, 20)),
    ],
)
def test_per_cent_are_never_drawn_so_large_that_chance_looks_large(values: list[float], ends: tuple[float, float]) -> None:
    low, high, ticks = canvas.span(values, 0, 100)
    assert (low, high) == ends == (ticks[0], ticks[-1])


@pytest.mark.parametrize("values", [[12.4, 12.9], [12.0], [0.0, 340.0], [-3.0, 2.0]])
def test_a_means_scale_is_its_own(values: list[float]) -> None:
    low, high, ticks = canvas.span(values, None, None)
    assert low <= min(values) <= max(values) <= high and low < high and 2 <= len(ticks) <= 7
    assert high - low >= max(map(abs, values)) / 5, "a small difference is not made to look large"
