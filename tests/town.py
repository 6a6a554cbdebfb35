"""Sjövik in the middle of a November, with something in every state, made by doing: for the tests that ask who may see what.

Everything is reached by a short name (`followup alskolan`, `submission al46 2`), everybody by theirs (`pia`). Nothing here
knows the access table. Canaries are words that stand in one text alone: where one sings, somebody has seen that text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from chain.access.policy import Role
from chain.account import actions as account
from chain.account import queries as accounts
from chain.account.models import Session
from chain.api import actions as api
from chain.base import clock, files
from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.cycle import actions as cycle
from chain.cycle.models import Round, RoundNode
from chain.followup import actions, checks, citation_actions, queries
from chain.followup.models import Followup, Submission
from chain.matter import actions as matter
from chain.measure import wheel_actions
from chain.measure.models import Measure
from chain.organisation import actions as organisation
from chain.publication import actions as publication
from chain.release import actions as release
from chain.report import actions as report
from chain.result.models import PublishedValue
from chain.rollup import actions as rollup
from chain.rollup.models import RollupRow
from chain.support import actions as support
from chain.support import directed_actions as directed
from chain.support import routing_actions as routing
from chain.support.escalation_models import Escalation
from chain.support.models import SupportRequest
from tests import makers
from tests.dialogue import town as dialogues
from tests.document import town as documents
from tests.feedback import town as feedback
from tests.finding import town as coding
from tests.followup import world
from tests.goal import town as goals
from tests.handover import town as handovers
from tests.intake import town as intake
from tests.makers import Cast
from tests.matter import town as matters
from tests.rollup import district

GRID = {("MA", "4"): (25, 24, 12), ("SV", "4"): (25, 24, 23)}
WORDS = "Elva elever läser med flyt."
LAW = {"items": [{"item": "plats", "type": "law", "text": "Får vi neka en plats?"}]}
STRANGERS = ("nobody", "stig")  # never signed in; signed in when the account was closed
MORE_PEOPLE = (  # short name, name, role, unit; "-" is the other municipality
    ("stig", "Stig Bro", Role.STAFF, "al46"),  # his account is closed
    ("ulla", "Ulla Ny", Role.PRINCIPAL, "alskolan"),  # her mandate has ended
    ("tove", "Tove Två", Role.STAFF, "al46"),  # she has another mandate, at ek46, and acts under this one
    ("fanny", "Fanny Fors", Role.FIRST_TEACHER, "alskolan"),
    ("ragna", "Ragna Rask", Role.AUDITOR, "fvn"),
    ("prova", "Prova Vik", Role.PROVIDER, "alskolan"),  # amid what is written: her role reads nothing yet
    ("berit", "Berit Berg", Role.STEWARD, "bergsund"),
)
EVERYTHING = ("tree", "rounds", "indicators")
ROBOTS = (  # short name, role, unit, what it may ask for: other systems, with a token each
    ("robot-fvn", Role.OFFICER, "fvn", (*EVERYTHING, "figures", "releases")),
    ("robot-norr", Role.AREA_HEAD, "norr", (*EVERYTHING, "figures")),
    ("robot-figures", Role.PRINCIPAL, "alskolan", ("figures",)),
    ("robot-bun", Role.MEMBER, "bun", (*EVERYTHING, "releases")),
    ("robot-ended", Role.OFFICER, "fvn", (*EVERYTHING, "figures", "releases")),  # its token has been ended
)


@dataclass
class Town:
    """What lies where: addresses' parts by short name, cookies by person, canaries by the text that they stand in.

    A part that begins with `?` belongs to the question after the address; with `=`, to what a form sends.
    """

    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    canaries: dict[str, frozenset[str]] = field(default_factory=dict)  # the word → those who may read it

    def name(self, short: str, thing: Any, **more: str) -> Any:
        """Remember a thing by a short name, with what its address needs."""
        self.parts[short] = {"public_id": thing.public_id, **more}
        return thing

    def canary(self, where: str, *readers: str) -> str:
        """A word to plant in a text, that these people may read and nobody else."""
        word = f"kanarie{where.replace(' ', '').replace('.', '')}{len(self.canaries)}x"
        self.canaries[word] = frozenset(readers)
        return word


def build(app: Flask, town: Town) -> None:
    """Fill a database that has the cast in it."""
    with app.app_context():
        cast = makers.found()
        _more_people(cast, town)
        _last_year(cast, town)
        _this_november(cast, town)
        matters.build(town, cast.unit["bun"], cast.sixten, "", matters.READERS)
        dialogues.told(cast, town)
        _the_other_committee(cast, town)
        _what_the_tree_has(cast, town)
        goals.fill(cast, town)
        coding.build(cast, town, _submission(town, "alskolan then"))
        coding.examples(cast, town, _submission(town, "alskolan then"), _submission(town, "ekskolan then"))
        intake.build(cast, town)
        handovers.build(cast, town)
        _let_systems_in(cast, town)
        _sign_in(cast, town)
        db.session.remove()
        db.engine.dispose()


# People


def _more_people(cast: Cast, town: Town) -> None:
    cast.unit["bergsund"] = organisation.add_unit(None, name="Bergsund", level="municipality", by=None)
    for short, name, role, unit in MORE_PEOPLE:
        root = cast.unit["bergsund" if unit == "bergsund" else "sjovik"]
        person = organisation.add_person(root, name=name, email=f"{short}@sjovik.example", by=None)
        last = date(2026, 11, 21) if short == "ulla" else None
        cast.who[short] = organisation.give_mandate(
            person, role, cast.unit[unit], by=None, valid_from=date(2020, 1, 1), valid_to=last
        )
    organisation.give_mandate(cast.tove.person, Role.STAFF, cast.unit["ek46"], by=None, valid_from=date(2020, 1, 1))


def _sign_in(cast: Cast, town: Town) -> None:
    for short, mandate in cast.who.items():
        person = mandate.person
        key = account.start(person, by=person, mandate=mandate if short == "tove" else None, device="Firefox")
        town.keys[short] = key
        found, _demonstration = accounts.session_of(key)
        assert isinstance(found, Session)
        town.name(f"session {short}", found)
        town.name(f"person {short}", person)
        town.name(f"mandate {short}", mandate)
    organisation.end_person(cast.stig.person, by=cast.stina)


def _let_systems_in(cast: Cast, town: Town) -> None:
    """Each has just been used, so that a page that is read writes nothing."""
    for short, role, unit, scopes in ROBOTS:
        asks = {"name": short, "purpose": "Statistik.", "scopes": scopes, "valid_to": clock.today()}
        token, town.tokens[short] = api.make(cast.unit[unit], role, **asks, by=cast.stina)
        api.touch(town.name(f"token {short}", token), by=None)
        if short == "robot-ended":
            api.end(token, by=cast.stina)


# What lies behind


def _then(day: date, act: Callable[[], Any]) -> Any:
    with clock.held(clock.at(day)):
        return act()


def _last_year(cast: Cast, town: Town) -> None:
    """A whole November with a report, a decision and feedback; and a January whose report has just come."""
    rounds = world.open_year(cast, "2025/26")
    day = rounds[0].opens_on + timedelta(days=10)
    november = _then(day, lambda: cycle.open_round(rounds[0], by=cast.diana))
    town.name("round then", november)
    _then(day, lambda: _handed_all_the_way_up(cast, town, november))
    _then(day, lambda: _released(cast, town, november))
    _then(day, lambda: feedback.build(cast, town, november))
    january = _then(rounds[1].opens_on, lambda: cycle.open_round(rounds[1], by=cast.diana))
    _then(rounds[1].opens_on, lambda: _january(cast, town, january))
    town.name("round planned", rounds[3])


def _followup(cast: Cast, town: Town, who: str, round: Round, suffix: str = "") -> Followup:
    mine = world.followup(cast, who, round)
    unit = next(short for short, one in cast.unit.items() if one.id == mine.unit_id)
    return town.name(f"followup {unit}{suffix}", mine, key=checks.work(mine).questions[0].key)


def _handed_all_the_way_up(cast: Cast, town: Town, november: Round) -> None:
    """Each cites the level below, and each is accepted."""
    cited: tuple[Submission, str, str] | None = None
    for unit in ("al46", "ek46", "alskolan", "ekskolan", "norr", "fvn"):
        who = district.WRITER[unit]
        mine = _followup(cast, town, who, november, " then")
        if cited and unit in ("alskolan", "norr", "fvn"):
            submission, span, words = cited
            key = _own_text(mine)
            town.name(
                f"citation {unit}", citation_actions.cite(mine, key, submission, span, words, confirmed=True, by=cast.who[who])
            )
        told = {"results": district.cells(GRID)} if unit in ("alskolan", "ekskolan") else {}
        handed = town.name(f"submission {unit} then", world.hand_in(mine, cast.who[who], **told))
        if head := district.HEAD.get(unit):
            actions.open_(handed, by=cast.who[head])
            rollup.accept(handed, by=cast.who[head])
        if unit in ("al46", "alskolan", "norr"):
            cited = _a_passage(handed)
    asked = db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == cast.unit["alskolan"].id)).one()
    town.name("support granted", support.answer(asked, state="granted", text="Ja, från januari.", by=cast.arne))


def _own_text(mine: Followup) -> str:
    return next(one.key for one in checks.work(mine).questions if one.kind == "text")


def _a_passage(handed: Submission) -> tuple[Submission, str, str]:
    for section in handed.snapshot["sections"]:
        for span in section["spans"]:
            if section["kind"] == "text":
                return handed, span["id"], span["text"]
    raise AssertionError("no text was handed up")


def _released(cast: Cast, town: Town, november: Round) -> None:
    """One refused, one approved, and a third that has only been prepared."""
    first = town.name("release refused", release.prepare(november, by=cast.olle))
    release.refuse(first, reason="Svenskan är fel.", by=cast.diana)
    second = town.name("release approved", release.prepare(november, by=cast.olle))
    release.approve(second, by=cast.diana)
    published = town.name("report received", report.publish(november, by=cast.olle))
    report.receive(published, "Bun 2025/75", by=cast.sixten)
    documents.build(cast, town, november)
    gone = town.name("publication withdrawn", publication.publish(published, read_through=True, by=cast.sixten))
    publication.withdraw(gone, reason="En siffra var fel.", by=cast.sixten)
    town.name("publication public", publication.publish(published, read_through=True, by=cast.sixten))
    documents.for_all(cast, town)
    town.name("remark", publication.remark(cast.unit["sjovik"], "Tabellen går inte att läsa.", "", by=None))
    town.name("release prepared", release.prepare(november, by=cast.olle))


def _january(cast: Cast, town: Town, january: Round) -> None:
    _lifted_out(cast, town, january)
    alskolan = world.hand_in(world.followup(cast, "pia", january), cast.pia, results=district.cells(GRID))
    rollup.accept(alskolan, by=cast.arne)
    world.hand_in(world.followup(cast, "diana", january), cast.diana)
    release.approve(release.prepare(january, by=cast.olga), by=cast.diana)
    town.name("report published", report.publish(january, by=cast.diana))


def _lifted_out(cast: Cast, town: Town, january: Round) -> None:
    """Words that ekskolan had cited in what was sent back, and has left out since."""
    team = world.hand_in(world.followup(cast, "linus", january), cast.linus)
    actions.open_(team, by=cast.petra)
    mine = world.followup(cast, "petra", january)
    cited = citation_actions.cite(mine, _own_text(mine), *_a_passage(team), confirmed=True, by=cast.petra)
    rollup.send_back(world.hand_in(mine, cast.petra), reason="Berätta också om läsningen.", by=cast.arne)
    citation_actions.uncite(cited, by=cast.petra)
    town.name("citation left out", cited)


# What is going on


def _this_november(cast: Cast, town: Town) -> None:
    """Every state that a draft and a submission can be in; canaries in every text that somebody must not read."""
    year = world.open_year(cast)
    november = town.name("round now", _then(year[0].opens_on, lambda: cycle.open_round(year[0], by=cast.diana)))
    town.name("year now", november.year)
    _what_has_waited(cast, town)
    _directed_support(cast, town)
    town.name("plans of alskolan", cast.unit["alskolan"], kind="complaints")
    _the_teams(cast, town, november)
    _alskolan_hands_in(cast, town, november)
    _ekskolan_writes(cast, town, november)
    _havet_is_reopened(cast, town, november)
    arne = _followup(cast, town, "arne", november)
    assert arne.state == "not_started"
    for who, unit in (("asta", "soder"), ("olle", "fvn")):
        mine = _followup(cast, town, who, november)
        readers = ("asta",) if unit == "soder" else ("olle", "olga", "diana")
        world.save(mine, _own_text(mine), {"text": town.canary(f"draft {unit}", *readers)}, cast.who[who])


def _the_teams(cast: Cast, town: Town, november: Round) -> None:
    """al46 took one version back unread and handed in another, which nobody opens; ek46 is accepted; vagen was sent back."""
    mine = _followup(cast, town, "lena", november)
    world.write(mine, cast.lena, works={"text": town.canary("withdrawn al46", "lena", "tove")})
    first = town.name("submission al46 1", actions.submit(mine, version=world.fresh(mine).version, by=cast.lena))
    actions.withdraw(first, by=cast.lena)
    team = town.canary("team al46", "lena", "tove", "pia", "bo")
    section = queries.section(mine, "works")
    assert section is not None
    world.save(mine, "works", {"text": team}, cast.lena, done=True)
    town.name("submission al46 2", actions.submit(mine, version=world.fresh(mine).version, by=cast.lena))
    mine = _followup(cast, town, "linus", november)
    handed = world.hand_in(
        mine, cast.linus, classroom={"text": town.canary("team ek46", "linus", "petra")}, works={"text": WORDS}
    )
    rollup.accept(town.name("submission ek46", handed), by=cast.petra)
    mine = _followup(cast, town, "lo", november)
    handed = town.name("submission vagen", world.hand_in(mine, cast.lo, works={"text": town.canary("team vagen", "lo", "per")}))
    rollup.send_back(handed, reason="Berätta också om räkningen.", by=cast.per)
    world.save(mine, "works", {"text": town.canary("after return vagen", "lo")}, cast.lo)
    asked = select(SupportRequest).where(SupportRequest.unit_id == cast.unit["vagen"].id)
    town.name("support taken back", db.session.scalars(asked).one())


def _what_has_waited(cast: Cast, town: Town) -> None:
    """What ekskolan and norr asked for last November, and nobody answered, is now the matter of the level above."""
    for short, name in (("ekskolan", "escalation open"), ("norr", "escalation at the committee")):
        waits = select(Escalation).where(Escalation.unit_id == cast.unit[short].id, Escalation.state == "open")
        town.name(name, db.session.scalars(waits.order_by(Escalation.id)).first())


def _directed_support(cast: Cast, town: Town) -> None:
    """Alskolan has asked norr for it; fvn has decided what it offered ekskolan, and olle gives it."""
    words = "Tre vikarier och ingen som håller i läsningen."
    town.name("directed asked", directed.begin(cast.unit["alskolan"], need=words, type="staffing", by=cast.pia))
    one = town.name("directed decided", directed.begin(cast.unit["ekskolan"], need=words, type="staffing", by=cast.diana))
    directed.act(one, "accept", version=one.version, words="Ja tack.", by=cast.petra)
    today = clock.today()
    given = {"given_by": cast.olle, "starts_on": today, "ends_on": today + timedelta(days=60)}
    directed.act(one, "decide", version=one.version, words="En utvecklingsledare två dagar i veckan.", by=cast.diana, **given)


def _alskolan_hands_in(cast: Cast, town: Town, november: Round) -> None:
    """A question of law is sent to olle, who prepares the answer."""
    routing.keep(cast.unit["fvn"], {"law": cast.olle.public_id}, by=cast.diana)
    for short in ("fvn", "norr", "vuxf"):
        town.parts[f"at {short}"] = {"=place": cast.unit[short].public_id}
    mine = _followup(cast, town, "pia", november)
    first = {"see": town.canary("first version alskolan", "pia", "bo"), "why": "", "evidence": "", "sure": ""}
    world.save(mine, "analysis", first, cast.pia)
    handed = town.name("submission alskolan", world.hand_in(mine, cast.pia, results=district.cells(GRID), support_needed=LAW))
    actions.open_(handed, by=cast.arne)
    asked = select(SupportRequest).where(SupportRequest.unit_id == cast.unit["alskolan"].id, SupportRequest.state == "open")
    town.name("support open", next(one for one in db.session.scalars(asked) if one.round_id == november.id))
    set_here = select(Measure).where(Measure.unit_id == cast.unit["alskolan"].id, Measure.round_id == november.id)
    measure = town.name("measure open", db.session.scalars(set_here).first())
    text = town.canary("wheel alskolan", "pia", "bo")
    note = wheel_actions.write(
        measure, key="k", stage="do", on=clock.today(), text=text, given=[files.checked(f"{text}.txt", text.encode())], by=cast.bo
    )
    town.parts["note in the wheel"] = {
        "public_id": measure.public_id, "note_id": note.public_id, "file_id": note.files[0].public_id,
    }  # fmt: skip
    above = select(Measure).where(Measure.unit_id == cast.unit["norr"].id, Measure.state == "open")
    town.name("measure of norr", db.session.scalars(above).first())
    ended = select(Measure).where(Measure.unit_id == cast.unit["alskolan"].id, Measure.state == "ended")
    town.name("measure ended", db.session.scalars(ended).first())
    team = select(SupportRequest).where(SupportRequest.unit_id == cast.unit["al46"].id, SupportRequest.round_id == november.id)
    town.name("support of al46", db.session.scalars(team).one())


def _ekskolan_writes(cast: Cast, town: Town, november: Round) -> None:
    """A draft with a canary in every field of every kind, an earlier version, a text that lost a conflict, and a citation."""
    mine = _followup(cast, town, "petra", november)
    here = checks.work(mine)
    for question in here.questions:
        answer = planted(world.Writer(cast.petra).answer(here, question), lambda where: town.canary(where, "petra"), question.key)
        world.save(mine, question.key, answer, cast.petra)
    key = _own_text(mine)
    world.save(mine, key, {"text": town.canary("second version ekskolan", "petra")}, cast.petra)
    with pytest.raises(Conflict):
        aside = {"text": town.canary("conflict ekskolan", "petra")}
        world.save(mine, key, aside, cast.petra, version=1, save_key="aside")
    town.parts["followup ekskolan"] |= {"key": key}
    town.parts["aside ekskolan"] = {**town.parts["followup ekskolan"], "save": "aside"}
    team = world.queries.latest(cast.unit["ek46"].id, november)
    assert team is not None
    span = next(span for section in team.snapshot["sections"] for span in section["spans"] if span["text"] == WORDS)
    cited = citation_actions.cite(mine, key, team, span["id"], WORDS, confirmed=True, by=cast.petra)
    town.name("citation draft", cited)
    about = {"?submission": team.public_id, "?span": span["id"]}
    town.parts["passage ekskolan"] = {**town.parts["followup ekskolan"], **about}


def planted(answer: Any, word: Callable[[str], str], where: str) -> Any:
    """An answer with a canary in each of its texts."""
    if isinstance(answer, dict):
        return {name: value if name in KEPT else planted(value, word, f"{where}.{name}") for name, value in answer.items()}
    if isinstance(answer, list):
        return [planted(one, word, where) for one in answer]
    return word("ekskolan") if isinstance(answer, str) else answer


KEPT = ("item", "responsible", "due", "cause", "goal", "certainty", "kind", "evidence", "reason", "basis")


def _havet_is_reopened(cast: Cast, town: Town, november: Round) -> None:
    """Accepted and opened again; its request was taken further up before that, to the administration and to the committee."""
    mine = _followup(cast, town, "per", november)
    handed = town.name("submission havet", world.hand_in(mine, cast.per))
    rollup.accept(handed, by=cast.asta)
    asked = db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == cast.unit["havet"].id)).one()
    town.name("support taken up", support.answer(asked, state="taken_up", text="Vi frågar förvaltningen.", by=cast.asta))
    further = db.session.scalars(select(SupportRequest).where(SupportRequest.unit_id == cast.unit["soder"].id)).one()
    support.answer(further, state="taken_up", text="Vi frågar nämnden.", by=cast.diana)
    town.name("support of soder", further)
    last = db.session.scalars(select(SupportRequest).where(SupportRequest.origin_id == further.id)).one()
    town.name("support at the committee", last)
    rollup.reopen(handed, reason="Siffrorna för våren fattas.", by=cast.asta)
    set_here = select(Measure).where(Measure.unit_id == cast.unit["havet"].id)
    town.name("measure taken back", db.session.scalars(set_here).first())
    world.save(mine, _own_text(mine), {"text": town.canary("after reopening havet", "per")}, cast.per)


def _the_other_committee(cast: Cast, town: Town) -> None:
    year = cycle.open_year(cast.unit["vux"], label="2026/27", rounds=world.plans(), by=cast.vera)
    round = town.name("round vux", cycle.open_round(year.rounds[0], by=cast.vera))
    town.name("year vux", year)
    mine = _followup(cast, town, "vera", round)
    world.save(mine, _own_text(mine), {"text": town.canary("draft vuxf", "vera")}, cast.vera)
    siv = matters.secretary_of_vux(cast)
    decision = matter.record(
        cast.unit["vux"], decided_on=date(2026, 11, 20), paragraph="§ 3", registration_number="Vux 2026/1",
        text=town.canary("decision vux", "vera", "viktor"), by=siv,
    )  # fmt: skip
    town.name("decision vux", decision)
    matters.build(town, cast.unit["vux"], siv, " vux", ("vera", "viktor"))


def _what_the_tree_has(cast: Cast, town: Town) -> None:
    """Units, also one of another organiser; published values; and every unit's place in the rounds."""
    cast.unit["fria"] = organisation.add_unit(
        cast.unit["sjovik"], name="Fria skolan", level="unit", kind="school", school_forms=["GR"], context=True,
        organiser="Fria AB", organiser_kind="ENSKILD", by=cast.stina,
    )  # fmt: skip
    for short, unit in cast.unit.items():
        town.name(f"unit {short}", unit)
    for short, indicator in (("alskolan", "merit_rating"), ("sjovik", "all_subjects_passed")):
        here = cast.unit[short]
        db.session.add(  # as the intake leaves it; reading files is another test's work
            PublishedValue(
                unit_id=here.id, path=here.path, indicator=indicator, year_group="9", period="2024/25", value=230,
                value_type="EXISTS", shown="230", source="test", source_file="test",
            )
        )  # fmt: skip
    db.session.commit()
    names = {one.id: short for short, one in cast.unit.items()}
    rounds = {"round now": "", "round vux": "", "round then": " then"}
    suffixes = {town.parts[name]["public_id"]: suffix for name, suffix in rounds.items()}
    for node, round in db.session.execute(select(RoundNode, Round).join(Round, RoundNode.round_id == Round.id)):
        if round.public_id in suffixes:
            unit = names[node.unit_id]
            place = {"public_id": round.public_id, "unit_id": cast.unit[unit].public_id}
            town.parts[f"node {unit}{suffixes[round.public_id]}"] = place
    _ways_to_say_something(town)


