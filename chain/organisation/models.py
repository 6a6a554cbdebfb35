"""The tree of units with its history, the people, and their mandates."""

from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.access.policy import Role
from chain.base import clock
from chain.base.db import Base, Named, Path, Row
from chain.organisation.rules import ROLE_WORDS


class Unit(Named, Base):
    """A node of the tree: from the municipality down to a group of staff in a unit.

    `path` is where it stands today, such as /sjovik/bun/fvn/norr/bjorkskolan/; `PlaceInTree` tells where it stood before.
    A context unit (independent organiser) carries published figures only: no round, no mandate, no feedback, no sum.
    """

    __tablename__ = "unit"
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30), default="")  # school, preschool, adult_education, central, external_provider …
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(Path, unique=True)
    organiser: Mapped[str] = mapped_column(String(200), default="")
    organiser_kind: Mapped[str] = mapped_column(String(20), default="KOMMUN")  # a code of Skolenhetsregistret: KOMMUN, ENSKILD …
    context: Mapped[bool] = mapped_column(default=False)
    school_forms: Mapped[list[str]] = mapped_column(default=list)  # codes of SS 12000 (data/school_forms.toml)
    year_groups: Mapped[list[str]] = mapped_column(default=list)  # "F", "1" … "9"
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    parent: Mapped["Unit | None"] = relationship(foreign_keys=[parent_id], remote_side="Unit.id")
    successor: Mapped["Unit | None"] = relationship(foreign_keys=[successor_id], remote_side="Unit.id")
    codes: Mapped[list["UnitCode"]] = relationship(
        back_populates="unit", order_by="UnitCode.valid_from", foreign_keys="UnitCode.unit_id"
    )

    @property
    def code(self) -> str:
        """The code that is valid now, or nothing."""
        return next((each.code for each in reversed(self.codes) if each.valid_to is None), "")

    @property
    def open(self) -> bool:
        return self.closed_on is None or self.closed_on > clock.today()


class UnitCode(Row, Base):
    """A unit's 8-digit code in the register (skolenhetskod), from a day up to (not including) another: codes change."""

    __tablename__ = "unit_code"
    __table_args__ = (UniqueConstraint("municipality_id", "code", "valid_from"),)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], back_populates="codes")


class PlaceInTree(Row, Base):
    """Where a unit stood, from a day up to (not including) another."""

    __tablename__ = "place_in_tree"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Person(Named, Base):
    """Somebody who works with the chain: name and e-mail, nothing more."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("municipality_id", "email"),)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(200), index=True)  # lower case
    language: Mapped[str] = mapped_column(String(2), default="sv")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    municipality: Mapped[Unit] = relationship()
    mandates: Mapped[list["Mandate"]] = relationship(back_populates="person", order_by="Mandate.id")

    @property
    def actor_person(self) -> str:
        return self.public_id

    @property
    def actor_mandate(self) -> str | None:
        return None


class Mandate(Named, Base):
    """A person's role at a unit, from a day up to and including another. `path` is the unit's, kept equal when the unit moves."""

    __tablename__ = "mandate"
    __table_args__ = (Index(None, "unit_id", "role"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(Path)
    role: Mapped[Role] = mapped_column(
        Enum(
            Role,
            native_enum=False,
            length=20,
            create_constraint=False,
            values_callable=lambda roles: [role.value for role in roles],
        )
    )
    acting: Mapped[bool] = mapped_column(default=False)  # tillförordnad
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="mandates")
    unit: Mapped[Unit] = relationship()

    def holds(self, day: date) -> bool:
        """Whether it is valid on a day, the last one counted."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def role_name(self) -> str:
        """The role in words, for pages: rektor."""
        return str(ROLE_WORDS[self.role])

    @property
    def actor_person(self) -> str:
        return self.person.public_id

    @property
    def actor_mandate(self) -> str | None:
        return self.public_id


policy.register(Unit, "unit", unit="id", path="path")
policy.register(Mandate, "mandate", unit="unit_id", path="path", author="person_id")
policy.inside(UnitCode, "unit")
policy.inside(PlaceInTree, "unit")
policy.register(Person, "person", unit="municipality_id", author="id")
