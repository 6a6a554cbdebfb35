"""A follow-up in a real browser: it saves by itself, behaves as a sheet, loses nothing, and works without a script."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from chain.account import actions as account
from chain.base import clock
from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.followup import citation_actions, queries
from chain.followup.models import Section
from chain.measure import queries as measures
from tests import browser
from tests.conftest import NOW
from tests.followup import scene, world
from tests.followup.scene import Scene
from tests.makers import PASSWORD, Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what a browser does is the same on both

LOOKS = [
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "language": "sv"},
    {"viewport": {"width": 320, "height": 700}, "color_scheme": "dark", "language": "en"},
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.launch() as running:
        yield running


@dataclass
class Site:
    base: str
    november: Scene
    chromium: Browser

    def visit(self, who: str, path: str = "", **look: object) -> Page:
        """A page of somebody who has signed in as people do."""
        context = self.chromium.new_context(base_url=self.base, **look)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(15000)
        sign_in(page, who, path)
        return page


def sign_in(page: Page, who: str, path: str = "") -> None:
    page.goto(f"/account/sign-in?next={path or '/'}")
    enter(page, who)
    page.wait_for_load_state()


def enter(page: Page, who: str) -> None:
    page.locator("#email").fill(f"{who}@sjovik.example")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


@pytest.fixture
def site(app: Flask, cast: Cast, chromium: Browser) -> Iterator[Site]:
    november = scene.november(cast)
    for who in ("pia", "bo", "lena", "arne"):
        account.set_password(cast.who[who].person, PASSWORD, by=None)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", november, chromium)
    for context in chromium.contexts:
        context.close()
    server.shutdown()
    serving.join()


@pytest.fixture
def section(site: Site) -> Callable[[str], str]:
    return lambda key: f"/followup/{site.november.pia.public_id}/section/{key}"


def stored(site: Site, key: str) -> Section | None:
    return queries.section(world.fresh(site.november.pia), key)


# Saving by itself


def test_what_is_written_is_saved_by_itself_and_kept_nowhere_in_the_browser(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("example"))
    page.locator("#text").press_sequentially("Vi ringer hem samma dag.")
    expect(page.locator("[data-save-state]")).to_have_text("Osparat")
    expect(page.locator("[data-save-state]")).to_have_text("Sparad 10.00")
    kept = stored(site, "example")
    assert kept and kept.answer == {"text": "Vi ringer hem samma dag."}
    storage = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
        'caches' in window ? (await caches.keys()).length : 0]"""
    assert page.evaluate(storage) == [0, 0, 0, 0]
    page.locator("#text").press_sequentially(" Alltid mentorn.")
    page.locator("#text").blur()
    expect(page.locator("[data-save-state]")).to_have_text("Sparad 10.00")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#text")).to_have_value("Vi ringer hem samma dag. Alltid mentorn.")
    expect(page.locator("[data-save-state]")).to_have_text("Sparad 10.00")


def test_an_expired_session_in_mid_text_loses_nothing(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("example"))
    clock.hold(NOW + timedelta(hours=3))
    page.locator("#text").press_sequentially("Mitt i en mening")
    page.locator("#text").blur()
    link = page.locator("[data-save-state] a")
    expect(link).to_be_visible()
    with page.context.expect_page() as opening:
        link.click()
    other = opening.value
    enter(other, "pia")
    other.wait_for_load_state()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-save-state]")).to_have_text("Sparad 13.00")
    kept = stored(site, "example")
    assert kept and kept.answer == {"text": "Mitt i en mening"}


def test_two_at_once_are_shown_both_texts(site: Site, section: Callable[[str], str]) -> None:
    pia, bo = site.visit("pia", section("example")), site.visit("bo", section("example"))
    pia.locator("#text").fill("Pias text.")
    pia.locator("#text").blur()
    expect(pia.locator("[data-save-state]")).to_have_text("Sparad 10.00")
    bo.locator("#text").fill("Bos text.")
    bo.locator("#text").blur()
    link = bo.locator("[data-save-state] a")
    expect(link).to_have_text("Jämför texterna")
    bo.on("dialog", lambda dialog: dialog.accept())
    link.click()
    expect(bo.locator("h1")).to_have_text("Två texter i samma avsnitt")
    expect(bo.locator("#text")).to_have_value("Pias text.\n\nBos text.")


def test_last_years_words_are_copied_into_the_field(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("analysis"))
    page.locator("#items-0-see").fill("I år 14 av 24.")
    page.locator('[data-copy-to="items-0-see"]').click()
    expect(page.locator("#items-0-see")).to_have_value(f"I år 14 av 24.\n\n{scene.LAST_YEAR['see']}")
    expect(page.locator("[data-save-state]")).to_have_text("Sparad 10.00")


# The sheet

