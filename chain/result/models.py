"""What is measured: a year's indicators and grade scales, and published values that are never added up."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Path, Row
from chain.cycle.models import OWN
from chain.organisation.models import Person, Unit


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
    """A value as its publisher printed it, with its own period and, when missing, why. Never added up.

    It is of the unit itself, or, beside a municipality, of another `place`: four digits, or rules.COUNTRY."""

    __tablename__ = "published_value"
    __table_args__ = (
        UniqueConstraint(
            "unit_id", "place", "indicator", "subject", "year_group", "period", "organiser", "sex", name="uq_published_value_key"
        ),
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    place: Mapped[str] = mapped_column(String(4), default="")
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


class SimilarMunicipality(Row, Base):
    """A municipality that one's own chooses to stand beside, by its four digits, and why that one."""

    __tablename__ = "similar_municipality"
    __table_args__ = (UniqueConstraint("unit_id", "code"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # one's own
    path: Mapped[str] = mapped_column(Path)
    code: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str]
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime]

    chosen_by: Mapped[Person | None] = relationship()


class ImportedFigures(Row, Base):
    """A unit's figures from a file: proposals that prefill its own grid. They roll up nowhere; what the unit hands in does.

    They wait as they were judged while their file is looked at, and are proposed once it is `kept`; of the same key the latest is
    right. Read and written as a whole, they stand together: per figure a list of indicator, school form, subject, year group,
    category, basis, enrolled (none: the source does not say), n, k, total (result.rules.Figure). `intake_id` is the number in a
    later link, intake.
    """

    __tablename__ = "imported_figures"
    __table_args__ = (Index(None, "unit_id", "round_id"),)
    intake_id: Mapped[int] = mapped_column(index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    source: Mapped[str] = mapped_column(String(60))
    kept: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[list[list[Any]]] = mapped_column(JSON)


policy.inside(Indicator, "round")
policy.inside(Scale, "round")
policy.register(PublishedValue, "published", unit="unit_id", path="path")
policy.register(ImportedFigures, "imported", unit="unit_id", path="path")
policy.register(SimilarMunicipality, "similar", unit="unit_id", path="path")
