"""What the demonstration's administration writes to its committee: filled by the system, written over, approved, handed over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chain.base import clock
from chain.base.db import db, random_name
from chain.demo import texts
from chain.demo.days import Slot
from chain.demo.texts import Words
from chain.document import actions, frozen, queries
from chain.document import section_actions as sections
from chain.document.models import Document
from chain.matter.models import Decision, Matter
from chain.publication import actions as publication

if TYPE_CHECKING:
    from chain.demo.rounds import Committee

WRITE = 40  # days after the round opened: the committee's page has been registered
TAKEN_BACK = 2  # days that something stood public that should not have


def write(at: Committee, slot: Slot) -> None:
    """The documents of a round, each as far as the texts say."""
    lines: list[Words] = texts.opened("committee").get("document", [])
    for line in lines:
        if line.get("committee", "bun") == at.key and line.get("round") == slot.place:
            at.stage.go(slot.day(WRITE), 13)
            round, number = at.stage.round[at.key, slot.place], line["number"].format(year=clock.today().year)
            _write(at, line, title=line["title"], number=number, round=round)


def write_in(at: Committee, key: str, matter: Matter) -> None:
    """The document of a matter, by its key in matters.toml."""
    lines: list[Words] = texts.opened("committee").get("document", [])
    for line in lines:
        if line.get("matter") == key:
            _write(at, line, title=matter.title, number=matter.registration_number or "", matter=matter)


def make_public(at: Committee, decided: Decision | None, **about: Any) -> None:
    """What was handed over about a round or in a matter, once that is decided about; some of it is taken back soon after."""
    secretary = at.stage.who(f"secretary@{at.key}")
    for line, document in at.written:
        if line.get("public") and about.items() <= line.items():
            made = publication.publish_document(document, read_through=True, decision=decided, by=secretary)
            if reason := line.get("withdrawn"):
                at.stage.go(clock.today() + timedelta(days=TAKEN_BACK), 9)
                publication.withdraw(made, reason=reason, by=secretary)


def _write(at: Committee, line: Words, **facts: Any) -> None:
    document = actions.begin(at.stage.unit[at.key], line["form"], **facts, by=at.officer)
    at.written.append((line, document))
    for key, text in line["under"].items():
        db.session.expire_all()
        section = queries.section(document, key)
        assert section is not None, key
        at.stage.go(clock.today())
        words = {**section.content, "text": text}
        sections.save(document, key, words, version=section.version, save_key=random_name(), by=at.officer)
    if line["state"] == "handed_over":
        _hand_over(at, document)
    for key, text in line.get("remarks", {}).items():
        at.stage.go(clock.today())
        actions.remark(document, text, section=key, by=at.director)


def _hand_over(at: Committee, document: Document) -> None:
    """Sent by an officer, approved by the director the day after, and handed over before the meeting."""
    for act, by in ((actions.send, at.officer), (actions.approve, at.director)):
        db.session.expire_all()
        act(document, version=frozen.revision(document), by=by)
        at.stage.go(clock.today() + timedelta(days=1), 9)
    actions.hand_over(document, by=at.officer)
