"""The reading queue and the themes as pages: without a script, for those who code and for nobody else."""

import re

import pytest
from sqlalchemy import select

from chain.base.db import db
from chain.finding import queries
from chain.finding.models import Passage
from tests.finding import world
from tests.finding.world import FIRST, SECOND
from tests.followup import world as writing
from tests.makers import Cast
from tests.rollup import district


def address(cast: Cast, unit: str = "alskolan") -> str:
    return f"/finding/read/{world.submission(cast, unit).public_id}"


def test_an_officer_reads_marks_and_goes_on_with_links_and_forms_alone(cast: Cast, client) -> None:
    world.handed_in(cast)
    olle = client("olle")
    page = olle.get("/finding/").text
    assert "3 av 3 texter är kvar" in page and "0 av 3 enheters texter" in page
    first = re.search(r'href="(/finding/read/\w+)"', page)
    assert first and first[1] == address(cast)
    page = olle.get(f"{first[1]}?at={SECOND}").text
    assert f'name="span" value="{SECOND}"' in page and page.count('id="coder"') == 1
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    theme = world.theme(cast, "evidence").public_id
    sent = {"span": SECOND, "seen": seen[1], "themes": [theme], "note": "Igen", "go": "analysis.why.1"}
    answer = olle.post(first[1], data=sent)
    assert answer.status_code == 303 and answer.location.endswith("?at=analysis.why.1#analysis.why.1")
    page = olle.get(answer.location).text
    assert "Underlag för analys" in page and "Igen" in page and 'name="span" value="analysis.why.1"' in page
    answer = olle.post(f"{first[1]}/finish", follow_redirects=True)
    assert "Alskolan: markerad som läst." in answer.text and "<h1>Ekskolan</h1>" in answer.text


def test_what_was_typed_is_there_when_a_mark_is_refused(cast: Cast, client) -> None:
    world.handed_in(cast)
    olle = client("olle")
    sent = {
        "span": FIRST,
        "words": "det här står inte där",
        "themes": [world.theme(cast, "staff").public_id],
        "note": "Min anteckning",
    }
    answer = olle.post(address(cast), data=sent)
    assert answer.status_code == 422
    assert "De orden står inte så i stycket." in answer.text and "det här står inte där" in answer.text
    assert "Min anteckning" in answer.text and "Fel:" in answer.text
    answer = olle.post(address(cast), data={"span": FIRST})
    assert answer.status_code == 422 and "Välj minst ett tema." in answer.text


def test_what_nobody_has_opened_is_opened_with_a_button(cast: Cast, client) -> None:
    writing.opened(cast)
    district.hand_in(cast, "alskolan", analysis=world.analysis())
    olle = client("olle")
    page = olle.get(address(cast)).text
    assert "Öppna och läs" in page and "handledning" not in page
    assert "handledning i svenska" in olle.post(f"{address(cast)}/open", follow_redirects=True).text


@pytest.mark.parametrize("who", ["diana", "arne", "pia", "maja", "vera", "lena", "stina"])
def test_nobody_else_comes_in(cast: Cast, client, who: str) -> None:
    round = world.handed_in(cast)
    assert client(who).get(address(cast)).status_code in (403, 404)
    assert client(who).get(f"/finding/queue/{round.public_id}").status_code == 404


def test_the_director_reads_the_themes_and_marks_nothing(cast: Cast, client) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    page = client("diana").get("/finding/").text
    assert "1 av 3" in page and "1 av 3 enheters texter är lästa" in page and "Läsa och koda" not in page


def test_the_second_coder_is_blind_until_both_have_read(cast: Cast, client) -> None:
    world.handed_in(cast)
    world.mark(cast, "alskolan", FIRST, "staff", by=cast.olle)
    olga = client("olga")
    secret = db.session.scalars(select(Passage)).one()
    secret_address = f"/finding/passage/{secret.public_id}/unmark"
    for _step in range(2):
        page = olga.get(address(cast)).text
        assert 'class="marks"' not in page and "Olle Sand" not in page
        assert olga.post(secret_address).status_code == 404
        assert "0 av 3 enheters texter" in olga.get("/finding/").text
        if not _step:
            world.read(cast, "alskolan", cast.olle)
    world.read(cast, "alskolan", cast.olga, second="evidence")
    page = olga.get(address(cast)).text
    assert "Olle Sand" in page and "Medarbetarskap" in page
    assert "1 av 3 enheters texter" in olga.get("/finding/").text


def test_who_does_not_code_a_text_may_say_so_and_see_the_codes(cast: Cast, client) -> None:
    round = world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    olga = client("olga")
    assert "Koda dem inte" in olga.get(f"/finding/queue/{round.public_id}").text
    olga.post(f"/finding/queue/{round.public_id}/pass")
    assert "Olle Sand" in olga.get(address(cast)).text
    line = queries.queue(cast.olga, round)
    assert [row.mine for row in line.rows] == ["passed", "", ""]


