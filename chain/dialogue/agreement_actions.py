"""What is agreed to: written during the dialogue, and later what came of it."""

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock, outbox
from chain.base.db import atomic, db
from chain.base.errors import NotAllowed, RuleBroken
from chain.base.locale import _
from chain.dialogue import agreement_queries, holding, queries, rules, text_actions
from chain.dialogue.models import Agreement, Dialogue, step
from chain.measure.rules import read_due
from chain.organisation.models import Mandate


@atomic
def add(dialogue: Dialogue, *, side: str, text: str, responsible: Mandate | None, due: str, by: Mandate) -> Agreement:
    """One more agreement: what, who, until which round. What was proposed is so no longer. Twice the same is once."""
    _write(dialogue, by)
    made = Agreement(dialogue_id=dialogue.id, dialogue=dialogue, version=1)
    with db.session.no_autoflush:
        _say(made, dialogue, side, text, responsible, due)
        told = agreement_queries.told(dialogue)
    alike = [one.agreement for one in told if _alike(one.agreement, made)]
    if alike:
        audit.note("dialogue.add_agreement_again", about=dialogue)
        return alike[0]
    db.session.add(made)
    text_actions.reword(dialogue, by=by)
    audit.note("dialogue.add_agreement", about=dialogue)
    return made


def _alike(one: Agreement, other: Agreement) -> bool:
    return (one.side, one.text, one.responsible_id, one.due) == (other.side, other.text, other.responsible_id, other.due)


@atomic
def change(
    agreement: Agreement, *, side: str, text: str, responsible: Mandate | None, due: str, version: int, by: Mandate
) -> None:
    _write(agreement.dialogue, by)
    if agreement.version != version:
        raise RuleBroken(_("Någon annan ändrade samtidigt. Ladda om sidan och försök igen."))
    _say(agreement, agreement.dialogue, side, text, responsible, due)
    text_actions.reword(agreement.dialogue, by=by)
    audit.note("dialogue.change_agreement", about=agreement.dialogue)


@atomic
def remove(agreement: Agreement, *, by: Mandate) -> None:
    """Take one away again, before both have agreed. What was proposed with it is kept with the earlier notes."""
    _write(agreement.dialogue, by)
    if agreement_queries.became([agreement]):
        raise RuleBroken(_("Den har redan blivit en åtgärd, så den tas inte bort."))
    text_actions.reword(agreement.dialogue, by=by)
    db.session.delete(agreement)
    audit.note("dialogue.remove_agreement", about=agreement.dialogue)


def _write(dialogue: Dialogue, by: Mandate) -> None:
    holding.held(dialogue, Action.WRITE, by)
    if dialogue.state not in rules.WRITABLE:
        raise RuleBroken(_("Dialogen är %(state)s, så överenskommelserna ligger fast.", state=rules.state_name(dialogue.state)))


def _say(made: Agreement, dialogue: Dialogue, side: str, text: str, responsible: Mandate | None, due: str) -> None:
    sits = rules.side(str(responsible.role)) if responsible else None
    rules.check_agreement(text, sits, side, due, agreement_queries.dues(dialogue))
    assert responsible is not None, "checked"
    made.side, made.text, made.responsible_id = side, " ".join(text.split()), responsible.person_id
    made.due_year, made.due_number = read_due(due)
    made.unit_id = dialogue.unit_id if side == rules.UNIT else dialogue.host_id


@atomic
def end(agreement: Agreement, words: str, *, by: Mandate) -> None:
    """Say what came of an agreement, by the side that was to do it: it waits no longer. The other side gets a letter."""
    dialogue = agreement.dialogue
    holding.alone(dialogue.unit_id)
    db.session.refresh(agreement)
    guard.require(Action.WRITE, dialogue, by)
    if rules.side(str(by.role)) != agreement.side:
        raise NotAllowed(_("Det säger den sida som skulle göra det."))
    if agreement.ended_at is not None and agreement.came_of_it == words.strip():
        audit.note("dialogue.end_agreement_again", about=dialogue)
        return
    if dialogue.state not in rules.SETTLED or agreement.ended_at is not None:
        raise RuleBroken(_("Det går inte längre. Ladda om sidan och se hur det står till."))
    if agreement_queries.became([agreement]):
        raise RuleBroken(_("Den är en åtgärd nu, så vad som händer med den skrivs i er uppföljning."))
    if not words.strip():
        sentence = _("Skriv vad det blev av det, eller varför det inte blev något.")
        raise RuleBroken(sentence, {"words": sentence})
    agreement.came_of_it, agreement.ended_at, agreement.ended_by_id = words.strip(), clock.now(), by.person_id
    db.session.add(step(dialogue, "end_agreement", dialogue.state, by, agreement.text))
    to = queries.heads(dialogue.unit_id) if agreement.side == rules.HOST else [
        one["person"] for one in dialogue.people if one["side"] == rules.HOST
    ]  # fmt: skip
    outbox.post("dialogue.agreement_ended", f"/dialogue/{dialogue.public_id}", to)
    audit.note("dialogue.end_agreement", about=dialogue)
