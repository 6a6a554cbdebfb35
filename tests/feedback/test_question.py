"""A member's question goes down to those who can answer it and comes back up, through the pages, and tells nothing more."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from chain.base import clock
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.feedback import queries
from chain.report.models import Report
from tests.feedback.world import at
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.report import world as reports
from tests.rollup import district
from tests.visitors import Reader

# On one database: it goes through pages; what they do, test_actions.py asks on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Client = Callable[[str], FlaskClient]

QUESTION = "Varför når så få i åk 6 ett godkänt betyg i matematik?"
ANSWER = "Vi räknar problem tillsammans tisdag och torsdag."
SECRET = "kanariefågeln"


@pytest.fixture
def report(cast: Cast) -> Iterator[Report]:
    """November's page, with figures of two schools in it; in January a school and its administration write their drafts."""
    made, january = handed_over(cast)
    with clock.held(clock.at(january.opens_on, 10)):
        yield made


@kept
def handed_over(cast: Cast) -> tuple[Report, Round]:
    november = world.opened(cast)
    for unit, counts in (("alskolan", (25, 24, 13)), ("ekskolan", (17, 16, 8))):
        told = {"see": f"{SECRET} i enhetens analys", "why": "Vikarier.", "evidence": "Proven.", "sure": "Säkra."}
        district.accepted(cast, unit, {("MA", "6"): counts}, analysis=told)
    reports.handed_up(cast, november, ("per", "arne", "asta"))
    reports.administration(cast, november)
    reports.released(cast, november)
    made = reports.actions.publish(november, by=cast.diana)
    january = queries.cycle.rounds(cast.unit["bun"].path)[-2]
    with clock.held(clock.at(january.opens_on, 10)):
        cycle.open_round(january, by=cast.diana)
        for who, key in (("pia", "participation"), ("lena", "works"), ("olle", "where_we_are")):
            mine = world.followup(cast, who, january)
            assert key in {one.key for one in world.checks.work(mine).questions}
            world.save(mine, key, {"text": f"{SECRET} i ett utkast"}, cast.who[who])
    return made, january


def ask(client: Client, report: Report) -> Reader:
    maja = Reader(client("maja")).open(f"/report/{report.public_id}").click("Ställ en fråga")
    maja.sees("Till: Barn- och utbildningsförvaltningen")  # and nobody else can be chosen
    return maja.fill("Det vill vi säga", QUESTION).press("Skicka frågan").sees("Frågan är skickad.", QUESTION)


def pass_on(client: Client, who: str, words: str) -> None:
    reader = Reader(client(who)).open("/feedback/").sees("Väntar på er").click(QUESTION).press("Jag har läst")
    reader.fill("Vad det betyder för oss", words).press("För vidare").sees("Det är fört vidare", words)


def everything(who: Reader) -> Iterator[str]:
    """Every page that one comes to from the first one, by its links."""
    known, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        if address not in known:
            known.add(address)
            who.open(address)
            links = (urlsplit(str(link["href"])) for link in who.page.find_all("a", href=True))
            waiting += [link._replace(fragment="").geturl() for link in links if not link.netloc and link.path.startswith("/")]
            yield who.page.get_text(" ")


def test_a_question_goes_down_to_a_classroom_and_its_answer_is_read_by_who_asked(client: Client, report: Report) -> None:
    maja = ask(client, report)
    question = maja.address
    maja.sees("Förvaltning läst 0 av 1 · besvarat 0", "Barn- och utbildningsförvaltningen kom i dag, oläst")
    pass_on(client, "olle", "Vi frågar skolorna.")
    pass_on(client, "arne", "Berätta vad ni har prövat.")
    pass_on(client, "pia", "Det gäller er klass.")
    lena = Reader(client("lena")).open("/").click("Fråga från Barn- och utbildningsnämnden")
    lena.sees(QUESTION, "Vi frågar skolorna.", "Berätta vad ni har prövat.", "Det gäller er klass.").sees_not("Petra Nord")
    lena.fill("Så gör vi nu", ANSWER).press("Svara").sees("Tack, svaret är skickat.")
    for who in ("pia", "arne", "olle"):
        Reader(client(who)).open("/feedback/").click(QUESTION).sees("Svar underifrån", ANSWER)
    maja.open("/feedback/").click(QUESTION).sees(ANSWER, "Arbetslag 4–6, Alskolan", "Arbetslag läst 1 av 1 · besvarat 1")
    assert maja.address == question
    maja.sees("Här har det stannat", "Ekskolan", "Södra området")


def test_the_administration_answers_and_the_next_page_begins_with_it(cast: Cast, client: Client, report: Report) -> None:
    maja = ask(client, report)
    olle = Reader(client("olle")).open("/").click("Fråga från Barn- och utbildningsnämnden").sees(QUESTION)
    olle.fill("Så gör vi nu", "Två skolor får en matematikutvecklare.").press("Svara")
    maja.open("/feedback/").sees("ni kan avsluta").click(QUESTION).sees("Två skolor får en matematikutvecklare.")
    maja.fill("Vad blev det av det?", "Tack, vi följer det i april.").press("Avsluta").sees("Tack, vi följer det i april.")
    reports.published(cast, queries.cycle.rounds(cast.unit["bun"].path)[-2])
    maja.open("/report/").click("Uppföljning 2, januari").sees("Sedan sist", "Nämnden frågade", QUESTION)
    maja.sees("Två skolor får en matematikutvecklare.", "avslutad: Tack, vi följer det i april.")


def test_who_asked_reads_answers_and_units_but_no_draft_no_figure_of_a_unit_and_no_reader_further_down(
    cast: Cast, client: Client, report: Report
) -> None:
    question = ask(client, report).address
    pass_on(client, "olle", "Vi frågar skolorna.")
    pass_on(client, "arne", "Berätta vad ni har prövat.")
    Reader(client("pia")).open("/feedback/").click(QUESTION).fill("Så gör vi nu", ANSWER).press("Svara")
    [trail] = queries.sent(cast.unit["bun"].id)
    maja = Reader(client("maja"))
    maja.open(question).sees(ANSWER, "Alskolan", "Olle Sand").sees_not("Pia Östlund", "Arne Dal")
    pages = list(everything(maja))
    assert any(ANSWER in page for page in pages) and any("53 %" in page for page in pages)  # 21 of 40: the committee's own
    assert not [page for page in pages if "54 %" in page and "Bygger på: prognos · Utgåva 1" not in " ".join(page.split())]
    for hidden in (SECRET, "13 av 24", "8 av 16", "Pia Östlund", "Arne Dal"):
        assert not [page for page in pages if hidden in page], hidden
    closed = [f"/feedback/delivery/{at(trail.feedback, cast, unit).public_id}" for unit in ("fvn", "norr", "alskolan")]
    handed = [world.queries.latest(cast.unit[unit].id, report.round) for unit in ("alskolan", "norr", "fvn")]
    closed += [f"/followup/submission/{one.public_id}" for one in handed if one]
    closed += [f"/rollup/{report.round.public_id}/{cast.unit['alskolan'].public_id}", "/rollup/"]
    assert len(closed) == 8
    for address in closed:
        assert client("maja").get(address).status_code == 404, address


def test_a_member_of_another_committee_knows_of_neither_question_nor_answer(client: Client, report: Report) -> None:
    question = ask(client, report).address
    assert client("viktor").get(question).status_code == 404
    assert not [page for page in everything(Reader(client("viktor"))) if QUESTION in page]
