"""The two readers of the MAY table, `may` and `visible`, agree; and the table speaks of things that there are."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chain.access import policy
from chain.access.policy import MAY, Action, Relation, Role, Rule
from chain.base.db import Base, Path, db
from tests import databases

UNITS = [
    "/k/", "/k/a/", "/k/a/f/", "/k/a/f/n/", "/k/a/f/n/x/", "/k/a/f/n/x/g/", "/k/a/f/n/x/h/", "/k/a/f/n/xy/", "/k/a/f/s/",
    "/k/a/f/s/y/", "/k/a/f0/", "/k/ab/", "/k/ab/f/", "/l/", "/l/a/",
]  # fmt: skip


class Thing(policy.Base):
    """An object of every shape that the table can ask for, in a database of its own."""

    __tablename__ = "test_thing"
    __table_args__ = {"info": {"test": True}}
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int]
    path: Mapped[str] = mapped_column(Path)
    state: Mapped[str]
    ceiling: Mapped[str | None] = mapped_column(Path)
    author_id: Mapped[int]
    receiver_id: Mapped[int | None]
    present: Mapped[str]


Base.metadata.remove(Thing.__table__)  # nobody else's: what the models say is compared with what the migrations lead to
THING = policy.Scope(
    "test_thing",
    unit="unit_id",
    path="path",
    state="state",
    author="author_id",
    ceiling="ceiling",
    receiver="receiver_id",
    present="present",
)


@dataclass(frozen=True)
class Holder:
    role: Role
    unit_id: int
    person_id: int
    path: str


places = st.sampled_from(range(len(UNITS)))
things = st.builds(
    lambda unit, state, ceiling, author, receiver, present: {
        "unit_id": unit, "path": UNITS[unit], "state": state, "author_id": author, "receiver_id": receiver, "present": present,
        "ceiling": policy.ancestors(UNITS[unit])[ceiling % len(policy.ancestors(UNITS[unit]))]
        if ceiling is not None and policy.ancestors(UNITS[unit]) else None,
    },
    places, st.sampled_from(["draft", "submitted", "open"]), st.none() | st.integers(0, 9), st.integers(1, 3), st.none() | places,
    st.sampled_from(["", "|1|", "|2|13|", "|3|1|"]),
)  # fmt: skip
rules = st.builds(
    lambda roles, relations, states: Rule(frozenset(roles), Action.READ, "test_thing", frozenset(relations), frozenset(states)),
    st.sets(st.sampled_from([Role.PRINCIPAL, Role.OFFICER, Role.MEMBER]), min_size=1),
    st.sets(st.sampled_from(list(Relation)), min_size=1),
    st.sets(st.sampled_from(["draft", "submitted", "open"])),
)
holders = st.builds(
    lambda role, unit, person: Holder(role, unit, person, UNITS[unit]),
    st.sampled_from([Role.PRINCIPAL, Role.OFFICER, Role.MEMBER, Role.STAFF]), places, st.integers(1, 3),
)  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Iterator[None]:
    """Let the policy know the test's own kind, for as long as these tests run."""
    policy._scopes[Thing] = THING
    yield
    del policy._scopes[Thing]


def agree(session: Session, world: list[dict[str, object]], table: list[Rule], who: Holder) -> None:
    session.query(Thing).delete()
    made = [Thing(**facts) for facts in world]
    session.add_all(made)
    session.flush()
    seen = {thing.id for thing in session.scalars(policy.visible(who, Thing))}
    assert seen == {thing.id for thing in made if policy.may(who, Action.READ, thing)}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=st.lists(things, max_size=12), table=st.lists(rules, min_size=1, max_size=4), who=holders)
def test_may_and_visible_agree_on_any_world(known: None, world: list[dict[str, object]], table: list[Rule], who: Holder) -> None:
    engine = create_engine("sqlite://")
    Thing.__table__.create(engine)  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch, Session(engine) as session:
        patch.setattr(policy, "MAY", tuple(table))
        agree(session, world, table, who)
    engine.dispose()


