"""What is measured: a year's indicators and grade scales, and published values that are never added up."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Path, Row
from chain.cycle.models import OWN
from chain.organisation.models import Unit


class Indicator(Row, Base):
    """An indicator as it stands in a year. `facts` is the shipped definition (data/indicators.toml), for the year to change."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("year_id", "key"),)
    year_id: Mapped[int] = mapped_column(ForeignKey("year.id"))
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))  # one of rules.KINDS
    facts: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(default=0)
    hidden_from: Mapped[int | None]  # the first round that does not ask for it; earlier ones did, and their figures stand
    version: Mapped[int] = mapped_column(default=1)  # grows when its facts are changed, not when it is moved or hidden

    @property
    def own(self) -> bool:
        """Whether the municipality has added it."""
        return self.key.startswith(OWN)


class Scale(Row, Base):
    """A version of a grade scale as it stands in a year: symbols with points and meaning (data/grade_scales.toml)."""

    __tablename__ = "scale"
    __table_args__ = (UniqueConstraint("year_id", "key"),)
    year_id: Mapped[int] = mapped_column(ForeignKey("year.id"))
    key: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]


class PublishedValue(Row, Base):
    """A value as its publisher printed it, with its own period and, when missing, why. Never added up."""

    __tablename__ = "published_value"
    __table_args__ = (
        UniqueConstraint(
            "unit_id", "indicator", "subject", "year_group", "period", "organiser", "sex", name="uq_published_value_key"
        ),
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    indicator: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(20), default="")
    year_group: Mapped[str] = mapped_column(String(10), default="")
    period: Mapped[str] = mapped_column(String(20))
    organiser: Mapped[str] = mapped_column(String(10), default="")  # of a municipality as a whole: whose schools; empty: all
    sex: Mapped[str] = mapped_column(String(1), default="")  # F, M; empty: all
    value: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    value_type: Mapped[str] = mapped_column(String(60))
    shown: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(60))
    source_file: Mapped[str] = mapped_column(String(200))

    unit: Mapped[Unit] = relationship()


class ImportedFigure(Row, Base):
    """A figure from a file: a proposal that prefills the unit's own grid. It rolls up nowhere; what the unit hands in does.

    Only what has been kept stands here; the latest of the same key is right. `intake_id` is the number in a later link, intake.
    """

    __tablename__ = "imported_figure"
    __table_args__ = (Index(None, "unit_id", "round_id"),)
    intake_id: Mapped[int]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    indicator: Mapped[str] = mapped_column(String(60))
    school_form: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(20))
    year_group: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(20))
    enrolled: Mapped[int | None]  # none: the source does not know how many read the subject
    n: Mapped[int]
    k: Mapped[int]
    source: Mapped[str] = mapped_column(String(60))


policy.inside(Indicator, "round")
policy.inside(Scale, "round")
policy.register(PublishedValue, "published", unit="unit_id", path="path")
policy.register(ImportedFigure, "imported", unit="unit_id", path="path")
