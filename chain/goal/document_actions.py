"""Keeps governing documents: written in versions, heads asked about them, adopted, withdrawn, and referred to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.lengths import fitting
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.goal import document_queries as queries
from chain.goal import document_rules as rules
from chain.goal import file_queries
from chain.goal.document_models import Consultation, GoverningDocument, GoverningReference, GoverningVersion
from chain.goal.models import Goal
from chain.organisation.models import Mandate, Unit


@atomic
def begin(unit: Unit, *, kind: str, title: str, text: str, by: Mandate, link: str = "") -> GoverningDocument:
    """A new document with its first version, a draft: read by those who write there, until heads are asked or it is adopted."""
    document = GoverningDocument(public_id=random_name(), unit_id=unit.id, unit=unit, path=unit.path, state="draft")
    guard.require(Action.WRITE, document, by)
    version = GoverningVersion(
        public_id=random_name(), document=document, number=1, state="draft", written_at=clock.now(), written_by_id=by.person_id,
        text="", link="",
    )  # fmt: skip
    rules.move("write", "draft", rules.Facts(), level=unit.level, role=by.role)
    _word(version, kind, title, text, link, by)
    db.session.add(document)
    db.session.flush()
    audit.note("governing.begin", about=document)
    return document


@atomic
def write(
    version: GoverningVersion, *, kind: str, title: str, text: str, link: str, edition: int, by: Mandate, changes: str = ""
) -> None:  # fmt: skip
    """Other words in a draft. `edition`: the row's version when the page was opened."""
    _ready(version, Action.WRITE, by, edition)
    _move(version, "write", rules.Facts(), by)
    if len(changes) > rules.LONGEST_WORDS:
        sentence = _("Skriv högst %(n)s tecken.", n=rules.LONGEST_WORDS)
        raise RuleBroken(sentence, {"changes": sentence})
    version.changes = changes.strip()
    _word(version, kind, title, text, link, by)
    audit.note("governing.write", about=version.document, number=version.number)


def _word(version: GoverningVersion, kind: str, title: str, text: str, link: str, by: Mandate) -> None:
    if found := rules.problems(kind, title, text, link):
        raise RuleBroken(next(iter(found.values())), found)
    version.document.kind, version.document.title = kind, title.strip()
    version.text, version.link = text.strip(), link.strip()
    version.written_at, version.written_by_id = clock.now(), by.person_id


@atomic
def discard(version: GoverningVersion, *, by: Mandate) -> None:
    """Throw a draft away; with the document, when nothing of it has ever been out."""
    document = version.document
    guard.require(Action.WRITE, document, by)
    _move(version, "discard", rules.Facts(), by)
    audit.note("governing.discard", about=document, number=version.number)
    alone = len(document.versions) == 1
    gone = file_queries.alone(version)
    version.files.clear()
    db.session.flush()
    for one in (*gone, version):
        db.session.delete(one)
    db.session.flush()
    if alone:
        db.session.delete(document)


@atomic
def renew(version: GoverningVersion, *, by: Mandate) -> GoverningVersion:
    """Begin the next version, from the words of one that was adopted or that heads have answered about."""
    document = version.document
    guard.require(Action.WRITE, document, by)
    _move(version, "renew", queries.facts(version), by)
    made = GoverningVersion(
        public_id=random_name(), document=document, number=max(one.number for one in document.versions) + 1, state="draft",
        text=version.text, link=version.link, files=list(version.files), written_at=clock.now(), written_by_id=by.person_id,
    )  # fmt: skip
    if version.state == "consulted":
        version.state = "replaced"
    db.session.add(made)
    db.session.flush()
    audit.note("governing.renew", about=document, number=made.number)
    return made


# Heads are asked


@atomic
def ask(
    version: GoverningVersion, receivers: Sequence[Unit], *, until: date | None, question: str, by: Mandate
) -> list[Consultation]:  # fmt: skip
    """Ask the heads of some units below about a draft. Its words stand still from now on."""
    document = version.document
    guard.require(Action.WRITE, document, by)
    known = {unit.id for unit, _names in queries.can_be_asked(document)}
    asked = [one for one in dict.fromkeys(receivers) if one.id in known]
    _move(version, "ask", replace(queries.facts(version), someone=bool(asked), until=until), by)
    assert until is not None  # the table asks for it
    rules.check_question(question, others=len(asked) < len(set(receivers)))
    made = [
        Consultation(
            public_id=random_name(), about=version, unit_id=document.unit_id, path=document.path, receiver_id=one.id,
            question=question.strip(), until=until, state="asked", asked_at=clock.now(), asked_by_id=by.person_id,
        )
        for one in asked
    ]  # fmt: skip
    version.state = "consulting"
    db.session.add_all(made)
    db.session.flush()
    for one, unit in zip(made, asked, strict=True):
        outbox.post("consultation.asked", f"/goal/consultation/{one.public_id}", queries.heads_of([unit]))
    audit.note("governing.ask", about=document, number=version.number, count=len(made))
    return made


