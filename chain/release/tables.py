"""A release as a table to keep: its figures as they were frozen, and what is withheld is withheld here too. Nothing exact."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from chain.base.locale import _, day
from chain.base.tables import Cell, Column, Table, explained
from chain.cycle import queries as cycle
from chain.release import profiles, queries, rules
from chain.release.models import Release
from chain.release.queries import Figure
from chain.result.dictionary import unit_name
from chain.rollup import queries as rollup
from chain.rollup import rules as summed
from chain.rollup.rules import Key, Words

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def released(release: Release) -> Table:
    """All that a release shows, a row per figure and step of each node, in the order of the tree and in which it is read."""
    return _table(release, queries.every(release))


def one(release: Release, key: Key) -> Table:
    """One figure of each node."""
    same = [name for name in Key._fields if name != "category"]
    return _table(
        release, [row for row in queries.every(release) if all(getattr(row, name) == getattr(key, name) for name in same)]
    )


def _table(release: Release, figures: Sequence[Any]) -> Table:
    words = rollup.words(release.round.year_id)
    nodes = list(dict.fromkeys(row.unit for row in figures))
    hidden = dict.fromkeys(one.withheld for one in figures if one.withheld)
    return Table(
        title=_("%(round)s, utgåva %(number)s", round=release.round.title, number=release.number),
        columns=(
            Column("unit", _("Enhet")), Column("level", _("Nivå")),
            Column("school_form", _("Skolform")), Column("indicator", _("Indikator")), Column("year_group", _("Årskurs")),
            Column("subject", _("Ämne")), Column("step", _("Steg")), Column("basis", _("Bygger på")),
            Column("value", _("Värde")), Column("value_in", _("Anges i")), Column("n", _("Bedömda (n), avrundat")),
            Column("enrolled", _("Alla (N), avrundat")), Column("units", _("Enheter som ingår")),
            Column("expected", _("Enheter som väntas")), Column("withheld", _("Varför den inte visas exakt")),
        ),
        rows=tuple(_row(one, words) for one in sorted(figures, key=lambda one: (nodes.index(one.unit), _order(one, words)))),
        facts=_facts(release),
        meanings=(
            *dict.fromkeys(words.title(one.indicator, one.year_group) for one in figures),
            *((str(rules.WHY[rule][0]), str(rules.WHY[rule][1])) for rule in hidden),
        ),
        signs=explained(rules.HIDDEN, rules.ALMOST_ALL, rules.ALMOST_NOBODY),
    )  # fmt: skip


def _facts(release: Release) -> tuple[tuple[str, str], ...]:
    approved = release.state == "approved" and release.decided_at
    kind = _("Utgåva %(number)s", number=release.number)
    source = _("%(release)s, godkänd %(day)s", release=kind, day=day(release.decided_at)) if approved else kind
    told = _("%(k)s av %(n)s enheter", k=release.reporting, n=max(release.expected, release.reporting))
    return (
        (_("Förvaltning"), release.unit.name), (_("Omgång"), release.round.in_year),
        (_("Täckning"), told), (_("Källa"), source), (_("Beteckning"), release.public_id),
        (_("Kontrollsumma"), release.sha256),
        (_("Avrundning"), _("Andelar i hela procent. Antal elever är avrundade till närmaste %(to)s.",
                          to=profiles.of(release.profile).rounded_to)),
        (_("Skydd"), _("%(name)s: minst %(fewest)s elever bakom ett tal, 1–%(sensitive)s på ena sidan visas inte.",
                       name=profile_name(release), fewest=profiles.of(release.profile).fewest,
                       sensitive=profiles.of(release.profile).sensitive)),
    )  # fmt: skip


def profile_name(release: Release) -> str:
    return (
        _("Kommunens egna gränsvärden") if profiles.of(release.profile).own and release.profile else _("Skolverkets gränsvärden")
    )


def _row(one: Any, words: Words) -> tuple[Cell, ...]:
    name, _definition = words.title(one.indicator, one.year_group)
    return (
        one.name, cycle.level_name(one.level), words.school_forms.get(one.school_form, one.school_form), name,
        words.year_groups.get((one.school_form, one.year_group), one.year_group),
        words.subjects.get(one.subject, one.subject),
        words.steps(one.indicator).get(one.category, one.category) or None, words.basis(one.basis),
        *_said(one, words), *_people(one, words), one.units, one.expected,
        str(rules.WHY[one.withheld][0]) if one.withheld else "",
    )  # fmt: skip


def _said(one: Figure, words: Words) -> tuple[Cell, ...]:
    found, measure = number(one.shown), words.measure(one.indicator)
    unit = unit_name(measure.unit) if measure and measure.kind in ("mean", "count") else _("procent")
    return found, "" if isinstance(found, str) else unit


def _people(one: Figure, words: Words) -> tuple[Cell, ...]:
    """Assessed and all; a count is of nobody. All are told of the administration alone."""
    measure = words.measure(one.indicator)
    if measure and measure.kind == "count":
        return None, None
    return _rounded(one.n), None if one.enrolled is None and one.n is not None else _rounded(one.enrolled)


def number(shown: str) -> Cell:
    """What is shown as a number, where it is one; `..` and `~100` are neither numbers nor zero."""
    if not NUMBER.fullmatch(shown):
        return shown
    return Decimal(shown) if "." in shown else int(shown)


def _rounded(count: int | None) -> Cell:
    return rules.HIDDEN if count is None else count


def _order(one: Figure, words: Words) -> tuple[object, ...]:
    subjects, steps = list(words.subjects), list(words.steps(one.indicator))
    return (
        summed.place(words, one.school_form, one.indicator, one.year_group, one.basis),
        subjects.index(one.subject) if one.subject in subjects else len(subjects), one.subject,
        steps.index(one.category) if one.category in steps else len(steps),
    )  # fmt: skip
