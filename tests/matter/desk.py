"""The committee's desk in Sjövik: matters, meetings, decisions and assignments, made by doing."""

from datetime import date
from typing import Any

from chain.access.policy import Role
from chain.base import clock
from chain.matter import actions, assignment_queries, matter_actions, meeting_actions
from chain.matter.assignment_rules import Asked
from chain.matter.models import Assignment, Decision, Matter, Meeting
from tests.kept import kept
from tests.makers import Cast

DAY = date(2026, 11, 20)  # a Friday before the tests' own day


def opened(cast: Cast, title: str = "Karriärtjänster", who: str = "sixten", **more: Any) -> Matter:
    facts: dict[str, Any] = {"title": title, "why": "Nämnden vill veta hur det går.", "opened_on": DAY}
    return matter_actions.open_(cast.unit["bun"], **(facts | more), by=cast.who[who])


@kept
def under_way(cast: Cast, title: str = "Karriärtjänster", **more: Any) -> Matter:
    matter = opened(cast, title, **more)
    matter_actions.assign(matter, Role.OFFICER, cast.unit["fvn"], by=cast.diana)
    matter_actions.go(matter, "begin", by=cast.olle)
    return matter


def met(cast: Cast, *days: date, **more: Any) -> list[Meeting]:
    return meeting_actions.plan(cast.unit["bun"], days, **more, by=cast.sixten)


def decided(cast: Cast, matter: Matter | None, paragraph: str = "12", day: date = DAY, **more: Any) -> Decision:
    facts: dict[str, Any] = {"registration_number": "Bun 2026/75", "text": "Nämnden godkänner redovisningen."}
    return actions.record(
        cast.unit["bun"], decided_on=day, paragraph=paragraph, matter=matter, **(facts | more), by=cast.sixten
    )  # fmt: skip


def given(cast: Cast, matter: Matter, text: str = "Beskriv effekten.", due_on: date | None = None, **more: Any) -> Assignment:
    decision = decided(cast, matter, asks=[Asked(text, due_on)], **more)
    [found] = assignment_queries.given_by(decision)
    return found


def at(day: date) -> Any:
    """The clock held at noon of a day."""
    return clock.held(clock.at(day))
