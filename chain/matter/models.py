"""The committee's matters, the meetings at which they are taken up, what was decided, and what the administration is to do."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base import clock
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import _, day
from chain.cycle.models import Round
from chain.matter import assignment_rules
from chain.organisation.models import Mandate, Person, Unit


class Matter(Named, Base):
    """A matter (ärende) of a committee, from the day it was opened until it is closed; `rules.MOVES` says how it goes on.

    Responsible is a role at an administration, never a person. `follows` is the earlier matter that it goes on from.
    """

    __tablename__ = "matter"
    __table_args__ = (UniqueConstraint("unit_id", "registration_number"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)  # the committee's
    title: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str | None] = mapped_column(String(60))  # free form, such as Bun 2018/75; may come later
    opened_on: Mapped[date]
    why: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), default="open")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)  # the follow-up that it is about
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    responsible_role: Mapped[str | None] = mapped_column(String(20))  # officer, director
    responsible_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    round: Mapped[Round | None] = relationship()
    follows: Mapped["Matter | None"] = relationship(remote_side="Matter.id")
    responsible_unit: Mapped[Unit | None] = relationship(foreign_keys=[responsible_unit_id])


class Meeting(Named, Base):
    """A meeting (sammanträde) of a committee. Read at it are the rounds that say this day themselves (`Round.meets_on`).

    State: planned, or cancelled with a reason. Whether it has been held the day tells.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("unit_id", "held_on"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)  # the committee's
    held_on: Mapped[date]
    begins_at: Mapped[time | None]  # as the clock shows in Stockholm
    place: Mapped[str] = mapped_column(String(200), default="")
    papers_by: Mapped[date | None]  # the last day for papers
    state: Mapped[str] = mapped_column(String(20), default="planned")
    reason: Mapped[str] = mapped_column(default="")  # why it was cancelled
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()

    @property
    def over(self) -> bool:
        """Whether its day has passed."""
        return self.held_on < clock.today()


class AgendaItem(Row, Base):
    """A matter on the agenda of a meeting. One that was moved to another meeting stays, and says which."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "matter_id"),)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), index=True)
    position: Mapped[int]
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))

    meeting: Mapped[Meeting] = relationship(foreign_keys=[meeting_id])
    matter: Mapped[Matter] = relationship()
    moved_to: Mapped[Meeting | None] = relationship(foreign_keys=[moved_to_id])


class Decision(Named, Base):
    """A decision as the minutes have it, recorded by the secretary. Corrected by a new one that names it, never changed."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("unit_id", "decided_on", "paragraph", "edition"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the committee
    path: Mapped[str] = mapped_column(Path)
    decided_on: Mapped[date]
    paragraph: Mapped[str] = mapped_column(String(20))
    registration_number: Mapped[str] = mapped_column(String(60))  # free form, such as Bun 2018/75
    text: Mapped[str]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))  # what it is about
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    edition: Mapped[int] = mapped_column(default=1)  # a correction of the same paragraph is its next edition
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)  # only the latest one is corrected
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = relationship()
    round: Mapped[Round | None] = relationship()
    matter: Mapped[Matter | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    recorded_by: Mapped[Person] = relationship()
    corrects: Mapped["Decision | None"] = relationship(remote_side="Decision.id")


class Assignment(Named, Base):
    """What the committee asks of its administration (uppdrag): given in a decision of one matter, answered in a later matter.

    Its day, paragraph and registration number are the decision's. State: open, reported, closed (`assignment_rules.MOVES`).
    """

    __tablename__ = "assignment"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # the committee
    path: Mapped[str] = mapped_column(Path)  # the committee's
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), index=True)  # in which it was given
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)  # the edition that stands
    receiver_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # the administration
    text: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20), default="open")
    answered_in_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    reported_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))  # the decision that approved the report
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    matter: Mapped[Matter] = relationship(foreign_keys=[matter_id])
    decision: Mapped[Decision] = relationship(foreign_keys=[decision_id])
    receiver: Mapped[Unit] = relationship(foreign_keys=[receiver_id])
    answered_in: Mapped[Matter | None] = relationship(foreign_keys=[answered_in_id])
    closed_by: Mapped[Decision | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def name(self) -> str:
        """What it is called: § 12, 17 mars 2017."""
        return str(_("%(paragraph)s, %(day)s", paragraph=self.decision.paragraph, day=day(self.decision.decided_on)))

    @property
    def age(self) -> str:
        """How long ago it was given, in words."""
        return assignment_rules.age(self.decision.decided_on, clock.today())

    @property
    def given(self) -> str:
        """The same in a sentence: gavs för 8 månader sedan."""
        return assignment_rules.given(self.decision.decided_on, clock.today())

    @property
    def late(self) -> bool:
        return assignment_rules.late(self.state, self.due_on, clock.today())


class MatterStep(Row, Base):
    """One line of a matter's history, or of that of an assignment given in it: what was done, by whom, and the words said."""

    __tablename__ = "matter_step"
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))  # after it
    words: Mapped[str] = mapped_column(default="")
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(String(20))

    decision: Mapped[Decision | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    by: Mapped[Person] = relationship()


def step(matter: Matter, act: str, state: str, by: Mandate, **more: Any) -> MatterStep:
    """A line of the history, of now. `more`: the words said, and the numbers of what it concerns."""
    return MatterStep(
        matter_id=matter.id, act=act, state=state, at=clock.now(), by_id=by.person_id, by_role=str(by.role), **more
    )  # fmt: skip


policy.register(Matter, "matter", unit="unit_id", path="path", state="state")
policy.register(Meeting, "meeting", unit="unit_id", path="path", state="state")
policy.register(Decision, "decision", unit="unit_id", path="path")
policy.register(Assignment, "assignment", unit="unit_id", path="path", state="state", receiver="receiver_id")
policy.inside(AgendaItem, "meeting")
policy.inside(MatterStep, "matter")
