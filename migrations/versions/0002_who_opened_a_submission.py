"""who opened a submission.

Also others above than the receiver open it from now on. What was opened before was opened by the receiver: the audit says who.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SUPPLEMENTS = """
    UPDATE submission SET opened_at = decided_at
    WHERE opened_at IS NULL AND state = 'accepted' AND receiver_id IS NOT NULL
"""  # their words were read before: one could only add to what had been accepted
OPENERS = """
    UPDATE submission SET opened_by_id = (
        SELECT mandate.id FROM audit_line JOIN mandate ON mandate.public_id = audit_line.mandate
        WHERE audit_line.about = submission.public_id AND audit_line.act IN ('followup.open', 'followup.accept')
        ORDER BY audit_line.number LIMIT 1
    )
    WHERE opened_at IS NOT NULL AND receiver_id IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_submission_opened_by_id_mandate"), "mandate", ["opened_by_id"], ["id"])
    op.execute(SUPPLEMENTS)
    op.execute(OPENERS)


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_submission_opened_by_id_mandate"), type_="foreignkey")
        batch_op.drop_column("opened_by_id")
