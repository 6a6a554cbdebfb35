"""One November through the whole chain, told by the people in it: from a classroom to the committee, and back again.

Every step is somebody who reads a page, fills in a form and presses a button. The same story is told in a real browser, in both
languages, on a phone, and without scripts (tests/test_story_in_the_browser.py).
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chain.account import actions as account
from tests import makers
from tests.makers import Cast
from tests.visitors import Browser, Reader

Visitor = Reader | Browser
People = Callable[[str], Any]

WORDS_FROM_THE_CLASSROOM = "Vi har läst högt varje dag, och fler väljer bok själva."


@pytest.fixture
def people(app: Flask, cast: Cast) -> People:
    """people("pia") is Pia at her own screen, who has signed in."""
    app.config["WTF_CSRF_ENABLED"] = True
    give_passwords(cast)
    known: dict[str, Reader] = {}

    def person(short: str) -> Reader:
        if short not in known:
            known[short] = Reader(app.test_client())
            sign_in(known[short], short)
        return known[short]

    return person


def give_passwords(cast: Cast) -> None:
    for mandate in cast.who.values():
        account.set_password(mandate.person, makers.PASSWORD, by=mandate.person)


def sign_in(who: Visitor, short: str) -> None:
    who.open("/account/sign-in").fill("email", f"{short}@sjovik.example").fill("password", makers.PASSWORD).press("Logga in")
    assert who.address == "/", who.text


def test_a_november_goes_from_the_classroom_to_the_committee_and_back(people: People) -> None:
    tell(people)


def tell(people: People) -> None:
    """The story, in the order in which it happens."""
    the_director_opens_the_november_round(people("diana"))
    the_group_tells_of_its_classroom(people("lena"))
    the_principal_reads_the_group(people("pia"))
    the_principal_writes_lifting_the_groups_words(people("pia"))
    the_principal_hands_in(people("pia"))
    nobody_above_has_seen_the_neighbours_draft(people)
    the_area_head_receives_compiles_and_hands_up(people("arne"))
    the_administration_compiles_and_hands_up(people)
    the_figures_are_released_by_two(people)
    the_committee_reads_one_page(people)
    the_secretary_registers_and_records_the_decision(people("sixten"))
    the_decision_is_fed_back_down(people)
    the_classroom_answers(people("lena"))
    the_answer_is_seen_by_the_committee(people("maja"))
    a_member_asks_and_is_answered(people)


def the_director_opens_the_november_round(diana: Visitor) -> None:
    diana.open("/cycle/").press("Planera året").click("Uppföljning 1, november").press("Öppna uppföljningen")
    diana.open("/").sees("Uppföljning 1, november")


def section(who: Visitor, title: str) -> Visitor:
    """To a section from the first page, as one does."""
    return who.open("/").click("Uppföljning 1, november").click(title)


def keep(who: Visitor) -> Visitor:
    who.choose("Är avsnittet klart?", "Ja, klart").press("Spara och fortsätt")
    assert "/section/" not in who.address, who.text
    return who


def write(who: Visitor, title: str, text: str) -> None:
    keep(section(who, title).fill("Vårt svar", text))


def analyse(who: Visitor, title: str, see: str, why: str) -> None:
    section(who, title).fill("Vad ser vi?", see).fill("Varför är det så?", why)
    who.fill("Vad bygger vi det på?", "Lektionsbesök och samtal i arbetslaget.")
    keep(who.choose("Hur säkra är vi?", "Ganska säkra"))


def decide(who: Visitor, title: str, problem: str, responsible: str) -> None:
    section(who, title).fill("Vilket problem", problem).fill("Vad ska märkas", "Fler förklarar hur de tänker.")
    keep(who.choose("Ansvarig", responsible))


def hand_in(who: Visitor) -> None:
    who.open("/").click("Uppföljning 1, november").click("Granska och lämna in")
    who.sees("När ni lämnar in blir uppföljningen en allmän handling").press("Lämna in").sees("Kvittens")


def the_group_tells_of_its_classroom(lena: Visitor) -> None:
    write(lena, "Det här fungerar", WORDS_FROM_THE_CLASSROOM)
    write(lena, "Åtgärderna i vårt klassrum", "Läsgrupperna kom i gång i vecka 36.")
    keep(section(lena, "Det här behöver vi").fill("Vad behöver ni?", "En timmes gemensam planering i veckan."))
    hand_in(lena)


def the_principal_reads_the_group(pia: Visitor) -> None:
    pia.open("/").sees("1 uppföljning att läsa och ta emot").click("1 uppföljning att läsa och ta emot")
    pia.click("Nästa oläst").press("Öppna och läs").sees(WORDS_FROM_THE_CLASSROOM).press("Ta emot uppföljningen")
    pia.open("/").click("Arbetslag 4–6 ber om stöd").choose("Vad blir svaret?", "Ja").fill(
        "Svaret", "Onsdagar 14–15 från vecka 48."
    ).press("Lämna svaret")


def the_principal_writes_lifting_the_groups_words(pia: Visitor) -> None:
    section(pia, "Kunskapsresultat")
    for subject, enrolled, assessed, reached in (("MA", 24, 24, 18), ("SV", 24, 23, 21)):
        for part, number in (("enrolled", enrolled), ("assessed", assessed), ("reached", reached)):
            pia.fill(f"at_least_e|GR|{subject}|6|{part}", str(number))
    keep(pia)
    analyse(pia, "Analys av orsaker", "Sex elever når ännu inte E i matematik.", "Problemlösning har fått lite tid.")
    pia.open("/").click("Uppföljning 1, november").click("Ett gott exempel")
    pia.fill("Vårt svar", "Högläsning varje dag i åk 4–6.")
    keep(pia)
    section(pia, "Ett gott exempel").press("Lyft in")
    pia.tick("Jag har sett efter").press("Lyft in").sees(WORDS_FROM_THE_CLASSROOM)
    keep(pia)
    write(pia, "Vårens brukarenkät", "Tryggheten på raster har följts upp i elevrådet.")
    keep(section(pia, "Uppföljning av tidigare åtgärder"))
    decide(
        pia,
        "Åtgärder det kommande kvartalet",
        "Resonemang i matematik: gemensam problemlösning två gånger i veckan.",
        "Lena Gran",
    )
    decide(pia, "Utvecklingsområden för läsåret", "Läsförståelse i alla ämnen.", "Pia Östlund")
    keep(section(pia, "Stöd som vi behöver").fill("Vad behöver ni?", "Handledning i matematik för tre lärare."))
    write(pia, "Delaktighet", "Elevrådet har läst utkastet och lagt till ett stycke om raster.")


def the_principal_hands_in(pia: Visitor) -> None:
    hand_in(pia)
    pia.sees("Norra området")


def nobody_above_has_seen_the_neighbours_draft(people: People) -> None:
    write(people("petra"), "Delaktighet", "Ekskolans hemliga utkast.")
    people("arne").open("/rollup/").sees("Ekskolan").sees_not("utkast", "hemliga", "Pågår")


def the_area_head_receives_compiles_and_hands_up(arne: Visitor) -> None:
    arne.open("/").click("1 uppföljning att läsa och ta emot").click("Nästa oläst").press("Öppna och läs")
    arne.sees("Problemlösning har fått lite tid.", WORDS_FROM_THE_CLASSROOM).press("Ta emot uppföljningen")
    arne.open("/").click("Alskolan ber om stöd").choose("Vad blir svaret?", "Ja").fill(
        "Svaret", "En handledare kommer från januari."
    ).press("Lämna svaret")
    section(arne, "Mönster i enheternas uppföljningar").fill("Vårt svar", "Matematiken är gemensam för skolorna.")
    keep(arne)
    section(arne, "Mönster i enheternas uppföljningar").press("Lyft in")
    arne.tick("Jag har sett efter").press("Lyft in")
    keep(arne)
    analyse(arne, "Områdets analys", "Samma mönster på fler skolor.", "För lite ämnesdidaktiskt stöd.")
    keep(section(arne, "Uppföljning av områdets åtgärder"))
    decide(arne, "Områdets åtgärder det kommande kvartalet", "Gemensam handledning i matematik.", "Arne Dal")
    hand_in(arne)


def the_administration_compiles_and_hands_up(people: People) -> None:
    diana, olle = people("diana"), people("olle")
    diana.open("/").click("1 uppföljning att läsa och ta emot").click("Nästa oläst").press("Öppna och läs").press(
        "Ta emot uppföljningen"
    )
    for title, text in (
        ("Läget", "En av tre enheter har lämnat in; resultaten ligger som i fjol."),
        ("Det som utmärker sig", "Matematik i åk 6 på en skola."),
        ("Det som enheterna ser", "Problemlösning har fått för lite tid."),
        ("Det som vi gör", "Handledning i matematik från januari."),
        ("Det som vi ber nämnden om", "Att godkänna redovisningen."),
    ):
        write(olle, title, text)
    analyse(olle, "Huvudmannens analys", "Matematiken är svagast.", "Stödet har varit ojämnt.")
    keep(section(olle, "Uppföljning av förvaltningens åtgärder"))
    decide(olle, "Förvaltningens åtgärder det kommande kvartalet", "Ett gemensamt underlag för analys.", "Olle Sand")
    section(olle, "Läget").press("Lyft in")
    olle.tick("Jag har sett efter").press("Lyft in")
    keep(olle)
    hand_in(diana)


def the_figures_are_released_by_two(people: People) -> None:
    people("olle").open("/release/").click("Förbered en utgåva av").press("Frys siffrorna").sees("Matematik")
    people("olle").sees_not("Godkänn utgåvan")
    people("diana").open("/").click("En utgåva väntar på godkännande").press("Godkänn utgåvan")


def the_committee_reads_one_page(people: People) -> None:
    people("maja").open("/report/").sees_not("Uppföljning 1, november")
    people("diana").open("/report/").click("Se hur sidan blir").press("Överlämna till nämnden")
    maja = people("maja").open("/").click("Läs sammanfattningen")
    maja.sees(
        "Matematik i åk 6 på en skola.", "Att godkänna redovisningen.", "1 av 3 enheter", "Matematiken är gemensam för skolorna."
    )
    maja.sees_not("Pia Östlund", "Lena Gran", "Olle Sand")


def the_secretary_registers_and_records_the_decision(sixten: Visitor) -> None:
    sixten.open("/").click("Registrera mottagandet").fill("Diarienummer", "Bun 2026/75").press("Registrera")
    sixten.click("Skriv in ett beslut").fill("Beslutat den", "2026-11-20").fill("Paragraf", "§ 112")
    sixten.fill("Diarienummer", "Bun 2026/75").fill(
        "Beslutet, ordagrant", "Nämnden godkänner redovisningen och följer matematiken."
    )
    sixten.press("Skriv in beslutet").sees("§ 112", "Nämnden godkänner redovisningen")


def the_decision_is_fed_back_down(people: People) -> None:
    sixten = people("sixten").open("/matter/").click("§ 112").click("Återkoppla beslutet")
    sixten.fill("Det vill vi säga", "Nämnden vill veta vad som händer i klassrummen med matematiken.").press("Skicka nedåt")
    for who in ("diana", "arne", "pia"):
        receiver = people(who).open("/").click("Återkoppling från Barn- och utbildningsnämnden").press("Jag har läst")
        receiver.fill("Vad det betyder för oss", f"Vi tar upp det på nästa möte. ({who})").press("För vidare")


def the_classroom_answers(lena: Visitor) -> None:
    lena.open("/").click("Återkoppling från").press("Jag har läst")
    lena.fill("Så gör vi nu", "Vi räknar problem tillsammans tisdag och torsdag.").press("Svara")


def the_answer_is_seen_by_the_committee(maja: Visitor) -> None:
    maja.open("/feedback/").click("Nämnden vill veta").sees("Vi räknar problem tillsammans tisdag och torsdag.").sees_not(
        "Lena Gran"
    )


def a_member_asks_and_is_answered(people: People) -> None:
    maja = people("maja").open("/report/").click("Uppföljning 1, november").click("Ställ en fråga")
    maja.fill("Det vill vi säga", "Hur många skolor har handledning?").press("Skicka frågan")
    olle = people("olle").open("/").click("Fråga från").press("Jag har läst").fill("Så gör vi nu", "Två av tre från januari.")
    olle.press("Svara").sees("Två av tre från januari.")
    maja.open("/feedback/").click("Hur många skolor har handledning?").sees("Två av tre från januari.")
