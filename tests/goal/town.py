"""What Sjövik has of goals, governing documents and plans, in every state, for the tests that ask who may see what."""

from datetime import date
from typing import Any, Protocol

from sqlalchemy import select

from chain.base import clock, files
from chain.base.db import db
from chain.goal import actions, assess_actions, document_actions, file_actions, plan_actions
from chain.goal.models import Goal
from chain.goal.rules import Words
from chain.organisation.models import Mandate, Unit
from tests.makers import Cast

YEAR = "2026/27"


class Town(Protocol):
    """As much of the town as is asked for here."""

    parts: dict[str, dict[str, str]]

    def name(self, short: str, thing: Any, **more: str) -> Any: ...
    def canary(self, where: str, *readers: str) -> str: ...


def fill(cast: Cast, town: Town) -> None:
    _goals(cast, town)
    _documents(cast, town)
    _plans(cast, town)


def _write(unit: Unit, title: str, by: Mandate, *above: Goal, text: str = "", owner: Mandate | None = None) -> Goal:
    said = Words(
        kind="knowledge", title=title, text=text, valid_from=YEAR, owner=(owner or by).person.public_id,
        above=tuple(one.public_id for one in above),
    )  # fmt: skip
    return actions.write(unit, said, by=by)


def _decided(goal: Goal, by: Mandate) -> Goal:
    return actions.decide(goal, decided_on=clock.today(), version=goal.version, by=by)


def _goals(cast: Cast, town: Town) -> None:
    national = db.session.scalars(select(Goal).where(Goal.key == "compulsory-knowledge")).one()
    town.name("goal national", national)
    bun, fvn, alskolan = (cast.unit[one] for one in ("bun", "fvn", "alskolan"))
    prepared = town.canary("goal draft bun", "diana", "olle", "olga", "sixten")
    town.name("goal draft bun", _write(bun, "Utkast", cast.olle, national, text=prepared, owner=cast.diana))
    committee = _decided(_write(bun, "Fler läser", cast.sixten, national, owner=cast.diana), cast.sixten)
    office = _decided(_write(fvn, "Alla skolor läser varje dag", cast.diana, committee), cast.diana)
    mine = town.canary("goal draft alskolan", "pia", "bo")
    town.name("goal draft alskolan", _write(alskolan, "Utkast", cast.bo, office, text=mine))
    unit = _decided(_write(alskolan, "Alla läser med flyt", cast.pia, office), cast.pia)
    team = town.canary("goal al46", "lena", "tove", "pia", "bo")
    group = _decided(_write(cast.unit["al46"], "Vi läser högt", cast.lena, unit, text=team), cast.lena)
    said = town.canary("goal al46 assessed", "lena", "tove", "pia", "bo")
    assess_actions.assess({group: ("on_the_way", said)}, year=YEAR, by=cast.lena)
    for name, goal in (("bun", committee), ("fvn", office), ("alskolan", unit), ("al46", group)):
        town.name(f"goal {name}", goal)
    town.parts["at bun"] = {"?at": bun.public_id}


def _documents(cast: Cast, town: Town) -> None:
    bun, fvn = cast.unit["bun"], cast.unit["fvn"]
    office = town.canary("governing draft", "diana", "olle", "olga")
    _named(town, "governing draft", _begun(fvn, cast.olle, office), office, by=cast.olle)
    word = town.canary("governing draft bun", "diana", "olle", "olga", "sixten")
    _named(town, "governing draft bun", _begun(bun, cast.olle, word), word, by=cast.olle)
    for name, unit, by in (("governing fvn", fvn, cast.diana), ("governing bun", bun, cast.sixten)):
        made = _named(town, name, _begun(unit, by, "Så gör vi."), "Rutinen", by=by)
        document_actions.adopt(
            made.versions[0], adopted_by="Nämnden", registration_number="Bun 2018/75", adopted_on=clock.today(),
            in_force_from=date(2026, 1, 1), by=by,
        )  # fmt: skip
    readers = ("pia", "bo", "petra", "diana", "olle", "olga", "sixten", "rut")
    word = town.canary("governing asked", *readers)
    asked = _begun(bun, cast.olle, word)
    file_actions.attach(asked.versions[0], [files.checked(f"{word}.txt", word.encode())], by=cast.olle)
    file = asked.versions[0].files[0].public_id
    receivers = [cast.unit["alskolan"], cast.unit["ekskolan"]]
    first, second = document_actions.ask(
        asked.versions[0], receivers, until=date(2026, 12, 20), question="Går det?", by=cast.olle
    )  # fmt: skip
    answer = town.canary("consultation answered", "petra", "diana", "olle", "olga", "sixten", "rut")
    document_actions.answer(second, answer, by=cast.petra)
    town.name("consultation", first, file_id=file)
    town.name("consultation answered", second, file_id=file)


def _named(town: Town, name: str, made: Any, word: str, *, by: Mandate) -> Any:
    """With a file, whose name and content are a word."""
    file_actions.attach(made.versions[0], [files.checked(f"{word}.txt", word.encode())], by=by)
    return town.name(name, made, file_id=made.versions[0].files[0].public_id)


def _begun(unit: Unit, by: Mandate, text: str) -> Any:
    return document_actions.begin(unit, kind="routine", title="Rutin", text=text, by=by)


def _plans(cast: Cast, town: Town) -> None:
    draft = plan_actions.begin(cast.unit["alskolan"], YEAR, by=cast.pia)
    words = town.canary("plan draft", "pia", "bo")
    plan_actions.write(draft, text=words, participation="", version=draft.version, by=cast.pia)
    town.name("plan draft", draft)
    plan = plan_actions.begin(cast.unit["ekskolan"], YEAR, by=cast.petra)
    plan_actions.write(plan, text="Hit.", participation="Alla.", version=plan.version, by=cast.petra)
    goal = db.session.scalars(select(Goal).where(Goal.key == "compulsory-knowledge")).one()
    plan_actions.put(plan, what="Läser", when="Nu", who="Alla", know="Prov", from_goals=[goal], by=cast.petra)
    plan_actions.decide(plan, by=cast.petra)
    town.name("plan ekskolan", plan)
    soon = date(2026, 12, 14)
    held = plan_actions.plan_workshop(cast.unit["fvn"], year=YEAR, held_on=soon, about="Vi skriver.", by=cast.olle)
    town.name("workshop", held)
