"""support that is routed, needs that are raised, and directed support.

What a request is about, and who prepares its answer; what has waited too long and is the level above's; help for one unit.

Requests from before were about something, and nobody said what: they are about something else ("other").
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PATH = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("type", sa.String(length=20), nullable=False, server_default="other"))
        batch_op.add_column(sa.Column("helper_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("helper_unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("prepared_state", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("prepared", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("prepared_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_support_request_helper_id"), ["helper_id"], unique=False)
        for column, table in (("helper_id", "person"), ("helper_unit_id", "unit"), ("prepared_by_id", "person")):
            name = batch_op.f(f"fk_support_request_{column}_{table}")
            batch_op.create_foreign_key(name, table, [column], ["id"])
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        for column in ("type", "prepared_state", "prepared"):
            batch_op.alter_column(column, server_default=None)
    op.create_table(
        "support_routing",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["at_id"], ["unit.id"], name=op.f("fk_support_routing_at_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_support_routing_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_support_routing_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_routing")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_routing_public_id")),
        sa.UniqueConstraint("unit_id", "type", name=op.f("uq_support_routing_unit_id_type")),
    )
    with op.batch_alter_table("support_routing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_routing_person_id"), ["person_id"], unique=False)
    _escalations()
    _directed()


def _escalations() -> None:
    op.create_table(
        "escalation",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("lineage", sa.String(length=32), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_escalation_answered_by_id_person")),
        sa.ForeignKeyConstraint(["origin_id"], ["escalation.id"], name=op.f("fk_escalation_origin_id_escalation")),
        sa.ForeignKeyConstraint(["receiver_id"], ["unit.id"], name=op.f("fk_escalation_receiver_id_unit")),
        sa.ForeignKeyConstraint(["request_id"], ["support_request.id"], name=op.f("fk_escalation_request_id_support_request")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_escalation_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_escalation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_escalation_public_id")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        for columns in (["lineage"], ["request_id"], ["origin_id"], ["receiver_id", "state"], ["unit_id", "state"]):
            batch_op.create_index(batch_op.f(f"ix_escalation_{'_'.join(columns)}"), columns, unique=False)


def _directed() -> None:
    op.create_table(
        "directed_support",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("begun_by_unit", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_from_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("unit_effect", sa.String(), nullable=False),
        sa.Column("above_effect", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_directed_support_begun_by_id_person")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_directed_support_given_by_id_person")),
        sa.ForeignKeyConstraint(["given_from_id"], ["unit.id"], name=op.f("fk_directed_support_given_from_id_unit")),
        sa.ForeignKeyConstraint(["receiver_id"], ["unit.id"], name=op.f("fk_directed_support_receiver_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_directed_support_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directed_support")),
        sa.UniqueConstraint("public_id", name=op.f("uq_directed_support_public_id")),
    )
    with op.batch_alter_table("directed_support", schema=None) as batch_op:
        for columns in (["given_by_id"], ["unit_id", "state"], ["receiver_id", "state"]):
            batch_op.create_index(batch_op.f(f"ix_directed_support_{'_'.join(columns)}"), columns, unique=False)
    op.create_table(
        "directed_step",
        sa.Column("directed_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_directed_step_by_id_person")),
        sa.ForeignKeyConstraint(
            ["directed_id"], ["directed_support.id"], name=op.f("fk_directed_step_directed_id_directed_support")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directed_step")),
    )
    with op.batch_alter_table("directed_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directed_step_directed_id"), ["directed_id"], unique=False)


def downgrade() -> None:
    op.drop_table("directed_step")
    op.drop_table("directed_support")
    op.drop_table("escalation")
    with op.batch_alter_table("support_routing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_routing_person_id"))
    op.drop_table("support_routing")
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        for column, table in (("helper_id", "person"), ("helper_unit_id", "unit"), ("prepared_by_id", "person")):
            batch_op.drop_constraint(batch_op.f(f"fk_support_request_{column}_{table}"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_support_request_helper_id"))
        for column in ("prepared_by_id", "prepared_at", "prepared", "prepared_state", "helper_unit_id", "helper_id", "type"):
            batch_op.drop_column(column)
