"""The committee's page: the administration's sentences, a release's figures, and what came of last time. Nothing live."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _
from chain.base.locale import current as language
from chain.cycle import queries as cycle
from chain.cycle.models import Round, Year
from chain.finding import finding_queries as finding
from chain.finding.models import Quote
from chain.followup import queries as followup
from chain.followup import reading
from chain.followup.models import Citation, Submission
from chain.followup.reading import Shown
from chain.matter import queries as matter
from chain.matter.models import Decision
from chain.organisation.models import Mandate
from chain.release import queries as release
from chain.release import standout
from chain.release.models import Release
from chain.release.queries import Withheld
from chain.report import among_years, rules
from chain.report.models import Edition, Report
from chain.report.rules import Grid
from chain.report.sheet import sha256
from chain.result.rules import basis_name
from chain.rollup import charts

WHOLE = (
    joinedload(Report.unit),
    joinedload(Report.round).joinedload(Round.year),
    joinedload(Report.submission).joinedload(Submission.unit),
    joinedload(Report.release).joinedload(Release.round).joinedload(Round.year),
    joinedload(Report.published_by),
    joinedload(Report.received_by),
)


@dataclass(frozen=True)
class Parts:
    """What the page of a round is made of; one of them may be missing still."""

    round: Round
    submission: Submission | None
    release: Release | None
    seen: dict[str, Any] = field(default_factory=dict)  # the units' themes, as they are counted and quoted now

    @property
    def ready(self) -> bool:
        return self.submission is not None and self.release is not None

    @property
    def read(self) -> str:
        """What tells whether the page would still be as somebody has read it."""
        themes = [sha256(self.seen)] if self.seen else []
        return " ".join([*(one.public_id for one in (self.submission, self.release) if one), *themes])


@dataclass(frozen=True)
class SchoolForm:
    name: str
    grids: list[Grid]

    @property
    def divided(self) -> tuple[list[Grid], list[Grid]]:
        """What of its shares is read first, and the rest."""
        return rules.divided(self.grids)

    @property
    def unshown(self) -> str:
        """What nothing may be shown of, and why, in sentences."""
        by_why: dict[str, list[str]] = {}
        for grid in self.grids:
            if grid.unshown:
                by_why.setdefault(" ".join(grid.unshown), []).append(grid.title)
        said = [(_("%(title)s visas inte.", title="; ".join(titles)), why) for why, titles in by_why.items()]
        return " ".join(part for each in said for part in each)


@dataclass(frozen=True)
class Page:
    """One round's page, ready to be read."""

    round: Round
    release: Release
    newer: Release | None  # the one that has replaced it since
    sentences: list[Shown]
    examples: list[Shown]  # worth trying elsewhere: none where nothing was lifted
    figures: list[SchoolForm]
    compared: standout.Counted  # units of all figures, by what chance gives
    stands_out: list[standout.Said]  # those figures in which some stand out
    pictures: list[
        charts.Shown
    ]  # of the shares that are read first, among earlier years; the one that says most before the others
    withheld: list[Withheld]
    forecast: bool  # whether any figure is a teacher's forecast: said in words
    before: Report | None  # last time's
    since: list[Decision]  # decided about it
    decisions: list[Decision]  # decided about this one
    until: date | None = None  # as it was at the end of this day, or at this moment
    seen: dict[str, Any] = field(default_factory=dict)  # what the units see: themes counted and quoted, kept as they were

    @property
    def gaps(self) -> bool:
        """Whether a dash stands anywhere among its figures."""
        return any(grid.gaps for form in self.figures for grid in form.grids if not grid.unshown)


def parts(round: Round, mandate: Mandate) -> Parts:
    """What there is to make a round's page of, for the administration that the mandate acts for."""
    return Parts(
        round, followup.latest(mandate.unit_id, round), release.approved(round), finding.told(mandate.unit, round)
    )  # fmt: skip


def of(round: Round) -> Report | None:
    """The report of a round, if it has been handed to the committee."""
    return db.session.scalars(select(Report).where(Report.round_id == round.id).options(*WHOLE)).first()


def built_on(mandate: Mandate, released: Release) -> Report | None:
    """The report that stands on a release, or did in an earlier edition, for those who may read it."""
    return _named(mandate, Report.editions.any(Edition.release_id == released.id))


def about(mandate: Mandate, round: Round) -> Report | None:
    """The report of a round, for those who may read it."""
    return _named(mandate, Report.round_id == round.id)


def _named(mandate: Mandate, here: ColumnElement[bool]) -> Report | None:
    """A report with its name and address alone: not what it is made of."""
    found = policy.visible(mandate, Report).where(here).options(joinedload(Report.round).joinedload(Round.year))
    return db.session.scalars(found).first()


