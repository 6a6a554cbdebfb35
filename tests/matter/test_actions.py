"""The secretary records what the committee decided, once, and corrects it without changing it."""

from datetime import date
from typing import Any

import pytest

from chain.base.errors import NotAllowed, RuleBroken
from chain.matter import actions, queries
from chain.matter.models import Decision
from tests.followup import world
from tests.makers import Cast


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


def test_one_committees_decisions_are_unknown_to_the_other(cast: Cast) -> None:
    record(cast)
    assert queries.decisions(cast.lena) and not queries.decisions(cast.viktor) and not queries.decisions(cast.vera)
