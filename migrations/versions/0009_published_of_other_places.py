"""published of other places.

Published values of the country and of other municipalities stand beside one's own; which ones, the municipality chooses.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAME = "uq_published_value_key"
OLD = ["unit_id", "indicator", "subject", "year_group", "period", "organiser", "sex"]
NEW = ["unit_id", "place", *OLD[1:]]


def upgrade() -> None:
    op.create_table(
        "similar_municipality",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_similar_municipality_unit_id_unit")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["person.id"], name=op.f("fk_similar_municipality_chosen_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_municipality")),
        sa.UniqueConstraint("unit_id", "code", name=op.f("uq_similar_municipality_unit_id_code")),
    )
    with op.batch_alter_table("published_value") as batch:
        batch.add_column(sa.Column("place", sa.String(length=4), nullable=False, server_default=""))
    with op.batch_alter_table("published_value") as batch:
        batch.drop_constraint(NAME, type_="unique")
        batch.create_unique_constraint(NAME, NEW)
        batch.alter_column("place", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM published_value WHERE place <> ''")  # where there was one place alone
    with op.batch_alter_table("published_value") as batch:
        batch.drop_constraint(NAME, type_="unique")
    with op.batch_alter_table("published_value") as batch:
        batch.drop_column("place")
        batch.create_unique_constraint(NAME, OLD)
    op.drop_table("similar_municipality")
