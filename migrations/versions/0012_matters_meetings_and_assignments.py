"""matters, meetings and assignments.

A decision may belong to a matter and a meeting; those recorded before belong to neither, and stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("papers_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_meeting_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
        sa.UniqueConstraint("unit_id", "held_on", name=op.f("uq_meeting_unit_id_held_on")),
    )
    op.create_table(
        "matter",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("responsible_role", sa.String(length=20), nullable=True),
        sa.Column("responsible_unit_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["follows_id"], ["matter.id"], name=op.f("fk_matter_follows_id_matter")),
        sa.ForeignKeyConstraint(["responsible_unit_id"], ["unit.id"], name=op.f("fk_matter_responsible_unit_id_unit")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_matter_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_matter_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_matter_public_id")),
        sa.UniqueConstraint("unit_id", "registration_number", name=op.f("uq_matter_unit_id_registration_number")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_responsible_unit_id"), ["responsible_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_round_id"), ["round_id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moved_to_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_agenda_item_matter_id_matter")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["moved_to_id"], ["meeting.id"], name=op.f("fk_agenda_item_moved_to_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "matter_id", name=op.f("uq_agenda_item_meeting_id_matter_id")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_matter_id"), ["matter_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered_in_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_in_id"], ["matter.id"], name=op.f("fk_assignment_answered_in_id_matter")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["decision.id"], name=op.f("fk_assignment_closed_by_id_decision")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_assignment_decision_id_decision")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_assignment_matter_id_matter")),
        sa.ForeignKeyConstraint(["receiver_id"], ["unit.id"], name=op.f("fk_assignment_receiver_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_answered_in_id"), ["answered_in_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_matter_id"), ["matter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_receiver_id"), ["receiver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "matter_step",
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_matter_step_assignment_id_assignment")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_matter_step_by_id_person")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_matter_step_decision_id_decision")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_step_matter_id_matter")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_matter_step_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_step")),
    )
    with op.batch_alter_table("matter_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_step_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_step_matter_id"), ["matter_id"], unique=False)

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("matter_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_decision_matter_id"), ["matter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_decision_matter_id_matter"), "matter", ["matter_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_decision_meeting_id_meeting"), "meeting", ["meeting_id"], ["id"])


def downgrade() -> None:
    """The decisions stay, without what they belonged to; the matters, their meetings and their assignments go."""
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_decision_meeting_id_meeting"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_decision_matter_id_matter"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_decision_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_decision_matter_id"))
        batch_op.drop_column("meeting_id")
        batch_op.drop_column("matter_id")

    with op.batch_alter_table("matter_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matter_step_matter_id"))
        batch_op.drop_index(batch_op.f("ix_matter_step_assignment_id"))

    op.drop_table("matter_step")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_receiver_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_matter_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_decision_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_answered_in_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_matter_id"))

    op.drop_table("agenda_item")
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matter_round_id"))
        batch_op.drop_index(batch_op.f("ix_matter_responsible_unit_id"))
        batch_op.drop_index(batch_op.f("ix_matter_follows_id"))

    op.drop_table("matter")
    op.drop_table("meeting")
