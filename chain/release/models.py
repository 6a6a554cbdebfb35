"""A frozen, protected set of figures: what leaves the administration is read from here and nowhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chain.access import policy
from chain.base.db import Base, Named, Path, Row
from chain.cycle.models import Round
from chain.followup.models import Submission
from chain.organisation.models import Person, Unit


class Release(Named, Base):
    """One round's figures for one audience. Prepared by one person, approved by another, never changed after that.

    State: prepared, approved, refused. A higher number takes the place of a lower one; `sha256` is over all that it says.
    The committee's table is the public's too: a public page shows a part of it and never another table, or the two could be
    subtracted from each other.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("round_id", "audience", "number"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the administration
    path: Mapped[str] = mapped_column(Path)
    audience: Mapped[str] = mapped_column(String(20))  # committee
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="prepared")
    expected: Mapped[int]  # units expected, and accepted, when it was frozen
    reporting: Mapped[int]
    prepared_at: Mapped[datetime]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64))
    profile: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # ^ the thresholds it was protected by (profiles.Profile); none in the first form
    beside: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # ^ the approved releases that it was protected beside, by id; none where nobody wrote that down

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()
    prepared_by: Mapped[Person] = relationship(foreign_keys=[prepared_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    figures: Mapped[list["ReleasedFigure"]] = relationship(back_populates="release", order_by="ReleasedFigure.id")

    @property
    def rounded_to(self) -> int:
        """Pupils: to the nearest so many. Five in the first form."""
        return int((self.profile or {}).get("rounded_to", 5))


class ReleasedNode(Row, Base):
    """A node as it stood and was called in the round: the administration (the one without a parent), its areas and units.

    `reporting` of the `expected` units under it had been accepted.
    """

    __tablename__ = "released_node"
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("released_node.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    level: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    expected: Mapped[int]
    reporting: Mapped[int]


class ReleasedFigure(Row, Base):
    """A protected figure. `n` and `enrolled` are rounded (Release.rounded_to); exact counts are never kept here.

    `withheld` names the rule that hides or blurs it, as it leaves (rules.WHY): of what is hidden no more than that it is.
    `rule` says which, to those who prepare and approve, and leaves in no page, file or answer. Where it is hidden n is absent.
    `units` have told of `expected`. No node: the administration's, in a release of the first form. `enrolled` is the
    administration's alone.
    """

    __tablename__ = "released_figure"
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    node_id: Mapped[int | None] = mapped_column(ForeignKey("released_node.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(60))
    school_form: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(20))
    year_group: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(10))
    basis: Mapped[str] = mapped_column(String(20))
    enrolled: Mapped[int | None]
    n: Mapped[int | None]
    units: Mapped[int]
    expected: Mapped[int]
    shown: Mapped[str] = mapped_column(String(20))  # "84", "..", "~100", "~0"
    withheld: Mapped[str] = mapped_column(String(40), default="")
    rule: Mapped[str] = mapped_column(String(20), default="", server_default="")

    release: Mapped[Release] = relationship(back_populates="figures")


class ReleaseSource(Row, Base):
    """Which submission a unit's figures were taken from, so that they can be found again: nothing exact is kept in a release.

    `places` (school form, subject, year group, basis) are those alone that were held at an earlier version; none: all others.
    """

    __tablename__ = "release_source"
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    places: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))

    submission: Mapped[Submission] = relationship()


class ReleaseProfile(Row, Base):
    """An administration's own thresholds for what it releases (profiles.Profile), as they are kept now."""

    __tablename__ = "release_profile"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    path: Mapped[str] = mapped_column(Path)
    facts: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    kept_by: Mapped[Person] = relationship()


policy.register(Release, "release", unit="unit_id", path="path", state="state")
policy.register(ReleaseProfile, "profile", unit="unit_id", path="path")
for _model in (ReleasedNode, ReleasedFigure, ReleaseSource):
    policy.inside(_model, "release")
