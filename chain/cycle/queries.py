"""What is asked, of whom, by when: the rounds of a committee, the tree in a round, and its questions."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from chain.access import policy
from chain.base import clock, queue
from chain.base.db import db
from chain.base.locale import current as language
from chain.base.locale import sorted_by_name
from chain.cycle import rules, shipped
from chain.cycle.models import BasisDefault, Question, Round, RoundNode, Year
from chain.cycle.shipped import Level
from chain.organisation.models import Unit

FINISHES = timedelta(days=30)  # the least that those have who finish what a merged unit has begun

# Levels are data: a further one is a row in data/levels.toml.


@cache
def _levels(folder: Path) -> dict[str, Level]:
    return {level.key: level for level in shipped.levels(folder)}


def levels() -> dict[str, Level]:
    """Every level by its key, from the top down."""
    return _levels(shipped.DATA)


def level(key: str) -> Level:
    return levels()[key]


def answering() -> list[Level]:
    """The levels that have follow-ups of their own, the lowest first: the order in which they hand in."""
    return [one for one in reversed(levels().values()) if one.answers]


def level_name(key: str) -> str:
    """A level's name in the reader's language; its key, if the data no longer knows it."""
    found = levels().get(key)
    return found.name(language()) if found else key


@cache
def _school_forms(folder: Path) -> dict[str, shipped.SchoolForm]:
    return {form.code: form for form in shipped.school_forms(folder)}


def enters_figures(key: str) -> bool:
    """Whether figures may be filled in at a level: where units collect them, or below it, where they are proposals."""
    known = levels()
    return known[key].rank >= min(one.rank for one in known.values() if one.collects_figures)


def school_forms() -> dict[str, shipped.SchoolForm]:
    """Every school form by its code, in order."""
    return _school_forms(shipped.DATA)


# Rounds


@cache  # most pages ask for a round
def _rounds() -> Select[Round]:
    newest_first = select(Round).join(Round.year).order_by(Year.starts_on.desc(), Round.number.desc())
    return newest_first.options(contains_eager(Round.year))


def current(path: str) -> Round | None:
    """The latest opened round of the committee at or above a path; None above the committees, or before the first."""
    places = [*policy.ancestors(path), path]
    return db.session.scalars(_rounds().where(Round.path.in_(places), Round.opened_at.is_not(None)).limit(1)).first()


def rounds(committee_path: str) -> list[Round]:
    """All rounds of a committee, planned ones too, the newest first."""
    return list(db.session.scalars(_rounds().where(Round.path == committee_path)))


def opened(committee_path: str, most: int | None = None) -> list[Round]:
    """The rounds of a committee that have been opened, the newest first."""
    here = _rounds().where(Round.path == committee_path, Round.opened_at.is_not(None))
    return list(db.session.scalars(here.limit(most)))


def hold(round_id: Any) -> None:
    """One at a time per committee and round, until the act has ended: taken first by whoever hands up, accepts or takes back.

    Those who only refer to the round do not wait (no key update). On SQLite all writes stand in line anyway.
    """
    queue.hold(db.session(), select(Round.id).where(Round.id == round_id).with_for_update(key_share=True))


def previous(round: Round) -> Round | None:
    """The round that was open before this one, also across years."""
    year = round.year
    before = (Year.starts_on < year.starts_on) | ((Year.id == year.id) & (Round.number < round.number))
    opened = Round.opened_at.is_not(None)
    return db.session.scalars(_rounds().where(Round.path == round.path, before, opened).limit(1)).first()


def year_before(round: Round) -> Round | None:
    """The same round a year ago: November is compared with November."""
    label = rules.label_before(round.year.label)
    same = (Round.path == round.path, Year.label == label, Round.number == round.number, Round.opened_at.is_not(None))
    return db.session.scalars(_rounds().where(*same)).first()


def year(committee_path: str, label: str) -> Year | None:
    return db.session.scalars(select(Year).where(Year.path == committee_path, Year.label == label)).first()


def year_to_follow(committee_path: str, label: str) -> Year | None:
    """The newest year of a committee before a label: the one whose wording the next can take over."""
    earlier = select(Year).where(Year.path == committee_path, Year.label < label).order_by(Year.starts_on.desc())
    return db.session.scalars(earlier.options(selectinload(Year.rounds)).limit(1)).first()


def years(committee_path: str) -> list[Year]:
    """A committee's years with their rounds and dates, the newest first."""
    whole = selectinload(Year.rounds).selectinload(Round.dues)
    newest_first = select(Year).where(Year.path == committee_path).order_by(Year.starts_on.desc())
    return list(db.session.scalars(newest_first.options(whole)))


