"""The pages of a follow-up: nothing typed is lost, everybody sees their part, and a page costs the same however much is in it."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from chain.access.policy import Role
from chain.account import actions as account
from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.followup import actions, queries
from chain.followup.models import Section
from chain.organisation import actions as organisation
from chain.report import actions as report
from tests.followup import scene, world
from tests.followup.scene import Scene
from tests.makers import Cast
from tests.report import world as reports

Client = Callable[[str], FlaskClient]


@pytest.fixture
def november(cast: Cast) -> Scene:
    return scene.november(cast)


def page(browser: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = browser.get(url)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return BeautifulSoup(answer.data, "html.parser")


def address(mine: Any, key: str = "", more: str = "") -> str:
    return f"/followup/{mine.public_id}" + (f"/section/{key}" if key else "") + more


def typed(soup: BeautifulSoup) -> dict[str, Any]:
    """What the section's form would send, as a browser without a script fills it in."""
    form = soup.find("form", id="section")
    assert isinstance(form, Tag)
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type", "")
        if kind in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            sent[name] = field.text.removeprefix("\r").removeprefix("\n")
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[name] = chosen["value"] if chosen else ""
        elif name:
            sent[name] = field.get("value", "")
    return sent


def fill(browser: FlaskClient, mine: Any, key: str, autosave: bool = False, **fields: Any) -> Any:
    sent = {**typed(page(browser, address(mine, key))), **fields}
    headers = {"X-Autosave": "1"} if autosave else {}
    return browser.post(address(mine, key), data=sent, headers=headers)


def stored(mine: Any, key: str) -> Section:
    found = queries.section(world.fresh(mine), key)
    assert found is not None
    return found


def text(soup: Tag) -> str:
    return " ".join(soup.get_text(" ").split())


# The task list


def test_the_hub_says_what_is_left_who_is_in_it_and_how_long_there_is(november: Scene, client: Client) -> None:
    world.save(november.pia, "example", {"text": "Vi ringer hem."}, november.cast.bo)
    world.save(november.pia, "analysis", scene.ANALYSIS, november.cast.pia, done=True)
    said = text(page(client("pia"), address(november.pia)))
    assert "Ska lämnas in måndag 7 december: 15 dagar kvar." in said
    assert "1 av 9 klara" in said
    assert "Pågår Bo Alm, i dag 10.00" in said
    assert "1 av 1 har lämnat in." in said
    assert "Granska och lämna in Kan inte påbörjas än" in said
    assert "Uppföljning 1, november 2025/26" in said


def test_the_hub_names_the_children_that_are_missing(november: Scene, client: Client) -> None:
    assert "Väntar på: Arbetslag 4–6" in text(page(client("petra"), address(november.of("petra"))))


def test_a_late_follow_up_may_still_be_written(november: Scene, client: Client) -> None:
    with clock.held(clock.at(world.OPENS[0].replace(month=12, day=9))):
        assert "för 2 dagar sedan. Det går bra att lämna in ändå." in text(page(client("pia"), address(november.pia)))


def test_what_was_returned_comes_first_with_its_reason(november: Scene, client: Client) -> None:
    sent = world.hand_in(november.pia, november.cast.pia)
    actions.send_back(sent, reason="Skriv vad eleverna ändrade.", by=november.cast.arne)
    soup = page(client("pia"), address(november.pia))
    assert "Skickad tillbaka Skriv vad eleverna ändrade." in text(soup)
    assert soup.find("a", string="Granska och lämna in")


# A section


@pytest.mark.parametrize(
    "key", ["results", "analysis", "survey_followup", "outcomes", "measures", "measures_year", "support_needed", "participation"]
)
def test_every_section_opens_and_is_saved_as_it_stands(november: Scene, client: Client, key: str) -> None:
    answer = fill(client("pia"), november.pia, key)
    assert (answer.status_code, answer.location) == (303, address(november.pia, key))
    assert not stored(november.pia, key).done


def test_a_text_is_saved_and_marked_as_done(november: Scene, client: Client) -> None:
    answer = fill(client("pia"), november.pia, "example", text="Vi ringer hem.\r\n\r\nSamma dag.", done="yes", go="on")
    assert answer.location == address(november.pia)
    section = stored(november.pia, "example")
    assert (section.answer, section.done) == ({"text": "Vi ringer hem.\n\nSamma dag."}, True)


def test_an_empty_section_is_not_done(november: Scene, client: Client) -> None:
    answer = fill(client("pia"), november.pia, "example", done="yes")
    assert answer.status_code == 422
    assert "Avsnittet är tomt." in answer.text
    assert not stored(november.pia, "example").done