def _submission(town: Town, name: str) -> Submission:
    asked = select(Submission).where(Submission.public_id == town.parts[f"submission {name}"]["public_id"])
    return db.session.scalars(asked).one()


def _ways_to_say_something(town: Town) -> None:
    """Addresses that need more than the name of a thing."""
    town.parts["earlier alskolan"] = {**town.parts["followup alskolan"], "key": "analysis"}
    mine = db.session.scalars(select(Followup).where(Followup.public_id == town.parts["followup fvn"]["public_id"])).one()
    handed = select(Submission).where(Submission.public_id == town.parts["submission alskolan"]["public_id"])
    _submission, span, _words = _a_passage(db.session.scalars(handed).one())
    about = {"?submission": town.parts["submission alskolan"]["public_id"], "?span": span}
    town.parts["passage fvn"] = {**town.parts["followup fvn"], "key": _own_text(mine), **about}
    for unit, citation in (("ekskolan", "draft"), ("norr", "draft"), ("norr", "alskolan")):
        name = f"{unit} takes away citation {citation}"
        town.parts[name] = {**town.parts[f"followup {unit}"], "=uncite": town.parts[f"citation {citation}"]["public_id"]}
        town.parts[name]["=version"] = "2" if unit == "ekskolan" else "0"  # as saved last
    for name in ("now", "vux"):
        round = db.session.scalars(select(Round).where(Round.public_id == town.parts[f"round {name}"]["public_id"])).one()
        town.name(f"year {name}", round.year, level="unit", number="1", key="analysis")
        town.name(f"indicator {name}", round.year, key="at_least_e")
    town.parts["the style"] = {"filename": "app.css"}
    figure = {"?school_form": "GR", "?indicator": "at_least_e", "?subject": "MA", "?year_group": "4", "?category": ""}
    basis = db.session.scalar(select(RollupRow.basis).where(RollupRow.indicator == "at_least_e").limit(1))
    for unit in ("alskolan", "norr", "fvn"):
        town.parts[f"figure {unit}"] = {**town.parts[f"node {unit} then"], **figure, "?basis": str(basis)}
    for state in ("prepared", "refused", "approved"):
        town.parts[f"released {state}"] = {**town.parts[f"release {state}"], **figure, "?basis": str(basis)}
    town.parts["of sjovik as a whole"] = {
        "?indicator": "all_subjects_passed", "?subject": "", "?year_group": "9", "?organiser": "",
    }  # fmt: skip
    for kind, name in (
        ("decision", "decision"),
        ("submission", "submission alskolan"),
        ("submission", "submission al46 1"),
        ("dialogue", "dialogue held"),
    ):
        town.parts[f"about {name}"] = {"?about_kind": kind, "?about": town.parts[name]["public_id"]}
    for name in ("decision", "decision vux"):
        town.parts[f"corrects {name}"] = {"?corrects": town.parts[name]["public_id"]}
    for name in ("now", "vux"):
        town.parts[f"of round {name}"] = {"?round": town.parts[f"round {name}"]["public_id"]}
