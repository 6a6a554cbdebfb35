"""Reads quotes and findings: those of a round, those that wait for an answer, and what a unit is told of its own words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.access.policy import Action
from chain.base import clock
from chain.base.db import db
from chain.base.errors import NotFound
from chain.base.locale import _, day
from chain.cycle.models import Round, Year
from chain.finding import counting, queries, rules
from chain.finding.finding_rules import TOLD
from chain.finding.models import Finding, FindingMove, FindingPassage, Passage, Quote, Theme
from chain.followup.models import Followup, Submission
from chain.organisation.models import Mandate, Person, Unit

# Quotes

QUOTED = (
    joinedload(Quote.passage).joinedload(Passage.submission).joinedload(Submission.unit), joinedload(Quote.theme),
    joinedload(Quote.confirmed_by),
)  # fmt: skip


def people(unit: Unit) -> list[str]:
    """The names of all who hold or have held a mandate at an administration or below it."""
    there = or_(Mandate.path == unit.path, policy.below(unit.path, Mandate.path))
    return list(db.session.scalars(select(Person.name).join(Mandate, Mandate.person_id == Person.id).where(there).distinct()))


def places(unit: Unit) -> list[str]:
    """The names of its units: they are no people, whatever they are called."""
    return list(db.session.scalars(select(Unit.name).where(policy.below(unit.path, Unit.path)).distinct()))


def kind_of(passage: Passage) -> str:
    """The kind of the section that a passage stands in."""
    for section in passage.submission.snapshot["sections"]:
        if any(one["id"] == passage.span for one in section["spans"]):
            return str(section["kind"])
    raise NotFound


def passage(mandate: Mandate, public_id: str) -> Passage:
    """A passage that the mandate may see; NotFound for any other."""
    found = queries.passage(mandate, public_id)
    if found is None:
        raise NotFound
    return found


def quotes(unit: Unit, rounds: Sequence[Round], by: Mandate | None = None) -> list[Quote]:
    """What may be quoted of some rounds, of texts that stand still, the first confirmed first. `by`: who looks at the codes."""
    here = (Quote.unit_id == unit.id, Quote.round_id.in_([one.id for one in rounds]), Quote.state == "confirmed")
    asked = select(Quote).join(Quote.passage).join(Passage.submission).where(*here, queries.standing())
    if by:
        asked = asked.where(queries.seen_by(by))
    return list(db.session.scalars(asked.options(*QUOTED).order_by(Quote.id)))


def source(quote: Quote) -> str:
    """Whose words, and under which heading."""
    return f"{quote.passage.submission.unit.name}: {quote.passage.heading}"


# What is told further up


def told(unit: Unit, round: Round) -> dict[str, Any]:
    """A round's themes for those above the administration, as plain data: counts of units, never which; and chosen quotes.

    Nothing where nobody has read anything. What is withheld from a coder is not withheld here: this is what stands.
    """
    rounds = counting.trend(round)[:2]
    found = counting.counted(unit, rounds, None)
    if not found.coded(round):
        return {}
    into = rules.roots(found.themes)
    chosen: dict[int, list[dict[str, str]]] = {}
    for one in quotes(unit, [round]):
        words = {"public_id": one.public_id, "words": one.words, "source": source(one)}
        chosen.setdefault(into[one.theme_id], []).append(words)
    earlier = rounds[1] if len(rounds) > 1 and found.coded(rounds[1]) else None
    themes: list[dict[str, Any]] = [
        {
            "name": {language: said["name"] for language, said in one.words.items()}, "units": found.units(one.id, round),
            "before": found.units(one.id, earlier) if earlier else None, "quotes": chosen.get(one.id, []),
        }
        for one in found.used()
        if found.units(one.id, round)
    ]  # fmt: skip
    themes.sort(key=lambda one: -one["units"])
    return {
        "coded": found.coded(round), "handed_in": found.handed_in[round.id], "themes": themes,
        "before": earlier.name if earlier else None,
    }  # fmt: skip


# Findings

WHOLE = (
    joinedload(Finding.round).joinedload(Round.year), joinedload(Finding.theme), joinedload(Finding.noted_by),
    joinedload(Finding.answered_by), joinedload(Finding.unit),
)  # fmt: skip


def of_round(mandate: Mandate, round: Round) -> list[Finding]:
    """A round's findings that the mandate reads, and those of any round that are unanswered, which come first."""
    here = or_(Finding.round_id == round.id, Finding.state == "open")
    asked = policy.visible(mandate, Finding).where(here).options(*WHOLE).order_by(Finding.id)
    return sorted(db.session.scalars(asked), key=lambda one: one.state != "open")


