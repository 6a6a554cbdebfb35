"""totals of means and counts.

Shares and distributions are sums of people; a mean and a count are sums of something else, kept as whole numbers of the
indicator's smallest unit. What was stored before has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rollup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("total", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """The rows of means and counts say nothing without their total: they go. `rollup rebuild` makes them again."""
    op.execute("DELETE FROM rollup WHERE total <> 0")
    with op.batch_alter_table("rollup", schema=None) as batch_op:
        batch_op.drop_column("total")
