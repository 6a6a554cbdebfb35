"""What goals, plans and consultations ask on the first page: of those who can do it, and gone when it is done."""

from flask import Flask

from chain.base import clock
from chain.goal import actions, assess_actions, document_actions, plan_actions
from tests.followup import world
from tests.goal import desk
from tests.home.reading import home
from tests.makers import Cast


def test_a_principal_is_asked_to_break_down_to_assess_and_to_plan_until_it_is_done(app: Flask, cast: Cast) -> None:
    round = world.opened(cast)
    above = desk.decided(cast, "diana", desk.national(cast))
    titles = home(app, "pia").titles
    assert "Bryt ner ett mål ovanför" in titles and "Verksamhetsplanen för 2026/27 är inte beslutad" in titles
    goal = desk.decided(cast, "pia", above)
    titles = home(app, "pia").titles
    assert f"Bedöm målet: {goal.title}" in titles and "Bryt ner ett mål ovanför" not in titles
    assess_actions.assess({goal: ("on_the_way", "Halvvägs.")}, year=desk.YEAR, round=round, by=cast.pia)
    plan_actions.decide(desk.plan(cast, "pia", goals=[goal]), by=cast.pia)
    titles = home(app, "pia").titles
    assert not any("Verksamhetsplan" in one or "Bedöm" in one for one in titles)
    assert "2 enheter saknar beslutad verksamhetsplan" in home(app, "olle").titles


def test_where_there_are_no_goals_nobody_is_asked_anything(app: Flask, cast: Cast) -> None:
    world.opened(cast)
    for who in ("pia", "olle", "diana", "sixten", "lena"):
        assert not any(word in title for title in home(app, who).titles for word in ("mål", "Verksamhetsplan", "samråd"))


def test_a_head_is_asked_until_the_answer_is_given_and_the_secretary_to_decide(app: Flask, cast: Cast) -> None:
    world.opened(cast)
    (asked,) = desk.asked(cast, desk.document(cast, "olle"), "alskolan")
    wanted = "Svara på samrådet om Rutin för uppföljning"
    assert wanted in home(app, "pia").titles and wanted not in home(app, "petra").titles
    document_actions.answer(asked, "Bra.", by=cast.pia)
    assert wanted not in home(app, "pia").titles
    goal = desk.draft(cast, "olle", desk.national(cast), unit=cast.unit["bun"])
    assert "Ett utkast till mål att besluta" in home(app, "sixten").titles
    actions.decide(goal, decided_on=clock.today(), version=goal.version, by=cast.sixten)
    assert "Ett utkast till mål att besluta" not in home(app, "sixten").titles
