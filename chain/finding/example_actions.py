"""What is done with good examples: offered, edited, agreed to, published, tried; nothing is read by others without a yes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, events, queue
from chain.base.db import atomic, db, random_name
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.moves import Move
from chain.finding import example_queries, example_rules
from chain.finding.example_models import Example, Offer, OfferMove, Trial
from chain.finding.models import Theme
from chain.followup.models import Submission
from chain.followup.rules import HANDED_UP
from chain.organisation import queries as organisation
from chain.organisation.models import Mandate, Unit
from chain.organisation.rules import Waiting


@atomic
def offer(
    submission: Submission, *, title: str, by: Mandate, subject: str = "", year_groups: Sequence[str] = (),
    school_forms: Sequence[str] = (),
) -> Offer:  # fmt: skip
    """Offer what was handed up as an example to others. Once a round; what was taken back may be offered again."""
    guard.require(Action.READ, submission, by)
    text, receiver = example_queries.words(submission), example_queries.administration(submission)
    if submission.state not in HANDED_UP:
        raise RuleBroken(_("Uppföljningen gäller inte längre. Erbjud exemplet ur den som gäller."))
    if not text or receiver is None:
        raise RuleBroken(_("Det finns inget exempel i den här uppföljningen att erbjuda."))
    made = example_queries.offer_of(submission.unit_id, submission.round_id) or Offer(
        public_id=random_name(), unit_id=submission.unit_id, path=submission.path, receiver_id=receiver.id,
        round_id=submission.round_id, state="withdrawn",
    )  # fmt: skip
    if made.state != "withdrawn":
        raise RuleBroken(_("Exemplet är redan erbjudet."))
    guard.require(Action.SUBMIT, made, by)
    made.title, made.original, made.text = example_rules.check_title(title), text, text
    made.submission_id, made.state, made.consented, made.theme_id = submission.id, "offered", "", None
    made.subject, made.year_groups, made.school_forms = subject, list(year_groups), list(school_forms)
    made.offered_at, made.offered_by_id = clock.now(), by.person_id
    db.session.add(made)
    db.session.flush()
    _noted(made, "offer", "", by)
    return made


@atomic
def go(found: Offer, act: str, *, words: str = "", by: Mandate) -> None:
    """Agree, ask for changes, refuse, pass it over, publish, take it back: what the table lets the role do now."""
    _hold(found)
    if act == "edit":
        raise RuleBroken(example_rules.REQUIREMENTS["text"])
    move = _move(found, act, words, by)
    found.state = move.after
    if act == "agree":
        found.consented = found.text
    elif act == "publish":
        _publish(found, by)
    elif act == "withdraw":
        _unpublish(found)
    db.session.flush()
    _noted(found, act, words.strip(), by)


@atomic
def edit(
    found: Offer, *, title: str, text: str, by: Mandate, subject: str = "", year_groups: Sequence[str] = (),
    school_forms: Sequence[str] = (), theme: Theme | None = None, words: str = "",
) -> None:  # fmt: skip
    """Another wording, which the unit is asked about: nothing that it has not said yes to is read by others."""
    _hold(found)
    move = _move(found, "edit", text, by)
    if theme and theme.unit_id != by.unit_id:
        raise NotFound
    found.title, found.text = example_rules.check_title(title), text.strip()[: example_rules.LONGEST]
    found.subject, found.year_groups, found.school_forms = subject, list(year_groups), list(school_forms)
    found.theme_id, found.state, found.consented = (theme.id if theme else None), move.after, ""
    db.session.flush()
    _noted(found, "edit", words.strip(), by)


def _move(found: Offer, act: str, words: str, by: Mandate) -> Move:
    """The table's line; both sides read the offer, and each has acts of its own."""
    guard.require(Action.READ, found, by)
    guard.require(Action.ANSWER if found.unit_id == by.unit_id else Action.KEEP, found, by)
    return example_rules.move(act, found.state, words, role=str(by.role))


def _hold(found: Offer) -> None:
    """One at a time goes on with an offer, as it is now."""
    queue.hold(db.session(), select(Offer.id).where(Offer.id == found.id).with_for_update())
    db.session.refresh(found)


def _noted(found: Offer, act: str, words: str, by: Mandate) -> None:
    db.session.add(OfferMove(offer_id=found.id, act=act, words=words, at=clock.now(), by_id=by.person_id))
    db.session.flush()
    audit.note(f"example.{act}", about=found)