def labels(committee_path: str) -> list[tuple[str, str]]:
    """A committee's years by their names: (public id, label), the newest first."""
    newest_first = select(Year.public_id, Year.label).where(Year.path == committee_path).order_by(Year.starts_on.desc())
    return [(name, label) for name, label in db.session.execute(newest_first)]


def wheel(committees: Iterable[Unit]) -> dict[int, list[Year]]:
    """The years of each committee with their rounds and dates, the newest first."""
    ids = [one.id for one in committees]
    whole = selectinload(Year.rounds).selectinload(Round.dues)
    found = db.session.scalars(select(Year).where(Year.committee_id.in_(ids)).options(whole).order_by(Year.starts_on.desc()))
    by_committee: dict[int, list[Year]] = {one: [] for one in ids}
    for year in found:
        by_committee[year.committee_id].append(year)
    return by_committee


def committees(holder: policy.Holder | None) -> list[Unit]:
    """The committees whose wheel a mandate may read: its own, or for the steward every one."""
    found = policy.visible(holder, Unit).where(Unit.level == "committee", Unit.context.is_(False))
    return sorted_by_name(db.session.scalars(found))


def steps(round: Round, today: date) -> list[rules.Step]:
    """The levels of a round with their last days, the committee's meeting last."""
    days = {one.level: one.due_on for one in round.dues}
    dues = [(one.key, one.name(language()), days[one.key]) for one in answering() if one.key in days]
    if round.meets_on:
        dues.append(("committee", level_name("committee"), round.meets_on))
    return rules.steps(dues, today, opened=round.opened_at is not None)


def upcoming(round: Round) -> list[tuple[str, int, str]]:
    """(year label, number, name) of the rounds that a measure may be due in: the rest of this year and the whole next one.

    The next year need not have been opened: until it is, it is taken to have the rounds of this one.
    """
    label = rules.next_label(round.year.label)
    found = list(
        db.session.scalars(
            select(Round)
            .join(Round.year)
            .where(Round.path == round.path, Year.label.in_([round.year.label, label]))
            .options(joinedload(Round.year))
            .order_by(Round.number)
        )
    )
    this = [one for one in found if one.year_id == round.year_id]
    coming = [one for one in found if one.year_id != round.year_id] or this
    return [(round.year.label, one.number, one.title) for one in this if one.number > round.number] + [
        (label, one.number, one.title) for one in coming
    ]


def due_name(committee_path: str, label: str, number: int) -> str:
    """A due round in words, `Uppföljning 2, januari 2027/28`, also when its year has not been opened."""
    found = db.session.scalars(_rounds().where(Round.path == committee_path, Round.number == number)).all()
    named = next((one for one in found if one.year.label == label), found[0] if found else None)
    return f"{named.title} {label}" if named else f"{label}:{number}"


def due_names(path: str, dues: Iterable[str]) -> dict[str, str]:
    """Due rounds of whoever stands at a path, `2026/27:2` → their names with the year, past ones too. One statement."""
    wanted = set(dues)
    found = db.session.scalars(_rounds().where(Round.path.in_([*policy.ancestors(path), path]))).all() if wanted else []
    titles = {str(one.number): one.title for one in found}  # where the year has not been opened: as in another
    titles |= {f"{one.year.label}:{one.number}": one.title for one in found}
    told = ((due, due.rpartition(":")) for due in wanted)
    return {due: f"{titles.get(due) or titles.get(number, number)} {label}" for due, (label, _colon, number) in told}


# The tree in a round


# Whoever asks for a node holds its round: the node finds it, its year and its dates in the session, and they are not joined anew.


def node(round: Round, unit_id: int) -> RoundNode | None:
    """A unit as it stands in a round."""
    return db.session.scalars(_node(), {"round": round.id, "unit": unit_id}).first()


