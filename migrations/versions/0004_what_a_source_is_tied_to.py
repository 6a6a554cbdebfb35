"""what a source of units and mandates is tied to.

New tables alone: nothing that was there before is touched. Down again, the ties are forgotten and found anew at the next fetch.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("modified_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["unit.id"], name=op.f("fk_source_municipality_id_unit")),
        sa.ForeignKeyConstraint(["place_id"], ["unit.id"], name=op.f("fk_source_place_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("municipality_id", "name", name=op.f("uq_source_municipality_id_name")),
    )
    op.create_table(
        "external_id",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_external_id_mandate_id_mandate")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_external_id_person_id_person")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_external_id_source_id_source")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_external_id_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_id")),
        sa.UniqueConstraint("source_id", "kind", "external_id", name=op.f("uq_external_id_source_id_kind_external_id")),
    )
    op.create_table(
        "fetched",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fetched_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetched")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fetched_public_id")),
        sa.UniqueConstraint("source_id", name=op.f("uq_fetched_source_id")),
    )


def downgrade() -> None:
    op.drop_table("fetched")
    op.drop_table("external_id")
    op.drop_table("source")
