"""Files for the town: one that waits to be confirmed, one that was kept, and a steward's."""

from typing import Any

from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.cycle.models import Round
from chain.intake import actions as intake
from chain.intake import comparing, reading
from chain.intake.models import Intake
from tests.makers import Cast


def build(cast: Cast, town: Any) -> None:
    """A file that waits for somebody to confirm it, one that was kept, and one of a steward's."""
    round = db.session.scalars(select(Round).where(Round.public_id == town.parts["round now"]["public_id"])).one()
    root = cast.unit["sjovik"]
    for name, unit in (("kept", "Alskolan"), ("fvn", "Ekskolan")):
        text = f"Enhet;Ämne;Åk;Elever;Bedömda;Minst E\n{unit};MA;4;25;24;12\n".encode()
        said = reading.read(f"{name}.csv", text, cast.olle, root, round, {})
        found = comparing.difference(said, root, round, cast.olle)
        made = town.name(
            f"intake {name}",
            intake.receive(f"{name}.csv", text, said, found, root=root, round=round, source="Registret", by=cast.olle),
        )
        if name == "kept":
            intake.confirm(made, by=cast.olle)
    of_steward = Intake(
        municipality_id=root.id, unit_id=root.id, path=root.path, kind="published", file_name="skolor.csv", sha256="0" * 64,
        size=1, by_id=cast.stina.id, at=clock.now(), found=made.found,
    )  # fmt: skip
    db.session.add(of_steward)
    db.session.commit()
    town.name("intake of a steward", of_steward)