def _publish(found: Offer, by: Mandate) -> None:
    """Just the wording that the unit has said yes to."""
    if found.consented != found.text:
        raise RuleBroken(_("Enheten har inte sagt ja till den här ordalydelsen."))
    root = organisation.municipality_of(by)
    made = db.session.scalars(select(Example).where(Example.offer_id == found.id)).first() or Example(
        public_id=random_name(), unit_id=root.id, path=root.path, offer_id=found.id, from_id=found.unit_id
    )
    theme = found.theme.name if found.theme else ""
    made.title, made.text, made.subject, made.theme, made.state = found.title, found.consented, found.subject, theme, "published"
    made.year_groups = example_rules.listed(found.year_groups)
    made.school_forms = example_rules.listed(found.school_forms)
    made.words = example_rules.haystack(found.title, found.consented, found.unit.name, theme)
    made.published_at, made.published_by_id = clock.now(), by.person_id
    db.session.add(made)


def _unpublish(found: Offer) -> None:
    example = db.session.scalars(select(Example).where(Example.offer_id == found.id)).first()
    if example:
        example.state = "withdrawn"


# Others try it


@atomic
def try_(example: Example, plan: str, *, by: Mandate) -> Trial:
    """We try this: another unit says so, and in which way."""
    guard.require(Action.READ, example, by)
    made = Trial(
        public_id=random_name(), example_id=example.id, unit_id=by.unit_id, path=by.unit.path, receiver_id=example.from_id,
        state="trying", plan=plan.strip()[: example_rules.LONGEST], began_at=clock.now(), began_by_id=by.person_id,
    )  # fmt: skip
    guard.require(Action.WRITE, made, by)
    if example.from_id == by.unit_id:
        raise RuleBroken(_("Det är ert eget exempel."))
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise RuleBroken(_("Ni prövar det redan.")) from twice
    audit.note("example.try", about=made)
    return made


@atomic
def tell(trial: Trial, outcome: str, words: str, *, by: Mandate) -> None:
    """What came of it; may be told anew when more is known."""
    guard.require(Action.WRITE, trial, by)
    trial.words = example_rules.check_told(outcome, words)[: example_rules.LONGEST]
    trial.outcome, trial.state, trial.told_at = outcome, "told", clock.now()
    audit.note("example.tell", about=trial, outcome=outcome)


def _unpublished(unit: Unit) -> list[Offer]:
    """What a unit has offered and has not come to anything yet."""
    waits = select(Offer).where(Offer.unit_id == unit.id, Offer.state.in_(tuple(example_rules.WAITS_FOR)))
    return list(db.session.scalars(waits.order_by(Offer.id)))


@events.listen("unit_to_end", "finding")
def unit_to_end(
    *, unit: Unit, found: list[Waiting], successor: Unit | None = None, new: bool = False, **_more: Any
) -> None:  # fmt: skip
    """Its examples that are not published yet, and those of others that it tries without having told how it went."""
    if offers := _unpublished(unit):
        found.append(
            Waiting("finding", _("Erbjudna exempel som inte är publicerade"), len(offers), chooses=False, to=_("tas tillbaka"))
        )
    tries = select(Example).join(Trial, Trial.example_id == Example.id).where(Trial.unit_id == unit.id, Trial.state == "trying")
    if tried := db.session.scalars(tries.options(joinedload(Example.owner)).order_by(Trial.id)).all():
        names = tuple(dict.fromkeys(one.owner.name for one in tried))
        nobody = _("den nya enheten") if new else _("står kvar som det är")
        to = successor.name if successor else nobody
        found.append(Waiting("finding", _("Goda exempel som prövas"), len(tried), names, chooses=False, to=to))


@events.listen("unit_ending", "finding")
def leave(unit: Unit, successor: Unit | None = None, **facts: Any) -> None:
    """A unit that ends leaves no offer that waits for it: what is published stays, for whoever takes over or as it is."""
    for one in _unpublished(unit):
        one.state = "withdrawn"
    if successor is not None:
        taken = set(db.session.scalars(select(Trial.example_id).where(Trial.unit_id == successor.id)))
        for trial in db.session.scalars(select(Trial).where(Trial.unit_id == unit.id)):
            if trial.example_id not in taken:
                trial.unit_id, trial.path = successor.id, successor.path
        for trial in db.session.scalars(select(Trial).where(Trial.receiver_id == unit.id)):
            trial.receiver_id = successor.id
    db.session.flush()
