"""The pages by which a follow-up is handed in, taken back, opened, cited and read."""

import pytest
from bs4 import BeautifulSoup, Tag

from chain.access.policy import Role
from chain.base import clock
from chain.cycle import actions as cycle
from chain.followup import actions, citation_actions, queries
from chain.organisation import actions as organisation
from chain.report import actions as report
from tests.followup import scene, world
from tests.followup.pages import Client, address, fill, page, stored, text
from tests.followup.scene import Scene
from tests.report import world as reports

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
    lifted = citation_actions.cite(
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
    lifted = citation_actions.cite(november.pia, "example", november.lena, "classroom.text.1", words, confirmed=True, by=cast.pia)
    actions.reopen(november.lena, reason="Skriv om vecka 40.", by=cast.pia)
    assert "har öppnats igen" in text(page(client("pia"), f"/followup/citation/{lifted.public_id}"))
    page(client("arne"), f"/followup/citation/{lifted.public_id}", 404)


def test_words_that_were_not_opened_are_not_beside_the_question(november: Scene, client: Client) -> None:
    sent = world.hand_in(november.of("linus"), november.cast.linus, works={"text": "Hemliga ord."})
    soup = page(client("petra"), address(november.of("petra"), "example"))
    assert "Inlämnad men inte öppnad än" in text(soup)
    assert "Hemliga ord." not in text(soup)
    page(client("petra"), address(november.of("petra"), "example", f"/cite?submission={sent.public_id}&span=works.text.1"), 404)
