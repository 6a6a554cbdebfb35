"""A follow-up is written, handed up, taken back, returned, accepted and opened again, by those who may."""

import pytest
from sqlalchemy import select

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import audit, clock, outbox
from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.followup import actions, citation_actions, queries, rules, section_actions
from chain.followup.models import Citation, Followup, Submission
from chain.organisation import actions as organisation
from chain.organisation.models import Mandate
from tests.followup import world
from tests.makers import Cast


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def mine(cast: Cast, who: str) -> Followup:
    return world.followup(cast, who)


# Beginning and saving


def test_every_node_has_a_follow_up_from_the_day_the_round_opens(cast: Cast, november: Round) -> None:
    found = db.session.scalars(select(Followup)).all()
    assert {one.state for one in found} == {"not_started"}
    assert sorted(one.level for one in found) == ["administration"] + ["area"] * 2 + ["group"] * 3 + ["unit"] * 3


def test_the_first_save_makes_a_draft(cast: Cast, november: Round) -> None:
    section = world.save(mine(cast, "pia"), "example", {"text": "Vi ringer hem."}, cast.bo)
    assert (section.version, section.answer, section.done) == (1, {"text": "Vi ringer hem."}, False)
    assert world.fresh(mine(cast, "pia")).state == "draft"


def test_what_was_typed_wrong_is_kept_as_typed(cast: Cast, november: Round) -> None:
    typed = {"cells": {"x": "femton"}, "reasons": {}, "basis": {}}
    assert world.save(mine(cast, "pia"), "results", typed, cast.pia).answer == typed


def test_the_same_save_sent_twice_is_one_save(cast: Cast, november: Round) -> None:
    first = world.save(mine(cast, "pia"), "example", {"text": "a"}, cast.pia, version=0, save_key="k")
    again = world.save(mine(cast, "pia"), "example", {"text": "a"}, cast.pia, version=0, save_key="k")
    assert (first.id, again.version, len(queries.saves.history(again))) == (first.id, 1, 1)


def test_a_save_resent_after_others_were_made_is_still_one_save(cast: Cast, november: Round) -> None:
    world.save(mine(cast, "pia"), "example", {"text": "a"}, cast.pia, save_key="k")
    world.save(mine(cast, "pia"), "example", {"text": "b"}, cast.pia)
    again = world.save(mine(cast, "pia"), "example", {"text": "a"}, cast.pia, version=0, save_key="k")
    assert (again.answer, again.version) == ({"text": "b"}, 2)


def test_two_people_in_one_section_are_told_and_both_texts_are_kept(cast: Cast, november: Round) -> None:
    world.save(mine(cast, "pia"), "example", {"text": "Pias"}, cast.pia, version=0)
    with pytest.raises(Conflict) as told:
        world.save(mine(cast, "pia"), "example", {"text": "Bos"}, cast.bo, version=0, save_key="bos")
    section = told.value.theirs
    assert section.answer == {"text": "Pias"}
    aside = queries.saves.find(section, told.value.mine)
    assert aside and (aside.answer, aside.kept, aside.saved_by_id) == ({"text": "Bos"}, False, cast.bo.person_id)


def test_a_conflict_sent_again_is_the_same_conflict(cast: Cast, november: Round) -> None:
    world.save(mine(cast, "pia"), "example", {"text": "Pias"}, cast.pia, version=0)
    for _time in range(2):
        with pytest.raises(Conflict):
            world.save(mine(cast, "pia"), "example", {"text": "Bos"}, cast.bo, version=0, save_key="bos")
    section = queries.section(mine(cast, "pia"), "example")
    assert section and len(queries.saves.history(section)) == 2


def test_the_same_text_from_two_is_no_conflict(cast: Cast, november: Round) -> None:
    world.save(mine(cast, "pia"), "example", {"text": "rad\r\nrad"}, cast.pia, version=0)
    assert world.save(mine(cast, "pia"), "example", {"text": "rad\nrad"}, cast.bo, version=0).version == 1
    assert world.save(mine(cast, "pia"), "example", {"text": "rad\nrad"}, cast.bo, version=0, done=True).done


