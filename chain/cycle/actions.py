"""Opening years and rounds, keeping their dates, and changing what is asked without losing what was answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from chain.access import guard, policy
from chain.access.policy import Action
from chain.base import audit, clock, events
from chain.base.db import atomic, db, random_name
from chain.base.errors import RuleBroken
from chain.base.locale import _, day
from chain.cycle import queries, rules, shipped, wording
from chain.cycle.models import OWN, BasisDefault, Question, Round, RoundDue, RoundNode, Year
from chain.cycle.rules import RoundPlan
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting

# The year


@atomic
def open_year(
    committee: Unit, *, label: str, by: Mandate, rounds: Sequence[RoundPlan] | None = None, like: Year | None = None
) -> Year:
    """Plan a committee's year: its rounds, and questions and default bases copied in, to be changed freely.

    The questions are the shipped ones, or those of an earlier year, `like`, in the municipality's own words.
    """
    label = rules.check_label(label)
    starts_on, ends_on = rules.span(label)
    year = Year(committee_id=committee.id, path=committee.path, label=label, starts_on=starts_on, ends_on=ends_on)
    guard.require(Action.KEEP, year, by)
    if committee.level != "committee" or committee.context:
        raise RuleBroken(_("Ett år öppnas för en nämnd, och %(name)s är ingen nämnd.", name=committee.name))
    if queries.year(committee.path, label):
        raise RuleBroken(_("Året %(label)s är redan planerat för %(name)s.", label=label, name=committee.name))
    plans = list(rounds) if rounds is not None else rules.default_plan(label, [one.key for one in queries.answering()])
    rules.check_plan(plans, shipped.ROUNDS)
    db.session.add(year)
    db.session.flush()
    for plan in plans:
        _check_dates(plan.opens_on, plan.dues, plan.meets_on)
        _add_round(year, plan)
    asks = {plan.number: plan.asks for plan in plans}
    if like and like.committee_id != committee.id:
        raise RuleBroken(_("Frågorna kan tas över från ett av nämndens egna år."))
    for level in queries.answering():
        _copy_template(year, level, asks, like)
    events.tell("year_opened", year=year, asks=asks, like=like, by=by)
    audit.note("cycle.open_year", about=year, label=label, rounds=len(plans), like=like.label if like else None)
    return year


def _add_round(year: Year, plan: RoundPlan) -> None:
    round = Round(
        year_id=year.id, committee_id=year.committee_id, path=year.path, number=plan.number, name=dict(plan.name),
        opens_on=plan.opens_on, meets_on=plan.meets_on,
    )  # fmt: skip
    db.session.add(round)
    db.session.flush()
    db.session.add_all(RoundDue(round_id=round.id, level=level, due_on=due_on) for level, due_on in plan.dues.items())


def _copy_template(year: Year, level: shipped.Level, asks: Mapping[int, int], like: Year | None = None) -> None:
    """A level's questions, numbered as this year's rounds are, and what figures rest on by default."""
    copies = wording.as_before(level, like, asks) if like else wording.as_shipped(level, asks)
    db.session.add_all(Question(year_id=year.id, position=10 * place, **vars(one)) for place, one in enumerate(copies, 1))
    for basis in shipped.template(level.template, shipped.DATA).bases:
        db.session.add_all(
            BasisDefault(
                year_id=year.id,
                round_number=number,
                school_form=basis.school_form,
                year_groups=list(basis.year_groups),
                basis=basis.basis,
            )
            for number, shipped_round in asks.items()
            if shipped_round == basis.round
        )


# Rounds and their dates


def _check_dates(opens_on: date, dues: Mapping[str, date], meets_on: date | None) -> None:
    known = [(one.key, queries.level_name(one.key), dues[one.key]) for one in queries.answering() if one.key in dues]
    rules.check_dates(opens_on, known, meets_on)


@atomic
def set_dates(
    round: Round, *, opens_on: date, dues: Mapping[str, date], meets_on: date | None, version: int, by: Mandate
) -> Round:
    """Move a round's dates. Refused when a level would be due before the one below."""
    guard.require(Action.KEEP, round, by)
    if round.version != version:
        raise RuleBroken(_("Någon annan har ändrat datumen sedan du öppnade sidan. Ladda om och se efter."))
    if round.opened_at and opens_on != round.opens_on:
        raise RuleBroken(_("Uppföljningen är redan öppnad, så öppningsdagen kan inte flyttas."), {"opens_on": _("Redan öppnad.")})
    _check_dates(opens_on, dues, meets_on)
    round.opens_on, round.meets_on = opens_on, meets_on
    stored = {one.level: one for one in round.dues}
    for level, due_on in dues.items():
        if level in stored:
            stored[level].due_on = due_on
        else:
            round.dues.append(RoundDue(round_id=round.id, level=level, due_on=due_on))
    flag_modified(round, "opens_on")  # a new version, also when only a level's date moved
    audit.note(
        "cycle.set_dates",
        about=round,
        opens_on=opens_on.isoformat(),
        meets_on=meets_on.isoformat() if meets_on else None,
        dues={level: due_on.isoformat() for level, due_on in dues.items()},
    )
    return round


