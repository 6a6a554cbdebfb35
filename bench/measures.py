"""What is measured, each against its baseline: names, sides and targets."""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event, select

from bench import baselines, city, intake, timing
from bench.baselines import asked
from chain.account import actions as account
from chain.base.db import db, random_name
from chain.cycle import queries as cycle
from chain.followup.models import Followup, Submission
from chain.organisation.models import Unit
from chain.report.models import Report
from chain.rollup import actions as rollup
from chain.rollup import charts, funnel, gallery, trend
from chain.rollup import queries as figures
from chain.rollup.funnel import Dot
from chain.rollup.motifs import FunnelPicture, SmallPicture
from chain.rollup.trend import Point

ROOT = Path(__file__).resolve().parents[1]
PAGE, FROZEN = 2.0, 0.25
COMMITTEE = "/sjovik/bun/"
CELLS = "td, th, li, dt, dd, option, textarea, input:not([type=hidden])"
IMPORT_ALL = "import app; [app.modules(link) for link in app.LINKS]"


@dataclass(frozen=True)
class Result:
    """A ratio; at most the target is good."""

    name: str
    database: str
    size: str
    ratio: float
    target: float
    note: str

    @property
    def good(self) -> bool:
        return self.ratio <= self.target

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 3)}


@dataclass(frozen=True)
class Page:
    name: str
    who: str
    path: str


@dataclass
class Bench:
    """A city to measure in, and how long each measure may take."""

    database: str
    size: str
    url: str
    app: Flask
    seconds: float = 3.0
    fewest: int = timing.FEWEST

    def result(
        self,
        name: str,
        target: float,
        ours: timing.Side,
        other: timing.Side,
        note: str,
        *,
        most: int | None = None,
        warm: int = timing.WARM,
    ) -> Result:
        """Measure both sides in turn."""
        pair = timing.compare(
            ours, other, seconds=self.seconds, fewest=min(self.fewest, most or self.fewest), most=most, warm=warm
        )
        said = f"{1000 * pair.ours:.2f} ÷ {1000 * pair.other:.2f} ms, n {pair.turns}; {note}"
        return Result(name, self.database, self.size, pair.ratio, target, said)

    @cached_property
    def pages(self) -> list[Page]:
        """The main pages and who reads them: a principal, the director and a member of the committee."""
        with self.app.app_context():
            round = cycle.current(COMMITTEE)
            assert round is not None
            own = db.session.scalars(select(Followup).where(Followup.round_id == round.id, Followup.path.like("%/e0/"))).one()
            top = db.session.scalars(select(Unit).where(Unit.level == "administration")).one()
            report = db.session.scalars(select(Report).order_by(Report.id.desc())).first()
        return [
            Page("page_home", "e0", "/"),
            Page("page_section", "e0", f"/followup/{own.public_id}/section/results"),
            Page("page_text", "e0", f"/followup/{own.public_id}/section/example"),
            Page("page_overview", "fvn", "/rollup/"),
            Page("page_figures", "fvn", f"/rollup/{round.public_id}/{top.public_id}"),
            Page("page_committee", "bun", f"/report/{report.public_id if report else ''}"),
        ]


class Browser:
    """Somebody signed in with a real session, who asks through WSGI as a server would."""

    def __init__(self, app: Flask, who: str) -> None:
        with app.app_context():
            person = city.mandate(who).person
            key = account.start(person, by=person)
        self.app, self.client = app, app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["key"] = key

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer

    def ask(self, path: str, **headers: str) -> baselines.Ask:
        """A request to be made again and again, with the cookie that the browser holds by now."""
        cookie = self.client.get_cookie("styrkedjan")
        assert cookie is not None
        return asked(self.app, path, [("Cookie", f"styrkedjan={cookie.value}"), *headers.items()])


# Pages


def page(bench: Bench, one: Page) -> Iterator[Result]:
    """A page against plain Flask and Jinja making as many bytes with as many cells, through a macro each."""
    browser = Browser(bench.app, one.who)
    first = browser.get(one.path)
    ours = browser.ask(one.path)
    size, cells = len(ours()), len(BeautifulSoup(first.data, "html.parser").select(CELLS))
    count = statements(bench.app, ours)
    inline = timing.compare(ours, baselines.page(size, cells, macros=False), seconds=bench.seconds / 3, fewest=bench.fewest)
    note = f"{size / 1000:.0f} kB, {cells} cells, {count} statements; {inline.ratio:.1f} against cells written inline"
    yield bench.result(one.name, PAGE, ours, baselines.page(size, cells), note)
    if tag := first.headers.get("ETag"):
        again = browser.client.get(one.path, headers={"If-None-Match": tag})
        if again.status_code == 304:
            unchanged = browser.ask(one.path, **{"If-None-Match": tag})
            yield bench.result("page_frozen", FROZEN, unchanged, baselines.page(size, cells), f"{one.path} answered 304")


