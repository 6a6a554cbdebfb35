"""One person prepares a release, another approves it. After that it is never changed; a new number takes its place."""

from sqlalchemy import insert, select

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round, RoundNode
from chain.organisation.models import Mandate, Unit
from chain.release import making, profiles, queries, rules, sources
from chain.release.making import Made
from chain.release.models import Release, ReleasedFigure, ReleasedNode, ReleaseProfile, ReleaseSource
from chain.release.profiles import Profile


@atomic
def prepare(round: Round, *, by: Mandate, made: Made | None = None) -> Release:
    """Freeze a round's figures as the committee may see them. Nothing live is read after this.

    `made`: protected beforehand, so that nobody waits for it; if anything has changed since, it is protected anew.
    Who prepares the same again gets the one that waits.
    """
    cycle.hold(round.id)
    guard.require(Action.PREPARE, Release(unit_id=by.unit_id, path=by.path), by)
    administration = queries.node(round, by)
    if administration is None:
        raise RuleBroken(_("En utgåva förbereds av förvaltningen, för en uppföljning som den själv är med i."))
    asked = making.asked(round, administration)
    if not asked.inputs:
        raise RuleBroken(_("Det finns inga siffror att ge ut än: ingen enhets uppföljning är mottagen."))
    if made is None or made.asked != asked:
        made = making.made(asked)
    if same := queries.waiting(round, by.person_id, made):
        audit.note("release.prepare_again", about=same)
        return same
    release = _frozen(round, administration, made, by)
    audit.note("release.prepare", about=release, number=release.number, sha256=release.sha256)
    return release


def _frozen(round: Round, administration: RoundNode, made: Made, by: Mandate) -> Release:
    covered = made.asked.covered
    release = Release(
        public_id=random_name(), round_id=round.id, unit_id=administration.unit_id, path=administration.path,
        audience=queries.COMMITTEE, number=queries.last_number(round) + 1, state="prepared",
        expected=covered.expected, reporting=covered.reporting, prepared_at=clock.now(), prepared_by_id=by.person_id,
        profile=made.asked.profile.facts(), beside=made.asked.beside, sha256="",
    )  # fmt: skip
    release.sha256 = rules.sha256(queries.facts(release, queries.content(made)))
    db.session.add(release)
    db.session.flush()
    ids: dict[int, int] = {}
    for one in made.asked.nodes:
        node = ReleasedNode(
            release_id=release.id, parent_id=ids.get(one.parent or 0), unit_id=one.node.unit_id, level=one.node.level,
            name=one.node.name, expected=one.part.expected, reporting=one.part.reporting,
        )  # fmt: skip
        db.session.add(node)
        db.session.flush()
        ids[one.node.unit_id] = node.id
    figures = [
        {"release_id": release.id, "node_id": ids[line.unit_id], "rule": line.rule, **queries.values(line.figure)}
        for line in made.lines
    ]
    made_of = [
        {"release_id": release.id, "unit_id": one.unit_id, "submission_id": one.submission_id,
         "places": None if one.places is None else [list(each) for each in one.places]}
        for one in made.asked.sources
    ]  # fmt: skip
    for model, rows in ((ReleasedFigure, figures), (ReleaseSource, made_of)):
        if rows:
            db.session.execute(insert(model), rows)
    return release


@atomic
def approve(release: Release, *, by: Mandate) -> Release:
    """Let it leave the administration. Refused to whoever prepared it, under whatever mandate; and where another has been
    approved since, that it was not protected beside: the two together could tell what neither does."""
    queries.hold(release)
    db.session.refresh(release, with_for_update={"of": Release})
    _may_decide(release, by)
    if release.number != queries.last_number(release.round, release.audience):
        raise RuleBroken(_("Det finns en nyare utgåva för samma uppföljning. Granska den i stället."))
    if not queries.holds(release):
        raise RuleBroken(_("Utgåvan har ändrats sedan den förbereddes: dess kontrollsumma stämmer inte. Förbered en ny."))
    if (release.beside or []) != sources.beside(release.round, release.path):
        raise RuleBroken(_("En annan utgåva har godkänts sedan den här förbereddes, utan att räknas med. Förbered en ny."))
    _decide(release, "approved", by)
    audit.note("release.approve", about=release, number=release.number, sha256=release.sha256)
    return release


@atomic
def refuse(release: Release, *, reason: str, by: Mandate) -> Release:
    """Say no, with a reason. Also a director who prepared it may think again; an officer prepares a new one."""
    db.session.refresh(release, with_for_update={"of": Release})
    guard.require(Action.APPROVE, release, by)
    release.reason = rules.check_reason(reason)
    _decide(release, "refused", by)
    audit.note("release.refuse", about=release, number=release.number)
    return release


@atomic
def keep_profile(unit: Unit, profile: Profile, *, by: Mandate) -> None:
    """Protect what an administration releases from now on by its own thresholds, or by Skolverket's again.

    Releases that exist keep those that they were made with."""
    kept = db.session.scalars(select(ReleaseProfile).where(ReleaseProfile.unit_id == unit.id)).first()
    kept = kept or ReleaseProfile(unit_id=unit.id, path=unit.path)
    guard.require(Action.KEEP, kept, by)
    kept.facts, kept.kept_at, kept.kept_by_id = profile.facts(), clock.now(), by.person_id
    db.session.add(kept)
    audit.note(
        "release.keep_profile", about=unit, **{name: getattr(profile, name) for name in (*profiles.BOUNDS, "finest", "name")}
    )


def _may_decide(release: Release, by: Mandate) -> None:
    guard.require(Action.APPROVE, release, by)
    rules.check_other_person(release.prepared_by_id, by.person_id)


def _decide(release: Release, state: str, by: Mandate) -> None:
    release.state, release.decided_at, release.decided_by_id = state, clock.now(), by.person_id
