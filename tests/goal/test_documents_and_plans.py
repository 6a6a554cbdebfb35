"""Governing documents with their consultations, workplans with their editions, and what a unit's end or move does to them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.outbox import Letter
from chain.goal import actions as goal_actions
from chain.goal import document_actions, document_queries, plan_actions, plan_queries, queries
from chain.goal.document_models import GoverningDocument
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from chain.organisation.models import Unit
from tests.goal import desk
from tests.makers import Cast

TODAY = date(2026, 11, 22)


def readers(cast: Cast, thing: GoverningDocument | Workplan) -> set[str]:
    return {short for short, who in cast.who.items() if policy.may(who, Action.READ, thing)}


# Documents


def test_a_draft_is_its_writers_and_those_who_are_asked_read_what_they_are_asked_about(cast: Cast) -> None:
    made = desk.document(cast, "olle")
    assert readers(cast, made) == {"olle", "olga", "diana"}
    first, _second = desk.asked(cast, made, "alskolan", "ekskolan")
    assert policy.may(cast.pia, Action.READ, first) and not policy.may(cast.petra, Action.READ, first)
    assert policy.may(cast.pia, Action.ANSWER, first) and not policy.may(cast.bo, Action.ANSWER, first)
    told = set(db.session.scalars(select(Letter.person).where(Letter.kind == "consultation.asked")))
    assert told == {cast.pia.person.public_id, cast.petra.person.public_id}


def test_words_stand_still_while_heads_are_asked_and_the_last_answer_closes_it(cast: Cast) -> None:
    made = desk.document(cast, "olle")
    first, second = desk.asked(cast, made, "alskolan", "ekskolan")
    version = made.versions[0]
    with pytest.raises(RuleBroken):
        document_actions.write(version, kind="plan", title="X", text="Y", link="", edition=version.version, by=cast.olle)
    document_actions.answer(first, "Bra, men kortare.", by=cast.pia)
    assert version.state == "consulting"
    document_actions.answer(second, "Inget att invända.", by=cast.petra)
    assert version.state == "consulted" and first.answered_by is cast.pia.person
    with pytest.raises(NotAllowed):
        document_actions.answer(first, "En gång till.", by=cast.pia)
    later = document_actions.renew(version, by=cast.olle)
    assert (later.number, later.text, version.state) == (2, "Så gör vi.", "replaced")


def test_a_consultation_is_closed_although_somebody_has_not_answered(cast: Cast) -> None:
    made = desk.document(cast, "olle")
    (asked,) = desk.asked(cast, made, "havet")
    with pytest.raises(NotAllowed):
        document_actions.close(made.versions[0], by=cast.pia)
    document_actions.close(made.versions[0], by=cast.olga)
    assert (asked.state, made.versions[0].state) == ("closed", "consulted")


def test_who_cannot_be_asked_is_not(cast: Cast) -> None:
    made = desk.document(cast, "olle")
    assert [unit.name for unit, _names in document_queries.can_be_asked(made)] == [
        "Norra området", "Södra området", "Alskolan", "Ekskolan", "Havets förskola",
    ]  # fmt: skip
    with pytest.raises(RuleBroken) as told:
        document_actions.ask(made.versions[0], [cast.unit["vuxf"]], until=TODAY, question="", by=cast.olle)
    assert list(told.value.problems) == ["receivers"]
    with pytest.raises(RuleBroken) as told:
        desk.asked(cast, made, "havet", days=-1)
    assert list(told.value.problems) == ["until"]


def test_the_committees_model_is_adopted_by_its_secretary_and_read_by_all_below(cast: Cast) -> None:
    made = desk.document(cast, "olle", unit=cast.unit["bun"], kind="quality_model", title="Modell för kvalitetsarbete")
    for who in ("olle", "diana"):
        with pytest.raises(NotAllowed):
            desk.adopt(made, cast.who[who])
    desk.adopt(made, cast.sixten, adopted_by="Nämnden", registration_number=" Bun  2018/75")
    assert made.versions[0].registration_number == "Bun 2018/75"
    assert {"maja", "rut", "diana", "pia", "lena", "stina"} - readers(cast, made) == {"stina"}
    assert not readers(cast, made) & {"vera", "viktor"}


def test_a_later_version_replaces_the_one_that_held(cast: Cast) -> None:
    made = desk.adopted(cast)
    later = document_actions.renew(made.versions[0], by=cast.olle)
    with pytest.raises(RuleBroken, match="redan påbörjad"):
        document_actions.renew(made.versions[0], by=cast.olle)
    assert document_queries.current(made) is made.versions[0]
    document_actions.write(
        later, kind="routine", title="Ny rutin", text="Nytt.", link="", edition=later.version, changes="Kortare.", by=cast.olle
    )  # fmt: skip
    desk.adopt(made, cast.diana)
    assert [one.state for one in made.versions] == ["replaced", "adopted"]
    document_actions.withdraw(made, "Ersatt av nämndens.", by=cast.diana)
    assert (made.state, made.versions[1].state, document_queries.current(made)) == ("withdrawn", "withdrawn", None)


def test_a_reason_that_is_too_long_is_refused_and_never_cut(cast: Cast) -> None:
    made, plan, goal = desk.adopted(cast), desk.decided_plan(cast), desk.decided(cast, "pia", desk.national(cast))
    for act in (
        lambda: document_actions.withdraw(made, "x" * 5001, by=cast.diana),
        lambda: plan_actions.revise(plan, "x" * 5001, by=cast.pia),
        lambda: goal_actions.end(goal, reason="x" * 5001, version=goal.version, by=cast.pia),
    ):
        with pytest.raises(RuleBroken, match="Korta den till högst") as refused:
            act()
        assert set(refused.value.problems) == {"reason"}
    assert (made.state, plan.state, goal.state) == ("adopted", "decided", "decided")


def test_a_draft_that_was_never_out_is_thrown_away_whole(cast: Cast) -> None:
    made = desk.document(cast, "olle")
    document_actions.discard(made.versions[0], by=cast.olga)
    assert db.session.scalars(select(GoverningDocument)).all() == []


def test_a_document_governs_a_goal_a_plan_and_a_question_once(cast: Cast) -> None:
    made, goal = desk.adopted(cast), desk.decided(cast, "pia", desk.national(cast))
    document_actions.refer(made, goal=goal, by=cast.olle)
    document_actions.refer(made, level="unit", question="results", by=cast.olle)
    with pytest.raises(RuleBroken, match="redan"):
        document_actions.refer(made, goal=goal, by=cast.diana)
    plan = desk.plan(cast, "pia", goals=[goal])
    plan_actions.write(plan, text="", participation="Alla.", version=plan.version, governed=[made], by=cast.pia)
    with pytest.raises(RuleBroken, match="i listan"):
        theirs = desk.adopted(cast, "petra")
        plan_actions.write(plan, text="", participation="", version=plan.version, governed=[theirs], by=cast.pia)
    here = cast.unit["alskolan"].path
    assert document_queries.governing(here, goal_id=goal.id) == document_queries.governing(here, workplan_id=plan.id) == [made]
    assert document_queries.governing_question(here, "unit", "results") == [made]
    assert document_queries.governing_question(cast.unit["vuxf"].path, "unit", "results") == []
    plan_actions.discard(plan, by=cast.pia)
    assert len(document_queries.referring(made)) == 2


# Plans


def test_nobody_above_knows_of_a_plan_that_is_being_written(cast: Cast) -> None:
    desk.plan(cast, "pia")
    found = plan_queries.under(cast.olle, desk.YEAR)
    assert {(one.unit.name, one.state) for one in found} == {
        ("Alskolan", "missing"), ("Ekskolan", "missing"), ("Havets förskola", "missing"),
    }  # fmt: skip


def test_a_plan_is_decided_by_the_principal_read_above_and_commented_there(cast: Cast) -> None:
    plan = desk.plan(cast, "pia")
    with pytest.raises(NotAllowed):
        plan_actions.decide(plan, by=cast.bo)
    plan_actions.decide(plan, by=cast.pia)
    assert {"pia", "bo", "lena", "arne", "olle", "olga", "diana", "rut"} == readers(cast, plan)
    said = plan_actions.comment(plan, "Tydligt!", by=cast.arne)
    assert (said.by, said.by_role) == (cast.arne.person, "area_head")
    for who in ("pia", "asta", "rut"):
        with pytest.raises(NotAllowed):
            plan_actions.comment(plan, "Hej", by=cast.who[who])
    by_unit = {one.unit.name: one for one in plan_queries.under(cast.diana, desk.YEAR)}
    assert (by_unit["Alskolan"].state, by_unit["Alskolan"].comments, by_unit["Alskolan"].entries) == ("decided", 1, 1)


def test_an_incomplete_plan_says_what_is_missing(cast: Cast) -> None:
    plan = desk.plan(cast, "pia", whole=False)
    desk.put(plan, cast.bo, [], who="")
    with pytest.raises(RuleBroken) as told:
        plan_actions.decide(plan, by=cast.pia)
    assert set(told.value.problems) == {"entry-1", "participation"}


def test_an_entry_is_drawn_from_goals_of_its_own_branch_alone(cast: Cast) -> None:
    plan, theirs = desk.plan(cast, "pia", whole=False), desk.decided(cast, "petra", desk.national(cast))
    with pytest.raises(RuleBroken) as told:
        desk.put(plan, cast.pia, [theirs])
    assert list(told.value.problems) == ["goals"]


def test_a_revised_plan_is_a_new_edition_and_the_old_one_holds_until_it_is_decided(cast: Cast) -> None:
    first = desk.decided_plan(cast)
    with pytest.raises(RuleBroken, match="varför"):
        plan_actions.revise(first, " ", by=cast.pia)
    second = plan_actions.revise(first, "Resultaten i november.", by=cast.bo)
    assert [one.what for one in second.entries] == [one.what for one in first.entries] and second.entries[0].goals
    assert plan_queries.holding(cast.unit["alskolan"].id, desk.YEAR) is first
    desk.put(second, cast.bo, [], what="Något nytt")
    assert [one.what for one in first.entries] == ["Vi läser högt varje dag"]
    plan_actions.remove(second, second.entries[1].item, by=cast.bo)
    plan_actions.decide(second, by=cast.pia)
    assert (first.state, second.state, second.edition) == ("replaced", "revised", 2)
    with pytest.raises(NotAllowed):
        desk.put(second, cast.pia, [])


def test_a_workshop_is_seen_by_the_units_below_until_it_is_called_off_with_a_reason(cast: Cast) -> None:
    soon = TODAY + timedelta(days=20)
    held = plan_actions.plan_workshop(cast.unit["fvn"], year="2027/28", held_on=soon, about="Ta med era mål.", by=cast.olle)
    assert plan_queries.coming(cast.pia) == plan_queries.coming(cast.diana) == [held] and plan_queries.coming(cast.vera) == []
    with pytest.raises(RuleBroken, match="varför"):
        plan_actions.cancel_workshop(held, "", by=cast.olle)
    with pytest.raises(NotAllowed):
        plan_actions.cancel_workshop(held, "Sjuk.", by=cast.pia)
    plan_actions.cancel_workshop(held, "Den som leder är sjuk.", by=cast.diana)
    assert plan_queries.coming(cast.pia) == [] and plan_queries.workshops(cast.pia) == [held]


# A unit ends or moves


def closed(cast: Cast, unit: Unit, **more: object) -> None:
    said = {"successor": None, "reason": "", "version": unit.version, **more}
    organisation.close_unit(unit, by=cast.stina, **said)  # type: ignore[arg-type]


@pytest.fixture
def tiny(cast: Cast) -> Unit:
    """A unit without groups, with a principal of its own."""
    made = organisation.add_unit(cast.unit["norr"], name="Lilla skolan", level="unit", by=None, school_forms=["GR"])
    person = organisation.add_person(cast.unit["sjovik"], name="Tina Liten", email="tina@sjovik.example", by=None)
    cast.who["tina"] = organisation.give_mandate(person, cast.pia.role, made, by=None, valid_from=date(2020, 1, 1))
    return made


def test_a_unit_that_ends_hands_its_goals_over_with_their_place_in_the_thread(cast: Cast, tiny: Unit) -> None:
    above = desk.decided(cast, "diana", desk.national(cast))
    goal, left = desk.decided(cast, "tina", above), desk.draft(cast, "tina", above)
    assert [(one.link, one.count) for one in tree.waiting(tiny, cast.unit["alskolan"])] == [("goal", 1)]
    closed(cast, tiny, successor=cast.unit["alskolan"])
    heir = db.session.scalars(select(Goal).where(Goal.follows_id == goal.id)).one()
    assert (heir.unit, heir.state, heir.title) == (cast.unit["alskolan"], "decided", goal.title)
    assert queries.breaks_down(heir) == [above]
    assert (goal.state, left.state) == ("ended", "draft") and "Alskolan" in goal.end_reason


def test_a_unit_that_ends_with_nobody_to_take_over_says_why_its_goals_end(cast: Cast, tiny: Unit) -> None:
    goal = desk.decided(cast, "tina", desk.national(cast))
    with pytest.raises(RuleBroken, match="1 beslutade mål"):
        closed(cast, tiny)
    closed(cast, tiny, reason="Skolan stängs.")
    assert (goal.state, goal.end_reason) == ("ended", "Skolan stängs.")


def test_nobody_waits_for_the_answer_of_a_unit_that_has_ended(cast: Cast, tiny: Unit) -> None:
    made = desk.document(cast, "olle")
    asked, other = desk.asked(cast, made, "alskolan"), made
    document_actions.close(other.versions[0], by=cast.olle)
    document_actions.renew(other.versions[0], by=cast.olle)
    document_actions.ask(other.versions[1], [tiny], until=TODAY, question="", by=cast.olle)
    mine = desk.adopted(cast, "tina")
    closed(cast, tiny, reason="Skolan stängs.")
    assert (asked[0].state, other.versions[1].state, mine.state) == ("closed", "consulted", "withdrawn")


def test_what_moves_with_its_unit_is_read_where_it_stands_now_and_breaks_down_what_stands_there(cast: Cast, tiny: Unit) -> None:
    area = desk.decided(cast, "arne", desk.national(cast))
    goal = desk.decided(cast, "tina", area, desk.national(cast))
    plan = desk.decided_plan(cast, "tina")
    organisation.move_unit(tiny, under=cast.unit["soder"], version=tiny.version, by=cast.stina)
    assert policy.may(cast.asta, Action.READ, goal) and policy.may(cast.asta, Action.READ, plan)
    assert not policy.may(cast.arne, Action.READ, goal)
    assert queries.breaks_down(goal) == [desk.national(cast)]
    assert clock.today() == TODAY