def statements(app: Flask, request: Callable[[], Any]) -> int:
    """How many SQL statements a request takes."""
    counted: list[str] = []

    def counting(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        counted.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", counting)
    try:
        request()
    finally:
        event.remove(engine, "before_cursor_execute", counting)
    return len(counted)


def page_statements(bench: Bench, small: Bench) -> Iterator[Result]:
    """Every page's statements in the city ÷ in a smaller one; the largest of the ratios."""
    told, worst = [], 0.0
    for one, other in zip(bench.pages, small.pages, strict=True):
        here, there = (
            statements(side.app, Browser(side.app, found.who).ask(found.path)) for side, found in ((bench, one), (small, other))
        )
        worst = max(worst, here / there)
        told.append(f"{one.name.removeprefix('page_')} {here} ÷ {there}")
    note = f"statements at {bench.size} ÷ at {small.size}: {', '.join(told)}"
    yield Result("page_statements", bench.database, f"{bench.size} ÷ {small.size}", worst, 1.0, note)


# Saving


def autosave(bench: Bench) -> Iterator[Result]:
    """One autosave of a section, as the script sends it, against one row updated and committed in plain Flask."""
    browser = Browser(bench.app, "e0")
    path = next(one.path for one in bench.pages if one.name == "page_text")
    form = BeautifulSoup(browser.get(path).data, "html.parser").select_one("form#section")
    assert form is not None
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden]")}
    text = str(form.select_one("textarea").string)  # type: ignore[union-attr]
    version, saves = int(sent["version"]), count(1)
    post = browser.ask(path, **{"X-Autosave": "1", "Accept": "application/json"})

    def typed() -> bytes:
        """The form with some more words, as they have come to stand since the last save."""
        words = {**sent, "version": version, "save_key": random_name(), "done": "no", "text": f"{text} {next(saves)}"}
        return urlencode(words).encode()

    def save() -> None:
        nonlocal version
        version = json.loads(post(typed()))["version"]

    driver = baselines.driver(bench.url)
    driver.make_notes()
    bare = baselines.autosave(driver.save)
    note = f"{len(typed())} bytes sent, {statements(bench.app, save)} statements"
    yield bench.result("autosave", 3.0, save, lambda: bare(typed()), note)
    driver.close()


# Stored figures


def rollup_read(bench: Bench) -> Iterator[Result]:
    """The administration's figures of two rounds, as the page reads them, against the driver on the same select."""
    bare = baselines.driver(bench.url)
    with bench.app.app_context():
        head, asked = city.mandate("fvn"), _two_rounds()
        rows = len(bare.figures(*asked))
        assert rows == sum(map(len, figures.beside(head, *asked))) > 0
        note = f"{rows} rows"
        yield bench.result("rollup_read", 1.5, lambda: figures.beside(head, *asked), lambda: bare.figures(*asked), note)
        db.session.remove()
    bare.close()


def rollup_growth(bench: Bench, small: Bench) -> Iterator[Result]:
    """The same read in the city ÷ in a smaller one."""

    def reader(side: Bench) -> Callable[[], object]:
        with side.app.app_context():
            head, asked = city.mandate("fvn"), _two_rounds()

        def read() -> None:
            with side.app.app_context():
                figures.beside(head, *asked)

        return read

    found = bench.result("rollup_growth", 1.2, reader(bench), reader(small), "the same read in both")
    yield replace(found, size=f"{bench.size} ÷ {small.size}")


def _two_rounds() -> tuple[int, int, int]:
    round = cycle.current(COMMITTEE)
    assert round is not None
    before = cycle.year_before(round)
    assert before is not None
    unit = db.session.scalars(select(Unit.id).where(Unit.level == "administration")).one()
    return unit, round.id, before.id


