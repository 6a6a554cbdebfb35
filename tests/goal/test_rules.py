"""What a goal must say, what it may break down, who does what with it, and what is said of how it went. No database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chain.base.errors import NotAllowed, RuleBroken
from chain.goal import document_rules, plan_rules, rules, shipped
from chain.goal.plan_rules import Entry
from chain.goal.rules import Above, Words

WORDS = Words(kind="knowledge", title="Fler läser med flyt", text="", valid_from="2026/27")
ROOT, COMMITTEE, UNIT, GROUP = "/s/", "/s/bun/", "/s/bun/fvn/al/", "/s/bun/fvn/al/46/"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"kind": "money"}, "kind"),
        ({"valid_from": "2026/28"}, "valid_from"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_to": "2025/26"}, "valid_to"),
        ({"target": Decimal(90)}, "indicator"),
        ({"indicator": "at_least_e", "target": Decimal(90)}, "direction"),
        ({"indicator": "at_least_e", "direction": "at_least"}, "target"),
        ({"text": "x" * 5001}, "text"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(said: dict[str, object], field: str) -> None:
    assert list(rules.problems(replace(WORDS, **said))) == [field]  # type: ignore[arg-type]


def test_a_whole_goal_has_no_faults_and_a_share_has_a_target_in_per_cent() -> None:
    assert rules.problems(WORDS) == {}
    share = replace(WORDS, indicator="at_least_e", direction="at_least", target=Decimal("104"))
    assert list(rules.problems(share, percent=True)) == ["target"]
    assert rules.problems(share) == {}  # of merit points


def test_before_it_is_decided_it_breaks_down_something_that_holds_and_somebody_is_responsible() -> None:
    owned = replace(WORDS, owner="pia")
    assert set(rules.missing(WORDS, "unit", [])) == {"above", "owner"}
    assert rules.missing(owned, "municipality", []) == {}  # the council may set goals of its own
    assert rules.missing(owned, "unit", [Above(COMMITTEE, "committee", "decided")]) == {}
    assert "Gamla målet" in rules.missing(owned, "unit", [Above(COMMITTEE, "committee", "ended", "Gamla målet")])["above"]


@pytest.mark.parametrize(
    ("path", "level", "above", "may"),
    [
        (UNIT, "unit", Above(COMMITTEE, "committee", "decided"), True),
        (UNIT, "unit", Above(ROOT, "national", "decided"), True),
        (ROOT, "municipality", Above(ROOT, "national", "decided"), True),
        (UNIT, "unit", Above(UNIT, "unit", "decided"), False),  # its own: no circles
        (UNIT, "unit", Above(GROUP, "group", "decided"), False),
        (UNIT, "unit", Above("/s/vux/", "committee", "decided"), False),
        (UNIT, "unit", Above("/s/bun/fvn/a/", "area", "decided"), False),
        (ROOT, "national", Above(ROOT, "national", "decided"), False),
    ],
)
def test_a_goal_breaks_down_what_stands_above_it_on_its_own_branch_alone(path: str, level: str, above: Above, may: bool) -> None:
    assert rules.may_break_down(path, level, above) is may


def test_a_groups_goal_is_read_up_to_its_unit_and_all_others_by_all_above() -> None:
    assert rules.ceiling(GROUP, "group") == UNIT
    assert {rules.ceiling(path, level) for path, level in ((UNIT, "unit"), (COMMITTEE, "committee"))} == {ROOT}


def test_who_writes_and_who_decides_at_each_level() -> None:
    assert rules.possible("draft", level="unit", role="deputy") == ["write", "discard"]
    assert rules.possible("draft", level="unit", role="principal") == ["write", "discard", "decide"]
    assert rules.possible("decided", level="committee", role="officer") == []
    assert rules.possible("decided", level="committee", role="secretary") == ["change", "end"]
    assert rules.possible("decided", level="national", role="secretary") == []
    with pytest.raises(NotAllowed):
        rules.move("decide", "draft", level="committee", role="director")
    with pytest.raises(RuleBroken, match="avslutat"):
        rules.move("end", "ended", level="unit", role="principal", reason="För att.")
    with pytest.raises(RuleBroken, match="varför") as told:
        rules.move("end", "decided", level="unit", role="principal", reason=" ")
    assert list(told.value.problems) == ["reason"]


def test_every_level_but_the_nation_has_writers_and_deciders() -> None:
    assert set(rules.WRITES) == set(rules.DECIDES) == set(rules.LEVELS) - {rules.NATIONAL}


def test_what_is_said_of_a_goal_has_its_reasons() -> None:
    assert set(rules.check_assessment("", "")) == {"verdict", "reasons"}
    assert rules.check_assessment("cannot_say", "Provet är inte rättat än.") == {}


def test_a_plan_says_who_does_what_how_one_knows_and_which_goal_it_comes_from() -> None:
    whole = Entry("Vi läser högt", "Alla lärare", "Läsprovet", 1)
    assert plan_rules.missing([whole], "Alla var med.") == {}
    assert set(plan_rules.missing([], "")) == {"entries", "participation"}
    found = plan_rules.missing([replace(whole, goals=0), replace(whole, who=""), replace(whole, know=" ")], "Alla var med.")
    assert list(found) == ["entry-1", "entry-2", "entry-3"] and "vem" in found["entry-2"]


def test_the_first_edition_of_a_plan_is_decided_and_later_ones_are_revised() -> None:
    assert plan_rules.move("decide", "draft", level="unit", role="principal").after == "decided"
    assert plan_rules.move("decide", "draft", level="unit", role="principal", edition=2).after == "revised"
    assert plan_rules.possible("decided", level="unit", role="deputy") == ["revise"]
    with pytest.raises(NotAllowed):
        plan_rules.move("decide", "draft", level="unit", role="deputy")
    with pytest.raises(NotAllowed):
        plan_rules.move("write", "draft", level="group", role="staff")


def test_a_document_is_not_adopted_without_words_a_day_and_who_decided() -> None:
    today = date(2026, 11, 22)
    assert set(document_rules.check_decision("", "", None, None, None, today)) == {"adopted_by", "adopted_on", "in_force_from"}
    ends_early = document_rules.check_decision("Nämnden", "Bun 2018/75", today, today, date(2026, 1, 1), today)
    assert list(ends_early) == ["in_force_to"]
    facts = document_rules.Facts(words=False)
    with pytest.raises(RuleBroken) as told:
        document_rules.move("adopt", "draft", facts, level="committee", role="secretary")
    assert list(told.value.problems) == ["text"]
    with pytest.raises(NotAllowed):
        document_rules.move("adopt", "draft", facts, level="committee", role="officer")


def test_an_adopted_document_holds_between_its_days() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert document_rules.in_force("adopted", first, last, last)
    assert not document_rules.in_force("adopted", first, last, date(2027, 1, 1))
    assert not document_rules.in_force("adopted", date(2027, 1, 1), None, last)
    assert not document_rules.in_force("replaced", first, None, last)


def test_shipped_goals_stand_in_both_languages_of_both_kinds_with_their_sources() -> None:
    found = shipped.goals().values()
    assert {one.kind for one in found} == set(rules.KINDS)
    assert all(one.source and one.title["sv"] and one.title["en"] and len(one.text["sv"]) < 200 for one in found)
    for form in ("FS", "FKLASS", "FTH", "GR", "GRAN", "GY", "GYAN", "VUX"):
        assert any(form in one.school_forms for one in found), form


def test_the_diagrams_draw_every_line() -> None:
    for one in (rules, document_rules, plan_rules):
        assert one.diagram().count("\n") == len(one.MOVES) + 2
