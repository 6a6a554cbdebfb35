"""Every broken thread of the demonstration is meant to be: nothing else is broken, and none of these is missed."""

from flask import Flask
from sqlalchemy import select

from chain.access.policy import Role
from chain.base.db import db
from chain.organisation.models import Mandate
from chain.thread import breaks, queries
from tests.thread import world

# By year: what kind, where, and how what is broken there begins.
KNOWN = {
    "2025/26": """
        goal: Vikskolan: Eleverna klarar ämnesspråket i NO och SO
        measure: Barn- och utbildningsförvaltningen: Enheternas rapporter får sällan svar.
        measure: Barn- och utbildningsförvaltningen: Underlag för analys saknar gemensam struktur.
        measure: Norra området: Åtgärder utan namngiven ansvarig blir inte av.
        measure: Norra området: Rektorer löser samma problem var för sig.
        measure: Åsby skola: Undervisningen står och faller med en person i var
        measure: Åsby skola: Eleverna som slutar sexan har aldrig bytt skola oc
        measure: Åsby skola: Vi är för få för att analysera våra egna resultat
        measure: Björkskolan: Fritidshemmet går ut i naturen mindre än en gång i
        measure: Skogsgläntans förskola: Naturvetenskap blir något vi gör på torsdagar.
        measure: Skogsgläntans förskola: Övergången till förskoleklass är ett enda möte.
        measure: Skogsgläntans förskola: Sexåringarna som slutar lämnar sina lekar till ing
        measure: Skogsgläntans förskola: Normer är något vi tar för givna.
        measure: Tranans förskola: Två kollegor slutar och ingen vet vad barnen förlo
        measure: Vikskolan: Det närvaroarbete som fungerar finns i fem persone
        measure: Södra området: Jag får veta för sent när undervisningen bryts.
        measure: Ekbackens skola: Vi samlar underlag på olika sätt i varje arbetslag
        measure: Ekbackens skola: Vi ser signaler tidigt men beslutar sent.
        measure: Lindängsskolan: Halva årets laborationer i kemi åk 8 är kvar.
        measure: Sjöviksgymnasiet: Prov på nivå 2 och 3 rättas av en lärare ensam.
        measure: Smultronställets förskola: Vi dokumenterar utan att använda det.
        measure: Smultronställets förskola: De två avdelningarna menar olika saker med samma s
        measure: Smultronställets förskola: Gården delas med ett bygge, och grinden står öppen
        measure: Smultronställets förskola: Trängsel vid vagnarna gör lämningen orolig.
        measure: Smultronställets förskola: Köket och avdelningarna planerar var för sig.
        measure: Strandens förskola: Barn som bor mellan två skolor bjuds inte in av nå
        cause: Åsby skola: Undervisningen står och faller med en person i var
        cause: Tranans förskola: Barnen väntar: på mat, på blöja, på att gå ut.
        cause: Ekbackens skola: Vi samlar underlag på olika sätt i varje arbetslag
        cause: Hamnskolan: Ingen vet vad de riktade medlen för nyanlända har
        finding: Barn- och utbildningsförvaltningen: Grupper och tider styr mer än arbetssätt
        decision: Barn- och utbildningsnämnden: Barn- och utbildningsnämnden godkänner redovisning
        decision: Barn- och utbildningsnämnden: Barn- och utbildningsnämnden tar emot redovisninge
    """,
    "2026/27": """
        goal: Åsby skola: Alla i årskurs 5 kan återge vad de har läst
        goal: Vikskolan: Eleverna klarar ämnesspråket i NO och SO
        measure: Björkskolan: Ämnesorden lever på tavlan men inte i elevernas mu
        measure: Skogsgläntans förskola: Vi dokumenterar mycket men använder lite av det.
        measure: Hamnskolan: SO-lärarna har inte kunnat delta i språkhandlednin
        measure: Sjöviksgymnasiet: Yrkesämnena står utanför det språkutvecklande arbe
    """,
}


def holder(role: Role) -> Mandate:
    asked = select(Mandate).where(Mandate.role == role, Mandate.path.startswith("/sjovik/bun/")).order_by(Mandate.id)
    return db.session.scalars(asked).first()  # type: ignore[return-value]


def test_every_broken_thread_is_one_that_is_known(demonstration: Flask) -> None:
    with demonstration.test_request_context():
        for year, known in KNOWN.items():
            found = [
                f"{one.kind}: {one.knot.at}: {one.knot.title[:50].strip()}"
                for kind in breaks.of_year(holder(Role.DIRECTOR), year, most=100)
                for one in kind.found
            ]
            assert found == [line.strip() for line in known.strip().splitlines()]


def test_the_thread_goes_all_the_way_from_the_nation_to_a_classrooms_answer(demonstration: Flask) -> None:
    with demonstration.test_request_context():
        director, year = holder(Role.DIRECTOR), "2025/26"
        strands = queries.of_year(director, year).shown
        for kind in ("goal", "measure", "outcome"):
            assert world.told(strands, kind)
        back = queries.back_down(director, year)
        assert list(back) == ["finding", "report", "decision", "answer"] and all(back.values())