def answered(unit: Unit, round: Round) -> list[str]:
    """An administration's findings of a round that have got an answer or an effort, each in a few sentences, in their order."""
    here = (Finding.unit_id == unit.id, Finding.round_id == round.id, Finding.state.in_(TOLD))
    return [
        " ".join(filter(None, (f"{one.title}.", one.seen, _answer(one))))
        for one in db.session.scalars(select(Finding).where(*here).order_by(Finding.id))
    ]


def _answer(one: Finding) -> str:
    said = {"said": one.answer.rstrip("."), "who": one.responsible, "day": day(one.due_on)}
    if not one.responsible:
        return _("Svar: %(said)s.", **said)
    effort = _("Insats: %(said)s (%(who)s, senast %(day)s).", **said)
    return f"{effort} {_('Utfall: %(outcome)s', outcome=one.outcome)}" if one.outcome else effort


def waiting(mandate: Mandate) -> list[Finding]:
    """What waits for the administration: unanswered findings, and efforts whose last day has passed. One statement."""
    late = and_(Finding.state == "effort", Finding.due_on < clock.today())
    asked = policy.visible(mandate, Finding, Action.WRITE).where(or_(Finding.state == "open", late))
    return list(db.session.scalars(asked.options(joinedload(Finding.round).joinedload(Round.year)).order_by(Finding.noted_at)))


def passages_of(finding: Finding, mandate: Mandate) -> list[Passage]:
    """What a finding rests on, with whose words they are; for a coder not what another has coded of a text not read yet."""
    rests = select(FindingPassage.passage_id).where(FindingPassage.finding_id == finding.id)
    ids = rests.join(FindingPassage.passage).where(queries.seen_by(mandate))
    return counting.passages(list(db.session.scalars(ids)))


def trail(finding: Finding) -> list[FindingMove]:
    """What has been done with a finding, the first first."""
    asked = select(FindingMove).where(FindingMove.finding_id == finding.id).options(joinedload(FindingMove.by))
    return list(db.session.scalars(asked.order_by(FindingMove.id)))


@dataclass(frozen=True)
class Heard:
    """A finding as a unit hears of it: with its own words in it, and nobody else's."""

    finding: Finding
    words: list[str]


def heard(unit_id: int, followups: Collection[int]) -> list[Heard]:
    """What the administration has answered of what a unit wrote in some follow-ups, the newest answer first. Two statements."""
    mine = select(FindingPassage.finding_id).join(FindingPassage.passage).join(Passage.submission)
    here = mine.where(FindingPassage.wrote_id == unit_id, Submission.followup_id.in_(followups))
    asked = select(Finding).where(Finding.id.in_(here), Finding.state.in_(TOLD)).options(*WHOLE)
    whole = selectinload(Finding.passages.and_(FindingPassage.wrote_id == unit_id)).joinedload(FindingPassage.passage)
    found = db.session.scalars(asked.options(whole).order_by(Finding.answered_at.desc())).all()
    return [Heard(one, [each.passage.words for each in one.passages if each.wrote_id == unit_id]) for one in found]


def followups_to_hear_of(followup: Followup) -> list[int]:
    """A follow-up and the node's one before it: what is answered is often answered in the next round. One statement."""
    year = followup.round.year
    earlier = (Year.starts_on < year.starts_on) | ((Year.id == year.id) & (Round.number <= followup.round.number))
    asked = select(Followup.id).join(Followup.round).join(Round.year).where(Followup.unit_id == followup.unit_id, earlier)
    return list(db.session.scalars(asked.order_by(Year.starts_on.desc(), Round.number.desc()).limit(2)))


def by_theme(found: list[Quote], themes: Sequence[Theme]) -> dict[int, list[Quote]]:
    """Quotes under what their themes are counted as."""
    into = rules.roots(themes)
    ordered: dict[int, list[Quote]] = {}
    for one in found:
        ordered.setdefault(into[one.theme_id], []).append(one)
    return ordered
