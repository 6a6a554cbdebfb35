"""A handover from the first word to the look back, and what nobody may do on the way."""

import pytest
from sqlalchemy import func, select

from chain.base import audit, clock, events
from chain.base.audit import Actor
from chain.base.cowriting import Conflict
from chain.base.db import atomic, db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.outbox import Letter
from chain.followup.rules import sha256
from chain.handover import actions, queries, section_actions
from chain.handover import reception_actions as receiving
from chain.handover.models import Handover, HandoverEdition, HandoverSection, HandoverVersion, Reception
from chain.organisation import actions as organisation
from chain.organisation.models import Unit
from chain.organisation.rules import Waiting
from tests.handover import world
from tests.makers import Cast


def letters(kind: str) -> list[str]:
    return sorted(db.session.scalars(select(Letter.person).where(Letter.kind == kind)))


def names(*mandates: object) -> list[str]:
    return sorted(one.person.public_id for one in mandates)  # type: ignore[attr-defined]


def states(handover: Handover) -> tuple[str, list[str]]:
    here = world.fresh(handover)
    return here.state, [one.state for one in here.receptions]


# The giver


def test_the_deputy_writes_and_the_principal_hands_over(cast: Cast) -> None:
    made = world.written(cast)
    world.write(made, cast.bo, language="Vi läser högt varje dag.")
    with pytest.raises(NotAllowed):
        world.give(made, cast.bo)
    world.give(made, cast.pia)
    assert states(made) == ("handed_over", ["handed_over"])
    assert letters("handover.given") == names(cast.petra)


