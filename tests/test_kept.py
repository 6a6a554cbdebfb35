"""The database is as new for each test, and a world that was kept is the one that was built."""

import pytest
from sqlalchemy import delete, inspect, select, text

from chain.account import actions as account
from chain.base.audit import AuditLine
from chain.base.db import Base, db
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation import actions as organisation
from chain.organisation.models import Unit
from tests import kept
from tests.followup import world
from tests.makers import Cast


@pytest.fixture
def store(cast: Cast) -> kept.Store:
    return next(store for store in kept.STORES if db.engine in store.engines)


def everything() -> dict[str, list[str]]:
    """Every row of every table."""
    db.session.rollback()
    found = {table.name: sorted(map(repr, db.session.execute(select(table)))) for table in Base.metadata.sorted_tables}
    db.session.rollback()
    return found


def again(store: kept.Store) -> None:
    """The next test begins."""
    db.session.rollback()
    db.session.expire_all()
    store.begin(keeps=True)


def test_the_next_test_finds_nothing_of_what_this_one_wrote_changed_or_took_away(store: kept.Store, cast: Cast) -> None:
    before = everything()
    first = organisation.add_unit(cast.unit["norr"], name="Nya skolan", level="unit", by=None).id
    organisation.end_person(cast.lena.person, by=cast.stina)
    db.session.execute(delete(AuditLine))
    db.session.commit()
    assert everything() != before
    again(store)
    assert everything() == before
    assert organisation.add_unit(cast.unit["norr"], name="Andra skolan", level="unit", by=None).id == first


def test_tables_that_were_changed_are_as_they_were(store: kept.Store) -> None:
    db.session.execute(text("ALTER TABLE unit ADD COLUMN more INTEGER"))
    db.session.commit()
    again(store)
    assert "more" not in {column["name"] for column in inspect(db.engine).get_columns("unit")}


def test_a_world_that_was_kept_is_put_as_it_was_built(store: kept.Store, cast: Cast) -> None:
    built = world.opened(cast).public_id
    before = everything()
    organisation.add_unit(cast.unit["norr"], name="Nya skolan", level="unit", by=None)
    again(store)
    assert db.session.scalars(select(Round)).all() == []
    round = world.opened(cast)
    assert everything() == before and round.public_id == built
    handed = world.hand_in(world.followup(cast, "pia", round), cast.pia).public_id
    again(store)
    assert world.hand_in(world.followup(cast, "pia", world.opened(cast)), cast.pia).public_id == handed


def test_a_world_is_built_upon_the_one_that_it_begins_with(store: kept.Store, cast: Cast) -> None:
    @kept.kept
    def grown(cast: Cast) -> Round:
        found = world.opened(cast)
        world.hand_in(world.followup(cast, "pia", found), cast.pia)
        return found

    begun = world.opened(cast).public_id
    for _time in range(2):
        again(store)
        assert grown(cast).public_id == begun
        assert [one.submitted_by_id for one in db.session.scalars(select(Submission))] == [cast.pia.person_id]


def test_whoever_has_written_before_gets_one_built(store: kept.Store, cast: Cast) -> None:
    known = world.opened(cast).public_id
    again(store)
    account.start(cast.pia.person, by=cast.pia.person)
    assert world.opened(cast).public_id != known


def test_a_test_that_changes_more_than_rows_keeps_nothing_and_is_put_nothing(store: kept.Store, cast: Cast) -> None:
    known = world.opened(cast).public_id
    db.session.rollback()
    store.begin(keeps=False)
    db.session.expire_all()
    assert world.opened(cast).public_id != known


def test_a_world_in_which_something_of_the_template_is_gone_is_not_kept(store: kept.Store, cast: Cast) -> None:
    @kept.kept
    def emptier(cast: Cast) -> Unit:
        db.session.execute(delete(AuditLine))
        db.session.commit()
        return cast.unit["norr"]

    for _time in range(2):
        again(store)
        assert emptier(cast).name == "Norra området"
        assert everything()["audit_line"] == []
