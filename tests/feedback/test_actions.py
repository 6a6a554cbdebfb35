"""Feedback is given, read, passed on and answered, from the committee to a classroom and back."""

from datetime import date

import pytest

from chain.access.policy import Role
from chain.base import clock, outbox
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.feedback import actions, queries
from chain.organisation import actions as organisation
from chain.organisation.models import Unit
from tests.feedback.world import TEXT, at, decision, given, pass_down
from tests.makers import Cast


def letters(kind: str) -> list[tuple[str, str]]:
    return [(letter.person, letter.path) for letter in outbox.waiting() if letter.kind == kind]


def test_each_chosen_node_gets_its_delivery_and_those_who_answer_for_it_a_letter(cast: Cast) -> None:
    feedback = given(cast, "diana", "norr soder")
    assert {copy.unit.name: copy.state for copy in queries.trail(feedback).copies} == {
        "Norra området": "delivered", "Södra området": "delivered",
    }  # fmt: skip
    people = {person for person, _path in letters("feedback.delivered")}
    assert people == {cast.arne.person.public_id, cast.asta.person.public_id}


def test_nobody_else_at_the_node_gets_a_letter_nor_who_has_left(cast: Cast) -> None:
    root, fvn = cast.unit["sjovik"], cast.unit["fvn"]
    for name, role, more in (
        ("Ragna Rask", Role.AUDITOR, {}),
        ("Ulla Ny", Role.OFFICER, {"valid_to": date(2026, 11, 21)}),
        ("Stig Bro", Role.OFFICER, {}),
    ):
        person = organisation.add_person(root, name=name, email=f"{name.split()[0]}@sjovik.example", by=None)
        organisation.give_mandate(person, role, fvn, by=None, valid_from=date(2020, 1, 1), **more)
    organisation.end_person(person, by=cast.stina)
    given(cast)
    people = {person for person, _path in letters("feedback.delivered")}
    assert people == {who.person.public_id for who in (cast.diana, cast.olle, cast.olga)}


def test_the_administration_may_choose_units_past_the_areas(cast: Cast) -> None:
    offered = dict(queries.receivers(cast.diana))
    assert [unit.name for unit in offered["area"]] == ["Norra området", "Södra området"]
    assert [unit.name for unit in offered["unit"]] == ["Alskolan", "Ekskolan", "Havets förskola"]
    assert "group" not in offered
    assert dict(queries.receivers(cast.pia)) == {"group": [cast.unit["al46"]]}


@pytest.mark.parametrize(
    ("who", "to"), [("pia", "ek46"), ("pia", "alskolan"), ("pia", "norr"), ("arne", "havet"), ("maja", "vuxf")]
)
def test_feedback_goes_down_and_nowhere_else(cast: Cast, who: str, to: str) -> None:
    with pytest.raises(RuleBroken, match="under er"):
        given(cast, who, to)


def test_context_units_and_closed_units_get_nothing(cast: Cast) -> None:
    free = organisation.add_unit(cast.unit["fvn"], name="Friskolan", level="unit", by=None, context=True)
    gone = organisation.add_unit(cast.unit["norr"], name="Gamla skolan", level="unit", by=None)
    close(gone, cast)
    about = decision(cast)
    for unit, why in ((free, "annan huvudman"), (gone, "avslutad")):
        with pytest.raises(RuleBroken, match=f"{unit.name} .*{why}"):
            actions.give("decision", about.public_id, TEXT, [unit], None, by=cast.diana)
    offered = [unit for _level, units in queries.receivers(cast.diana) for unit in units]
    passed_on_to = [*queries.children(cast.unit["fvn"].id), *queries.children(cast.unit["norr"].id)]
    assert not {free.id, gone.id} & {unit.id for unit in (*offered, *passed_on_to)}


def test_nobody_gives_feedback_about_what_they_may_not_read(cast: Cast) -> None:
    about = decision(cast)
    with pytest.raises(NotFound):
        actions.give("decision", about.public_id, TEXT, [cast.unit["vuxf"]], None, by=cast.viktor)
    with pytest.raises(NotFound):
        actions.give("diary", about.public_id, TEXT, [cast.unit["norr"]], None, by=cast.diana)


def test_staff_deputies_and_auditors_give_no_feedback(cast: Cast) -> None:
    about = decision(cast)
    for who in (cast.lena, cast.bo, cast.rut):
        with pytest.raises(NotAllowed):
            actions.give("decision", about.public_id, TEXT, [cast.unit["al46"]], None, by=who)


def test_a_day_that_has_been_is_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="redan varit"):
        given(cast, due_on=date(2026, 11, 21))


