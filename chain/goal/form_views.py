"""A goal's form: what can be chosen in it, what it starts from, and what was typed."""

from typing import Any

from flask import g, render_template

from chain.base.locale import _, current
from chain.cycle import queries as cycle
from chain.goal import measured, queries
from chain.goal.models import Goal
from chain.goal.rules import Words
from chain.organisation.models import Unit
from forms.base import choices
from forms.goal import GoalFacts


def page(form: GoalFacts, unit: Unit, goal: Goal | None) -> Any:
    """The page with the form, of a goal that is there or a new one."""
    nodes = queries.nodes(g.mandate)
    page = render_template(
        "goal/write.html", form=form, unit=unit, goal=goal, nodes=nodes if goal is None and len(nodes) > 1 else [],
        groups=_grouped(unit, form, goal), forms=unit.level not in ("unit", "group"), chain_here=unit.level,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _grouped(unit: Unit, form: GoalFacts, goal: Goal | None) -> list[tuple[str, list[Goal]]]:
    """The goals above by level, the nearest level first; what is chosen already is always among them."""
    found = queries.to_break_down(unit, str(form.valid_from.data or queries.this_year(unit.path)))
    known = {one.id for one in found}
    found += [one for one in (queries.breaks_down(goal) if goal else []) if one.id not in known]
    levels = dict.fromkeys(one.level for one in sorted(found, key=queries.in_order, reverse=True))
    return [(level, [one for one in found if one.level == level]) for level in levels]


def offer(form: GoalFacts, unit: Unit, goal: Goal | None = None) -> None:
    """What can be chosen in the form."""
    labels = queries.labels(unit)
    known = list(dict.fromkeys([*filter(None, [goal.valid_from if goal else "", goal.valid_to if goal else ""]), *labels]))
    form.valid_from.choices = choices((one, one) for one in sorted(known))
    form.valid_to.choices = choices([("", _("Tills vidare")), *((one, one) for one in sorted(known))])
    people = queries.owners(unit)
    if goal and goal.owner and goal.owner not in people:
        people = [goal.owner, *people]
    form.owner.choices = choices([("", _("Välj en person")), *((one.public_id, one.name) for one in people)])
    form.above.choices = []
    names = cycle.school_forms()
    form.school_forms.choices = choices((code, one.name(current())) for code, one in names.items())
    indicators, subjects, groups = measured.to_choose(unit.path)
    form.indicator.choices = choices([("", _("Inget mått")), *indicators])
    form.subject.choices = choices([("", _("Alla")), *subjects])
    form.year_group.choices = choices([("", _("Alla")), *groups])


def words(form: GoalFacts) -> Words:
    """What was typed, as the rules take it."""
    return Words(
        kind=str(form.kind.data), title=str(form.title.data), text=str(form.text.data or ""),
        valid_from=str(form.valid_from.data or ""), valid_to=str(form.valid_to.data or ""), owner=str(form.owner.data or ""),
        indicator=str(form.indicator.data or ""), subject=str(form.subject.data or ""),
        year_group=str(form.year_group.data or ""), direction=str(form.direction.data or ""), target=form.target.data,
        school_forms=tuple(one for one in form.school_forms.data or [] if one in cycle.school_forms()),
        above=tuple(form.above.data or []),
    )  # fmt: skip


def said(goal: Goal) -> dict[str, Any]:
    """What the form starts from: the goal as it is."""
    return {
        "kind": goal.kind, "title": goal.title, "text": goal.text, "valid_from": goal.valid_from,
        "valid_to": goal.valid_to or "", "owner": goal.owner.public_id if goal.owner else "", "indicator": goal.indicator,
        "subject": goal.subject, "year_group": goal.year_group, "direction": goal.direction,
        "target": goal.target.normalize() if goal.target is not None else None, "school_forms": goal.school_forms,
        "above": [one.public_id for one in queries.breaks_down(goal)], "version": str(goal.version),
    }  # fmt: skip
