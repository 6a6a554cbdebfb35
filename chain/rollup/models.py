"""Stored figures of every node, recomputed from its direct children; one indexed look-up whatever the city's size."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from chain.access import policy
from chain.base.db import Base, Path


class RollupRow(Base):
    """A node's figure in a round, all sums: `enrolled` pupils, `n` assessed, `k` reached (or in the step), `units` telling.

    `total` of a mean or a count: whole numbers of 10^-decimals of the indicator's unit, so that both databases add exactly.
    """

    __tablename__ = "rollup"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)  # the node
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(60), primary_key=True)
    school_form: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    year_group: Mapped[str] = mapped_column(String(10), primary_key=True)
    category: Mapped[str] = mapped_column(String(10), primary_key=True)
    basis: Mapped[str] = mapped_column(String(20), primary_key=True)
    path: Mapped[str] = mapped_column(Path)
    enrolled: Mapped[int]
    n: Mapped[int]
    k: Mapped[int]
    units: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class Coverage(Base):
    """How many units under a node are expected to hand in figures in a round, and how many have been accepted.

    One row for all (`school_form` and `year_group` empty), one per school form, one per year group of it: a figure for year 6
    is told by so many of the units that have a year 6.
    """

    __tablename__ = "coverage"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)  # the node
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    school_form: Mapped[str] = mapped_column(String(10), primary_key=True)
    year_group: Mapped[str] = mapped_column(String(10), primary_key=True)
    path: Mapped[str] = mapped_column(Path)
    expected: Mapped[int]
    reporting: Mapped[int]


policy.register(RollupRow, "rollup", unit="unit_id", path="path")
policy.register(Coverage, "rollup", unit="unit_id", path="path")
