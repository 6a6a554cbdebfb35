"""Quotes that may be read further up, and findings with what the administration answers."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round
from chain.finding import counting, finding_queries, finding_rules, quote_rules, rules
from chain.finding.finding_rules import Said
from chain.finding.models import Finding, FindingMove, FindingPassage, Passage, Quote, Theme
from chain.organisation.models import Mandate

LONGEST_TITLE, LONGEST = 200, 4000


@atomic
def quote(passage: Passage, theme: Theme, words: str, *, confirmed: bool, by: Mandate) -> Quote:
    """Let words of a passage be read further up, under a theme that stands there. Refused where they may point somebody out."""
    guard.require(Action.KEEP, Quote(unit_id=by.unit_id, path=by.unit.path, state="confirmed"), by)
    _standing([passage], theme, passage.submission.round, by)
    if finding_queries.kind_of(passage) == "figures":
        raise RuleBroken(_("Förklaringen till en siffra hör till siffran, och går uppåt i utgåvan. Välj ett annat stycke."))
    said = quote_rules.check(
        words, passage.words, names=finding_queries.people(by.unit), places=finding_queries.places(by.unit), confirmed=confirmed
    )
    same = select(Quote).where(Quote.passage_id == passage.id, Quote.theme_id == theme.id, Quote.words == said)
    if twice := db.session.scalars(same.where(Quote.state == "confirmed")).first():
        audit.note("finding.quote_again", about=twice)
        return twice
    made = Quote(
        public_id=random_name(), unit_id=by.unit_id, path=by.unit.path, round_id=passage.round_id, passage_id=passage.id,
        theme_id=theme.id, words=said, sha256=rules.sha256(said), confirmed_at=clock.now(), confirmed_by_id=by.person_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.note("finding.quote", about=made, sha256=made.sha256)
    return made


@atomic
def unquote(found: Quote, *, by: Mandate) -> None:
    """Quote it no further. Where it has been read already (a page that was handed over) it stands as it stood."""
    guard.require(Action.KEEP, found, by)
    found.state = "withdrawn"
    audit.note("finding.unquote", about=found)


@atomic
def note(theme: Theme, round: Round, *, title: str, seen: str, passages: Sequence[str], by: Mandate) -> Finding:
    """Write down what is seen, with the passages that it rests on and in how many units that is. `passages`: their addresses."""
    guard.require(Action.WRITE, Finding(unit_id=by.unit_id, path=by.unit.path, state="open"), by)
    finding_rules.check_noted(title, seen, passages)
    chosen = [finding_queries.passage(by, name) for name in dict.fromkeys(passages)]
    counted = _standing(chosen, theme, round, by)
    if twice := _noted(theme, round, title, seen, by):  # the button was pressed twice
        audit.note("finding.note_again", about=twice)
        return twice
    made = Finding(
        public_id=random_name(), unit_id=by.unit_id, path=by.unit.path, round_id=round.id, theme_id=theme.id,
        title=title.strip()[:LONGEST_TITLE], seen=seen.strip()[:LONGEST], handed_in=counted.handed_in[round.id],
        units=len({one.submission.unit_id for one in chosen if counted.handed[one.submission_id].unit}),
        noted_at=clock.now(), noted_by_id=by.person_id,
    )  # fmt: skip
    made.passages = [FindingPassage(passage_id=one.id, wrote_id=one.submission.unit_id) for one in chosen]
    db.session.add(made)
    db.session.flush()
    audit.note("finding.note", about=made, units=made.units, handed_in=made.handed_in)
    return made


def _noted(theme: Theme, round: Round, title: str, seen: str, by: Mandate) -> Finding | None:
    """The same, noted already by the same person."""
    here = (Finding.round_id == round.id, Finding.theme_id == theme.id, Finding.noted_by_id == by.person_id)
    same = (Finding.state == "open", Finding.title == title.strip(), Finding.seen == seen.strip())
    return db.session.scalars(select(Finding).where(*here, *same)).first()


def _standing(passages: Iterable[Passage], theme: Theme, round: Round, by: Mandate) -> counting.Counted:
    """What is counted in a round; refused where a passage does not stand under the theme there."""
    if theme.unit_id != by.unit_id or not policy.may(by, Action.READ, theme):
        raise NotFound
    found = counting.counted(by.unit, [round], by)
    root = rules.roots(found.themes)[theme.id]
    stands = set(found.passages(root, round))
    if any(one.id not in stands for one in passages):
        raise RuleBroken(
            _("Stycket räknas inte under temat: texten är inte markerad som läst, kodarna är oense, eller så har den ändrats.")
        )
    return found


@atomic
def go(
    finding: Finding, act: str, *, words: str = "", responsible: str = "", due_on: date | None = None, by: Mandate
) -> None:  # fmt: skip
    """Answer it, plan an effort, say what came of that: what the table lets the role do now."""
    guard.require(Action.WRITE, finding, by)
    said = Said(words.strip(), responsible.strip(), due_on, clock.today())
    move = finding_rules.move(act, finding.state, said, role=str(by.role))
    finding.state = move.after
    if act in ("answer", "plan"):
        finding.answer, finding.answered_at, finding.answered_by_id = said.words, clock.now(), by.person_id
        finding.responsible, finding.due_on, finding.outcome = (said.responsible, due_on, "") if act == "plan" else ("", None, "")
    elif act == "postpone":
        finding.due_on = due_on
    elif act == "conclude":
        finding.outcome = said.words
    db.session.add(
        FindingMove(
            finding_id=finding.id, act=act, state=move.after, words=said.words, responsible=said.responsible, due_on=due_on,
            at=clock.now(), by_id=by.person_id,
        )
    )  # fmt: skip
    db.session.flush()
    audit.note(f"finding.{act}", about=finding)
