"""One person prepares a release, another approves it. After that it is never changed; a new number takes its place."""

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.organisation.models import Mandate
from chain.release import queries, rules
from chain.release.models import Release, ReleasedFigure


@atomic
def prepare(round: Round, *, by: Mandate) -> Release:
    """Freeze the administration's sums of a round as the committee may see them. Nothing live is read after this.

    Who prepares the same again gets the one that waits.
    """
    cycle.hold(round.id)
    guard.require(Action.PREPARE, Release(unit_id=by.unit_id, path=by.path), by)
    administration = queries.node(round, by)
    if administration is None:
        raise RuleBroken(_("En utgåva förbereds av förvaltningen, för en uppföljning som den själv är med i."))
    exact, covered = queries.exact(round, administration)
    if not exact:
        raise RuleBroken(_("Det finns inga siffror att ge ut än: ingen enhets uppföljning är mottagen."))
    protected = rules.protect(exact)
    if same := queries.waiting(round, by.person_id, protected, covered):
        audit.note("release.prepare_again", about=same)
        return same
    release = Release(
        public_id=random_name(), round_id=round.id, unit_id=administration.unit_id, path=administration.path,
        audience=queries.COMMITTEE, number=queries.last_number(round) + 1, state="prepared",
        expected=covered.expected, reporting=covered.reporting, prepared_at=clock.now(), prepared_by_id=by.person_id,
    )  # fmt: skip
    release.sha256 = rules.sha256(queries.facts(release, protected))
    db.session.add(release)
    db.session.flush()
    db.session.add_all(ReleasedFigure(release_id=release.id, **queries.values(one)) for one in protected)
    audit.note("release.prepare", about=release, number=release.number, sha256=release.sha256)
    return release


@atomic
def approve(release: Release, *, by: Mandate) -> Release:
    """Let it leave the administration. Refused to whoever prepared it, under whatever mandate."""
    db.session.refresh(release, with_for_update={"of": Release})
    _may_decide(release, by)
    if release.number != queries.last_number(release.round, release.audience):
        raise RuleBroken(_("Det finns en nyare utgåva för samma uppföljning. Granska den i stället."))
    if not queries.holds(release):
        raise RuleBroken(_("Utgåvan har ändrats sedan den förbereddes: dess kontrollsumma stämmer inte. Förbered en ny."))
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


def _may_decide(release: Release, by: Mandate) -> None:
    guard.require(Action.APPROVE, release, by)
    rules.check_other_person(release.prepared_by_id, by.person_id)


def _decide(release: Release, state: str, by: Mandate) -> None:
    release.state, release.decided_at, release.decided_by_id = state, clock.now(), by.person_id