def test_an_earlier_text_can_be_had_back(cast: Cast, november: Round) -> None:
    for text in ("ett", "två"):
        world.save(mine(cast, "pia"), "example", {"text": text}, cast.pia)
    section = section_actions.restore(mine(cast, "pia"), "example", 1, version=2, by=cast.bo)
    assert (section.answer, section.version, section.saved_by_id) == ({"text": "ett"}, 3, cast.bo.person_id)


def test_the_text_that_lost_a_conflict_can_be_had_back(cast: Cast, november: Round) -> None:
    world.save(mine(cast, "pia"), "example", {"text": "Pias"}, cast.pia, version=0)
    with pytest.raises(Conflict) as told:
        world.save(mine(cast, "pia"), "example", {"text": "Bos"}, cast.bo, version=0)
    section = section_actions.restore(mine(cast, "pia"), "example", 0, save_key=told.value.mine, version=1, by=cast.bo)
    assert section.answer == {"text": "Bos"}


def test_nobody_writes_for_another_unit(cast: Cast, november: Round) -> None:
    for who in (cast.petra, cast.arne, cast.olle, cast.lena, cast.maja, cast.stina):
        with pytest.raises(NotAllowed):
            section_actions.save(mine(cast, "pia"), "example", {"text": "x"}, version=0, save_key="k", done=False, by=who)


def test_a_question_that_is_not_asked_cannot_be_answered(cast: Cast, november: Round) -> None:
    with pytest.raises(NotFound):
        world.save(mine(cast, "pia"), "made-up", {"text": "x"}, cast.pia)


def test_what_is_written_after_handing_in_is_refused_but_not_lost(cast: Cast, november: Round) -> None:
    world.hand_in(mine(cast, "pia"), cast.pia)
    with pytest.raises(RuleBroken, match="redan inlämnad"):
        world.save(mine(cast, "pia"), "example", {"text": "för sent"}, cast.bo)
    section = queries.section(mine(cast, "pia"), "example")
    assert section and {"text": "för sent"} in [one.answer for one in queries.saves.history(section)]
    assert section.answer != {"text": "för sent"}


# Handing up


def test_what_is_missing_is_told_section_by_section(cast: Cast, november: Round) -> None:
    world.save(mine(cast, "pia"), "example", {"text": "a"}, cast.pia)
    with pytest.raises(RuleBroken) as told:
        actions.submit(mine(cast, "pia"), version=mine(cast, "pia").version, by=cast.pia)
    assert "tomt" in told.value.problems["analysis"] and "markera" in told.value.problems["example"]
    assert "support_needed" not in told.value.problems


