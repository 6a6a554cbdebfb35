"""A November to read files into, and a file's way through the desk, for the tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.cycle.models import Round
from chain.intake import actions, comparing, reading
from chain.intake.models import Intake
from chain.organisation.models import Mandate
from chain.result.models import ImportedFigures
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
    ) -> tuple[reading.Read, comparing.Difference]:
        root, who = self.cast.unit["sjovik"], by or self.cast.olle
        said = reading.read(name, content, who, root, self.round, mapping or {})
        return said, comparing.difference(said, root, self.round, who)

    def keep(self, intake: Intake, content: bytes, by: Mandate | None = None) -> None:
        said = self.read(content, intake.file_name, by)[0] if intake.kind == reading.PUBLISHED else None
        actions.confirm(intake, said, by=by or self.cast.olle)

    def take_in(self, content: bytes, name: str = "fil.csv", by: Mandate | None = None) -> Intake:
        made = self.look(content, name, by=by)
        self.keep(made, content, by)
        return made


def november(cast: Cast) -> Desk:
    return Desk(cast, world.opened(cast))


def figures() -> list[tuple[Any, ...]]:
    """All that is proposed: path, indicator, subject, year group, category, basis, enrolled, n, k, and a total if any."""
    rows = db.session.execute(select(ImportedFigures.path, ImportedFigures.figures).where(ImportedFigures.kept.is_(True)))
    told = ((path, *one) for path, some in rows for one in some)
    return sorted((path, key, subject, *rest[:6], *filter(None, rest[6:])) for path, key, _form, subject, *rest in told)
