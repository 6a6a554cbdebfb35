"""A November to read files into, and a file's way through the desk, for the tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.cycle.models import Round
from chain.intake import actions, reading
from chain.intake.models import Intake
from chain.organisation.models import Mandate
from chain.result.models import ImportedFigure
from tests.followup import world
from tests.makers import Cast

HEADER = ("Enhet", "Ämne", "Åk", "Elever", "Bedömda", "Minst E")


def csv_of(rows: Iterable[Sequence[object]], header: Sequence[str] = HEADER) -> bytes:
    return "\n".join(";".join(map(str, row)) for row in [header, *rows]).encode()


@dataclass
class Desk:
    """Olle at his desk, in an opened round."""

    cast: Cast
    round: Round

    def look(
        self, content: bytes, name: str = "fil.csv", *, by: Mandate | None = None, source: str = "", **mapping: Any
    ) -> Intake:
        said, found = self.read(content, name, by, mapping)
        root = self.cast.unit["sjovik"]
        who = by or self.cast.olle
        return actions.receive(name, content, said, found, root=root, round=self.round, source=source, by=who)

    def read(
        self, content: bytes, name: str = "fil.csv", by: Mandate | None = None, mapping: dict[str, Any] | None = None
    ) -> tuple[reading.Read, reading.Difference]:
        root, who = self.cast.unit["sjovik"], by or self.cast.olle
        said = reading.read(name, content, who, root, self.round, mapping or {})
        return said, reading.difference(said, root, self.round, who)

    def keep(self, intake: Intake, content: bytes, by: Mandate | None = None) -> None:
        actions.confirm(intake, self.read(content, intake.file_name, by)[0], by=by or self.cast.olle)

    def take_in(self, content: bytes, name: str = "fil.csv", by: Mandate | None = None) -> Intake:
        made = self.look(content, name, by=by)
        self.keep(made, content, by)
        return made


def november(cast: Cast) -> Desk:
    return Desk(cast, world.opened(cast))


def figures() -> list[tuple[Any, ...]]:
    """All that is proposed, as it lies in the table."""
    one = ImportedFigure
    rows = select(one.path, one.indicator, one.subject, one.year_group, one.category, one.basis, one.enrolled, one.n, one.k)
    return sorted(tuple(row) for row in db.session.execute(rows))
