"""The preparation: made of what was handed up and read, the same whatever is being drafted, and frozen when it is handed over."""

from datetime import date
from typing import Any

from chain.base import clock
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.dialogue import actions, agreement_actions, agreement_queries, pack, queries, rules
from chain.dialogue.models import Dialogue
from chain.feedback import actions as feedback
from chain.feedback.models import Delivery
from chain.followup import actions as followup
from chain.followup.rules import canonical, sha256
from chain.rollup import actions as rollup
from chain.support import actions as support
from chain.support.models import SupportRequest
from tests import asked
from tests.dialogue import world
from tests.followup import world as followups
from tests.kept import kept
from tests.makers import Cast
from tests.rollup import district


def a_year_ago(cast: Cast) -> Round:
    """Last November, handed in and accepted."""
    round = followups.open_year(cast, "2025/26")[0]
    with clock.held(clock.at(date(2025, 11, 10))):
        cycle.open_round(round, by=cast.diana)
        world.read_in(cast, round)
    return round


@kept
def whole(cast: Cast) -> tuple[Dialogue, Round]:
    """All that a pack can hold: figures of two years, measures, support, feedback, a dialogue before."""
    a_year_ago(cast)
    november = followups.opened(cast)
    sent = world.read_in(cast, november)
    asked = db.session.scalars(db.select(SupportRequest).where(SupportRequest.round_id == november.id)).one()
    support.answer(asked, state="granted", text="Ja, från januari.", by=cast.arne)
    earlier = world.agreed(cast, held_on=date(2026, 11, 23))
    with world.later(earlier):
        theirs = agreement_queries.told(earlier)[1].agreement
        agreement_actions.end(theirs, "Handledningen är klar.", by=cast.olle)
        said = feedback.give("submission", sent.public_id, "Fin analys.", [cast.unit["alskolan"]], None, by=cast.arne)
        got = db.session.scalars(db.select(Delivery).where(Delivery.feedback_id == said.id)).one()
        feedback.answer(got, "Tack.", by=cast.pia)
    return world.planned(cast), november


def made(dialogue: Dialogue, cast: Cast, words: str = world.OWN) -> dict[str, Any]:
    with clock.held(clock.at(date(2026, 12, 1))):
        return pack.pack(dialogue, words, cast.pia)


def test_a_pack_holds_what_was_handed_up_and_what_came_of_it(cast: Cast) -> None:
    dialogue, _november = whole(cast)
    found = made(dialogue, cast)
    assert found["words"] == world.OWN and [one["number"] for one in found["made_from"]] == [1]
    [table] = found["results"][0]["tables"]
    [line] = table["lines"]
    assert table["basis"] and (line["label"], line["value"], line["assessed"]) == ("Matematik", "50 % (12 av 24)", "24 av 25")
    assert line["earlier"] == [{"round": "Uppföljning 1, november 2025/26", "value": "50 % (12 av 24)"}]
    assert [one["parts"][0]["text"] for one in found["analysis"]] == [["14 av 24 når E."]]
    kinds = {kind: [one["problem"] for one in rows] for kind, rows in found["measures"].items()}
    assert kinds["open"] and kinds["ended"] and found["measures"]["ended"][0]["outcomes"][0]["kind"] == "Genomförd"
    assert (found["support"][0]["state"], found["support"][0]["answer"]) == ("granted", "Ja, från januari.")
    assert [(one["from"], one["text"], one["answer"]) for one in found["feedback"]] == [("Norra området", "Fin analys.", "Tack.")]
    told = [(one["text"], one["status"], one["said"]) for one in found["last"]["agreements"]]
    assert told == [
        ("Läsa varje dag", "agreement_open", ""),
        ("Ge handledning fyra gånger", "agreement_ended", "Handledningen är klar."),
    ]


