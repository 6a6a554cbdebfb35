"""A dialogue from the invitation to what came of it: who does what, and what is refused."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.outbox import Letter
from chain.dialogue import (
    actions,
    agreement_actions,
    agreement_queries,
    ending_actions,
    pack_actions,
    queries,
    rules,
    text_actions,
)
from chain.dialogue import text_queries as texts
from chain.dialogue.models import Dialogue, DialoguePack
from chain.organisation import actions as organisation
from chain.organisation import queries as tree
from tests.dialogue import world
from tests.makers import Cast


def letters(kind: str) -> set[str]:
    return set(db.session.scalars(select(Letter.person).where(Letter.kind == kind)))


def test_the_heads_of_a_unit_are_called_and_whoever_calls_takes_part(cast: Cast) -> None:
    dialogue = world.planned(cast)
    assert letters("dialogue.planned") == {cast.pia.person.public_id, cast.bo.person.public_id}
    assert dialogue.names("host") == ["Diana Holm", "Olle Sand"] and dialogue.names("unit") == ["Pia Östlund", "Bo Alm"]
    assert world.planned(cast).id == dialogue.id, "pressed twice"


def test_who_may_read_a_dialogue(cast: Cast) -> None:
    dialogue = world.planned(cast)
    read = {short for short, one in cast.who.items() if policy.may(one, Action.READ, dialogue)}
    assert read == {"pia", "bo", "arne", "diana", "olle"}, "neither the officer beside nor the committee"
    seen = {short for short, one in cast.who.items() if db.session.scalars(policy.visible(one, Dialogue)).all()}
    assert seen == read


def test_an_area_head_holds_dialogues_with_the_units_of_the_area_alone(cast: Cast) -> None:
    mine = world.planned(cast, who="arne", people=[cast.pia])
    assert mine.host_id == cast.unit["norr"].id
    with pytest.raises(RuleBroken, match="ligger inte under"):
        world.planned(cast, unit="havet", who="arne")
    with pytest.raises(NotAllowed):
        world.planned(cast, who="sixten", unit="alskolan")


def test_a_plan_that_nobody_can_come_to_is_refused(cast: Cast) -> None:
    for wrong in ({"held_on": date(2026, 11, 21)}, {"begins_at": None}, {"people": [cast.diana]}):
        with pytest.raises(RuleBroken):
            world.planned(cast, **wrong)
    assert not db.session.scalars(select(Dialogue)).all()


def test_the_unit_proposes_another_time_and_is_answered(cast: Cast) -> None:
    dialogue = world.planned(cast)
    actions.go(dialogue, "ask", "Kan vi ses den 16 i stället?", by=cast.bo)
    assert dialogue.asked and letters("dialogue.asked") == {cast.olle.person.public_id, cast.diana.person.public_id}
    with pytest.raises(NotAllowed):
        actions.go(dialogue, "stand_by", "Nej.", by=cast.pia)
    actions.go(dialogue, "stand_by", "Alla andra kan bara den dagen.", by=cast.olle)
    assert not dialogue.asked
    actions.go(dialogue, "ask", "Då vill vi prata om trygghet.", by=cast.pia)
    agenda = [*dialogue.agenda, {"key": "calm", "title": {"sv": "Trygghet"}}]
    facts: dict[str, Any] = {"held_on": dialogue.held_on, "begins_at": time(9), "place": "", "agenda": agenda}
    actions.change(dialogue, **facts, people=[cast.pia, cast.diana], version=dialogue.version, by=cast.olle)
    assert not dialogue.asked and dialogue.headings[-1] == ("calm", "Trygghet")
    with pytest.raises(RuleBroken, match="samtidigt"):
        actions.change(dialogue, **facts, people=[cast.pia], version=1, by=cast.olle)


def test_it_is_cancelled_with_a_reason(cast: Cast) -> None:
    dialogue = world.planned(cast)
    with pytest.raises(RuleBroken):
        actions.go(dialogue, "cancel", " ", by=cast.olle)
    actions.go(dialogue, "cancel", "Skolan flyttar.", by=cast.diana)
    assert dialogue.state == "cancelled" and queries.steps(dialogue)[0].words == "Skolan flyttar."
    with pytest.raises(NotAllowed):
        actions.go(dialogue, "cancel", "Igen.", by=cast.pia)


def test_the_units_words_are_its_own_until_they_are_handed_over(cast: Cast) -> None:
    dialogue = world.planned(cast)
    before = dialogue.version
    world.write(dialogue, rules.OWN_WORDS, world.OWN, cast.bo)
    assert dialogue.version == before and not texts.notes(dialogue) and queries.pack(dialogue) is None
    with pytest.raises(NotFound):
        world.write(dialogue, rules.OWN_WORDS, "Vi också.", cast.olle)
    with pytest.raises(NotAllowed):
        pack_actions.hand_over(dialogue, by=cast.bo)
    made = pack_actions.hand_over(dialogue, by=cast.pia)
    assert made.snapshot["words"] == world.OWN and dialogue.state == "prepared"
    assert letters("dialogue.prepared") == {cast.olle.person.public_id, cast.diana.person.public_id}


def test_handed_over_anew_it_is_a_new_version_and_the_old_one_stays(cast: Cast) -> None:
    dialogue = world.prepared(cast)
    assert pack_actions.hand_over(dialogue, by=cast.pia).number == 1, "the same once more"
    world.write(dialogue, rules.OWN_WORDS, "Något annat.", cast.pia)
    assert pack_actions.hand_over(dialogue, by=cast.pia).number == 2
    old = queries.pack(dialogue, 1)
    assert old is not None and old.snapshot["words"] == world.OWN
    assert len(db.session.scalars(select(DialoguePack)).all()) == 2


def test_notes_are_written_by_both_from_the_day_on(cast: Cast) -> None:
    dialogue = world.prepared(cast)
    with pytest.raises(RuleBroken, match="förberedd"):
        world.write(dialogue, "results", "För tidigt.", cast.olle)
    with pytest.raises(RuleBroken, match="Dagen"):
        actions.go(dialogue, "hold", by=cast.olle)
    with world.on_the_day(dialogue):
        actions.go(dialogue, "hold", by=cast.pia)
        for who, key in (("olle", "results"), ("bo", "causes"), ("diana", "support")):
            world.write(dialogue, key, f"Från {who}.", cast.who[who])
        for who in ("arne", "olga", "maja", "lena", "petra"):
            with pytest.raises(NotAllowed):
                world.write(dialogue, "learning", "Nej.", cast.who[who])
        with pytest.raises(NotFound):
            world.write(dialogue, "nothing", "x", cast.olle)
    assert {key: one.text for key, one in texts.notes(dialogue).items()} == {
        "results": "Från olle.", "causes": "Från bo.", "support": "Från diana.",
    }  # fmt: skip


def test_of_two_who_write_at_once_nobody_loses_a_word(cast: Cast) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        world.write(dialogue, "results", "Pias text.", cast.pia, version=1)
        with pytest.raises(Conflict) as no:
            world.write(dialogue, "results", "Olles text.", cast.olle, version=1)
        one = texts.text(dialogue, "results")
        assert one is not None and one.text == "Pias text."
        kept = texts.saves.find(one, no.value.mine)
        assert kept is not None and kept.text == "Olles text." and not kept.kept
        text_actions.restore(dialogue, "results", no.value.mine, version=one.version, by=cast.olle)
        assert one.text == "Olles text." and len(texts.saves.history(one)) == 4


def test_the_same_save_twice_is_one_and_a_save_that_wrote_on_is_no_conflict(cast: Cast) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        for words in ("Ett.", "Ett.", "Ett, två."):
            one = world.write(dialogue, "causes", words, cast.olle, version=0, save_key="k" * 32)
        assert one.text == "Ett, två." and len(texts.saves.history(one)) == 2


def test_two_persons_agree_one_from_each_side_to_just_what_they_read(cast: Cast) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        agreement = world.agree_to(cast, dialogue)
        with pytest.raises(NotAllowed):
            actions.go(dialogue, "propose", by=cast.bo)
        actions.go(dialogue, "propose", by=cast.olle)
        for who in ("olle", "diana"):
            with pytest.raises(RuleBroken, match="Er sida"):
                actions.go(dialogue, "agree", by=cast.who[who])
        actions.go(dialogue, "propose", by=cast.olle)  # pressed twice
        actions.go(dialogue, "agree", by=cast.pia)
        actions.go(dialogue, "agree", by=cast.pia)
    [edition] = queries.editions(dialogue)
    assert (edition.state, edition.proposed_by_id, edition.agreed_by_id) == ("agreed", cast.olle.person_id, cast.pia.person_id)
    assert edition.content["notes"][0]["text"] == world.NOTED
    assert edition.content["agreements"][0]["public_id"] == agreement.public_id
    with pytest.raises(RuleBroken, match="kom inte med"):
        world.write(dialogue, "results", "Efteråt.", cast.pia)
    with pytest.raises(RuleBroken, match="ligger fast"):
        world.agree_to(cast, dialogue, "Efteråt")


def test_nobody_agrees_for_both_sides(cast: Cast) -> None:
    """One person with a mandate on either side."""
    both = organisation.give_mandate(cast.diana.person, Role.PRINCIPAL, cast.unit["alskolan"], by=None)
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        actions.go(dialogue, "propose", by=cast.diana)
        with pytest.raises(RuleBroken, match="två personer"):
            actions.go(dialogue, "agree", by=both)


CHANGES: dict[str, Callable[[Cast, Dialogue], Any]] = {
    "a note": lambda cast, dialogue: world.write(dialogue, "results", "Nya ord.", cast.bo),
    "an agreement more": lambda cast, dialogue: world.agree_to(cast, dialogue, "En till"),
    "an agreement less": lambda cast, dialogue: agreement_actions.remove(
        agreement_queries.told(dialogue)[0].agreement, by=cast.pia
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_after_one_has_agreed_takes_that_away(cast: Cast, change: Callable[[Cast, Dialogue], Any]) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        world.agree_to(cast, dialogue)
        actions.go(dialogue, "propose", by=cast.olle)
        change(cast, dialogue)
        assert dialogue.state == "held" and queries.editions(dialogue)[0].state == "changed"
        with pytest.raises(RuleBroken):
            actions.go(dialogue, "agree", by=cast.pia)
        actions.go(dialogue, "propose", by=cast.pia)
        actions.go(dialogue, "agree", by=cast.olle)
    newest, first = queries.editions(dialogue)
    assert (newest.state, first.state) == ("agreed", "changed") and first.content != newest.content


def test_the_same_words_saved_again_change_nothing(cast: Cast) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        actions.go(dialogue, "propose", by=cast.olle)
        world.write(dialogue, "results", world.NOTED, cast.bo)
    assert dialogue.state == "proposed"


def test_an_agreement_says_who_on_its_own_side(cast: Cast) -> None:
    dialogue = world.held(cast)
    with world.on_the_day(dialogue):
        with pytest.raises(RuleBroken, match="samma sida"):
            world.agree_to(cast, dialogue, responsible=cast.olle)
        with pytest.raises(RuleBroken):
            world.agree_to(cast, dialogue, due="1999/00:1")
        one = world.agree_to(cast, dialogue)
        assert world.agree_to(cast, dialogue).id == one.id, "pressed twice"


def test_each_side_says_what_came_of_its_own_and_then_it_can_be_ended(cast: Cast) -> None:
    dialogue = world.agreed(cast)
    ours, theirs = (one.agreement for one in agreement_queries.told(dialogue))
    with world.later(dialogue):
        with pytest.raises(RuleBroken, match="väntar"):
            actions.go(dialogue, "close", "Klart.", by=cast.olle)
        with pytest.raises(NotAllowed):
            agreement_actions.end(theirs, "Gjort.", by=cast.pia)
        with pytest.raises(RuleBroken, match="vad det blev"):
            agreement_actions.end(theirs, "  ", by=cast.olle)
        agreement_actions.end(theirs, "Handledningen är klar.", by=cast.olle)
        agreement_actions.end(theirs, "Handledningen är klar.", by=cast.olle)
        assert letters("dialogue.agreement_ended") == {cast.pia.person.public_id, cast.bo.person.public_id}
        agreement_actions.end(ours, "Det blev inget: lärarna slutade.", by=cast.bo)
        actions.go(dialogue, "close", "Läsningen fick fart.", by=cast.olle)
    assert dialogue.state == "closed" and [one.status for one in agreement_queries.told(dialogue)] == ["agreement_ended"] * 2


def test_what_both_agreed_to_is_opened_again_with_a_reason(cast: Cast) -> None:
    dialogue = world.agreed(cast)
    actions.go(dialogue, "reopen", "Fel skola i anteckningarna.", by=cast.pia)
    assert dialogue.state == "held" and queries.editions(dialogue)[0].state == "changed"


def test_an_administration_has_headings_of_its_own(cast: Cast) -> None:
    actions.keep_agenda(cast.unit["fvn"], "Resultat och utveckling\nTrygghet", by=cast.olle)
    for unit in ("fvn", "norr"):
        assert [one["key"] for one in queries.agenda(cast.unit[unit])] == ["results", "trygghet"]
    with pytest.raises(NotAllowed):
        actions.keep_agenda(cast.unit["fvn"], "Ett", by=cast.arne)
    actions.keep_agenda(cast.unit["fvn"], "", by=cast.diana)
    assert len(queries.agenda(cast.unit["fvn"])) == 5


def test_a_unit_that_ends_hands_its_dialogues_over_or_ends_them_with_a_reason(cast: Cast) -> None:
    dialogue = world.agreed(cast)
    coming = world.planned(cast, unit="ekskolan")
    waiting = organisation_waiting(cast, "alskolan")
    assert waiting == ["Kvalitetsdialoger som inte är avslutade"]
    close, school = organisation.close_unit, cast.unit["ekskolan"]
    close(cast.unit["ek46"], successor=None, reason="Slut.", version=cast.unit["ek46"].version, by=cast.stina)
    with pytest.raises(RuleBroken, match="kvalitetsdialoger"):
        close(school, successor=None, reason="", version=school.version, by=cast.stina)
    close(school, successor=None, reason="Skolan stängs.", version=school.version, by=cast.stina)
    db.session.expire_all()
    assert coming.state == "cancelled" and queries.steps(coming)[0].words == "Skolan stängs."
    assert dialogue.state == "agreed"


def organisation_waiting(cast: Cast, unit: str) -> list[str]:
    return [one.what for one in tree.waiting(cast.unit[unit]) if one.link == "dialogue"]


def test_whoever_takes_over_a_unit_has_its_dialogues_and_agreements(cast: Cast) -> None:
    dialogue = world.agreed(cast)
    ending_actions.unit_ending(unit=cast.unit["alskolan"], successor=cast.unit["ekskolan"], reason="", by=cast.stina)
    assert dialogue.unit_id == cast.unit["ekskolan"].id and policy.may(cast.petra, Action.READ, dialogue)
    ours, theirs = (one.agreement for one in agreement_queries.told(dialogue))
    assert (ours.unit_id, theirs.unit_id) == (cast.unit["ekskolan"].id, cast.unit["fvn"].id)
    db.session.rollback()
