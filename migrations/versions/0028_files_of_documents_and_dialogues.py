"""files of governing documents and of dialogues.

Which files belong to a version of a governing document, and which somebody has laid before a quality dialogue.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "governing_file",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["governing_version.id"], name=op.f("fk_governing_file_version_id_governing_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_governing_file_file_id_file"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", "file_id", name=op.f("pk_governing_file")),
    )  # fmt: skip
    op.create_index(op.f("ix_governing_file_file_id"), "governing_file", ["file_id"], unique=False)
    op.create_table(
        "dialogue_file",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dialogue_file_by_id_person")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_file_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_dialogue_file_file_id_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_dialogue_file_file_id")),
    )
    op.create_index(op.f("ix_dialogue_file_dialogue_id"), "dialogue_file", ["dialogue_id"], unique=False)


def downgrade() -> None:
    """The files go with what they belong to: nobody could fetch them, or know of them."""
    files = sa.table("file", sa.column("id"))
    names = ("governing_file", "dialogue_file")
    links = [sa.table(name, sa.column("file_id")) for name in names]
    mine = [row.file_id for link in links for row in op.get_bind().execute(sa.select(link.c.file_id).distinct())]
    for name in names:
        op.drop_table(name)
    op.execute(files.delete().where(files.c.id.in_(mine)))
