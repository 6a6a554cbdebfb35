"""What every measure is made with: a city to measure in, somebody signed in to it, and what a ratio is."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from bench import baselines, city, timing
from bench.baselines import asked
from chain.account import actions as account
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.followup.models import Followup
from chain.goal.models import Goal
from chain.organisation.models import Unit
from chain.publication.models import Publication
from chain.report.models import Report

COMMITTEE = "/sjovik/bun/"


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
            goal = db.session.scalars(select(Goal).where(Goal.level == "committee")).first()
            report = db.session.scalars(select(Report).order_by(Report.id.desc())).first()
            public = db.session.scalars(select(Publication).order_by(Publication.id.desc())).first()
        return [
            Page("page_home", "e0", "/"),
            Page("page_section", "e0", f"/followup/{own.public_id}/section/results"),
            Page("page_text", "e0", f"/followup/{own.public_id}/section/example"),
            Page("page_overview", "fvn", "/rollup/"),
            Page("page_figures", "fvn", f"/rollup/{round.public_id}/{top.public_id}"),
            Page("page_committee", "bun", f"/report/{report.public_id if report else ''}"),
            Page("page_thread", "fvn", "/thread/"),
            Page("page_thread_broken", "fvn", "/thread/broken"),
            Page("page_thread_goal", "bun", f"/thread/goal/{goal.public_id if goal else ''}"),
            Page("page_public", "bun", f"/public/{public.public_id if public else ''}"),
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