def test_a_save_that_is_refused_keeps_what_was_typed_and_can_be_put_right(november: Scene, client: Client) -> None:
    browser = client("pia")
    answer = fill(browser, november.pia, "analysis", **{"items-0-see": "14 av 24 når E."}, done="yes")
    soup = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422
    assert text(soup.find("title")).startswith("Fel:")  # type: ignore[arg-type]
    assert soup.select_one('[data-error-summary] a[href="#items-0-why"]')
    assert soup.select_one("#items-0-why")["aria-invalid"] == "true"  # type: ignore[index]
    (cause,) = stored(november.pia, "analysis").answer["items"]
    assert cause["see"] == "14 av 24 når E."
    rest = {"items-0-why": "Vikarier.", "items-0-evidence": "Diagnosen.", "items-0-certainty": "fairly_sure"}
    again = {**typed(soup), **rest, "done": "yes"}
    assert browser.post(address(november.pia, "analysis"), data=again).status_code == 303
    assert stored(november.pia, "analysis").done


def test_last_years_text_stands_beside_and_can_be_copied_without_a_script(november: Scene, client: Client) -> None:
    browser = client("pia")
    soup = page(browser, address(november.pia, "analysis"))
    button = soup.select_one('[data-copy-to="items-0-see"]')
    assert button and button["form"] == "section"
    assert scene.LAST_YEAR["see"] in text(soup)
    answer = fill(browser, november.pia, "analysis", **{"items-0-see": "I år 14 av 24."}, copy=button["value"])
    assert answer.status_code == 303
    assert stored(november.pia, "analysis").answer["items"][0]["see"] == f"I år 14 av 24.\n\n{scene.LAST_YEAR['see']}"


def test_a_section_that_is_not_asked_is_not_there(november: Scene, client: Client) -> None:
    page(client("pia"), address(november.pia, "safety"), 404)


# Figures


def cells(soup: BeautifulSoup) -> list[str]:
    return [str(one["name"]) for one in soup.select("table[data-grid] input")]


def test_wrong_cells_are_kept_and_told_at_the_cell_and_in_the_summary(november: Scene, client: Client) -> None:
    browser = client("pia")
    one, two, three, word, *_rest = cells(page(browser, address(november.pia, "results")))
    answer = fill(browser, november.pia, "results", **{one: "24", two: "22", three: "23", word: "tjugo"})
    soup = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422
    links = {str(link["href"]).lstrip("#") for link in soup.select("[data-error-summary] a")}
    assert {three.replace("|", "."), word.replace("|", ".")} <= links
    field = soup.find("input", attrs={"name": word})
    assert isinstance(field, Tag) and (field["value"], field["aria-invalid"]) == ("tjugo", "true")
    assert soup.find(id=str(field["aria-describedby"]))
    assert stored(november.pia, "results").answer["cells"][word] == "tjugo"
    assert 'aria-invalid="true"' in browser.get(address(november.pia, "results")).text


def test_sums_and_shares_stand_there_after_a_save(november: Scene, client: Client) -> None:
    browser = client("pia")
    names = cells(page(browser, address(november.pia, "results")))
    fill(browser, november.pia, "results", **dict(zip(names, ("1 024", "24", "21", "20", "20", "10"), strict=False)))
    said = text(page(browser, address(november.pia, "results")))
    assert "21 av 24, 88 %" in said
    assert "Summa 1 044 44 31 1 000 31 av 44, 70 %" in said


def test_a_low_figure_asks_why_and_takes_the_answer(november: Scene, client: Client) -> None:
    browser = client("pia")
    names = cells(page(browser, address(november.pia, "results")))
    low = dict(zip(names, ("24", "24", "9"), strict=False))
    answer = fill(browser, november.pia, "results", done="yes", **low)
    soup = BeautifulSoup(answer.data, "html.parser")
    why = soup.select_one(".row-note textarea")
    assert answer.status_code == 422 and why
    assert "färre än 50 %: beskriv varför" in text(soup)
    answer = fill(browser, november.pia, "results", done="yes", **low, **{str(why["name"]): "Tre vikarier."})
    assert answer.status_code == 303
    assert stored(november.pia, "results").done


def test_the_basis_is_chosen_for_each_table(november: Scene, client: Client) -> None:
    browser = client("pia")
    basis = page(browser, address(november.pia, "results")).select("select")[0]
    fill(browser, november.pia, "results", **{str(basis["name"]): "assessment"})
    chosen = page(browser, address(november.pia, "results")).select("select")[0].find("option", selected=True)
    assert isinstance(chosen, Tag) and chosen["value"] == "assessment"


# Measures, requests, outcomes