PASTE = """([input, text]) => { const data = new DataTransfer(); data.setData('text/plain', text); input.focus();
    input.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""


def test_a_block_from_a_spreadsheet_fills_the_grid_and_each_cell_is_judged(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("results"))
    grid = page.locator("table[data-grid]").first
    page.evaluate(PASTE, [grid.locator("input").first.element_handle(), "1 024\t24\t21\r\n24\t24\t17,5\r\n20\t20\t18\r\n"])
    expect(page.locator("[data-grid-status]")).to_have_text("Inklistrat: 3 rader, 3 kolumner.")
    expect(page.locator("[data-save-state]")).to_have_text("Sparad 10.00")
    expect(page.locator("[data-problems]")).to_contain_text("”17,5” är inget helt antal")
    expect(grid.locator("input").nth(5)).to_have_attribute("aria-invalid", "true")
    expect(grid.locator("input").nth(4)).not_to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(grid.locator("input").nth(5)).to_have_attribute("aria-invalid", "true")
    page.locator("[data-error-summary] a").first.click()
    expect(grid.locator("input").nth(5)).to_be_focused()
    page.keyboard.type("17")
    page.locator("label", has_text="Ja, klart").click()
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(grid.locator("tfoot")).to_contain_text("1 068")
    grid.locator("input").first.fill("1 025")
    expect(grid.locator("tfoot td").first).to_have_text("…")  # it is not so any longer


def test_twenty_subjects_in_nine_years_are_pasted_at_once_and_nothing_is_lost(site: Site, section: Callable[[str], str]) -> None:
    node = world.node(site.november.cast, "alskolan", site.november.november)
    node.year_groups = list("123456789")
    db.session.commit()
    page = site.visit("pia", section("results"))
    labels = page.locator("table[data-indicator='at_least_e|GR']").evaluate_all(
        "tables => tables.flatMap(t => [...t.querySelectorAll('tr[data-row]')].map(row => [row.dataset.row, t.dataset.group]))"
    )
    assert len(labels) == 141 and {group for _name, group in labels} == set("123456789")
    rows = [f"{name}\tåk {group}\t1 0{place % 90 + 10}\t24\t21" for place, (name, group) in enumerate(labels)]
    rows[7] = rows[7].replace("\t21", "\t25")
    text = "\r\n".join(["Ämne\tÅrskurs\tElever\tBedömda\tMinst E", *rows, "Latin\tåk 9\t3\t3\t3"]) + "\r\n"
    page.evaluate(PASTE, [page.locator("table[data-grid] input").first.element_handle(), text])
    expect(page.locator("[data-grid-status]")).to_contain_text("Inklistrat: 141 rader. De här raderna finns inte här")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    wrong = page.locator("table[data-grid] input[aria-invalid]")
    name, group = labels[7]
    expect(wrong).to_have_count(1)
    assert wrong.get_attribute("aria-label") == f"{name} åk {group}, Minst godtagbara"
    db.session.rollback()
    kept = queries.section(site.november.pia, "results")
    assert kept is not None and len(kept.answer["cells"]) == 3 * 141


def test_the_keyboard_moves_as_in_a_sheet(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("results"))
    cells = page.locator("table[data-grid]").first.locator("input")
    cells.first.click()
    page.keyboard.type("24")
    page.keyboard.press("Enter")
    expect(cells.nth(3)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(4)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cells.nth(0)).to_be_focused()


def test_what_belongs_to_an_outcome_is_asked_for_when_it_is_chosen(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("outcomes"))
    card = page.locator(".outcome").first
    expect(card.locator(".when-changed")).to_be_hidden()
    card.locator("label", has_text="Ändrad").click()
    expect(card.locator(".when-changed")).to_be_visible()
    expect(card.locator(".when-changed textarea").first).to_have_value(
        "Få läser med flyt i åk 4: läsgrupper två gånger i veckan."
    )


# Every page, for everybody


def pages(site: Site) -> list[tuple[str, str]]:
    """(who, address) of every page, in a follow-up with something in each."""
    november, cast = site.november, site.november.cast
    pia, mine = cast.pia, november.pia
    here = f"/followup/{mine.public_id}"
    world.save(mine, "analysis", scene.ANALYSIS, cast.bo, done=True)
    world.save(mine, "example", {"text": "Vi ringer hem."}, pia)
    world.save(mine, "measures", scene.measures(pia), pia)
    with pytest.raises(Conflict):
        world.save(mine, "example", {"text": "Bos text."}, cast.bo, version=0, save_key="bos")
    lifted = citation_actions.cite(
        mine, "example", november.lena, "works.text.1", "Fler förklarar hur de tänker", confirmed=True, by=pia
    )
    sections = ("results", "analysis", "example", "outcomes", "measures", "support_needed")
    handed_in = f"/followup/submission/{november.lena.public_id}"
    open_measure = measures.to_follow_up(mine.unit_id, november.november)[0]
    last_year = queries.latest(mine.unit_id, november.last_year)
    assert last_year
    return [
        ("pia", here),
        *[("pia", f"{here}/section/{key}") for key in sections],
        ("pia", f"{here}/section/example/versions"),
        ("pia", f"{here}/section/example/conflict/bos"),
        ("pia", f"{here}/section/example/cite?submission={november.lena.public_id}&span=works.text.1"),
        ("pia", f"{here}/check"),
        ("pia", f"/followup/citation/{lifted.public_id}"),
        ("pia", handed_in),
        ("pia", f"/followup/submission/{last_year.public_id}/receipt"),
        ("pia", "/measure/"),
        ("pia", f"/measure/{open_measure.public_id}"),
        ("lena", f"{handed_in}/receipt"),
        ("lena", f"/followup/{november.of('lena').public_id}"),
        ("arne", f"/followup/submission/{last_year.public_id}"),
        ("arne", f"/followup/{november.of('arne').public_id}/section/analysis"),
    ]


@pytest.mark.parametrize("look", LOOKS, ids=["wide-light-sv", "narrow-dark-en"])
def test_every_page_can_be_read_by_everybody(site: Site, look: dict[str, object]) -> None:
    every = pages(site)
    settings = {name: value for name, value in look.items() if name != "language"}
    for who in dict.fromkeys(who for who, _address in every):
        person = site.november.cast.who[who].person
        account.speak(person, str(look["language"]), by=person)
        page = site.visit(who, **settings)
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        for address in (address for reader, address in every if reader == who):
            answer = page.goto(address)
            assert answer and answer.status == 200, address
            assert page.locator("html").get_attribute("lang") == look["language"]
            assert browser.axe(page) == [], address
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{address} scrolls sideways"
        assert not said


def test_a_refused_page_can_be_read_by_everybody(site: Site, section: Callable[[str], str]) -> None:
    page = site.visit("pia", section("outcomes"), viewport={"width": 320, "height": 700})
    page.locator("label", has_text="Ja, klart").click()
    page.get_by_role("button", name="Spara och fortsätt").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title("Fel: Uppföljning av tidigare åtgärder – Styrkedjan")
    assert browser.axe(page) == []


# Without a script


def test_a_follow_up_is_written_and_handed_in_without_a_script(site: Site) -> None:
    hub = f"/followup/{site.november.pia.public_id}"
    page = site.visit("pia", hub, java_script_enabled=False)
    for title, write in SECTIONS.items():
        page.locator(".tasklist a", has_text=title).click()
        write(page)
        page.get_by_label("Ja, klart").check()
        page.get_by_role("button", name="Spara och fortsätt").click()
        expect(page.locator(".tasklist li", has_text=title)).to_contain_text("Klar")
    page.get_by_role("link", name="Granska och lämna in").click()
    page.get_by_role("button", name="Lämna in").click()
    expect(page.locator("h1")).to_have_text("Uppföljning 1, november är inlämnad")
    page.goto(hub)
    page.get_by_role("button", name="Ta tillbaka").click()
    expect(page.locator(".tasklist", has_text="Granska och lämna in")).to_be_visible()


def figures(page: Page) -> None:
    for cell, typed in zip(page.locator("table[data-grid] input").all()[:3], ("24", "24", "21"), strict=True):
        cell.fill(typed)


def analysis(page: Page) -> None:
    for name, words in scene.ANALYSIS.items():
        page.locator(f"#items-0-{name}").fill(words)
    page.get_by_label("Ganska säkra").check()


def words(page: Page) -> None:
    page.locator("#text").fill("Vi har prövat två vägar. Den andra gav mest.")


def outcomes(page: Page) -> None:
    for card in page.locator(".outcome").all():
        card.get_by_label("Genomförd").check()
        card.get_by_label("Vad ser ni för effekt?").fill("Fler läser med flyt.")
        card.get_by_label("Observation").check()


def two_measures(page: Page) -> None:
    one_measure(page)
    page.get_by_role("button", name="Lägg till en till").click()
    one_measure(page, 1)


def one_measure(page: Page, place: int = 0) -> None:
    page.locator(f"#items-{place}-problem").fill("Få läser med flyt i åk 4.")
    page.locator(f"#items-{place}-sign").fill("De läser en sida högt.")
    page.locator(f"#items-{place}-responsible").select_option(label="Bo Alm")


def copied_and_lifted(page: Page) -> None:
    page.locator('button[name="copy"]').first.click()
    expect(page.locator("#text")).to_have_value("Vi har prövat två vägar.\n\nDen andra gav mest.")
    page.get_by_role("button", name="Lyft in").first.click()
    page.locator("#confirmed").check()
    page.get_by_role("button", name="Lyft in").click()
    expect(page.locator(".lifted")).to_contain_text("gemensam problemlösning")


SECTIONS: dict[str, Callable[[Page], None]] = {
    "Kunskapsresultat": figures,
    "Analys av orsaker": analysis,
    "Vårens brukarenkät": words,
    "Uppföljning av tidigare åtgärder": outcomes,
    "Åtgärder det kommande kvartalet": two_measures,
    "Utvecklingsområden för läsåret": one_measure,
    "Ett gott exempel": copied_and_lifted,
    "Delaktighet": words,
}