def test_themes_are_added_renamed_merged_and_taken_back(cast: Cast, client) -> None:
    writing.opened(cast)
    diana = client("diana")
    answer = diana.post("/theme/", data={"name": "Ledarskap", "belongs": "Allt."})
    assert answer.status_code == 422 and "heter så" in answer.text and 'value="Ledarskap"' in answer.text
    diana.post("/theme/", data={"name": "Språk", "belongs": "Språkutvecklande arbetssätt."})
    own = next(one for one in queries.themes(cast.unit["fvn"].id) if one.name == "Språk")
    diana.post(f"/theme/{own.public_id}", data={"name": "Språk i alla ämnen", "belongs": "Språket."})
    assert "Hette tidigare Språk." in diana.get("/theme/").text
    staff = world.theme(cast, "staff").public_id
    assert diana.post(f"/theme/{own.public_id}/merge", data={"into": own.public_id}).status_code == 422
    assert diana.post(f"/theme/{own.public_id}/merge", data={"into": staff}).status_code == 303
    assert "Räknas som Medarbetarskap" in diana.get("/theme/").text
    diana.post(f"/theme/{own.public_id}/restore")
    assert "Räknas som" not in diana.get("/theme/").text


def test_pages_take_the_same_number_of_statements_however_much_is_coded(cast: Cast, client) -> None:
    round = world.handed_in(cast)
    olle, diana = client("olle"), client("diana")

    def taken() -> list[int]:
        asked = ((olle, "/finding/"), (olle, f"/finding/queue/{round.public_id}"), (olle, address(cast)), (diana, "/finding/"))
        return [world.statements(browser, where) for browser, where in asked]

    world.mark(cast, "alskolan", FIRST, "staff", by=cast.olle)
    before = taken()
    world.mark(cast, "alskolan", FIRST, "process", words="handledning", by=cast.olle)
    world.mark(cast, "alskolan", SECOND, "evidence", "process", by=cast.olle)
    for unit in ("ekskolan", "havet"):
        world.read(cast, unit, cast.olle, first="staff", second="evidence leadership")
        world.read(cast, unit, cast.olga, first="planning", second="evidence")
    assert taken() == before


# Findings, agreement and quotes


def test_two_coders_are_compared_and_what_differs_is_resolved(cast: Cast, client) -> None:
    round = world.handed_in(cast)
    where = f"/agreement/{round.public_id}"
    assert "Ingen text i den här uppföljningen är läst av två." in client("olle").get(where).text
    world.read(cast, "alskolan", cast.olle, first="staff")
    world.read(cast, "alskolan", cast.olga, first="planning")
    page = client("olle").get(where).text
    assert "Cohens kappa" in page and "Olle Sand" in page and "Ett stycke av 1 väntar" in page
    sent = {"submission": world.submission(cast, "alskolan").public_id, "span": FIRST, "stands": "second"}
    refused = client("olle").post(f"{where}/resolve", data=sent)
    assert refused.status_code == 422 and "Skriv varför" in refused.text
    client("olle").post(f"{where}/resolve", data=sent | {"reason": "Det handlar om tid."})
    page = client("diana").get(where).text
    assert "Det som Olga Vik har kodat gäller." in page and "0 stycken av 1 väntar" in page


def test_from_a_theme_to_a_quote_and_an_answered_finding(cast: Cast, client) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    olle, staff = client("olle"), world.theme(cast, "staff").public_id
    page = olle.get(f"/theme/{staff}/passages").text
    assert "I 1 av 3 enheter" in page and "Lärarna behöver handledning i svenska." in page
    passage = db.session.scalars(select(Passage)).one()
    refused = olle.post(
        f"/quote/passage/{passage.public_id}", data={"theme": staff, "words": "Pia behöver handledning i svenska."}
    )
    assert refused.status_code == 422 and "Pia behöver handledning" in refused.text
    said = {"theme": staff, "words": "Lärarna behöver handledning", "confirmed": "y"}
    assert olle.post(f"/quote/passage/{passage.public_id}", data=said).status_code == 303
    new = f"/finding/new/{staff}"
    refused = olle.post(new, data={"title": "Tid för läsning", "seen": "", "passages": [passage.public_id]})
    assert refused.status_code == 422 and 'value="Tid för läsning"' in refused.text
    where = olle.post(new, data={"title": "Tid för läsning", "seen": "Det saknas.", "passages": [passage.public_id]}).location
    assert "Svara på iakttagelsen: Tid för läsning" in client("diana").get("/").text
    hub = f"/followup/{world.submission(cast, 'alskolan').followup.public_id}"
    assert "Tid för läsning" not in client("pia").get(hub).text
    diana = client("diana")
    assert diana.post(f"{where}/go", data={"act": "plan", "words": "En mall tas fram."}).status_code == 422
    diana.post(f"{where}/go", data={"act": "answer", "words": "Vi köper in handledning."})
    assert "Vi köper in handledning." in client("pia").get(hub).text
    assert "Vi köper in handledning." in client("pia").get(f"/followup/submission/{passage.submission.public_id}").text
    assert "Vi köper in handledning." not in client("petra").get("/").text
