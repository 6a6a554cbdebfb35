"""causes, goals and wheels of measures.

A measure says which cause it acts on and which goal it belongs to; what was typed as its goal before stays as words. What is
written on the way is kept as notes in its wheel, with files.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cause_item", sa.String(length=100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("goal_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reminded", sa.String(length=30), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_measure_goal_id_goal"), "goal", ["goal_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_measure_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_responsible_id"), ["responsible_id"], unique=False)
    with op.batch_alter_table("measure", schema=None) as batch_op:
        for name in ("cause", "cause_item", "reminded"):
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "wheel_entry",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("told_in_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_wheel_entry_measure_id_measure")),
        sa.ForeignKeyConstraint(["told_in_id"], ["round.id"], name=op.f("fk_wheel_entry_told_in_id_round")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_wheel_entry_written_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wheel_entry")),
        sa.UniqueConstraint("measure_id", "key", name=op.f("uq_wheel_entry_measure_id_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_wheel_entry_public_id")),
    )
    op.create_table(
        "wheel_file",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["wheel_entry.id"], name=op.f("fk_wheel_file_entry_id_wheel_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_wheel_file_file_id_file"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "file_id", name=op.f("pk_wheel_file")),
    )
    op.create_index(op.f("ix_wheel_file_file_id"), "wheel_file", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_table("wheel_file")
    op.drop_table("wheel_entry")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_measure_goal_id"))
        batch_op.drop_constraint(batch_op.f("fk_measure_goal_id_goal"), type_="foreignkey")
        for name in ("reminded", "goal_id", "cause_item", "cause"):
            batch_op.drop_column(name)
