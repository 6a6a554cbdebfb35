"""Causes: each by a stable name, with how sure one is; what was one answer before is read, cited and verified as it was."""

from typing import Any

import pytest

from chain.followup import answers, checks, citation_actions, reading, rules
from chain.followup.answers import ANALYSIS, Context
from tests.followup import scene, world
from tests.makers import Cast

OLD = {"see": "a", "why": "b\n\nc", "evidence": "", "sure": "d"}
ONE = {"item": "c1", "see": "14 av 24", "why": "Tre vikarier", "evidence": "Diagnosen", "certainty": "fairly_sure", "sure": ""}
TWO = {**ONE, "item": "c2", "see": "9 av 22", "why": "För lite tid", "sure": "Vi frågar eleverna."}


def test_one_set_of_fields_from_before_is_one_cause_with_the_passages_that_it_had() -> None:
    assert ANALYSIS.causes(OLD) == [{"item": "first", **OLD}]
    assert [one.id for one in ANALYSIS.spans("analysis", OLD, "Analys")] == [
        "analysis.see.1", "analysis.why.1", "analysis.why.2", "analysis.sure.1",
    ]  # fmt: skip
    assert ANALYSIS.causes({"see": " ", "why": ""}) == [] and ANALYSIS.is_empty({"see": ""})


def test_a_passage_is_named_by_its_cause_whatever_comes_before_it() -> None:
    both = {one.id: one.text for one in ANALYSIS.spans("analysis", {"items": [ONE, TWO]}, "Analys")}
    alone = {one.id: one.text for one in ANALYSIS.spans("analysis", {"items": [TWO]}, "Analys")}
    assert alone.items() <= both.items() and both["analysis.c2.why.1"] == "För lite tid"


def test_one_cause_is_headed_as_it_always_was_and_several_by_their_number() -> None:
    assert ANALYSIS.spans("k", {"items": [ONE]}, "Analys")[0].heading == "Analys – Vad vi ser"
    assert ANALYSIS.spans("k", {"items": [ONE, TWO]}, "Analys")[-1].heading == "Analys – Orsak 2: Hur säkra vi är"


def test_how_sure_is_chosen_and_may_be_said_in_words_as_well() -> None:
    texts = {one.id: one.text for one in ANALYSIS.spans("k", {"items": [ONE, TWO]}, "Analys")}
    assert (texts["k.c1.sure.1"], texts["k.c2.sure.1"]) == ("Ganska säkra.", "Ganska säkra. Vi frågar eleverna.")


@pytest.mark.parametrize("certainty", ["", "ganska", "very"])
def test_each_cause_says_what_why_on_what_evidence_and_how_sure(certainty: str) -> None:
    given = {"items": [ONE, {"item": "c2", "see": "x", "why": " ", "evidence": "", "certainty": certainty}]}
    assert list(ANALYSIS.problems(given, Context())) == ["c2.why", "c2.evidence", "c2.certainty"]


def test_a_row_in_which_nothing_is_written_is_no_cause() -> None:
    assert ANALYSIS.is_empty({"items": [{"item": "c1", "see": " ", "certainty": "sure"}]})


def test_a_cause_can_be_pointed_at_by_a_measure_in_its_own_words() -> None:
    assert answers.named_causes("analysis", {"items": [ONE, {**TWO, "why": ""}]}) == {
        "analysis.c1": "Tre vikarier", "analysis.c2": "9 av 22",
    }  # fmt: skip
    assert answers.named_causes("analysis", OLD) == {"analysis.first": "b\n\nc"}


def test_two_who_wrote_about_the_same_cause_are_joined_in_it_and_other_causes_are_kept() -> None:
    joined = reading.joined("analysis", {"items": [ONE]}, {"items": [{**ONE, "why": "Sjuka lärare"}, TWO]})
    assert [row["item"] for row in joined["items"]] == ["c1", "c2"]
    assert joined["items"][0]["why"] == "Tre vikarier\n\nSjuka lärare"
    old = reading.joined("analysis", {**OLD, "see": "Nya ord"}, {"items": [{**ONE, "item": "first"}]})
    assert [row["item"] for row in old["items"]] == ["first"] and old["items"][0]["see"].startswith("Nya ord")


def test_what_was_handed_up_before_there_could_be_several_still_verifies_and_is_read_and_cited(cast: Cast) -> None:
    november = scene.november(cast)
    sent = scene.accepted(november.pia, cast.pia, cast.arne, analysis=scene.ANALYSIS)
    sealed = sent.sha256
    assert rules.sha256(world.fresh(sent).snapshot) == sealed
    shown = next(one for one in reading.submitted(sent) if one.key == "analysis")
    assert [heading for heading, _spans in shown.groups] == list(ANALYSIS.heads().values())
    cited = citation_actions.cite(
        november.of("arne"), "pattern", sent, "analysis.why.1", "tre olika vikarier", confirmed=True, by=cast.arne
    )
    assert cited.heading.endswith("Varför det är så") and not cited.stale


def test_several_causes_are_handed_up_and_one_of_them_cited(cast: Cast) -> None:
    november = scene.november(cast)
    sent = scene.accepted(november.pia, cast.pia, cast.arne, analysis={"items": [ONE, TWO]})
    assert rules.sha256(world.fresh(sent).snapshot) == sent.sha256
    cited = citation_actions.cite(
        november.of("arne"), "pattern", sent, "analysis.c2.why.1", "För lite tid", confirmed=True, by=cast.arne
    )
    assert cited.heading.endswith("Orsak 2: Varför det är så")


def test_a_draft_from_before_can_be_handed_in_as_it_stands(cast: Cast) -> None:
    mine = scene.november(cast).pia
    world.save(mine, "analysis", scene.ANALYSIS, cast.pia, done=True)
    assert "analysis" not in checks.problems(world.fresh(mine))
    world.save(mine, "analysis", {**scene.ANALYSIS, "sure": ""}, cast.pia, done=True)
    assert checks.problems(world.fresh(mine))["analysis"] == "Säg hur säkra ni är."


def test_causes_are_added_and_taken_away_without_a_script(cast: Cast, client: Any) -> None:
    from tests.followup.pages import address, fill, page, stored

    mine, browser = scene.november(cast).pia, client("pia")
    assert not page(browser, address(mine, "analysis")).select(".take-away")  # one cause is as simple as it was
    answer = fill(browser, mine, "analysis", **{"items-0-see": "Ett"}, add="yes")
    assert answer.status_code == 303 and "more=1" in answer.location
    soup = page(browser, answer.location)
    assert len(soup.select("[name$='-see']")) == 2
    again = {one["name"]: one.get("value", "") for one in soup.select("#section input[type=hidden]")}
    browser.post(
        address(mine, "analysis"), data={**again, "items-0-see": "Ett", "items-1-see": "Två", "items-1-certainty": "unsure"}
    )
    rows = stored(mine, "analysis").answer["items"]
    assert [(row["see"], row["certainty"]) for row in rows] == [("Ett", ""), ("Två", "unsure")]
    fill(browser, mine, "analysis", remove=rows[0]["item"])
    assert [row["see"] for row in stored(mine, "analysis").answer["items"]] == ["Två"]
