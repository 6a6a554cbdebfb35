"""Good examples: nothing is read by others without the unit's yes, found by what is asked for, tried by others and told of."""

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.finding import example_actions, example_queries, example_rules, theme_actions
from chain.finding.example_models import Example, Offer, Trial
from chain.finding.example_queries import Asked
from chain.organisation import queries as tree
from chain.organisation.models import Unit
from tests.finding import world
from tests.makers import Cast

# The table


@pytest.mark.parametrize(
    ("act", "before", "role", "after"),
    [
        ("edit", "offered", "officer", "asked"), ("agree", "asked", "principal", "agreed"),
        ("change", "asked", "principal", "changes"),
        ("refuse", "asked", "principal", "refused"), ("publish", "agreed", "director", "published"),
        ("take_back", "agreed", "principal", "withdrawn"), ("withdraw", "published", "principal", "withdrawn"),
        ("withdraw", "published", "officer", "withdrawn"), ("pass", "offered", "officer", "passed"),
    ],
)  # fmt: skip
def test_the_table_leads_on(app: Flask, act: str, before: str, role: str, after: str) -> None:
    assert example_rules.move(act, before, "Några ord här.", role=role).after == after


@pytest.mark.parametrize(("act", "before", "role"), [("agree", "asked", "officer"), ("publish", "agreed", "principal")])
def test_each_side_has_acts_of_its_own(app: Flask, act: str, before: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        example_rules.move(act, before, "", role=role)


@pytest.mark.parametrize(("act", "before", "role"), [("pass", "offered", "officer"), ("refuse", "asked", "principal")])
def test_a_no_needs_a_reason(app: Flask, act: str, before: str, role: str) -> None:
    with pytest.raises(RuleBroken, match="Skriv varför"):
        example_rules.move(act, before, "nej", role=role)


def test_it_is_not_published_before_the_unit_has_said_yes(app: Flask) -> None:
    for state in ("offered", "asked", "changes", "refused"):
        with pytest.raises(RuleBroken, match="Det går inte längre"):
            example_rules.move("publish", state, "", role="director")


# With people


def offered(cast: Cast) -> Offer:
    world.handed_in(cast)
    about = {"subject": "SV", "year_groups": ["4", "5"], "school_forms": ["GR"]}
    return example_actions.offer(world.submission(cast, "alskolan"), title="Två vägar", by=cast.pia, **about)


def published(cast: Cast, text: str = "Vi läser i små grupper varje dag.") -> Example:
    found = offered(cast)
    about = {"subject": "SV", "year_groups": ["4", "5"], "school_forms": ["GR"], "theme": world.theme(cast, "staff")}
    example_actions.edit(found, title="Läsgrupper", text=text, by=cast.olle, **about)
    example_actions.go(found, "agree", by=cast.pia)
    example_actions.go(found, "publish", by=cast.diana)
    return db.session.scalars(select(Example)).one()


def test_a_unit_offers_the_words_that_it_handed_up_once_a_round(cast: Cast) -> None:
    found = offered(cast)
    assert found.original == found.text == "Vi har prövat två vägar.\n\nDen andra gav mest."
    assert (found.receiver.name, found.state) == ("Barn- och utbildningsförvaltningen", "offered")
    with pytest.raises(RuleBroken, match="redan erbjudet"):
        example_actions.offer(world.submission(cast, "alskolan"), title="Igen", by=cast.pia)
    example_actions.go(found, "take_back", by=cast.pia)
    example_actions.offer(world.submission(cast, "alskolan"), title="Igen", by=cast.pia)
    assert (found.title, found.state) == ("Igen", "offered")


@pytest.mark.parametrize("who", ["bo", "petra", "arne", "olle", "lena", "vera"])
def test_nobody_else_offers_it(cast: Cast, who: str) -> None:
    world.handed_in(cast)
    with pytest.raises(NotAllowed):
        example_actions.offer(world.submission(cast, "alskolan"), title="Vårt", by=cast.who[who])


def test_what_is_published_is_what_the_unit_said_yes_to(cast: Cast) -> None:
    found = offered(cast)
    example_actions.edit(found, title="Läsgrupper", text="Ett första förslag.", by=cast.olle)
    example_actions.go(found, "change", words="Säg hur ofta.", by=cast.pia)
    example_actions.edit(found, title="Läsgrupper", text="Vi läser varje dag.", by=cast.olga)
    example_actions.go(found, "agree", by=cast.pia)
    example_actions.edit(found, title="Läsgrupper", text="Vi läser varje timme.", by=cast.olle)
    with pytest.raises(RuleBroken, match="hos enheten"):
        example_actions.go(found, "publish", by=cast.diana)
    example_actions.go(found, "agree", by=cast.pia)
    example_actions.go(found, "publish", by=cast.diana)
    assert db.session.scalars(select(Example)).one().text == "Vi läser varje timme."
    assert [one.act for one in example_queries.trail(found)] == [
        "offer", "edit", "change", "edit", "agree", "edit", "agree", "publish",
    ]  # fmt: skip


def test_the_unit_may_take_its_yes_back(cast: Cast) -> None:
    example = published(cast)
    example_actions.go(example.offer, "withdraw", words="Det stämmer inte längre.", by=cast.pia)
    assert example.state == "withdrawn" and example_queries.search(cast.maja, Asked()).total == 0


@pytest.mark.parametrize("who", ["petra", "lena", "maja", "viktor", "asta", "diana"])
def test_all_in_the_municipality_find_it_also_under_other_committees(cast: Cast, who: str) -> None:
    published(cast)
    assert [one.title for one in example_queries.search(cast.who[who], Asked()).examples] == ["Läsgrupper"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked("små grupper"), 1), (Asked("GRUPPER alskolan"), 1), (Asked("ämnen"), 0), (Asked("%"), 0), (Asked("_"), 0),
        (Asked(subject="SV"), 1), (Asked(subject="MA"), 0), (Asked(year_group="4"), 1), (Asked(year_group="6"), 0),
        (Asked(school_form="GR"), 1), (Asked(school_form="G"), 0), (Asked(theme="Medarbetarskap"), 1),
        (Asked(words="läser", subject="SV", year_group="5", school_form="GR", theme="Medarbetarskap"), 1),
    ],
)  # fmt: skip
def test_it_is_found_by_what_is_asked_for(cast: Cast, asked: Asked, found: int) -> None:
    published(cast)
    assert example_queries.search(cast.petra, asked).total == found


