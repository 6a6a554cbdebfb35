"""A section saves itself, two write in it at once, and nothing typed is lost."""

from typing import Any

import pytest
from bs4 import Tag

from chain.followup import queries
from tests.followup import world
from tests.followup.pages import Client, address, cells, fill, page, stored, text, typed
from tests.followup.scene import Scene


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
