"""The pages of feedback: giving, seeing how far it has reached, reading, passing on and answering."""

from collections.abc import Callable

from flask.testing import FlaskClient

from chain.feedback import actions, queries
from chain.feedback.models import Feedback
from chain.followup import actions as followup
from chain.organisation import actions as organisation
from tests import asked
from tests.feedback.world import TEXT, at, decision, given, pass_down
from tests.followup import world as followups
from tests.makers import Cast
from tests.report import world as reports

Client = Callable[[str], FlaskClient]


def give(client: Client, who: str, about: str, **fields: object) -> object:
    return client(who).post("/feedback/give", data={"about_kind": "decision", "about": about, "text": TEXT, **fields})


def statements(browser: FlaskClient, address: str, headers: dict[str, str] | None = None) -> int:
    with asked.statements() as said:
        assert browser.get(address, headers=headers).status_code in (200, 304)
    return len(said)


def test_a_decision_is_fed_back_in_one_step(cast: Cast, client: Client) -> None:
    about = decision(cast).public_id
    page = client("diana").get(f"/matter/{about}").text
    assert "Återkoppla beslutet" in page and f"about={about}" in page
    form = client("diana").get("/feedback/give", query_string={"about_kind": "decision", "about": about}).text
    assert "Alla områden (2)" in form and "Alla enheter (3)" in form and "Beslut § 12" in form
    answer = give(client, "diana", about, whom="unit", due_on="2026-12-24")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    [trail] = queries.sent(cast.unit["fvn"].id)
    assert len(trail.copies) == 3 and str(trail.feedback.due_on) == "2026-12-24"


def test_named_nodes_are_chosen_and_nothing_that_was_not_offered(cast: Cast, client: Client) -> None:
    about = decision(cast).public_id
    chosen = [cast.unit["soder"].public_id, cast.unit["al46"].public_id, cast.unit["vuxf"].public_id]
    assert give(client, "diana", about, whom="some", units=chosen).status_code == 303  # type: ignore[attr-defined]
    [trail] = queries.sent(cast.unit["fvn"].id)
    assert [copy.unit_id for copy in trail.copies] == [cast.unit["soder"].id]


def test_what_is_missing_is_said_and_what_was_written_stays(cast: Cast, client: Client) -> None:
    about = decision(cast).public_id
    page = give(client, "diana", about, whom="some", due_on="i morgon")
    assert page.status_code == 422 and TEXT in page.text and "2026-12-24" in page.text  # type: ignore[attr-defined]
    page = give(client, "diana", about, whom="some")
    assert page.status_code == 422 and "Välj minst en mottagare" in page.text  # type: ignore[attr-defined]
    assert not queries.sent(cast.unit["fvn"].id)


def test_who_may_not_read_a_thing_cannot_ask_about_it(cast: Cast, client: Client) -> None:
    about = decision(cast).public_id
    secret = decision(cast, committee="vux").public_id
    for who, thing in (("viktor", about), ("maja", secret), ("diana", secret), ("lena", about)):
        assert give(client, who, thing, whom="area").status_code == 404  # type: ignore[attr-defined]
        form = client(who).get("/feedback/give", query_string={"about_kind": "decision", "about": thing})
        assert form.status_code == 404 and "Beslut §" not in form.text
    assert not [unit for unit in cast.unit.values() if queries.sent(unit.id)]


def test_a_group_answers_with_one_field_and_one_button(cast: Cast, client: Client) -> None:
    feedback = given(cast, "pia", "al46")
    address = f"/feedback/delivery/{at(feedback, cast, 'al46').public_id}"
    browser = client("lena")
    page = browser.get(address).text
    assert TEXT in page and page.count("<textarea") == 1 and "Svara" in page
    assert browser.post(f"{address}/answer", data={"answer-words": "Vi skriver tre rader."}).status_code == 303
    copy = at(feedback, cast, "al46")
    assert (copy.state, copy.answer) == ("answered", "Vi skriver tre rader.")
    assert "Vi skriver tre rader." in client("pia").get(f"/feedback/{feedback.public_id}").text


