"""The thread as it is read: from a goal to a classroom's answer and back, by those who may see each step and by nobody else."""

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.feedback import actions as feedback
from chain.finding import finding_actions
from chain.finding.models import Passage
from chain.measure import queries as measures
from chain.measure.models import Measure
from chain.organisation.models import Mandate
from chain.thread import breaks, queries
from chain.thread.rules import Break
from tests.feedback import world as said
from tests.finding import world as coding
from tests.goal import desk
from tests.makers import Cast
from tests.rollup import district
from tests.thread import world
from tests.thread.world import told

YEAR = desk.YEAR
ANSWER = "Vi läser i par varje morgon."


def broken(by: Mandate) -> list[Break]:
    return [one for kind in breaks.of_year(by, YEAR) for one in kind.found]


def test_from_the_committees_goal_down_to_what_came_of_the_measure(cast: Cast) -> None:
    made = world.woven(cast)
    page = queries.of_goal(made.goals["committee"], cast.diana, YEAR)
    assert [one.knot.title for one in page.up] == [made.goals["national"].name]
    assert told(page.down, "goal") == [made.goals[one].name for one in ("administration", "unit")]
    assert told(page.down, "measure") == [made.measure.problem]
    [unit] = (one for one in world.knots(page.down) if one.knot.key == made.goals["unit"].public_id)
    assert [one.knot.key for one in unit.below] == [made.measure.public_id]


def test_of_another_year_nothing_hangs_below(cast: Cast) -> None:
    made = world.woven(cast)
    assert queries.of_goal(made.goals["committee"], cast.diana, "2019/20").down == ()
    assert queries.of_year(cast.diana, "2019/20").bare == ()


def test_from_a_measure_up_to_the_nation_and_on_to_the_decision_and_the_answer(cast: Cast) -> None:
    made = world.woven(cast)
    page = queries.of_measure(made.measure, measures.history(made.measure), cast.arne)
    assert [one.knot.title for one in page.up] == [
        made.goals[one].name for one in ("national", "committee", "administration", "unit")
    ]
    assert "gör något åt: För lite tid" in page.knot.facts
    assert told(page.on, "decision") == ["Nämnden vill veta vad läsgrupperna ger."]
    assert told(page.on, "submission") and told(page.on, "answer") == [ANSWER]
    assert [one.knot.at for one in world.knots(page.on) if one.knot.kind == "answer"] == ["Arbetslag 4–6"]


def test_from_a_decision_back_to_what_it_rests_on_and_down_to_the_classroom(cast: Cast) -> None:
    made = world.woven(cast)
    district.accepted(cast, "ekskolan")
    page = queries.of_decision(made.decision, cast.maja)
    assert told(page.on, "feedback") == [said.TEXT] and told(page.on, "answer") == [ANSWER]
    assert told(page.up, "submission") == []  # a member reads no unit's follow-up
    assert sorted(one.knot.at for one in queries.of_decision(made.decision, cast.diana).up) == ["Alskolan", "Ekskolan"]


def test_follow_ups_hang_below_those_that_were_made_of_them(cast: Cast) -> None:
    made = world.woven(cast)
    district.accepted(cast, "ekskolan")
    district.accepted(cast, "norr")
    [area] = queries.of_decision(made.decision, cast.diana).up
    assert area.knot.at == "Norra området" and [one.knot.at for one in area.below] == ["Alskolan", "Ekskolan"]


def test_a_finding_tells_what_it_rests_on_and_what_was_made_of_it(cast: Cast) -> None:
    round = coding.handed_in(cast)
    coding.read(cast, "alskolan", cast.olle, first="staff")
    passage = db.session.scalars(select(Passage)).one()
    seen = finding_actions.note(
        coding.theme(cast, "staff"), round, title="Handledning saknas", seen="Fler ber om den.", passages=[passage.public_id],
        by=cast.olle,
    )  # fmt: skip
    page = queries.of_finding(seen, cast.olle)
    assert [one.knot.at for one in page.up] == ["Alskolan"] and page.on == ()
    assert [one.kind for one in broken(cast.diana) if one.kind == "finding"] == ["finding"]
    assert queries.of_finding(seen, cast.olga).up == ()  # she codes, too, and has not read the text yet
    finding_actions.go(seen, "answer", words="Handledning ges från januari.", by=cast.diana)
    assert told(queries.of_finding(seen, cast.diana).on, "answer") == ["Handledning ges från januari."]
    assert not [one for one in broken(cast.diana) if one.kind == "finding"]


