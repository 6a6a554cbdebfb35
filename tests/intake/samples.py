"""Where the real samples lie, and how a test makes a damaged copy of one."""

from collections.abc import Callable
from pathlib import Path

from chain.intake import published
from chain.intake.rules import Problem, Reading

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NACKA, NATIONAL, MUNICIPAL = SAMPLES / "nacka", SAMPLES / "national", SAMPLES / "municipal"
STATISTICS = NACKA / "planned_educations_v4" / "statistics_gr"
REGISTER = NACKA / "planned_educations_v4" / "school_units"
UNIT_LIST = NATIONAL / "Grundskola - Antal elever per årskurs 2025 Skolnivå.csv"
GRADES = NATIONAL / "Grundskola - Slutbetyg årskurs 9, samtliga elever 2025 Skolnivå.csv"
OTHER_EXPORT = NATIONAL / "(annan export) Grundskola - Slutbetyg årskurs 9, samtliga elever 2025 Skolenhet.csv"
RELATION = NACKA / "np_relation_ak9_2024_25_nacka.csv"
SURVEY = NACKA / "skolenkaten_per_skola_nacka.csv"
PRESCHOOLS = NATIONAL / "forskolor.csv"
ARCHIVE = NATIONAL / "statistics_gr.tar.gz"


def changed(folder: Path, source: Path, change: Callable[[bytes], bytes], name: str = "") -> Path:
    """Write a changed copy of a sample into the folder and return where."""
    copy = folder / (name or source.name)
    copy.write_bytes(change(source.read_bytes()))
    return copy


def replaced(folder: Path, source: Path, old: str, new: str, name: str = "") -> Path:
    """Write a copy with one text replaced by another; the text must be there."""
    assert old in source.read_text("utf-8")
    return changed(folder, source, lambda data: data.replace(old.encode(), new.encode()), name)


def refused(path: Path, municipality: str = "0182") -> list[Problem]:
    """Read, check that the reading is fatal and empty, and return its fatal problems."""
    reading = published.read(path, municipality)
    assert reading.fatal
    assert (reading.units, reading.preschools, reading.series) == ((), (), ())
    return [problem for problem in reading.problems if problem.severity == "fatal"]


def shown(reading: Reading, code: str, key: str, **where: str) -> dict[str, str]:
    """Return the cells of one unit's indicator by period."""
    return {
        value.period: value.shown
        for value in reading.series
        if (value.unit_code, value.indicator_key) == (code, key)
        and all(getattr(value, name) == wanted for name, wanted in where.items())
    }
