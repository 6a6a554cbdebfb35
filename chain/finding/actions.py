"""What a coder does: marks and codes passages, marks a submission as read; and what follows when it is handed up anew."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, events
from chain.base.db import atomic, db, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.finding import queries, rules
from chain.finding.models import CodedReading, Coding, Passage, Resolution, Theme
from chain.followup.models import Submission
from chain.organisation.models import Mandate


@unaudited
def mark(
    submission: Submission, span: str, themes: Sequence[str], *, by: Mandate, words: str = "", begins: int | None = None,
    note: str = "", seen: str = "",
) -> Passage:  # fmt: skip
    """Mark a paragraph, or words of it, and code it. `themes`: their addresses. `seen`: the paragraph's hash, as it was shown."""
    reading = _at_work(submission, by)
    paragraph = queries.paragraph(submission, span)
    if paragraph is None:
        raise RuleBroken(_("Det stycket går inte att koda. Välj ett annat."))
    rules.check_paragraph(paragraph.text, seen)
    begins, ends = rules.part(paragraph.text, words, begins)
    chosen, told = _chosen(themes, by), note.strip()
    if len(told) > rules.LONGEST_NOTE:
        told = _("Skriv högst %(n)s tecken.", n=rules.LONGEST_NOTE)
        raise RuleBroken(told, {"note": told})
    found = _same(submission, span, begins, ends, by) or _new(submission, span, paragraph.heading, by)
    cut = paragraph.text[begins:ends]
    found.begins, found.ends, found.words, found.sha256 = begins, ends, cut, rules.sha256(cut)
    found.paragraph_sha256, found.note, found.marked_at = rules.sha256(paragraph.text), told, clock.now()
    known = {code.theme_id for code in found.codes}
    found.codes += [Coding(theme_id=one.id) for one in chosen if one.id not in known]
    for code in [one for one in found.codes if one.theme_id not in {theme.id for theme in chosen}]:
        found.codes.remove(code)
    reading.span = span
    db.session.flush()
    return found


def _chosen(names: Sequence[str], by: Mandate) -> list[Theme]:
    chosen = [one for one in queries.active(queries.themes(by.unit_id)) if one.public_id in set(names)]
    if not chosen:
        told = _("Välj minst ett tema.")
        raise RuleBroken(told, {"themes": told})
    return chosen


def _same(submission: Submission, span: str, begins: int, ends: int, by: Mandate) -> Passage | None:
    """The coder's own mark of just these words: it is coded anew rather than marked twice."""
    here = (Passage.submission_id == submission.id, Passage.span == span, Passage.marked_by_id == by.person_id)
    exact = (Passage.begins == begins, Passage.ends == ends, Passage.unit_id == by.unit_id)
    return db.session.scalars(select(Passage).where(*here, *exact)).first()


def _new(submission: Submission, span: str, heading: str, by: Mandate) -> Passage:
    made = Passage(
        unit_id=by.unit_id, round_id=submission.round_id, submission_id=submission.id, span=span, heading=heading,
        marked_by_id=by.person_id,
    )  # fmt: skip
    db.session.add(made)
    return made


def _at_work(submission: Submission, by: Mandate) -> CodedReading:
    """The coder's reading, begun if it was not. Refused where it is finished, where nobody has opened it, or two others code."""
    guard.require(Action.CODE, submission, by)
    if submission.opened_at is None:
        raise RuleBroken(_("Ingen har öppnat uppföljningen än. Öppna den först: de som skrev får veta att den läses."))
    readings = queries.readings_of(submission)
    mine = next((one for one in readings if one.person_id == by.person_id), None)
    if mine and mine.state == "read":
        raise RuleBroken(_("Du har markerat texten som läst. Ta upp den igen om du vill ändra något."))
    rules.check_room([(one.person_id, one.state) for one in readings], by.person_id)
    if mine is None:
        mine = CodedReading(unit_id=by.unit_id, submission_id=submission.id, person_id=by.person_id, began_at=clock.now())
        db.session.add(mine)
    elif mine.state == "passed":
        raise RuleBroken(
            _("Du har lämnat texten till den andra kodaren, och har sett koderna. Den går inte att koda för sig nu.")
        )
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise RuleBroken(_("Någon annan ändrade samtidigt. Ladda om sidan och försök igen.")) from twice
    return mine


