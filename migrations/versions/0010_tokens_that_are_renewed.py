"""tokens that are renewed.

A token is the municipality's: when whoever made it has left, another steward answers for it by renewing it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = "fk_token_renewed_by_id_person"


def upgrade() -> None:
    with op.batch_alter_table("token") as batch:
        batch.add_column(sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("renewed_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(KEY, "person", ["renewed_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("token") as batch:
        batch.drop_constraint(KEY, type_="foreignkey")
        batch.drop_column("renewed_by_id")
        batch.drop_column("renewed_at")
