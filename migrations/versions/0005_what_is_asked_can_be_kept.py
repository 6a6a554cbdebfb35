"""what is asked can be kept.

Questions and indicators get a version, so that two people who change the same one notice each other; indicators also a place
and the round from which they are asked no more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("hidden_from", sa.Integer(), nullable=True))
    op.execute("UPDATE indicator SET position = id")  # the order in which they were copied
    for table, column in (("question", "version"), ("indicator", "version"), ("indicator", "position")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_column("hidden_from")
        batch_op.drop_column("position")
        batch_op.drop_column("version")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("version")