@pytest.mark.parametrize("who", ["lena", "arne", "olle", "diana"])
def test_others_write_none(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        world.begun(cast, by=cast.who[who])


def test_nor_does_another_unit_write_in_it(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.describe(world.begun(cast), cohort="4B", children=20, by=cast.petra)


def test_only_a_step_that_the_unit_has_groups_for(cast: Cast) -> None:
    for key, year in (("preschool", ""), ("between_years", "7"), ("other", ""), ("upper_secondary", "9")):
        with pytest.raises(RuleBroken, match="vilken övergång"):
            actions.begin(key, year, year="2026/27", cohort="4A", children=24, by=cast.pia)


def test_receivers_are_siblings_with_the_next_step(cast: Cast) -> None:
    made = world.begun(cast)
    assert [one.unit.name for one in queries.receivers(made, "")[0]] == ["Ekskolan"]
    assert queries.receivers(made, "sjö")[0] == [] and queries.candidate(made, cast.unit["havet"].public_id) is None
    for unit in ("havet", "alskolan", "norr"):
        with pytest.raises(RuleBroken, match="kan inte ta emot"):
            actions.choose(made, cast.unit[unit], by=cast.pia)
    actions.choose(made, cast.unit["ekskolan"], by=cast.pia)
    actions.choose(world.fresh(made), cast.unit["ekskolan"], by=cast.pia)
    assert len(world.fresh(made).receptions) == 1 and queries.receivers(world.fresh(made), "") == ([], 0)
    actions.leave_out(made, cast.unit["ekskolan"], by=cast.pia)
    assert world.fresh(made).receptions == []


def test_what_is_missing_is_said_before_it_is_handed_over(cast: Cast) -> None:
    made = world.begun(cast)
    with pytest.raises(RuleBroken, match=r"Så har gruppen arbetat.*Lärmiljö"):
        world.give(made, cast.pia)
    world.write(made, cast.pia, **world.WORDS)
    with pytest.raises(RuleBroken, match="Välj minst en enhet"):
        world.give(made, cast.pia)
    actions.choose(world.fresh(made), cast.unit["ekskolan"], by=cast.pia)
    with pytest.raises(RuleBroken, match="intyga"):
        actions.give(made, confirmed=False, version=queries.revision(world.fresh(made)), by=cast.pia)


@pytest.mark.parametrize(
    "text",
    ["Eleven Alva behöver bildstöd.", "Ring 070-123 45 67.", "140302-1234", "Tack vare Lena Gran gick det.", "Fråga Petra Nord."],
)
def test_nobody_is_named(cast: Cast, text: str) -> None:
    made = world.written(cast, language=text)
    with pytest.raises(RuleBroken, match="”"):
        world.give(made, cast.pia)
    assert states(made) == ("draft", ["chosen"]) and letters("handover.given") == []


def test_nor_in_the_name_of_the_group(cast: Cast) -> None:
    made = world.written(cast)
    actions.describe(made, cohort="Gruppen med eleven Alva", children=12, by=cast.pia)
    with pytest.raises(RuleBroken, match="eleven Alva"):
        world.give(made, cast.pia)


def test_what_is_handed_over_is_what_was_read_through(cast: Cast) -> None:
    made = world.written(cast)
    read = queries.revision(world.fresh(made))
    world.write(made, cast.bo, work="Andra ord om hur gruppen har arbetat.")
    with pytest.raises(RuleBroken, match="ändrat i överlämningen"):
        actions.give(made, confirmed=True, version=read, by=cast.pia)


def test_an_edition_is_hashed_signed_and_never_changed(cast: Cast) -> None:
    made = world.given(cast)
    said = queries.edition(made.id, 1)
    assert said and said.sha256 == sha256(said.snapshot) and said.snapshot["signed"]["name"] == "Pia Östlund"
    assert [one["key"] for one in said.snapshot["sections"]] == ["work", "what_worked", "environment"]
    section = queries.section(world.fresh(made), "work")
    assert section
    with pytest.raises(RuleBroken, match="har lämnats över"):
        section_actions.save(made, "work", "Nytt.", version=section.version, save_key="late", by=cast.bo)
    assert queries.saves.history(section)[0].text == "Nytt.", "the words that came too late are kept"
    again = queries.edition(made.id, 1)
    assert again and again.snapshot == said.snapshot


def test_it_is_taken_back_until_somebody_has_opened_it(cast: Cast) -> None:
    made = world.given(cast)
    actions.withdraw(made, by=cast.pia)
    assert states(made) == ("draft", ["chosen"]) and queries.received(cast.petra) == []
    world.give(made, cast.pia)
    receiving.open_(world.came(made), by=cast.petra)
    with pytest.raises(RuleBroken, match="har börjat läsa"):
        actions.withdraw(world.fresh(made), by=cast.pia)


def test_a_draft_is_thrown_away_whole(cast: Cast) -> None:
    made = world.written(cast)
    with pytest.raises(NotAllowed):
        actions.discard(made, by=cast.bo)
    actions.discard(world.fresh(made), by=cast.pia)
    for model in (Handover, HandoverSection, HandoverVersion, Reception, HandoverEdition):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    given = world.give(world.written(cast), cast.pia)
    with pytest.raises(RuleBroken):
        actions.discard(given, by=cast.pia)


def test_two_who_write_at_once_lose_nothing(cast: Cast) -> None:
    made = world.write(world.begun(cast), cast.pia, work="Pias ord.")
    with pytest.raises(Conflict) as no:
        section_actions.save(made, "work", "Bos ord.", version=1, save_key="bo", by=cast.bo)
    section = queries.section(world.fresh(made), "work")
    assert section and section.text == "Pias ord." and no.value.mine == "bo"
    section_actions.restore(made, "work", "bo", version=section.version, by=cast.bo)
    again = queries.section(world.fresh(made), "work")
    assert again and again.text == "Bos ord."
    section_actions.save(made, "work", "Bos ord, igen.", version=again.version, save_key="once", by=cast.bo)
    section_actions.save(made, "work", "Bos ord, igen.", version=again.version, save_key="once", by=cast.bo)
    kept = queries.section(world.fresh(made), "work")
    assert kept and len([one for one in queries.saves.history(kept) if one.text == "Bos ord, igen."]) == 1
    with pytest.raises(NotFound):
        section_actions.save(made, "none", "x", version=1, save_key="x", by=cast.bo)


# The receiver


def test_a_draft_is_not_known_of_and_what_has_come_is(cast: Cast) -> None:
    made = world.written(cast)
    assert queries.received(cast.petra) == []
    world.give(made, cast.pia)
    [one] = queries.received(cast.petra)
    assert (one.cohort, one.state) == ("Klass 4A", "handed_over") and queries.received(cast.linus) == []


def test_the_receipt_is_given_by_name_and_those_in_the_groups_may_read(cast: Cast) -> None:
    made = world.opened(cast)
    with pytest.raises(NotAllowed):
        receiving.receive(world.came(made), by=cast.linus)
    receiving.receive(world.came(made), by=cast.petra)
    one = world.came(made)
    assert (one.state, one.received_by and one.received_by.name, one.received_edition) == ("received", "Petra Nord", 1)
    assert letters("handover.received") == names(cast.pia, cast.bo) and letters("handover.to_read") == names(cast.linus)
    assert [each.id for each in queries.received(cast.linus)] == [one.id] and queries.received(cast.lena) == []


@pytest.mark.parametrize("who", ["pia", "bo", "linus", "arne", "diana", "olle", "per"])
def test_only_the_receiver_opens(cast: Cast, who: str) -> None:
    made = world.given(cast)
    with pytest.raises(NotAllowed):
        receiving.open_(world.came(made), by=cast.who[who])


def test_it_is_sent_back_with_a_question_and_comes_again_in_a_new_edition(cast: Cast) -> None:
    made = world.opened(cast)
    with pytest.raises(RuleBroken, match="Skriv en mening"):
        receiving.send_back(world.came(made), "Va?", by=cast.petra)
    receiving.send_back(world.came(made), "Hur har ni arbetat med läsning?", by=cast.petra)
    assert states(made) == ("returned", ["returned"]) and letters("handover.returned") == names(cast.pia, cast.bo)
    actions.describe(world.fresh(made), cohort="Klass 4A och 4B", children=24, by=cast.pia)
    assert world.came(made).cohort == "Klass 4A", "what is being written is not read"
    world.write(made, cast.pia, subjects="Vi har läst tyst tjugo minuter varje dag.")
    world.give(made, cast.pia)
    assert states(made) == ("handed_over", ["handed_over"]) and world.came(made).edition == 2
    assert [one.number for one in queries.editions(made.id)] == [2, 1]
    with pytest.raises(RuleBroken):
        actions.withdraw(world.fresh(made), by=cast.pia)
    receiving.open_(world.came(made), by=cast.petra)
    receiving.receive(world.came(made), by=cast.petra)
    assert world.came(made).received_edition == 2


def test_who_has_received_keeps_that_and_receives_the_newer_once_more(cast: Cast) -> None:
    cast.unit["nya"] = organisation.add_unit(
        cast.unit["soder"], name="Nya skolan", level="unit", kind="school", school_forms=["GR"], year_groups=["5"], by=None
    )
    made = world.give(world.written(cast, ("ekskolan", "nya")), cast.pia)
    first, second = sorted(world.fresh(made).receptions, key=lambda one: one.unit.name)
    receiving.open_(first, by=cast.petra)
    receiving.receive(first, by=cast.petra)
    with pytest.raises(RuleBroken, match="redan mottagen"):
        receiving.receive(first, by=cast.petra)
    db.session.rollback()
    nya = organisation.give_mandate(cast.per.person, cast.petra.role, cast.unit["nya"], by=None, valid_from=clock.today())
    receiving.open_(second, by=nya)
    receiving.send_back(second, "Vad är halvgrupp hos er?", by=nya)
    world.write(made, cast.pia, work="Gruppen arbetar i halvgrupp: tolv i varje rum.")
    world.give(made, cast.pia)
    first = db.session.get_one(Reception, first.id)
    assert (first.state, first.received_edition, first.edition) == ("received", 1, 2)
    receiving.receive(first, by=cast.petra)
    assert db.session.get_one(Reception, first.id).received_edition == 2


def test_the_answer_and_its_questions_reach_the_giver_who_replies_once(cast: Cast) -> None:
    made = world.answered(cast)
    one = world.came(made)
    assert (one.state, one.awaits_reply) == ("answered", True) and letters("handover.answered") == names(cast.pia, cast.bo)
    with pytest.raises(NotAllowed):
        receiving.reply(one, "Efter behov och intresse.", by=cast.petra)
    with pytest.raises(RuleBroken, match="eleven Alva"):
        receiving.reply(world.came(made), "Efter vad eleven Alva ville.", by=cast.pia)
    receiving.reply(world.came(made), "Efter behov och intresse.", by=cast.bo)
    assert world.came(made).reply == "Efter behov och intresse." and letters("handover.replied") == names(cast.petra)
    with pytest.raises(RuleBroken, match="ingen fråga"):
        receiving.reply(world.came(made), "En gång till, tydligare.", by=cast.pia)


@pytest.mark.parametrize("words", ["Alvas mamma ringde oss.", "Hej"])
def test_an_answer_says_something_and_names_nobody(cast: Cast, words: str) -> None:
    made = world.received(cast)
    with pytest.raises(RuleBroken):
        receiving.answer(world.came(made), words, "", by=cast.petra)
    with pytest.raises(RuleBroken):
        receiving.answer(world.came(made), "Vi fortsätter med halvgrupper.", "Varför är eleven Alva ensam?", by=cast.petra)
    assert world.came(made).state == "received"


def test_the_receiver_looks_back_in_the_new_school_year(cast: Cast) -> None:
    made = world.answered(cast)
    with pytest.raises(RuleBroken, match="nya läsåret"):
        receiving.look_back(world.came(made), "Vi hade velat veta mer om läsningen.", by=cast.petra)
    round = world.next_autumn(cast)
    receiving.look_back(world.came(made), "Vi hade velat veta mer om läsningen.", by=cast.petra)
    one = world.came(made)
    assert (one.state, one.round_id) == ("looked_back", round.id) and letters("handover.looked_back") == names(cast.pia, cast.bo)
    receiving.reply(one, "Efter behov och intresse.", by=cast.pia)  # what was asked before may still be answered


def test_every_act_leaves_its_line_without_a_word_of_the_text(cast: Cast) -> None:
    world.answered(cast)
    asked = select(audit.AuditLine).where(audit.AuditLine.act.like("handover.%")).order_by(audit.AuditLine.id)
    lines = db.session.scalars(asked).all()
    assert [one.act for one in lines] == [
        "handover.begin", "handover.choose", "handover.give", "handover.open", "handover.receive", "handover.answer",
    ]  # fmt: skip
    assert not any("halvgrupp" in str(one.detail) or "Klass" in str(one.detail) for one in lines)


# Units that end, and units that move


@atomic
def end(unit: Unit, *, by: Actor | None, successor: Unit | None = None, reason: str = "") -> None:
    events._listeners["unit_ending"]["handover"](unit=unit, successor=successor, reason=reason, by=by)
    audit.note("test.end", about=unit)


def test_a_unit_with_handovers_that_wait_does_not_just_end(cast: Cast) -> None:
    made = world.given(cast)
    found: list[Waiting] = []
    events._listeners["unit_to_end"]["handover"](unit=cast.unit["ekskolan"], found=found)
    assert [(one.count, one.names) for one in found] == [(1, ("Alskolan",))]
    with pytest.raises(RuleBroken, match="överlämningar som väntar"):
        end(cast.unit["ekskolan"], by=None)
    end(cast.unit["ekskolan"], reason="Skolan läggs ned.", by=None)
    assert states(made) == ("handed_over", ["ended"]) and world.came(made).ended_reason == "Skolan läggs ned."


def test_a_successor_gives_and_receives_in_its_place(cast: Cast) -> None:
    given, draft = world.given(cast), world.begun(cast, cohort="Klass 6A", year_group="6")
    end(cast.unit["ekskolan"], successor=cast.unit["havet"], by=None)
    assert [one.cohort for one in queries.received(cast.per)] == ["Klass 4A"] and queries.received(cast.petra) == []
    end(cast.unit["alskolan"], successor=cast.unit["ekskolan"], by=None)
    assert {one.id for one in queries.given(cast.petra)} == {given.id, draft.id} and queries.given(cast.pia) == []


def test_nobody_hands_over_to_themselves_when_the_two_become_one(cast: Cast) -> None:
    made = world.given(cast)
    end(cast.unit["alskolan"], successor=cast.unit["ekskolan"], by=None)
    end(cast.unit["ekskolan"], successor=cast.unit["ekskolan"], by=None)
    assert world.came(made).unit_id == cast.unit["ekskolan"].id
    again = world.begun(cast, cohort="Klass 5A", year_group="5", by=cast.petra)
    assert queries.candidate(again, cast.unit["ekskolan"].public_id) is None


def test_it_goes_with_a_unit_that_moves(cast: Cast) -> None:
    made = world.received(cast)
    organisation.move_unit(cast.unit["ekskolan"], under=cast.unit["soder"], version=cast.unit["ekskolan"].version, by=cast.stina)
    one = world.came(made)
    assert one.path == one.unit.path and one.path.startswith(cast.unit["soder"].path)
    linus = organisation.give_mandate(cast.lo.person, cast.linus.role, cast.unit["ek46"], by=None, valid_from=clock.today())
    assert [each.id for each in queries.received(linus)] == [one.id]


# Those above


def test_those_above_see_that_it_is_done_and_which_are_not(cast: Cast) -> None:
    made = world.written(cast)

    def seen(who: str) -> list[tuple[str, list[str], list[str], int, list[str]]]:
        db.session.expire_all()
        return [
            (one.title, [unit.name for unit in one.given], [unit.name for unit in one.missing], one.received, one.waiting)
            for one in queries.overview(cast.who[who], "2026/27")
        ]

    between = "Årskurs 3–6 till årskurs 4–7"
    assert seen("arne") == [(between, [], ["Alskolan", "Ekskolan"], 0, [])]
    world.give(made, cast.pia)
    assert seen("arne") == [(between, ["Alskolan"], ["Ekskolan"], 0, ["Ekskolan"])]
    assert seen("asta") == [("Förskola till förskoleklass", [], ["Havets förskola"], 0, [])]
    receiving.open_(world.came(made), by=cast.petra)
    receiving.receive(world.came(made), by=cast.petra)
    assert seen("diana")[1] == (between, ["Alskolan"], ["Ekskolan"], 1, [])
    assert queries.overview(cast.diana, "2025/26")[1].given == [] and queries.labels_known(cast.diana) == ["2026/27", "2025/26"]


def test_what_ends_goes_to_the_one_chosen_for_it(cast: Cast) -> None:
    world.given(cast)
    ekskolan, havet = cast.unit["ekskolan"], cast.unit["havet"]

    @atomic
    def close(*, by: Actor | None) -> None:
        facts = {"unit": ekskolan, "successor": cast.unit["alskolan"], "reason": "", "heirs": {"handover": havet}, "by": by}
        events._listeners["unit_ending"]["handover"](**facts)
        audit.note("test.end", about=ekskolan)

    close(by=None)
    assert [one.cohort for one in queries.received(cast.per)] == ["Klass 4A"]
