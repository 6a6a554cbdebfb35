"""Letters to be sent: a row in the same transaction as what it tells of. Nothing is sent twice, nothing is forgotten."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chain.base import clock
from chain.base.orm import Base, Named, db


class Letter(Named, Base):
    """A letter without content: what it is about, and where to read it after signing in."""

    __tablename__ = "outbox"
    at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[str] = mapped_column(String(32), index=True)  # the public id
    kind: Mapped[str] = mapped_column(String(40))
    path: Mapped[str] = mapped_column(String(200))  # the page's address on this site
    sent_at: Mapped[datetime | None]


def post(kind: str, path: str, to: list[str]) -> None:
    """Put a letter to each person (by public id) in the outbox, within the action that it tells of."""
    db.session.add_all(Letter(at=clock.now(), person=person, kind=kind, path=path) for person in dict.fromkeys(to))


def waiting() -> list[Letter]:
    """Unsent letters, the oldest first."""
    return list(db.session.scalars(select(Letter).where(Letter.sent_at.is_(None)).order_by(Letter.at)))
