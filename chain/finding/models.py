"""What the administration reads out of the analyses: themes, passages coded with them, quotes, and findings that are answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import current
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation.models import Person, Unit


class Theme(Named, Base):
    """One of an administration's themes. State: active, retired (codes nothing new), merged (counted as `merged_into`).

    What was coded with it stays coded with it, whatever it is called and counted as: every merge can be undone.
    `words`: {"sv": {"name", "belongs"}, "en": …}; `earlier`: the names that it has had.
    """

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("unit_id", "key"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the administration
    path: Mapped[str] = mapped_column(Path)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    words: Mapped[dict[str, Any]]
    earlier: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(20), default="active")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    merged_into: Mapped["Theme | None"] = relationship(remote_side="Theme.id")

    def word(self, part: str) -> str:
        """Its name, or what belongs there, in the reader's language: in Swedish where nobody has said it otherwise."""
        return str((self.words.get(current()) or {}).get(part) or self.words["sv"].get(part, ""))

    @property
    def name(self) -> str:
        return self.word("name")


class CodedReading(Row, Base):
    """One coder's reading of one submission. State: coding, read, passed (leaves it to the other, and so may see the codes).

    `span` is where the coder was last.
    """

    __tablename__ = "coded_reading"
    __table_args__ = (UniqueConstraint("submission_id", "person_id"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # the administration
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(20), default="coding")
    span: Mapped[str] = mapped_column(String(120), default="")
    began_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship()
    person: Mapped[Person] = relationship()


class Passage(Named, Base):
    """Words that a coder has marked in a submission: a whole paragraph, or characters `begins` up to `ends` of it.

    `sha256` is over the words, `paragraph_sha256` over the paragraph that they stand in.
    """

    __tablename__ = "passage"
    __table_args__ = (Index(None, "unit_id", "round_id"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the administration
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    span: Mapped[str] = mapped_column(String(120))
    begins: Mapped[int]
    ends: Mapped[int]
    heading: Mapped[str]
    words: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    paragraph_sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(default="")
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    submission: Mapped[Submission] = relationship()
    marked_by: Mapped[Person] = relationship()
    codes: Mapped[list["Coding"]] = relationship(back_populates="passage", cascade="all, delete-orphan", order_by="Coding.id")


class Coding(Row, Base):
    """A theme that a passage is coded with."""

    __tablename__ = "coding"
    __table_args__ = (UniqueConstraint("passage_id", "theme_id"),)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)

    passage: Mapped[Passage] = relationship(back_populates="codes")
    theme: Mapped[Theme] = relationship()


class Resolution(Row, Base):
    """Whose codes of a paragraph stand where two coders differ: one's (`stands_id`), or both's (none); by whom, and why."""

    __tablename__ = "resolution"
    __table_args__ = (UniqueConstraint("submission_id", "span"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    span: Mapped[str] = mapped_column(String(120))
    stands_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    resolved_at: Mapped[datetime]
    resolved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    stands: Mapped[Person | None] = relationship(foreign_keys=[stands_id])
    resolved_by: Mapped[Person] = relationship(foreign_keys=[resolved_by_id])


class Quote(Named, Base):
    """Words of a passage that may be read further up: confirmed by a named person to point nobody out. Never changed.

    State: confirmed, withdrawn. `words` are the passage's; what is left out or said otherwise stands within square brackets.
    """

    __tablename__ = "quote"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the administration
    path: Mapped[str] = mapped_column(Path)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    state: Mapped[str] = mapped_column(String(20), default="confirmed")
    words: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    passage: Mapped[Passage] = relationship()
    theme: Mapped[Theme] = relationship()
    confirmed_by: Mapped[Person] = relationship()


class Finding(Named, Base):
    """What the administration sees in a round under a theme, with the passages that it rests on. State: finding_rules.MOVES.

    `units` of `handed_in`: in how many units of those that had handed in, when it was written.
    """

    __tablename__ = "finding"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # the administration
    path: Mapped[str] = mapped_column(Path)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    title: Mapped[str] = mapped_column(String(200))
    seen: Mapped[str]
    units: Mapped[int]
    handed_in: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="open")
    answer: Mapped[str] = mapped_column(default="")  # or what the effort is
    responsible: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    unit: Mapped[Unit] = relationship()
    round: Mapped[Round] = relationship()
    theme: Mapped[Theme] = relationship()
    noted_by: Mapped[Person] = relationship(foreign_keys=[noted_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    passages: Mapped[list["FindingPassage"]] = relationship(back_populates="finding", order_by="FindingPassage.id")


class FindingPassage(Row, Base):
    """A passage that a finding rests on, and the unit that wrote it."""

    __tablename__ = "finding_passage"
    __table_args__ = (UniqueConstraint("finding_id", "passage_id"),)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), index=True)
    wrote_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)

    finding: Mapped[Finding] = relationship(back_populates="passages")
    passage: Mapped[Passage] = relationship()


class FindingMove(Row, Base):
    """What somebody did with a finding, and said with it. Never changed."""

    __tablename__ = "finding_move"
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))  # that it led to
    words: Mapped[str]
    responsible: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship()


policy.register(Theme, "theme", unit="unit_id", path="path", state="state")
policy.register(Quote, "quote", unit="unit_id", path="path", state="state")
policy.register(Finding, "finding", unit="unit_id", path="path", state="state")
for _model in (CodedReading, Passage, Coding, Resolution):
    policy.inside(_model, "theme")
policy.inside(FindingPassage, "finding")
policy.inside(FindingMove, "finding")
