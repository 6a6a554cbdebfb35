"""quality dialogues: the meeting, its preparation, what is noted and what is agreed to.

Nothing of before is touched but that a measure is found by its item.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_item"), ["item"], unique=False)
    op.create_table(
        "dialogue_agenda",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dialogue_agenda_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_agenda")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_dialogue_agenda_unit_id")),
    )
    op.create_table(
        "dialogue",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.Time(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("present", sa.String(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["unit.id"], name=op.f("fk_dialogue_host_id_unit")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_dialogue_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dialogue_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dialogue_public_id")),
    )
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dialogue_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dialogue_path"), ["path"], unique=False)
        batch_op.create_index(batch_op.f("ix_dialogue_unit_id_held_on"), ["unit_id", "held_on"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=False),
        sa.Column("due_year", sa.String(length=12), nullable=False),
        sa.Column("due_number", sa.Integer(), nullable=False),
        sa.Column("came_of_it", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_agreement_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_agreement_ended_by_id_person")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_agreement_responsible_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_agreement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_public_id")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_dialogue_id"), ["dialogue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "dialogue_edition",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_side", sa.String(length=10), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["person.id"], name=op.f("fk_dialogue_edition_agreed_by_id_person")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_edition_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_dialogue_edition_proposed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_edition")),
        sa.UniqueConstraint("dialogue_id", "number", name=op.f("uq_dialogue_edition_dialogue_id_number")),
    )
    op.create_table(
        "dialogue_pack",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_pack_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_dialogue_pack_sent_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_pack")),
        sa.UniqueConstraint("dialogue_id", "number", name=op.f("uq_dialogue_pack_dialogue_id_number")),
    )
    op.create_table(
        "dialogue_step",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_role", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dialogue_step_by_id_person")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_step_dialogue_id_dialogue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_step")),
    )
    with op.batch_alter_table("dialogue_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dialogue_step_dialogue_id"), ["dialogue_id"], unique=False)

    op.create_table(
        "dialogue_text",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_text_dialogue_id_dialogue")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_dialogue_text_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_text")),
        sa.UniqueConstraint("dialogue_id", "key", name=op.f("uq_dialogue_text_dialogue_id_key")),
    )
    op.create_table(
        "dialogue_text_version",
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("save_key", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_dialogue_text_version_saved_by_id_person")),
        sa.ForeignKeyConstraint(["text_id"], ["dialogue_text.id"], name=op.f("fk_dialogue_text_version_text_id_dialogue_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_text_version")),
        sa.UniqueConstraint("text_id", "save_key", name=op.f("uq_dialogue_text_version_text_id_save_key")),
    )
    with op.batch_alter_table("dialogue_text_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dialogue_text_version_text_id_number"), ["text_id", "number"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dialogue_text_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dialogue_text_version_text_id_number"))

    op.drop_table("dialogue_text_version")
    op.drop_table("dialogue_text")
    with op.batch_alter_table("dialogue_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dialogue_step_dialogue_id"))

    op.drop_table("dialogue_step")
    op.drop_table("dialogue_pack")
    op.drop_table("dialogue_edition")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_unit_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_dialogue_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dialogue_unit_id_held_on"))
        batch_op.drop_index(batch_op.f("ix_dialogue_path"))
        batch_op.drop_index(batch_op.f("ix_dialogue_host_id"))

    op.drop_table("dialogue")
    op.drop_table("dialogue_agenda")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_item"))
