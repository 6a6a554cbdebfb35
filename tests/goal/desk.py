"""What the tests of goals have in common: goals, documents and plans in the states that are reached by doing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chain.base import clock
from chain.goal import actions, document_actions, national_actions, plan_actions, queries
from chain.goal.document_models import Consultation, GoverningDocument
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan
from chain.goal.rules import Words
from chain.organisation.models import Mandate, Unit
from tests.asked import statements
from tests.makers import Cast

YEAR = "2026/27"
WORDS = Words(kind="knowledge", title="Fler läser med flyt", text="", valid_from=YEAR)


def words(*above: Goal, owner: Mandate | None = None, **more: Any) -> Words:
    """What a goal says: with a title, a year, and what it breaks down."""
    said = {"above": tuple(one.public_id for one in above), "owner": owner.person.public_id if owner else "", **more}
    return replace(WORDS, **said)


def national(cast: Cast, key: str = "compulsory-knowledge") -> Goal:
    """A national goal of Sjövik, taken in when nobody has before."""
    root = cast.unit["sjovik"]
    if not queries.national(root.id):
        national_actions.adopt(root, by=cast.stina)
    return next(one for one in queries.national(root.id) if one.key == key)


def draft(cast: Cast, who: str, *above: Goal, unit: Unit | None = None, **more: Any) -> Goal:
    """A draft with an owner: whoever writes it."""
    by = cast.who[who]
    owner = cast.diana if unit is not None and unit.level in ("municipality", "committee") else by
    return actions.write(unit or by.unit, words(*above, **{"owner": owner, **more}), by=by)


def decided(cast: Cast, who: str, *above: Goal, unit: Unit | None = None, **more: Any) -> Goal:
    """A decided goal of somebody's own node; of the committee when the secretary records it."""
    goal = draft(cast, who, *above, unit=unit, **more)
    return actions.decide(goal, decided_on=clock.today(), version=goal.version, by=cast.who[who])


def chain(cast: Cast, title: str = "Fler läser med flyt") -> dict[str, Goal]:
    """A thread from the nation to a group: {level: goal}."""
    made = {"national": national(cast)}
    made["committee"] = decided(cast, "sixten", made["national"], unit=cast.unit["bun"], title=f"Nämnden: {title}")
    made["administration"] = decided(cast, "diana", made["committee"], title=f"Förvaltningen: {title}")
    made["unit"] = decided(cast, "pia", made["administration"], title=f"Alskolan: {title}")
    made["group"] = decided(cast, "lena", made["unit"], title=f"Arbetslaget: {title}")
    return made


def document(cast: Cast, who: str = "olle", unit: Unit | None = None, **more: Any) -> GoverningDocument:
    """A document that is being written."""
    said = {"kind": "routine", "title": "Rutin för uppföljning", "text": "Så gör vi.", **more}
    return document_actions.begin(unit or cast.who[who].unit, by=cast.who[who], **said)


def asked(cast: Cast, made: GoverningDocument, *units: str, who: str = "olle", days: int = 14) -> list[Consultation]:
    """Heads are asked about its draft."""
    receivers = [cast.unit[one] for one in units]
    until = clock.today() + timedelta(days=days)
    return document_actions.ask(made.versions[-1], receivers, until=until, question="Går det?", by=cast.who[who])


def adopted(cast: Cast, who: str = "diana", **more: Any) -> GoverningDocument:
    """A document that holds."""
    made = document(cast, who, **more)
    adopt(made, cast.who[who])
    return made


def adopt(made: GoverningDocument, by: Mandate, **more: Any) -> None:
    said: dict[str, Any] = {
        "adopted_by": "Skolchefen", "registration_number": "Buf 2026/12", "adopted_on": clock.today(),
        "in_force_from": clock.today(), "in_force_to": None, **more,
    }  # fmt: skip
    document_actions.adopt(made.versions[-1], by=by, **said)


def plan(cast: Cast, who: str = "pia", year: str = YEAR, *, goals: list[Goal] | None = None, whole: bool = True) -> Workplan:
    """A unit's draft; with `whole`, one that can be decided."""
    by = cast.who[who]
    made = plan_actions.begin(by.unit, year, by=by)
    if whole:
        plan_actions.write(made, text="Hit ska vi.", participation="Alla har varit med.", version=made.version, by=by)
        put(made, by, goals or [decided(cast, who, national(cast))])
    return made


def put(made: Workplan, by: Mandate, goals: list[Goal], **more: str) -> Any:
    said = {"what": "Vi läser högt varje dag", "when": "Höstterminen", "who": "Alla lärare", "know": "Läsprovet i maj", **more}
    return plan_actions.put(made, from_goals=goals, by=by, **said)


def decided_plan(cast: Cast, who: str = "pia", year: str = YEAR) -> Workplan:
    made = plan(cast, who, year)
    plan_actions.decide(made, by=cast.who[who])
    return made


@contextmanager
def counted(most: int) -> Iterator[None]:
    """At most so many statements about goals within the block."""
    with statements() as found:
        yield
    said = [one for one in found if "goal" in one]
    assert len(said) <= most, said
