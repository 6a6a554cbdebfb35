"""Reads governing documents: those that hold for somebody, one with its versions, and who was asked about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.base.locale import _, sort_key
from chain.goal import document_rules as rules
from chain.goal import queries as goals
from chain.goal.document_models import Consultation, GoverningDocument, GoverningReference, GoverningVersion
from chain.goal.plan_models import Workplan
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Unit

HEADS = (Role.PRINCIPAL, Role.AREA_HEAD, Role.DIRECTOR)
WHOLE = (
    joinedload(GoverningDocument.unit),
    selectinload(GoverningDocument.versions).joinedload(GoverningVersion.written_by),
)


@dataclass(frozen=True)
class Line:
    """A document in a list, with the version that holds, and one that is being written, for those who may know of it."""

    document: GoverningDocument
    holds: GoverningVersion | None
    begun: GoverningVersion | None


def documents(mandate: Mandate, *, closed: bool = False) -> list[Line]:
    """Those that the mandate reads, the nearest level last: three statements. `closed`: those that no longer hold.

    What is being written is shown to those who write there alone.
    """
    rows = policy.visible(mandate, GoverningDocument).where((GoverningDocument.state == "withdrawn").is_(closed))
    found = db.session.scalars(rows.options(*WHOLE)).all()
    ordered = sorted(found, key=lambda one: (len(one.path), one.path, rules.KINDS.index(one.kind), sort_key(one.title)))
    return [Line(one, current(one), begun(one) if writes(mandate, one) else None) for one in ordered]


def writes(mandate: Mandate, document: GoverningDocument) -> bool:
    """Whether the mandate writes a document: drafts and consultations are theirs alone."""
    return policy.may(mandate, Action.WRITE, document)


def current(document: GoverningDocument) -> GoverningVersion | None:
    """The version that was adopted last and has not been replaced or withdrawn."""
    return next((one for one in reversed(document.versions) if one.state == "adopted"), None)


def begun(document: GoverningDocument) -> GoverningVersion | None:
    """The version that is being written, is out for consultation, or waits to be adopted after one."""
    return next((one for one in reversed(document.versions) if one.state in ("draft", "consulting", "consulted")), None)


def shown(mandate: Mandate, document: GoverningDocument) -> list[GoverningVersion]:
    """The versions that the mandate reads, the newest first: those that have held; all of them for whoever writes it."""
    held = [one for one in document.versions if one.adopted_on and one.state in ("adopted", "replaced", "withdrawn")]
    return list(reversed(document.versions if writes(mandate, document) else held))


def draft(document: GoverningDocument) -> GoverningVersion:
    """The version that can be written in now. RuleBroken where there is none."""
    version = begun(document)
    if version is None or version.state != "draft":
        raise RuleBroken(_("Det finns inget utkast att skriva i. Påbörja en ny version först."))
    return version


def facts(version: GoverningVersion) -> rules.Facts:
    """What the table asks of a version, but for what somebody says just now."""
    others = [one for one in version.document.versions if one is not version and one.number > version.number]
    begun = any(one.state in ("draft", "consulting", "consulted") for one in others)
    words = bool(version.text.strip() or version.link.strip() or version.files)
    return rules.Facts(words=words, begun=begun, today=clock.today())


def consultations(document: GoverningDocument) -> list[Consultation]:
    """Everybody who was asked about any of its versions, the newest version first."""
    rows = select(Consultation).join(Consultation.about).where(GoverningVersion.document_id == document.id)
    rows = rows.options(joinedload(Consultation.receiver), joinedload(Consultation.answered_by), joinedload(Consultation.about))
    return list(db.session.scalars(rows.order_by(GoverningVersion.number.desc(), Consultation.id)))


def waiting(mandate: Mandate) -> list[Consultation]:
    """Those that wait for this head's answer, the nearest last day first."""
    rows = policy.visible(mandate, Consultation, Action.ANSWER)
    rows = rows.options(joinedload(Consultation.about).joinedload(GoverningVersion.document), joinedload(Consultation.unit))
    return list(db.session.scalars(rows.order_by(Consultation.until, Consultation.id)))


