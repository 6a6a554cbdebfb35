"""grades without the enrolled, and what a source gave.

A register knows how many have each grade and not how many read the subject: its figures are kept without the enrolled. And what
was taken from a register is kept, line by line, so that others than the steward can read it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["mandate.id"], name=op.f("fk_taken_by_id_mandate")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_taken_person_id_person")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_taken_source_id_source")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_taken_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken")),
    )
    with op.batch_alter_table("taken", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taken_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("taken", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taken_at"))
    op.drop_table("taken")
    _fill_in_enrolled()


def _fill_in_enrolled() -> None:
    """What read these figures before knew no figure without: those who were counted."""
    kept = sa.table("imported_figures", sa.column("id", sa.Integer), sa.column("figures", sa.JSON))
    bind = op.get_bind()
    for number, figures in bind.execute(sa.select(kept.c.id, kept.c.figures)).all():
        filled = [[*one[:6], one[7] if one[6] is None else one[6], *one[7:]] for one in figures]
        if filled != figures:
            bind.execute(sa.update(kept).where(kept.c.id == number).values(figures=filled))
