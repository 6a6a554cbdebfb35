"""themes, coded passages, findings and quotes.

What the committee got before keeps its page as it stood: without themes. On the way down all coding is lost: there is no place for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["theme.id"], name=op.f("fk_theme_merged_into_id_theme")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_theme_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("public_id", name=op.f("uq_theme_public_id")),
        sa.UniqueConstraint("unit_id", "key", name=op.f("uq_theme_unit_id_key")),
    )
    op.create_table(
        "finding",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("handed_in", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_finding_answered_by_id_person")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_finding_noted_by_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_finding_round_id_round")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_finding_theme_id_theme")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_finding_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_finding_public_id")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "finding_move",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_finding_move_by_id_person")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_move_finding_id_finding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_move")),
    )
    with op.batch_alter_table("finding_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_move_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "coded_reading",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("span", sa.String(length=120), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coded_reading_person_id_person")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_coded_reading_submission_id_submission")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_coded_reading_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coded_reading")),
        sa.UniqueConstraint("submission_id", "person_id", name=op.f("uq_coded_reading_submission_id_person_id")),
    )
    with op.batch_alter_table("coded_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coded_reading_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "passage",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("span", sa.String(length=120), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("paragraph_sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["marked_by_id"], ["person.id"], name=op.f("fk_passage_marked_by_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_passage_round_id_round")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_passage_submission_id_submission")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_passage_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passage_public_id")),
    )
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_passage_unit_id_round_id"), ["unit_id", "round_id"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("span", sa.String(length=120), nullable=False),
        sa.Column("stands_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name=op.f("fk_resolution_resolved_by_id_person")),
        sa.ForeignKeyConstraint(["stands_id"], ["person.id"], name=op.f("fk_resolution_stands_id_person")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_resolution_submission_id_submission")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_resolution_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint("submission_id", "span", name=op.f("uq_resolution_submission_id_span")),
    )
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "coding",
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], name=op.f("fk_coding_passage_id_passage")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_coding_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint("passage_id", "theme_id", name=op.f("uq_coding_passage_id_theme_id")),
    )
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "finding_passage",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("wrote_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_passage_finding_id_finding")),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], name=op.f("fk_finding_passage_passage_id_passage")),
        sa.ForeignKeyConstraint(["wrote_id"], ["unit.id"], name=op.f("fk_finding_passage_wrote_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_passage")),
        sa.UniqueConstraint("finding_id", "passage_id", name=op.f("uq_finding_passage_finding_id_passage_id")),
    )
    with op.batch_alter_table("finding_passage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_passage_passage_id"), ["passage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_passage_wrote_id"), ["wrote_id"], unique=False)

    op.create_table(
        "quote",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_quote_confirmed_by_id_person")),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], name=op.f("fk_quote_passage_id_passage")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_quote_round_id_round")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_quote_theme_id_theme")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quote_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.UniqueConstraint("public_id", name=op.f("uq_quote_public_id")),
    )
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quote_passage_id"), ["passage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quote_round_id"), ["round_id"], unique=False)

    with op.batch_alter_table("report_edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("report_edition", schema=None) as batch_op:
        batch_op.alter_column("seen", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("report_edition", schema=None) as batch_op:
        batch_op.drop_column("seen")
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_round_id"))
        batch_op.drop_index(batch_op.f("ix_quote_passage_id"))

    op.drop_table("quote")
    with op.batch_alter_table("finding_passage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_passage_wrote_id"))
        batch_op.drop_index(batch_op.f("ix_finding_passage_passage_id"))

    op.drop_table("finding_passage")
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coding_theme_id"))

    op.drop_table("coding")
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resolution_unit_id"))

    op.drop_table("resolution")
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passage_unit_id_round_id"))
        batch_op.drop_index(batch_op.f("ix_passage_submission_id"))

    op.drop_table("passage")
    with op.batch_alter_table("coded_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coded_reading_unit_id"))

    op.drop_table("coded_reading")
    with op.batch_alter_table("finding_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_move_finding_id"))

    op.drop_table("finding_move")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_unit_id"))
        batch_op.drop_index(batch_op.f("ix_finding_round_id"))

    op.drop_table("finding")
    op.drop_table("theme")