@atomic
def open_round(round: Round, *, by: Mandate) -> Round:
    """Open a round: the tree is fixed as it stands today, and everybody in it can begin."""
    guard.require(Action.KEEP, round, by)
    _may_open(round)
    round.opened_at = clock.now()
    _fill_in(round)
    nodes = _fix_tree(round)
    if not nodes:
        raise RuleBroken(_("Det finns ingen förvaltning under nämnden än. Lägg in organisationen först."))
    db.session.flush()
    events.tell("round_opened", round=round, by=by)
    audit.note("cycle.open_round", about=round, number=round.number, nodes=len(nodes))
    return round


def _may_open(round: Round) -> None:
    if round.opened_at:
        raise RuleBroken(_("%(name)s är redan öppen.", name=round.title))
    if clock.today() < round.opens_on:
        raise RuleBroken(
            _(
                "%(name)s öppnar den %(day)s. Flytta datumet om den ska öppnas tidigare.",
                name=round.title,
                day=day(round.opens_on),
            )
        )
    last = queries.current(round.path)
    if last and (last.year.starts_on, last.number) > (round.year.starts_on, round.number):
        raise RuleBroken(_("%(last)s är redan öppnad, så %(name)s kan inte öppnas efteråt.", last=last.title, name=round.title))


def _fill_in(round: Round) -> None:
    """A level that was added to the data after the year was planned gets its questions, and the date of the level above."""
    known = set(db.session.scalars(select(Question.level).where(Question.year_id == round.year_id).distinct()))
    numbers = db.session.scalars(select(Round.number).where(Round.year_id == round.year_id)).all()
    due_already = {one.level for one in round.dues}
    for level in queries.answering():
        if level.key not in known:
            _copy_template(round.year, level, {number: number for number in numbers})
        if level.key not in due_already:
            due_on = queries.due_of(round, level.key)
            round.dues.append(RoundDue(round_id=round.id, level=level.key, due_on=due_on))


def _fix_tree(round: Round) -> list[RoundNode]:
    """A node for each unit of an answering level that is open and the organiser's own, hung on the nearest one above."""
    units = db.session.scalars(select(Unit).where(policy.below(round.path, Unit.path)).order_by(Unit.path)).all()
    levels = queries.levels()
    left_out: list[str] = []
    nodes: dict[str, RoundNode] = {}
    for unit in units:
        if unit.context or not unit.open or (unit.opened_on and unit.opened_on > clock.today()):
            left_out.append(unit.path)
        if any(unit.path.startswith(path) for path in left_out) or unit.level not in levels or not levels[unit.level].answers:
            continue
        above = next((nodes[path] for path in reversed(policy.ancestors(unit.path)) if path in nodes), None)
        nodes[unit.path] = RoundNode(
            round_id=round.id, unit_id=unit.id, parent_id=above.unit_id if above else round.committee_id, path=unit.path,
            level=unit.level, name=unit.name, school_forms=list(unit.school_forms), year_groups=list(unit.year_groups),
            expected=True, exempt_reason="", late_reason="",
        )  # fmt: skip
    _share_school_forms(nodes)
    db.session.add_all(nodes.values())
    return list(nodes.values())


