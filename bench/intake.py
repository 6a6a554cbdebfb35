"""A long file read in, as the pages do it: seen, then confirmed. Beside it, the database's own bulk load of the same file."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, text

from bench import baselines, city
from chain.base.db import db
from chain.cycle import queries as cycle
from chain.cycle.models import RoundNode
from chain.intake import actions, comparing, reading, standing
from chain.organisation import queries as organisation
from chain.organisation.models import Unit

GROUPS = [str(number) for number in range(1, 10)]
ROWS, FEW = 100_000, 1000  # in a city, and where it is only seen that it works
HEADER = "Enhet;Ämne;Årskurs;Elever;Bedömda;Minst E"


def import_100k(bench: Any, committee: str) -> Iterator[Any]:
    """Reading, validating, previewing, keeping ÷ `.import` or `\\copy`. The table is emptied before each turn, in no time."""
    bare = baselines.driver(bench.url)
    with bench.app.app_context():
        by = city.mandate("fvn")
        round, root = cycle.current(committee), organisation.municipality_of(by)
        assert round is not None
        rows = ROWS if bench.size == "S" else FEW
        _schools(rows // 100, by.unit, round.id)
        content = "\n".join([HEADER, *islice(_lines(round, by, root), rows)]).encode()

        def ours() -> None:
            db.session.rollback()
            db.session.execute(
                text("TRUNCATE imported_figures" if bench.database == "postgresql" else "DELETE FROM imported_figures")
            )
            db.session.commit()
            said = reading.read("file.csv", content, by, root, round, {})
            found = comparing.difference(said, root, round, by)
            made = actions.receive("file.csv", content, said, found, root=root, round=round, source="", by=by)
            actions.confirm(made, by=by)
            assert made.found["counts"]["new"] == rows, made.found["counts"]

        bare.make_grid()
        note = f"{rows} rows, {len(content) // 1000} kB of CSV; judged once, kept as it was seen"
        yield bench.result("import_100k", 4.0, ours, lambda: bare.load(content), note, most=bench.fewest, warm=1)
        db.session.remove()
    bare.close()


def _schools(n: int, above: Unit, round_id: int) -> None:
    """So many schools of nine year groups, put straight into the tables and the round."""
    same = {"parent_id": above.id, "municipality_id": above.municipality_id, "level": "unit", "kind": "school", "organiser": ""}
    facts = [
        {**same, "name": f"Lång skola {i}", "slug": f"long{i}", "path": f"{above.path}long{i}/", "school_forms": ["GR"],
         "year_groups": GROUPS, "context": False, "organiser_kind": "KOMMUN", "version": 1, "public_id": f"{i:032d}"}
        for i in range(n)
    ]  # fmt: skip
    db.session.execute(insert(Unit), facts)
    units = db.session.execute(select(Unit.id, Unit.path, Unit.name).where(Unit.path.startswith(f"{above.path}long"))).all()
    about = {"round_id": round_id, "parent_id": above.id, "level": "unit", "school_forms": ["GR"], "year_groups": GROUPS}
    nodes = [{**about, "unit_id": id, "path": path, "name": name, "expected": False} for id, path, name in units]
    db.session.execute(insert(RoundNode), nodes)
    db.session.commit()


def _lines(round: Any, by: Any, root: Unit) -> Iterator[str]:
    """A line for each school, subject and year group that is asked for."""
    units = standing.judged_by(round, by.path, root)[1].units
    for word, places in units.items():
        if word.startswith("lång skola"):
            asked = [key for key in places[0].tables if key[0] == "at_least_e"]
            yield from (f"{places[0].name};{subject};{group};25;24;12" for _indicator, subject, group in asked)
