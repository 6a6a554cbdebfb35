"""The committee's figures through the years: each as its year's page told it, what is withheld in no form at all."""

from collections.abc import Callable
from datetime import date, timedelta

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import update

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.report import actions, queries, years
from chain.report.models import Report
from chain.rollup.models import RollupRow
from tests.feedback.test_views import statements
from tests.followup import world as followups
from tests.kept import kept
from tests.makers import Cast
from tests.report import world
from tests.rollup import district
from tests.rollup.test_charts import faults


@kept
def two_years(cast: Cast) -> tuple[Report, Report]:
    with clock.held(clock.at(date(2025, 11, 20))):
        last = followups.open_year(cast, "2025/26")[0]
        cycle.open_round(last, by=cast.diana)
        for unit, figures in (("alskolan", (30, 30, 25)), ("ekskolan", (20, 20, 15))):
            district.accepted(cast, unit, {("MA", "4"): figures, ("SV", "4"): (4, 4, 4)}, last)
        earlier = world.published(cast, last, ("per", *world.AREAS))
    return earlier, world.with_figures(cast)


def test_each_year_is_as_its_page_told_it_and_nothing_live(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    earlier, report = two_years(cast)
    address = f"/report/{report.public_id}/years"
    page = client("maja").get(address).text
    assert "2025/26" in page and "80 % av 50" in page and "50 % av 40" in page
    for exact in ("Alskolan", "Ekskolan", "av 30", "av 24", "av 16", "54 %", "44 %", "75 %", "83 %"):
        assert exact not in page, exact
    pictures = BeautifulSoup(page, "html.parser").find_all("svg", class_="picture")
    assert len(pictures) == 1 and list(faults(str(pictures[0]).replace("viewbox=", "viewBox="))) == []
    db.session.execute(update(RollupRow).values(enrolled=90, n=90, k=9, units=1))
    db.session.commit()
    assert client("maja").get(address).text == page
    alone = client("maja").get(f"/report/{earlier.public_id}/years").text
    assert "80 % av 50" in alone and "2026/27" not in alone.split("<h1>")[1]


def test_a_page_as_it_stood_draws_earlier_years_as_they_stood_then(cast: Cast) -> None:
    earlier, report = two_years(cast)
    first, moment = earlier.release_id, clock.now()
    with clock.held(moment + timedelta(days=3)):
        world.released(cast, earlier.round)
        actions.publish(earlier.round, by=cast.diana)
    assert [one.release_id for one in queries.earlier(report.round, moment)] == [first] != [earlier.release_id]
    assert [one.release_id for one in queries.earlier(report.round)] == [earlier.release_id]


def test_what_is_withheld_has_no_place_in_a_picture(cast: Cast) -> None:
    earlier, report = two_years(cast)
    told = years.reports(report, cast.maja)
    assert [one.id for one in told] == [earlier.id, report.id]
    groups, found = years.figures(told)
    drawn = [shown.picture for group in groups for shown in years.pictures(told, found, group)]
    points = {(subject, point.label): point for picture in drawn for subject, each in picture.series for point in each}
    assert points["Matematik", "2025/26"].value == 80 and points["Matematik", "2026/27"].value == 50
    withheld = {where: point.said for where, point in points.items() if point.value is None and point.said}
    assert withheld[("Engelska", "2026/27")] == "~100 % av 30" and withheld[("Svenska", "2026/27")] == ".."
    assert all(point.low is None and point.high is None for point in points.values())


def test_the_page_itself_draws_each_subject_of_a_year_group(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    earlier, report = two_years(cast)
    pages = {one: BeautifulSoup(client("maja").get(f"/report/{one.public_id}").text, "html.parser") for one in (earlier, report)}
    drawn = {one: page.find_all("svg", class_="picture") for one, page in pages.items()}
    assert [len(drawn[one]) for one in (earlier, report)] == [1, 0], "one subject alone is read in its table"
    assert "Matematik: 2025/26 80 % av 50; Svenska: 2025/26 ..." in drawn[earlier][0].find("desc").get_text()
    assert "Små prickar" not in pages[earlier].get_text()


def test_two_years_take_no_more_statements_than_one(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    earlier, report = two_years(cast)
    maja = client("maja")
    for page, since in (("/years", 0), ("", 2)):  # the page asks what came of the last one as well, where there is one
        one, two = (statements(maja, f"/report/{asked.public_id}{page}") for asked in (earlier, report))
        assert two == one + since, page