def _share_school_forms(nodes: Mapping[str, RoundNode]) -> None:
    """A place without school forms of its own has those of what stands under it, else of what it stands under."""
    own = {path: (node.school_forms, node.year_groups) for path, node in nodes.items() if node.school_forms}
    for path, node in nodes.items():
        if path in own:
            continue
        under = [held for place, held in own.items() if place.startswith(path)]
        over = [own[place] for place in reversed(policy.ancestors(path)) if place in own][:1]
        node.school_forms = _together(forms for forms, _groups in under or over)
        node.year_groups = node.year_groups or _together(groups for _forms, groups in under or over)


def _together(lists: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(each for one in lists for each in one))


# A node in a round


@atomic
def exempt(node: RoundNode, *, reason: str, by: Mandate) -> RoundNode:
    """Expect nothing of a node in this round, nor of what stands under it. The reason stands in the round's tree.

    Not of one whose follow-up stands handed in: it is sent back first. What stands under it keeps what it has handed in.
    """
    guard.require(Action.KEEP, node.round, by)
    if node.parent_id == node.round.committee_id:
        raise RuleBroken(_("%(name)s kan inte undantas: då finns ingen som tar emot de andra.", name=node.name))
    if not reason.strip():
        raise RuleBroken(_("Skriv varför %(name)s undantas.", name=node.name), {"reason": _("Skriv varför.")})
    events.tell("exempting", node=node)
    _exempt(node, reason.strip())
    audit.note("cycle.exempt", about=node.round, unit=_public_id(node))
    return node


def _exempt(node: RoundNode, reason: str) -> None:
    for each in _together_with(node):
        if each.expected:
            each.expected, each.exempt_reason = False, reason
    db.session.flush()
    events.tell("expectation_changed", round=node.round)


def _together_with(node: RoundNode) -> list[RoundNode]:
    """Itself and what hands up to it. A level that a tree may do without (an area) stands alone: the next one above receives."""
    optional = queries.level(node.level).optional
    return [node] if optional else [node, *queries.below(node.round, node.path)]


@atomic
def expect(node: RoundNode, *, by: Mandate) -> RoundNode:
    """Take an exemption back: the node, and what was exempted together with it, is expected again."""
    guard.require(Action.KEEP, node.round, by)
    above = queries.parent(node)
    if above and not above.expected and not queries.level(above.level).optional:
        raise RuleBroken(_("%(above)s är undantagen. Börja där.", above=above.name))
    reason = node.exempt_reason
    for each in _together_with(node):
        if each.exempt_reason == reason:
            each.expected, each.exempt_reason = True, ""
    db.session.flush()
    events.tell("expectation_changed", round=node.round)
    audit.note("cycle.expect", about=node.round, unit=_public_id(node))
    return node


@atomic
def extend(node: RoundNode, *, to: date, by: Mandate) -> RoundNode:
    """Give a node more time (anstånd). Nobody gets less."""
    guard.require(Action.KEEP, node.round, by)
    due_on = queries.due_of(node.round, node.level)
    if not node.expected:
        raise RuleBroken(_("%(name)s är undantagen och har inget att lämna in.", name=node.name))
    if to <= due_on:
        sentence = _("Ett anstånd måste sluta efter den %(day)s.", day=day(due_on))
        raise RuleBroken(sentence, {"to": sentence})
    node.extended_to = to
    audit.note("cycle.extend", about=node.round, unit=_public_id(node), to=to.isoformat())
    return node


@atomic
def explain_late(node: RoundNode, *, reason: str, by: Mandate) -> RoundNode:
    """The node's own head tells the receiver why it is late. An empty reason takes it back."""
    guard.require(Action.WRITE, node, by)
    if not node.expected:
        raise RuleBroken(_("%(name)s är undantagen och har inget att lämna in.", name=node.name))
    node.late_reason = reason.strip()
    audit.note("cycle.explain_late", about=node.round, unit=_public_id(node))
    return node


def _public_id(node: RoundNode) -> str:
    return db.session.scalars(select(Unit.public_id).where(Unit.id == node.unit_id)).one()