def test_measures_are_added_and_taken_away_without_a_script(november: Scene, client: Client) -> None:
    browser = client("pia")
    person = november.cast.bo.person.public_id
    answer = fill(browser, november.pia, "measures", **{"items-0-problem": "Få läser.", "items-0-responsible": person}, add="yes")
    assert "more=1" in answer.location
    soup = page(browser, answer.location)
    assert len(soup.select("fieldset.item")) == 2
    sent = {**typed(soup), "items-1-problem": "Många fastnar."}
    browser.post(address(november.pia, "measures"), data=sent)
    first, second = stored(november.pia, "measures").answer["items"]
    assert (first["problem"], first["responsible"], second["problem"]) == ("Få läser.", person, "Många fastnar.")
    fill(browser, november.pia, "measures", remove=first["item"])
    assert [one["item"] for one in stored(november.pia, "measures").answer["items"]] == [second["item"]]


@pytest.mark.parametrize("key", ["example", "results", "outcomes"])
def test_taking_away_where_there_are_no_rows_saves_the_section_as_it_is(november: Scene, client: Client, key: str) -> None:
    assert fill(client("pia"), november.pia, key, remove="x").status_code == 303


def test_no_more_than_ten_measures(november: Scene, client: Client) -> None:
    world.save(november.pia, "measures", scene.measures(november.cast.pia, 10), november.cast.pia)
    soup = page(client("pia"), address(november.pia, "measures", "?more=1"))
    assert len(soup.select("fieldset.item")) == 10
    assert not soup.find("button", attrs={"name": "add"})


def test_a_measure_is_the_same_from_save_to_save(november: Scene, client: Client) -> None:
    browser = client("pia")
    fill(browser, november.pia, "measures", **{"items-0-problem": "Få läser."})
    before = stored(november.pia, "measures").answer["items"][0]["item"]
    fill(browser, november.pia, "measures", **{"items-0-problem": "Få läser med flyt."})
    assert stored(november.pia, "measures").answer["items"][0]["item"] == before


def test_a_measure_offers_those_who_work_there(november: Scene, client: Client) -> None:
    soup = page(client("pia"), address(november.pia, "measures"))
    assert [text(one) for one in soup.select("#items-0-responsible option")] == ["Välj", "Bo Alm", "Lena Gran", "Pia Östlund"]
    assert text(soup.select("#items-0-due option[selected]")[0]) == "Uppföljning 2, januari 2026/27"


def test_every_open_measure_is_a_card_and_gets_an_outcome(november: Scene, client: Client) -> None:
    browser = client("pia")
    soup = page(browser, address(november.pia, "outcomes"))
    cards = soup.select("fieldset.outcome")
    assert len(cards) == 3
    assert "Skulle märkas i klassrummet: De läser en sida högt utan att stanna." in text(cards[0])
    refused = fill(browser, november.pia, "outcomes", **{"items-0-kind": "done"}, done="yes")
    soup = BeautifulSoup(refused.data, "html.parser")
    assert refused.status_code == 422
    assert soup.select_one('[data-error-summary] a[href="#items-0-effect"]')
    assert soup.select_one('[data-error-summary] a[href="#items-1-kind"]')
    done = {f"items-{n}-kind": "done" for n in range(3)} | {f"items-{n}-effect": "Fler läser." for n in range(3)}
    answer = browser.post(
        address(november.pia, "outcomes"), data={**typed(soup), **done, "items-0-evidence": "results", "done": "yes"}
    )
    assert answer.status_code == 303
    given = stored(november.pia, "outcomes").answer["items"]
    assert [one["kind"] for one in given.values()] == ["done"] * 3
    assert next(iter(given.values()))["evidence"] == ["results"]


def test_requests_are_a_list(november: Scene, client: Client) -> None:
    browser = client("pia")
    answer = fill(browser, november.pia, "support_needed", **{"items-0-text": "Handledning."}, add="yes")
    browser.post(address(november.pia, "support_needed"), data={**typed(page(browser, answer.location)), "items-1-text": "Tid."})
    assert [one["text"] for one in stored(november.pia, "support_needed").answer["items"]] == ["Handledning.", "Tid."]


# Saving by itself


def test_the_script_is_told_the_version_and_the_hour(november: Scene, client: Client) -> None:
    answer = fill(client("pia"), november.pia, "example", autosave=True, text="Vi ringer hem.")
    assert (answer.status_code, answer.json) == (200, {"version": 1, "saved": "Sparad 10.00", "problems": {}})


def test_the_script_is_told_what_is_wrong_with_a_cell(november: Scene, client: Client) -> None:
    browser = client("pia")
    name = cells(page(browser, address(november.pia, "results")))[0]
    answer = fill(browser, november.pia, "results", autosave=True, **{name: "tjugo"})
    assert answer.status_code == 200
    assert "tjugo" in answer.json["problems"][name]