def test_opening_is_not_reading(cast: Cast, client: Client) -> None:
    feedback = given(cast)
    address = f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}"
    assert "inte läst än" in client("diana").get(address).text
    assert at(feedback, cast, "fvn").state == "delivered"
    assert client("diana").post(f"{address}/read").status_code == 303
    assert client("olle").post(f"{address}/read").status_code == 303  # twice is once
    copy = at(feedback, cast, "fvn")
    assert (copy.state, copy.read_by_id) == ("read", cast.diana.person_id)


def test_passing_on_from_the_page(cast: Cast, client: Client) -> None:
    feedback = given(cast)
    address = f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}"
    client("diana").post(f"{address}/read")
    refused = client("diana").post(f"{address}/pass-on", data={"pass-words": " "})
    assert refused.status_code == 422 and "betyder för er" in refused.text
    assert client("diana").post(f"{address}/pass-on", data={"pass-words": "En mall, klar 30 januari."}).status_code == 303
    page = client("arne").get(f"/feedback/delivery/{at(feedback, cast, 'norr').public_id}").text
    assert page.index(TEXT) < page.index("En mall, klar 30 januari.")


def test_readers_names_are_shown_to_the_nearest_head_alone(cast: Cast, client: Client) -> None:
    feedback = given(cast, "arne", "alskolan")
    pass_down(feedback, cast, "alskolan:pia")
    actions.answer(at(feedback, cast, "al46"), "Så gör vi.", by=cast.lena)
    principal = client("pia").get(f"/feedback/delivery/{at(feedback, cast, 'alskolan').public_id}").text
    area = client("arne").get(f"/feedback/{feedback.public_id}").text
    assert "Lena Gran" in principal
    assert "Lena Gran" not in area and "Arbetslag 4–6, Alskolan" in area and "Pia Östlund" in area


def test_siblings_learn_nothing_of_each_other(cast: Cast, client: Client) -> None:
    feedback = given(cast, "arne", "alskolan ekskolan")
    actions.answer(at(feedback, cast, "alskolan"), "Bara arne får läsa detta.", by=cast.pia)
    page = client("petra").get(f"/feedback/delivery/{at(feedback, cast, 'ekskolan').public_id}").text
    assert "Bara arne får läsa detta" not in page and "Alskolan" not in page
    assert client("petra").get(f"/feedback/delivery/{at(feedback, cast, 'alskolan').public_id}").status_code == 404
    assert client("petra").get(f"/feedback/{feedback.public_id}").status_code == 404


def test_the_sender_closes_with_a_sentence_and_opens_again(cast: Cast, client: Client) -> None:
    feedback = given(cast)
    address = f"/feedback/{feedback.public_id}"
    refused = client("maja").post(f"{address}/close", data={"words": ""})
    assert refused.status_code == 422 and "Avsluta med en mening" in refused.text and feedback.state == "open"
    assert client("maja").post(f"{address}/close", data={"words": "Mallen används."}).status_code == 303
    page = client("diana").get(f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}").text
    assert "Mallen används." in page and "Jag har läst" not in page and "<textarea" not in page
    assert client("maja").post(f"{address}/reopen").status_code == 303
    page = client("diana").get(f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}").text
    assert "Mallen används." not in page and "Jag har läst" in page and "<textarea" in page
    assert client("diana").post(f"{address}/close", data={"words": "Nej."}).status_code == 404


def test_the_archive_says_whose_turn_it_is(cast: Cast, client: Client) -> None:
    feedback = given(cast)
    assert "väntar på: förvaltning" in client("maja").get("/feedback/").text
    assert "Väntar på er" in client("diana").get("/feedback/").text
    actions.answer(at(feedback, cast, "fvn"), "Klart.", by=cast.diana)
    assert "ni kan avsluta" in client("maja").get("/feedback/").text
    assert "Väntar på er" not in client("diana").get("/feedback/").text


