"""The goals, from the nation's to a group's: how each breaks down those above it, and how far each was reached."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import current
from chain.cycle.models import Round
from chain.goal import shipped
from chain.organisation.models import Person, Unit


class Goal(Named, Base):
    """A goal of one level of the chain. A draft is its own node's alone; those above and below read it when it is decided.

    National goals (`level` national) stand at the municipality's root node, with the `key` that they are shipped under
    (data/goals.toml), so that every goal has a node that owns it. State: draft, decided, ended (`rules.MOVES`).
    """

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("unit_id", "key"), Index(None, "unit_id", "state"), Index(None, "path", "state"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)  # the unit's, when it was written or handed over
    ceiling: Mapped[str] = mapped_column(Path)  # how far up it is read: a group's, up to its unit
    level: Mapped[str] = mapped_column(String(20))  # national, municipality, committee, administration, area, unit, group
    kind: Mapped[str] = mapped_column(String(20))  # knowledge, values (seed 003: kunskapsmål, värdegrundsmål)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(
        String(300), default=""
    )  # of a national one: which statute or curriculum, and where in it
    link: Mapped[str] = mapped_column(String(300), default="")  # where its source is read
    key: Mapped[str | None] = mapped_column(String(60))  # of a shipped one
    school_forms: Mapped[list[str]] = mapped_column(default=list)  # whom it concerns; empty: all
    hidden: Mapped[bool] = mapped_column(default=False)  # a national one that the municipality does not use
    own_words: Mapped[str] = mapped_column(default="")  # what the municipality says beside a national one
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    valid_from: Mapped[str] = mapped_column(String(12))  # the label of its first year, such as 2026/27
    valid_to: Mapped[str | None] = mapped_column(String(12))  # of its last one; none: until further notice
    indicator: Mapped[str] = mapped_column(String(60), default="")  # an indicator's key
    subject: Mapped[str] = mapped_column(String(20), default="")  # where the indicator is counted by subject; empty: all
    year_group: Mapped[str] = mapped_column(String(10), default="")
    target: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))  # in the indicator's unit: of a share, per cent
    direction: Mapped[str] = mapped_column(String(10), default="")  # at_least, at_most
    state: Mapped[str] = mapped_column(String(20), default="draft")
    edition: Mapped[int] = mapped_column(default=0)  # how many times it has been decided
    decided_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(60), default="")  # the decision's registration number or paragraph
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")
    follows_id: Mapped[int | None] = mapped_column(
        ForeignKey("goal.id"), index=True
    )  # whose work it goes on with: of an ended unit
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    owner: Mapped[Person | None] = relationship()
    follows: Mapped["Goal | None"] = relationship(remote_side="Goal.id")
    up: Mapped[list["GoalLink"]] = relationship(
        foreign_keys="GoalLink.goal_id", back_populates="goal", cascade="all, delete-orphan"
    )
    down: Mapped[list["GoalLink"]] = relationship(foreign_keys="GoalLink.above_id", back_populates="above", viewonly=True)
    editions: Mapped[list["GoalEdition"]] = relationship(back_populates="goal", order_by="GoalEdition.number")
    assessments: Mapped[list["GoalAssessment"]] = relationship(back_populates="goal", order_by="GoalAssessment.id")

    @property
    def name(self) -> str:
        """What it is called: a shipped one in the reader's language, all others as they were written."""
        known = shipped.goals().get(self.key or "")
        return known.title["en"] if known and current() == "en" else self.title

    @property
    def meaning(self) -> str:
        """What more it says, in the same way."""
        known = shipped.goals().get(self.key or "")
        return known.text["en"] if known and current() == "en" else self.text


class GoalLink(Row, Base):
    """A goal breaks down one above it: of a node above on its path, or a national or municipal one. There are no circles."""

    __tablename__ = "goal_link"
    __table_args__ = (UniqueConstraint("goal_id", "above_id"),)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    above_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)

    goal: Mapped[Goal] = relationship(foreign_keys=[goal_id], back_populates="up")
    above: Mapped[Goal] = relationship(foreign_keys=[above_id], back_populates="down")


class GoalEdition(Row, Base):
    """A goal as it was decided: never changed. A decided goal gets new words by a new edition, with the reason."""

    __tablename__ = "goal_edition"
    __table_args__ = (UniqueConstraint("goal_id", "number"),)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    number: Mapped[int]
    words: Mapped[dict[str, Any]]  # all that it says, the goals above by their public ids
    reason: Mapped[str] = mapped_column(default="")  # why it was changed
    reference: Mapped[str] = mapped_column(String(60), default="")
    decided_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(String(20))

    goal: Mapped[Goal] = relationship(back_populates="editions")
    by: Mapped[Person] = relationship()


class GoalAssessment(Row, Base):
    """How far a goal was reached in a round, or in a year as a whole: reached, on_the_way, not_reached, cannot_say, and why.

    Corrected by a new version; the earlier ones are kept. The one with the highest version is right.
    """

    __tablename__ = "goal_assessment"
    __table_args__ = (UniqueConstraint("goal_id", "year", "number", "version"),)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    year: Mapped[str] = mapped_column(String(12))
    number: Mapped[int] = mapped_column(default=0)  # the round's; 0: the year as a whole
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)  # none: the year as a whole
    version: Mapped[int] = mapped_column(default=1)
    verdict: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(String(20))

    goal: Mapped[Goal] = relationship(back_populates="assessments")
    round: Mapped[Round | None] = relationship()
    by: Mapped[Person] = relationship()


policy.register(Goal, "goal", unit="unit_id", path="path", state="state", ceiling="ceiling")
for _model in (GoalLink, GoalEdition, GoalAssessment):
    policy.inside(_model, "goal")