def test_the_same_save_sent_twice_is_one(november: Scene, client: Client) -> None:
    browser = client("pia")
    sent = {**typed(page(browser, address(november.pia, "example"))), "text": "Vi ringer hem."}
    answers = [browser.post(address(november.pia, "example"), data=sent) for _time in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert stored(november.pia, "example").version == 1


@pytest.mark.parametrize("autosave", [False, True])
def test_the_same_form_sent_again_with_more_words_saves_them_too(november: Scene, client: Client, autosave: bool) -> None:
    browser, headers = client("pia"), {"X-Autosave": "1"} if autosave else {}
    form = typed(page(browser, address(november.pia, "example")))
    words = ["Första texten.", "Första texten, och en mening till.", "Första texten, och två meningar till."]
    answers = [browser.post(address(november.pia, "example"), data={**form, "text": text}, headers=headers) for text in words]
    assert {one.status_code for one in answers} == {200 if autosave else 303}
    section = stored(november.pia, "example")
    assert (section.version, section.answer["text"]) == (3, words[-1])
    assert [one.answer["text"] for one in reversed(queries.saves.history(section))] == words


def test_nobody_passes_over_a_text_by_sending_the_key_of_the_one_who_saved_it(november: Scene, client: Client) -> None:
    form = typed(page(client("pia"), address(november.pia, "example")))
    client("pia").post(address(november.pia, "example"), data={**form, "text": "Pias text."})
    answer = client("bo").post(address(november.pia, "example"), data={**form, "text": "Bos text, med hennes nyckel."})
    assert "/conflict/" in answer.headers["Location"] and stored(november.pia, "example").answer["text"] == "Pias text."


def test_more_words_in_the_same_form_do_not_pass_over_what_somebody_else_has_saved(november: Scene, client: Client) -> None:
    form = typed(page(client("pia"), address(november.pia, "example")))
    client("pia").post(address(november.pia, "example"), data={**form, "text": "Pias första."})
    fill(client("bo"), november.pia, "example", text="Bos text.")
    again = client("pia").post(address(november.pia, "example"), data={**form, "text": "Pias andra."})
    section = stored(november.pia, "example")
    assert section.answer["text"] == "Bos text." and "/conflict/" in again.headers["Location"]
    assert "Pias andra." in {one.answer["text"] for one in queries.saves.history(section)}


def test_whoever_is_signed_out_is_told_where_to_sign_in(november: Scene, client: Client) -> None:
    answer = client("").post(address(november.pia, "example"), data={"text": "x"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 401
    assert answer.json and answer.json["signin"].startswith("/account/sign-in")


def conflict(november: Scene, client: Client, key: str, pias: dict[str, Any], bos: dict[str, Any]) -> str:
    """Pia saves while Bo writes; the address to which Bo is sent."""
    begun = typed(page(client("bo"), address(november.pia, key)))
    fill(client("pia"), november.pia, key, **pias)
    answer = client("bo").post(address(november.pia, key), data={**begun, **bos}, headers={"X-Autosave": "1"})
    assert answer.status_code == 409
    assert answer.json and answer.json["sentence"]
    return str(answer.json["conflict"])


def test_two_who_write_at_once_see_both_texts_and_can_join_them(november: Scene, client: Client) -> None:
    browser = client("bo")
    soup = page(browser, conflict(november, client, "example", {"text": "Pias text."}, {"text": "Bos text."}))
    left, right = soup.select(".grid-2 > section")
    assert ("Pias text." in text(left), "Bos text." in text(right)) == (True, True)
    area = soup.find("textarea", id="text")
    assert isinstance(area, Tag) and area.text.strip() == "Pias text.\n\nBos text."
    sent = {one["name"]: one.get("value", "") for one in soup.select("form.stack input[type=hidden]")}
    answer = browser.post(address(november.pia, "example"), data={**sent, "text": "Vår text.", "done": "no"})
    assert answer.status_code == 303
    assert stored(november.pia, "example").answer == {"text": "Vår text."}


def test_either_text_can_be_chosen(november: Scene, client: Client) -> None:
    browser = client("bo")
    soup = page(browser, conflict(november, client, "example", {"text": "Pias text."}, {"text": "Bos text."}))
    button = soup.select(".grid-2 form")[0]
    sent = {one["name"]: one["value"] for one in button.select("input")}
    browser.post(str(button["action"]), data=sent)
    assert stored(november.pia, "example").answer == {"text": "Bos text."}
    assert {one.answer["text"] for one in queries.saves.history(stored(november.pia, "example"))} == {"Pias text.", "Bos text."}


@pytest.mark.parametrize(
    ("key", "pias", "bos"),
    [
        ("measures", {"items-0-problem": "Pias"}, {"items-0-problem": "Bos"}),
        ("support_needed", {"items-0-text": "Pias"}, {"items-0-text": "Bos"}),
        ("analysis", {"items-0-see": "Pias"}, {"items-0-why": "Bos"}),
        ("outcomes", {"items-0-effect": "Pias"}, {"items-1-effect": "Bos"}),
    ],
)
def test_two_answers_of_any_kind_can_be_joined(november: Scene, client: Client, key: str, pias: Any, bos: Any) -> None:
    soup = page(client("bo"), conflict(november, client, key, pias, bos))
    form = soup.select("form.stack")[-1]
    assert all(word in [one.text.strip() for one in form.select("textarea")] for word in ("Pias", "Bos"))


def test_every_saved_text_is_listed_and_can_be_taken_back(november: Scene, client: Client) -> None:
    browser = client("pia")
    fill(browser, november.pia, "example", text="Den första.")
    fill(browser, november.pia, "example", text="Den andra.")
    soup = page(browser, address(november.pia, "example", "/versions"))
    assert "Den första." in text(soup) and "gäller nu" in text(soup)
    form = soup.select("form.one-button")[-1]
    browser.post(str(form["action"]), data={one["name"]: one["value"] for one in form.select("input")})
    assert stored(november.pia, "example").answer == {"text": "Den första."}


def test_words_written_into_a_handed_in_follow_up_are_shown_back(november: Scene, client: Client) -> None:
    browser = client("bo")
    sent = {**typed(page(browser, address(november.pia, "example"))), "text": "Ord som jag vill ha kvar."}
    world.hand_in(november.pia, november.cast.pia)
    answer = browser.post(address(november.pia, "example"), data=sent)
    assert answer.status_code == 409
    assert "Ord som jag vill ha kvar." in answer.text
    assert browser.get(address(november.pia, "example")).location == address(november.pia)


# Citing


def test_a_childs_words_are_lifted_and_open_those_words_alone(november: Scene, client: Client) -> None:
    browser = client("pia")
    button = page(browser, address(november.pia, "example")).select_one('button[name="cite"]')
    assert button and button["form"] == "section"
    answer = fill(browser, november.pia, "example", text="Det jag hann skriva.", cite=button["value"])
    assert stored(november.pia, "example").answer == {"text": "Det jag hann skriva."}
    words = "Fler förklarar hur de tänker"
    assert browser.post(answer.location, data={"words": words}).status_code == 422
    assert browser.post(answer.location, data={"words": "Andra ord", "confirmed": "y"}).status_code == 422
    assert browser.post(answer.location, data={"words": words, "confirmed": "y"}).status_code == 303
    soup = page(browser, address(november.pia, "example"))
    link = soup.select_one(".quote a")
    assert link and text(link) == "Arbetslag 4–6: Det här fungerar"
    said = text(page(browser, str(link["href"])))
    assert words in said and "åk 6 prövar" not in said
    fill(browser, november.pia, "example", uncite=str(soup.select_one('button[name="uncite"]')["value"]))  # type: ignore[index]
    assert not queries.citations(world.fresh(november.pia), "example")


def test_a_citation_into_a_version_that_was_opened_again_says_so(november: Scene, client: Client) -> None:
    words = "Läsgrupperna kom i gång i vecka 36"
    cast = november.cast
    actions.accept(november.lena, by=cast.pia)
    lifted = actions.cite(november.pia, "example", november.lena, "classroom.text.1", words, confirmed=True, by=cast.pia)
    actions.reopen(november.lena, reason="Skriv om vecka 40.", by=cast.pia)
    assert "har öppnats igen" in text(page(client("pia"), f"/followup/citation/{lifted.public_id}"))
    page(client("arne"), f"/followup/citation/{lifted.public_id}", 404)


def test_words_that_were_not_opened_are_not_beside_the_question(november: Scene, client: Client) -> None:
    sent = world.hand_in(november.of("linus"), november.cast.linus, works={"text": "Hemliga ord."})
    soup = page(client("petra"), address(november.of("petra"), "example"))
    assert "Inlämnad men inte öppnad än" in text(soup)
    assert "Hemliga ord." not in text(soup)
    page(client("petra"), address(november.of("petra"), "example", f"/cite?submission={sent.public_id}&span=works.text.1"), 404)


# Handing in


def test_the_check_page_links_to_what_remains_and_says_that_it_becomes_public(november: Scene, client: Client) -> None:
    world.save(november.pia, "example", {"text": "Vi ringer hem."}, november.cast.pia)
    soup = page(client("pia"), address(november.pia, more="/check"))
    assert not soup.find("button", string="Lämna in")
    assert soup.select_one(f'.notice a[href="{address(november.pia, "analysis")}"]')
    assert "blir uppföljningen en allmän handling" in text(soup)
    answer = client("pia").post(address(november.pia, more="/submit"), data={"version": november.pia.version})
    assert answer.status_code == 422
    assert "inte klar att lämna in" in text(BeautifulSoup(answer.data, "html.parser").select_one("[data-error-summary] h2"))


def test_a_deputy_writes_but_does_not_hand_in(november: Scene, client: Client) -> None:
    world.write(november.pia, november.cast.pia)
    soup = page(client("bo"), address(november.pia, more="/check"))
    assert not soup.find("button", string="Lämna in")
    assert client("bo").post(address(november.pia, more="/submit"), data={"version": 99}).status_code == 403


def test_handing_in_twice_is_handing_in_once(november: Scene, client: Client) -> None:
    world.write(november.pia, november.cast.pia)
    browser = client("pia")
    soup = page(browser, address(november.pia, more="/check"))
    version = soup.select_one('.hand-in input[name="version"]')
    assert version
    answers = [browser.post(address(november.pia, more="/submit"), data={"version": version["value"]}) for _time in range(2)]
    assert answers[0].status_code == 303 and answers[0].location == answers[1].location
    receipt = text(page(browser, answers[0].location))
    sent = queries.latest(november.pia.unit_id, november.november)
    assert sent and sent.sha256 in receipt and "22 november 2026 10.00" in receipt
    assert "Norra området läser den nu och lämnar in sin egen uppföljning senast tisdag 8 december." in receipt


def test_what_was_written_after_the_reading_is_not_handed_in_unread(november: Scene, client: Client) -> None:
    world.write(november.pia, november.cast.pia)
    read = november.pia.version
    world.save(november.pia, "example", {"text": "Nytt."}, november.cast.bo, done=True)
    answer = client("pia").post(address(november.pia, more="/submit"), data={"version": read})
    assert answer.status_code == 422
    assert "Läs igenom den igen." in answer.text


def test_what_is_handed_in_can_be_taken_back_until_it_is_opened(november: Scene, client: Client) -> None:
    sent = world.hand_in(november.pia, november.cast.pia)
    soup = page(client("pia"), address(november.pia))
    assert soup.find("button", string="Ta tillbaka") and "Ingen har öppnat den än." in text(soup)
    client("pia").post(f"/followup/submission/{sent.public_id}/withdraw")
    assert world.fresh(november.pia).state == "draft"


def test_the_receiver_opens_by_a_post_and_after_that_it_stays(november: Scene, client: Client) -> None:
    sent = world.hand_in(november.pia, november.cast.pia, analysis=scene.ANALYSIS)
    url = f"/followup/submission/{sent.public_id}"
    cover = page(client("arne"), url)
    assert cover.find("button", string="Öppna och läs") and scene.ANALYSIS["why"] not in text(cover)
    assert world.fresh(sent).opened_at is None
    assert client("arne").post(f"{url}/open").location == url
    assert scene.ANALYSIS["why"] in text(page(client("arne"), url))
    own = page(client("pia"), address(november.pia))
    assert not own.find("button", string="Ta tillbaka")
    assert "Öppnad av Arne Dal, Norra området, 22 november 2026 10.00." in text(own)
    assert client("pia").post(f"{url}/withdraw").status_code == 409


@pytest.mark.parametrize("who", ["olle", "diana"])
def test_another_above_reads_the_words_when_it_has_been_opened(november: Scene, client: Client, who: str) -> None:
    sent = world.hand_in(november.pia, november.cast.pia, analysis=scene.ANALYSIS)
    url = f"/followup/submission/{sent.public_id}"
    cover = page(client(who), url)
    assert "Inlämnad 22 november 2026 10.00 av Pia Östlund." in text(cover) and scene.ANALYSIS["why"] not in text(cover)
    form = cover.find("button", string="Öppna och läs").find_parent("form")  # type: ignore[union-attr]
    assert isinstance(form, Tag) and client(who).post(str(form["action"])).location == url
    assert scene.ANALYSIS["why"] in text(page(client(who), url))
    assert scene.ANALYSIS["why"] in text(page(client("arne"), url))
    for own in (url, address(november.pia)):
        name = world.fresh(november.cast.who[who]).person.name
        told = f"Öppnad av {name}, Barn- och utbildningsförvaltningen, 22 november 2026 10.00."
        assert told in text(page(client("pia"), own))
    assert client("pia").post(f"{url}/withdraw").status_code == 409


def test_an_auditor_reads_what_others_have_opened_and_opens_nothing(november: Scene, client: Client) -> None:
    cast = november.cast
    person = organisation.add_person(cast.unit["sjovik"], name="Ragna Rask", email="ragna@sjovik.example", by=None)
    organisation.give_mandate(person, Role.AUDITOR, cast.unit["fvn"], by=None)
    sent = world.hand_in(november.pia, cast.pia, analysis=scene.ANALYSIS)
    url = f"/followup/submission/{sent.public_id}"
    cover = page(client("ragna"), url)
    assert "Du läser den när den som tar emot den" in text(cover) and scene.ANALYSIS["why"] not in text(cover)
    assert not cover.find("button", string="Öppna och läs") and client("ragna").post(f"{url}/open").status_code == 403
    actions.open_(sent, by=cast.arne)
    assert scene.ANALYSIS["why"] in text(page(client("ragna"), url))


def test_the_administrations_own_can_be_taken_back_until_the_committee_has_its_page(november: Scene, client: Client) -> None:
    cast, round = november.cast, november.november
    reports.handed_up(cast, round, ("petra",))
    mine = reports.administration(cast, round).followup
    hub = page(client("diana"), address(mine))
    assert hub.find("button", string="Ta tillbaka") and "Nämnden har inte fått någon sida" in text(hub)
    assert not page(client("olle"), address(mine)).find("button", string="Ta tillbaka")
    taken = client("diana").post(f"/followup/submission/{queries.latest(mine.unit_id, round).public_id}/withdraw")  # type: ignore[union-attr]
    assert taken.location == address(mine) and world.fresh(mine).state == "draft"
    reports.administration(cast, round)
    reports.released(cast, round)
    assert page(client("diana"), address(mine)).find("button", string="Ta tillbaka")  # the release stands on others' figures
    report.publish(round, by=cast.diana)
    hub = page(client("diana"), address(mine))
    assert not hub.find("button", string="Ta tillbaka") and "Sidan som nämnden har fått bygger på den" in text(hub)
    url = f"/followup/submission/{queries.latest(mine.unit_id, round).public_id}/withdraw"  # type: ignore[union-attr]
    refused = client("diana").post(url)
    assert refused.status_code == 409 and "nämnden har fått" in refused.text


def test_what_was_never_begun_is_told_to_be_written_first(november: Scene, client: Client) -> None:
    mine = november.of("petra")
    answer = client("petra").post(address(mine, more="/submit"), data={"version": mine.version})
    soup = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422
    assert "Inget är skrivet än. Börja med ett avsnitt" in text(soup.select_one("[data-error-summary] h2"))  # type: ignore[arg-type]
    assert soup.select_one(f'[data-error-summary] a[href="{address(mine, "analysis")}"]')


def test_what_came_back_is_linked_to_from_the_next_round(november: Scene, client: Client) -> None:
    cast = november.cast
    actions.send_back(world.hand_in(november.pia, cast.pia), reason="Åk 6 saknas.", by=cast.arne)
    january = cycle.queries.rounds(cast.unit["bun"].path)[2]
    with clock.held(clock.at(january.opens_on)):
        later = world.followup(cast, "pia", cycle.open_round(january, by=cast.diana))
        world.write(later, cast.pia)
        for more in ("", "/check"):
            soup = page(client("pia"), address(later, more=more))
            link = soup.select_one(f'.notice a[href="{address(november.pia)}"]')
            assert link and text(link) == "Uppföljning 1, november 2026/27" and not soup.find("button", string="Lämna in")
        refused = client("pia").post(address(later, more="/submit"), data={"version": world.fresh(later).version})
        soup = BeautifulSoup(refused.data, "html.parser")
        assert refused.status_code == 422 and soup.select_one(f'[data-error-summary] a[href="{address(november.pia)}"]')


def test_the_hub_leads_to_where_one_says_why_it_takes_longer(november: Scene, client: Client) -> None:
    cast = november.cast
    url = f"/cycle/{november.november.public_id}/{cast.unit['alskolan'].public_id}"
    link = page(client("pia"), address(november.pia)).select_one(f'a[href="{url}#late"]')
    assert link and "Om det dröjer" in text(link)
    with clock.held(clock.at(world.OPENS[0].replace(month=12, day=9))):
        assert "Berätta för mottagaren varför det dröjer" in text(page(client("pia"), address(november.pia)))
    assert page(client("pia"), url).find(id="late")
    assert not page(client("bo"), address(november.pia)).select_one(f'a[href="{url}#late"]')  # the head says it
    world.hand_in(november.pia, cast.pia)
    assert not page(client("pia"), address(november.pia)).select_one(f'a[href="{url}#late"]')


def test_a_submission_is_read_whole_with_paragraphs_that_can_be_pointed_at(november: Scene, client: Client) -> None:
    lifted = actions.cite(
        november.pia,
        "example",
        november.lena,
        "works.text.2",
        "prövar eleverna varandras lösningar",
        confirmed=True,
        by=november.cast.pia,
    )
    sent = world.hand_in(november.pia, november.cast.pia, analysis=scene.ANALYSIS)
    soup = page(client("pia"), f"/followup/submission/{sent.public_id}")
    second = soup.find(id="analysis.see.2")
    assert isinstance(second, Tag) and second.text == "Skillnaden mellan grupperna är stor."
    assert soup.select_one(f'a[href="/followup/citation/{lifted.public_id}"]')
    assert "8 av 8, 100 %" in text(soup)
    assert "Ansvarig: Pia Östlund · Följs upp i Uppföljning 2, januari 2026/27" in text(soup)


@pytest.mark.parametrize("who", ["petra", "asta", "maja", "vera", "stina", "lena"])
def test_nobody_else_reads_it(november: Scene, client: Client, who: str) -> None:
    sent = world.hand_in(november.pia, november.cast.pia)
    for url in (address(november.pia), address(november.pia, "example"), f"/followup/submission/{sent.public_id}"):
        page(client(who), url, 404)


# What a page costs


@contextmanager
def counted() -> Any:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def cost(browser: FlaskClient, url: str) -> int:
    """The statements that a page takes, read by a session that has seen nothing before."""
    db.session.rollback()
    with browser.application.app_context(), counted() as statements:
        page(browser, url)
    return len(statements)


def test_a_page_costs_the_same_with_few_measures_and_with_many(app: Flask, cast: Cast, client: Client) -> None:
    few = scene.november(cast, count=1)
    urls = [
        address(few.pia),
        *(address(few.pia, key) for key in ("outcomes", "measures", "analysis", "results")),
        address(few.pia, more="/check"),
        "/measure/",
    ]
    browser = client("pia")
    world.save(few.pia, "measures", scene.measures(cast.pia, 1), cast.pia)
    before = [cost(browser, url) for url in urls]
    more_measures(few, 8)
    world.save(few.pia, "measures", scene.measures(cast.pia, 9), cast.pia)
    assert [cost(browser, url) for url in urls] == before
    assert max(before) <= 40


def more_measures(november: Scene, count: int) -> None:
    """As if last year's follow-up had set more of them."""
    from chain.measure import actions as measure

    items = scene.measures(november.cast.pia, count)["items"]
    new = [{**one, "item": f"more{n}", "question": "measures", "horizon": "quarter"} for n, one in enumerate(items)]  # type: ignore[arg-type, dict-item, attr-defined]
    measure.set_measures(
        unit_id=november.pia.unit_id,
        path=november.pia.path,
        ceiling=november.pia.path,
        round=november.last_year,
        items=new,
        by=november.cast.pia,
    )


def test_a_page_costs_the_same_with_one_child_and_with_more(november: Scene, client: Client) -> None:
    cast = november.cast
    mine, browser = november.of("arne"), client("arne")
    urls = [address(mine), address(mine, "analysis"), address(mine, more="/check")]
    for who in ("pia", "petra"):
        sent = world.hand_in(november.of(who), cast.who[who])
        actions.open_(sent, by=cast.arne)
        if who == "pia":
            one = [cost(browser, url) for url in urls]
    assert [cost(browser, url) for url in urls] == one


# In English


def test_headings_are_in_the_readers_language_and_the_snapshot_in_its_own(november: Scene, client: Client) -> None:
    cast, by = november.cast, "Alskolan: Analys av orsaker – Varför det är så"
    handed = scene.accepted(november.pia, cast.pia, cast.arne, analysis=scene.ANALYSIS)
    first = actions.cite(november.of("arne"), "pattern", handed, "analysis.why.1", "olika vikarier", confirmed=True, by=cast.arne)
    area = scene.accepted(november.of("arne"), cast.arne, cast.diana, pattern={"text": "Likt."})
    span = f"pattern.citation.{first.public_id}"
    again = actions.cite(november.of("diana"), "units_see", area, span, "olika vikarier", confirmed=True, by=cast.diana)
    kept, sealed = (first.heading, again.heading), (handed.sha256, area.sha256)
    assert kept == (by.removeprefix("Alskolan: "), by)
    pages = {
        "arne": [f"/followup/submission/{handed.public_id}", f"/followup/citation/{first.public_id}"],
        "diana": [
            f"/followup/citation/{again.public_id}",
            address(november.of("diana"), "units_see"),
            address(november.of("diana"), "units_see", f"/cite?submission={area.public_id}&span={span}"),
        ],
    }
    for who, addresses in pages.items():
        browser = client(who)
        for language, words, others in (("sv", "Varför det är så", "Why it is so"), ("en", "Why it is so", "Varför det är så")):
            account.speak(cast.who[who].person, language, by=cast.who[who].person)
            for one in addresses:
                said = text(page(browser, one))
                assert words in said and others not in said, (language, one)
    assert (world.fresh(first).heading, world.fresh(again).heading) == kept
    assert (world.fresh(handed).sha256, world.fresh(area).sha256) == sealed
