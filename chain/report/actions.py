"""Handing the committee its page, and the secretary's receipt."""

from typing import Any

from chain.access import guard
from chain.access.policy import Action, Role
from chain.base import audit, clock, events, outbox
from chain.base.db import atomic, db, random_name
from chain.base.queue import lock
from chain.cycle.models import Round
from chain.followup import actions as followup
from chain.followup.queries import receivers
from chain.organisation.models import Mandate
from chain.release.models import Release
from chain.report import queries, rules
from chain.report.models import Edition, Report


@events.listen("release_looked_for", "report")
def release_looked_for(*, mandate: Mandate, release: Release, found: list[object], **_more: object) -> None:
    """The committee's page keeps readable what it is built on."""
    if report := queries.built_on(mandate, release):
        found.append(report)


@atomic
def publish(round: Round, *, by: Mandate, read: str | None = None) -> Report:
    """Hand the committee a round's page: the administration's sentences and an approved release, both of that very round.

    `read`: what the page was made of when it was read (Parts.read); refused when it would be made of something else by now.

    Until the secretary has registered it, a newer edition takes its place; the earlier one can still be seen as of its days.
    """
    lock(db.session(), f"report:{round.id}")
    report = queries.of(round)
    guard.require(Action.PREPARE, report or Report(unit_id=round.committee_id, path=round.path), by)
    followup.hold(round, by.unit_id)
    parts = queries.parts(round, by)
    rules.check_ready(handed_up=parts.submission is not None, released=parts.release is not None)
    assert parts.submission and parts.release, "check_ready has seen to it"
    rules.check_read(read, parts.read)
    same = (parts.submission.id, parts.release.id)
    if report is None:
        report = Report(
            public_id=random_name(), round_id=round.id, unit_id=round.committee_id, path=round.path, state="published"
        )
        db.session.add(report)
    else:
        rules.check_replaceable(report.state, same=_same(report, same, parts.seen))
    report.submission_id, report.release_id = same
    parts.submission.opened_at = parts.submission.opened_at or clock.now()  # what the page stands on is not taken away
    report.published_at, report.published_by_id = clock.now(), by.person_id
    report.editions.append(
        Edition(
            number=len(report.editions) + 1, submission_id=report.submission_id, release_id=report.release_id,
            published_at=report.published_at, published_by_id=by.person_id, seen=parts.seen,
        )
    )  # fmt: skip
    db.session.flush()
    readers = receivers(round.committee_id, (Role.MEMBER, Role.SECRETARY))
    outbox.post("report.published", f"/report/{report.public_id}", readers)
    audit.note("report.publish", about=report, submission=parts.submission.public_id, release=parts.release.public_id)
    return report


def _same(report: Report, made: tuple[int, int], seen: dict[str, Any]) -> bool:
    return (report.submission_id, report.release_id) == made and report.editions[-1].seen == seen


@atomic
def receive(report: Report, registration_number: str, *, by: Mandate, edition: int | None = None) -> None:
    """The secretary registers that the committee has got it. From then on it stands as it is.

    `edition`: the number of the one that was read; refused when another has been handed over since.
    """
    lock(db.session(), f"report:{report.round_id}")
    db.session.refresh(report)
    guard.require(Action.RECORD, report, by)
    rules.check_edition(edition, report.editions[-1].number)
    report.registration_number = rules.check_number(registration_number)
    report.state, report.received_at, report.received_by_id = "received", clock.now(), by.person_id
    audit.note("report.receive", about=report)
