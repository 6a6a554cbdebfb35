"""What the administration reads out of the units' analyses: coded by two, compared, quoted, answered; and tried examples."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.demo import texts
from chain.demo.days import Slot
from chain.demo.rounds import Committee
from chain.demo.texts import Words
from chain.finding import (
    actions,
    agreement_actions,
    counting,
    example_actions,
    finding_actions,
    queries,
    rules,
    theme_actions,
)  # fmt: skip
from chain.finding.example_models import Example
from chain.finding.models import Passage, Theme
from chain.followup import actions as followup
from chain.followup.models import Submission
from chain.organisation.models import Mandate

READ, ANSWER, TRY = 31, 41, 44  # days after the opening
WHERE = "bun"  # the committee whose administration does this


def told(what: str, slot: Slot) -> Iterator[Words]:
    """What the file says of a round."""
    yield from (one for one in texts.opened("findings")[what] if one["slot"] == slot.place)


def _day(at: Committee, slot: Slot, after: int) -> date:
    """So many days after the opening, and not after yesterday."""
    return min(slot.day(after), at.stage.today - timedelta(days=2))


def coders(at: Committee) -> list[Mandate]:
    return at.stage.held[f"officer@{at.office}"]


def read(at: Committee, slot: Slot) -> None:
    """The officers read and code; what differs is resolved, words are let through, and what is seen is written down."""
    if at.key != WHERE or not any(told("text", slot)):
        return
    at.stage.go(_day(at, slot, READ), 8)
    if not any(one.name == texts.opened("findings")["own"]["name"] for one in queries.themes(coders(at)[0].unit_id)):
        theme_actions.add(**texts.opened("findings")["own"], by=coders(at)[0])
    for place, coder in enumerate(coders(at), 1):
        at.stage.go(_day(at, slot, READ), 8 + 2 * place)
        for text in told("text", slot):
            _code(at, slot, text, coder, place)
    _resolve(at, slot)
    _quote(at, slot)
    _note(at, slot)


def _code(at: Committee, slot: Slot, text: Words, coder: Mandate, place: int) -> None:
    """A coder's codes of a text; nothing of one that has no codes of hers."""
    codes = [(code[0], code[place].split()) for code in text["codes"] if len(code) > place]
    if not codes:
        return
    submission = at.desk(text["unit"], slot).submission
    if submission.opened_at is None:
        followup.open_(submission, by=coder)
    for span, themes in codes:
        at.stage.go(clock.today())
        actions.mark(submission, _span(submission, span), [_theme(coder, key).public_id for key in themes], by=coder)
    actions.finish(submission, by=coder)


def _theme(by: Mandate, key: str) -> Theme:
    name = texts.opened("findings")["own"]["name"] if key == "own" else ""
    return next(one for one in queries.themes(by.unit_id) if one.key == key or (name and one.name == name))


def _resolve(at: Committee, slot: Slot) -> None:
    for one in told("resolution", slot):
        at.stage.go(_day(at, slot, READ + 1), 9)
        submission = at.desk(one["unit"], slot).submission
        agreement_actions.resolve(
            submission, _span(submission, one["span"]), stands=one["stands"], reason=one["reason"], by=coders(at)[1]
        )


def _passages(at: Committee, slot: Slot, key: str, by: Mandate) -> list[Passage]:
    """What stands under a theme in a round."""
    found = counting.counted(by.unit, [at.stage.round[at.key, slot.place]], at.director)
    root = rules.roots(found.themes)[_theme(by, key).id]
    return counting.unlike(counting.passages(found.passages(root, found.rounds[0])))


def _quote(at: Committee, slot: Slot) -> None:
    by = coders(at)[0]
    for one in told("quote", slot):
        at.stage.go(_day(at, slot, READ + 1), 11)
        found = _of(_passages(at, slot, one["theme"], by), at.desk(one["unit"], slot).submission, one["span"])
        finding_actions.quote(found, _theme(by, one["theme"]), one["words"], confirmed=True, by=by)


def _of(passages: Iterable[Passage], submission: Submission, span: str) -> Passage:
    return next(one for one in passages if one.submission_id == submission.id and one.span == _span(submission, span))


def _span(submission: Submission, place: str) -> str:
    """The whole name of a paragraph of the analysis, such as see.1: that of the first cause."""
    named = (one["id"] for section in submission.snapshot["sections"] for one in section["spans"])
    return str(next(one for one in named if one.startswith("analysis.") and one.endswith(f".{place}")))


def _note(at: Committee, slot: Slot) -> None:
    by = coders(at)[0]
    for one in told("finding", slot):
        at.stage.go(_day(at, slot, READ + 1), 13)
        names = [each.public_id for each in _passages(at, slot, one["theme"], by)]
        round = at.stage.round[at.key, slot.place]
        finding = finding_actions.note(
            _theme(by, one["theme"]), round, title=one["title"], seen=one["seen"], passages=names, by=by
        )
        if "act" in one:
            at.stage.go(_day(at, slot, READ + 1), 15)
            more: dict[str, Any] = {}
            if one["act"] == "plan":
                more = {"responsible": one["responsible"], "due_on": at.stage.today + timedelta(days=one["days"])}
            finding_actions.go(finding, one["act"], words=one["words"], by=at.director, **more)


def examples(at: Committee, slot: Slot) -> None:
    """What units offer, and what becomes of it: one is published and tried by another, one waits for the administration."""
    if at.key != WHERE:
        return
    for one in told("example", slot):
        at.stage.go(_day(at, slot, ANSWER), 10)
        principal, submission = at.stage.who(f"principal@{one['unit']}"), at.desk(one["unit"], slot).submission
        about: dict[str, Any] = {"year_groups": submission.unit.year_groups[:3], "school_forms": submission.unit.school_forms[:1]}
        offer = example_actions.offer(submission, title=one["offered"], by=principal, **about)
        if "text" not in one:
            continue
        officer = coders(at)[0]
        theme = _theme(officer, one["theme"])
        example_actions.edit(offer, title=one["title"], text=one["text"], theme=theme, words=one["asks"], by=officer, **about)
        at.stage.go(_day(at, slot, ANSWER + 1), 9)
        example_actions.go(offer, "agree", by=principal)
        example_actions.go(offer, "publish", by=officer)
        _try(at, slot, one["trial"], db.session.scalars(select(Example).where(Example.offer_id == offer.id)).one())


def _try(at: Committee, slot: Slot, told: Words, example: Example) -> None:
    at.stage.go(_day(at, slot, TRY), 9)
    by = at.stage.who(f"principal@{told['unit']}")
    trial = example_actions.try_(example, told["plan"], by=by)
    at.stage.go(_day(at, slot, TRY + 2), 15)
    example_actions.tell(trial, told["outcome"], told["words"], by=by)
