"""The year's wheel: school years, rounds with dates per level, the tree as it stood in a round, and the questions asked."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import current
from chain.organisation.models import Unit

OWN = "own-"  # how the keys of a municipality's own questions and indicators begin; no shipped key does


class Year(Named, Base):
    """A committee's year, such as 2026/27. Its questions, indicators and scales were copied in when it was opened."""

    __tablename__ = "year"
    __table_args__ = (UniqueConstraint("committee_id", "label"),)
    committee_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)  # the committee's
    label: Mapped[str] = mapped_column(String(12))
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    committee: Mapped[Unit] = relationship()
    rounds: Mapped[list["Round"]] = relationship(back_populates="year", order_by="Round.number")


class Round(Named, Base):
    """One follow-up of a year: number 1 November, 2 January, 3 April, 4 August. Due rounds are named (year label, number)."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("year_id", "number"),)
    year_id: Mapped[int] = mapped_column(ForeignKey("year.id"))
    committee_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(Path)  # the committee's
    number: Mapped[int]
    name: Mapped[dict[str, Any]]  # {"sv": "Uppföljning 1, november", "en": …}
    opens_on: Mapped[date]
    meets_on: Mapped[date | None]  # the committee's meeting
    opened_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    year: Mapped[Year] = relationship(back_populates="rounds")
    dues: Mapped[list["RoundDue"]] = relationship(back_populates="round")

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return str(self.name.get(current()) or self.name["sv"])

    @property
    def in_year(self) -> str:
        """Its name with its school year: Uppföljning 1, november 2026/27."""
        return f"{self.title} {self.year.label}"


class RoundDue(Row, Base):
    """The last day for a level to hand in, counted in Stockholm."""

    __tablename__ = "round_due"
    __table_args__ = (UniqueConstraint("round_id", "level"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    level: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]

    round: Mapped[Round] = relationship(back_populates="dues")


class RoundNode(Row, Base):
    """A unit as it stands in a round: place, name, school forms; expected to hand in, or exempt with a reason."""

    __tablename__ = "round_node"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"), Index(None, "round_id", "parent_id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # the unit above, in this round
    path: Mapped[str] = mapped_column(Path)
    level: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    school_forms: Mapped[list[str]] = mapped_column(default=list)
    year_groups: Mapped[list[str]] = mapped_column(default=list)
    expected: Mapped[bool] = mapped_column(default=True)
    exempt_reason: Mapped[str] = mapped_column(default="")
    extended_to: Mapped[date | None]  # anstånd
    late_reason: Mapped[str] = mapped_column(default="")  # what the unit has said about being late

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])


class Question(Row, Base):
    """One question of a year, for one level. `key` is stable through the years; words may change, answers stay."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("year_id", "level", "key"),)
    year_id: Mapped[int] = mapped_column(ForeignKey("year.id"))
    level: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # text analysis figures outcomes measures requests choice
    rounds: Mapped[list[int]]
    required: Mapped[bool]
    hidden: Mapped[bool] = mapped_column(default=False)
    school_forms: Mapped[list[str]] = mapped_column(default=list)  # empty: all
    words: Mapped[dict[str, Any]]  # {"sv": {"title": …, "ask": …, "help": …, "example": …}, "en": {…}}
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the kind asks for: horizon, options, max_length
    version: Mapped[int] = mapped_column(default=1)  # grows when what it says is changed, not when it is moved or hidden

    @property
    def own(self) -> bool:
        """Whether the municipality has added it."""
        return self.key.startswith(OWN)

    def word(self, part: str) -> str:
        """Its title, ask, help or example in the reader's language."""
        return str((self.words.get(current()) or self.words["sv"]).get(part, ""))

    @property
    def title(self) -> str:
        return self.word("title")

    @property
    def ask(self) -> str:
        return self.word("ask")


class BasisDefault(Row, Base):
    """What a figure rests on unless somebody says otherwise: per round, school form and year groups."""

    __tablename__ = "basis_default"
    year_id: Mapped[int] = mapped_column(ForeignKey("year.id"), index=True)
    round_number: Mapped[int]
    school_form: Mapped[str] = mapped_column(String(10))
    year_groups: Mapped[list[str]] = mapped_column(default=list)  # empty: all
    basis: Mapped[str] = mapped_column(String(20))


policy.register(Year, "year", unit="committee_id", path="path")
policy.register(Round, "round", unit="committee_id", path="path")
policy.register(RoundNode, "node", unit="unit_id", path="path")
for _model in (RoundDue, Question, BasisDefault):
    policy.inside(_model, "round")
