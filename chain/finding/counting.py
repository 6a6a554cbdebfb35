"""Themes counted over units and rounds: what stands of what has been coded, in how many of the units that handed in.

Read by those who code, by the director, and (`by` None) for what the administration says further up. A coder counts nothing of
the texts whose codes that coder may not see yet.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.access.policy import Role
from chain.base.db import db
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.finding import agreement_rules, queries, rules
from chain.finding.agreement_rules import Agreement
from chain.finding.models import CodedReading, Coding, Passage, Resolution, Theme
from chain.finding.rules import Code, Differs, Standing
from chain.followup.models import Submission
from chain.organisation.models import Mandate, Unit

TREND = 6  # rounds beside each other


@dataclass(frozen=True)
class Handed:
    """A unit's submission that stands and has been opened."""

    id: int
    unit_id: int
    round_id: int
    unit: bool  # of the level that is counted: not an area


@dataclass(frozen=True)
class Counted:
    """All that stands of some rounds."""

    rounds: list[Round]
    themes: list[Theme]
    handed: dict[int, Handed]
    handed_in: dict[int, int]  # round → units that have handed in, opened or not
    coders: dict[int, list[int]]
    standing: Standing
    hidden: set[int] = field(default_factory=set)
    rows: list[tuple[int, Code]] = field(default_factory=list)  # (passage, what it says)

    @cached_property
    def _units(self) -> dict[tuple[int, int], set[int]]:
        """(theme, round) → the units in which it stands."""
        found: dict[tuple[int, int], set[int]] = {}
        for submission, _span, theme in self.standing.codes:
            one = self.handed[submission]
            if one.unit:
                found.setdefault((theme, one.round_id), set()).add(one.unit_id)
        return found

    @cached_property
    def _coded(self) -> Counter[int]:
        return Counter(one.round_id for one in self.handed.values() if one.unit and self.coders.get(one.id))

    def units(self, theme: int, round: Round) -> int:
        """In how many units a theme stands, in a round."""
        return len(self._units.get((theme, round.id), ()))

    def coded(self, round: Round) -> int:
        """How many units' texts somebody has marked as read."""
        return self._coded[round.id]

    def passages(self, theme: int, round: Round) -> list[int]:
        """The passages under which a theme stands, by their numbers."""
        return [
            passage for passage, code in self.rows
            if code.theme == theme and (code.submission, code.span, theme) in self.standing.codes
            and self.handed[code.submission].round_id == round.id and code.coder in self.coders[code.submission]
        ]  # fmt: skip

    def used(self) -> list[Theme]:
        """The themes that are shown: those in use, and retired ones that something stands under."""
        coded = {theme for _submission, _span, theme in self.standing.codes}
        return [one for one in self.themes if one.state == "active" or (one.state == "retired" and one.id in coded)]

    def waiting(self, round: Round) -> list[Differs]:
        return [one for one in self.standing.waiting if self.handed[one.submission].round_id == round.id]


def counted(unit: Unit, rounds: Sequence[Round], by: Mandate | None) -> Counted:
    """What stands in some rounds of an administration: six statements, however much has been coded."""
    found = queries.themes(unit.id)
    into = rules.roots(found)
    handed, handed_in = _handed(unit, rounds, by)
    readings = _readings(unit, handed)
    hidden = _hidden(readings, by)
    coders: dict[int, list[int]] = {}
    for submission, person, state in readings:
        if state == "read" and submission not in hidden:
            coders.setdefault(submission, []).append(person)
    rows = [(passage, code) for passage, code in _codes(unit, rounds, into) if code.submission in coders]
    standing = rules.standing((code for _passage, code in rows), coders, _resolved(unit, handed))
    return Counted(list(rounds), found, handed, handed_in, coders, standing, hidden, rows)


def _handed(unit: Unit, rounds: Sequence[Round], by: Mandate | None) -> tuple[dict[int, Handed], dict[int, int]]:
    """What may be read at the administration (as `by` may, where somebody asks), without its words."""
    s = Submission
    top = (*policy.ancestors(unit.path), unit.path)
    may = policy.where(by, s) if by else policy.below(unit.path, s.path) & s.ceiling.in_(top)
    here = (s.round_id.in_([one.id for one in rounds]), may, queries.standing())
    levels = {one.key for one in cycle.levels().values() if one.collects_figures}
    handed, handed_in = {}, dict.fromkeys((one.id for one in rounds), 0)
    for row in db.session.execute(select(s.id, s.unit_id, s.round_id, s.level, s.opened_at).where(*here)):
        counts = row.level in levels
        handed_in[row.round_id] += counts
        if row.opened_at is not None:
            handed[row.id] = Handed(row.id, row.unit_id, row.round_id, counts)
    return handed, handed_in


