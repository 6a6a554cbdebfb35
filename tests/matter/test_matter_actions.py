"""A matter is opened, given to somebody, worked on, and goes on as the table says, with a line of its history for each act."""

from datetime import date

import pytest
from sqlalchemy import select

from chain.access.policy import Role
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.outbox import Letter
from chain.matter import matter_actions as actions
from chain.matter import matter_queries as queries
from chain.matter.models import Matter
from tests.followup import world
from tests.makers import Cast
from tests.matter import desk


def test_secretary_officer_and_director_open_a_matter(cast: Cast) -> None:
    for number, who in enumerate(("sixten", "olle", "diana"), 1):
        made = desk.opened(cast, f"Ärende {number}", who, registration_number=f" Bun  2026/{number} ")
        assert (made.state, made.registration_number) == ("open", f"Bun 2026/{number}")
    assert len(queries.matters(cast.maja)) == 3 and not queries.matters(cast.pia) and not queries.matters(cast.viktor)


@pytest.mark.parametrize("who", ["maja", "rut", "arne", "pia", "lena", "stina", "viktor", "vera"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        desk.opened(cast, who=who)


def test_a_registration_number_names_one_matter_of_the_committee(cast: Cast) -> None:
    desk.opened(cast, registration_number="Bun 2018/75")
    with pytest.raises(RuleBroken, match="redan ärendet ”Karriärtjänster”") as told:
        desk.opened(cast, "En annan", registration_number="BUN 2018/75")
    assert list(told.value.problems) == ["registration_number"]
    desk.opened(cast, "Utan")
    desk.opened(cast, "Också utan")  # a number may come later


def test_the_number_and_the_words_are_put_right_by_the_secretary_and_an_old_form_overwrites_nothing(cast: Cast) -> None:
    matter = desk.opened(cast)
    facts = {"title": "Förstelärare", "why": "Nytt namn.", "opened_on": desk.DAY, "registration_number": "Bun 2026/80"}
    with pytest.raises(NotAllowed):
        actions.change(matter, **facts, version=matter.version, by=cast.olle)
    version = matter.version
    actions.change(matter, **facts, version=version, by=cast.sixten)
    assert (matter.title, matter.registration_number) == ("Förstelärare", "Bun 2026/80")
    with pytest.raises(RuleBroken, match="Någon annan ändrade"):
        actions.change(matter, **facts | {"title": "Gammalt"}, version=version, by=cast.sixten)
    assert [one.act for one in queries.steps(matter)] == ["change", "open"]


def test_a_line_of_matters_has_no_circle_and_stays_within_the_committee(cast: Cast) -> None:
    first = desk.opened(cast, "2011")
    second = desk.opened(cast, "2017", follows=first)
    third = desk.opened(cast, "2018", follows=second)
    assert queries.line(second) == [first, second, third] == queries.line(third)
    facts = {"title": "2011", "why": "Cirkel.", "opened_on": desk.DAY, "registration_number": ""}
    with pytest.raises(RuleBroken, match="går själv vidare från det här"):
        actions.change(first, **facts, follows=third, version=first.version, by=cast.sixten)


def test_a_matter_may_be_about_a_round_of_the_committee(cast: Cast) -> None:
    november = world.opened(cast)
    assert desk.opened(cast, about=november).round is november


def test_the_director_gives_it_to_a_role_at_the_administration_whose_people_get_a_letter(cast: Cast) -> None:
    matter = desk.opened(cast)
    with pytest.raises(NotAllowed):
        actions.assign(matter, Role.OFFICER, cast.unit["fvn"], by=cast.olle)
    for role, unit in ((Role.PRINCIPAL, "fvn"), (Role.OFFICER, "norr"), (Role.DIRECTOR, "vuxf")):
        with pytest.raises(RuleBroken, match="Välj vem vid förvaltningen"):
            actions.assign(matter, role, cast.unit[unit], by=cast.diana)
    actions.assign(matter, Role.OFFICER, cast.unit["fvn"], words="Till mars.", by=cast.diana)
    assert (matter.state, queries.responsible(matter)) == ("assigned", "utredare, Barn- och utbildningsförvaltningen")
    told = db.session.scalars(select(Letter.person).where(Letter.kind == "matter.assigned")).all()
    assert set(told) == {cast.olle.person.public_id, cast.olga.person.public_id}


def test_every_act_leaves_its_line_with_who_and_the_words(cast: Cast) -> None:
    matter = desk.under_way(cast)
    actions.go(matter, "write", by=cast.olle)
    actions.go(matter, "resume", words=" Effekten saknas. ", by=cast.diana)
    assert [(one.act, one.state, one.by_role, one.words) for one in reversed(queries.steps(matter))] == [
        ("open", "open", "secretary", ""),
        ("assign", "assigned", "director", ""),
        ("begin", "under_way", "officer", ""),
        ("write", "written", "officer", ""),
        ("resume", "under_way", "director", "Effekten saknas."),
    ]


def test_what_is_closed_is_opened_again_with_a_reason_where_it_was_responsible(cast: Cast) -> None:
    matter = desk.under_way(cast)
    actions.go(matter, "write_off", words="Lagen har ändrats.", by=cast.sixten)
    assert matter.state == "closed" and queries.matters(cast.maja, closed=True) == [matter] and not queries.matters(cast.maja)
    with pytest.raises(RuleBroken, match="Skriv varför"):
        actions.go(matter, "reopen", by=cast.sixten)
    actions.go(matter, "reopen", words="Lagen kom inte.", by=cast.sixten)
    assert matter.state == "assigned"
    unknown = desk.opened(cast, "Utan ansvarig")
    actions.go(unknown, "write_off", words="Dubblett.", by=cast.sixten)
    actions.go(unknown, "reopen", words="Ingen dubblett.", by=cast.sixten)
    assert unknown.state == "open"


def test_another_committee_knows_nothing_of_it(cast: Cast) -> None:
    matter = desk.under_way(cast)
    with pytest.raises(NotAllowed):
        actions.go(matter, "write", by=cast.vera)
    assert db.session.get_one(Matter, matter.id).state == "under_way"
    with pytest.raises(RuleBroken, match="en annan nämnd"):
        actions.open_(cast.unit["vux"], title="Följer", why="Fel.", opened_on=date(2026, 11, 1), follows=matter, by=cast.vera)