@events.listen("unit_ending", "cycle")
def unit_ends(unit: Unit, successor: Unit | None = None, **facts: Any) -> None:
    """A unit that ends in mid-round is expected no longer, nor what stands under it; one that has handed in is, and has.

    But where somebody takes over who has no place in the round's tree: then the round keeps its tree, with the unit in it.
    """
    found = queries.current(unit.path)
    node = queries.node(found, unit.id) if found else None
    if node and not queries.awaited_until(unit, successor) and not _has_handed_in(node):
        _exempt(node, _("Enheten har upphört."))


def _has_handed_in(node: RoundNode) -> bool:
    """Whether a later link refuses that the node be exempted: else more would have handed in than were expected."""
    try:
        events.tell("exempting", node=node)
    except RuleBroken:
        return True
    return False


@events.listen("unit_to_finish", "cycle")
def still_awaited(unit: Unit, successor: Unit, found: list[date], **facts: Any) -> None:
    """The last day on which those who have taken over may finish what the open round awaits of the unit."""
    if awaited := queries.awaited_until(unit, successor):
        found.append(awaited[1])


@events.listen("unit_to_end", "cycle")
def awaited(unit: Unit, found: list[Waiting], successor: Unit | None = None, new: bool = False, **facts: Any) -> None:
    """The round in which it is expected, and what would be exempted together with it; or who finishes it."""
    if still := queries.awaited_until(unit, successor, new=new):
        told = _(
            "%(round)s behåller sitt träd: det lämnas in under det gamla namnet. De som följer med kan skriva färdigt till och "
            "med den %(day)s",
            round=still[0].title, day=day(still[1]),
        )  # fmt: skip
        to = _("ingen: det står kvar vid %(unit)s", unit=unit.name)
        found.append(Waiting("cycle", told, 1, (), chooses=False, to=to))
        return
    round = queries.current(unit.path)
    node = queries.node(round, unit.id) if round else None
    if round and node and node.expected and not _has_handed_in(node):
        told = _("%(round)s: väntas inte längre in. Det som är inlämnat står kvar", round=round.title)
        also = [each for each in _together_with(node) if each.expected]
        found.append(Waiting("cycle", told, len(also), tuple(each.name for each in also), chooses=False))


@events.listen("unit_to_move", "cycle")
def stays_in_its_round(unit: Unit, found: list[Waiting], **facts: Any) -> None:
    """The open round that keeps its tree, and whom the unit hands up to in it."""
    round = queries.current(unit.path)
    node = queries.node(round, unit.id) if round else None
    above = queries.parent(node) if node else None
    if round and node and node.expected:
        names = tuple(each.name for each in [node, *queries.below(round, node.path)] if each.expected)
        told = _("%(round)s behåller trädet som den öppnade med", round=round.title)
        found.append(Waiting("cycle", told, len(names), names, chooses=False, to=above.name if above else ""))


# Questions are data


