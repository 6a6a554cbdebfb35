"""Takes in what a source of SS 12000 says: kept to be looked at, then what the steward chose, all of it or nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import delete, select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.errors import RuleBroken
from chain.base.locale import LANGUAGES, _
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.intake import actions as intake
from chain.intake import comparing, reading, ss12000_collect, ss12000_grades
from chain.intake import ss12000_queries as queries
from chain.intake.models import Intake
from chain.intake.ss12000 import Client
from chain.intake.ss12000_changes import Change, Known, Link, Plan
from chain.intake.ss12000_compare import compare
from chain.intake.ss12000_doing_actions import Closing, Doing, End
from chain.intake.ss12000_grades import Term
from chain.intake.ss12000_models import ExternalId, Fetched, Source, Taken
from chain.intake.ss12000_queries import NAME, OVERLAP
from chain.intake.ss12000_reading import Facts
from chain.organisation import queries as organisation_queries
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import seen

SOURCE = "SS 12000"  # as a proposal's source is called
RECEIPTS = timedelta(days=365)  # how long the lines that were taken in are told one by one


@dataclass(frozen=True)
class Done:
    """How many lines were done, and how many people are new by them."""

    lines: int
    people: int


def fetch(municipality: Unit, *, by: Actor | None, seconds: float, whole: bool = False) -> bool:
    """Ask the source, and keep the answer to be looked at. Tells whether there is anything to choose.

    The database is let go while the network is waited for. `whole`: as if it were the first time.
    """
    client = _client(municipality, seconds)
    source = queries.source(municipality)
    after = source.modified_after if source and not whole else None
    here, at = queries.known(municipality, source), clock.now()
    db.session.rollback()
    facts = ss12000_collect.collect(client, here, after)
    return keep(municipality, facts, at=at, by=by)


def _client(municipality: Unit, seconds: float) -> Client:
    access = queries.access(municipality)
    if access is None:
        raise RuleBroken(_("Inget register är inställt för %(municipality)s.", municipality=municipality.name))
    return Client(access, seconds=seconds, loopback=current_app.testing)


def fetch_grades(municipality: Unit, round: Round, term: Term | None, *, by: Mandate, seconds: float) -> Intake:
    """Ask the source for a term's grades (none: the latest before the round), and keep the counts to be looked at.

    They are counted while they are read; of pupils nothing is kept, nor written to a disk, and of units only those below the
    mandate. The database is let go meanwhile.
    """
    client, source = _client(municipality, seconds), queries.source(municipality)
    here, term = queries.known(municipality, source), term or Term.last(round.opens_on)
    if not here.unit_of:
        raise RuleBroken(_("Inga enheter är kopplade till registret än. Systemförvaltaren hämtar trädet först."))
    db.session.rollback()
    counted = ss12000_collect.grades(client, here, term)
    counted.figures = {unit: some for unit, some in counted.figures.items() if here.units[unit].path.startswith(by.path)}
    content = ss12000_grades.stored(counted, term)
    said = reading.read(term.key, content, by, municipality, round, {}, stored=True)
    found = comparing.difference(said, municipality, round, by)
    return intake.receive(term.key, content, said, found, root=municipality, round=round, source=SOURCE, by=by)


@atomic
def tidy(*, by: Actor | None) -> tuple[int, int, int]:
    """Throw away what waited too long, in every municipality: files, what came from registers, and the lines of old receipts."""
    files = intake.clear_old()
    came = db.session.scalars(delete(Fetched).where(~queries.fresh()).returning(Fetched.id)).all()
    lines = db.session.scalars(delete(Taken).where(Taken.at < clock.now() - RECEIPTS).returning(Taken.id)).all()
    audit.note("intake.tidy", files=files, came=len(came), lines=len(lines))
    return files, len(came), len(lines)


@atomic
def keep(municipality: Unit, facts: Facts, *, at: datetime, by: Actor | None) -> bool:
    """Keep what came, in the place of what came before. Where it says nothing new, only that is remembered."""
    source = _source(municipality)
    if isinstance(by, Mandate):
        guard.require(Action.KEEP, source, by)
    source.read_at = clock.now()
    db.session.execute(delete(Fetched).where(Fetched.source_id == source.id))
    anything = queries.plan(municipality, source, facts).anything
    if anything:
        db.session.add(Fetched(source_id=source.id, at=at, facts=facts.as_json()))
    else:
        source.modified_after = at - OVERLAP
    audit.note("intake.ss12000_keep", about=municipality, anything=anything, whole=facts.with_duties)
    return anything


@atomic
def discard(municipality: Unit, *, by: Mandate) -> None:
    """Throw away what came. It comes again the next time."""
    source = _source(municipality)
    guard.require(Action.KEEP, source, by)
    db.session.execute(delete(Fetched).where(Fetched.source_id == source.id))
    audit.note("intake.ss12000_discard", about=municipality)


@atomic
def confirm(
    municipality: Unit, *, fetched: str, chosen: set[str], place: Unit | None, closing: Closing, by: Mandate
) -> Done:  # fmt: skip
    """Do what was chosen of what came, and remember what was recognised. What was not chosen is proposed again.

    Refused as a whole when somebody was here first, or when a line cannot be done; `problems` has the line's key.
    """
    source = _source(municipality)
    guard.require(Action.KEEP, source, by)
    came = db.session.scalars(select(Fetched).where(Fetched.source_id == source.id)).first()
    if came is None or came.public_id != fetched:
        raise RuleBroken(_("Någon har redan bekräftat, eller hämtat på nytt. Se efter vad som gäller nu."))
    if clock.now() - came.at > queries.OLDEST:
        raise RuleBroken(_("Det som hämtades är för gammalt. Hämta på nytt."))
    facts = Facts.from_json(came.facts)
    here = queries.known(municipality, source)
    plan = compare(here, facts, clock.today())
    words = _in_all_languages(here, facts)
    changes = [change for change in plan.changes if change.key in chosen]
    if len(changes) < len(chosen):
        raise RuleBroken(_("Något här har ändrats sedan du öppnade sidan. Se efter vad som återstår, välj igen och bekräfta."))
    _check(changes, plan, place, closing)
    source.place_id = place.id if place else source.place_id
    doing = Doing(municipality, source, plan, place, closing, by)
    for change in changes:
        doing.do(change)
        _tell(source, change, doing, words, by)
    _tie(source, plan.links + doing.links)
    _rest(municipality, source, came, facts, {change.key for change in plan.shown})
    done = Counter(change.what for change in changes)
    audit.note("intake.ss12000_confirm", about=municipality, **done)
    return Done(len(changes), len(doing.new))


def _in_all_languages(here: Known, facts: Facts) -> dict[str, dict[str, str]]:
    """Each line's sentence in each language, by its key: a receipt is read by others than the one who chose."""
    words: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with force_locale(language):
            for change in compare(here, facts, clock.today()).changes:
                words.setdefault(change.key, {})[language] = change.sentence
    return words


