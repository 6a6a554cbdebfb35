"""What is typed in a section's fields: figures, measures, requests and outcomes, and what is said at each when it is wrong."""

import pytest
from bs4 import BeautifulSoup, Tag

from tests.followup import scene, world
from tests.followup.pages import Client, address, cells, fill, page, stored, text, typed
from tests.followup.scene import Scene

# Figures


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