def awaited_until(unit: Unit, successor: Unit | None, *, new: bool = False) -> tuple[Round, date] | None:
    """The open round that goes on awaiting a unit that somebody takes over, and the last day for it; None: it is awaited no more.

    So where the round's tree has no place for whoever takes over. It is awaited under its old name until the next round opens, as
    far as that is planned: then what is open there goes over as well. `new`: whoever takes over does not stand in the tree yet.
    """
    round = current(unit.path) if successor or new else None
    mine = node(round, unit.id) if round else None
    if round is None or mine is None or not mine.expected or (successor and node(round, successor.id)):
        return None
    last = max(mine.extended_to or round.opens_on, *(one.due_on for one in round.dues))
    planned = select(func.min(Round.opens_on)).where(Round.path == round.path, Round.opened_at.is_(None), Round.opens_on > last)
    opens = db.session.scalar(planned)
    return round, max(last, opens - timedelta(days=1) if opens else last, clock.today() + FINISHES)


@cache  # most pages and every save ask for a node
def _node() -> Select[RoundNode]:
    return select(RoundNode).where(RoundNode.round_id == bindparam("round"), RoundNode.unit_id == bindparam("unit"))


def parent(node: RoundNode) -> RoundNode | None:
    """The node that receives what this one hands up; None for the administration, whose receiver is the committee."""
    above = (RoundNode.round_id == node.round_id, RoundNode.unit_id == node.parent_id)
    return db.session.scalars(select(RoundNode).where(*above)).first()


def children(round: Round, unit_id: int) -> list[RoundNode]:
    """The nodes right below, expected or not, in Swedish order."""
    return sorted_by_name(
        db.session.scalars(select(RoundNode).where(RoundNode.round_id == round.id, RoundNode.parent_id == unit_id))
    )


def below(round: Round, path: str) -> list[RoundNode]:
    """All nodes under a place, itself not counted, in the order of the tree."""
    return tree(db.session.scalars(select(RoundNode).where(RoundNode.round_id == round.id, policy.below(path, RoundNode.path))))


def tree(nodes: Iterable[RoundNode]) -> list[RoundNode]:
    """Each node before what stands under it, siblings in Swedish order."""
    under: dict[int | None, list[RoundNode]] = {}
    known = {one.unit_id: one for one in nodes}
    for one in sorted_by_name(known.values()):
        under.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)

    def walk(unit_id: int | None) -> list[RoundNode]:
        return [each for one in under.get(unit_id, []) for each in (one, *walk(one.unit_id))]

    return walk(None)


def ceiling(node: RoundNode, *, cited: bool = False) -> str:
    """The path of the highest place at which what the node hands up is read whole; with `cited`, that of words it cites."""
    known = levels()
    level = known[node.level]
    highest = known.get(level.cited_up_to if cited else level.read_up_to)
    if not highest:
        return node.path
    places = (RoundNode.round_id == node.round_id, RoundNode.path.in_(policy.ancestors(node.path)))
    above = db.session.execute(select(RoundNode.path, RoundNode.level).where(*places).order_by(RoundNode.path)).all()
    tops = [(node.round.path, "committee"), *above]  # the round's own tree: what has moved since then changes nothing
    return next((path for path, key in tops if key in known and known[key].rank >= highest.rank), node.path)


def due(node: RoundNode) -> date:
    """The last day for a node to hand in, extensions counted."""
    return max(node.extended_to, due_of(node.round, node.level)) if node.extended_to else due_of(node.round, node.level)


def own_due(question: Question, round: Round) -> date | None:
    """The last day that a question has of its own, such as the survey's; None for most."""
    days = question.extra.get("due_days")
    return round.opens_on + timedelta(days=days) if days is not None else None


def due_of(round: Round, level: str) -> date:
    """The last day for a level; for one that the round's plan does not know, that of the nearest level above."""
    known = levels()
    rank = known[level].rank if level in known else 0
    dues = {one.level: one.due_on for one in round.dues}
    above = [dues[one.key] for one in known.values() if one.rank <= rank and one.key in dues]
    return dues.get(level) or (above[-1] if above else round.meets_on or round.opens_on)


# Questions