def test_a_submission_is_whole_hashed_dated_and_signed(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    found = db.session.get(Submission, submission.id, populate_existing=True)
    assert found and rules.sha256(found.snapshot) == found.sha256
    assert found.snapshot["by"] == {"name": "Pia Östlund", "role": "principal"}
    assert found.snapshot["unit"]["name"] == "Alskolan" and found.number == 1
    assert (found.receiver_id, found.ceiling) == (cast.unit["norr"].id, cast.unit["fvn"].path)
    keys = [span["id"] for section in found.snapshot["sections"] for span in section["spans"]]
    assert "example.text.2" in keys and "analysis.why.1" in keys


def test_handing_in_twice_is_handing_in_once(cast: Cast, november: Round) -> None:
    first = world.hand_in(mine(cast, "pia"), cast.pia)
    assert actions.submit(mine(cast, "pia"), version=1, by=cast.pia).id == first.id
    assert len(db.session.scalars(select(Submission)).all()) == 1


def test_what_was_written_since_it_was_read_is_not_handed_in_unread(cast: Cast, november: Round) -> None:
    world.write(mine(cast, "pia"), cast.pia)
    read = world.fresh(mine(cast, "pia")).version
    world.save(mine(cast, "pia"), "example", {"text": "nytt"}, cast.bo, done=True)
    with pytest.raises(RuleBroken, match="sedan du läste"):
        actions.submit(mine(cast, "pia"), version=read, by=cast.pia)


def test_what_was_cited_or_left_out_since_it_was_read_is_not_handed_in_unread(cast: Cast, november: Round) -> None:
    below = world.hand_in(mine(cast, "lena"), cast.lena)
    actions.open_(below, by=cast.pia)
    world.write(mine(cast, "pia"), cast.pia)
    before = world.fresh(mine(cast, "pia")).version
    citation = citation_actions.cite(mine(cast, "pia"), "example", below, "works.text.1", "två vägar", confirmed=True, by=cast.bo)
    with pytest.raises(RuleBroken, match="sedan du läste"):
        actions.submit(mine(cast, "pia"), version=before, by=cast.pia)
    read = world.fresh(mine(cast, "pia")).version
    citation_actions.uncite(citation, by=cast.bo)
    with pytest.raises(RuleBroken, match="sedan du läste"):
        actions.submit(mine(cast, "pia"), version=read, by=cast.pia)
    assert actions.submit(mine(cast, "pia"), version=world.fresh(mine(cast, "pia")).version, by=cast.pia).number == 1


def test_a_deputy_writes_but_does_not_hand_in(cast: Cast, november: Round) -> None:
    world.write(mine(cast, "pia"), cast.bo)
    with pytest.raises(NotAllowed):
        actions.submit(mine(cast, "pia"), version=world.fresh(mine(cast, "pia")).version, by=cast.bo)


def test_the_receiver_is_told_and_the_audit_holds(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    letters = [one for one in outbox.waiting() if one.kind == "followup.submitted"]
    assert [(one.person, one.path) for one in letters] == [
        (cast.arne.person.public_id, f"/followup/submission/{submission.public_id}")
    ]
    assert audit.problems() == []


def test_late_is_counted_in_stockholm_with_the_extension(cast: Cast, november: Round) -> None:
    node = world.node(cast, "alskolan", november)
    due = cycle.queries.due(node)
    with clock.held(clock.at(due, 23, 59)):
        assert not world.hand_in(mine(cast, "pia"), cast.pia).late
    with clock.held(clock.at(due.replace(day=due.day + 1), 0, 1)):
        assert world.hand_in(mine(cast, "petra"), cast.petra).late
    cycle.extend(world.node(cast, "havet", november), to=due.replace(day=due.day + 3), by=cast.diana)
    with clock.held(clock.at(due.replace(day=due.day + 3), 12)):
        assert not world.hand_in(mine(cast, "per"), cast.per).late


# What the author and the receiver do with it


def test_the_author_takes_back_what_nobody_has_opened(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.withdraw(submission, by=cast.pia)
    assert (submission.state, mine(cast, "pia").state) == ("withdrawn", "draft")
    again = actions.submit(mine(cast, "pia"), version=world.fresh(mine(cast, "pia")).version, by=cast.pia)
    assert (again.number, again.state) == (2, "submitted")


def test_what_the_receiver_has_opened_cannot_be_taken_back(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.open_(submission, by=cast.arne)
    with pytest.raises(RuleBroken, match="börjat läsa"):
        actions.withdraw(submission, by=cast.pia)


def test_whoever_above_opens_it_first_is_the_one_who_opened_it(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.open_(submission, by=cast.olle)
    actions.open_(submission, by=cast.arne)
    actions.accept(submission, by=cast.arne)
    assert submission.opened_by_id == cast.olle.id
    with pytest.raises(RuleBroken, match="Det går inte längre"):
        actions.withdraw(submission, by=cast.pia)


def test_who_accepts_or_returns_has_read_it(cast: Cast, november: Round) -> None:
    first, second = world.hand_in(mine(cast, "pia"), cast.pia), world.hand_in(mine(cast, "petra"), cast.petra)
    actions.accept(first, by=cast.arne)
    actions.send_back(second, reason="Åk 6 saknas.", by=cast.arne)
    assert {first.opened_by_id, second.opened_by_id} == {cast.arne.id}


def test_nobody_opens_what_they_wrote_may_not_read_or_only_audit(cast: Cast, november: Round) -> None:
    person = organisation.add_person(cast.unit["sjovik"], name="Ragna Rask", email="ragna@sjovik.example", by=None)
    ragna = organisation.give_mandate(person, Role.AUDITOR, cast.unit["fvn"], by=None)
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    for who in (cast.pia, cast.bo, cast.petra, cast.asta, cast.lena, cast.maja, cast.stina, ragna):
        with pytest.raises(NotAllowed):
            actions.open_(submission, by=who)
    assert world.fresh(submission).opened_at is None
    actions.withdraw(submission, by=cast.pia)
    with pytest.raises(NotAllowed):
        actions.open_(submission, by=cast.arne)  # it was taken back while the cover was on the screen


def test_the_receiver_returns_it_with_a_reason(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    with pytest.raises(RuleBroken, match="Skriv varför"):
        actions.send_back(submission, reason=" ", by=cast.arne)
    actions.send_back(submission, reason="Åk 6 saknas.", by=cast.arne)
    assert (submission.state, submission.reason, mine(cast, "pia").state) == ("returned", "Åk 6 saknas.", "draft")


def test_accepted_and_opened_again_keeps_both_versions(cast: Cast, november: Round) -> None:
    first = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.accept(first, by=cast.arne)
    assert mine(cast, "pia").state == "accepted"
    actions.reopen(first, reason="Fel kolumn.", by=cast.arne)
    second = actions.submit(mine(cast, "pia"), version=world.fresh(mine(cast, "pia")).version, by=cast.pia)
    assert [(one.number, one.state) for one in queries.submissions(mine(cast, "pia"))] == [(2, "submitted"), (1, "reopened")]
    assert queries.latest(cast.unit["alskolan"].id, november).id == second.id
    with pytest.raises(RuleBroken, match="tidigare version"):
        actions.reopen(first, reason="x", by=cast.arne)


def test_nothing_is_opened_again_under_what_was_built_on_it(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.accept(submission, by=cast.arne)
    world.hand_in(mine(cast, "arne"), cast.arne)
    with pytest.raises(RuleBroken, match="bygger på"):
        actions.reopen(submission, reason="x", by=cast.arne)


def test_only_the_receiver_receives(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    for who in (cast.asta, cast.diana, cast.olle, cast.petra, cast.lena, cast.maja):
        for act in (actions.accept, actions.send_back, actions.reopen):
            with pytest.raises((NotAllowed, RuleBroken)):
                act(submission, reason="x", by=who)
    assert world.fresh(submission).state == "submitted"


def test_the_administration_has_nobody_above_and_stands_as_accepted(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "diana"), cast.diana)
    assert (submission.state, submission.receiver_id, mine(cast, "diana").state) == ("accepted", None, "accepted")
    assert submission.ceiling == cast.unit["fvn"].path
    actions.withdraw(submission, by=cast.diana)
    assert mine(cast, "diana").state == "draft"


def test_an_area_that_takes_no_part_lets_its_units_hand_up_past_it(cast: Cast, november: Round) -> None:
    area = world.node(cast, "soder", november)
    cycle.exempt(area, reason="Ingen chef i höst", by=cast.diana)
    unit = world.node(cast, "havet", november)
    db.session.execute(unit.__table__.update().where(unit.__table__.c.id == unit.id).values(expected=True))
    db.session.commit()
    submission = world.hand_in(mine(cast, "per"), cast.per)
    assert submission.receiver_id == cast.unit["fvn"].id
    assert submission in [child for _node, child in queries.children(mine(cast, "diana"))]
    actions.accept(submission, by=cast.diana)


@pytest.mark.parametrize("way", ["returned", "reopened"])
def test_what_came_back_is_handed_in_again_before_a_later_round(cast: Cast, way: str) -> None:
    november, january = world.november_and_january(cast)
    come_back(world.hand_in(world.followup(cast, "pia", november), cast.pia), way, cast.arne)
    later = world.followup(cast, "pia", january)
    with pytest.raises(RuleBroken, match="Uppföljning 1, november 2026/27 kom tillbaka"):
        world.hand_in(later, cast.pia)
    earlier = world.followup(cast, "pia", november)
    assert queries.came_back(later) == earlier
    kept = world.hand_in(earlier, cast.pia)
    assert queries.came_back(later) is None
    assert world.hand_in(later, cast.pia).snapshot["outcomes"] and len(kept.snapshot["measures"]) == 2


def come_back(submission: Submission, way: str, receiver: Mandate) -> None:
    if way == "returned":
        actions.send_back(submission, reason="Åk 6 saknas.", by=receiver)
    else:
        actions.accept(submission, by=receiver)
        actions.reopen(submission, reason="Åk 6 saknas.", by=receiver)


def test_what_its_authors_took_back_themselves_holds_up_no_later_round(cast: Cast) -> None:
    november, january = world.november_and_january(cast)
    actions.withdraw(world.hand_in(world.followup(cast, "pia", november), cast.pia), by=cast.pia)
    assert world.hand_in(world.followup(cast, "pia", january), cast.pia).state == "submitted"


def test_what_came_back_holds_up_nothing_where_nothing_is_expected_any_longer(cast: Cast) -> None:
    november, january = world.november_and_january(cast)
    come_back(world.hand_in(world.followup(cast, "pia", november), cast.pia), "returned", cast.arne)
    cycle.exempt(world.node(cast, "alskolan", november), reason="Skolan brann.", by=cast.diana)
    assert queries.came_back(world.followup(cast, "pia", january)) is None
    assert world.hand_in(world.followup(cast, "pia", january), cast.pia).state == "submitted"


@pytest.mark.parametrize("way", ["withdraw", "send_back"])
def test_nothing_is_taken_or_sent_back_from_under_a_later_round(cast: Cast, way: str) -> None:
    """It could not be handed in again after the later one, and its measures would be lost."""
    november, january = world.november_and_january(cast)
    sent = world.hand_in(world.followup(cast, "pia", november), cast.pia)
    world.hand_in(world.followup(cast, "pia", january), cast.pia)
    with pytest.raises(RuleBroken, match="Uppföljning 2, januari 2026/27 är redan inlämnad"):
        if way == "withdraw":
            actions.withdraw(sent, by=cast.pia)
        else:
            actions.send_back(sent, reason="Åk 6 saknas.", by=cast.arne)


def test_what_came_back_before_a_round_that_is_handed_in_cannot_hold_up_those_after_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it may stand in databases from before the rule: the later round is there, and closes the earlier one for good."""
    november, january = world.november_and_january(cast)
    come_back(world.hand_in(world.followup(cast, "pia", november), cast.pia), "returned", cast.arne)
    with monkeypatch.context() as before_the_rule:
        before_the_rule.setattr(queries, "came_back", lambda followup: None)
        world.hand_in(world.followup(cast, "pia", january), cast.pia)
    april = cycle.queries.rounds(cast.unit["bun"].path)[1]
    with clock.held(clock.at(april.opens_on)):
        cycle.open_round(april, by=cast.diana)
        assert queries.came_back(world.followup(cast, "pia", april)) is None
        assert world.hand_in(world.followup(cast, "pia", april), cast.pia).number == 1


def test_what_has_been_handed_in_is_sent_back_before_its_node_is_exempted(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    node = world.node(cast, "alskolan", november)
    for act in (lambda: None, lambda: actions.accept(submission, by=cast.arne)):
        act()
        with pytest.raises(RuleBroken, match="Alskolan har redan lämnat in"):
            cycle.exempt(node, reason="Skolan brann.", by=cast.diana)
        assert world.fresh(node).expected
    actions.reopen(submission, reason="Skolan brann.", by=cast.arne)
    assert not cycle.exempt(node, reason="Skolan brann.", by=cast.diana).expected


def test_a_later_round_closes_the_earlier_one(cast: Cast) -> None:
    november, january = world.november_and_january(cast)
    first = world.hand_in(world.followup(cast, "pia", november), cast.pia)
    actions.accept(first, by=cast.arne)
    actions.reopen(first, reason="Fel", by=cast.arne)
    with pytest.raises(RuleBroken, match="väntar på er"):
        world.hand_in(world.followup(cast, "pia", january), cast.pia)
    again = world.followup(cast, "pia", november)
    actions.accept(actions.submit(again, version=world.fresh(again).version, by=cast.pia), by=cast.arne)
    world.hand_in(world.followup(cast, "pia", january), cast.pia)
    with pytest.raises(RuleBroken, match="januari"):
        actions.reopen(queries.latest(cast.unit["alskolan"].id, november), reason="x", by=cast.arne)
    world.hand_in(world.followup(cast, "petra", january), cast.petra)
    with pytest.raises(RuleBroken, match="efter en senare"):
        world.hand_in(world.followup(cast, "petra", november), cast.petra)


def test_a_child_that_comes_late_makes_a_supplement_possible(cast: Cast, november: Round) -> None:
    actions.accept(world.hand_in(mine(cast, "pia"), cast.pia), by=cast.arne)
    own = world.hand_in(mine(cast, "arne"), cast.arne)
    actions.accept(own, by=cast.diana)
    with pytest.raises(RuleBroken, match="inget att komplettera"):
        actions.supplement(mine(cast, "arne"), by=cast.arne)
    with clock.held(clock.at(clock.today(), 15)):
        late = world.hand_in(mine(cast, "petra"), cast.petra)
        actions.accept(late, by=cast.arne)
    assert [one.id for one in queries.supplement_due(mine(cast, "arne"))] == [late.id]
    with clock.held(clock.at(clock.today(), 16)):
        further = actions.supplement(mine(cast, "arne"), by=cast.arne)
    assert (further.number, further.state) == (2, "accepted")
    assert further.snapshot["sections"] == own.snapshot["sections"]
    assert queries.supplement_due(mine(cast, "arne")) == []
    assert (further.opened_at, further.opened_by_id) == (own.opened_at, cast.diana.id)  # the same words: they have been read
    actions.reopen(further, reason="Siffrorna för åk 6 fattas.", by=cast.diana)
    assert [one.state for one in queries.submissions(mine(cast, "arne"))] == ["reopened", "reopened"]
    assert queries.latest(cast.unit["norr"].id, november) is None


# Citing


def test_words_are_lifted_and_open_for_the_levels_above(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.open_(submission, by=cast.arne)
    with pytest.raises(RuleBroken, match="står inte så"):
        citation_actions.cite(
            mine(cast, "arne"), "pattern", submission, "example.text.2", "Den tredje", confirmed=True, by=cast.arne
        )
    with pytest.raises(RuleBroken, match="Bekräfta"):
        citation_actions.cite(
            mine(cast, "arne"), "pattern", submission, "example.text.2", "Den andra", confirmed=False, by=cast.arne
        )
    citation = citation_actions.cite(
        mine(cast, "arne"), "pattern", submission, "example.text.2", "Den  andra\ngav mest.", confirmed=True, by=cast.arne
    )
    assert (citation.words, citation.heading, citation.state) == ("Den andra gav mest.", "Ett gott exempel", "draft")
    own = world.hand_in(mine(cast, "arne"), cast.arne)
    assert world.fresh(citation).state == "handed_up"
    actions.send_back(own, reason="x", by=cast.diana)
    assert world.fresh(citation).state == "handed_up"


def quoting(cast: Cast) -> tuple[Citation, Submission]:
    """The area has cited the unit and handed up."""
    below = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.open_(below, by=cast.arne)
    citation = citation_actions.cite(
        mine(cast, "arne"), "pattern", below, "example.text.2", "Den andra gav mest.", confirmed=True, by=cast.arne
    )
    return citation, world.hand_in(mine(cast, "arne"), cast.arne)


def opens(citation: Citation, who: Mandate) -> bool:
    return policy.may(who, Action.READ, world.fresh(citation))


def again(cast: Cast) -> Submission:
    return actions.submit(mine(cast, "arne"), version=world.fresh(mine(cast, "arne")).version, by=cast.arne)


def test_a_returned_texts_citation_still_opens_when_it_is_left_out_of_the_next(cast: Cast, november: Round) -> None:
    citation, own = quoting(cast)
    actions.send_back(own, reason="x", by=cast.diana)
    for _time in range(2):
        citation_actions.uncite(citation, by=cast.arne)
        assert world.fresh(citation).state == "lifted_out"
    assert queries.all_citations(mine(cast, "arne")) == []
    assert opens(citation, cast.diana) and opens(citation, cast.arne)
    section = next(one for one in again(cast).snapshot["sections"] if one["key"] == "pattern")
    assert section["citations"] == [] and world.fresh(citation).state == "lifted_out"


def test_what_was_withdrawn_unread_opens_for_its_authors_alone(cast: Cast, november: Round) -> None:
    citation, own = quoting(cast)
    assert opens(citation, cast.diana)
    actions.withdraw(own, by=cast.arne)
    assert world.fresh(citation).state == "draft" and not opens(citation, cast.diana)
    citation_actions.uncite(citation, by=cast.arne)
    assert queries.all_citations(mine(cast, "arne")) == []
    again(cast)
    assert opens(citation, cast.arne) and not opens(citation, cast.diana)


def test_what_was_read_once_stays_open_when_the_next_is_withdrawn(cast: Cast, november: Round) -> None:
    citation, own = quoting(cast)
    actions.send_back(own, reason="x", by=cast.diana)
    actions.withdraw(again(cast), by=cast.arne)
    assert world.fresh(citation).state == "handed_up" and opens(citation, cast.diana)


def test_cited_words_are_cited_again_further_up_and_say_when_they_were_taken_back(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "lena"), cast.lena)
    actions.open_(submission, by=cast.bo)
    first = citation_actions.cite(
        mine(cast, "pia"), "example", submission, "works.text.1", "två vägar", confirmed=True, by=cast.pia
    )
    unit = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.open_(unit, by=cast.olle)
    span = f"example.citation.{first.public_id}"
    again = citation_actions.cite(mine(cast, "diana"), "units_see", unit, span, "två vägar", confirmed=True, by=cast.diana)
    assert "Arbetslag 4–6" in again.heading and again.ceiling == cast.unit["bun"].path
    assert [one.stale for one in queries.citations(mine(cast, "diana"), "units_see")] == [False]
    actions.send_back(unit, reason="x", by=cast.arne)
    db.session.expire_all()
    assert [one.stale for one in queries.citations(mine(cast, "diana"), "units_see")] == [True]
    citation_actions.uncite(again, by=cast.olle)
    assert queries.citations(mine(cast, "diana"), "units_see") == []
    assert db.session.scalars(select(Citation)).all() == [first]


def test_nobody_cites_what_nobody_has_opened(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    with pytest.raises(RuleBroken, match="Öppna och läs den"):
        citation_actions.cite(
            mine(cast, "arne"), "pattern", submission, "example.text.2", "Den andra", confirmed=True, by=cast.arne
        )
    assert db.session.scalars(select(Citation)).all() == []


def test_nobody_cites_what_they_may_not_read(cast: Cast, november: Round) -> None:
    submission = world.hand_in(mine(cast, "pia"), cast.pia)
    actions.open_(submission, by=cast.arne)
    for who, own, key in ((cast.petra, "petra", "example"), (cast.asta, "asta", "pattern"), (cast.lena, "lena", "works")):
        with pytest.raises(NotAllowed):
            citation_actions.cite(mine(cast, own), key, submission, "example.text.2", "Den andra", confirmed=True, by=who)