def test_reading_is_a_press_of_a_button_and_says_who(cast: Cast) -> None:
    feedback = given(cast)
    assert at(feedback, cast, "fvn").read_at is None
    actions.read(at(feedback, cast, "fvn"), by=cast.olle)
    copy = at(feedback, cast, "fvn")
    assert (copy.state, copy.read_by_id, copy.read_at, copy.done_at) == ("read", cast.olle.person_id, clock.now(), None)
    with pytest.raises(RuleBroken, match="Ladda om sidan"):
        actions.read(copy, by=cast.diana)
    assert at(feedback, cast, "fvn").read_by_id == cast.olle.person_id


def test_only_the_node_itself_acts_on_its_delivery(cast: Cast) -> None:
    feedback = given(cast)
    for who in (cast.maja, cast.arne, cast.pia, cast.vera, cast.rut):
        for act in (
            lambda who=who: actions.read(at(feedback, cast, "fvn"), by=who),
            lambda who=who: actions.answer(at(feedback, cast, "fvn"), "Vi svarar åt dem.", by=who),
            lambda who=who: actions.pass_on(at(feedback, cast, "fvn"), "Vi för vidare åt dem.", by=who),
        ):
            with pytest.raises(NotAllowed):
                act()
    [copy] = queries.trail(feedback).copies
    assert (copy.state, copy.answer, copy.own_words) == ("delivered", "", "")


def test_passing_on_gives_the_own_open_children_their_own_deliveries(cast: Cast) -> None:
    feedback = given(cast)
    with pytest.raises(RuleBroken, match="Jag har läst"):
        actions.pass_on(at(feedback, cast, "fvn"), "Till områdena.", by=cast.diana)
    pass_down(feedback, cast, "fvn:diana", "norr:arne")
    trail = queries.trail(feedback)
    assert sorted(copy.unit.name for copy in trail.copies) == [
        "Alskolan", "Barn- och utbildningsförvaltningen", "Ekskolan", "Norra området", "Södra området",
    ]  # fmt: skip
    line = trail.line(at(feedback, cast, "alskolan"))
    assert [copy.own_words for copy in line] == ["Det här betyder det för oss: fvn.", "Det här betyder det för oss: norr."]


def test_passing_on_needs_own_words_and_somebody_below(cast: Cast) -> None:
    feedback = given(cast, "pia", "al46")
    actions.read(at(feedback, cast, "al46"), by=cast.lena)
    with pytest.raises(RuleBroken, match="Svara i stället"):
        actions.pass_on(at(feedback, cast, "al46"), "Vidare.", by=cast.lena)
    other = given(cast, about=decision(cast, "§ 13"))
    actions.read(at(other, cast, "fvn"), by=cast.diana)
    with pytest.raises(RuleBroken, match="betyder"):
        actions.pass_on(at(other, cast, "fvn"), "  ", by=cast.diana)


def test_who_has_it_already_is_not_given_it_twice(cast: Cast) -> None:
    feedback = given(cast, "diana", "norr alskolan")
    actions.read(at(feedback, cast, "norr"), by=cast.arne)
    made = actions.pass_on(at(feedback, cast, "norr"), "Till er andra.", by=cast.arne)
    assert [copy.unit_id for copy in made] == [cast.unit["ekskolan"].id]


def test_a_node_is_done_when_it_has_answered(cast: Cast) -> None:
    feedback = given(cast)
    actions.answer(at(feedback, cast, "fvn"), "Vi tar fram en mall.", by=cast.olle)
    copy = at(feedback, cast, "fvn")
    assert (copy.state, copy.answer) == ("answered", "Vi tar fram en mall.")
    assert copy.done_at and copy.read_at and copy.read_by_id == cast.olle.person_id


def test_who_answers_what_another_has_read_leaves_the_readers_name(cast: Cast) -> None:
    feedback = given(cast)
    actions.read(at(feedback, cast, "fvn"), by=cast.diana)
    actions.answer(at(feedback, cast, "fvn"), "Vi tar fram en mall.", by=cast.olle)
    copy = at(feedback, cast, "fvn")
    assert (copy.read_by_id, copy.answered_by_id) == (cast.diana.person_id, cast.olle.person_id)


