"""Two coders and what stands; quotes; findings from the first sentence to what the units read of the answer."""

from datetime import date

import pytest
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.finding import agreement_actions, counting, finding_actions, finding_queries, queries, theme_actions
from chain.finding.models import Finding, Passage
from chain.followup import actions as followup
from chain.rollup import actions as rollup
from tests.finding import world
from tests.finding.world import CAUSE, FIRST, SECOND
from tests.followup import world as writing
from tests.makers import Cast
from tests.rollup import district


def count(cast: Cast, by: str = "diana") -> counting.Counted:
    return counting.counted(cast.unit["fvn"], [world.submission(cast, "alskolan").round], cast.who[by] if by else None)


def units(cast: Cast, key: str, by: str = "diana") -> int:
    found = count(cast, by)
    return found.units(world.theme(cast, key).id, found.rounds[0])


def two_coders(cast: Cast) -> None:
    """Agreed on the first paragraph, not on the second; the second coder alone has seen the cause."""
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff", second="planning")
    world.read(cast, "alskolan", cast.olga, first="staff", second="evidence", why="evidence")


def test_of_two_only_what_both_say_is_counted_until_it_is_resolved(cast: Cast) -> None:
    two_coders(cast)
    assert [units(cast, key) for key in ("staff", "planning", "evidence")] == [1, 0, 0]
    assert len(count(cast).waiting(count(cast).rounds[0])) == 2
    agreement_actions.resolve(
        world.submission(cast, "alskolan"), SECOND, stands="second", reason="Det handlar om underlag.", by=cast.olle
    )
    assert [units(cast, key) for key in ("staff", "planning", "evidence")] == [1, 0, 1]
    agreement_actions.resolve(
        world.submission(cast, "alskolan"), SECOND, stands="both", reason="Det är båda delarna.", by=cast.diana
    )
    assert [units(cast, key) for key in ("staff", "planning", "evidence")] == [1, 1, 1]
    assert len(count(cast).waiting(count(cast).rounds[0])) == 1


def test_agreement_is_over_every_paragraph_and_theme(cast: Cast) -> None:
    two_coders(cast)
    found = count(cast)
    agreed = counting.agreed(found, found.rounds[0])
    each = {theme.key: (one.both, one.first, one.second) for theme, one in agreed.each}
    assert each == {
        "staff": (1, 0, 0), "planning": (0, 1, 0), "evidence": (0, 0, 2), "leadership": (0, 0, 0), "process": (0, 0, 0),
    }  # fmt: skip
    assert agreed.texts == 1 and agreed.whole.judged == 5 * agreed.paragraphs and agreed.paragraphs > 10
    told = {theme.key: one.told for theme, one in agreed.each}
    assert told["staff"] == "1,00" and told["planning"] == "0,00" and "ingen av dem" in told["process"]


@pytest.mark.parametrize(
    ("stands", "reason", "field"), [("", "Det är så.", "stands"), ("first", "", "reason"), ("first", "så", "reason")]
)
def test_a_resolution_says_whose_and_why(cast: Cast, stands: str, reason: str, field: str) -> None:
    two_coders(cast)
    with pytest.raises(RuleBroken) as refused:
        agreement_actions.resolve(world.submission(cast, "alskolan"), SECOND, stands=stands, reason=reason, by=cast.olle)
    assert field in refused.value.problems


def test_what_does_not_differ_is_not_resolved_and_nobody_else_resolves(cast: Cast) -> None:
    two_coders(cast)
    with pytest.raises(RuleBroken, match="skiljer sig inte"):
        agreement_actions.resolve(world.submission(cast, "alskolan"), FIRST, stands="both", reason="Det är så.", by=cast.olle)
    for who in ("arne", "pia", "rut"):
        with pytest.raises(NotAllowed):
            agreement_actions.resolve(
                world.submission(cast, "alskolan"), SECOND, stands="both", reason="Det är så.", by=cast.who[who]
            )


# Quotes


def test_words_are_quoted_under_a_theme_that_stands_for_them(cast: Cast) -> None:
    two_coders(cast)
    passage = db.session.scalars(select(Passage).where(Passage.span == FIRST)).first()
    assert passage
    with pytest.raises(RuleBroken, match="räknas inte under temat"):
        finding_actions.quote(passage, world.theme(cast, "process"), passage.words, confirmed=True, by=cast.olle)
    made = finding_actions.quote(passage, world.theme(cast, "staff"), "Lärarna behöver handledning", confirmed=True, by=cast.olle)
    [quote] = finding_queries.quotes(cast.unit["fvn"], [passage.submission.round])
    assert quote == made and finding_queries.source(quote) == "Alskolan: Analys av orsaker – Vad vi ser"
    finding_actions.unquote(quote, by=cast.diana)
    assert finding_queries.quotes(cast.unit["fvn"], [passage.submission.round]) == []


