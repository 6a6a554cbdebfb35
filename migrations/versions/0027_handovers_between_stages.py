"""handovers between stages.

What a unit tells the next one about a group's work, in editions, and what each receiving unit says of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PATH = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("year", sa.String(length=12), nullable=False),
        sa.Column("transition", sa.String(length=40), nullable=False),
        sa.Column("year_group", sa.String(length=20), nullable=False),
        sa.Column("cohort", sa.String(length=200), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_handover_begun_by_id_person")),
        sa.ForeignKeyConstraint(["handed_by_id"], ["person.id"], name=op.f("fk_handover_handed_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_handover_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("public_id", name=op.f("uq_handover_public_id")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_path_state"), ["path", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_unit_id_year"), ["unit_id", "year"], unique=False)

    op.create_table(
        "handover_edition",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["handed_by_id"], ["person.id"], name=op.f("fk_handover_edition_handed_by_id_person")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_edition_handover_id_handover")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_edition")),
        sa.UniqueConstraint("handover_id", "number", name=op.f("uq_handover_edition_handover_id_number")),
    )
    op.create_table(
        "handover_section",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_section_handover_id_handover")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_handover_section_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_section")),
        sa.UniqueConstraint("handover_id", "key", name=op.f("uq_handover_section_handover_id_key")),
    )
    op.create_table(
        "reception",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("cohort", sa.String(length=200), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("received_edition", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("asks", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("looked_back", sa.String(), nullable=False),
        sa.Column("looked_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_back_by_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_reception_answered_by_id_person")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_reception_handover_id_handover")),
        sa.ForeignKeyConstraint(["looked_back_by_id"], ["person.id"], name=op.f("fk_reception_looked_back_by_id_person")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_reception_opened_by_id_person")),
        sa.ForeignKeyConstraint(["received_by_id"], ["person.id"], name=op.f("fk_reception_received_by_id_person")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["person.id"], name=op.f("fk_reception_replied_by_id_person")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["person.id"], name=op.f("fk_reception_returned_by_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reception_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reception_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception")),
        sa.UniqueConstraint("handover_id", "unit_id", name=op.f("uq_reception_handover_id_unit_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reception_public_id")),
    )
    with op.batch_alter_table("reception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reception_path_state"), ["path", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_reception_unit_id_state"), ["unit_id", "state"], unique=False)

    op.create_table(
        "handover_version",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("save_key", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_handover_version_saved_by_id_person")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["handover_section.id"], name=op.f("fk_handover_version_section_id_handover_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_version")),
        sa.UniqueConstraint("section_id", "save_key", name=op.f("uq_handover_version_section_id_save_key")),
    )
    with op.batch_alter_table("handover_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_version_section_id_number"), ["section_id", "number"], unique=False)


def downgrade() -> None:
    for table in ("handover_version", "reception", "handover_section", "handover_edition", "handover"):
        op.drop_table(table)
