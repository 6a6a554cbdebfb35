"""The secretary records what the committee decided, once, and corrects it without changing it."""

from datetime import date
from typing import Any

import pytest

from chain.base.errors import NotAllowed, RuleBroken
from chain.feedback import queries as feedback
from chain.matter import actions, assignment_queries, matter_actions, matter_queries, queries
from chain.matter.assignment_rules import Asked
from chain.matter.models import Decision
from tests.followup import world
from tests.makers import Cast
from tests.matter import desk


def record(cast: Cast, who: str = "sixten", committee: str = "bun", **more: Any) -> Decision:
    facts: dict[str, Any] = {
        "decided_on": date(2026, 11, 20), "paragraph": "12", "registration_number": " Bun 2026/75 ",
        "text": "Nämnden godkänner redovisningen.",
    }  # fmt: skip
    return actions.record(cast.unit[committee], **(facts | more), by=cast.who[who])


def test_a_decision_is_written_down_as_the_minutes_have_it(cast: Cast) -> None:
    made = record(cast)
    assert (made.paragraph, made.registration_number, made.edition) == ("§ 12", "Bun 2026/75", 1)
    assert made.recorded_by_id == cast.sixten.person_id


@pytest.mark.parametrize("who", ["maja", "rut", "diana", "olle", "pia", "lena", "stina", "viktor"])
def test_nobody_but_the_committees_own_secretary_records(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        record(cast, who)
    assert not queries.decisions(cast.sixten)


def test_not_for_another_committee(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        record(cast, committee="vux")


def test_the_same_paragraph_is_not_recorded_twice(cast: Cast) -> None:
    record(cast)
    with pytest.raises(RuleBroken, match="redan inskriven"):
        record(cast, paragraph="§12")
    assert [one.paragraph for one in queries.decisions(cast.maja)] == ["§ 12"]
    assert record(cast, decided_on=date(2026, 11, 21)).edition == 1


def test_a_correction_is_a_new_decision_that_names_the_old(cast: Cast) -> None:
    old = record(cast)
    new = record(cast, corrects=old, text="Nämnden godkänner redovisningen och begär en ny i april.")
    assert (new.corrects_id, new.edition, old.text) == (old.id, 2, "Nämnden godkänner redovisningen.")
    assert [one.id for one in queries.decisions(cast.pia)] == [new.id]
    assert queries.correction(old) is not None
    with pytest.raises(RuleBroken, match="redan rättat"):
        record(cast, corrects=old, text="En gång till.")
    assert record(cast, corrects=new, text="Så här blev det.").edition == 3


def test_a_wrong_day_can_be_corrected(cast: Cast) -> None:
    old = record(cast)
    new = record(cast, corrects=old, decided_on=date(2026, 11, 19))
    assert [one.id for one in queries.decisions(cast.maja)] == [new.id]


def test_the_decisions_about_a_round_are_found_by_it(cast: Cast) -> None:
    november = world.opened(cast)
    made = record(cast, about=november)
    record(cast, paragraph="13")
    assert [one.id for one in queries.about(november)] == [made.id]


def test_a_decision_settles_its_matter_and_gives_it_the_number_that_it_lacked(cast: Cast) -> None:
    matter, numbered = desk.opened(cast), desk.opened(cast, "Med nummer", registration_number="Bun 2026/1")
    made = record(cast, matter=matter)
    record(cast, matter=numbered, paragraph="13")
    assert (made.matter, matter.state, matter.registration_number) == (matter, "decided", "Bun 2026/75")
    assert numbered.registration_number == "Bun 2026/1"
    again = desk.opened(cast, "Ett till")
    record(cast, matter=again, paragraph="14")
    assert again.registration_number is None  # the number is another matter's


def test_a_closed_matter_takes_no_more_decisions(cast: Cast) -> None:
    matter = desk.opened(cast)
    record(cast, matter=matter)
    matter_actions.go(matter, "close", by=cast.sixten)
    with pytest.raises(RuleBroken, match="Ärendet är avslutat") as told:
        record(cast, matter=matter, paragraph="13")
    assert list(told.value.problems) == ["matter"]


def test_a_correction_takes_over_what_the_decision_gave_and_does_nothing_to_the_matter_anew(cast: Cast) -> None:
    matter = desk.opened(cast)
    old = record(cast, matter=matter, asks=[Asked("Beskriv effekten."), Asked("Fördela om.", date(2027, 1, 1))])
    steps = len(matter_queries.steps(matter))
    new = record(cast, matter=matter, corrects=old, text="Nämnden begär en ny redovisning.")
    assert [one.text for one in assignment_queries.given_by(new)] == ["Beskriv effekten.", "Fördela om."]
    assert not assignment_queries.given_by(old) and len(matter_queries.steps(matter)) == steps
    for other in (None, desk.opened(cast, "Ett annat")):
        with pytest.raises(RuleBroken, match="Uppdrag hör till beslutet"):
            record(cast, matter=other, corrects=new, text="Fel ärende.")


def test_a_decision_from_before_matters_were_kept_can_be_put_in_one_by_correcting_it(cast: Cast) -> None:
    old, matter = record(cast), desk.opened(cast)
    new = record(cast, corrects=old, matter=matter)
    assert (new.matter, new.edition, matter.state, old.matter) == (matter, 2, "decided", None)


def test_all_or_nothing_when_one_of_the_assignments_is_wrong(cast: Cast) -> None:
    matter = desk.opened(cast)
    asks = [Asked("Beskriv effekten.", row="asks-0"), Asked("Fördela om.", date(2020, 1, 1), row="asks-2")]
    with pytest.raises(RuleBroken, match="Uppdraget gavs") as told:
        record(cast, matter=matter, asks=asks)
    assert list(told.value.problems) == ["asks-2-due_on"]
    assert not queries.decisions(cast.sixten) and matter.state == "open"


def test_the_decision_is_told_below_in_the_same_step_or_not_recorded_at_all(cast: Cast) -> None:
    november = world.opened(cast)
    for wrong, field in (
        ({"due_on": ["i morgon"]}, "due_on"),
        ({"due_on": ["2020-01-01"]}, "due_on"),
        ({"text": ["x" * 4001]}, "text"),
    ):
        sent = {"feedback-text": ["Berätta hur ni gör."]} | {f"feedback-{name}": said for name, said in wrong.items()}
        with pytest.raises(RuleBroken) as told:
            record(cast, about=november, sent=sent)
        assert list(told.value.problems) == [f"feedback-{field}"] and not queries.decisions(cast.sixten)
    made = record(cast, about=november, sent={"feedback-text": ["Berätta hur ni gör."], "feedback-due_on": ["2026-12-24"]})
    [got] = feedback.received_about(cast.unit["fvn"].id, made.public_id)
    assert (got.feedback.text, got.feedback.due_on) == ("Berätta hur ni gör.", date(2026, 12, 24))
    silent = record(cast, paragraph="13", sent={"feedback-text": ["  "]})
    assert not feedback.received_about(cast.unit["fvn"].id, silent.public_id)


def test_one_committees_decisions_are_unknown_to_the_other(cast: Cast) -> None:
    record(cast)
    assert queries.decisions(cast.lena) and not queries.decisions(cast.viktor) and not queries.decisions(cast.vera)