def archive(mandate: Mandate) -> list[Report]:
    """Every report that the mandate may read, the newest round first."""
    newest = policy.visible(mandate, Report).join(Report.round).join(Round.year).options(*WHOLE)
    return list(db.session.scalars(newest.order_by(Year.starts_on.desc(), Round.number.desc())))


def before(round: Round) -> Report | None:
    """The report that the committee had before this one."""
    year = round.year
    earlier = (Year.starts_on < year.starts_on) | ((Year.id == year.id) & (Round.number < round.number))
    here = select(Report).join(Report.round).join(Round.year).where(Report.path == round.path, earlier).options(*WHOLE)
    return db.session.scalars(here.order_by(Year.starts_on.desc(), Round.number.desc()).limit(1)).first()


def page(
    round: Round, submission: Submission, released: Release, until: date | None = None, *, seen: dict[str, Any] | None = None,
    drawn: bool = True,
) -> Page:  # fmt: skip
    """A round's page of its two parts, with what came of the last one: now, or as it was at the end of a day or at a moment.
    `drawn`: with the pictures, among the last few years. `seen`: the units' themes, as that edition kept them."""
    years = earlier(round, until)[-among_years.YEARS :] if drawn else []
    words = release.words(released)
    every = release.through([*(one.release for one in years), released], words)
    forms, labels = every[-1], [*(one.report.round.year.label for one in years), round.year.label]
    last, newer = before(round), release.replaced_then(released, until)
    if until:
        last = last if last and clock.had_come(last.editions[0].published_at, until) else None
    compared = standout.counted(released, words)
    figures, pictures = grids_of(forms), among_years.pictures(every, labels, _year_groups()) if drawn else {}
    bases = {table.basis for form in forms for table in form.tables}
    return Page(
        round=round,
        release=released,
        newer=newer,
        sentences=reading.sentences(submission, rules.SENTENCES),
        examples=[one for one in reading.sentences(submission, [rules.EXAMPLE]) if one.spans or one.citations],
        figures=figures,
        compared=compared,
        stands_out=standout.said(compared, words),
        pictures=among_years.chosen(pictures, [(form.name, grid) for form in figures for grid in form.divided[0]]),
        withheld=release.withheld(forms),
        forecast=basis_name("forecast") in bases,
        before=last,
        since=matter.about(last.round, until) if last else [],
        decisions=matter.about(round, until),
        until=until,
        seen=seen or {},
    )


def earlier(round: Round, until: date | None = None) -> list[Edition]:
    """The pages of the same round of earlier years, oldest first, each as it stands or stood then."""
    same = (Report.path == round.path, Round.number == round.number, Year.starts_on < round.year.starts_on)
    whole = joinedload(Edition.report).joinedload(Report.round).joinedload(Round.year), joinedload(Edition.release)
    found = select(Edition).join(Edition.report).join(Report.round).join(Round.year).where(*same).options(*whole)
    every = db.session.scalars(found.order_by(Year.starts_on, Edition.number))
    stood = {one.report_id: one for one in every if not until or clock.had_come(one.published_at, until)}
    return list(stood.values())


def editions(report: Report) -> list[Edition]:
    """The page each time it was handed over, the first first, with what it was made of."""
    made = joinedload(Edition.submission).joinedload(Submission.unit), joinedload(Edition.published_by)
    whole = (*made, joinedload(Edition.release).joinedload(Release.round).joinedload(Round.year))
    here = select(Edition).where(Edition.report_id == report.id).options(*whole)
    return list(db.session.scalars(here.order_by(Edition.number)))


def standing(editions: Iterable[Edition], day: date) -> Edition | None:
    """The one that the committee had at the end of a day; none before the first was handed over."""
    return next((one for one in reversed(list(editions)) if clock.date_of(one.published_at) <= day), None)


def openable(mandate: Mandate, page: Page) -> set[str]:
    """Those of the page's citations that the mandate may open: the whole chain reads the page, not all that it rests on."""
    names = [one.public_id for sentence in (*page.sentences, *page.examples) for one in sentence.citations]
    quoted = [one["public_id"] for theme in page.seen.get("themes", []) for one in theme["quotes"]]
    found: set[str] = set()
    for model, asked in ((Citation, names), (Quote, quoted)):
        if asked:
            readable = select(model.public_id).where(policy.where(mandate, model), model.public_id.in_(asked))
            found |= set(db.session.scalars(readable))

    return found


def grids_of(forms: Iterable[release.SchoolForm]) -> list[SchoolForm]:
    """A release's figures as they stand on a page, per school form: subjects downwards, year groups across."""
    years = _year_groups()
    return [SchoolForm(form.name, rules.grids(form.tables, years.get(form.code, {}))) for form in forms]


def _year_groups() -> dict[str, dict[str, str]]:
    """Of each school form its year groups' names, in order."""
    return {
        code: {group.key: group.name(language()) for group in form.year_groups} for code, form in cycle.school_forms().items()
    }