@unaudited
def unmark(passage: Passage, *, by: Mandate) -> None:
    """Take one's own mark away, while the text is not marked as read and nothing rests on it."""
    reading = _at_work(passage.submission, by)
    if passage.marked_by_id != by.person_id:
        raise NotFound
    if queries.rests_on(passage):
        raise RuleBroken(_("Ett citat eller en iakttagelse bygger på markeringen, så den ligger kvar."))
    reading.span = passage.span
    db.session.delete(passage)
    db.session.flush()


@atomic
def finish(submission: Submission, *, by: Mandate) -> None:
    """Mark a submission as read: the coder has marked what there was to mark, be it nothing."""
    reading = _at_work(submission, by)
    reading.state, reading.read_at, reading.span = "read", clock.now(), ""
    audit.note("finding.read", about=submission)


@atomic
def resume(submission: Submission, *, by: Mandate) -> None:
    """Take up a submission again that one has marked as read. Not when another has read it too: then both have been seen."""
    guard.require(Action.CODE, submission, by)
    readings = queries.readings_of(submission)
    mine = next((one for one in readings if one.person_id == by.person_id), None)
    if mine is None or mine.state != "read":
        raise RuleBroken(_("Texten är inte markerad som läst."))
    if any(one.state == "read" for one in readings if one is not mine):
        raise RuleBroken(_("Två har läst texten och kan se varandras koder. Lös det som skiljer i stället för att koda om."))
    mine.state, mine.read_at = "coding", None
    audit.note("finding.resume", about=submission)


@atomic
def pass_by(submissions: Sequence[Submission], *, by: Mandate) -> int:
    """Leave submissions that another has read to that one, so as to see the codes. How many there were."""
    left = 0
    for submission in submissions:
        guard.require(Action.CODE, submission, by)
        readings = queries.readings_of(submission)
        if any(one.person_id == by.person_id for one in readings) or not any(one.state == "read" for one in readings):
            continue
        db.session.add(
            CodedReading(
                unit_id=by.unit_id, submission_id=submission.id, person_id=by.person_id, began_at=clock.now(), state="passed"
            )
        )
        left += 1
    audit.note("finding.pass_by", count=left)
    return left


# What follows when it is handed up anew


@events.listen("supplemented", "finding")
@events.listen("submitted", "finding")
def carry_over(submission: Submission, **facts: Any) -> None:
    """What was coded in an earlier version stays with the paragraphs that are the same; where some are new, the coder goes on."""
    if submission.number == 1:
        return
    versions = select(Submission.id).where(Submission.followup_id == submission.followup_id, Submission.id != submission.id)
    texts = {name: rules.sha256(text) for name, text in _words(submission)}
    passages = db.session.scalars(select(Passage).where(Passage.submission_id.in_(versions))).all()
    kept = [one for one in passages if texts.get(one.span) == one.paragraph_sha256]
    for one in kept:
        one.submission_id = submission.id
    resolved = db.session.scalars(select(Resolution).where(Resolution.submission_id.in_(versions))).all()
    for each in resolved:
        if each.span in {one.span for one in kept}:
            each.submission_id = submission.id
    same = _words(submission) in {_words(one) for one in submission.followup.submissions if one.id != submission.id}
    for reading in db.session.scalars(select(CodedReading).where(CodedReading.submission_id.in_(versions))):
        reading.submission_id = submission.id
        if not same and reading.state == "read":
            reading.state, reading.read_at = "coding", None
    db.session.flush()


def _words(submission: Submission) -> tuple[tuple[str, str], ...]:
    return tuple((one["id"], one["text"]) for section in submission.snapshot["sections"] for one in queries.own(section["spans"]))