def test_it_is_the_same_to_the_last_byte_whatever_is_drafted_and_whatever_the_groups_say(cast: Cast) -> None:
    dialogue, november = whole(cast)
    without = canonical(made(dialogue, cast))
    team = followups.followup(cast, "lena", november)
    handed = followups.hand_in(team, cast.lena, works={"text": "Kanariefågeln sjunger."})
    followup.open_(handed, by=cast.pia)
    for who in ("olle", "arne", "petra"):
        mine = followups.followup(cast, who, november)
        key = next(one.key for one in followup.checks.work(mine).questions if one.kind == "text")
        followups.save(mine, key, {"text": "Kanariefågeln igen."}, cast.who[who])
    with clock.held(clock.at(date(2027, 1, 12))):
        january = cycle.open_round(november.year.rounds[1], by=cast.diana)
        mine = followups.followup(cast, "pia", january)
        followups.save(mine, "analysis", {"see": "Kanariefågeln.", "why": "", "evidence": "", "sure": ""}, cast.pia)
    world.write(dialogue, rules.OWN_WORDS, "Kanariefågeln i ett utkast.", cast.bo)
    assert canonical(made(dialogue, cast)) == without and b"Kanarie" not in without


def test_what_nobody_above_has_opened_is_not_in_it_and_what_they_accept_is(cast: Cast) -> None:
    november = followups.opened(cast)
    dialogue = world.planned(cast)
    sent = district.hand_in(cast, "alskolan", {("MA", "4"): (25, 24, 12)})
    found = made(dialogue, cast)
    assert not any(found[part] for part in ("results", "analysis", "support", "made_from"))
    assert not any(found["measures"].values())
    followup.open_(sent, by=cast.arne)
    assert made(dialogue, cast)["results"] and made(dialogue, cast)["measures"]["open"]
    rollup.reopen(rollup.accept(sent, by=cast.arne) or sent, reason="Siffrorna för våren fattas.", by=cast.arne)
    assert not made(dialogue, cast)["results"], "its words are its authors' again"
    assert november.number == 1


def test_what_is_read_no_higher_than_below_the_host_is_not_in_it(cast: Cast) -> None:
    november = followups.opened(cast)
    sent = world.read_in(cast, november)
    dialogue = world.planned(cast)
    assert pack.submissions(dialogue) == [sent]
    sent.ceiling = cast.unit["norr"].path
    assert pack.submissions(dialogue) == []
    db.session.rollback()


def test_a_dialogue_about_a_round_looks_no_further(cast: Cast) -> None:
    a_year_ago(cast)
    november = followups.opened(cast)
    world.read_in(cast, november)
    before = db.session.scalars(db.select(Round).where(Round.opened_at.is_not(None), Round.id != november.id)).one()
    found = made(world.planned(cast, about=before, year="2025/26"), cast)
    assert [one["round"] for one in found["made_from"]] == ["Uppföljning 1, november 2025/26"]
    assert not found["results"][0]["tables"][0]["lines"][0]["earlier"]


def test_it_is_frozen_with_its_hash_when_it_is_handed_over(cast: Cast) -> None:
    followups.opened(cast)
    dialogue = world.prepared(cast)
    kept = queries.pack(dialogue)
    assert kept is not None and kept.sha256 == sha256(kept.snapshot)
    before = canonical(kept.snapshot)
    world.read_in(cast, followups.followup(cast, "pia").round)
    db.session.expire_all()
    assert canonical(queries.pack(dialogue).snapshot) == before  # type: ignore[union-attr]


def statements(work: Any) -> int:
    with asked.statements() as said:
        work()
    return len([one for one in said if one != "BEGIN"])


def test_however_much_was_handed_up_it_takes_as_many_statements(cast: Cast) -> None:
    dialogue, november = whole(cast)
    pack.pack(dialogue, "", cast.pia)  # what is read once for all
    db.session.expire_all()
    before = statements(lambda: pack.pack(dialogue, "", cast.pia))
    with clock.held(clock.at(date(2027, 1, 12))):
        january = cycle.open_round(november.year.rounds[1], by=cast.diana)
        new = [{"item": f"m{n}", "problem": f"P{n}", "sign": "S", "goal": "", "due": "2026/27:3"} for n in range(5)]
        people = cast.pia.person.public_id
        world.read_in(cast, january, measures={"items": [{**one, "responsible": people} for one in new]})
    db.session.expire_all()
    assert statements(lambda: pack.pack(dialogue, "", cast.pia)) == before


def test_actions_need_no_pack_to_hold_a_dialogue(cast: Cast) -> None:
    dialogue = world.planned(cast)
    with world.on_the_day(dialogue):
        actions.go(dialogue, "hold", by=cast.olle)
    assert dialogue.state == "held" and queries.pack(dialogue) is None
