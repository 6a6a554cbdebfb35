"""The next round opens with what happened to what each node wrote: what was lifted, what was decided, what was answered."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.feedback import actions, queries
from chain.followup import actions as followup
from chain.followup import citation_actions
from chain.followup.models import Citation, Submission
from chain.matter import actions as matter
from chain.matter.models import Decision
from chain.rollup import actions as rollup
from tests.feedback.world import at, decision, given, pass_down
from tests.followup import world
from tests.makers import Cast
from tests.report import world as reports
from tests.visitors import Reader

Client = Callable[[str], FlaskClient]
WHY = "Berätta också om läsningen."


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def next_round(cast: Cast) -> Round:
    january = queries.cycle.rounds(cast.unit["bun"].path)[-2]
    if january.opened_at is None:
        with clock.held(clock.at(january.opens_on)):
            cycle.open_round(january, by=cast.diana)
    return january


def standing(cast: Cast, unit: str, november: Round) -> Submission:
    found = world.queries.latest(cast.unit[unit].id, november)
    assert found is not None
    return found


def cite(cast: Cast, who: str, submission: Submission, again: Citation | None = None) -> Citation:
    """Lift the first paragraph of a submission, or what it has itself lifted, into the first text of one's own."""
    mine = world.followup(cast, who, submission.round)
    key = next(one.key for one in world.checks.work(mine).questions if one.kind == "text")
    spans = [span for section in submission.snapshot["sections"] for span in section["spans"] if section["kind"] == "text"]
    passage = next(span for span in spans if again is None or span["id"].endswith(again.public_id))
    return citation_actions.cite(mine, key, submission, passage["id"], passage["text"], confirmed=True, by=cast.who[who])


def told(cast: Cast, who: str) -> dict[str, list[tuple[str, bool]]]:
    """Who lifted which words, and whether they come from a version that has come back, as the node itself is told."""
    db.session.rollback()
    found = queries.happened(world.followup(cast, who, next_round(cast)))
    assert found is not None
    return {unit.name: [(one.words, one.changed) for one in passages] for unit, passages in found.cited}


WORDS = ("Vi har prövat två vägar.", False)  # everybody in this world writes them


def test_words_that_were_lifted_are_told_to_those_who_wrote_them_all_the_way_up(cast: Cast, november: Round) -> None:
    reports.handed_up(cast, november, ("pia",))
    first = cite(cast, "arne", standing(cast, "alskolan", november))
    reports.handed_up(cast, november, ("arne",))
    cite(cast, "diana", standing(cast, "norr", november), again=first)
    world.hand_in(world.followup(cast, "diana", november), cast.diana)
    assert told(cast, "pia") == {"Norra området": [WORDS], "Barn- och utbildningsförvaltningen": [WORDS]}
    assert told(cast, "arne") == {"Barn- och utbildningsförvaltningen": [WORDS]}


def test_who_wrote_the_same_words_is_not_told_that_they_were_lifted(cast: Cast, november: Round) -> None:
    reports.handed_up(cast, november, ("pia", "petra"))
    first = cite(cast, "arne", standing(cast, "alskolan", november))
    cite(cast, "arne", standing(cast, "ekskolan", november))
    reports.handed_up(cast, november, ("arne",))
    cite(cast, "diana", standing(cast, "norr", november), again=first)
    world.hand_in(world.followup(cast, "diana", november), cast.diana)
    assert set(told(cast, "pia")) == {"Norra området", "Barn- och utbildningsförvaltningen"}
    assert set(told(cast, "petra")) == {"Norra området"}


def test_a_draft_that_lifts_their_words_is_nobodys_business(cast: Cast, november: Round) -> None:
    reports.handed_up(cast, november, ("pia",))
    cite(cast, "arne", standing(cast, "alskolan", november))
    assert told(cast, "pia") == {}


def test_what_was_taken_back_or_sent_back_tells_nothing_until_it_is_handed_up_again(cast: Cast, november: Round) -> None:
    reports.handed_up(cast, november, ("pia",))
    cite(cast, "arne", standing(cast, "alskolan", november))
    area = world.hand_in(world.followup(cast, "arne", november), cast.arne)
    assert told(cast, "pia") == {"Norra området": [WORDS]}
    followup.withdraw(area, by=cast.arne)
    assert told(cast, "pia") == {}
    area = world.hand_in(world.followup(cast, "arne", november), cast.arne)
    assert told(cast, "pia") == {"Norra området": [WORDS]}
    rollup.send_back(area, reason=WHY, by=cast.diana)
    assert told(cast, "pia") == {}
    area = world.hand_in(world.followup(cast, "arne", november), cast.arne)
    rollup.accept(area, by=cast.diana)
    assert told(cast, "pia") == {"Norra området": [WORDS]}
    rollup.reopen(area, reason=WHY, by=cast.diana)
    assert told(cast, "pia") == {}


def test_words_that_were_left_out_when_it_was_handed_up_anew_are_lifted_no_longer(cast: Cast, november: Round) -> None:
    reports.handed_up(cast, november, ("pia",))
    cited = cite(cast, "arne", standing(cast, "alskolan", november))
    area = world.hand_in(world.followup(cast, "arne", november), cast.arne)
    rollup.send_back(area, reason=WHY, by=cast.diana)
    citation_actions.uncite(cited, by=cast.arne)
    world.hand_in(world.followup(cast, "arne", november), cast.arne)
    assert told(cast, "pia") == {}