def test_a_question_travels_down_and_its_answer_back_up(cast: Cast, client: Client) -> None:
    report = reports.published(cast)
    browser = client("maja")
    for who, asks, gives in (("maja", True, True), ("sixten", True, True), ("diana", False, True), ("lena", False, False)):
        page = client(who).get(f"/report/{report.public_id}").text
        assert ("Ställ en fråga" in page, "Ge återkoppling" in page) == (asks, gives), who
    fields = {"about_kind": "report", "about": report.public_id, "kind": "question", "text": "Varför matematiken?"}
    assert browser.post("/feedback/give", data=fields).status_code == 303
    [trail] = queries.sent(cast.unit["bun"].id)
    actions.answer(at(trail.feedback, cast, "fvn"), "Tre vikarier.", by=cast.diana)
    assert "Tre vikarier." in browser.get(f"/feedback/{trail.feedback.public_id}").text


def test_a_title_is_shown_but_no_link_to_what_may_not_be_read(cast: Cast, client: Client) -> None:
    november = followups.opened(cast)
    submission = followups.hand_in(followups.followup(cast, "pia", november), cast.pia)
    followup.open_(submission, by=cast.arne)
    assert "Ge återkoppling" in client("arne").get(f"/followup/submission/{submission.public_id}").text
    form = client("arne").get("/feedback/give", query_string={"about_kind": "submission", "about": submission.public_id}).text
    assert f'value="{cast.unit["alskolan"].public_id}" checked' in form
    feedback = actions.give("submission", submission.public_id, TEXT, [cast.unit["al46"]], None, by=cast.arne)
    again = client("arne").get(f"/followup/submission/{submission.public_id}").text
    assert TEXT in again and f"/feedback/{feedback.public_id}" in again
    own = client("pia").get(f"/followup/submission/{submission.public_id}").text
    assert TEXT not in own and "Ge återkoppling" not in own  # what is said to those who wrote it stands where they write next
    page = client("lena").get(f"/feedback/delivery/{at(feedback, cast, 'al46').public_id}").text
    assert "Det som Alskolan lämnade in" in page and f"/followup/submission/{submission.public_id}" not in page


def test_what_it_is_about_is_told_in_the_readers_language(cast: Cast, client: Client) -> None:
    feedback = given(cast)
    for who, address in (
        ("maja", "/feedback/"), ("maja", f"/feedback/{feedback.public_id}"), ("diana", "/feedback/"),
        ("diana", f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}"),
    ):  # fmt: skip
        browser = client(who)
        for language, title in (("sv", "Beslut § 12, 20 november 2026"), ("en", "Decision § 12, 20 November 2026")):
            browser.post("/language", data={"language": language})
            assert title in browser.get(address).text, (address, language)


def test_the_number_of_statements_does_not_grow_with_the_chain(cast: Cast, client: Client) -> None:
    feedback = given(cast)
    pass_down(feedback, cast, "fvn:diana")
    maja, diana = client("maja"), client("diana")
    own = f"/feedback/delivery/{at(feedback, cast, 'fvn').public_id}"
    small = [statements(maja, f"/feedback/{feedback.public_id}"), statements(diana, own), statements(maja, "/feedback/")]
    _grow(cast, feedback)
    large = [statements(maja, f"/feedback/{feedback.public_id}"), statements(diana, own), statements(maja, "/feedback/")]
    assert large == small and max(large) <= 16


def _grow(cast: Cast, feedback: Feedback) -> None:
    for number in range(8):
        organisation.add_unit(cast.unit["norr"], name=f"Skola {number}", level="unit", by=None)
    pass_down(feedback, cast, "norr:arne", "soder:asta", "alskolan:pia")
    actions.answer(at(feedback, cast, "al46"), "Så gör vi.", by=cast.lena)
    for number in range(3):
        given(cast, about=decision(cast, f"§ {20 + number}"))