def test_may_and_visible_agree_on_a_sample_of_worlds_on_postgresql(
    known: None, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = databases.template_database(postgres, lambda url: None)
    engine = create_engine(databases._with_database(postgres, name))
    Thing.__table__.create(engine)  # type: ignore[attr-defined]
    dice = random.Random(2026)  # the same worlds every time
    with Session(engine) as session:
        for _world in range(60):
            world = [some_thing(dice) for _n in range(20)]
            unit = dice.randrange(len(UNITS))
            table = [
                Rule(
                    frozenset({Role.OFFICER}), Action.READ, "test_thing",
                    frozenset(dice.sample(list(Relation), dice.randint(1, 3))),
                    frozenset(dice.sample(["draft", "submitted", "open"], dice.randint(0, 2))),
                )
            ]  # fmt: skip
            monkeypatch.setattr(policy, "MAY", tuple(table))
            agree(session, world, table, Holder(Role.OFFICER, unit, dice.randint(1, 3), UNITS[unit]))
    engine.dispose()
    databases.drop(databases._with_database(postgres, name))


def some_thing(dice: random.Random) -> dict[str, object]:
    unit = dice.randrange(len(UNITS))
    above = policy.ancestors(UNITS[unit])
    return {
        "unit_id": unit, "path": UNITS[unit], "state": dice.choice(["draft", "submitted", "open"]),
        "author_id": dice.randint(1, 3), "receiver_id": dice.choice([None, dice.randrange(len(UNITS))]),
        "ceiling": dice.choice([None, *above]), "present": dice.choice(["", "|1|", "|2|13|", "|3|1|"]),
    }  # fmt: skip


def test_the_whole_table_agrees_about_the_cast(app: Flask, cast: object) -> None:
    """Every mandate, every registered model, every action: what is in the database of the cast."""
    for model, scope in list(policy._scopes.items()):
        if scope.inside or model is Thing:
            continue
        everything = db.session.scalars(select(model)).all()
        for who in cast.who.values():  # type: ignore[attr-defined]
            for action in {rule.action for rule in MAY if rule.kind == scope.kind}:
                seen = set(db.session.scalars(policy.visible(who, model, action)))
                assert seen == {thing for thing in everything if policy.may(who, action, thing)}


def test_every_model_has_a_scope(app: Flask) -> None:
    models = {mapper.class_ for mapper in Base.registry.mappers} - {Thing}
    assert {model.__name__ for model in models if policy.scope_of(model) is None} == set()


def test_what_stands_inside_something_stands_inside_a_known_kind(app: Flask) -> None:
    assert {scope.inside for scope in policy._scopes.values() if scope.inside} <= {rule.kind for rule in MAY} | {"nobody"}


def test_the_table_speaks_only_of_kinds_that_there_are(app: Flask) -> None:
    assert {rule.kind for rule in MAY} == set(policy._kinds)


def test_each_line_can_come_true(app: Flask) -> None:
    """A relation that the kind keeps no column for, or a state of a kind without states, would be a line that never speaks."""
    needs = {
        Relation.OWN: "unit", Relation.BELOW: "path", Relation.ABOVE: "path", Relation.BESIDE: "path",
        Relation.RECEIVER: "receiver", Relation.PERSON: "author", Relation.CHARGED: "author", Relation.HELPER: "helper",
            Relation.PRESENT: "present",
    }  # fmt: skip
    for rule in MAY:
        if rule.kind in ("audit", "outbox"):  # belong to no unit: the role alone is asked
            continue
        scopes = [scope for scope in policy._scopes.values() if scope.kind == rule.kind and not scope.inside]
        for scope in scopes:
            assert all(getattr(scope, needs[relation]) for relation in rule.relations), rule
            assert scope.state or not rule.states, rule


def test_no_line_lets_anybody_above_see_a_draft() -> None:
    for rule in MAY:
        if rule.kind == "followup":
            assert rule.relations == {Relation.OWN}, rule
        if rule.kind in ("submission", "measure", "support", "citation", "release") and "draft" in rule.states:
            pytest.fail(f"{rule} names drafts")


def test_nobody_may_anything_without_a_mandate(cast: object) -> None:
    unit = cast.unit["alskolan"]  # type: ignore[attr-defined]
    assert not policy.may(None, Action.READ, unit)
    assert not policy.may_somewhere(None, Action.READ, "unit")
    assert db.session.scalars(policy.visible(None, type(unit))).all() == []


def test_a_path_that_only_begins_alike_is_not_below(app: Flask) -> None:
    assert policy.ancestors("/k/a/f/") == ["/k/", "/k/a/"]
    assert policy.ancestors("/k/") == []
