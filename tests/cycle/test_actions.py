"""Years are planned, rounds are opened, dates are moved, and nobody below the administration does it."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle import actions, queries, rules, shipped
from chain.cycle.models import Question, Round, RoundNode, Year
from chain.organisation import actions as organisation
from tests.makers import Cast


@pytest.fixture
def year(app: Flask, cast: Cast) -> Year:
    return actions.open_year(cast.unit["bun"], label="2026/27", by=cast.diana)


@pytest.fixture
def november(year: Year, cast: Cast) -> Round:
    return actions.open_round(year.rounds[0], by=cast.olle)


def node(round: Round, cast: Cast, name: str) -> RoundNode:
    found = queries.node(round, cast.unit[name].id)
    assert found
    return found


def test_a_school_year_has_four_rounds_and_the_fourth_opens_when_the_next_year_has_begun(year: Year) -> None:
    assert (year.starts_on, year.ends_on) == (date(2026, 7, 1), date(2027, 6, 30))
    assert [one.opens_on for one in year.rounds] == [
        date(2026, 11, 1), date(2027, 1, 10), date(2027, 4, 1), date(2027, 8, 10),
    ]  # fmt: skip
    assert [one.title for one in year.rounds][3] == "Uppföljning 4, augusti"


def test_every_answering_level_is_due_before_the_one_above_and_all_before_the_meeting(year: Year) -> None:
    for one in year.rounds:
        days = [queries.due_of(one, level.key) for level in queries.answering()]
        assert [one.opens_on, *days, one.meets_on] == sorted([one.opens_on, *days, one.meets_on or date.max])
        assert all(day.weekday() < 5 for day in days)


def test_a_year_is_planned_once(year: Year, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="redan planerat"):
        actions.open_year(cast.unit["bun"], label="2026/27", by=cast.diana)


def test_only_the_administration_and_the_steward_plan_a_year(app: Flask, cast: Cast) -> None:
    for who in (cast.pia, cast.arne, cast.maja, cast.lena, cast.vera):
        with pytest.raises(NotAllowed):
            actions.open_year(cast.unit["bun"], label="2026/27", by=who)
    assert actions.open_year(cast.unit["bun"], label="2026/27", by=cast.stina).label == "2026/27"


def test_a_year_is_for_a_committee(app: Flask, cast: Cast) -> None:
    with pytest.raises((RuleBroken, NotAllowed)):
        actions.open_year(cast.unit["fvn"], label="2026/27", by=cast.diana)


def test_a_committee_may_follow_the_calendar_year_with_other_rounds(app: Flask, cast: Cast) -> None:
    year = actions.open_year(cast.unit["vux"], label="2026", by=cast.vera)
    assert (year.starts_on, year.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [one.name["sv"] for one in year.rounds] == [
        "Uppföljning 1, maj", "Uppföljning 2, september", "Uppföljning 3, januari",
    ]  # fmt: skip
    september = {one.key for one in queries.all_questions(year, "unit") if 2 in one.rounds}
    assert {"survey_followup", "measures_year"} <= september  # asks as November does
    january = {one.key for one in queries.all_questions(year, "unit") if 3 in one.rounds}
    assert "measures_new_year" in january and "survey_followup" not in january  # asks as August does


def test_a_plan_of_ones_own(app: Flask, cast: Cast) -> None:
    levels = [one.key for one in queries.answering()]
    plan = [rules.plan(1, {"sv": "Halvår", "en": "Half-year"}, date(2026, 6, 1), levels, like=2)]
    year = actions.open_year(cast.unit["vux"], label="2026", rounds=plan, by=cast.vera)
    assert [one.title for one in year.rounds] == ["Halvår"]
    assert {number for one in queries.all_questions(year, "unit") for number in one.rounds} == {1}
    assert "safety" in {one.key for one in queries.all_questions(year, "unit")}
    with pytest.raises(RuleBroken, match="Numrera"):
        actions.open_year(cast.unit["vux"], label="2027", rounds=[*plan, *plan], by=cast.vera)


def test_a_round_opens_from_its_day_and_only_once(year: Year, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="10 januari 2027"):
        actions.open_round(year.rounds[1], by=cast.diana)
    opened = actions.open_round(year.rounds[0], by=cast.diana)
    assert opened.opened_at == clock.now()
    with pytest.raises(RuleBroken, match="redan öppen"):
        actions.open_round(opened, by=cast.diana)
    assert queries.current("/sjovik/bun/fvn/norr/alskolan/al46/") is opened
    assert queries.current("/sjovik/") is None
    assert queries.current("/sjovik/vux/vuxf/") is None


def test_a_round_opens_at_midnight_in_stockholm_also_when_the_clock_has_been_moved(year: Year, cast: Cast) -> None:
    april = year.rounds[2]  # opens 1 April, in summer time: midnight is 22.00 UTC
    with clock.held(clock.at(date(2027, 3, 31), 23, 59)), pytest.raises(RuleBroken):
        actions.open_round(april, by=cast.diana)
    with clock.held(clock.at(date(2027, 4, 1), 0, 0)):
        assert actions.open_round(april, by=cast.diana).opened_at


def test_days_left_are_counted_in_days_over_the_change_of_clock(app: Flask) -> None:
    autumn = date(2026, 10, 25)  # a day of 25 hours
    for hour in (0, 2, 3, 23):
        with clock.held(clock.at(autumn, hour)):
            assert rules.days_left(date(2026, 10, 26), clock.today()) == 1
            assert rules.days_left(autumn, clock.today()) == 0


def test_a_round_is_not_opened_behind_a_later_one(year: Year, cast: Cast) -> None:
    with clock.held(clock.at(date(2027, 2, 1))):
        actions.open_round(year.rounds[1], by=cast.diana)
        with pytest.raises(RuleBroken, match="redan öppnad"):
            actions.open_round(year.rounds[0], by=cast.diana)


def test_four_rounds_in_order_and_the_years_meet(year: Year, cast: Cast) -> None:
    for one in year.rounds:
        with clock.held(clock.at(one.opens_on)):
            actions.open_round(one, by=cast.diana)
    with clock.held(clock.at(date(2027, 11, 1))):
        following = actions.open_year(cast.unit["bun"], label="2027/28", by=cast.diana)
        november = actions.open_round(following.rounds[0], by=cast.diana)
    before, last_year = queries.previous(november), queries.year_before(november)
    assert before and before.number == 4 and before.year.label == "2026/27"
    assert last_year and last_year.number == 1 and last_year.year.label == "2026/27"
    assert [one.number for one in queries.rounds("/sjovik/bun/")][:5] == [4, 3, 2, 1, 4]


def test_the_tree_is_fixed_with_everybody_that_answers(november: Round, cast: Cast) -> None:
    nodes = queries.below(november, "/sjovik/bun/")
    assert [one.name for one in nodes][:5] == [
        "Barn- och utbildningsförvaltningen", "Norra området", "Alskolan", "Arbetslag 4–6", "Ekskolan",
    ]  # fmt: skip
    assert len(nodes) == 9 and all(one.expected for one in nodes)
    top = node(november, cast, "fvn")
    assert top.parent_id == cast.unit["bun"].id and queries.parent(top) is None
    assert [one.name for one in queries.children(november, cast.unit["norr"].id)] == ["Alskolan", "Ekskolan"]
    assert queries.parent(node(november, cast, "al46")) is node(november, cast, "alskolan")
    assert node(november, cast, "al46").school_forms == ["GR"]  # a group has its unit's
    assert node(november, cast, "fvn").school_forms == ["GR", "FS"]  # above: those of the units


def test_context_units_and_closed_ones_are_never_given_a_round(year: Year, cast: Cast) -> None:
    free = organisation.add_unit(cast.unit["norr"], name="Friskolan", level="unit", context=True, by=cast.stina)
    later = organisation.add_unit(cast.unit["norr"], name="Nya skolan", level="unit", opened_on=date(2027, 1, 1), by=cast.stina)
    november = actions.open_round(year.rounds[0], by=cast.olle)
    assert queries.node(november, free.id) is None
    assert queries.node(november, later.id) is None


def test_a_moved_unit_stays_where_it_was_when_the_round_opened(november: Round, cast: Cast) -> None:
    alskolan = cast.unit["alskolan"]
    organisation.move_unit(alskolan, under=cast.unit["soder"], version=alskolan.version, by=cast.stina)
    assert node(november, cast, "alskolan").path == "/sjovik/bun/fvn/norr/alskolan/"
    assert [one.name for one in queries.children(november, cast.unit["norr"].id)] == ["Alskolan", "Ekskolan"]


def test_dates_are_moved_and_impossible_orders_are_refused(november: Round, cast: Cast) -> None:
    dues = {one.level: one.due_on for one in november.dues}
    version = november.version
    later = {**dues, "unit": date(2026, 12, 24)}
    with pytest.raises(RuleBroken) as refused:
        actions.set_dates(
            november, opens_on=november.opens_on, dues=later, meets_on=november.meets_on, version=version, by=cast.olle
        )
    assert set(refused.value.problems) == {"due_area", "due_administration", "meets_on"}
    same_day = dict.fromkeys(dues, date(2026, 12, 16))
    moved = actions.set_dates(
        november, opens_on=november.opens_on, dues=same_day, meets_on=date(2026, 12, 16), version=version, by=cast.olle
    )
    assert queries.due(node(moved, cast, "al46")) == date(2026, 12, 16)
    with pytest.raises(RuleBroken, match="Någon annan"):
        actions.set_dates(moved, opens_on=moved.opens_on, dues=dues, meets_on=None, version=version, by=cast.olga)
    with pytest.raises(NotAllowed):
        actions.set_dates(moved, opens_on=moved.opens_on, dues=dues, meets_on=None, version=moved.version, by=cast.pia)


def test_a_node_gets_more_time_and_never_less(november: Round, cast: Cast) -> None:
    havet = node(november, cast, "havet")
    first = queries.due(havet)
    with pytest.raises(RuleBroken):
        actions.extend(havet, to=first, by=cast.diana)
    with pytest.raises(NotAllowed):
        actions.extend(havet, to=date(2026, 12, 1), by=cast.per)
    actions.extend(havet, to=date(2026, 12, 1), by=cast.diana)
    assert queries.due(node(november, cast, "havet")) == date(2026, 12, 1)
    assert queries.due(node(november, cast, "alskolan")) == first


def test_what_is_handed_up_is_read_whole_as_far_as_the_levels_data_says(november: Round, cast: Cast) -> None:
    tops = {name: queries.ceiling(node(november, cast, name)) for name in ("al46", "alskolan", "norr", "fvn")}
    assert tops == {
        "al46": cast.unit["alskolan"].path,
        "alskolan": cast.unit["fvn"].path,
        "norr": cast.unit["fvn"].path,
        "fvn": cast.unit["fvn"].path,
    }
    assert queries.ceiling(node(november, cast, "fvn"), cited=True) == cast.unit["bun"].path


def test_an_exempt_node_says_why_and_takes_what_stands_under_it_along(november: Round, cast: Cast) -> None:
    alskolan = node(november, cast, "alskolan")
    with pytest.raises(RuleBroken, match="Skriv varför"):
        actions.exempt(alskolan, reason="  ", by=cast.diana)
    actions.exempt(alskolan, reason="Ombyggnad efter branden.", by=cast.diana)
    assert [node(november, cast, name).expected for name in ("alskolan", "al46", "ekskolan")] == [False, False, True]
    assert node(november, cast, "al46").exempt_reason == "Ombyggnad efter branden."
    with pytest.raises(RuleBroken, match="Börja där"):
        actions.expect(node(november, cast, "al46"), by=cast.diana)
    actions.expect(alskolan, by=cast.diana)
    assert node(november, cast, "al46").expected
    with pytest.raises(RuleBroken, match="tar emot"):
        actions.exempt(node(november, cast, "fvn"), reason="Semester.", by=cast.diana)


def test_an_exempt_area_leaves_its_units_to_the_administration(november: Round, cast: Cast) -> None:
    actions.exempt(node(november, cast, "norr"), reason="Områdeschef saknas.", by=cast.diana)
    assert [node(november, cast, name).expected for name in ("norr", "alskolan", "al46")] == [False, True, True]
    actions.exempt(node(november, cast, "alskolan"), reason="Ombyggnad.", by=cast.diana)
    actions.expect(node(november, cast, "alskolan"), by=cast.diana)
    assert node(november, cast, "al46").expected


def test_only_the_nodes_own_head_says_why_it_is_late(november: Round, cast: Cast) -> None:
    alskolan = node(november, cast, "alskolan")
    for who in (cast.petra, cast.bo, cast.diana, cast.lena):
        with pytest.raises(NotAllowed):
            actions.explain_late(alskolan, reason="…", by=who)
    actions.explain_late(alskolan, reason=" Magsjuka i vecka 47. ", by=cast.pia)
    assert node(november, cast, "alskolan").late_reason == "Magsjuka i vecka 47."


def test_a_question_is_added_reworded_and_hidden_in_mid_round_and_keeps_its_key(november: Round, cast: Cast) -> None:
    year = november.year
    alskolan = node(november, cast, "alskolan")
    before = [one.key for one in queries.questions(alskolan)]
    words = {"sv": {"title": "Läslyftet", "ask": "Hur går det?"}, "en": {"title": "Reading", "ask": "How is it going?"}}
    added = actions.add_question(year, level="unit", kind="text", words=words, rounds=[1, 2], after="analysis", by=cast.olle)
    keys = [one.key for one in queries.questions(alskolan)]
    assert keys.index(added.key) == keys.index("analysis") + 1 and set(before) < set(keys)
    analysis = queries.question(alskolan, "analysis")
    assert analysis
    actions.reword_question(analysis, words={"sv": {"title": "Varför blev det så?"}}, by=cast.olle)
    reworded = queries.question(alskolan, "analysis")
    assert reworded and reworded.title == "Varför blev det så?" and reworded.ask and reworded.words["en"]["title"]
    actions.hide_question(added, by=cast.olle)
    assert [one.key for one in queries.questions(alskolan)] == before
    actions.show_question(added, by=cast.olle)
    assert queries.question(alskolan, added.key)
    with pytest.raises(RuleBroken, match="obligatorisk"):
        actions.hide_question(reworded, by=cast.olle)
    with pytest.raises(NotAllowed):
        actions.hide_question(added, by=cast.pia)
    with pytest.raises(RuleBroken, match="redan en fråga"):
        actions.add_question(year, level="unit", kind="text", words=words, rounds=[1], key="analysis", by=cast.olle)


def test_a_question_for_some_school_forms_is_asked_of_those_alone(year: Year, cast: Cast) -> None:
    with clock.held(clock.at(date(2027, 8, 10))):
        august = actions.open_round(year.rounds[3], by=cast.olle)
    assert queries.question(node(august, cast, "alskolan"), "tests_and_grades")
    assert queries.question(node(august, cast, "havet"), "tests_and_grades") is None


def test_bases_per_school_form_and_year_group(year: Year, november: Round) -> None:
    assert queries.bases(november, {"GR": ["4", "9"], "FS": []})["GR"]["4"] == "forecast"
    august = queries.bases(year.rounds[3], {"GR": ["4", "6", "9"]})["GR"]
    assert [august[group] for group in ("4", "6", "9")] == ["assessment", "term_grade", "final_grade"]


def test_a_measure_may_be_due_in_a_year_that_has_not_been_opened(november: Round, cast: Cast) -> None:
    coming = queries.upcoming(november)
    assert [(label, number) for label, number, _name in coming] == [
        ("2026/27", 2), ("2026/27", 3), ("2026/27", 4), ("2027/28", 1), ("2027/28", 2), ("2027/28", 3), ("2027/28", 4),
    ]  # fmt: skip
    assert coming[3][2] == "Uppföljning 1, november"
    assert queries.due_name("/sjovik/bun/", "2027/28", 1) == "Uppföljning 1, november 2027/28"


def test_a_further_level_is_two_files_of_data(app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    shutil.copytree(shipped.DATA, data, ignore=shutil.ignore_patterns("samples"))
    (data / "levels.toml").write_text(
        (data / "levels.toml").read_text()
        + '\n[[level]]\nkey = "team"\nsv = "Ämneslag"\nen = "Subject team"\nrank = 60\nanswers = true\n'
        'template = "team.toml"\nwrites = ["staff"]\nsubmits = ["staff"]\naccepts = ["staff"]\nread_up_to = "group"\n'
    )
    shutil.copy(data / "templates" / "group.toml", data / "templates" / "team.toml")
    monkeypatch.setattr(shipped, "DATA", data)
    year = actions.open_year(cast.unit["bun"], label="2026/27", by=cast.diana)
    team = organisation.add_unit(cast.unit["al46"], name="Matematik", level="team", by=cast.stina)
    november = actions.open_round(year.rounds[0], by=cast.diana)
    found = queries.node(november, team.id)
    assert found and found.expected and queries.parent(found) is node(november, cast, "al46")
    assert queries.due(found) < queries.due(node(november, cast, "al46"))
    assert [one.key for one in queries.questions(found)] == [one.key for one in queries.questions(node(november, cast, "al46"))]


def test_a_level_that_is_added_after_the_year_was_planned_gets_its_questions_when_the_round_opens(year: Year, cast: Cast) -> None:
    for one in db.session.scalars(select(Question).where(Question.level == "group")):
        db.session.delete(one)
    for due in year.rounds[0].dues:
        if due.level == "group":
            db.session.delete(due)
    db.session.commit()
    db.session.expire_all()
    november = actions.open_round(year.rounds[0], by=cast.diana)
    assert queries.questions(node(november, cast, "al46"))
    assert queries.due(node(november, cast, "al46")) == queries.due(node(november, cast, "alskolan"))