def _tell(source: Source, change: Change, doing: Doing, words: Mapping[str, dict[str, str]], by: Mandate) -> None:
    """A line of the receipt, under the unit that it is about."""
    unit, person_id, said = doing.about(change)
    line = Taken(source_id=source.id, at=clock.now(), by_id=by.id, what=change.what, unit_id=unit.id, path=unit.path)
    line.person_id, line.words = person_id, said or words[change.key]
    db.session.add(line)


def _rest(municipality: Unit, source: Source, came: Fetched, facts: Facts, shown: set[str]) -> None:
    """What came is kept as long as there are lines that nobody has seen. When nothing remains, its moment is remembered."""
    rest = queries.plan(municipality, source, facts)
    _tie(source, rest.links)
    if not rest.changes:
        source.modified_after = came.at - OVERLAP
    if all(change.key in shown for change in rest.changes):
        db.session.delete(came)


def _source(municipality: Unit) -> Source:
    """The municipality's source, one action at a time."""
    lock(db.session(), f"ss12000 {municipality.path}")
    found = queries.source(municipality)
    if found is None:
        found = Source(municipality_id=municipality.id, name=NAME)
        db.session.add(found)
        db.session.flush()
    return found


def _check(changes: list[Change], plan: Plan, place: Unit | None, closing: Closing) -> None:
    """Every line stands on its own feet: what it builds on is chosen as well, and nothing is closed without a word."""
    names = {change.about: change for change in plan.changes if change.what in ("add_unit", "link_unit")}
    will_stand = {change.about for change in changes if change.what in ("add_unit", "link_unit")}
    problems: dict[str, str] = {}
    for change in changes:
        lacking = next((names[need].node for need in change.needs if need in names and need not in will_stand), None)
        if lacking:
            problems[change.key] = _("Välj också raden om %(unit)s, som den här bygger på.", unit=lacking.name)
        if change.what == "add_unit" and change.node and not change.node.parent and place is None:
            problems[change.key] = _("Välj var nya enheter ska läggas.")
        if change.what == "close_unit" and (sentence := _not_closed(change, closing.get(change.key, End()))):
            problems[change.key] = sentence
    if problems:
        raise RuleBroken(_("Se efter vid raderna som är markerade och bekräfta igen."), problems)


def _not_closed(change: Change, end: End) -> str:
    """Why a unit cannot be closed as it was chosen; nothing when it can."""
    if not end.successor and not end.reason.strip():
        return _("%(unit)s: välj vem som tar över, eller skriv varför ingen gör det.", unit=change.said[0])
    waiting = organisation_queries.waiting(db.session.get_one(Unit, change.unit_id))
    if end.seen and end.seen != seen(waiting):
        return _("%(unit)s: något har kommit till sedan du såg listan. Se efter en gång till.", unit=change.said[0])
    return ""


def _tie(source: Source, links: list[Link]) -> None:
    """Remember what the source's ids are here; what was said last counts."""
    rows = db.session.scalars(select(ExternalId).where(ExternalId.source_id == source.id)) if links else ()
    tied = {(row.kind, row.external_id): row for row in rows}
    for link in links:
        row = tied.get((link.kind, link.external_id))
        if row is None:
            row = tied[link.kind, link.external_id] = ExternalId(
                source_id=source.id, kind=link.kind, external_id=link.external_id
            )  # fmt: skip
            db.session.add(row)
        setattr(row, f"{link.kind}_id", link.id)
    db.session.flush()
