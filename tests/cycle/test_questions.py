"""Keeping a year's questions: what may be changed, what may not, and that nothing that was entered is lost in mid-round."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.cycle import actions, queries, rules, wording
from chain.cycle.models import OWN, Round, Year
from chain.cycle.shipped import templates
from chain.followup import actions as written
from chain.followup import citation_actions
from chain.followup import queries as followup
from chain.organisation import actions as organisation
from chain.result import shipped as measured
from tests import asked
from tests.followup import world
from tests.makers import Cast

Client = Callable[[str], FlaskClient]
NAMES = {1: "november", 2: "januari", 3: "april", 4: "augusti"}
SAID = {
    "sv_title": "Läslyftet", "sv_ask": "Hur går det?", "en_title": "Reading", "en_ask": "How is it going?", "rounds": ["1", "2"],
}  # fmt: skip


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def at(year: Year, *more: str) -> str:
    return "/".join([f"/cycle/year/{year.public_id}/questions", "unit", *more])


# Rules


def test_no_shipped_key_looks_like_a_municipalitys_own() -> None:
    keys = [one.key for template in templates().values() for one in template.questions]
    keys += [one.key for one in measured.indicators()]
    assert keys and not [key for key in keys if key.startswith(OWN)]


def test_a_question_says_its_title_and_itself_in_both_languages() -> None:
    said = {"sv": {"title": "Läget", "ask": "Hur är det?"}, "en": {"title": " ", "ask": "How?"}}
    assert list(rules.unsaid(said)) == ["en_title"]


@pytest.mark.parametrize(
    ("kind", "asked", "collects", "sentence"),
    [
        ("figures", {}, False, "räknas ihop uppåt"),
        ("figures", {"figures": "Resultat"}, True, "redan i ”Resultat”"),
        ("outcomes", {"outcomes": "Uppföljning"}, True, "följs redan upp i ”Uppföljning”"),
        ("measures", {"text": "Annat"}, True, "måste följas upp"),
    ],
)
def test_what_would_count_twice_or_never_is_not_asked(kind: str, asked: dict[str, str], collects: bool, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        rules.check_kind(kind, asked, enters=collects)
    rules.check_kind("text", asked, enters=collects)


def test_what_follows_up_measures_is_not_hidden_while_measures_are_asked_for() -> None:
    with pytest.raises(RuleBroken, match="följs upp här"):
        rules.check_hiding("outcomes", "Uppföljning", {"measures": "Åtgärder"}, required=False)
    rules.check_hiding("outcomes", "Uppföljning", {"text": "Annat"}, required=False)


def test_a_question_is_not_taken_from_a_round_that_has_been_opened_nor_what_all_rounds_rest_on_from_any() -> None:
    def check(before: list[int], after: list[int], carries: bool) -> None:
        rules.check_rounds("Läget", before, after, NAMES, [1], carries=carries)

    with pytest.raises(RuleBroken, match="november har redan öppnats"):
        check([1, 2], [2], carries=False)
    with pytest.raises(RuleBroken, match="behövs i varje uppföljning"):
        check([1, 2, 3, 4], [1, 2], carries=True)
    with pytest.raises(RuleBroken, match="minst en"):
        check([2], [], carries=False)
    check([1, 2], [1, 3], carries=True)


def test_moving_stays_within_the_list() -> None:
    assert rules.moved("abc", "b", -1) == ["b", "a", "c"]
    assert rules.moved("abc", "b", 1) == ["a", "c", "b"]
    assert rules.moved("abc", "a", -1) == rules.moved("abc", "c", 1) == ["a", "b", "c"]


def test_an_answer_to_choose_keeps_its_key_and_is_never_taken_away() -> None:
    made = rules.check_options([{"key": "", "sv": "Ja", "en": "Yes"}, {"key": "", "sv": "Nej", "en": "No"}])
    assert [one["key"] for one in made] == ["a1", "a2"]
    more = rules.check_options([{**made[0], "sv": "Jo"}, made[1], {"key": "", "sv": "Vet ej", "en": "Unsure"}], made)
    assert [(one["key"], one["sv"]) for one in more] == [("a1", "Jo"), ("a2", "Nej"), ("a3", "Vet ej")]
    with pytest.raises(RuleBroken, match="inte tas bort"):
        rules.check_options(made[:1], made)
    with pytest.raises(RuleBroken, match="både svenska och engelska"):
        rules.check_options([{"key": "", "sv": "Ja", "en": ""}, made[1]])


# In mid-round


def test_what_was_entered_stays_when_questions_are_added_reworded_moved_and_hidden(
    november: Round, cast: Cast, client: Client
) -> None:
    """One has handed in, another writes; the officer changes everything through the pages; all earlier answers are read after."""
    year, officer, pia = november.year, client("olle"), client("pia")
    handed = world.hand_in(
        world.followup(cast, "petra"), cast.petra, support_needed={"items": [{"item": "p", "text": "En kopiator"}]}
    )
    mine = world.followup(cast, "pia")
    asked_for = {"items": [{"item": "a", "text": "Tre kopiatorer"}]}
    world.save(mine, "support_needed", asked_for, cast.pia)
    world.save(mine, "example", {"text": "Läsgrupperna lyfte."}, cast.pia)

    example = queries.kept(year, "unit", "example")
    assert example
    words = {f"{one}_{part}": example.words[one][part] for one in ("sv", "en") for part in ("title", "ask", "help", "example")}
    title = words["sv_title"]
    new = words | {"sv_title": "Ett lyckat exempel", "rounds": ["1", "2", "3", "4"], "version": "1"}
    assert officer.post(at(year, "example"), data=new).status_code == 303
    assert officer.post(at(year), data={"hide": "support_needed"}).status_code == 303
    assert officer.post(at(year), data={"up": "example"}).status_code == 303
    assert officer.post(at(year, "add"), data={**SAID, "kind": "text", "after": "analysis", "required": "y"}).status_code == 303

    hub = pia.get(f"/followup/{mine.public_id}").text
    assert "Ett lyckat exempel" in hub and "Läslyftet" in hub and "Frågas inte längre" in hub
    assert "Läsgrupperna lyfte." in pia.get(f"/followup/{mine.public_id}/section/example").text
    aside = pia.get(f"/followup/{mine.public_id}/section/support_needed", follow_redirects=True).text
    assert "Tre kopiatorer" in aside and "Använd den här versionen" not in aside
    late = {"items-0-item": "a", "items-0-text": "Tre kopiatorer och en bil", "version": "1", "save_key": "late"}
    sent = pia.post(f"/followup/{mine.public_id}/section/support_needed", data=late, follow_redirects=True).text
    assert "Frågan ställs inte längre" in sent and "Tre kopiatorer och en bil" in sent

    read = client("petra").get(f"/followup/submission/{handed.public_id}").text
    assert "En kopiator" in read and title in read
    assert "Ett lyckat exempel" not in read and "Läslyftet" not in read

    again = world.hand_in(world.fresh(mine), cast.pia)
    keys = [one["key"] for one in again.snapshot["sections"]]
    assert "support_needed" not in keys and any(key.startswith(OWN) for key in keys)
    assert officer.post(at(year), data={"show": "support_needed"}).status_code == 303
    section = followup.section(mine, "support_needed")
    assert section and section.answer["items"][0]["text"] == "Tre kopiatorer och en bil"


def test_what_was_chosen_is_read_in_the_words_that_were_chosen(november: Round, cast: Cast, client: Client) -> None:
    year, officer = november.year, client("olle")
    options = {"options-0-sv": "Ja", "options-0-en": "Yes", "options-1-sv": "Nej", "options-1-en": "No"}
    assert officer.post(at(year, "add"), data={**SAID, **options, "kind": "choice"}).status_code == 303
    made = next(one for one in queries.all_questions(year, "unit") if one.own)
    handed = world.hand_in(world.followup(cast, "pia"), cast.pia)
    later = {**SAID, **options, "options-0-key": "a1", "options-0-sv": "Absolut", "options-1-key": "a2", "version": "1"}
    assert officer.post(at(year, made.key), data=later).status_code == 303
    read = client("pia").get(f"/followup/submission/{handed.public_id}").text
    assert "Ja" in read and "Absolut" not in read
    gone = officer.post(at(year, made.key), data={**later, "options-1-sv": "", "options-1-en": "", "version": "2"})
    assert gone.status_code == 422 and "inte tas bort" in gone.text


def test_what_a_hidden_answer_cites_is_not_handed_up(november: Round, cast: Cast) -> None:
    """The words of the level below stay below with the answer that lifted them."""
    below = world.hand_in(world.followup(cast, "pia"), cast.pia, example={"text": "Läsgrupperna lyfte."})
    written.open_(below, by=cast.arne)
    span = next(one["id"] for each in below.snapshot["sections"] for one in each["spans"] if one["text"] == "Läsgrupperna lyfte.")
    mine = world.followup(cast, "arne")
    cited = [
        citation_actions.cite(mine, key, below, span, "Läsgrupperna lyfte.", confirmed=True, by=cast.arne)
        for key in ("pattern", "example")
    ]
    question = queries.kept(november.year, "area", "example")
    assert question
    actions.hide_question(question, by=cast.olle)
    world.hand_in(world.fresh(mine), cast.arne)
    db.session.expire_all()
    assert [one.state for one in cited] == ["handed_up", "draft"]


# The pages


def test_two_who_reword_the_same_question_see_each_others_words(november: Round, client: Client) -> None:
    address = at(november.year, "example")
    page = client("olle").get(address).text
    assert 'name="version"' in page and "Rubrik på engelska" in page
    said = {**SAID, "rounds": ["1", "2", "3", "4"], "version": "1"}
    assert client("olle").post(address, data={**said, "sv_title": "Olles rubrik"}).status_code == 303
    late = client("olga").post(address, data={**said, "sv_title": "Olgas rubrik"})
    assert late.status_code == 422
    assert all(words in late.text for words in ("Någon annan har ändrat frågan", "Olles rubrik", 'value="Olgas rubrik"'))
    assert 'name="version" type="hidden" value="2"' in late.text
    assert client("olga").post(address, data={**said, "sv_title": "Olgas rubrik", "version": "2"}).status_code == 303


def test_a_refusal_stands_at_its_field_and_nothing_that_was_typed_is_lost(november: Round, client: Client) -> None:
    refused = client("olle").post(at(november.year, "add"), data={**SAID, "kind": "figures", "en_title": ""})
    assert refused.status_code == 422 and "Skriv frågans rubrik på engelska." in refused.text and "Läslyftet" in refused.text
    twice = client("olle").post(at(november.year, "add"), data={**SAID, "kind": "figures"})
    assert twice.status_code == 422 and "Siffrorna frågas redan" in twice.text and "Läslyftet" in twice.text
    assert "obligatorisk" in client("olle").post(at(november.year), data={"hide": "results"}).text
    assert client("olle").get(f"/cycle/year/{november.year.public_id}/questions/made-up").status_code == 404
    assert client("olle").get(at(november.year, "made-up")).status_code == 404


def test_a_preview_is_the_real_page_with_nothing_entered(november: Round, cast: Cast, client: Client) -> None:
    year, officer = november.year, client("olle")
    world.save(world.followup(cast, "pia"), "example", {"text": "Hemligt utkast"}, cast.pia)
    listed = officer.get(f"/followup/preview/{year.public_id}/unit/1").text
    assert "Så ser Alskolan det här" in listed and "Kunskapsresultat" in listed and "Trygghet och studiero" not in listed
    havet = cast.unit["havet"].public_id
    grid = officer.get(f"/followup/preview/{year.public_id}/unit/1/results?unit={cast.unit['alskolan'].public_id}").text
    assert "at_least_e|GR|MA|4|reached" in grid and 'method="post" novalidate action' not in grid
    assert "at_least_e|GR" not in officer.get(f"/followup/preview/{year.public_id}/unit/1/results?unit={havet}").text
    for level, key in (("unit", "example"), ("unit", "measures"), ("unit", "outcomes"), ("group", "need"), ("area", "analysis")):
        text = officer.get(f"/followup/preview/{year.public_id}/{level}/1/{key}")
        assert text.status_code == 200 and "Hemligt utkast" not in text.text
    assert officer.get(f"/followup/preview/{year.public_id}/unit/1/safety").status_code == 404
    assert officer.get(f"/followup/preview/{year.public_id}/unit/9").status_code == 404


def test_the_pages_take_the_same_number_of_statements_whatever_is_asked(november: Round, cast: Cast, client: Client) -> None:
    browser, year = client("olle"), november.year
    addresses = (at(year), f"/followup/preview/{year.public_id}/unit/1/results", f"/cycle/year/{year.public_id}/differences")

    def statements() -> list[int]:
        counts = []
        for address in addresses:
            with asked.statements("SELECT") as said:
                assert browser.get(address).status_code == 200
            counts.append(len(said))
        return counts

    before = statements()
    for number in range(5):
        words = {"sv": {"title": f"Nr {number}", "ask": "Hur?"}, "en": {"title": f"No {number}", "ask": "How?"}}
        actions.add_question(year, level="unit", kind="text", words=words, rounds=[1], by=cast.olle)
        organisation.add_unit(cast.unit["norr"], name=f"Skola {number}", level="unit", school_forms=["GR"], by=cast.stina)
    assert statements() == before


# The next year


def test_the_next_year_takes_over_the_municipalitys_own_words_when_asked_to(november: Round, cast: Cast, client: Client) -> None:
    year = november.year
    words = {"sv": {"title": "Läslyftet", "ask": "Hur går det?"}, "en": {"title": "Reading", "ask": "How is it going?"}}
    own = actions.add_question(year, level="unit", kind="text", words=words, rounds=[1, 2], after="analysis", by=cast.olle)
    analysis, need = queries.kept(year, "unit", "analysis"), queries.kept(year, "unit", "support_needed")
    assert analysis and need
    actions.reword_question(analysis, words={"sv": {"title": "Varför?"}}, by=cast.olle)
    actions.hide_question(need, by=cast.olle)
    found = {one.key: one for one in wording.differences(year)}
    assert {key: one.what for key, one in found.items()} == {own.key: "own", "analysis": "changed", "support_needed": "changed"}
    assert [(one.part, one.ours) for one in found["analysis"].texts] == [("title", "Varför?")] and found["support_needed"].hidden
    shown = client("olle").get(f"/cycle/year/{year.public_id}/differences").text
    assert "Läslyftet" in shown and "<ins>Varför?</ins>" in shown and "<del>Analys av orsaker</del>" in shown
    bun = cast.unit["bun"].public_id
    assert client("olle").post(f"/cycle/year/{bun}", data={"label": "2027/28", "wording": "own"}).status_code == 303
    assert client("olle").post(f"/cycle/year/{bun}", data={"label": "2028/29", "wording": "shipped"}).status_code == 303
    mine, shipped = (queries.year("/sjovik/bun/", label) for label in ("2027/28", "2028/29"))
    assert mine and shipped
    keys = [one.key for one in queries.all_questions(mine, "unit")]
    assert keys == [one.key for one in queries.all_questions(year, "unit")]
    assert [one.title for one in queries.all_questions(mine, "unit") if one.key == "analysis"] == ["Varför?"]
    hidden = queries.kept(mine, "unit", "support_needed")
    assert hidden and hidden.hidden
    assert wording.differences(shipped) == []
