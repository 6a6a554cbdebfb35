"""goals, governing documents and workplans.

New tables alone: nothing that stood before is changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "governing_document",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_governing_document_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governing_document")),
        sa.UniqueConstraint("public_id", name=op.f("uq_governing_document_public_id")),
    )
    with op.batch_alter_table("governing_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governing_document_path_state"), ["path", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_governing_document_unit_id_state"), ["unit_id", "state"], unique=False)

    op.create_table(
        "workshop",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("year", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_workshop_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workshop_public_id")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "goal",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "ceiling", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("school_forms", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("own_words", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.String(length=12), nullable=False),
        sa.Column("valid_to", sa.String(length=12), nullable=True),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("year_group", sa.String(length=10), nullable=False),
        sa.Column("target", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["follows_id"], ["goal.id"], name=op.f("fk_goal_follows_id_goal")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_goal_owner_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_goal_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_goal_public_id")),
        sa.UniqueConstraint("unit_id", "key", name=op.f("uq_goal_unit_id_key")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_path_state"), ["path", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_unit_id_state"), ["unit_id", "state"], unique=False)

    op.create_table(
        "governing_version",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("adopted_by", sa.String(length=120), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["governing_document.id"], name=op.f("fk_governing_version_document_id_governing_document")
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_governing_version_written_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governing_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_governing_version_document_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_governing_version_public_id")),
    )
    op.create_table(
        "workplan",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "ceiling", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("year", sa.String(length=12), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("participation", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_workplan_decided_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_workplan_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workplan_public_id")),
        sa.UniqueConstraint("unit_id", "year", "edition", name=op.f("uq_workplan_unit_id_year_edition")),
    )
    with op.batch_alter_table("workplan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workplan_path_state"), ["path", "state"], unique=False)

    op.create_table(
        "consultation",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_consultation_answered_by_id_person")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_consultation_asked_by_id_person")),
        sa.ForeignKeyConstraint(["receiver_id"], ["unit.id"], name=op.f("fk_consultation_receiver_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_consultation_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["governing_version.id"], name=op.f("fk_consultation_version_id_governing_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consultation_public_id")),
        sa.UniqueConstraint("version_id", "receiver_id", name=op.f("uq_consultation_version_id_receiver_id")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_receiver_id_state"), ["receiver_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "goal_assessment",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_goal_assessment_by_id_person")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_assessment_goal_id_goal")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_goal_assessment_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_assessment")),
        sa.UniqueConstraint("goal_id", "year", "number", "version", name=op.f("uq_goal_assessment_goal_id_year_number_version")),
    )
    with op.batch_alter_table("goal_assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_assessment_round_id"), ["round_id"], unique=False)

    op.create_table(
        "goal_edition",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_goal_edition_by_id_person")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_edition_goal_id_goal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_edition")),
        sa.UniqueConstraint("goal_id", "number", name=op.f("uq_goal_edition_goal_id_number")),
    )
    op.create_table(
        "goal_link",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("above_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["above_id"], ["goal.id"], name=op.f("fk_goal_link_above_id_goal")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_link_goal_id_goal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_link")),
        sa.UniqueConstraint("goal_id", "above_id", name=op.f("uq_goal_link_goal_id_above_id")),
    )
    with op.batch_alter_table("goal_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_link_above_id"), ["above_id"], unique=False)

    op.create_table(
        "governing_reference",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("workplan_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["governing_document.id"], name=op.f("fk_governing_reference_document_id_governing_document")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_governing_reference_goal_id_goal")),
        sa.ForeignKeyConstraint(["workplan_id"], ["workplan.id"], name=op.f("fk_governing_reference_workplan_id_workplan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governing_reference")),
    )
    with op.batch_alter_table("governing_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_governing_reference_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_governing_reference_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_governing_reference_workplan_id"), ["workplan_id"], unique=False)

    op.create_table(
        "workplan_comment",
        sa.Column("workplan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_workplan_comment_by_id_person")),
        sa.ForeignKeyConstraint(["workplan_id"], ["workplan.id"], name=op.f("fk_workplan_comment_workplan_id_workplan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplan_comment")),
    )
    with op.batch_alter_table("workplan_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workplan_comment_workplan_id"), ["workplan_id"], unique=False)

    op.create_table(
        "workplan_entry",
        sa.Column("workplan_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("when", sa.String(length=200), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("know", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workplan_id"], ["workplan.id"], name=op.f("fk_workplan_entry_workplan_id_workplan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplan_entry")),
    )
    with op.batch_alter_table("workplan_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workplan_entry_workplan_id"), ["workplan_id"], unique=False)

    op.create_table(
        "workplan_goal",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["workplan_entry.id"], name=op.f("fk_workplan_goal_entry_id_workplan_entry")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_workplan_goal_goal_id_goal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workplan_goal")),
        sa.UniqueConstraint("entry_id", "goal_id", name=op.f("uq_workplan_goal_entry_id_goal_id")),
    )
    with op.batch_alter_table("workplan_goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workplan_goal_goal_id"), ["goal_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("workplan_goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workplan_goal_goal_id"))

    op.drop_table("workplan_goal")
    with op.batch_alter_table("workplan_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workplan_entry_workplan_id"))

    op.drop_table("workplan_entry")
    with op.batch_alter_table("workplan_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workplan_comment_workplan_id"))

    op.drop_table("workplan_comment")
    with op.batch_alter_table("governing_reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governing_reference_workplan_id"))
        batch_op.drop_index(batch_op.f("ix_governing_reference_goal_id"))
        batch_op.drop_index(batch_op.f("ix_governing_reference_document_id"))

    op.drop_table("governing_reference")
    with op.batch_alter_table("goal_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_link_above_id"))

    op.drop_table("goal_link")
    op.drop_table("goal_edition")
    with op.batch_alter_table("goal_assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_assessment_round_id"))

    op.drop_table("goal_assessment")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_unit_id"))
        batch_op.drop_index(batch_op.f("ix_consultation_receiver_id_state"))

    op.drop_table("consultation")
    with op.batch_alter_table("workplan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workplan_path_state"))

    op.drop_table("workplan")
    op.drop_table("governing_version")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_unit_id_state"))
        batch_op.drop_index(batch_op.f("ix_goal_path_state"))
        batch_op.drop_index(batch_op.f("ix_goal_owner_id"))
        batch_op.drop_index(batch_op.f("ix_goal_follows_id"))

    op.drop_table("goal")
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_unit_id"))

    op.drop_table("workshop")
    with op.batch_alter_table("governing_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_governing_document_unit_id_state"))
        batch_op.drop_index(batch_op.f("ix_governing_document_path_state"))

    op.drop_table("governing_document")
