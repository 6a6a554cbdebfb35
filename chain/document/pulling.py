"""What the system has for each heading of a document: from the committee's matter, the administration's words, a release.

In Swedish, as documents are. It is offered, never put over what people have written. Figures come from an approved release alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chain.access.policy import Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import day, number
from chain.cycle.models import Round
from chain.document.models import Document, DocumentSection
from chain.finding import finding_queries as finding
from chain.followup import queries as followup
from chain.followup import reading
from chain.followup.models import Submission
from chain.followup.reading import Shown
from chain.matter import queries as matters
from chain.matter.models import Assignment, Decision, Matter
from chain.organisation.models import Mandate
from chain.organisation.queries import holding
from chain.release import queries as release
from chain.release.models import Release
from chain.report import figures, queries, rules
from chain.report.figures import Choice
from chain.report.models import Report

LANGUAGE = "sv"
TITLES = {Role.DIRECTOR: "skolchef", Role.OFFICER: "utredare"}


@dataclass(frozen=True)
class Source:
    """Where something comes from: an address to open, and its name."""

    kind: str  # submission, release, report, matter, decision, finding
    public_id: str
    label: str


@dataclass(frozen=True)
class Pulled:
    """What the system has for a heading."""

    text: str = ""
    figures: tuple[str, ...] = ()
    quotes: tuple[dict[str, str], ...] = ()  # public_id, words, source
    sources: tuple[Source, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.figures or self.quotes)

    def facts(self) -> dict[str, Any]:
        """As a section keeps it (JSON)."""
        return {**asdict(self), **{name: list(getattr(self, name)) for name in ("figures", "quotes")},
                "sources": [asdict(one) for one in self.sources]}  # fmt: skip


@dataclass(frozen=True)
class Stock:
    """All that is looked up for a document, once for all its headings."""

    document: Document
    round: Round | None
    submission: Submission | None
    release: Release | None
    report: Report | None
    before: list[Decision]  # about the page that the committee had before this one
    matter: Matter | None
    assignments: list[Assignment]  # that are answered in the matter
    decisions: list[Decision]  # of the matter, and of the one that it goes on from
    signed: list[tuple[str, Role]]
    choices: list[Choice] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)  # the units' themes, as they are counted and quoted now
    answered: list[str] = field(default_factory=list)  # findings with what has been answered to them

    def words(self, *keys: str) -> list[Shown]:
        return reading.sentences(self.submission, keys) if self.submission else []


def stock(document: Document) -> Stock:
    """What there is to pull from. As many statements for a long document as for a short one."""
    round, matter = document.round, document.matter
    last = queries.before(round) if round else None
    with force_locale(LANGUAGE):
        released = release.approved(round) if round else None
        return Stock(
            document=document, round=round, submission=followup.latest(document.unit_id, round) if round else None,
            release=released, report=queries.of(round) if round else None, before=matters.about(last.round) if last else [],
            matter=matter, assignments=_assignments(matter), decisions=_decisions(matter), signed=_signed(document),
            choices=figures.choices(released) if released else [],
            seen=finding.told(document.unit, round) if round else {},
            answered=finding.answered(document.unit, round) if round else [],
        )  # fmt: skip


def _assignments(matter: Matter | None) -> list[Assignment]:
    if matter is None:
        return []
    whole = joinedload(Assignment.decision), joinedload(Assignment.receiver)
    found = select(Assignment).where(Assignment.answered_in_id == matter.id).options(*whole).order_by(Assignment.id)
    return list(db.session.scalars(found))


def _decisions(matter: Matter | None) -> list[Decision]:
    if matter is None:
        return []
    ids = [one for one in (matter.follows_id, matter.id) if one]
    found = select(Decision).where(Decision.matter_id.in_(ids)).order_by(Decision.decided_on, Decision.id)
    return matters.standing(db.session.scalars(found))


def _signed(document: Document) -> list[tuple[str, Role]]:
    """The director, and whoever began to write it."""
    heads = select(Mandate).where(Mandate.unit_id == document.unit_id, Mandate.role == Role.DIRECTOR, holding(clock.today()))
    found = [(one.person.name, Role.DIRECTOR) for one in db.session.scalars(heads.options(joinedload(Mandate.person)))]
    writer = document.begun_by.name
    return found if writer in [name for name, _role in found] else [*found, (writer, Role.OFFICER)]


def of(section: DocumentSection, here: Stock) -> Pulled:
    """What the system has for a section; nothing for what only people know."""
    with force_locale(LANGUAGE):
        return _PARTS.get(section.part, _nothing)(here)


# The parts


def _nothing(here: Stock) -> Pulled:
    return Pulled()


def _proposal(here: Stock) -> Pulled:
    committee = here.document.committee.name
    if here.assignments:
        told = [f"{committee} godkänner återrapporteringen av uppdraget från den {day(one.decision.decided_on)}, "
                f"{one.decision.paragraph}." for one in here.assignments]  # fmt: skip
        return Pulled("\n".join(told), sources=tuple(_assigned(here)))
    if here.round:
        return Pulled(f"{committee} godkänner redovisningen av {_called(here.round)}.")
    return Pulled(f"{committee} godkänner redovisningen.")


def _summary(here: Stock) -> Pulled:
    return _said(here, here.words("where_we_are", "stands_out"))


def _papers(here: Stock) -> Pulled:
    office, dated = here.document.unit.name, here.document.dated_on.isoformat()
    what = "tjänsteskrivelse" if here.document.kind == "statement" else "läsårsrapport"
    papers = [f"{_whose(office)} {what} {dated}"]
    if here.report:
        papers.append(f"Nämndens sida för {_called(here.report.round)}, {clock.date_of(here.report.published_at).isoformat()}")
    return Pulled(_numbered(papers), sources=tuple(_page(here)))


def _background(here: Stock) -> Pulled:
    committee = here.document.committee.name
    told = [here.matter.why] if here.matter and here.matter.why else []
    for one in here.assignments:
        when = f"den {day(one.decision.decided_on)} ({one.decision.paragraph}, {one.decision.registration_number})"
        told.append(f"{committee} gav {when} {one.receiver.name} i uppdrag: {one.text}")
    known = {one.decision_id for one in here.assignments}  # told already, as assignments
    decisions = [one for one in here.decisions or here.before if one.id not in known]
    told += [f"{committee} beslutade den {day(one.decided_on)}, {one.paragraph}: {one.text}" for one in decisions]
    sources = [Source("decision", one.public_id, f"{one.paragraph}, {day(one.decided_on)}") for one in decisions]
    return Pulled("\n\n".join(told), sources=tuple([*_assigned(here), *sources]))


def _results(here: Stock) -> Pulled:
    if here.release is None:
        return Pulled()
    told = f"{number(here.release.reporting)} av {number(here.release.expected)} enheter har lämnat in."
    text = f"Siffrorna kommer ur en utgåva som godkändes den {day(here.release.decided_at)}. {told}"
    if any("prognos" in one.title for one in here.choices if not one.picture):
        text += " Det som är märkt prognos är lärares bedömningar, inte betyg, och jämförs med samma tid förra året."
    return Pulled(text, tuple(one.address for one in here.choices if one.usual), sources=(_frozen(here.release),))


def _analysis(here: Stock) -> Pulled:
    return _said(here, here.words("units_see", "analysis"), headed=("analysis",), quoted=here.words("units_see", "analysis"))


def _findings(here: Stock) -> Pulled:
    """What the units see, and what has been answered to it: counts of units, and words that somebody has let be quoted."""
    if not here.seen:
        return Pulled()
    lines = [f"- {one['name']['sv']}: {rules.counted(one, here.seen)}" for one in here.seen["themes"]]
    read = f"{here.seen['coded']} av {here.seen['handed_in']} enheters analyser är lästa och kodade."
    quotes = [one for theme in here.seen["themes"] for one in theme["quotes"]]
    return Pulled("\n\n".join(["\n".join(lines), read, *here.answered]), quotes=tuple(quotes), sources=tuple(_coded(here)))


def _coded(here: Stock) -> Iterator[Source]:
    if here.round:
        yield Source("finding", here.round.public_id, f"Teman i enheternas analyser, {_called(here.round)}")


def _conclusions(here: Stock) -> Pulled:
    return _said(here, here.words("we_do"))


def _appendices(here: Stock) -> Pulled:
    papers = [f"Nämndens sida för {_called(here.report.round)}"] if here.report else []
    papers += [f"Siffrorna i utgåva {here.release.number} (Excel), beteckning {here.release.public_id}"] if here.release else []
    sources = [*_page(here), *([_frozen(here.release)] if here.release else [])]
    return Pulled(_numbered(papers), sources=tuple(sources)) if papers else Pulled()


def _signatures(here: Stock) -> Pulled:
    return Pulled("\n".join(f"{name}, {TITLES[role]}" for name, role in here.signed))


_PARTS: dict[str, Callable[[Stock], Pulled]] = {
    "proposal": _proposal, "summary": _summary, "papers": _papers, "background": _background, "results": _results,
    "analysis": _analysis, "findings": _findings, "conclusions": _conclusions, "appendices": _appendices,
    "signatures": _signatures,
}  # fmt: skip


# Words


def _said(here: Stock, shown: list[Shown], headed: tuple[str, ...] = (), quoted: Iterable[Shown] = ()) -> Pulled:
    """The administration's own words, with what they cite."""
    if here.submission is None or not any(one.spans for one in shown):
        return Pulled()
    text = "\n\n".join(part for one in shown for part in _paragraphs(one, headed=one.key in headed))
    quotes = [{"public_id": one.public_id, "words": one.words, "source": one.source} for each in quoted for one in each.citations]
    handed = f"{here.submission.unit.name}: {_called(here.submission.round)}, inlämnad {day(here.submission.submitted_at)}"
    return Pulled(text, quotes=tuple(quotes), sources=(Source("submission", here.submission.public_id, handed),))


def _paragraphs(shown: Shown, *, headed: bool) -> Iterator[str]:
    for heading, spans in shown.groups:
        if headed and heading:
            yield f"## {heading}"
        yield from (span.text for span in spans)


def _assigned(here: Stock) -> Iterator[Source]:
    for one in here.assignments:
        yield Source("decision", one.decision.public_id, f"Uppdraget, {one.decision.paragraph}, {day(one.decision.decided_on)}")


def _page(here: Stock) -> Iterator[Source]:
    if here.report:
        yield Source("report", here.report.public_id, f"Nämndens sida, {_called(here.report.round)}")


def _frozen(released: Release) -> Source:
    return Source("release", released.public_id, f"Utgåva {released.number}, godkänd {day(released.decided_at)}")


def _called(round: Round) -> str:
    return f"{round.name[LANGUAGE]} {round.year.label}"


def _whose(name: str) -> str:
    return name if name.endswith(("s", "x", "z")) else f"{name}s"


def _numbered(papers: Iterable[str]) -> str:
    return "\n".join(f"{place}. {paper}" for place, paper in enumerate(papers, 1))