@atomic
def answer(consultation: Consultation, words: str, *, by: Mandate) -> None:
    """Answer for one's unit. The last answer closes the consultation."""
    guard.require(Action.ANSWER, consultation, by)
    said = rules.checked_answer(words)
    consultation.answer, consultation.answered_at, consultation.state = said, clock.now(), "answered"
    consultation.answered_by_id = by.person_id
    db.session.flush()
    version = consultation.about
    if version.state == "consulting" and all(one.state != "asked" for one in version.consultations):
        version.state = "consulted"
    audit.note("governing.answer", about=consultation)


@atomic
def close(version: GoverningVersion, *, by: Mandate) -> None:
    """End a consultation, also when some have not answered."""
    guard.require(Action.WRITE, version.document, by)
    _move(version, "close", rules.Facts(), by)
    for one in version.consultations:
        if one.state == "asked":
            one.state = "closed"
    version.state = "consulted"
    audit.note("governing.close", about=version.document, number=version.number)


# Decided


@atomic
def adopt(
    version: GoverningVersion, *, adopted_by: str, registration_number: str, adopted_on: date | None,
    in_force_from: date | None, in_force_to: date | None = None, by: Mandate,
) -> None:  # fmt: skip
    """A version is adopted: it holds from its day, replaces the one before, and is read by all above and below."""
    document = version.document
    guard.require(Action.SUBMIT, document, by)
    wrong = rules.check_decision(adopted_by, registration_number, adopted_on, in_force_from, in_force_to, clock.today())
    _move(version, "adopt", replace(queries.facts(version), decision=tuple(wrong.items())), by)
    for one in document.versions:
        if one.state == "adopted":
            one.state = "replaced"
    version.state, document.state = "adopted", "adopted"
    version.adopted_by, version.adopted_on = adopted_by.strip(), adopted_on
    version.registration_number = " ".join(registration_number.split())
    version.in_force_from, version.in_force_to = in_force_from, in_force_to
    audit.note("governing.adopt", about=document, number=version.number)


@atomic
def withdraw(document: GoverningDocument, reason: str, *, by: Mandate) -> None:
    """The document no longer holds, and nothing comes instead."""
    guard.require(Action.KEEP, document, by)
    version = queries.current(document)
    if version is None:
        raise RuleBroken(_("Dokumentet är inte antaget. Släng utkastet i stället."))
    _move(version, "withdraw", rules.Facts(reason=reason), by)
    version.state, document.state = "withdrawn", "withdrawn"
    document.withdrawn_on, document.reason = clock.today(), fitting(reason, rules.LONGEST_WORDS, "reason")
    audit.note("governing.withdraw", about=document)


# Referred to


@atomic
def refer(
    document: GoverningDocument, *, by: Mandate, goal: Goal | None = None, level: str = "", question: str = ""
) -> GoverningReference:  # fmt: skip
    """Say that an adopted document governs a goal, or what a level is asked in its follow-ups. (A plan says it itself.)"""
    guard.require(Action.WRITE, document, by)
    if document.state != "adopted":
        raise RuleBroken(_("Hänvisa till ett dokument som är antaget."))
    if goal is None and (level not in cycle.levels() or not question):
        sentence = _("Välj ett mål, eller en fråga i uppföljningen.")
        raise RuleBroken(sentence, {"what": sentence})
    numbers = (goal.id if goal else None, None, level if question else "", question)
    for one in queries.referring(document):
        if (one.goal_id, one.workplan_id, one.level, one.question) == numbers:
            sentence = _("Hänvisningen finns redan.")
            raise RuleBroken(sentence, {"what": sentence})
    made = GoverningReference(document=document, goal_id=numbers[0], level=numbers[2], question=question)
    db.session.add(made)
    db.session.flush()
    audit.note("governing.refer", about=document)
    return made


@atomic
def unrefer(reference: GoverningReference, *, by: Mandate) -> None:
    """Take a reference away."""
    guard.require(Action.WRITE, reference.document, by)
    audit.note("governing.unrefer", about=reference.document)
    db.session.delete(reference)


def _ready(version: GoverningVersion, action: Action, by: Mandate, edition: int) -> None:
    guard.require(action, version.document, by)
    if version.version != edition:
        raise RuleBroken(_("Någon annan har sparat dokumentet sedan du öppnade sidan. Kopiera din text, ladda om och jämför."))


def _move(version: GoverningVersion, act: str, facts: rules.Facts, by: Mandate) -> None:
    rules.move(act, version.state, facts, level=version.document.unit.level, role=by.role)
