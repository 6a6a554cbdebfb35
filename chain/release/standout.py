"""How many comparisons of a release lie outside what chance usually gives: every share of every unit, around the whole.

Of what is shown alone, as the funnel of each figure is drawn (units.py): whole per cent and rounded numbers.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from chain.base.db import db
from chain.base.locale import ngettext
from chain.cycle import queries as cycle
from chain.release.models import Release, ReleasedFigure, ReleasedNode
from chain.rollup import funnel
from chain.rollup import queries as rollup
from chain.rollup.funnel import Dot
from chain.rollup.rules import Key, Words

MOST_KEPT = 64  # releases: what is frozen needs no counting again


@dataclass(frozen=True)
class Flag:
    """A figure that units stand out in: so many lower, so many higher."""

    key: Key
    lower: int
    higher: int


@dataclass(frozen=True)
class Counted:
    """`compared` units in all figures together, and those figures in which some stand out, in no order of result."""

    compared: int
    flags: tuple[Flag, ...]

    @property
    def outside(self) -> int:
        return sum(flag.lower + flag.higher for flag in self.flags)


@dataclass(frozen=True)
class Said:
    """A figure that units stand out in, in words; `query` opens it unit by unit."""

    title: str
    said: str
    query: str


def counted(release: Release, words: Words) -> Counted:
    """One statement, and none for a release that has been counted before: it never changes."""
    known = [(key, words.measure(key)) for key in words.indicators]
    return _counted(release.sha256, release.id, frozenset(key for key, one in known if one is not None and one.of_people))


@lru_cache(maxsize=MOST_KEPT)
def _counted(_sha256: str, release_id: int, shares: frozenset[str]) -> Counted:
    found: dict[Key, tuple[list[Any], list[Any]]] = {}
    f, n = ReleasedFigure, ReleasedNode
    names = [getattr(f, name) for name in Key._fields]
    wanted = select(*names, f.shown, f.n, n.level, n.parent_id).join(n, n.id == f.node_id)
    for row in db.session.execute(wanted.where(f.release_id == release_id, f.category == "").order_by(f.id)):
        if row.indicator in shares and row.shown.isdigit() and row.n:
            whole, units = found.setdefault(Key(*row[: len(names)]), ([], []))
            if row.parent_id is None:
                whole.append(row)
            elif cycle.level(row.level).collects_figures:
                units.append(row)
    compared, flags = 0, []
    for key, (whole, units) in found.items():
        dots = [Dot("", _reached(row), row.n) for row in units]
        if whole and funnel.enough(dots):
            made = funnel.made(dots, Fraction(int(whole[0].shown), 100))
            lower = sum(Fraction(dot.k, dot.n) < made.rate for dot in made.flagged)
            compared += len(made.compared)
            if made.flagged:
                flags.append(Flag(key, lower, len(made.flagged) - lower))
    return Counted(compared, tuple(flags))


def _reached(row: Any) -> int:
    return int(Fraction(int(row.shown) * row.n, 100) + Fraction(1, 2))


def said(found: Counted, words: Words) -> list[Said]:
    """Each figure that units stand out in, named by subject and year group: no units."""
    return [Said(_title(flag.key, words), _how(flag), rollup.query_of(flag.key)) for flag in found.flags]


def _title(key: Key, words: Words) -> str:
    group = words.year_groups.get((key.school_form, key.year_group), key.year_group)
    name, _definition = words.title(key.indicator, key.year_group)
    return ", ".join(filter(None, (words.subjects.get(key.subject, key.subject), group, name, words.basis(key.basis))))


def _how(flag: Flag) -> str:
    lower = ngettext("%(num)s enhet lägre", "%(num)s enheter lägre", flag.lower) if flag.lower else ""
    higher = ngettext("%(num)s enhet högre", "%(num)s enheter högre", flag.higher) if flag.higher else ""
    return ", ".join(filter(None, (lower, higher)))