def test_an_example_keeps_the_name_of_its_theme(cast: Cast) -> None:
    example = published(cast)
    theme_actions.rename(world.theme(cast, "staff"), "Yrkesroll", "Stöd.", by=cast.olle)
    assert example.theme == "Medarbetarskap"


# Tried


def test_another_unit_tries_it_and_tells_and_both_see_it(cast: Cast) -> None:
    example = published(cast)
    trial = example_actions.try_(example, "Vi börjar i åk 5.", by=cast.petra)
    for who in ("petra", "pia", "bo", "olle", "diana"):
        assert example_queries.trials(cast.who[who], example) == [trial]
    for who in ("per", "lena", "maja", "viktor", "arne"):
        assert example_queries.trials(cast.who[who], example) == []
    with pytest.raises(RuleBroken) as refused:
        example_actions.tell(trial, "", "bra", by=cast.petra)
    assert set(refused.value.problems) == {"outcome", "words"}
    example_actions.tell(trial, "partly", "Hälften kom igång.", by=cast.petra)
    assert [(one.state, one.outcome) for one in example_queries.ours(cast.pia)] == [("told", "partly")]
    with pytest.raises(NotAllowed):
        example_actions.tell(trial, "worked", "Det gick bra.", by=cast.pia)


def test_ones_own_is_not_tried_and_nothing_is_tried_twice(cast: Cast) -> None:
    example = published(cast)
    with pytest.raises(RuleBroken, match="ert eget"):
        example_actions.try_(example, "", by=cast.pia)
    example_actions.try_(example, "", by=cast.petra)
    with pytest.raises(RuleBroken, match="redan"):
        example_actions.try_(example, "", by=cast.petra)
    for who in ("lena", "olle", "maja"):
        with pytest.raises(NotAllowed):
            example_actions.try_(example, "", by=cast.who[who])
    assert len(db.session.scalars(select(Trial)).all()) == 1


