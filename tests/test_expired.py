"""A session that ends while somebody writes, in a browser without scripts: the words come back, to be copied."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chain.base import clock
from chain.cycle.models import Round
from chain.document import ending_actions, frozen
from chain.finding import theme_actions
from chain.finding.models import Passage
from chain.followup import queries
from tests.conftest import NOW
from tests.document import desk
from tests.feedback.world import decision
from tests.finding import world as coding
from tests.followup import scene, world
from tests.followup.scene import Scene
from tests.goal import desk as governing
from tests.makers import Cast
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]
WORDS = "Vi ringer hem samma dag.\n\n<b>Alltid</b> mentorn."


@pytest.fixture
def november(cast: Cast, app: Flask) -> Iterator[Scene]:
    made = scene.november(cast)
    app.config["WTF_CSRF_ENABLED"] = True
    yield made
    app.config["WTF_CSRF_ENABLED"] = False


def kept(reader: Reader) -> list[str]:
    areas = reader.page.find_all("textarea")
    assert all(area.has_attr("readonly") and reader.page.select(f"label[for={area['id']}]") for area in areas)
    return [area.get_text().removeprefix("\n").replace("\r\n", "\n") for area in areas]


def back(reader: Reader) -> str:
    """Where one comes after signing in."""
    [link] = [one["href"] for one in reader.page.select("main a") if "/account/sign-in" in str(one["href"])]
    return parse_qs(urlsplit(str(link)).query)["next"][0]


def section(november: Scene, key: str = "example") -> str:
    return f"/followup/{november.pia.public_id}/section/{key}"


def test_a_section_gives_its_words_back(november: Scene, client: Client) -> None:
    pia = Reader(client("pia")).open(section(november)).fill("Vårt svar", WORDS)
    clock.hold(NOW + timedelta(hours=3))
    pia.press("Spara").sees("Du har blivit utloggad", "Kopiera det innan du lämnar sidan.")
    assert (pia.status, kept(pia), back(pia)) == (401, [WORDS], section(november))
    assert pia.page.find("textarea").find_previous("label").text == "Det du skrev"  # type: ignore[union-attr]
    assert "save_key" not in pia.seen[-1] and "<b>" not in pia.seen[-1]
    assert queries.section(world.fresh(november.pia), "example") is None


def test_each_field_of_an_analysis_comes_back_under_its_own_words(november: Scene, client: Client) -> None:
    pia = (
        Reader(client("pia"))
        .open(section(november, "analysis"))
        .fill("Vad ser vi?", "Tolv av tjugo.")
        .fill("Varför är det så?", WORDS)
    )
    clock.hold(NOW + timedelta(hours=3))
    pia.press("Spara").sees("Vad ser vi?", "Varför är det så?")
    assert kept(pia) == ["Tolv av tjugo.", WORDS]


def test_figures_come_back_as_well(november: Scene, client: Client) -> None:
    pia = Reader(client("pia")).open(section(november, "results"))
    name = next(str(one["name"]) for one in pia.page.select("table[data-grid] input"))
    pia.fill(name, "24")
    clock.hold(NOW + timedelta(hours=3))
    pia.press("Spara").sees("Siffrorna")
    assert f"{name}: 24" in "\n".join(kept(pia))


def test_feedback_gives_its_words_back_and_the_way_to_the_same_page(november: Scene, cast: Cast, client: Client) -> None:
    page = f"/feedback/give?about_kind=decision&about={decision(cast).public_id}"
    diana = Reader(client("diana")).open(page).fill("Det vill vi säga", WORDS)
    diana.address = page  # where a browser says that it comes from
    clock.hold(NOW + timedelta(hours=3))
    diana.press("Skicka nedåt")
    assert (diana.status, kept(diana), back(diana)) == (401, [WORDS], page)


def test_words_come_back_also_when_the_token_belongs_to_a_session_that_is_gone(
    november: Scene, client: Client, app: Flask
) -> None:
    pia = Reader(client("pia")).open(section(november)).fill("Vårt svar", WORDS)
    pia.client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    pia.press("Spara").sees("Du har blivit utloggad, eller loggat in på nytt")
    assert (pia.status, kept(pia), back(pia)) == (400, [WORDS], section(november))


def test_what_another_site_sends_is_not_shown(november: Scene, client: Client) -> None:
    for referrer in ({}, {"Referer": "https://elsewhere.example/"}):
        got = client("pia").post(section(november), data={"text": WORDS}, headers=referrer)
        assert got.status_code == 400 and "ringer hem" not in got.text


def test_no_way_back_leads_elsewhere_or_to_a_page_that_cannot_be_opened(november: Scene, client: Client, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for referrer in ("https://elsewhere.example/", "http://localhost//elsewhere.example", "http://localhost/language"):
        stranger = Reader(client(""))
        stranger._take(stranger._send("POST", section(november), data={"text": WORDS}, headers={"Referer": referrer}))
        assert (stranger.status, back(stranger)) == (401, section(november)), referrer


def test_passwords_and_bare_buttons_are_sent_to_sign_in_as_before(november: Scene, client: Client, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    secrets = {"current": "en hemlig mening", "new": "en annan mening", "code": "kod", "text": WORDS}
    for address, sent in (("/account/password", secrets), (f"/followup/{november.pia.public_id}/submit", {"version": "1"})):
        got = client("").post(address, data=sent)
        assert (got.status_code, got.headers["Location"]) == (303, "/account/sign-in")


def test_a_document_gives_its_words_back_as_well(cast: Cast, client: Client, app: Flask) -> None:
    there = f"/document/{desk.begun(cast).public_id}/section/economy"
    app.config["WTF_CSRF_ENABLED"] = False
    stranger = Reader(client(""))
    stranger._take(stranger._send("POST", there, data={"text": WORDS}))
    assert (stranger.status, kept(stranger), back(stranger)) == (401, [WORDS], there)


def test_words_for_a_draft_that_somebody_has_thrown_away_come_back(cast: Cast, client: Client, app: Flask) -> None:
    document = desk.begun(cast)
    there = f"/document/{document.public_id}/section/economy"
    olle = Reader(client("olle")).open(there)
    ending_actions.discard(desk.fresh(document), version=frozen.revision(document), by=cast.olga)
    app.config["WTF_CSRF_ENABLED"] = False
    saved = olle.client.post(there, data={"text": WORDS}, headers={"X-Autosave": "1"})
    assert saved.status_code == 404 and "finns inte längre" in saved.json["sentence"]
    olle._take(olle._send("POST", there, data={"text": WORDS}))
    olle.sees("finns inte längre", "Kopiera det innan du lämnar sidan.")
    assert (olle.status, kept(olle)) == (404, [WORDS])
    assert olle.client.get(there).status_code == 404 and WORDS not in olle.client.get(there).text


def test_words_for_a_draft_that_has_been_adopted_meanwhile_come_back(cast: Cast, client: Client) -> None:
    made = governing.document(cast, "olle")
    olle = Reader(client("olle")).open(f"/goal/document/{made.public_id}/write").fill("Text", WORDS)
    governing.adopt(made, cast.diana)
    olle.press("Spara utkastet").sees("Det finns inget utkast att skriva i.", "Kopiera det innan du lämnar sidan.")
    assert olle.status == 409 and WORDS in kept(olle)
    assert "<b>" not in olle.seen[-1]


def differing(cast: Cast) -> tuple[Round, Passage]:
    """A round in which two have coded a paragraph differently, and what the first of them marked."""
    round = coding.handed_in(cast)
    coding.read(cast, "alskolan", cast.olle, first="staff")
    coding.read(cast, "alskolan", cast.olga, first="planning")
    return round, coding.mark(cast, "ekskolan", coding.FIRST, "staff", by=cast.olle)


@pytest.mark.parametrize(
    ("where", "button", "field"),
    [
        ("/theme/", "Lägg till temat", "Vad som hör dit, i en mening"),
        ("/quote/passage/{passage}", "Låt orden citeras", "Citatet"),
        ("/agreement/{round}", "Spara", "Varför"),
    ],
)
def test_a_theme_a_quote_and_a_resolution_give_their_words_back(
    cast: Cast, client: Client, app: Flask, where: str, button: str, field: str
) -> None:
    round, passage = differing(cast)
    app.config["WTF_CSRF_ENABLED"] = True
    olle = Reader(client("olle")).open(where.format(passage=passage.public_id, round=round.public_id)).fill(field, WORDS)
    clock.hold(NOW + timedelta(hours=3))
    olle.press(button).sees("Du har blivit utloggad")
    app.config["WTF_CSRF_ENABLED"] = False
    assert WORDS in kept(olle)


def test_a_reason_for_what_differs_no_longer_comes_back(cast: Cast, client: Client) -> None:
    round, _passage = differing(cast)
    olle = Reader(client("olle")).open(f"/agreement/{round.public_id}").fill("Varför", WORDS)
    olle.choose("Vad ska gälla?", "Det som båda har kodat")
    theme_actions.merge(coding.theme(cast, "staff"), coding.theme(cast, "planning"), by=cast.olga)
    olle.press("Spara").sees("I det stycket skiljer sig inte två lästa kodningar åt.")
    assert (olle.status, kept(olle)) == (409, [WORDS])