def test_an_answer_in_a_classroom_makes_every_level_above_done(cast: Cast) -> None:
    feedback = given(cast)
    pass_down(feedback, cast, "fvn:diana", "norr:arne", "soder:asta", "alskolan:pia", "ekskolan:petra")
    actions.answer(at(feedback, cast, "al46"), "Vi skriver tre rader efter varje lektion.", by=cast.lena)
    assert at(feedback, cast, "alskolan").done_at and not at(feedback, cast, "norr").done_at
    actions.answer(at(feedback, cast, "ek46"), "Vi med.", by=cast.linus)
    assert at(feedback, cast, "norr").done_at and not at(feedback, cast, "fvn").done_at
    actions.answer(at(feedback, cast, "havet"), "Vi dokumenterar i vardagen.", by=cast.per)
    assert at(feedback, cast, "fvn").done_at and queries.trail(feedback).done


def test_past_due_a_node_that_passed_on_is_done_but_nothing_is_done_or_closed_by_time(cast: Cast) -> None:
    feedback = given(cast, due_on=date(2026, 11, 30))
    pass_down(feedback, cast, "fvn:diana")
    for day, done_at_each_level in ((date(2026, 11, 30), [0, 0]), (date(2026, 12, 1), [1, 0]), (date(2027, 12, 1), [1, 0])):
        with clock.held(clock.at(day)):
            trail = queries.trail(feedback)
            assert [reach.done for reach in trail.reach] == done_at_each_level
            assert (trail.done, trail.turn, feedback.state) == (False, "area", "open")
            assert {copy.unit.name for copy, _days in trail.stopped} == {"Norra området", "Södra området"}
            assert at(feedback, cast, "fvn").done_at is None  # written down when somebody does something, never by time


def test_it_can_be_answered_past_due_and_is_done_when_all_have(cast: Cast) -> None:
    feedback = given(cast, due_on=date(2026, 11, 30))
    pass_down(feedback, cast, "fvn:diana")
    with clock.held(clock.at(date(2026, 12, 1))):
        actions.answer(at(feedback, cast, "norr"), "Sent, men ändå.", by=cast.arne)
        assert at(feedback, cast, "norr").done_at and not at(feedback, cast, "fvn").done_at
        actions.answer(at(feedback, cast, "soder"), "Vi med.", by=cast.asta)
        assert at(feedback, cast, "fvn").done_at and queries.trail(feedback).done
        assert feedback.state == "open"  # until its sender closes it


def test_more_words_stand_after_those_that_were_said(cast: Cast) -> None:
    feedback = given(cast)
    actions.answer(at(feedback, cast, "fvn"), "Vi tar fram en mall.", by=cast.olle)
    actions.answer(at(feedback, cast, "fvn"), "Den är klar den 30 januari.", by=cast.diana)
    assert at(feedback, cast, "fvn").answer == "Vi tar fram en mall.\n\nDen är klar den 30 januari."


def test_the_sender_sees_each_level_and_where_it_has_stopped(cast: Cast) -> None:
    feedback = given(cast)
    pass_down(feedback, cast, "fvn:diana", "norr:arne")
    actions.answer(at(feedback, cast, "alskolan"), "Så gör vi nu.", by=cast.pia)
    with clock.held(clock.at(date(2026, 12, 13))):
        trail = queries.trail(feedback)
        assert [(reach.level, reach.of, reach.read, reach.answered) for reach in trail.reach] == [
            ("administration", 1, 1, 0), ("area", 2, 1, 0), ("unit", 2, 1, 1),
        ]  # fmt: skip
        assert [(copy.unit.name, days) for copy, days in trail.stopped] == [("Ekskolan", 21), ("Södra området", 21)]
        assert trail.turn == "area"
        assert [(level, [copy.answer for copy in copies]) for level, copies in trail.answers] == [("unit", ["Så gör vi nu."])]


def test_the_answer_is_told_to_whoever_passed_it_on(cast: Cast) -> None:
    feedback = given(cast)
    pass_down(feedback, cast, "fvn:diana")
    actions.answer(at(feedback, cast, "norr"), "Så gör vi.", by=cast.arne)
    actions.answer(at(feedback, cast, "fvn"), "Så gör vi.", by=cast.diana)
    told = letters("feedback.answered")
    assert (cast.maja.person.public_id, f"/feedback/{feedback.public_id}") in told
    assert (cast.diana.person.public_id, f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}") in told


def test_a_members_question_goes_to_the_administration_alone(cast: Cast) -> None:
    about = decision(cast)
    with pytest.raises(RuleBroken, match="förvaltningen"):
        given(cast, "maja", "alskolan", kind="question", about=about)
    with pytest.raises(RuleBroken, match="nämnden"):
        given(cast, "diana", "norr", kind="question", about=about)
    assert given(cast, "maja", "fvn", kind="question", about=about).kind == "question"


