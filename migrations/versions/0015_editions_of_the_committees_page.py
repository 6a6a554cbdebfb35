"""editions of the committee's page.

A page that was handed over anew took the place of the one before without a trace: now each one is kept, so that what the committee
saw on a day can be seen again. Of pages from before this, the one that stands is their first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_edition",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_report_edition_published_by_id_person")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_report_edition_release_id_release")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_edition_report_id_report")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_report_edition_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edition")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_edition_report_id_number")),
    )
    op.execute(
        "INSERT INTO report_edition (report_id, number, submission_id, release_id, published_at, published_by_id) "
        "SELECT id, 1, submission_id, release_id, published_at, published_by_id FROM report"
    )


def downgrade() -> None:
    op.drop_table("report_edition")