def questions(node: RoundNode) -> list[Question]:
    """What a node is asked in its round, in order."""
    return _put_to(node, select(Question).order_by(Question.position, Question.id))


def question(node: RoundNode, key: str) -> Question | None:
    """One of them; None if the node is not asked that."""
    asked = {"year": node.round.year_id, "level": node.level, "key": key}
    found = db.session.scalars(_question(), asked).first()
    return found if found and is_put_to(node, found) else None


@cache  # every save asks for one
def _question() -> Select[Question]:
    one = select(Question).where(Question.key == bindparam("key"), Question.level == bindparam("level"))
    return one.where(Question.year_id == bindparam("year"), Question.hidden.is_(False))


def hidden(node: RoundNode, key: str) -> Question | None:
    """A question that was asked of the node's level until somebody hid it: what was written is still received and read."""
    one = select(Question).where(Question.year_id == node.round.year_id, Question.level == node.level, Question.key == key)
    return db.session.scalars(one.where(Question.hidden.is_(True))).first()


def _put_to(node: RoundNode, among: Select[Question]) -> list[Question]:
    shown = among.where(Question.year_id == node.round.year_id, Question.level == node.level, Question.hidden.is_(False))
    return [one for one in db.session.scalars(shown) if is_put_to(node, one)]


def is_put_to(node: RoundNode, question: Question) -> bool:
    """Whether a question of the node's year and level is asked of it in its round."""
    forms = not question.school_forms or set(node.school_forms) & set(question.school_forms)
    return bool(not question.hidden and node.round.number in question.rounds and forms)


def questions_of_the_year(node: RoundNode) -> list[Question]:
    """All that the node's level can be asked in its year, in order: hidden ones too, and those of other rounds."""
    whole = select(Question).where(Question.year_id == node.round.year_id, Question.level == node.level)
    return list(db.session.scalars(whole.order_by(Question.position, Question.id)))


def asked(round: Round) -> dict[str, list[Question]]:
    """What each level is asked in a round, whatever its school forms, in order."""
    rows = select(Question).where(Question.year_id == round.year_id, Question.hidden.is_(False))
    by_level: dict[str, list[Question]] = {}
    for one in db.session.scalars(rows.order_by(Question.position, Question.id)):
        if round.number in one.rounds:
            by_level.setdefault(one.level, []).append(one)
    return by_level


def visible_nodes(holder: policy.Holder | None, round: Round) -> list[RoundNode]:
    """The part of a round's tree that a mandate may see, in the order of the tree."""
    mine = select(RoundNode).where(RoundNode.round_id == round.id).options(joinedload(RoundNode.unit))
    if not policy.may(holder, policy.Action.KEEP, round):
        mine = mine.where(policy.where(holder, RoundNode))
    return tree(db.session.scalars(mine))


def kept(year: Year, level: str, key: str) -> Question | None:
    """A level's question in a year by its key, hidden or not."""
    one = select(Question).where(Question.year_id == year.id, Question.level == level, Question.key == key)
    return db.session.scalars(one).first()


def all_questions(year: Year, level: str) -> list[Question]:
    """A level's questions in a year, hidden ones too, in order."""
    whole = select(Question).where(Question.year_id == year.id, Question.level == level)
    return list(db.session.scalars(whole.order_by(Question.position, Question.id)))


def every_question(year: Year) -> list[Question]:
    """What every level is asked in a year, hidden ones not among them, from the lowest level up, in order."""
    ranks = {one.key: place for place, one in enumerate(answering())}
    rows = select(Question).where(Question.year_id == year.id, Question.hidden.is_(False))
    found = db.session.scalars(rows.order_by(Question.position, Question.id))
    return sorted((one for one in found if one.level in ranks), key=lambda one: ranks[one.level])


def bases(round: Round, year_groups: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """What figures rest on unless somebody says otherwise: for each school form, year group → basis (`""`: the rest)."""
    rows = db.session.scalars(
        select(BasisDefault).where(BasisDefault.year_id == round.year_id, BasisDefault.round_number == round.number)
    )
    lines = [shipped.Basis(one.round_number, one.school_form, tuple(one.year_groups), one.basis) for one in rows]
    return {form: shipped.basis_of(lines, round.number, form, groups) for form, groups in year_groups.items()}