def test_the_sender_closes_with_a_sentence_and_may_reopen(cast: Cast) -> None:
    feedback = given(cast)
    with pytest.raises(RuleBroken, match="mening"):
        actions.close(feedback, " ", by=cast.maja)
    actions.close(feedback, "Mallen används nu på alla skolor.", by=cast.maja)
    with pytest.raises(RuleBroken, match="avslutad"):
        actions.answer(at(feedback, cast, "fvn"), "För sent.", by=cast.diana)
    assert (feedback.state, feedback.closing_words) == ("closed", "Mallen används nu på alla skolor.")
    actions.reopen(feedback, by=cast.sixten)
    assert (feedback.state, feedback.closed_at) == ("open", None)
    with pytest.raises(RuleBroken, match="redan öppen"):
        actions.reopen(feedback, by=cast.sixten)
    actions.answer(at(feedback, cast, "fvn"), "Nu hinner vi.", by=cast.diana)
    assert at(feedback, cast, "fvn").answer == "Nu hinner vi."


def test_only_the_sender_closes_and_a_question_only_who_asked_or_the_secretary(cast: Cast) -> None:
    feedback = given(cast, kind="question")
    for who in (cast.diana, cast.pia, cast.rut, cast.viktor):
        with pytest.raises(NotAllowed):
            actions.close(feedback, "Klart.", by=who)
    other = organisation.add_person(cast.unit["sjovik"], name="Nils Å", email="nils@sjovik.example", by=None)
    nils = organisation.give_mandate(other, Role.MEMBER, cast.unit["bun"], by=None)
    with pytest.raises(RuleBroken, match="den som ställde den"):
        actions.close(feedback, "Klart.", by=nils)
    assert feedback.state == "open"
    actions.close(feedback, "Besvarad.", by=cast.sixten)
    assert (feedback.state, feedback.closing_words) == ("closed", "Besvarad.")


def close(unit: Unit, cast: Cast, successor: Unit | None = None, reason: str = "Skolan läggs ner.") -> None:
    """Today is its last day."""
    organisation.close_unit(unit, successor=successor, reason=reason, version=unit.version, by=cast.stina)


def test_when_a_unit_ends_what_waits_goes_to_its_successor(cast: Cast) -> None:
    feedback = given(cast, "arne", "alskolan")
    close(cast.unit["al46"], cast)
    close(cast.unit["alskolan"], cast, successor=cast.unit["ekskolan"], reason="")
    gone, new = at(feedback, cast, "alskolan"), at(feedback, cast, "ekskolan")
    assert (gone.state, gone.ended_reason) == ("ended", "Gick över till Ekskolan.")
    assert new.state == "delivered"


def test_a_successor_that_has_it_already_is_not_given_it_twice(cast: Cast) -> None:
    feedback = given(cast, "arne", "alskolan ekskolan")
    close(cast.unit["al46"], cast)
    close(cast.unit["alskolan"], cast, successor=cast.unit["ekskolan"], reason="")
    assert sorted(copy.state for copy in queries.trail(feedback).copies) == ["delivered", "ended"]


def test_what_has_ended_is_not_waited_for(cast: Cast) -> None:
    feedback = given(cast)
    pass_down(feedback, cast, "fvn:diana", "norr:arne")
    actions.answer(at(feedback, cast, "ekskolan"), "Så gör vi.", by=cast.petra)
    assert not at(feedback, cast, "norr").done_at
    close(cast.unit["al46"], cast)
    close(cast.unit["alskolan"], cast)
    assert at(feedback, cast, "norr").done_at and not at(feedback, cast, "fvn").done_at


def test_when_a_unit_ends_without_a_successor_a_reason_is_needed(cast: Cast) -> None:
    feedback = given(cast, "arne", "alskolan ekskolan")
    close(cast.unit["al46"], cast)
    with pytest.raises(RuleBroken, match="Alskolan har återkoppling som väntar"):
        close(cast.unit["alskolan"], cast, reason="")
    close(cast.unit["alskolan"], cast)
    assert at(feedback, cast, "alskolan").ended_reason == "Skolan läggs ner."
    assert [(reach.of, reach.read) for reach in queries.trail(feedback).reach] == [(1, 0)]


def test_two_who_have_read_before_either_answers_are_done_together(cast: Cast) -> None:
    feedback = given(cast)
    pass_down(feedback, cast, "fvn:diana")
    first, second = at(feedback, cast, "norr"), at(feedback, cast, "soder")
    actions.answer(first, "Ett.", by=cast.arne)
    assert not queries.trail(feedback).done
    actions.answer(second, "Två.", by=cast.asta)
    assert {copy.answer for copy in queries.trail(feedback).copies} == {"", "Ett.", "Två."}
    assert queries.trail(feedback).done and at(feedback, cast, "fvn").done_at