def test_words_of_a_version_that_came_back_say_so(cast: Cast, november: Round) -> None:
    first = world.hand_in(world.followup(cast, "pia", november), cast.pia)
    followup.open_(first, by=cast.arne)
    cite(cast, "arne", first)
    rollup.send_back(first, reason=WHY, by=cast.arne)
    reports.handed_up(cast, november, ("pia",))
    cite(cast, "arne", standing(cast, "alskolan", november))
    reports.handed_up(cast, november, ("arne",))
    assert told(cast, "pia") == {"Norra området": [(WORDS[0], True), WORDS]}


def test_words_stay_lifted_when_a_supplement_is_handed_up(cast: Cast, november: Round) -> None:
    reports.handed_up(cast, november, ("pia",))
    cite(cast, "arne", standing(cast, "alskolan", november))
    with clock.held(clock.at(date(2026, 11, 23))):
        rollup.accept(world.hand_in(world.followup(cast, "lena", november), cast.lena), by=cast.pia)
        assert followup.supplement(world.followup(cast, "pia", november), by=cast.pia).number == 2
        reports.handed_up(cast, november, ("arne",))
    assert told(cast, "pia") == {"Norra området": [WORDS]}


# Through the pages


def decided(cast: Cast, november: Round, **more: Decision) -> Decision:
    text = "Nämnden vill se en mall på varje skola." if more else "Nämnden vill se en mall."
    return matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph="12", registration_number="Bun 2026/91", text=text, about=november,
        by=cast.sixten, **more,
    )  # fmt: skip


def hub(cast: Cast, client: Client, who: str, january: Round) -> str:
    """What the follow-up's first page says in the card about last time."""
    page = Reader(client(who)).open(f"/followup/{world.followup(cast, who, january).public_id}").text
    assert "Det här hände med det ni skrev" in page
    return page[page.index("Det här hände med det ni skrev") : page.index("Tidigare uppföljningar")]


def test_every_node_reads_what_was_lifted_decided_and_answered(cast: Cast, client: Client, november: Round) -> None:
    reports.handed_up(cast, november, ("lena", "linus"))
    passed = cite(cast, "pia", standing(cast, "al46", november))
    reports.handed_up(cast, november, ("pia", "petra", "per"))
    passed = cite(cast, "arne", standing(cast, "alskolan", november), again=passed)
    reports.handed_up(cast, november, ("arne", "asta"))
    cite(cast, "diana", standing(cast, "norr", november), again=passed)
    reports.administration(cast, november)
    reports.released(cast, november)
    reports.actions.publish(november, by=cast.olle)
    decision = decided(cast, november, corrects=decided(cast, november))
    feedback = given(cast, "sixten", about=decision)
    pass_down(feedback, cast, "fvn:diana", "norr:arne", "alskolan:pia")
    actions.answer(at(feedback, cast, "al46"), "Vi räknar tillsammans på tisdagar.", by=cast.lena)
    actions.answer(at(feedback, cast, "fvn"), "Mallen är klar i januari.", by=cast.olle)
    actions.close(feedback, "Vi följer upp i april.", by=cast.sixten)
    january = next_round(cast)
    above = ["Alskolan", "Norra området", "Barn- och utbildningsförvaltningen"]
    for who, lifted_by in (("lena", above), ("pia", above[1:]), ("arne", above[2:]), ("diana", []), ("per", [])):
        page = hub(cast, client, who, january)
        assert [unit for unit in above if f"{unit} lyfte" in page] == lifted_by
        assert "Nämnden fick sin rapport" in page
        assert page.count("Nämnden beslutade") == 1 and "§ 12 : Nämnden vill se en mall på varje skola." in page
        for words in ("Barn- och utbildningsnämnden återkopplade", "Så avslutades det: Vi följer upp i april."):
            assert (words in page) == (who != "per"), (who, words)
        assert ("Ni svarade: Vi räknar tillsammans på tisdagar." in page) == (who == "lena")
        assert ("Ni svarade: Mallen är klar i januari." in page) == (who == "diana")
    assert "Mottaget av Pia Östlund" in hub(cast, client, "lena", january)


def test_who_handed_nothing_in_is_told_what_was_decided_and_said(cast: Cast, client: Client, november: Round) -> None:
    given(cast, "arne", "alskolan", about=decided(cast, november))
    page = hub(cast, client, "pia", next_round(cast))
    assert "Ni lämnade in" not in page and "lyfte" not in page
    assert "Nämnden vill se en mall." in page and "Norra området återkopplade Oläst" in page


def test_what_was_handed_in_and_not_received_yet_is_told_too(cast: Cast, client: Client, november: Round) -> None:
    handed = world.hand_in(world.followup(cast, "pia", november), cast.pia)
    page = hub(cast, client, "pia", next_round(cast))
    assert "Ni lämnade in 22 november 2026" in page and "Mottaget" not in page
    followup.withdraw(handed, by=cast.pia)
    page = client("pia").get(f"/followup/{world.followup(cast, 'pia', next_round(cast)).public_id}").text
    assert "Det här hände" not in page


def test_what_was_said_before_that_round_is_not_told_again(cast: Cast, client: Client) -> None:
    with clock.held(clock.at(date(2026, 10, 20))):
        given(cast, "arne", "alskolan", about=decision(cast, "§ 7", date(2026, 10, 19)))
    world.opened(cast)
    given(cast, "arne", "alskolan", text="Läs också detta.")
    page = hub(cast, client, "pia", next_round(cast))
    assert "Läs också detta." in page and page.count("återkopplade") == 1


def test_in_the_first_round_there_is_nothing_to_tell(cast: Cast, client: Client, november: Round) -> None:
    page = client("pia").get(f"/followup/{world.followup(cast, 'pia').public_id}").text
    assert "Det här hände" not in page