def test_a_quote_with_the_name_of_somebody_of_the_administrations_is_stopped(cast: Cast) -> None:
    world.handed_in(cast)
    found = finding_queries.people(cast.unit["fvn"])
    assert "Pia Östlund" in found and "Lena Gran" in found and "Vera Udd" not in found


def test_a_merged_themes_quotes_are_all_there(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff", second="planning")
    round = world.submission(cast, "alskolan").round
    for span, key in ((FIRST, "staff"), (SECOND, "planning")):
        passage = db.session.scalars(select(Passage).where(Passage.span == span)).one()
        finding_actions.quote(passage, world.theme(cast, key), passage.words, confirmed=True, by=cast.olle)
    theme_actions.merge(world.theme(cast, "planning"), world.theme(cast, "staff"), by=cast.olle)
    [theme] = finding_queries.told(cast.unit["fvn"], round)["themes"]
    assert theme["name"]["sv"] == "Medarbetarskap" and len(theme["quotes"]) == 2


def test_a_text_that_is_sent_back_is_quoted_no_more(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    passage = db.session.scalars(select(Passage)).one()
    finding_actions.quote(passage, world.theme(cast, "staff"), passage.words, confirmed=True, by=cast.olle)
    rollup.send_back(world.submission(cast, "alskolan"), reason="Skriv om analysen av orsaker.", by=cast.arne)
    assert finding_queries.quotes(cast.unit["fvn"], [passage.submission.round]) == []
    assert finding_queries.told(cast.unit["fvn"], passage.submission.round) == {}


def test_the_reason_for_a_figure_is_not_quoted(cast: Cast) -> None:
    writing.opened(cast)
    sent = district.hand_in(cast, "alskolan", {("MA", "4"): (25, 24, 12)}, analysis=world.analysis())
    followup.open_(sent, by=cast.arne)
    span = next(one["id"] for each in sent.snapshot["sections"] if each["kind"] == "figures" for one in each["spans"])
    world.mark(cast, "alskolan", span, "staff", by=cast.olle)
    world.read(cast, "alskolan", cast.olle)
    passage = db.session.scalars(select(Passage)).one()
    with pytest.raises(RuleBroken, match="hör till siffran"):
        finding_actions.quote(passage, world.theme(cast, "staff"), passage.words, confirmed=True, by=cast.olle)


# What is told further up


def test_what_is_told_counts_units_and_those_that_have_been_read(cast: Cast) -> None:
    round = world.handed_in(cast)
    assert finding_queries.told(cast.unit["fvn"], round) == {}
    world.read(cast, "alskolan", cast.olle, first="staff evidence", second="evidence")
    world.read(cast, "havet", cast.olle, first="staff")
    told = finding_queries.told(cast.unit["fvn"], round)
    assert (told["coded"], told["handed_in"]) == (2, 3)
    assert [(one["name"]["sv"], one["units"], one["before"]) for one in told["themes"]] == [
        ("Medarbetarskap", 2, None), ("Underlag för analys", 1, None),
    ]  # fmt: skip
    assert "Alskolan" not in str(told)  # never which units


def test_the_round_before_stands_beside(cast: Cast) -> None:
    november = world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    world.read(cast, "ekskolan", cast.olle, first="staff")
    january = world.january(cast, november)
    world.read(cast, "ekskolan", cast.olle, first="staff")
    [theme] = finding_queries.told(cast.unit["fvn"], january)["themes"]
    assert (theme["units"], theme["before"]) == (1, 2)


# Findings


def noted(cast: Cast) -> Finding:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff", why="evidence")
    world.read(cast, "havet", cast.olle, first="staff")
    names = [one.public_id for one in db.session.scalars(select(Passage).where(Passage.span == FIRST))]
    return finding_actions.note(
        world.theme(cast, "staff"), world.submission(cast, "alskolan").round, title="Behov av handledning",
        seen="Flera enheter saknar handledning i svenska.", passages=names, by=cast.olle,
    )  # fmt: skip


def test_a_finding_says_in_how_many_units_and_waits(cast: Cast) -> None:
    finding = noted(cast)
    assert (finding.units, finding.handed_in, finding.state) == (2, 3, "open")
    assert finding_queries.waiting(cast.diana) == finding_queries.waiting(cast.olga) == [finding]
    assert finding_queries.waiting(cast.vera) == finding_queries.waiting(cast.arne) == []


def test_pressed_twice_it_is_one_finding_and_one_quote(cast: Cast) -> None:
    finding, passages = noted(cast), db.session.scalars(select(Passage).where(Passage.span == FIRST)).all()
    said = {"title": finding.title, "seen": finding.seen, "passages": [one.public_id for one in passages]}
    assert finding_actions.note(world.theme(cast, "staff"), finding.round, **said, by=cast.olle) == finding
    quotes = {
        finding_actions.quote(passages[0], world.theme(cast, "staff"), passages[0].words, confirmed=True, by=cast.olle).id
        for _press in range(2)
    }
    assert len(quotes) == 1


def test_a_finding_rests_on_passages_that_stand_under_its_theme(cast: Cast) -> None:
    noted(cast)
    round, staff = world.submission(cast, "alskolan").round, world.theme(cast, "staff")
    other = db.session.scalars(select(Passage).where(Passage.span == CAUSE)).one().public_id
    with pytest.raises(RuleBroken, match="räknas inte"):
        finding_actions.note(staff, round, title="A", seen="B", passages=[other], by=cast.olle)
    with pytest.raises(RuleBroken) as refused:
        finding_actions.note(staff, round, title="", seen=" ", passages=[], by=cast.olle)
    assert set(refused.value.problems) == {"title", "seen", "passages"}
    with pytest.raises(NotFound):
        finding_actions.note(staff, round, title="A", seen="B", passages=["0" * 32], by=cast.olle)
    for who in ("arne", "pia", "rut", "vera"):
        with pytest.raises((NotAllowed, NotFound)):
            finding_actions.note(staff, round, title="A", seen="B", passages=[other], by=cast.who[who])


def test_an_answer_reaches_those_whose_words_are_in_it_and_only_with_their_own(cast: Cast) -> None:
    finding = noted(cast)

    def heard(unit: str) -> list[finding_queries.Heard]:
        db.session.rollback()
        return finding_queries.heard(cast.unit[unit].id, [world.submission(cast, unit).followup_id])

    assert heard("alskolan") == []  # nothing before there is an answer
    finding_actions.go(finding, "answer", words="Vi köper in handledning från januari.", by=cast.diana)
    [said] = heard("alskolan")
    assert said.finding.answer.startswith("Vi köper") and said.words == ["Lärarna behöver handledning i svenska."]
    assert len(heard("havet")) == 1 and heard("ekskolan") == []
    finding_actions.go(finding, "reopen", words="Det räckte inte.", by=cast.olle)
    assert heard("alskolan") == []


def test_an_effort_has_somebody_a_day_and_an_outcome(cast: Cast) -> None:
    finding = noted(cast)
    finding_actions.go(
        finding,
        "plan",
        words="En gemensam mall tas fram.",
        responsible="Kvalitetsenheten",
        due_on=date(2026, 11, 30),
        by=cast.diana,
    )
    assert finding_queries.waiting(cast.diana) == []
    with clock.held(clock.at(date(2026, 12, 1))):
        assert finding_queries.waiting(cast.diana) == [finding]  # its day has passed
        finding_actions.go(finding, "postpone", words="Mallen prövas av två skolor.", due_on=date(2027, 1, 30), by=cast.olle)
        assert finding_queries.waiting(cast.diana) == []
        finding_actions.go(finding, "conclude", words="Mallen används av alla.", by=cast.diana)
    assert (finding.state, finding.outcome) == ("done", "Mallen används av alla.")
    assert [one.act for one in finding_queries.trail(finding)] == ["plan", "postpone", "conclude"]


# Two worlds


def test_what_nobody_above_may_see_changes_nothing_that_is_counted_or_told(cast: Cast) -> None:
    """A group's words, a draft and another administration: the same counts and words with them as without."""
    round = world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")

    def seen() -> object:
        db.session.rollback()
        found = count(cast)
        rows = [(one.name, found.units(one.id, round)) for one in found.themes]
        return (
            rows,
            found.handed_in,
            finding_queries.told(cast.unit["fvn"], round),
            [one.name for one in queries.queue(cast.olle, round).rows],
        )

    before = seen()
    group = writing.hand_in(writing.followup(cast, "lena"), cast.lena)
    followup.open_(group, by=cast.pia)
    writing.write(writing.followup(cast, "arne"), cast.arne)
    theme_actions.begin(by=cast.vera)
    assert seen() == before
