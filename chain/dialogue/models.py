"""Quality dialogues: the meeting, what is prepared for it, what is written during it, and what both sides agree to do."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base import clock
from chain.base.db import Base, Named, Path, Row
from chain.base.files import File
from chain.base.locale import current
from chain.cycle.models import Round
from chain.organisation.models import Mandate, Person, Unit


class Dialogue(Named, Base):
    """A meeting between a unit and whoever receives its follow-ups; `rules.MOVES` says how it goes on.

    `people` are those who take part, by name and side, as they were asked; `present` is the same as the access table asks for it.
    `agenda` is its own: a change of the administration's headings changes no dialogue that is planned. `held_on` and `begins_at`
    are as a clock shows in Stockholm. What the unit writes before it hands over leaves no trace here.
    """

    __tablename__ = "dialogue"
    __table_args__ = (Index(None, "unit_id", "held_on"), Index(None, "path"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # whose dialogue it is
    path: Mapped[str] = mapped_column(Path)  # the unit's
    host_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who calls and holds it: administration or area
    year: Mapped[str] = mapped_column(String(12))  # which year it is about
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))  # which round, if one alone
    held_on: Mapped[date]
    begins_at: Mapped[time]
    place: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {"person", "name", "role", "side"}
    present: Mapped[str]
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {"key", "title": {"sv", …}}
    state: Mapped[str] = mapped_column(String(20), default="planned")
    asked: Mapped[str] = mapped_column(default="")  # what the unit has proposed instead, until it is answered
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    host: Mapped[Unit] = relationship(foreign_keys=[host_id])
    round: Mapped[Round | None] = relationship()

    @property
    def day_has_come(self) -> bool:
        return self.held_on <= clock.today()

    @property
    def headings(self) -> list[tuple[str, str]]:
        """(key, words) of the agenda, in the reader's language where it has them."""
        return [(one["key"], str(one["title"].get(current()) or one["title"]["sv"])) for one in self.agenda]

    def names(self, side: str) -> list[str]:
        """Those who take part on a side."""
        return [one["name"] for one in self.people if one["side"] == side]


class DialogueStep(Row, Base):
    """One line of a dialogue's history: what was done, by whom, on which side, and the words said."""

    __tablename__ = "dialogue_step"
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))  # after it
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the unit came to an end
    by_role: Mapped[str] = mapped_column(String(20), default="")

    by: Mapped[Person | None] = relationship()


class DialoguePack(Row, Base):
    """The preparation as the unit handed it over: never changed. Handed over anew it is the next number."""

    __tablename__ = "dialogue_pack"
    __table_args__ = (UniqueConstraint("dialogue_id", "number"),)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"))
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))  # over the canonical form, as a submission's
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    sent_by: Mapped[Person] = relationship()


class DialogueFile(Row, Base):
    """A file that one side has laid before both. It stands still from the moment that the notes are proposed."""

    __tablename__ = "dialogue_file"
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), unique=True)
    side: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    file: Mapped[File] = relationship()
    by: Mapped[Person] = relationship()


class DialogueText(Row, Base):
    """What stands under a heading so far; under `rules.OWN_WORDS` what the unit writes for itself: a draft, its own alone."""

    __tablename__ = "dialogue_text"
    __table_args__ = (UniqueConstraint("dialogue_id", "key"),)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"))
    key: Mapped[str] = mapped_column(String(60))
    text: Mapped[str]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    saved_by: Mapped[Person] = relationship()


class DialogueTextVersion(Row, Base):
    """Every text that was called saved, also the one that lost a conflict (`kept` is false)."""

    __tablename__ = "dialogue_text_version"
    __table_args__ = (UniqueConstraint("text_id", "save_key"), Index(None, "text_id", "number"))
    section_id: Mapped[int] = mapped_column("text_id", ForeignKey("dialogue_text.id"))
    number: Mapped[int]  # the text's version that this save led to, or was aimed at
    kept: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = mapped_column("words")
    save_key: Mapped[str] = mapped_column(String(64))  # the same save sent twice is one save
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    section: Mapped[DialogueText] = relationship()
    saved_by: Mapped[Person] = relationship()


class DialogueEdition(Row, Base):
    """Notes and agreements as one side proposed them and the other agreed, or did not: whoever agrees has read just this.

    State: proposed, agreed, changed (somebody wrote on, and the agreement fell with it).
    """

    __tablename__ = "dialogue_edition"
    __table_args__ = (UniqueConstraint("dialogue_id", "number"),)
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]  # {"notes": […], "agreements": […]}
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_side: Mapped[str] = mapped_column(String(10))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    agreed_by: Mapped[Person | None] = relationship(foreign_keys=[agreed_by_id])


class Agreement(Named, Base):
    """What somebody is to do, and until which round. On the unit's side it becomes a measure when the unit takes it in: the
    measure's item is the agreement's public id, and nothing else is kept of it. `came_of_it`: what it led to, said by its side.
    """

    __tablename__ = "agreement"
    dialogue_id: Mapped[int] = mapped_column(ForeignKey("dialogue.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # who does it: the unit, or who held the dialogue
    side: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    responsible_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_year: Mapped[str] = mapped_column(String(12))  # a due round is a name, valid before its year is opened
    due_number: Mapped[int]
    came_of_it: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    dialogue: Mapped[Dialogue] = relationship()
    responsible: Mapped[Person] = relationship(foreign_keys=[responsible_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])

    @property
    def due(self) -> str:
        return f"{self.due_year}:{self.due_number}"


class DialogueAgenda(Row, Base):
    """An administration's own headings, in its order; without a row the shipped ones hold."""

    __tablename__ = "dialogue_agenda"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


def step(dialogue: Dialogue, act: str, state: str, by: Mandate | None, words: str = "") -> DialogueStep:
    """A line of the history, of now."""
    return DialogueStep(
        dialogue_id=dialogue.id, act=act, state=state, at=clock.now(), words=words.strip(),
        by_id=by.person_id if by else None, by_role=str(by.role) if by else "",
    )  # fmt: skip


policy.register(
    Dialogue, "dialogue", unit="unit_id", path="path", state="state", receiver="host_id", present="present"
)  # fmt: skip
policy.register(DialogueAgenda, "agenda", unit="unit_id")
for _model in (DialogueStep, DialoguePack, DialogueFile, DialogueText, DialogueTextVersion, DialogueEdition, Agreement):
    policy.inside(_model, "dialogue")