def received(mandate: Mandate) -> list[Consultation]:
    """All that the mandate's unit was asked, the newest first."""
    rows = policy.visible(mandate, Consultation).where(Consultation.receiver_id == mandate.unit_id)
    rows = rows.options(joinedload(Consultation.about).joinedload(GoverningVersion.document), joinedload(Consultation.unit))
    return list(db.session.scalars(rows.order_by(Consultation.id.desc()).limit(50)))


def can_be_asked(document: GoverningDocument) -> list[tuple[Unit, list[str]]]:
    """The units below whose heads can be asked, in the order of the tree, each with its heads' names. Two statements."""
    held = select(Mandate).where(policy.below(document.path, Mandate.path), Mandate.role.in_(HEADS))
    heads = db.session.scalars(held.where(organisation.holding(clock.today())).options(joinedload(Mandate.person))).all()
    names: dict[int, list[str]] = {}
    for one in heads:
        names.setdefault(one.unit_id, []).append(one.person.name)
    units = db.session.scalars(select(Unit).where(Unit.id.in_(names)))
    here = sorted((one for one in units if one.open), key=lambda one: (one.path.count("/"), sort_key(one.name)))
    return [(one, sorted(names[one.id], key=sort_key)) for one in here]


def heads_of(units: Iterable[Unit]) -> list[str]:
    """The public ids of the people who answer for some units today."""
    held = select(Mandate).where(Mandate.unit_id.in_([one.id for one in units]), Mandate.role.in_(HEADS))
    rows = held.where(organisation.holding(clock.today())).options(joinedload(Mandate.person))
    return [one.person.public_id for one in db.session.scalars(rows)]


# What refers to them


def referring(document: GoverningDocument) -> list[GoverningReference]:
    """What a document governs."""
    rows = select(GoverningReference).where(GoverningReference.document_id == document.id)
    return list(db.session.scalars(rows.options(joinedload(GoverningReference.goal)).order_by(GoverningReference.id)))


def of_plan(plan: Workplan) -> list[GoverningReference]:
    """What a plan refers to."""
    return list(db.session.scalars(select(GoverningReference).where(GoverningReference.workplan_id == plan.id)))


def governing(path: str, *, goal_id: int | None = None, workplan_id: int | None = None) -> list[GoverningDocument]:
    """The adopted documents of a node or those above it that govern a goal or a plan."""
    wanted = [GoverningReference.goal_id == goal_id] if goal_id else [GoverningReference.workplan_id == workplan_id]
    return _adopted(path, *wanted)


def governing_question(path: str, level: str, question: str) -> list[GoverningDocument]:
    """The adopted documents of a node or those above it that govern what a level is asked."""
    return _adopted(path, GoverningReference.level == level, GoverningReference.question == question)


def _adopted(path: str, *wanted: ColumnElement[bool]) -> list[GoverningDocument]:
    here = and_(GoverningDocument.path.in_([*policy.ancestors(path), path]), GoverningDocument.state == "adopted")
    refers = select(GoverningReference.document_id).where(*wanted)
    rows = db.session.scalars(select(GoverningDocument).where(here, GoverningDocument.id.in_(refers)))
    return sorted(rows, key=lambda one: (len(one.path), sort_key(one.title)))


def choosable(path: str) -> list[GoverningDocument]:
    """The adopted documents of a node and those above it."""
    here = or_(GoverningDocument.path == path, GoverningDocument.path.in_(policy.ancestors(path)))
    rows = db.session.scalars(select(GoverningDocument).where(here, GoverningDocument.state == "adopted"))
    return sorted(rows, key=lambda one: (len(one.path), sort_key(one.title)))


def nodes(mandate: Mandate) -> list[Unit]:
    """The nodes whose documents the mandate writes."""
    mine = [one for one in goals.nodes(mandate) if one.level in rules.LEVELS]
    return [one for one in mine if writes(mandate, GoverningDocument(unit_id=one.id, path=one.path, state="draft"))]
