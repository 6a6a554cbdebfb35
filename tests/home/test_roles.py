"""What each role's first page lists, and what it does not: one test a role, in a state reached by doing."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.feedback import actions as feedback
from chain.followup import actions as followup
from chain.matter import actions as matter
from chain.matter.models import Decision
from chain.organisation import actions as organisation
from chain.release import actions as release
from chain.report import actions as report
from chain.rollup import actions as rollup
from chain.support import actions as support
from chain.support.models import SupportRequest
from tests.feedback import world as told
from tests.followup import world
from tests.home.reading import Home, endpoint, home
from tests.makers import Cast
from tests.report import world as pages

NOVEMBER = "Uppföljning 1, november"
READING = "Läs och koda enheternas analyser"
MEETING = date(2026, 12, 16)


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def asks(*texts: str) -> dict[str, object]:
    """The answer to what one needs."""
    return {"items": [{"item": text[:8], "text": text} for text in texts]}


def answer(cast: Cast, unit: str, by: str, state: str = "granted", text: str = "Ja, från januari.") -> None:
    """The oldest request of a unit that waits gets its answer."""
    waits = select(SupportRequest).where(SupportRequest.unit_id == cast.unit[unit].id, SupportRequest.state == "open")
    one = db.session.scalars(waits.order_by(SupportRequest.id)).first()
    assert one is not None
    support.answer(one, state=state, text=text, by=cast.who[by])


def decided(cast: Cast, about: Round | None = None, paragraph: str = "§ 12", **more: Decision) -> Decision:
    return matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph=paragraph, registration_number="Bun 2026/75",
        text="Nämnden godkänner redovisningen.", about=about, by=cast.sixten, **more,
    )  # fmt: skip


# The classroom and the unit


def test_a_team_finds_what_came_back_then_what_was_said_to_it_and_not_what_others_have_to_do(
    app: Flask, cast: Cast, november: Round
) -> None:
    said = told.given(cast, to="fvn")
    told.pass_down(said, cast, "fvn:diana", "norr:arne", "alskolan:pia")
    handed = world.hand_in(world.followup(cast, "lena", november), cast.lena)
    rollup.send_back(handed, reason="Berätta också om räkningen.", by=cast.pia)
    page = home(app, "lena")
    assert page.titles == [NOVEMBER, "Återkoppling från Barn- och utbildningsnämnden"]
    assert "Berätta också om räkningen." in page.rows[NOVEMBER]
    assert endpoint(app, page.ways[NOVEMBER]) == "followup.hub"
    assert "ber om stöd" not in page.text and "har lämnat in" not in page.text


def test_a_principal_first_takes_in_the_team_then_answers_it_then_the_committee_then_writes(
    app: Flask, cast: Cast, november: Round
) -> None:
    needs = asks("En timmes planering i veckan")
    followup.open_(world.hand_in(world.followup(cast, "lena", november), cast.lena, need=needs), by=cast.pia)
    world.hand_in(world.followup(cast, "linus", november), cast.linus)
    told.pass_down(told.given(cast, to="fvn"), cast, "fvn:diana", "norr:arne")
    page = home(app, "pia")
    assert page.titles == [
        "1 uppföljning att läsa och ta emot",
        "Arbetslag 4–6 ber om stöd",
        "Återkoppling från Barn- och utbildningsnämnden",
        NOVEMBER,
    ]
    assert "En timmes planering i veckan" in page.rows["Arbetslag 4–6 ber om stöd"]
    assert "1 av 1 arbetslag har lämnat in" in page.text
    assert "Ekskolan" not in page.text and "utgåva" not in page.text


def test_a_deputy_writes_and_answers_feedback_and_only_reads_what_the_principal_decides(
    app: Flask, cast: Cast, november: Round
) -> None:
    needs = asks("En timmes planering i veckan")
    followup.open_(world.hand_in(world.followup(cast, "lena", november), cast.lena, need=needs), by=cast.bo)
    told.pass_down(told.given(cast, to="fvn"), cast, "fvn:diana", "norr:arne")
    page = home(app, "bo")
    assert page.titles == ["Återkoppling från Barn- och utbildningsnämnden", NOVEMBER]
    assert page.asked == ["En timmes planering i veckan Från Arbetslag 4–6 · inget svar än Öppen"]
    with clock.held(clock.at(november.opens_on + timedelta(days=40))):
        late = home(app, "bo", clock.today())
    assert "Försenad" in late.rows[NOVEMBER] and "Berätta varför det dröjer" not in late.ways


def test_who_is_late_is_told_so_first_and_led_to_where_the_reason_is_given(app: Flask, cast: Cast, november: Round) -> None:
    world.hand_in(world.followup(cast, "lena", november), cast.lena)
    late = november.opens_on + timedelta(days=40)
    page = home(app, "pia", late)
    assert page.titles[0] == NOVEMBER
    assert "Försenad" in page.rows[NOVEMBER] and "4 dagar sen" in page.rows[NOVEMBER]
    way = page.ways["Berätta varför det dröjer"]
    assert way.endswith("#late") and endpoint(app, way) == "cycle.node"
    with clock.held(clock.at(late)):
        cycle.explain_late(world.node(cast, "alskolan", november), reason="Magsjuka i vecka 49.", by=cast.pia)
    assert "Ändra varför det dröjer" in home(app, "pia", late).ways
    above = home(app, "arne", late)
    assert "Säger: Magsjuka i vecka 49." in above.text and "Ekskolan Försenad Inget besked." in above.text


# The area and the administration


def test_an_area_head_finds_many_requests_as_one_line_so_that_they_hide_nothing(app: Flask, cast: Cast, november: Round) -> None:
    for who, needs in (("pia", ("Handledning", "En vikarie")), ("petra", ("Läromedel", "Tid"))):
        handed = world.hand_in(world.followup(cast, who, november), cast.who[who], support_needed=asks(*needs))
        followup.open_(handed, by=cast.arne)
    page = home(app, "arne")
    assert page.titles == ["2 uppföljningar att läsa och ta emot", "4 frågor om stöd att svara på", NOVEMBER]
    assert "Alskolan, Ekskolan" in page.rows["4 frågor om stöd att svara på"]
    assert endpoint(app, page.ways["4 frågor om stöd att svara på"]) == "support.archive"
    assert "2 av 2 enheter har lämnat in" in page.text
    assert "Havets förskola" not in page.text
    for _each in range(2):
        answer(cast, "alskolan", "arne")
    assert home(app, "arne").titles[1:3] == ["Ekskolan ber om stöd", "Ekskolan ber om stöd"]


def test_an_officer_finds_the_next_step_towards_the_committee_and_nothing_that_the_director_decides(
    app: Flask, cast: Cast, november: Round
) -> None:
    pages.handed_up(cast, november, ("pia", "arne"))
    assert home(app, "olle").titles == [NOVEMBER, READING]
    pages.administration(cast, november)
    assert home(app, "olle").titles == [f"Förbered en utgåva av {NOVEMBER}", READING]
    prepared = release.prepare(november, by=cast.olle)
    assert home(app, "olle").titles == [READING]
    release.approve(prepared, by=cast.diana)
    page = home(app, "olle")
    assert page.titles == ["Överlämna sidan till nämnden", READING]
    assert "1 av 3 enheter har lämnat in" in page.text and "1 av 2 områden har lämnat in" in page.text
    assert [one for one in page.asked if "Från Norra området" in one], "an officer reads what the director answers"
    report.publish(november, by=cast.olle)
    assert home(app, "olle").titles == [READING]


def test_a_director_receives_answers_and_approves_what_another_has_prepared(app: Flask, cast: Cast, november: Round) -> None:
    pages.handed_up(cast, november, ("pia",))
    followup.open_(world.hand_in(world.followup(cast, "arne", november), cast.arne), by=cast.diana)
    release.prepare(november, by=cast.olle)
    page = home(app, "diana")
    assert page.titles == [
        "1 uppföljning att läsa och ta emot",
        "En utgåva väntar på godkännande",
        "Norra området ber om stöd",
        NOVEMBER,
    ]
    assert "Alskolan ber om stöd" not in page.text
    assert not home(app, "vera").titles, "the other committee's director"


def test_a_release_that_nobody_may_approve_is_told_to_all_who_prepare(app: Flask, cast: Cast, november: Round) -> None:
    pages.handed_up(cast, november, ("pia", "arne"))
    pages.administration(cast, november)
    stuck = f"Ingen kan godkänna utgåvan av {NOVEMBER}"
    release.prepare(november, by=cast.diana)
    for who in ("diana", "olle"):
        assert stuck in home(app, who).titles and "En utgåva väntar på godkännande" not in home(app, who).titles
    assert endpoint(app, home(app, "olle").ways[stuck]) == "release.prepare"
    organisation.give_mandate(cast.olga.person, Role.DIRECTOR, cast.unit["fvn"], by=cast.stina)
    assert stuck not in home(app, "diana").titles, "somebody else may, from now on"
    release.prepare(november, by=cast.olle)
    titles = home(app, "diana").titles
    assert titles.count("En utgåva väntar på godkännande") == 1 and stuck not in titles, "the newer one takes its place"


def test_whoever_keeps_the_rounds_opens_the_next_one_when_its_day_has_come(app: Flask, cast: Cast) -> None:
    rounds = world.open_year(cast)
    day = rounds[0].opens_on
    assert home(app, "olle", day - timedelta(days=1)).titles == []
    page = home(app, "olle", day)
    assert page.titles == [f"Öppna {NOVEMBER}"] == home(app, "stina", day).titles
    assert endpoint(app, page.ways[f"Öppna {NOVEMBER}"]) == "cycle.round"
    assert home(app, "arne", day).titles == []
    with clock.held(clock.at(rounds[1].opens_on)):
        cycle.open_round(rounds[1], by=cast.diana)
    left_out = home(app, "olle", rounds[1].opens_on).titles
    assert f"Öppna {NOVEMBER}" not in left_out, "nobody can open a round after a later one"


# The committee


def test_a_member_has_a_page_to_read_until_the_committee_has_decided_and_finds_it_afterwards(
    app: Flask, cast: Cast, november: Round
) -> None:
    assert home(app, "maja").titles == []
    pages.published(cast, november)
    page = home(app, "maja")
    assert page.titles == [f"Läs sammanfattningen: {NOVEMBER}"]
    assert "Nämnden sammanträder 16 december 2026." in page.text and "24 dagar kvar" in page.text
    assert "Registrera" not in page.text and "Skriv in" not in page.text
    assert home(app, "viktor").titles == [], "the other committee's"
    assert home(app, "maja", MEETING).titles == page.titles
    after = home(app, "maja", MEETING + timedelta(days=1))
    assert after.titles == [] and "Nämndens beslut är inte inskrivet än." in after.text
    decided(cast, november)
    after = home(app, "maja")
    assert after.titles == [] and "Nämnden har beslutat." in after.text
    assert endpoint(app, after.ways[f"{NOVEMBER} 2026/27"]) == "report.show"


def test_a_member_sees_what_the_administration_asks_of_the_committee_and_the_secretary_answers_it(
    app: Flask, cast: Cast, november: Round
) -> None:
    pages.handed_up(cast, november)
    pages.administration(cast, november)
    assert home(app, "maja").asked == ["Handledning fyra gånger Från Barn- och utbildningsförvaltningen · inget svar än Öppen"]
    page = home(app, "sixten")
    assert page.titles == ["Barn- och utbildningsförvaltningen ber om stöd"] and page.asked == []


def test_a_secretary_registers_then_records_the_decision_then_feeds_it_back_each_one_press_away(
    app: Flask, cast: Cast, november: Round
) -> None:
    published = pages.published(cast, november)
    answer(cast, "fvn", "sixten")
    register, record = f"Registrera mottagandet: {NOVEMBER}", f"Skriv in nämndens beslut: {NOVEMBER}"
    assert home(app, "sixten").titles == [register, record], "the decision is ahead"
    assert home(app, "sixten", MEETING).titles == [register, record]
    report.receive(published, "Bun 2026/75", by=cast.sixten)
    page = home(app, "sixten", MEETING)
    assert page.titles == [record] and page.ways[record] == f"/matter/record?round={november.public_id}"
    with clock.held(clock.at(MEETING)):
        first = decided(cast, november)
    page = home(app, "sixten", MEETING)
    assert page.titles == ["Återkoppla beslutet § 12"]
    assert page.ways["Återkoppla beslutet § 12"] == f"/feedback/give?about_kind=decision&about={first.public_id}"
    with clock.held(clock.at(MEETING)):
        feedback.give("decision", first.public_id, "Läs vad vi har beslutat.", [cast.unit["fvn"]], None, by=cast.sixten)
        assert home(app, "sixten").titles == []
        decided(cast, november, corrects=first)
        assert home(app, "sixten").titles == [], "those who were told are not told again of a slip of the pen"
        decided(cast, None, "§ 13")
        feedback.give("decision", decided(cast, None, "§ 14").public_id, "Läs.", [cast.unit["fvn"]], None, by=cast.sixten)
        assert home(app, "sixten").titles == ["Återkoppla beslutet § 13"]


def test_a_members_question_about_a_decision_does_not_feed_it_back(app: Flask, cast: Cast, november: Round) -> None:
    first = decided(cast)
    feedback.give("decision", first.public_id, "Hur går det?", [cast.unit["fvn"]], None, by=cast.maja, kind="question")
    assert home(app, "sixten").titles == ["Återkoppla beslutet § 12"]
    assert home(app, "maja").titles == []


def test_an_auditor_reads_the_page_and_does_nothing_to_it(app: Flask, cast: Cast, november: Round) -> None:
    published = pages.published(cast, november)
    report.receive(published, "Bun 2026/75", by=cast.sixten)
    page = home(app, "rut")
    assert page.titles == [f"Läs sammanfattningen: {NOVEMBER}"]
    assert "ber om stöd" not in page.text and "Skriv in" not in page.text
    assert page.asked == ["Handledning fyra gånger Från Barn- och utbildningsförvaltningen · inget svar än Öppen"]


# Those who keep, and those who have nothing to do yet


def test_a_steward_finds_how_people_and_letters_are_and_nothing_that_was_written(app: Flask, cast: Cast, november: Round) -> None:
    world.hand_in(world.followup(cast, "lena", november), cast.lena, need=asks("En timmes planering i veckan"))
    organisation.end_mandate(cast.asta, by=cast.stina, last_day=clock.today() + timedelta(days=9))
    organisation.end_mandate(cast.lo, by=cast.stina, last_day=clock.today() - timedelta(days=1))
    page = home(app, "stina")
    assert page.titles == ["1 brev väntar på att skickas", "1 person saknar uppdrag", "1 uppdrag tar slut inom 30 dagar"]
    assert {endpoint(app, page.ways[title]) for title in page.titles} == {"organisation.health"}
    assert "planering" not in page.text and "Lena" not in page.text


def test_first_teachers_read_and_providers_have_no_page_beyond_this_one(app: Flask, cast: Cast, november: Round) -> None:
    pages.published(cast, november)
    for short, role in (("fanny", Role.FIRST_TEACHER), ("stefan", Role.PROVIDER)):
        person = organisation.add_person(cast.unit["sjovik"], name=short.title(), email=f"{short}@sjovik.example", by=None)
        organisation.give_mandate(person, role, cast.unit["alskolan"], by=None, valid_from=date(2026, 8, 1))
    teacher, provider = home(app, "fanny"), home(app, "stefan")
    assert teacher.titles == provider.titles == []
    assert f"{NOVEMBER} 2026/27" in teacher.ways and "Nämnden sammanträder" in teacher.text
    assert "Ditt uppdrag har inget att göra här än." in provider.text
    assert provider.ways == {} and "Nämnden sammanträder" not in provider.text, "nothing that the role may not read"


# What concerns several roles


def test_a_request_is_on_both_first_pages_until_it_is_answered_and_the_answer_on_the_askers_while_the_round_lasts(
    app: Flask, cast: Cast
) -> None:
    november, january = world.open_year(cast)[:2]
    cycle.open_round(november, by=cast.diana)
    handed = world.hand_in(world.followup(cast, "lena", november), cast.lena, need=asks("En timmes planering i veckan"))
    assert home(app, "lena").asked == ["En timmes planering i veckan Till Alskolan Inte öppnad än"]
    assert "Arbetslag 4–6 ber om stöd" not in home(app, "pia").text
    followup.open_(handed, by=cast.pia)
    assert home(app, "lena").asked == ["En timmes planering i veckan Till Alskolan · inget svar än Öppen"]
    assert "Arbetslag 4–6 ber om stöd" in home(app, "pia").titles
    answer(cast, "al46", "pia", "taken_up", "Vi frågar området om tid.")
    assert home(app, "lena").asked == ["En timmes planering i veckan Till Alskolan · fört vidare, väntar på svar Upptaget"]
    assert home(app, "pia").asked == ["Vi frågar området om tid. Till Norra området · inget svar än Öppen"]
    answer(cast, "alskolan", "arne", "refused", "Det finns inga pengar.")
    for who, words in (
        ("lena", "svarar: Det finns inga pengar."),
        ("pia", "Till Norra området: Det finns inga pengar. Avslaget"),
    ):
        asked = home(app, who).asked
        assert len(asked) == 1 and words in asked[0]
    assert home(app, "arne").asked == [] and "Norra området ber om stöd" not in home(app, "arne").text
    day = january.opens_on
    assert home(app, "lena", day).asked
    with clock.held(clock.at(day)):
        cycle.open_round(january, by=cast.diana)
    assert home(app, "lena", day).asked == home(app, "pia", day).asked == []


def test_feedback_whose_day_has_passed_comes_back_to_its_sender(app: Flask, cast: Cast, november: Round) -> None:
    due = clock.today() + timedelta(days=3)
    said = told.given(cast, "sixten", "fvn norr soder", due_on=due)
    feedback.answer(told.at(said, cast, "soder"), "Vi läser högt.", by=cast.asta)
    assert home(app, "sixten", due).titles == []
    page = home(app, "sixten", due + timedelta(days=1))
    assert page.titles == ["2 mottagare har inte svarat i tid"]
    assert "Svar önskades senast 25 november 2026: Stärk den" in page.rows[page.titles[0]]
    assert endpoint(app, page.ways[page.titles[0]]) == "feedback.show"
    assert "Försenad" in home(app, "diana", due + timedelta(days=1)).text, "its receiver sees that the day has passed"
    for unit, who in (("fvn", "diana"), ("norr", "arne")):
        feedback.answer(told.at(said, cast, unit), "Vi har börjat.", by=cast.who[who])
    assert home(app, "sixten", due + timedelta(days=1)).titles == ["Alla har svarat: läs och stäng"]
    feedback.close(said, "Tack.", by=cast.sixten)
    assert home(app, "sixten", due + timedelta(days=1)).titles == []


def test_a_members_late_question_is_the_members_and_the_secretarys(app: Flask, cast: Cast, november: Round) -> None:
    due = clock.today()
    told.given(cast, "maja", due_on=due, kind="question")
    after = due + timedelta(days=1)
    assert home(app, "maja", after).titles == ["En mottagare har inte svarat i tid"]
    assert "En mottagare har inte svarat i tid" in home(app, "sixten", after).titles


def test_a_day_is_a_day_in_stockholm(app: Flask, cast: Cast, november: Round) -> None:
    with clock.held(clock.at(date(2026, 11, 23), 0, 30)):  # half past eleven in the evening of the 22nd, in UTC
        world.hand_in(world.followup(cast, "lena", november), cast.lena)
        assert "Den äldsta kom 23 november 2026." in home(app, "pia").text
    with clock.held(clock.at(date(2026, 11, 23), 0, 45)):
        pages.published(cast, november)
        assert "Överlämnad 23 november 2026." in home(app, "maja").text


def test_a_draft_that_can_no_longer_be_handed_in_is_not_asked_for(app: Flask, cast: Cast) -> None:
    november, january = world.november_and_january(cast)
    with clock.held(clock.at(january.opens_on + timedelta(days=4))):
        world.write(world.followup(cast, "lena", november), cast.lena)
        assert home(app, "lena").titles == [f"{NOVEMBER} 2026/27", "Uppföljning 2, januari"]
        world.hand_in(world.followup(cast, "lena", january), cast.lena)
        assert home(app, "lena").titles == []


def test_nothing_is_asked_of_a_unit_that_is_exempt(app: Flask, cast: Cast, november: Round) -> None:
    cycle.exempt(world.node(cast, "havet", november), reason="Stängd för ombyggnad.", by=cast.olle)
    page = home(app, "per")
    assert page.titles == [] and "Undantagen" in page.text and "Ni lämnar in" not in page.text
    assert "enheter har lämnat in" not in home(app, "asta").text
    assert "0 av 2 enheter har lämnat in" in home(app, "diana").text


def test_what_comes_in_after_ones_own_is_to_be_added(app: Flask, cast: Cast, november: Round) -> None:
    pages.handed_up(cast, november, ("pia", "arne"))
    later = world.hand_in(world.followup(cast, "petra", november), cast.petra)
    assert home(app, "arne").titles[0] == "1 uppföljning att läsa och ta emot"
    with clock.held(clock.now() + timedelta(hours=1)):
        rollup.accept(later, by=cast.arne)
        page = home(app, "arne")
        add = f"Lämna en komplettering till {NOVEMBER}"
        assert "Ekskolan" in page.rows[add] and endpoint(app, page.ways[add]) == "followup.hub"
        followup.supplement(world.followup(cast, "arne", november), by=cast.arne)
        assert add not in home(app, "arne").titles


# However much there is


def _more(cast: Cast, november: Round) -> None:
    """More of everything that others do."""
    way = ("fvn:diana", "norr:arne", "alskolan:pia")
    for number in range(4):
        told.pass_down(told.given(cast, to="fvn", about=told.decision(cast, f"§ 2{number}")), cast, *way)
        told.given(cast, "sixten", "norr soder", about=told.decision(cast, f"§ 3{number}"), due_on=clock.today())
    for who in ("linus", "petra", "asta"):
        unit_needs = {"need" if who == "linus" else "support_needed": asks("Tid", "Läromedel", "Handledning")}
        world.hand_in(world.followup(cast, who, november), cast.who[who], **unit_needs)


def test_the_number_of_statements_is_the_same_for_few_and_for_many(app: Flask, cast: Cast, november: Round) -> None:
    everybody = ("lena", "pia", "bo", "arne", "olle", "diana", "maja", "sixten", "rut", "stina")
    world.hand_in(world.followup(cast, "lena", november), cast.lena)
    pages.handed_up(cast, november, ("pia",))
    tomorrow = clock.today() + timedelta(days=1)
    few: dict[str, Home] = {who: home(app, who, tomorrow) for who in everybody}
    _more(cast, november)
    many = {who: home(app, who, tomorrow) for who in everybody}
    assert {who: page.statements for who, page in few.items()} == {who: page.statements for who, page in many.items()}
    assert sum(len(page.titles) for page in many.values()) > sum(len(page.titles) for page in few.values())
    assert max(page.statements for page in many.values()) <= 30
