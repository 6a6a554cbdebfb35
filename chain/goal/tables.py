"""A level's goals, and the plans of the units below, as tables to keep."""

from collections.abc import Iterable, Sequence

from chain.base.locale import _
from chain.base.out import status_word
from chain.base.tables import Cell, Column, Table, explained
from chain.goal import rules
from chain.goal.board import Board
from chain.goal.models import Goal, GoalAssessment
from chain.goal.plan_queries import Line
from chain.organisation.models import Unit


def goals(unit: Unit, year: str, board: Board) -> Table:
    """What is asked of a node and its own goals, a row each; a goal above that is not broken down has a row of its own."""
    rows = [_own(one, board.above.get(one.id, []), board.assessed.get(one.id, [])) for one in board.own]
    rows += [(*_said(one), "", "", "", "", "", _("Inte nedbrutet här"), "") for one in board.missing]
    return Table(
        title=_("Mål %(year)s, %(unit)s", year=year, unit=unit.name),
        columns=(
            Column("level", _("Nivå")), Column("kind", _("Slag")), Column("goal", _("Mål")),
            Column("breaks_down", _("Bryter ner")), Column("owner", _("Ansvarig")), Column("valid_from", _("Gäller från")),
            Column("valid_to", _("Gäller till")), Column("status", _("Läge")), Column("verdict", _("Senaste bedömning")),
            Column("reasons", _("Varför")),
        ),
        rows=tuple(rows),
        facts=((_("Enhet"), unit.name), (_("Läsår"), year), (_("Källa"), _("Beslutade mål i Styrkedjan."))),
        signs=explained(),
    )  # fmt: skip


def _said(goal: Goal) -> tuple[str, str, str]:
    return rules.level_goals(goal.level), rules.kind_name(goal.kind), goal.name


def _own(goal: Goal, above: Sequence[Goal], said: Sequence[GoalAssessment]) -> tuple[Cell, ...]:
    last = said[0] if said else None
    return (
        *_said(goal), "; ".join(one.name for one in above), goal.owner.name if goal.owner else "", goal.valid_from,
        goal.valid_to or "", status_word(f"goal_{goal.state}"), rules.verdict_name(last.verdict) if last else "",
        last.reasons if last else "",
    )  # fmt: skip


def plans(unit: Unit, year: str, lines: Iterable[Line]) -> Table:
    """The plan of every unit below, those that lack one first."""
    return Table(
        title=_("Verksamhetsplaner %(year)s, %(unit)s", year=year, unit=unit.name),
        columns=(
            Column("unit", _("Enhet")), Column("area", _("Under")), Column("status", _("Läge")), Column("edition", _("Utgåva")),
            Column("decided_on", _("Beslutad")), Column("entries", _("Rader")), Column("comments", _("Kommentarer")),
        ),
        rows=tuple(
            (
                one.unit.name, one.area, status_word(f"plan_{one.state}"), one.plan.edition if one.plan else None,
                one.plan.decided_on if one.plan else None, one.entries if one.plan else None, one.comments if one.plan else None,
            )
            for one in lines
        ),
        facts=((_("Läsår"), year), (_("Källa"), _("Beslutade verksamhetsplaner i Styrkedjan. Utkast syns inte."))),
        signs=explained(),
    )  # fmt: skip
