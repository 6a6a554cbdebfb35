"""A principal writes down what is decided on; what is missing is told a level up, by name and without marks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.organisation import actions as organisation
from chain.plan import actions, queries
from chain.plan.models import Plan
from tests import asked
from tests.home.reading import home
from tests.makers import Cast

Client = Callable[[str], FlaskClient]
KIND = "degrading_treatment"


def record(cast: Cast, unit: str = "alskolan", who: str = "pia", **more: Any) -> Plan:
    standing = {one.kind.key: one for one in queries.standing(cast.unit[unit])}
    kind = more.pop("kind", KIND)
    known = standing[kind].plan if kind in standing else None
    said = {"decided_on": date(2026, 9, 14), "revised_on": None, "responsible": cast.who[who].person, **more}
    return actions.record(cast.unit[unit], kind, version=known.version if known else 0, by=cast.who[who], **said)


def state(cast: Cast, unit: str = "alskolan", kind: str = KIND) -> str:
    return next(one.state for one in queries.standing(cast.unit[unit]) if one.kind.key == kind)


def test_a_year_is_corrected_and_another_year_stays(cast: Cast) -> None:
    first = record(cast, decided_on=date(2025, 9, 1))
    assert (first.year, state(cast)) == ("2025/26", "old")
    again = record(cast, decided_on=date(2025, 9, 1), revised_on=date(2026, 9, 20))
    assert (again.year, again.id != first.id, state(cast)) == ("2026/27", True, "current")
    assert record(cast, decided_on=date(2025, 9, 1), revised_on=date(2026, 9, 21), number="Bun 2026/8").id == again.id
    found = next(one for one in queries.standing(cast.unit["alskolan"]) if one.kind.key == KIND)
    assert [one.year for one in found.earlier] == ["2025/26"]


def test_a_day_that_was_written_too_late_does_not_stay_the_newest(cast: Cast) -> None:
    record(cast, decided_on=date(2026, 9, 1))
    record(cast, decided_on=date(2025, 9, 1))
    found = next(one for one in queries.standing(cast.unit["alskolan"]) if one.kind.key == KIND)
    assert found.plan and (found.plan.year, found.earlier) == ("2025/26", ())
    record(cast, decided_on=date(2026, 9, 1))
    record(cast, decided_on=date(2025, 10, 1))
    found = next(one for one in queries.standing(cast.unit["alskolan"]) if one.kind.key == KIND)
    assert found.plan and (found.plan.decided_on, found.earlier) == (date(2025, 10, 1), ())


def test_only_the_principal_of_a_unit_that_needs_it_writes_it_down(cast: Cast) -> None:
    for who in ("bo", "petra", "arne", "diana", "lena"):
        with pytest.raises(NotAllowed):
            record(cast, who=who)
    with pytest.raises(NotFound):
        record(cast, "havet", "per", kind="support_investigations")
    with pytest.raises(RuleBroken, match="ansvarar"):
        record(cast, responsible=cast.petra.person)


def test_when_two_write_the_second_reads_first(cast: Cast) -> None:
    record(cast)
    with pytest.raises(RuleBroken, match="Läs den igen"):
        actions.record(
            cast.unit["alskolan"], KIND, decided_on=date(2026, 9, 1), revised_on=None, responsible=cast.pia.person, version=0,
            by=cast.pia,
        )  # fmt: skip


def test_whoever_answers_for_it_leaves_and_nobody_does(cast: Cast) -> None:
    record(cast, responsible=cast.bo.person)
    assert state(cast) == "current"
    organisation.end_mandate(cast.bo, by=cast.stina)
    assert state(cast) == "nobody"


def test_what_is_missing_is_on_the_principals_home_and_told_a_level_up(app: Flask, cast: Cast, client: Client) -> None:
    assert "Planer som saknas" in home(app, "pia").text
    for kind in ("active_measures", "support_investigations", "complaints"):
        record(cast, kind=kind)
    assert "Plan mot kränkande behandling" in home(app, "pia").text
    record(cast)
    assert "Planer som saknas" not in home(app, "pia").text
    above = home(app, "diana").text
    assert "2 enheter saknar något." in above and "Ekskolan" in above
    assert all("Planer som saknas" not in home(app, who).text for who in ("maja", "lena", "stina", "vera"))
    page = client("diana").get("/plan/").text
    assert "2 av 3 enheter" in page and "Alskolan" not in page.partition("<main")[2]
    assert page.index("Ekskolan") < page.index("Havets förskola") and "Kan åtgärda: Petra Nord" in page
    assert "data-color" not in page.partition("<main")[2], "no colours on units"
    area = client("arne").get("/plan/").text
    assert "Ekskolan" in area and "Havets" not in area
    assert "Petra Nord" in client("diana").get("/plan/?as=csv").get_data(as_text=True)
    with clock.held(clock.at(date(2027, 10, 1))):
        assert "3 enheter saknar något." in home(app, "diana", date(2027, 10, 1)).text


def test_the_page_of_a_unit_and_the_form_that_keeps_what_was_typed(cast: Cast, client: Client) -> None:
    unit = cast.unit["alskolan"].public_id
    assert client("pia").get("/plan/").headers["Location"] == f"/plan/{unit}"
    wrong = {"version": "0", "decided_on": "2027-01-01", "responsible": cast.bo.person.public_id, "text": "Pärmen i expeditionen"}
    refused = client("pia").post(f"/plan/{unit}/{KIND}", data=wrong)
    assert refused.status_code == 422 and "Dagen har inte varit än" in refused.text and "Pärmen i expeditionen" in refused.text
    right = {**wrong, "decided_on": "2026-09-14"}
    assert client("pia").post(f"/plan/{unit}/{KIND}", data=right).status_code == 303
    assert "Pärmen i expeditionen" in client("pia").get(f"/plan/{unit}").text
    for who in ("bo", "arne", "diana", "rut"):
        page = client(who).get(f"/plan/{unit}")
        assert page.status_code == 200 and "Skriv in" not in page.text
        assert client(who).get(f"/plan/{unit}/{KIND}").status_code == 403
    for who in ("petra", "asta", "vera", "maja", "lena", "stina"):
        assert client(who).get(f"/plan/{unit}").status_code == client(who).get(f"/plan/{unit}/{KIND}").status_code == 404
    assert client("pia").get(f"/plan/{unit}/nothing").status_code == 404
    assert "Plan mot kränkande behandling" in client("arne").get(f"/organisation/{unit}").text
    assert "Plan mot kränkande behandling" not in client("petra").get(f"/organisation/{unit}").text


def test_the_number_of_statements_is_the_same_for_few_and_for_many_units(app: Flask, cast: Cast, client: Client) -> None:
    def count() -> int:
        browser = client("diana")
        with asked.statements() as said:
            assert browser.get("/plan/").status_code == 200
        return len(said)

    few = count()
    for number in range(8):
        organisation.add_unit(cast.unit["norr"], name=f"Skola {number}", level="unit", by=None, school_forms=["GR"])
    db.session.rollback()
    assert count() == few