def accept_rollup(bench: Bench) -> Iterator[Result]:
    """Accepting what a unit handed up, its figures stored and summed, against the driver inserting the same figures."""
    bare = baselines.driver(bench.url)
    bare.make_figures()
    with bench.app.app_context():
        round = cycle.current(COMMITTEE)
        assert round is not None
        waiting = select(Submission).where(Submission.round_id == round.id, Submission.state == "submitted")
        found = [one for one in db.session.scalars(waiting.order_by(Submission.id)) if one.snapshot["figures"]]
        found = [one for one in found if len(one.snapshot["figures"]) == len(found[0].snapshot["figures"])]
        heads = {one.id: city.mandate(one.path.strip("/").split("/")[-2]) for one in found}
        rows = [tuple(one.values()) for one in found[0].snapshot["figures"]]
        queue, number = iter([(one, heads[one.id]) for one in found]), count(1)

        def accept() -> None:
            submission, head = next(queue)
            rollup.accept(submission, by=head)

        def insert() -> None:
            unit_id = next(number)
            bare.insert([(unit_id, 1, *row[:-1], 1, row[-1], "/a/path/in/the/tree/") for row in rows])

        said = f"{len(rows)} figures, {statements(bench.app, accept)} statements"
        yield bench.result("accept_rollup", 6.0, accept, insert, said, most=len(found) - 2, warm=1)
        db.session.remove()
    bare.close()


# Pictures


def chart(bench: Bench) -> Iterator[Result]:
    """A funnel of sixty units drawn by us against bare matplotlib drawing the same."""
    picture, small = _funnel(), _small()
    spots = [(spot.n, spot.value, spot.flagged) for spot in picture.spots]
    words = [picture.rate_name, picture.thin_name, picture.flag_name, *(spot.name for spot in picture.spots if spot.flagged)]
    bare = baselines.funnel(spots, picture.lines, picture.rate, words)
    size, started = len(charts.svg(picture)), time.perf_counter()
    charts.draw(small)
    took = 1000 * (time.perf_counter() - started)
    said = f"{len(spots)} units, {size / 1000:.0f} kB; {len(small.series)} small ones of ten years {took:.0f} ms"
    yield bench.result("chart", 1.3, lambda: charts.draw(picture), bare, said)


def chart_cached(bench: Bench) -> Iterator[Result]:
    """The same funnel taken from what has been drawn against drawn anew."""
    picture = _funnel()
    yield bench.result("chart_cached", 0.01, lambda: charts.svg(picture), lambda: charts.draw(picture), "the same picture, kept")


def _funnel() -> FunnelPicture:
    random, rate = Random(2026), Fraction(22, 25)
    sizes = [random.randint(12, 150) for _unit in range(60)]
    dots = [Dot(f"Skola {n}", sum(random.random() < 0.88 for _pupil in range(n)), n, f"{place}") for place, n in enumerate(sizes)]
    made = funnel.made([*dots, Dot("Norrskolan", 30, 60, "odd")], rate)
    return gallery.funnel_picture(made, ("Tratt", "Bedömda", "Andel", "88 %"), "Sextio enheter.")


def _small() -> SmallPicture:
    random = Random(2026)

    def points() -> tuple[Point, ...]:
        return tuple(trend.share(f"{year}/{(year + 1) % 100}", random.randint(60, 80), 80) for year in range(2017, 2027))

    return SmallPicture("Alla ämnen", "Tjugo ämnen.", tuple((f"Ämne {place}", points()) for place in range(20)))


# Starting


def start(fewest: int = timing.FEWEST) -> Iterator[Result]:
    """Importing the whole application against importing what it is made of, each in a fresh interpreter.

    Both from compiled files, as where it is installed: without them most of the time would be the compiler's.
    """
    with TemporaryDirectory(prefix="styrkedjan-bench-") as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}

        def importing(statements: str) -> float:
            return baselines.importing(statements, str(ROOT), environment)

        both = IMPORT_ALL, baselines.IMPORTS
        spent = [tuple(map(importing, both)) for _turn in range(fewest + 1)][1:]  # the first one compiles
    pair = timing.Pair(median(mine for mine, _theirs in spent), median(theirs for _mine, theirs in spent), len(spent))
    said = f"{1000 * pair.ours:.0f} ÷ {1000 * pair.other:.0f} ms, n {pair.turns}; every link's models, actions and pages"
    yield Result("start", "–", "–", pair.ratio, 1.5, said)


def everything(bench: Bench, small: Bench) -> Iterator[tuple[str, Callable[[], Iterator[Result]]]]:
    """Each measure with its name, to be made when it is called."""
    for one in bench.pages:
        yield one.name, partial(page, bench, one)
    yield "page_statements", partial(page_statements, bench, small)
    yield "autosave", partial(autosave, bench)
    yield "rollup_read", partial(rollup_read, bench)
    yield "rollup_growth", partial(rollup_growth, bench, small)
    yield "accept_rollup", partial(accept_rollup, bench)
    yield "chart", partial(chart, bench)
    yield "chart_cached", partial(chart_cached, bench)
    yield "import_100k", partial(intake.import_100k, bench, COMMITTEE)  # last: its schools would be in all the others
