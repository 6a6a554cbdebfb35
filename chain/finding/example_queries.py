"""Reads good examples: what a unit may offer, what waits for whom, and the published ones by subject, year, theme and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from chain.access import policy
from chain.access.policy import Action
from chain.base.db import db
from chain.cycle.models import Round
from chain.finding import example_rules
from chain.finding.example_models import Example, Offer, OfferMove, Trial
from chain.finding.models import CodedReading
from chain.finding.queries import standing
from chain.followup.models import Submission
from chain.organisation.models import Mandate, Unit

EXAMPLE = "example"  # the question's key (data/templates/unit.toml)
PER_PAGE = 20

# Offers

WHOLE = (
    joinedload(Offer.unit), joinedload(Offer.receiver), joinedload(Offer.round).joinedload(Round.year), joinedload(Offer.theme),
    joinedload(Offer.offered_by),
)  # fmt: skip


def words(submission: Submission) -> str:
    """What a submission says under its good example; nothing of what it cites there."""
    for section in submission.snapshot["sections"]:
        if section["key"] == EXAMPLE:
            return str(section["answer"].get("text", "")).strip()
    return ""


def administration(submission: Submission) -> Unit | None:
    """The administration above the unit that handed it up."""
    above = select(Unit).where(Unit.path.in_(policy.ancestors(submission.path)), Unit.level == "administration")
    return db.session.scalars(above).first()


def offer_of(unit_id: int, round_id: int) -> Offer | None:
    asked = select(Offer).where(Offer.unit_id == unit_id, Offer.round_id == round_id).options(*WHOLE)
    return db.session.scalars(asked).first()


def offers(mandate: Mandate) -> list[Offer]:
    """Those that the mandate reads: what waits first, then the newest."""
    asked = policy.visible(mandate, Offer).options(*WHOLE).order_by(Offer.offered_at.desc(), Offer.id)
    return sorted(db.session.scalars(asked), key=lambda one: one.state not in example_rules.WAITS_FOR)


def awaits(mandate: Mandate, round: Round | None) -> tuple[int, int]:
    """How many texts of a round nobody has coded, and on how many offers it is one's turn. One statement."""
    administers = policy.may_somewhere(mandate, Action.KEEP, "offer")
    states = [state for state, whose in example_rules.WAITS_FOR.items() if (whose == "administration") == administers]
    mine = policy.where(mandate, Offer, Action.KEEP if administers else Action.ANSWER)
    offers = select(func.count()).select_from(Offer).where(mine, Offer.state.in_(states)).scalar_subquery()
    done = select(CodedReading.id).where(CodedReading.submission_id == Submission.id)
    done = done.where(
        (CodedReading.state == "read") | (CodedReading.person_id == mandate.person_id) & (CodedReading.state == "passed")
    )
    here = (Submission.round_id == (round.id if round else 0), policy.where(mandate, Submission, Action.CODE), standing())
    left = select(func.count()).select_from(Submission).where(*here, ~done.exists()).scalar_subquery()
    row = db.session.execute(select(left, offers)).one()
    return row[0], row[1]


def trail(found: Offer) -> list[OfferMove]:
    """What has been done with an offer, the first first."""
    asked = select(OfferMove).where(OfferMove.offer_id == found.id).options(joinedload(OfferMove.by))
    return list(db.session.scalars(asked.order_by(OfferMove.id)))


def could_offer(mandate: Mandate, round: Round) -> Submission | None:
    """The mandate's own submission of a round, where it holds an example that has not been offered."""
    here = (Submission.unit_id == mandate.unit_id, Submission.round_id == round.id, standing())
    found = db.session.scalars(select(Submission).where(*here)).first()
    offered = offer_of(mandate.unit_id, round.id)
    return found if found and words(found) and (offered is None or offered.state == "withdrawn") else None


# Published


class Asked(NamedTuple):
    """What is searched for; an empty part asks for nothing."""

    words: str = ""
    subject: str = ""
    year_group: str = ""
    school_form: str = ""
    theme: str = ""


@dataclass(frozen=True)
class Found:
    """A page of examples. `trying`: example → how many try it, or have."""

    examples: list[Example]
    total: int
    page: int
    trying: dict[int, int]

    @property
    def more(self) -> bool:
        return self.page * PER_PAGE < self.total


def search(mandate: Mandate, asked: Asked, page: int = 1) -> Found:
    """Published examples that say all that is asked for, the newest first: three statements. Nothing else is counted."""
    here = _asked_for(policy.visible(mandate, Example), asked)
    total = db.session.scalar(select(func.count()).select_from(here.subquery())) or 0
    newest = here.options(joinedload(Example.owner)).order_by(Example.published_at.desc(), Example.id.desc())
    examples = list(db.session.scalars(newest.limit(PER_PAGE).offset((page - 1) * PER_PAGE)))
    return Found(examples, total, page, trying([one.id for one in examples]))


def _asked_for(found: Select[Example], asked: Asked) -> Select[Example]:
    for word in example_rules.haystack(asked.words).split():
        found = found.where(Example.words.contains(word, autoescape=True))
    if asked.subject:
        found = found.where(Example.subject == asked.subject)
    if asked.year_group:
        found = found.where(Example.year_groups.contains(example_rules.listed([asked.year_group]), autoescape=True))
    if asked.school_form:
        found = found.where(Example.school_forms.contains(example_rules.listed([asked.school_form]), autoescape=True))
    if asked.theme:
        found = found.where(Example.theme == asked.theme)
    return found


def trying(examples: Sequence[int]) -> dict[int, int]:
    rows = select(Trial.example_id, func.count()).where(Trial.example_id.in_(examples)).group_by(Trial.example_id)
    return {example: count for example, count in db.session.execute(rows)}


class Offered(NamedTuple):
    """What there is to choose from among the published."""

    subjects: list[str]
    themes: list[str]


def to_choose(mandate: Mandate) -> Offered:
    """The subjects and themes of what is published. One statement."""
    rows = db.session.execute(select(Example.subject, Example.theme).where(policy.where(mandate, Example)).distinct())
    pairs = [(subject, theme) for subject, theme in rows]
    return Offered(sorted({one for one, _theme in pairs if one}), sorted({one for _subject, one in pairs if one}))


def trials(mandate: Mandate, example: Example) -> list[Trial]:
    """Who tries an example, as far as the mandate may see it: one's own, those of one's own example, and those below."""
    asked = policy.visible(mandate, Trial).where(Trial.example_id == example.id)
    return list(db.session.scalars(asked.options(joinedload(Trial.unit), joinedload(Trial.began_by)).order_by(Trial.began_at)))


def ours(mandate: Mandate) -> list[Trial]:
    """What one's own unit tries, and who tries one's own examples: what is not told first. One statement."""
    mine = or_(Trial.unit_id == mandate.unit_id, Trial.receiver_id == mandate.unit_id)
    whole = (joinedload(Trial.unit), joinedload(Trial.example).joinedload(Example.owner))
    asked = policy.visible(mandate, Trial).where(mine).options(*whole).order_by(Trial.began_at.desc())
    return sorted(db.session.scalars(asked), key=lambda one: one.state == "told")


def of_offer(found: Offer) -> Example | None:
    """What has been published of an offer, and still stands."""
    return db.session.scalars(select(Example).where(Example.offer_id == found.id, Example.state == "published")).first()