def test_the_way_from_offer_to_trial_in_pages(cast: Cast, client) -> None:
    world.handed_in(cast)
    pia, olle, petra = client("pia"), client("olle"), client("petra")
    sent = world.submission(cast, "alskolan").public_id
    assert "Erbjud det till andra enheter" in pia.get(f"/followup/{world.submission(cast, 'alskolan').followup.public_id}").text
    assert pia.post(f"/example/offer/{sent}", data={"title": ""}).status_code == 422
    where = pia.post(f"/example/offer/{sent}", data={"title": "Två vägar", "year_groups": ["4"], "school_forms": ["GR"]}).location
    assert "Ta ställning till erbjudna exempel" in olle.get("/").text
    refused = olle.post(f"{where}/edit", data={"title": "Två vägar", "text": ""})
    assert refused.status_code == 422 and "en annan enhet kan pröva" in refused.text
    assert olle.post(f"{where}/edit", data={"title": "Två vägar", "text": "Vi prövade två vägar."}).status_code == 303
    assert "Säg om ert exempel får läsas av andra" in pia.get("/").text
    assert "Skriv varför" in pia.post(f"{where}/go", data={"act": "refuse", "words": ""}).text
    assert "Vi prövade två vägar." not in petra.get("/example/").text
    pia.post(f"{where}/go", data={"act": "agree"})
    assert "Vi prövade två vägar." not in petra.get("/example/").text
    olle.post(f"{where}/go", data={"act": "publish"})
    assert "Vi prövade två vägar." in petra.get("/example/?words=vägar").text
    address = f"/example/{db.session.scalars(select(Example)).one().public_id}"
    petra.post(f"{address}/try", data={"plan": "Vi börjar i åk 5."})
    assert "Vi börjar i åk 5." in pia.get(address).text and "En enhet prövar det." in client("per").get(address).text
    trial = db.session.scalars(select(Trial)).one().public_id
    assert petra.post(f"/example/trial/{trial}", data={"outcome": "worked", "words": ""}).status_code == 422
    petra.post(f"/example/trial/{trial}", data={"outcome": "worked", "words": "Fler läser nu."})
    assert "Fler läser nu." in pia.get(address).text and "Fler läser nu." not in client("per").get(address).text


def test_before_a_unit_ends_it_is_told_what_becomes_of_its_examples(cast: Cast) -> None:
    example = published(cast)
    example_actions.try_(example, "", by=cast.petra)
    offer = example_actions.offer(world.submission(cast, "ekskolan"), title="Vårt", by=cast.petra)

    def told(successor: Unit | None) -> list[tuple[int, tuple[str, ...], str]]:
        found = tree.waiting(cast.unit["ekskolan"], successor)
        return [(one.count, one.names, one.to) for one in found if one.link == "finding"]

    assert told(None) == [(1, (), "tas tillbaka"), (1, ("Alskolan",), "står kvar som det är")]
    assert told(cast.unit["havet"])[1] == (1, ("Alskolan",), "Havets förskola")
    assert [one.to for one in tree.waiting(cast.unit["ekskolan"], new=True) if one.link == "finding"][1] == "den nya enheten"
    example_actions.go(offer, "take_back", by=cast.petra)
    example_actions.tell(db.session.scalars(select(Trial)).one(), "worked", "Det gick bra.", by=cast.petra)
    assert told(None) == []
