"""figures of every kind read in.

A unit's figures from a file stand together, with the total of means and counts; they stand there as they were judged, and
count once they are kept.
Receipts of files that were thrown away or undone lose what stood in the cells, as all later ones do.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PATH = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")
LEAD = ("intake_id", "round_id", "unit_id", "path", "source")
FIGURE = ("indicator", "school_form", "subject", "year_group", "category", "basis", "enrolled", "n", "k")
AT_A_TIME = 200  # units


def upgrade() -> None:
    op.create_table(
        "imported_figures",
        *_columns("intake_id", "round_id", "unit_id"),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_imported_figures_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_imported_figures_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_figures")),
    )
    with op.batch_alter_table("imported_figures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_figures_intake_id"), ["intake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_figures_unit_id_round_id"), ["unit_id", "round_id"], unique=False)
    _insert("imported_figures", (*LEAD, "kept", "figures"), _packed())
    op.drop_table("imported_figure")
    _forget_words()


def _columns(*numbers: str) -> Iterator[sa.Column[Any]]:
    yield sa.Column("id", sa.Integer(), nullable=False)
    yield from (sa.Column(name, sa.Integer(), nullable=False) for name in numbers)
    yield sa.Column("path", PATH, nullable=False)


def _packed() -> Iterator[tuple[Any, ...]]:
    """One row per unit of each file, its figures in the order in which they were kept, without a total: none had any."""
    rows = op.get_bind().execute(
        sa.text(f"SELECT {', '.join((*LEAD, *FIGURE))} FROM imported_figure ORDER BY intake_id, unit_id, round_id, id")
    )
    for lead, some in groupby(map(tuple, rows), itemgetter(slice(len(LEAD)))):
        yield (*lead, True, json.dumps([[*row[len(LEAD) :], 0] for row in some]))


def _insert(table: str, names: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    """A few hundred at a time, whatever the size of the municipality."""
    statement = sa.text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})")
    waiting = [dict(zip(names, row, strict=True)) for row in rows]
    for start in range(0, len(waiting), AT_A_TIME):
        op.get_bind().execute(statement, waiting[start : start + AT_A_TIME])


def _forget_words() -> None:
    """What stood in the cells of files that nobody keeps: as the application has done since."""
    intake = sa.table(
        "intake", sa.column("id", sa.Integer), sa.column("state", sa.String), sa.column("found", sa.JSON),
        sa.column("mapping", sa.JSON),
    )  # fmt: skip
    bind = op.get_bind()
    gone = sa.select(intake.c.id).where(intake.c.state.in_(("undone", "cancelled")))
    for number in bind.execute(gone).scalars().all():
        found = bind.execute(sa.select(intake.c.found).where(intake.c.id == number)).scalar_one()
        left = {"found": _without_words(found), "mapping": {}}
        bind.execute(sa.update(intake).where(intake.c.id == number).values(**left))


def _without_words(found: dict[str, Any]) -> dict[str, Any]:
    problems = [
        {**one, "params": {name: text if name in ("file", "row") else "…" for name, text in one["params"].items()}}
        for one in found.get("problems", [])
    ]
    return {**found, "problems": problems, "header": [], "columns": {}}


def downgrade() -> None:
    """Means and counts say nothing without their total, and there is no room for it: they go."""
    op.create_table(
        "imported_figure",
        *_columns("intake_id", "round_id", "unit_id"),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("school_form", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("year_group", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_imported_figure_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_imported_figure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_figure")),
    )
    with op.batch_alter_table("imported_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_figure_unit_id_round_id"), ["unit_id", "round_id"], unique=False)
    _insert("imported_figure", (*LEAD, *FIGURE), _unpacked())
    op.drop_table("imported_figures")


def _unpacked() -> Iterator[tuple[Any, ...]]:
    packed = sa.table(
        "imported_figures", *(sa.column(name) for name in (*LEAD, "id")), sa.column("kept", sa.Boolean),
        sa.column("figures", sa.JSON),
    )  # fmt: skip
    rows = op.get_bind().execute(
        sa.select(*(packed.c[name] for name in (*LEAD, "figures"))).where(packed.c.kept).order_by(packed.c.id)
    )
    for *lead, figures in rows:
        yield from ((*lead, *one[:9]) for one in figures if not one[9])
