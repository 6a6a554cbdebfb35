"""A few facts about the database as a whole, such as that it is a demonstration."""

from sqlalchemy import ColumnElement, String, exists
from sqlalchemy.orm import Mapped, mapped_column

from chain.base import audit
from chain.base.audit import Actor
from chain.base.db import atomic, db
from chain.base.orm import Base

DEMONSTRATION = "demonstration"


class Setting(Base):
    """A fact by its name."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(400), default="")


def is_demonstration() -> ColumnElement[bool]:
    """Whether everything in the database is invented, as a column for another select."""
    return exists().where(Setting.key == DEMONSTRATION)


@atomic
def mark_demonstration(*, by: Actor | None) -> None:
    """Say for ever, on every page, that everything in this database is invented."""
    if db.session.get(Setting, DEMONSTRATION) is None:
        db.session.add(Setting(key=DEMONSTRATION))
    audit.note("base.mark_demonstration")
