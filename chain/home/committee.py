"""What stands between the administration and its committee: opening a round, releases, the page, decisions, their way down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, day
from chain.cycle.models import Round, Year
from chain.document.models import Document
from chain.feedback.models import Feedback
from chain.home.rules import Todo, folded, short
from chain.matter.models import Decision
from chain.organisation.models import Mandate, Unit
from chain.release.models import Release
from chain.release.queries import can_be_approved, waits
from chain.report.models import Report

ELECTED = (Role.MEMBER, Role.SECRETARY, Role.AUDITOR)
NEWEST = 4  # pages looked at: a year's


# For those who keep the rounds


@cache  # to put it together takes as long as to run it
def _unopened() -> ColumnElement[bool]:
    """A round that nobody has opened, nor one after it: after that it cannot be opened."""
    later, its_year = aliased(Round), aliased(Year)
    beyond = or_(its_year.starts_on > Year.starts_on, and_(later.year_id == Round.year_id, later.number > Round.number))
    passed = select(later.id).join(its_year, later.year_id == its_year.id)
    passed = passed.where(later.path == Round.path, later.opened_at.is_not(None), beyond)
    return and_(Round.opened_at.is_(None), ~passed.exists())


def rounds_to_open(mandate: Mandate) -> Iterator[Todo]:
    """The next round of each committee, when its day has come and nobody has opened it."""
    planned = policy.visible(mandate, Round, Action.KEEP).join(Round.year).options(contains_eager(Round.year))
    due = planned.where(_unopened(), Round.opens_on <= clock.today())
    first = {round.path: round for round in db.session.scalars(due.order_by(Year.starts_on.desc(), Round.number.desc()))}
    for round in first.values():
        yield Todo(
            title=_("Öppna %(round)s", round=round.title),
            hint=_("Skulle öppna %(day)s. Ingen kan börja skriva innan dess.", day=day(round.opens_on)),
            endpoint="cycle.round",
            values=(("public_id", round.public_id),),
            status="not_started",
            weight=1,
            since=round.opens_on,
        )


# For the administration


def releases(mandate: Mandate, round: Round | None, *, handed_up: bool) -> Iterator[Todo]:
    """Releases that another has prepared; and when the own follow-up is handed in: release the figures, hand over the page."""
    if round is None or not policy.may_somewhere(mandate, Action.PREPARE, "release"):
        return
    published = select(Report.id).where(Report.round_id == round.id).exists()
    here = or_(waits(), and_(Release.round_id == round.id, Release.state == "approved"))
    asked = select(Round, Release, can_be_approved(), published).outerjoin(Release, (Release.round_id == Round.id) & here)
    asked = asked.where(Round.path == round.path, or_(Round.id == round.id, Release.id.is_not(None)))
    rows = db.session.execute(asked.options(joinedload(Round.year))).all()
    for of, release, somebody, _published in rows:
        if release and release.state == "prepared" and not somebody:
            yield _nobody_approves(release, of)
        elif release and _may_approve(mandate, release):
            yield _to_approve(release, of)
    states = {release.state for of, release, *_rest in rows if release and of.id == round.id}
    if handed_up and not rows[0][-1]:
        yield from _next_step(round, states)


def _may_approve(mandate: Mandate, release: Release) -> bool:
    return policy.may(mandate, Action.APPROVE, release) and release.prepared_by_id != mandate.person_id


def _to_approve(release: Release, round: Round) -> Todo:
    return Todo(
        title=_("En utgåva väntar på godkännande"),
        hint=round.title,
        endpoint="release.show",
        values=(("public_id", release.public_id),),
        status="prepared",
        weight=2,
        since=clock.date_of(release.prepared_at),
    )


def _nobody_approves(release: Release, round: Round) -> Todo:
    """For all who prepare: whoever prepared it is alone in approving, so it would wait for ever."""
    return Todo(
        title=_("Ingen kan godkänna utgåvan av %(round)s", round=round.title),
        hint=_("Den som förberedde den är ensam om att godkänna. Låt en utredare förbereda en ny."),
        endpoint="release.prepare",
        values=(("round", round.public_id),),
        status="prepared",
        weight=2,
        since=clock.date_of(release.prepared_at),
    )


def documents(mandate: Mandate) -> list[Todo]:
    """Documents to the committee that wait for this mandate: to be approved, to be written on, to be handed over."""
    waits = (Document.state == "waiting", Document.sent_by_id != mandate.person_id)
    mine = (Document.state == "draft", Document.reason != "", Document.sent_by_id == mandate.person_id)
    asked = policy.visible(mandate, Document, Action.PREPARE).where(or_(and_(*waits), and_(*mine), Document.state == "approved"))
    found = db.session.scalars(asked.order_by(Document.sent_at))
    return [todo for one in found if (todo := _document(mandate, one))]


def _document(mandate: Mandate, one: Document) -> Todo | None:
    words = {
        "waiting": (_("Ett dokument väntar på ditt godkännande"), 2, one.sent_at),
        "draft": (_("Ett dokument kom tillbaka från skolchefen"), 2, one.sent_at),
        "approved": (_("Överlämna dokumentet till nämnden"), 3, one.approved_at),
    }
    if one.state == "waiting" and not policy.may(mandate, Action.APPROVE, one):
        return None
    title, weight, since = words[one.state]
    return Todo(
        title=title, hint=one.title if one.state != "draft" else short(one.reason), endpoint="document.show",
        values=(("public_id", one.public_id),), status=f"document_{one.state}", weight=weight,
        since=clock.date_of(since) if since else None,
    )  # fmt: skip


def _next_step(round: Round, states: set[str]) -> Iterator[Todo]:
    """Nothing while a release waits to be approved: then it is somebody else's turn, or one's own above."""
    if not states:
        yield Todo(
            title=_("Förbered en utgåva av %(round)s", round=round.title),
            hint=_("Er uppföljning är inlämnad. Nämnden ser inga siffror förrän en utgåva är godkänd av någon annan."),
            endpoint="release.prepare",
            values=(("round", round.public_id),),
            status="not_started",
            weight=2,
        )
    elif "approved" in states:
        yield Todo(
            title=_("Överlämna sidan till nämnden"),
            hint=_("Siffrorna är godkända. Se hur sidan blir och överlämna den."),
            endpoint="report.publish",
            values=(("public_id", round.public_id),),
            status="not_started",
            weight=2,
        )


# For the committee


@dataclass(frozen=True)
class Page:
    """A page that the committee has got, and whether it has decided about it."""

    report: Report
    decided: bool

    @property
    def met(self) -> bool:
        """Whether the meeting at which it is read has come."""
        meets_on = self.report.round.meets_on
        return meets_on is not None and meets_on <= clock.today()

    @property
    def over(self) -> bool:
        """Whether the meeting for which it came has been."""
        meets_on = self.report.round.meets_on
        return meets_on is not None and clock.date_of(self.report.published_at) <= meets_on < clock.today()


def pages(mandate: Mandate) -> list[Page]:
    """The newest pages, the newest round first: for the elected, and for those who have no follow-up of their own to write."""
    if mandate.role not in (*ELECTED, Role.FIRST_TEACHER):
        return []
    decided = select(Decision.id).where(Decision.round_id == Report.round_id, Decision.unit_id == Report.unit_id).exists()
    asked = select(Report, decided).join(Report.round).join(Round.year).where(policy.where(mandate, Report))
    newest = asked.options(contains_eager(Report.round).contains_eager(Round.year))
    rows = db.session.execute(newest.order_by(Year.starts_on.desc(), Round.number.desc()).limit(NEWEST))
    return [Page(report, done) for report, done in rows]


def to_read_and_record(mandate: Mandate, found: list[Page]) -> Iterator[Todo]:
    """Before the meeting there is a page to read; the secretary registers that it came, and after it what was decided."""
    for page in found:
        if policy.may(mandate, Action.RECORD, page.report):
            yield _to_register(page.report)
    for page in found:
        if page.decided:  # the committee has gone on: nobody asks for what was decided before that
            break
        if policy.may_somewhere(mandate, Action.RECORD, "decision"):
            yield _to_record(page)
    newest = found[0] if found else None
    if newest and mandate.role in (Role.MEMBER, Role.AUDITOR) and not newest.decided and not newest.over:
        yield _to_read(newest.report)


def _to_read(report: Report) -> Todo:
    handed_over = _("En sida, två minuter. Överlämnad %(day)s.", day=day(clock.date_of(report.published_at)))
    meets_on = report.round.meets_on if (report.round.meets_on or date.min) >= clock.today() else None
    meets = _("Nämnden sammanträder %(day)s.", day=day(meets_on)) if meets_on else ""
    return Todo(
        title=_("Läs sammanfattningen: %(round)s", round=report.round.title),
        hint=f"{handed_over} {meets}".strip(),
        endpoint="report.show",
        values=(("public_id", report.public_id),),
        status="published",
        weight=4,
        due=meets_on,
    )


def _to_register(report: Report) -> Todo:
    since = clock.date_of(report.published_at)
    return Todo(
        title=_("Registrera mottagandet: %(round)s", round=report.round.title),
        hint=_("Överlämnad %(day)s.", day=day(since)),
        endpoint="report.show",
        values=(("public_id", report.public_id),),
        status="published",
        weight=1,
        since=since,
    )


def _to_record(page: Page) -> Todo:
    """From the day of the meeting on it waits; before that it is good to know."""
    meets_on = page.report.round.meets_on
    known = _("Nämnden sammanträder %(day)s.", day=day(meets_on)) if meets_on else _("Sidan är överlämnad till nämnden.")
    return Todo(
        title=_("Skriv in nämndens beslut: %(round)s", round=page.report.round.title),
        hint=_("Nämnden sammanträdde %(day)s.", day=day(meets_on)) if page.met else known,
        endpoint="matter.record",
        values=(("round", page.report.round.public_id),),
        status="not_started",
        weight=1 if page.met else 6,
        since=meets_on,
    )


@cache
def _untold() -> ColumnElement[bool]:
    """A decision that stands and that nobody below has been told of; not one from before the newest that they were told of."""
    newer, first, known = aliased(Decision), aliased(Decision), aliased(Decision)
    told = select(Feedback.about).join(Feedback.unit).where(Feedback.kind == "feedback", Feedback.about_kind == "decision")
    told = told.where(Unit.level.in_(("committee", "administration")))  # whichever of them has begun to tell of it
    last = select(func.max(known.decided_on)).where(known.unit_id == Decision.unit_id, known.public_id.in_(told))
    corrected = select(first.id).where(first.id == Decision.corrects_id, first.public_id.in_(told))
    return and_(
        ~select(newer.id).where(newer.corrects_id == Decision.id).exists(),
        Decision.public_id.not_in(told),
        ~corrected.exists(),  # whoever was told of it before it was corrected has been told
        Decision.decided_on >= func.coalesce(last.scalar_subquery(), date.min),
    )


def decisions_to_feed_back(mandate: Mandate) -> list[Todo]:
    """Decisions that nobody below has been told of."""
    asked = policy.visible(mandate, Decision, Action.RECORD).where(_untold())
    found = (
        Todo(
            title=_("Återkoppla beslutet %(paragraph)s", paragraph=decision.paragraph),
            hint=short(decision.text),
            endpoint="feedback.give",
            values=(("about_kind", "decision"), ("about", decision.public_id)),
            status="not_started",
            weight=3,
            since=decision.decided_on,
            who=decision.paragraph,
        )
        for decision in db.session.scalars(asked.order_by(Decision.decided_on, Decision.id))
    )
    return folded(found, lambda n: _("%(n)s beslut att återkoppla", n=n), "matter.archive")