def _readings(unit: Unit, handed: Collection[int]) -> list[tuple[int, int, str]]:
    """Who codes each text, the first to begin first: (submission, person, state)."""
    r = CodedReading
    asked = select(r.submission_id, r.person_id, r.state).where(r.unit_id == unit.id, r.submission_id.in_(handed))
    return [(row.submission_id, row.person_id, row.state) for row in db.session.execute(asked.order_by(r.id))]


def _hidden(readings: Sequence[tuple[int, int, str]], by: Mandate | None) -> set[int]:
    """The texts that others have read and a coder has not yet: their codes are not seen."""
    if by is None or by.role != Role.OFFICER:
        return set()
    read_by_others = {submission for submission, person, state in readings if person != by.person_id and state == "read"}
    return rules.blind(readings, by.person_id) & read_by_others


def _resolved(unit: Unit, handed: Collection[int]) -> dict[tuple[int, str], int | None]:
    """Whose codes stand where two coders differed: (submission, paragraph) → that coder's number."""
    r = Resolution
    asked = select(r.submission_id, r.span, r.stands_id).where(r.unit_id == unit.id, r.submission_id.in_(handed))
    return {(row.submission_id, row.span): row.stands_id for row in db.session.execute(asked)}


def _codes(unit: Unit, rounds: Sequence[Round], into: dict[int, int]) -> list[tuple[int, Code]]:
    p = Passage
    asked = select(p.id, p.submission_id, p.span, p.marked_by_id, Coding.theme_id).join(Coding, Coding.passage_id == p.id)
    here = asked.where(p.unit_id == unit.id, p.round_id.in_([one.id for one in rounds])).order_by(p.id, Coding.id)
    return [(row.id, Code(row.submission_id, row.span, row.marked_by_id, into[row.theme_id])) for row in db.session.execute(here)]


def trend(round: Round) -> list[Round]:
    """A round and those before it that have been opened, the newest first."""
    opened = cycle.opened(round.path)
    names = [one.id for one in opened]
    return opened[names.index(round.id) :][:TREND] if round.id in names else [round]


def coverage(found: Counted, round: Round) -> str:
    """How much of what was handed in has been read and coded, in a sentence."""
    return _("%(n)s av %(of)s enheters texter är lästa och kodade.", n=found.coded(round), of=found.handed_in[round.id])


# Words


def passages(ids: Collection[int]) -> list[Passage]:
    """Passages with whose they are, in the order in which they were handed up. Two statements."""
    asked = select(Passage).where(Passage.id.in_(ids)).join(Passage.submission).order_by(Passage.submission_id, Passage.id)
    whole = (
        joinedload(Passage.submission).load_only(Submission.public_id, Submission.unit_id, Submission.level, Submission.state),
        joinedload(Passage.submission).joinedload(Submission.unit).load_only(Unit.name),
        joinedload(Passage.marked_by), selectinload(Passage.codes),
    )  # fmt: skip
    return list(db.session.scalars(asked.options(*whole)))


def unlike(found: Iterable[Passage]) -> list[Passage]:
    """One passage of each that two coders have marked alike: the same words of the same paragraph."""
    return list({(one.submission_id, one.span, one.sha256): one for one in reversed(list(found))}.values())[::-1]


# Agreement


@dataclass(frozen=True)
class Agreed:
    """How far two coders agree on a round's texts, per theme and as a whole."""

    texts: int
    paragraphs: int
    each: list[tuple[Theme, Agreement]]
    whole: Agreement


def agreed(found: Counted, round: Round) -> Agreed:
    """Over the texts of a round that two have read. One statement more, which reads those texts."""
    both = [one for one, coders in found.coders.items() if len(coders) > 1 and found.handed[one].round_id == round.id]
    places = _paragraphs(both)
    first: dict[tuple[int, str], frozenset[int]] = {}
    second: dict[tuple[int, str], frozenset[int]] = {}
    for _passage, code in found.rows:
        if code.submission in set(both) and code.coder in found.coders[code.submission][:2]:
            said = first if code.coder == found.coders[code.submission][0] else second
            place = (code.submission, code.span)
            said[place] = said.get(place, frozenset()) | {code.theme}
    each = [(one, agreement_rules.agreement(places, one.id, first, second)) for one in found.used()]
    return Agreed(len(both), len(places), each, agreement_rules.whole(one for _theme, one in each))


def _paragraphs(submissions: Collection[int]) -> list[tuple[int, str]]:
    """Every paragraph that could have been coded."""
    asked = select(Submission.id, Submission.snapshot).where(Submission.id.in_(submissions))
    return [
        (submission, one["id"])
        for submission, snapshot in db.session.execute(asked)
        for section in snapshot["sections"]
        for one in queries.own(section["spans"])
    ]
