"""What goals, plans and consultations ask of somebody: break down what is above, say how far it is, write the plan, answer."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select

from chain.access import policy
from chain.access.policy import Action, Role
from chain.base import clock
from chain.base.db import db
from chain.base.locale import _, ngettext
from chain.cycle.models import Round
from chain.goal import board as boards
from chain.goal import document_queries, plan_queries, plan_rules, queries
from chain.goal.document_models import Consultation
from chain.goal.models import Goal
from chain.home.rules import Todo, folded, short
from chain.organisation.models import Mandate

ASKS = ((Action.ANSWER, "consultation"), (Action.SUBMIT, "goal"), (Action.WRITE, "goal"))
WRITING = ("administration", "area", "unit", "group")  # levels that break down what is above them


def waiting(mandate: Mandate, round: Round | None, due: date | None) -> Iterator[Todo]:
    """`due`: the last day of the own follow-up. One statement asks whether there is anything; two to five say what."""
    if not any(policy.may_somewhere(mandate, action, kind) for action, kind in ASKS):
        return
    answers, decides, some = there_is(mandate, round)
    if answers:
        asked = [_to_answer(one) for one in document_queries.waiting(mandate)]
        yield from folded(asked, lambda n: _("%(n)s samråd att svara på", n=n), "governing.archive")
    if decides and mandate.role == Role.SECRETARY:
        yield _to_decide(decides)
    if some and round is not None:
        if mandate.unit.level in WRITING and queries.writes(mandate, mandate.unit):
            yield from _for_those_who_write(mandate, round, due)
        yield from _for_the_administration(mandate, round)


def there_is(mandate: Mandate, round: Round | None) -> tuple[bool, int, bool]:
    """Whether a consultation waits for this head, how many drafts can be decided here, and whether there are goals this year."""
    asked = select(Consultation.id).where(policy.where(mandate, Consultation, Action.ANSWER)).exists()
    mine = (policy.where(mandate, Goal, Action.SUBMIT), Goal.unit_id == mandate.unit_id)
    drafts = select(func.count()).select_from(Goal).where(*mine).scalar_subquery()
    year = round.year.label if round else ""
    goals = select(Goal.id).where(boards.live(mandate.unit, year), policy.where(mandate, Goal)).exists()
    answers, count, some = db.session.execute(select(asked, drafts, goals)).one()
    return answers, count, some


def _to_answer(one: Consultation) -> Todo:
    return Todo(
        title=_("Svara på samrådet om %(title)s", title=one.about.document.title),
        hint=short(one.question) or _("Läs utkastet och säg vad ni tycker."),
        endpoint="consultation.show",
        values=(("public_id", one.public_id),),
        status="consultation_asked",
        weight=3,
        due=one.until,
        since=clock.date_of(one.asked_at),
        who=one.unit.name,
    )


def _to_decide(count: int) -> Todo:
    """Drafts of the committee's goals, for the secretary who records what is decided."""
    return Todo(
        title=ngettext("Ett utkast till mål att besluta", "%(num)s utkast till mål att besluta", count),
        hint=_("Skriv in beslutet när det är fattat."),
        endpoint="goal.archive",
        values=(),
        status="goal_draft",
        weight=7,
    )


def _for_those_who_write(mandate: Mandate, round: Round, due: date | None) -> Iterator[Todo]:
    board = boards.of(mandate.unit, round.year.label, mandate)
    left = [
        one for one in board.own
        if one.state == "decided" and not any(each.round_id == round.id for each in board.assessed.get(one.id, []))
    ]  # fmt: skip
    if left:
        yield Todo(
            title=_("Bedöm målet: %(title)s", title=left[0].name) if len(left) == 1 else _("Bedöm %(n)s mål", n=len(left)),
            hint=_("Hur långt de är nådda i %(round)s, och varför.", round=round.title),
            endpoint="assessment.write",
            values=(("period", f"{round.year.label}:{round.number}"),),
            status="not_started",
            weight=5,
            due=due if due and due >= clock.today() else None,  # late is the follow-up, not what is said of a goal
        )
    if mandate.unit.level in plan_rules.LEVELS and board.asked:
        yield from _to_plan(mandate, round.year.label, len(board.missing))


def _to_plan(mandate: Mandate, year: str, missing: int) -> Iterator[Todo]:
    """The plan of the year, until it has been decided; and what is not broken down while it is being written."""
    plans = plan_queries.of_year(mandate.unit_id, year)
    if any(one.state in plan_rules.HOLDING for one in plans):
        return
    if missing:
        yield Todo(
            title=ngettext("Bryt ner ett mål ovanför", "Bryt ner %(num)s mål ovanför", missing),
            hint=_("Inget hos er svarar mot dem än."),
            endpoint="goal.archive",
            values=(),
            status="not_started",
            weight=6,
        )
    if mandate.unit.level == "unit":
        begun = plans[0] if plans else None
        yield Todo(
            title=_("Verksamhetsplanen för %(year)s är inte beslutad", year=year),
            hint=_("Utkastet är påbörjat.") if begun else _("Hämta det ni gör från målen."),
            endpoint="workplan.show" if begun else "workplan.archive",
            values=(("public_id", begun.public_id),) if begun else (),
            status="in_progress" if begun else "not_started",
            weight=6,
        )


def _for_the_administration(mandate: Mandate, round: Round) -> Iterator[Todo]:
    """Units without a plan, once some have one; whether one is being written nobody above can tell. One statement."""
    if not policy.may_somewhere(mandate, Action.ANSWER, "workplan"):
        return
    units, plans = plan_queries.counts(mandate, round.year.label)
    if plans and plans < units:
        yield Todo(
            title=ngettext(
                "En enhet saknar beslutad verksamhetsplan", "%(num)s enheter saknar beslutad verksamhetsplan", units - plans
            ),
            hint=_("%(n)s av %(all)s har en för %(year)s.", n=plans, all=units, year=round.year.label),
            endpoint="workplan.archive",
            values=(),
            status="plan_missing",
            weight=8,
        )
