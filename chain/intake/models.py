"""What has been read in: an intake with its receipt, and what it changed, to be undone. Figures: ImportedFigures in result."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, defer, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.base.locale import _
from chain.cycle.models import Round
from chain.intake import ss12000_grades
from chain.organisation.models import Mandate, Unit

GRADES = "grades"  # the kind of what came from a register; its name is the term
PREVIEWED, KEPT, UNDONE, CANCELLED = "previewed", "kept", "undone", "cancelled"


class Intake(Named, Base):
    """One file: who, when, what it was recognised as, and what came of it. `found` is the receipt: counts, problems, changes."""

    __tablename__ = "intake"
    __table_args__ = (Index(None, "municipality_id", "state"),)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # where whoever read it in has the mandate
    path: Mapped[str] = mapped_column(Path)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)  # of figures that are proposed
    kind: Mapped[str] = mapped_column(String(20))  # grid, scb, published, grades
    state: Mapped[str] = mapped_column(String(20), default=PREVIEWED)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # bytes
    source: Mapped[str] = mapped_column(String(60), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    at: Mapped[datetime]
    turn: Mapped[int | None]  # in which order a municipality's files were kept
    kept_at: Mapped[datetime | None]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What it is called on a page: the file's name; of what came from a register, what it is."""
        if self.kind == GRADES:
            return str(_("Betyg ur registret, %(term)s", term=ss12000_grades.words(self.file_name)))
        return self.file_name

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    municipality: Mapped[Unit] = relationship(foreign_keys=[municipality_id])
    round: Mapped[Round | None] = relationship()
    by: Mapped[Mandate] = relationship(foreign_keys=[by_id])
    kept_by: Mapped[Mandate | None] = relationship(foreign_keys=[kept_by_id])
    undone_by: Mapped[Mandate | None] = relationship(foreign_keys=[undone_by_id])


WITHOUT_RECEIPT = defer(Intake.found)  # megabytes of a large file: fetched for its own page


class IntakeFile(Base):
    """The uploaded bytes, while their intake is previewed; never served back."""

    __tablename__ = "intake_file"
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class IntakeMapping(Row, Base):
    """Which column holds what, as it was last confirmed for a source."""

    __tablename__ = "intake_mapping"
    __table_args__ = (UniqueConstraint("unit_id", "source"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    source: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]]


class IntakeStep(Row, Base):
    """One thing that keeping an intake made or changed: what it was before (nothing: it was not there), and what it became."""

    __tablename__ = "intake_step"
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))  # value, unit, code
    target_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)


policy.register(Intake, "intake", unit="unit_id", path="path", state="state")
for _model in (IntakeFile, IntakeMapping, IntakeStep):
    policy.inside(_model, "intake")
