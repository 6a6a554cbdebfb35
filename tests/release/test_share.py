"""How much is withheld: told for the demonstration, and for a municipality with Nacka's real schools and seventeen subjects."""

import csv
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from chain.base.db import db
from chain.release import queries, rules, system
from chain.release.models import Release
from chain.release.system import Node
from tests.release import made

SIZES = Path(__file__).parents[2] / "data/samples/national/Grundskola - Antal elever per årskurs 2025 Skolnivå.csv"
SUBJECTS = 17
GROUPS = ("6", "9")


def schools(year_group: str) -> dict[str, int]:
    """Nacka's own schools: pupils in a year group in 2025/26. Source: Skolverket."""
    lines = list(csv.reader(SIZES.read_text("utf-8-sig").splitlines(), delimiter=";"))
    head = next(n for n, line in enumerate(lines) if line and line[0] == "Skola")
    rows = [dict(zip(lines[head], line, strict=False)) for line in lines[head + 1 :] if len(line) > 10]
    own = [row for row in rows if row["Kommun-kod"] in ("0182", "182") and row["Typ av huvudman"] == "Kommunal"]
    counts = {row["Skola"]: row[f"Elever, årskurs {year_group}"] for row in own}
    return {name: int(count) for name, count in counts.items() if count.isdigit() and int(count)}


def nacka(year_group: str) -> made.Town:
    """Every school with real numbers of pupils; how many reach E is drawn. Nothing is said of any real school's results."""
    rng, sizes = Random(f"nacka {year_group}"), schools(year_group)
    names = dict(enumerate(sorted(sizes), 1))
    nodes = [Node(1000, 0, "administration", "Alla", frozenset(names))]
    nodes += [Node(unit, 1, "unit", name, frozenset([unit])) for unit, name in names.items()]
    told: dict[int, dict[made.Family, made.Told]] = {unit: {} for unit in names}
    for subject in range(SUBJECTS):
        rate = rng.uniform(0.82, 0.97)
        for unit, name in names.items():
            counts = [0] * len(made.STEPS)
            for _pupil in range(max(1, round(sizes[name] * rng.uniform(0.9, 1)))):
                counts[5 if rng.random() > rate else min(4, int(abs(rng.gauss(1.8, 1.2))))] += 1
            family = ("GR", "grades", f"S{subject}", year_group, "final_grade")
            told[unit][family] = made.spread(*counts)
            told[unit][("GR", "at_least_e", *family[2:])] = made.share(sum(counts[:5]), sum(counts))
    town = made.Town(nodes)
    town.rounds, town.told = ["augusti"], [told]
    town.pupils = [{unit: (unit, "augusti") for unit in told}]
    return town


def share(found: Counter[bool]) -> str:
    return f"{found[True]} of {found.total()} withheld, {found[True] / max(1, found.total()):.0%}"


def test_of_a_municipality_with_nackas_schools_the_whole_and_most_shares_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for group in GROUPS:
        town = nacka(group)
        [found] = made.released(town)
        counted: dict[tuple[int, str], Counter[bool]] = {}
        for one in found.decided.values():
            hidden = one.rule not in (system.OPEN, system.NEAR)
            counted.setdefault((one.node.depth, one.family[1]), Counter())[hidden] += 1
        with capsys.disabled():
            for (depth, indicator), each in sorted(counted.items()):
                print(f"\nNacka's schools, year {group}, {'units' if depth else 'whole'}, {indicator}: {share(each)}", end="")
        assert not counted[0, "at_least_e"][True] and not counted[0, "grades"][True], "the whole is told of every subject"
        shares = [one.rule for one in found.decided.values() if one.node.depth and one.family[1] == "at_least_e"]
        assert shares.count("secondary") < 0.15 * len(shares), "three of ten schools are themselves too small; few more give way"


def test_how_much_of_the_demonstration_is_withheld(demonstration: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    counted: dict[str, Counter[bool]] = {}
    for release in db.session.scalars(select(Release).where(Release.state == "approved")):
        assert queries.holds(release) and release.profile
        for one in queries.every(release):
            counted.setdefault(one.level, Counter())[one.shown == rules.HIDDEN] += 1
    assert set(counted) == {"administration", "area", "unit"} and not all(each[True] == each.total() for each in counted.values())
    with capsys.disabled():
        for level, each in counted.items():
            print(f"\nthe demonstration, {level}: {share(each)}", end="")