@atomic
def add_question(
    year: Year, *, level: str, kind: str, words: Mapping[str, Mapping[str, str]], rounds: Sequence[int], by: Mandate,
    key: str = "", required: bool = False, school_forms: Sequence[str] = (), after: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Question:  # fmt: skip
    """Ask something more of a level, also in mid-round. `after`: the key of the question that it comes after (else last)."""
    guard.require(Action.KEEP, year, by)
    asked = queries.all_questions(year, level)
    known = {one.key: one for one in queries.answering()}
    if level not in known or kind not in shipped.KINDS:
        raise RuleBroken(_("Frågan måste ha en nivå som svarar och en svarstyp som finns."))
    if problems := rules.unsaid(words):
        raise RuleBroken(_("Skriv frågans rubrik och själva frågan på svenska och engelska."), problems)
    if key and key in {one.key for one in asked}:
        raise RuleBroken(_("Det finns redan en fråga med nyckeln %(key)s. Skriv om den i stället.", key=key))
    rules.check_kind(kind, _kinds(asked), enters=queries.enters_figures(level))
    rules.check_rounds(str(words["sv"]["title"]), [], list(rounds), {}, [], carries=False)
    place = next((one.position for one in asked if one.key == after), asked[-1].position if asked else 0)
    question = Question(
        year_id=year.id, level=level, key=key or f"{OWN}{random_name()[:12]}", position=place + 1, kind=kind, rounds=list(rounds),
        required=required, hidden=False, school_forms=list(school_forms), extra=dict(extra or {}),
        words={language: {"title": "", "ask": "", "help": "", "example": "", **said} for language, said in words.items()},
    )  # fmt: skip
    db.session.add(question)
    db.session.flush()
    audit.note("cycle.add_question", about=year, level=level, key=question.key)
    return question


def _kinds(asked: Iterable[Question], but: str = "") -> dict[str, str]:
    """The kinds that are asked for, each with the title of the first question that does."""
    shown = [one for one in asked if not one.hidden and one.key != but]
    return {one.kind: one.title for one in reversed(shown)}


@atomic
def reword_question(
    question: Question, *, words: Mapping[str, Mapping[str, str]], by: Mandate, version: int | None = None,
    rounds: Sequence[int] | None = None, required: bool | None = None, extra: Mapping[str, Any] | None = None,
) -> Question:  # fmt: skip
    """Put a question in other words, in one language or both; ask it in other rounds. The key stays, and so does every answer.

    `version` is the one that the form was filled with. Of a municipality's own question also whether it has to be answered, and
    what its kind asks for. Its kind never changes: what has been answered has the kind's shape.
    """
    year = _keep_year_of(question, by)
    if version is not None and question.version != version:
        told = _("Någon annan har ändrat frågan sedan du öppnade sidan. Jämför med det som står nu och spara igen.")
        raise RuleBroken(told, {"version": told})
    said = {one: {**question.words.get(one, {}), **words.get(one, {})} for one in {*question.words, *words}}
    if problems := rules.unsaid(said):
        raise RuleBroken(_("Skriv frågans rubrik och själva frågan på svenska och engelska."), problems)
    if rounds is not None:
        names = {one.number: one.title for one in year.rounds}
        opened = [one.number for one in year.rounds if one.opened_at]
        carries = question.required and not question.own
        rules.check_rounds(question.title, question.rounds, list(rounds), names, opened, carries=carries)
        question.rounds = list(rounds)
    if question.own and required is not None:
        question.required = required
    if question.own and extra is not None:
        question.extra = {**question.extra, **extra}
    question.words, question.version = said, question.version + 1
    audit.note("cycle.reword_question", about=year, level=question.level, key=question.key)
    return question


@atomic
def move_question(question: Question, *, step: int, by: Mandate) -> Question:
    """Ask it one place earlier (-1) or later (1) among the level's questions. At the ends it stays."""
    year = _keep_year_of(question, by)
    asked = queries.all_questions(year, question.level)
    order = rules.moved([one.key for one in asked], question.key, step)
    for one in asked:
        one.position = 10 * (order.index(one.key) + 1)
    audit.note("cycle.move_question", about=year, level=question.level, key=question.key)
    return question


@atomic
def hide_question(question: Question, *, by: Mandate) -> Question:
    """Ask it no longer. What was answered stays where it was written. What the chain rests on cannot be hidden."""
    year = _keep_year_of(question, by)
    others = _kinds(queries.all_questions(year, question.level), but=question.key)
    rules.check_hiding(question.kind, question.title, others, required=question.required and not question.own)
    question.hidden = True
    audit.note("cycle.hide_question", about=year, level=question.level, key=question.key)
    return question


@atomic
def show_question(question: Question, *, by: Mandate) -> Question:
    """Ask a hidden question again."""
    year = _keep_year_of(question, by)
    others = _kinds(queries.all_questions(year, question.level), but=question.key)
    rules.check_kind(question.kind, others, enters=queries.enters_figures(question.level))
    question.hidden = False
    audit.note("cycle.show_question", about=year, level=question.level, key=question.key)
    return question


def _keep_year_of(question: Question, by: Mandate) -> Year:
    """The question's year, with its rounds; the question held, so that the next to change it sees what this one did."""
    db.session.refresh(question, with_for_update=True)
    whole = joinedload(Year.committee), selectinload(Year.rounds)
    year = db.session.scalars(select(Year).where(Year.id == question.year_id).options(*whole)).one()
    guard.require(Action.KEEP, year, by)
    return year