def test_what_a_reader_may_not_see_is_in_no_knot_no_count_and_breaks_no_thread(cast: Cast) -> None:
    made = world.woven(cast)
    before = {who: (queries.of_year(cast.who[who], YEAR), broken(cast.who[who])) for who in ("diana", "maja", "petra")}
    assert (
        told(before["diana"][0].shown, "measure")
        and not told(before["maja"][0].shown, "measure")
        and not told(before["petra"][0].shown, "measure")
    )
    assert made.goals["group"].name not in told(before["diana"][0].shown, "goal")
    assert made.goals["group"].name in told(queries.of_year(cast.pia, YEAR).shown, "goal")
    desk.draft(cast, "pia", made.goals["administration"], title="Hemligt utkast")
    for who, seen in before.items():
        assert (queries.of_year(cast.who[who], YEAR), broken(cast.who[who])) == seen


def test_each_broken_thread_is_told_with_who_can_mend_it_and_gone_when_it_is_mended(cast: Cast) -> None:
    made = world.woven(cast)
    assert [one for one in broken(cast.diana) if one.knot.key == made.measure.public_id or one.kind == "goal"] == []
    loose = desk.decided(cast, "diana", made.goals["committee"], title="Alla är trygga", kind="values")
    district.accepted(cast, "ekskolan")  # with a measure that says neither goal nor cause
    found = broken(cast.diana)
    assert (found[0].kind, found[0].knot.at) == ("goal", "Barn- och utbildningsförvaltningen") and "nivån under" in found[0].who
    lacking = {(one.kind, one.who) for one in found if one.knot.at == "Ekskolan"}
    assert lacking == {("measure", "Ekskolan, i nästa uppföljning"), ("cause", "Ekskolan, i nästa uppföljning")}
    for measure in db.session.scalars(select(Measure).where(Measure.unit_id == cast.unit["ekskolan"].id)):
        measure.state = "ended"
    lacking = {one.who for one in broken(cast.diana) if one.knot.at == "Ekskolan"}
    assert lacking == {"ingen längre: åtgärden är avslutad"}
    db.session.rollback()
    desk.decided(cast, "petra", loose, title="Trygga raster", kind="values")
    assert "goal" not in [one.kind for one in broken(cast.arne) if one.knot.key == loose.public_id]


def test_a_decision_that_nothing_is_said_about_and_feedback_that_has_stopped_are_broken(cast: Cast) -> None:
    made = world.woven(cast)
    other = said.decision(cast, "§ 13")
    assert "decision" not in [one.kind for one in broken(cast.sixten)]  # it is about no round
    again = world.matter.record(
        cast.unit["bun"], decided_on=clock.today(), paragraph="§ 14", registration_number="Bun 2026/76", text="Mer.",
        about=made.round,
        by=cast.sixten,
    )  # fmt: skip
    assert [one.knot.key for one in broken(cast.sixten) if one.kind == "decision"] == [again.public_id]
    feedback.give("decision", other.public_id, "Svara.", [cast.unit["fvn"]], made.round.opens_on.replace(day=30), by=cast.maja)
    assert "feedback" not in [one.kind for one in broken(cast.maja)]
    with clock.held(clock.at(made.round.opens_on.replace(month=12, day=5))):
        [one] = (one for one in broken(cast.maja) if one.kind == "feedback")
    assert one.sentence == "1 mottagare har inte svarat i tid."


def test_a_member_who_reads_no_measures_is_not_told_that_they_are_missing(cast: Cast) -> None:
    made = desk.chain(cast)
    world.world.opened(cast)
    assert made["unit"].name in [one.knot.title for one in broken(cast.diana) if one.kind == "goal"]
    assert broken(cast.maja) == [] and queries.work(cast.maja) == []
