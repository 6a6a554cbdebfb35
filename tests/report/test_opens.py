"""A member follows what the page says down to the words and figures that it rests on, and no further."""

from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from chain.followup import citation_actions
from chain.followup import queries as followups
from chain.followup.models import Citation, Submission
from chain.release import actions as release
from chain.release import queries as releases
from chain.report import actions
from chain.report.models import Report
from chain.rollup import actions as rollup
from tests.followup import world as handed
from tests.kept import kept
from tests.makers import PEOPLE, Cast
from tests.report import world
from tests.visitors import Reader

# On one database: it goes through pages; the access matrix opens them on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Client = Callable[[str], FlaskClient]
WORDS = "Mentorn ringer hem före klockan tio."
KEPT = "Sedan i augusti ringer rektorn själv."  # beside those words, lifted by nobody
UNREAD = "Havet har inte fått svar än."  # handed in, accepted by nobody
DRAFT = "Lena skriver på nytt."


@pytest.fixture
@kept
def report(cast: Cast) -> Report:
    """November: Alskolan's words go through the area's follow-up to the committee's page; Havet has handed in too late for it."""
    november = handed.opened(cast)
    for who, words in (("lena", DRAFT), ("linus", "")):
        handed.write(handed.followup(cast, who, november), cast.who[who], **({"example": {"text": words}} if words else {}))
    submission = {
        who: handed.hand_in(handed.followup(cast, who, november), cast.who[who], example={"text": words})
        for who, words in (("pia", f"{WORDS} {KEPT}"), ("petra", "Vi läser högt."), ("per", UNREAD))
    }
    for who in ("pia", "petra"):
        rollup.accept(submission[who], by=cast.arne)
    lift(cast, "arne", submission["pia"], "example")
    world.handed_up(cast, november, world.AREAS)
    area = followups.latest(cast.unit["norr"].id, november)
    assert area
    lift(cast, "olle", area, "units_see")
    world.administration(cast, november)
    world.released(cast, november)
    made = actions.publish(november, by=cast.diana)
    release.prepare(november, by=cast.olle)
    return made


def lift(cast: Cast, who: str, source: Submission, into: str) -> Citation:
    span = next(each["id"] for part in source.snapshot["sections"] for each in part["spans"] if WORDS in each["text"])
    mine = handed.followup(cast, who, source.round)
    return citation_actions.cite(mine, into, source, span, WORDS, confirmed=True, by=cast.who[who])


def test_a_sentence_leads_a_member_to_a_units_accepted_words_in_three_clicks(cast: Cast, client: Client, report: Report) -> None:
    page = Reader(client("maja")).open("/report/")
    page.click("Uppföljning 1, november").sees(world.SAID["units_see"], WORDS)
    page.click("Alskolan, genom Norra området")
    assert page.address.startswith("/followup/citation/") and len(page.seen) - 1 <= 3, "the first page was opened, not clicked"
    page.sees("Alskolan, Uppföljning 1, november Ett gott exempel", WORDS, "Mottaget 22 november 2026.")
    page.sees("av Norra området.", "av Barn- och utbildningsförvaltningen.", "Här visas bara de ord som har lyfts in.")
    nothing_beyond(page, ["Maja Lind"])
    for address in {urljoin(page.address, str(link["href"])) for link in page.page.find_all("a", href=True)}:
        further = Reader(client("maja")).open(address)
        assert further.status == 200, address
        nothing_beyond(further, [*(name for _short, name, *_rest in PEOPLE)])


def nothing_beyond(page: Reader, named: list[str]) -> None:
    """Nothing that the administration has not lifted, and of the people only those whom a page may name."""
    for words in (KEPT, UNREAD, DRAFT, "Den andra gav mest."):
        assert words not in page.page.get_text(), (page.address, words)
    for _short, name, *_rest in PEOPLE:
        assert name in named or name not in page.page.get_text(), (page.address, name)


def test_what_is_not_accepted_or_not_released_is_not_there_for_a_member(cast: Cast, client: Client, report: Report) -> None:
    november, names = report.round, {}
    for who in ("pia", "petra", "per", "arne", "lena"):
        mine = handed.followup(cast, who, november)
        names[f"/followup/{mine.public_id}"] = mine
        for one in mine.submissions:
            names[f"/followup/submission/{one.public_id}"] = one
    area = next(one for one in followups.all_citations(handed.followup(cast, "arne", november)))
    waits, _newer = releases.archive(cast.olle)[0]
    assert waits.state == "prepared" and len(names) == 9
    addresses = [
        *names, f"/followup/citation/{area.public_id}", f"/release/{waits.public_id}", f"/release/{waits.public_id}?as=json",
        f"/release/{waits.public_id}/figure?indicator=at_least_e&school_form=GR&subject=MA&year_group=4&basis=forecast",
        f"/rollup/{november.public_id}", f"/report/publish/{november.public_id}", "/release/prepare",
    ]  # fmt: skip
    member = client("maja")
    assert {address: member.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
