"""What the units see, on the committee's page and in documents: counted and quoted as it was when the page was handed over."""

import pytest
from sqlalchemy import select

from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.cycle.models import Round
from chain.document import pulling
from chain.finding import finding_actions
from chain.finding.models import Passage, Quote
from chain.report import actions, queries
from chain.report.models import Report
from tests.document import desk
from tests.finding import world as coding
from tests.finding.world import FIRST
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
from tests.report import world as reports
from tests.rollup import district

WORDS = "Lärarna behöver handledning i svenska."


@kept
def november(cast: Cast) -> Round:
    """All have handed in; one unit's text is coded, and words of it may be quoted."""
    round = world.opened(cast)
    for unit in ("alskolan", "ekskolan", "havet"):
        district.accepted(cast, unit, analysis=coding.analysis())
    reports.handed_up(cast, round, reports.AREAS)
    reports.administration(cast, round)
    reports.released(cast, round)
    coding.read(cast, "alskolan", cast.olle, first="staff")
    return round


def quoted(cast: Cast) -> Quote:
    passage = db.session.scalars(select(Passage).where(Passage.span == FIRST)).first()
    assert passage
    return finding_actions.quote(passage, coding.theme(cast, "staff"), WORDS, confirmed=True, by=cast.olle)


@kept
def handed_over(cast: Cast, round: Round) -> Report:
    quoted(cast)
    return actions.publish(round, by=cast.olle)


def test_the_committee_reads_themes_with_counts_and_chosen_words(cast: Cast, client) -> None:
    report = handed_over(cast, november(cast))
    page = client("maja").get(f"/report/{report.public_id}").text
    assert "Medarbetarskap" in page and "i 1 av 3 enheter" in page and WORDS in page
    assert "1 av 3 enheters analyser är lästa" in page
    link = f"/quote/{db.session.scalars(select(Quote)).one().public_id}"
    assert link in page
    opened = client("maja").get(link).text
    assert WORDS in opened and "Läs hela uppföljningen" not in opened
    told = client("lena").get(f"/report/{report.public_id}").text
    assert WORDS in told and link not in told  # the whole chain reads the page, not all that it rests on


def test_a_page_that_was_handed_over_keeps_its_words(cast: Cast, client) -> None:
    round = november(cast)
    report = handed_over(cast, round)
    actions.receive(report, "Bun 2026/91", by=cast.sixten)
    finding_actions.unquote(db.session.scalars(select(Quote)).one(), by=cast.olle)
    coding.read(cast, "ekskolan", cast.olle, first="staff")
    page = client("maja").get(f"/report/{report.public_id}").text
    assert WORDS in page and "i 1 av 3 enheter" in page


def test_what_is_read_through_is_what_is_handed_over(cast: Cast) -> None:
    round = november(cast)
    read = queries.parts(round, cast.olle).read
    coding.read(cast, "ekskolan", cast.olle, first="staff")
    with pytest.raises(RuleBroken, match="en annan nu"):
        actions.publish(round, read=read, by=cast.olle)


def test_themes_that_have_changed_are_something_new_to_hand_over(cast: Cast) -> None:
    round = november(cast)
    actions.publish(round, by=cast.olle)
    with pytest.raises(RuleBroken, match="redan överlämnad"):
        actions.publish(round, by=cast.olle)
    coding.read(cast, "ekskolan", cast.olle, first="staff")
    report = actions.publish(round, by=cast.olle)
    assert [one.seen["themes"][0]["units"] for one in report.editions] == [1, 2]


def test_a_page_without_coding_is_as_before(cast: Cast, client) -> None:
    report = reports.published(cast)
    assert report.editions[-1].seen == {}
    assert "units-see" not in client("maja").get(f"/report/{report.public_id}").text


def test_a_school_year_report_draws_themes_quotes_and_what_was_answered(cast: Cast) -> None:
    round = november(cast)
    quoted(cast)
    names = [one.public_id for one in db.session.scalars(select(Passage))]
    note = {"title": "Behov av handledning", "seen": "Flera saknar handledning.", "passages": names}
    finding = finding_actions.note(coding.theme(cast, "staff"), round, **note, by=cast.olle)
    document = desk.begun(cast, form="year_report", round=round)

    def pulled() -> pulling.Pulled:
        section = next(one for one in document.sections if one.part == "findings")
        return pulling.of(section, pulling.stock(document))

    assert pulled().text == "- Medarbetarskap: i 1 av 3 enheter\n\n1 av 3 enheters analyser är lästa och kodade."
    assert [one["words"] for one in pulled().quotes] == [WORDS]
    finding_actions.go(finding, "answer", words="Vi köper in handledning.", by=cast.diana)
    assert pulled().text.endswith("Behov av handledning. Flera saknar handledning. Svar: Vi köper in handledning.")
