"""releases of units: nodes, what a release was made of, and the thresholds it was protected by.

Releases made before keep their figures without a node, the administration's totals, and what they say is unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "released_node",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("reporting", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["released_node.id"], name=op.f("fk_released_node_parent_id_released_node")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_released_node_release_id_release")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_released_node_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_node")),
    )
    with op.batch_alter_table("released_node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_released_node_release_id"), ["release_id"], unique=False)
    op.create_table(
        "release_source",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_source_release_id_release")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_release_source_submission_id_submission")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_release_source_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_source")),
    )
    with op.batch_alter_table("release_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_source_release_id"), ["release_id"], unique=False)
    op.create_table(
        "release_profile",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_release_profile_kept_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_release_profile_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_profile")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_release_profile_unit_id")),
    )
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("released_figure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("node_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rule", sa.String(length=20), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_released_figure_node_id"), ["node_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_released_figure_node_id_released_node"), "released_node", ["node_id"], ["id"])


def downgrade() -> None:
    """What came with units goes with them; the administration's totals stay as they were shown."""
    figure, node = (
        sa.table("released_figure", sa.column("node_id", sa.Integer)),
        sa.table("released_node", sa.column("id", sa.Integer), sa.column("parent_id", sa.Integer)),
    )
    finer = sa.select(node.c.id).where(node.c.parent_id.is_not(None))
    op.get_bind().execute(sa.delete(figure).where(figure.c.node_id.in_(finer)))
    with op.batch_alter_table("released_figure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_released_figure_node_id_released_node"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_released_figure_node_id"))
        batch_op.drop_column("rule")
        batch_op.drop_column("node_id")
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_column("profile")
    op.drop_table("release_profile")
    op.drop_table("release_source")
    op.drop_table("released_node")
