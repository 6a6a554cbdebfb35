"""files that are read in.

Intakes with what they propose and changed; and published values of a municipality's organisers and of each sex.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = ["unit_id", "indicator", "subject", "year_group", "period"]
OLD, NEW = "uq_published_value_unit_id_indicator_subject_year_group_period", "uq_published_value_key"


def upgrade() -> None:
    op.create_table(
        "intake_mapping",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_intake_mapping_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_mapping")),
        sa.UniqueConstraint("unit_id", "source", name=op.f("uq_intake_mapping_unit_id_source")),
    )
    op.create_table(
        "intake",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["mandate.id"], name=op.f("fk_intake_by_id_mandate")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["mandate.id"], name=op.f("fk_intake_kept_by_id_mandate")),
        sa.ForeignKeyConstraint(["municipality_id"], ["unit.id"], name=op.f("fk_intake_municipality_id_unit")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_intake_round_id_round")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["mandate.id"], name=op.f("fk_intake_undone_by_id_mandate")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_intake_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("public_id", name=op.f("uq_intake_public_id")),
    )
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_municipality_id_state"), ["municipality_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "imported_figure",
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_imported_figure_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_imported_figure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_figure")),
    )
    with op.batch_alter_table("imported_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_figure_unit_id_round_id"), ["unit_id", "round_id"], unique=False)

    op.create_table(
        "intake_file",
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_file_intake_id_intake")),
        sa.PrimaryKeyConstraint("intake_id", name=op.f("pk_intake_file")),
    )
    op.create_table(
        "intake_step",
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_step_intake_id_intake")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_step")),
    )
    with op.batch_alter_table("intake_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_step_intake_id"), ["intake_id"], unique=False)

    with op.batch_alter_table("published_value", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organiser", sa.String(length=10), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("sex", sa.String(length=1), nullable=False, server_default=""))
        batch_op.drop_constraint(OLD, type_="unique")
        batch_op.create_unique_constraint(NEW, [*KEY, "organiser", "sex"])
    with op.batch_alter_table("published_value", schema=None) as batch_op:
        batch_op.alter_column("organiser", existing_type=sa.String(length=10), server_default=None)
        batch_op.alter_column("sex", existing_type=sa.String(length=1), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM published_value WHERE organiser <> '' OR sex <> ''")  # the older key has no room for them
    with op.batch_alter_table("published_value", schema=None) as batch_op:
        batch_op.drop_constraint(NEW, type_="unique")
        batch_op.create_unique_constraint(OLD, KEY)
        batch_op.drop_column("sex")
        batch_op.drop_column("organiser")

    with op.batch_alter_table("intake_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_step_intake_id"))

    op.drop_table("intake_step")
    op.drop_table("intake_file")
    with op.batch_alter_table("imported_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_figure_unit_id_round_id"))

    op.drop_table("imported_figure")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_unit_id"))
        batch_op.drop_index(batch_op.f("ix_intake_round_id"))
        batch_op.drop_index(batch_op.f("ix_intake_municipality_id_state"))

    op.drop_table("intake")
    op.drop_table("intake_mapping")
