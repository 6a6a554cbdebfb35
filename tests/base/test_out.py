"""The way out of every page that has one: the same people as the page, the same texts as they may read, and no form twice."""

import pytest

from tests.access_matrix import MATRIX
from tests.doors import Doors

WAYS_OUT = (
    "rollup.overview", "rollup.figures", "rollup.figure", "release.show", "report.show", "result.published", "result.dictionary",
    "measure.archive", "support.archive",
)  # fmt: skip
SOME = (
    "lena",
    "pia",
    "petra",
    "arne",
    "asta",
    "olle",
    "ragna",
    "maja",
    "rut",
    "vera",
    "viktor",
    "stina",
    "berit",
    "prova",
    "nobody",
)


@pytest.mark.parametrize("endpoint", WAYS_OUT)
def test_a_file_goes_to_those_who_see_the_page_and_holds_nothing_that_they_may_not_read(town: Doors, endpoint: str) -> None:
    out = 0
    for line in [line for line in MATRIX if line.endpoint == endpoint]:
        address = town.address(endpoint, line.thing)
        file = f"{address}{'&' if '?' in address else '?'}as=csv"
        for who in SOME:
            page, got = town.knock(who, address), town.knock(who, file)
            assert (got.status, got.commits) == (page.status, 0), (line.thing, who)
            unmeant = [word for word, readers in town.town.canaries.items() if who not in readers and word in got.text]
            assert not unmeant, (line.thing, who)
            if got.status == 200:
                out += got.headers["Content-Disposition"].startswith("attachment; filename=")
                assert got.headers["Content-Type"] == "text/csv; charset=utf-8"
                assert "as=csv" in page.text or "download" not in page.text
    assert out
