"""Making public, withdrawing, and taking down what somebody could not use."""

from chain.access import guard
from chain.access.policy import Action, Role
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db, random_name
from chain.base.queue import lock
from chain.document import queries as documents
from chain.document.models import Document
from chain.followup.queries import receivers
from chain.matter.models import Decision
from chain.organisation.models import Mandate, Unit
from chain.publication import queries, rules
from chain.publication.models import Publication, Remark
from chain.report import queries as reports
from chain.report.models import Report


@atomic
def publish(
    report: Report, *, read_through: bool, by: Mandate, decision: Decision | None = None, read: str | None = None
) -> Publication:
    """Let everybody read the page as it stands today, without signing in.

    `read_through`: somebody has read it and answers for its pointing at nobody. `read`: the decisions that stood there then
    (queries.read); refused when others do by now.
    """
    lock(db.session(), f"report:{report.round_id}")
    db.session.refresh(report)
    rules.check_read(read, queries.read(queries.decisions(report)))
    edition = reports.editions(report)[-1]
    made = _made(report.unit_id, report.path, decision, by)
    made.edition_id = edition.id
    rules.check_publishable(
        received=report.state == "received", read_through=read_through, already=queries.about(report) is not None
    )
    db.session.add(made)
    db.session.flush()
    audit.note("publication.publish", about=made, report=report.public_id, release=edition.release.public_id)
    return made


@atomic
def publish_document(document: Document, *, read_through: bool, by: Mandate, decision: Decision | None = None) -> Publication:
    """Let everybody read a document that the committee has been handed. An earlier edition that is public says so from now on."""
    db.session.refresh(document, with_for_update={"of": Document})
    made = _made(document.committee_id, document.committee.path, decision, by)
    made.document_id = document.id
    rules.check_document(
        handed_over=document.state == "handed_over", replaced=documents.is_replaced(document),
        released=document.release is None or document.release.state == "approved", read_through=read_through,
        already=queries.about_document(document) is not None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for earlier in queries.earlier(document):
        earlier.replaced_by_id = made.id
    audit.note("publication.publish_document", about=made, document=document.public_id, sha256=document.sha256)
    return made


def _made(committee_id: int, path: str, decision: Decision | None, by: Mandate) -> Publication:
    """One that is public from now on, if the mandate may make it so."""
    made = Publication(
        public_id=random_name(), unit_id=committee_id, path=path, state="public",
        decision_id=decision.id if decision else None, published_at=clock.now(), published_by_id=by.person_id,
    )  # fmt: skip
    guard.require(Action.RECORD, made, by)
    return made


@atomic
def withdraw(publication: Publication, *, reason: str, by: Mandate) -> None:
    """Take it away from everybody; the reason stands in its place. Withdrawn twice is withdrawn once."""
    db.session.refresh(publication, with_for_update={"of": Publication})
    guard.require(Action.RECORD, publication, by)
    if publication.state == "withdrawn":
        audit.note("publication.withdraw_again", about=publication)
        return
    publication.reason = rules.check_withdrawal(reason)
    publication.state, publication.withdrawn_at, publication.withdrawn_by_id = "withdrawn", clock.now(), by.person_id
    audit.note("publication.withdraw", about=publication)


@atomic
def remark(municipality: Unit, text: str, contact: str, *, by: None) -> Remark:
    """Take down what somebody who could not use a page tells; its stewards get a letter. `by` nobody: all may."""
    words = rules.check_remark(text, today=queries.told_since(clock.at(clock.today(), 0)))
    told = Remark(
        public_id=random_name(), unit_id=municipality.id, path=municipality.path, text=words, contact=contact.strip(),
        told_at=clock.now(), state="new",
    )  # fmt: skip
    db.session.add(told)
    db.session.flush()
    outbox.post("publication.remark", "/publication/remarks", receivers(municipality.id, (Role.STEWARD,)))
    audit.note("publication.remark", about=told)
    return told


@atomic
def see_to(remark: Remark, *, by: Mandate) -> None:
    """It has been seen to. Pressed twice, the first one stands."""
    db.session.refresh(remark, with_for_update={"of": Remark})
    guard.require(Action.KEEP, remark, by)
    if remark.state == "new":
        remark.state, remark.answered_at, remark.answered_by_id = "answered", clock.now(), by.person_id
    audit.note("publication.see_to", about=remark)
