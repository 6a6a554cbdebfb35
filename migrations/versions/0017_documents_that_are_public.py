"""documents that are public.

What is public is an edition of the committee's page, or a document that the committee was handed; a newer one may take its place.
On the way down the documents are public no longer: the schema before has no place for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        batch_op.alter_column("edition_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_publication_document_id_document"), "document", ["document_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_publication_replaced_by_id_publication"), "publication", ["replaced_by_id"], ["id"]
        )
        batch_op.create_check_constraint(batch_op.f("ck_publication_one_thing"), "(edition_id IS NULL) <> (document_id IS NULL)")
        batch_op.create_index(batch_op.f("ix_publication_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    op.execute("UPDATE publication SET replaced_by_id = NULL")
    op.execute("DELETE FROM publication WHERE edition_id IS NULL")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_document_id"))
        batch_op.drop_constraint(batch_op.f("ck_publication_one_thing"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_publication_replaced_by_id_publication"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_publication_document_id_document"), type_="foreignkey")
        batch_op.alter_column("edition_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("replaced_by_id")
        batch_op.drop_column("document_id")
