"""Goals: written by those of the node, decided, given new words, ended, assessed; drafts are nobody else's."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.goal import actions, assess_actions, national_actions, queries, shipped
from chain.goal import board as boards
from chain.goal.models import Goal, GoalAssessment
from tests.followup import world
from tests.goal import desk
from tests.makers import Cast

TODAY = date(2026, 11, 22)


def seen(cast: Cast, goal: Goal) -> set[str]:
    """Who may read it."""
    return {short for short, who in cast.who.items() if policy.may(who, Action.READ, goal)}


def test_a_draft_is_its_own_nodes_alone_and_what_is_decided_is_read_above_and_below(cast: Cast) -> None:
    goal = desk.draft(cast, "pia", desk.national(cast))
    assert seen(cast, goal) == {"pia", "bo"}
    actions.decide(goal, decided_on=TODAY, version=goal.version, by=cast.pia)
    assert seen(cast, goal) >= {"pia", "bo", "lena", "arne", "olle", "diana", "maja", "sixten", "rut"}
    assert seen(cast, goal) & {"petra", "linus", "vera", "viktor", "asta", "stina"} == set()


def test_a_groups_goal_is_read_by_its_unit_and_nobody_further_up(cast: Cast) -> None:
    goal = desk.decided(cast, "lena", desk.national(cast))
    assert seen(cast, goal) == {"lena", "pia", "bo"}
    assert goal.public_id not in {one.public_id for one in queries.choosable(cast.unit["alskolan"].path, desk.YEAR)}
    for who in ("arne", "olle", "diana", "maja"):
        assert db.session.scalars(policy.visible(cast.who[who], Goal).where(Goal.id == goal.id)).all() == []


def test_a_committees_goal_is_prepared_by_the_administration_and_decided_by_the_secretary(cast: Cast) -> None:
    goal = desk.draft(cast, "olle", desk.national(cast), unit=cast.unit["bun"])
    assert seen(cast, goal) == {"olle", "olga", "diana", "sixten"}
    with pytest.raises(NotAllowed):
        actions.decide(goal, decided_on=TODAY, version=goal.version, by=cast.diana)
    actions.decide(goal, decided_on=TODAY, reference="§ 12", version=goal.version, by=cast.sixten)
    assert (goal.state, goal.reference, goal.edition) == ("decided", "§ 12", 1)
    assert {"maja", "pia", "lena"} <= seen(cast, goal) and "vera" not in seen(cast, goal)


def test_nobody_writes_for_another_node(cast: Cast) -> None:
    national = desk.national(cast)
    for who, unit in (("pia", "ekskolan"), ("arne", "alskolan"), ("olle", "alskolan"), ("vera", "bun"), ("maja", "bun")):
        with pytest.raises(NotAllowed):
            desk.draft(cast, who, national, unit=cast.unit[unit])


def test_a_goal_without_anything_above_or_an_owner_is_kept_as_a_draft_but_not_decided(cast: Cast) -> None:
    goal = actions.write(cast.unit["alskolan"], desk.words(), by=cast.pia)
    with pytest.raises(RuleBroken) as told:
        actions.decide(goal, decided_on=TODAY, version=goal.version, by=cast.pia)
    assert set(told.value.problems) == {"above", "owner"}
    with pytest.raises(RuleBroken, match="har inte varit än"):
        actions.decide(
            desk.draft(cast, "pia", desk.national(cast)), decided_on=TODAY + timedelta(1), version=1, by=cast.pia
        )  # fmt: skip


def test_a_goal_cannot_break_down_its_own_nodes_or_a_siblings_or_a_draft(cast: Cast) -> None:
    national = desk.national(cast)
    own, theirs = desk.decided(cast, "pia", national), desk.decided(cast, "petra", national)
    hidden = desk.draft(cast, "diana", national)
    for wrong in (own, theirs, hidden):
        with pytest.raises(RuleBroken) as told:
            desk.draft(cast, "pia", wrong)
        assert list(told.value.problems) == ["above"]


def test_new_words_are_a_new_edition_with_a_reason_and_the_old_ones_are_kept(cast: Cast) -> None:
    goal = desk.decided(cast, "pia", desk.national(cast))
    said = desk.words(desk.national(cast), owner=cast.bo, title="Alla läser med flyt")
    with pytest.raises(RuleBroken, match="varför"):
        actions.change(goal, said, reason=" ", decided_on=TODAY, version=goal.version, by=cast.pia)
    actions.change(goal, said, reason="Vi siktar högre.", decided_on=TODAY, version=goal.version, by=cast.pia)
    newest, first = queries.editions(goal)
    assert (newest.words["title"], newest.reason) == ("Alla läser med flyt", "Vi siktar högre.")
    assert (first.words["title"], first.words["owner"]) == ("Fler läser med flyt", "Pia Östlund")
    assert newest.words["above"] == [desk.national(cast).public_id]


def test_somebody_elses_change_in_between_is_told(cast: Cast) -> None:
    goal = desk.draft(cast, "pia", desk.national(cast))
    opened = goal.version
    actions.rewrite(goal, desk.words(title="Bos ord"), version=opened, by=cast.bo)
    with pytest.raises(RuleBroken, match="Någon annan har ändrat"):
        actions.rewrite(goal, desk.words(title="Pias ord"), version=opened, by=cast.pia)
    assert goal.title == "Bos ord"


def test_a_draft_that_is_thrown_away_is_gone(cast: Cast) -> None:
    goal = desk.draft(cast, "pia", desk.national(cast))
    actions.discard(goal, by=cast.bo)
    assert db.session.scalars(select(Goal).where(Goal.level == "unit")).all() == []
    with pytest.raises(NotAllowed):
        actions.discard(desk.decided(cast, "pia", desk.national(cast)), by=cast.pia)


def test_an_ended_goal_is_chosen_no_more_and_what_breaks_it_down_says_so(cast: Cast) -> None:
    made = desk.chain(cast)
    actions.end(made["administration"], reason="Målet är nått.", version=made["administration"].version, by=cast.diana)
    board = boards.of(cast.unit["alskolan"], desk.YEAR, cast.pia)
    assert board.loose == [made["unit"]]
    assert made["administration"] not in queries.choosable(cast.unit["alskolan"].path, desk.YEAR)


# The nation's


def test_opening_a_year_brings_the_nations_goals_once(cast: Cast) -> None:
    world.open_year(cast)
    found = queries.national(cast.unit["sjovik"].id)
    assert {one.key for one in found} == set(shipped.goals())
    assert national_actions.adopt(cast.unit["sjovik"], by=cast.diana) == 0
    world.open_year(cast, "2027/28")
    assert len(queries.national(cast.unit["sjovik"].id)) == len(found)


def test_a_national_goal_is_hidden_unless_somebody_has_broken_it_down_and_its_own_words_never_change(cast: Cast) -> None:
    made = desk.chain(cast)
    with pytest.raises(RuleBroken, match="bryter ner"):
        national_actions.keep_national(made["national"], hidden=True, own_words="", by=cast.olle)
    other = desk.national(cast, "adapted-upper")
    national_actions.keep_national(other, hidden=True, own_words="Vi har ingen sådan skola.", by=cast.olle)
    assert other not in queries.choosable(cast.unit["alskolan"].path, desk.YEAR)
    assert (other.title, other.own_words) == (shipped.goals()["adapted-upper"].title["sv"], "Vi har ingen sådan skola.")
    for who in ("pia", "arne", "maja"):
        with pytest.raises(NotAllowed):
            national_actions.keep_national(other, hidden=False, own_words="", by=cast.who[who])


# What is asked of whom


def test_choosable_is_one_statement_in_the_order_of_the_chain(cast: Cast) -> None:
    made = desk.chain(cast)
    with desk.counted(1):
        found = queries.choosable(cast.unit["alskolan"].path, desk.YEAR, ["GR"])
    levels = [one.level for one in found]
    assert levels == sorted(levels, key=("national", "committee", "administration", "unit").index)
    assert [one for one in found if one.level != "national"] == [made[key] for key in ("committee", "administration", "unit")]
    assert not any("FS" in one.school_forms for one in found)
    assert queries.choosable(cast.unit["alskolan"].path, "2010/11") == []


def test_a_goal_that_a_level_between_took_up_is_asked_through_what_it_made_of_it(cast: Cast) -> None:
    made = desk.chain(cast)
    with desk.counted(4):
        board = boards.of(cast.unit["ekskolan"], desk.YEAR, cast.petra)
    assert [one.goal for one in board.asked] == [made["administration"]]
    assert board.missing == [made["administration"]]
    assert all(one.goal.level == "national" for one in board.national) and made["national"] not in [
        one.goal for one in board.national
    ]  # fmt: skip
    mine = boards.of(cast.unit["alskolan"], desk.YEAR, cast.pia)
    assert [(one.goal, one.under) for one in mine.asked] == [(made["administration"], [made["unit"]])] and mine.missing == []


def test_a_goal_with_nothing_below_is_asked_of_all_below_and_a_draft_below_answers_for_its_own_writers_alone(cast: Cast) -> None:
    committee = desk.decided(cast, "sixten", desk.national(cast), unit=cast.unit["bun"])
    ours = desk.draft(cast, "diana", committee)
    assert boards.of(cast.unit["fvn"], desk.YEAR, cast.olle).asked[0].under == [ours]
    assert boards.of(cast.unit["fvn"], desk.YEAR, cast.olle).missing == [committee]  # a draft is no answer yet
    assert [one.goal for one in boards.of(cast.unit["alskolan"], desk.YEAR, cast.pia).asked] == [committee]


def test_the_thread_is_read_up_and_down_as_far_as_one_may_see(cast: Cast) -> None:
    made = desk.chain(cast)
    assert [one.level for one in queries.above(made["group"], cast.lena)] == ["national", "committee", "administration", "unit"]
    with desk.counted(2):
        (first,) = queries.below(made["committee"], cast.pia)
    assert (first.goal, first.below[0].goal, first.below[0].below[0].goal) == (
        made["administration"], made["unit"], made["group"],
    )  # fmt: skip
    (seen_by_the_committee,) = queries.below(made["committee"], cast.maja)
    assert seen_by_the_committee.size == 1  # the group's words stop at its unit


# How far


def test_a_goal_is_assessed_in_a_round_and_corrected_beside_the_first(cast: Cast) -> None:
    round = world.opened(cast)
    goal = desk.decided(cast, "pia", desk.national(cast))
    assess_actions.assess({goal: ("on_the_way", "Tre av fyra klasser.")}, year=desk.YEAR, round=round, by=cast.bo)
    assert assess_actions.assess({goal: ("on_the_way", "Tre av fyra klasser. ")}, year=desk.YEAR, round=round, by=cast.pia) == []
    assess_actions.assess({goal: ("reached", "Alla fyra.")}, year=desk.YEAR, round=round, by=cast.pia)
    assert queries.said([goal], desk.YEAR, 1)[goal.id].verdict == "reached"
    assert [one.version for one in queries.every_assessment(goal)] == [2, 1]
    assess_actions.assess({goal: ("cannot_say", "Året är inte slut.")}, year=desk.YEAR, by=cast.pia)
    assert queries.said([goal], desk.YEAR, 0)[goal.id].version == 1


def test_an_assessment_without_reasons_or_of_what_is_not_ones_own_is_refused(cast: Cast) -> None:
    made = desk.chain(cast)
    with pytest.raises(RuleBroken) as told:
        assess_actions.assess({made["unit"]: ("reached", "")}, year=desk.YEAR, by=cast.pia)
    assert list(told.value.problems) == [f"reasons-{made['unit'].public_id}"]
    assert db.session.scalars(select(GoalAssessment)).all() == []
    for who, level in (("pia", "administration"), ("olle", "unit"), ("maja", "committee"), ("petra", "unit")):
        with pytest.raises(NotAllowed):
            assess_actions.assess({made[level]: ("reached", "Ja.")}, year=desk.YEAR, by=cast.who[who])
    assess_actions.assess({made["committee"]: ("not_reached", "Läsningen går ner.")}, year=desk.YEAR, by=cast.olle)
    with pytest.raises(RuleBroken):
        assess_actions.assess({made["national"]: ("reached", "Ja.")}, year=desk.YEAR, by=cast.olle)
    with pytest.raises(RuleBroken, match="gällde inte"):
        assess_actions.assess({made["unit"]: ("reached", "Ja.")}, year="2020/21", by=cast.pia)


def test_a_round_that_has_not_opened_is_not_assessed(cast: Cast) -> None:
    rounds = world.open_year(cast)
    goal = desk.decided(cast, "pia", desk.national(cast))
    with pytest.raises(RuleBroken, match="öppnar"):
        assess_actions.assess({goal: ("reached", "Ja.")}, year=desk.YEAR, round=rounds[2], by=cast.pia)
    assert clock.today() == TODAY
