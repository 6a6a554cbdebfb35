"""Writes what is typed: notes during a dialogue, the unit's own words before it; two who write at once lose nothing."""

import functools
from collections.abc import Callable
from typing import ParamSpec

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit, clock
from chain.base.db import atomic, db, random_name, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.queue import lock
from chain.dialogue import queries, rules
from chain.dialogue import text_queries as texts
from chain.dialogue.models import Dialogue, DialogueText, DialogueTextVersion, step
from chain.dialogue.rules import Conflict, Facts
from chain.organisation.models import Mandate

P = ParamSpec("P")


def _told(action: Callable[P, DialogueText | RuleBroken]) -> Callable[P, DialogueText]:
    """Raise the refusal when its transaction has been committed: the text that came second has been kept by then."""

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> DialogueText:
        answer = action(*args, **kwargs)
        if isinstance(answer, RuleBroken):
            raise answer
        return answer

    return run


@_told
@unaudited
def save(dialogue: Dialogue, key: str, words: str, *, version: int, save_key: str, by: Mandate) -> DialogueText | RuleBroken:
    """Save what is typed under a heading, or the unit's own words. `version`: the one that the form was filled with (0: none).

    Raises Conflict when somebody saved in between; the text is kept all the same. The same `save_key` twice is one save.
    """
    typed, one = rules.tidy(words), _text(dialogue, key, by)
    before = texts.version(one, save_key) if one else None
    if one is not None and before is not None:
        if before.words == typed:
            return one if before.kept else Conflict(save_key)
        form, standing = f"{save_key[:31]}.", texts.standing_save(one)
        if before.saved_by_id == by.person_id and (standing == save_key or standing.startswith(form)):
            version = one.version  # nobody has saved since this form did
        save_key = form + random_name()
    return _save(dialogue, one, key, typed, version=version, save_key=save_key, by=by)


@_told
@unaudited
def restore(dialogue: Dialogue, key: str, save_key: str, *, version: int, by: Mandate) -> DialogueText | RuleBroken:
    """Make an earlier text the one that stands, as a new save; also one that lost a conflict."""
    one = _text(dialogue, key, by)
    chosen = texts.version(one, save_key) if one else None
    if one is None or chosen is None:
        raise NotFound
    return _save(dialogue, one, key, chosen.words, version=version, save_key=random_name(), by=by)


def _text(dialogue: Dialogue, key: str, by: Mandate) -> DialogueText | None:
    """The text, held until the act has ended. NotFound for a heading that the dialogue has not."""
    lock(db.session(), f"dialogue:{dialogue.unit_id}")
    db.session.refresh(dialogue)
    guard.require(Action.READ, dialogue, by)
    own = key == rules.OWN_WORDS
    if own and rules.side(str(by.role)) != rules.UNIT:
        raise NotFound
    if not own and key not in {name for name, _title in dialogue.headings}:
        raise NotFound
    return texts.text(dialogue, key)


def _save(
    dialogue: Dialogue, one: DialogueText | None, key: str, words: str, *, version: int, save_key: str, by: Mandate
) -> DialogueText | RuleBroken:
    if one is not None and one.text == words:
        return one
    refused = _refused(dialogue, key)
    if refused is None:
        guard.require(Action.PREPARE if key == rules.OWN_WORDS else Action.WRITE, dialogue, by)
    if refused is None and one is not None and one.version != version:
        refused = Conflict(save_key)
    if refused is not None:
        if one is not None:
            _keep(one, version, words, save_key, by, kept=False)
        return refused
    if key != rules.OWN_WORDS:
        reword(dialogue, by=by)
    if one is None:
        one = DialogueText(dialogue_id=dialogue.id, key=key)
        db.session.add(one)
    one.text, one.saved_at, one.saved_by_id = words, clock.now(), by.person_id
    db.session.flush()
    _keep(one, one.version, words, save_key, by, kept=True)
    db.session.flush()
    return one


def _refused(dialogue: Dialogue, key: str) -> RuleBroken | None:
    """Why nothing is written there now."""
    if key == rules.OWN_WORDS and dialogue.state not in rules.COMING:
        return RuleBroken(
            _("Dialogen har hållits eller ställts in, så det du skrev kom inte med. Kopiera det om du vill ha kvar det.")
        )
    if key != rules.OWN_WORDS and dialogue.state not in rules.WRITABLE:
        state = rules.state_name(dialogue.state)
        return RuleBroken(
            _("Dialogen är %(state)s, så det du skrev kom inte med. Kopiera det om du vill ha kvar det.", state=state)
        )
    return None


@atomic
def reword(dialogue: Dialogue, *, by: Mandate) -> None:
    """Part of an act that changes notes or agreements: what was proposed is proposed no longer."""
    if dialogue.state != "proposed":
        return
    dialogue.state = rules.move("reword", dialogue.state, Facts(), role=str(by.role)).state
    newest = queries.edition(dialogue)
    if newest:
        newest.state = "changed"
    db.session.add(step(dialogue, "reword", dialogue.state, by))
    audit.note("dialogue.reword", about=dialogue)


def _keep(one: DialogueText, number: int, words: str, save_key: str, by: Mandate, *, kept: bool) -> None:
    db.session.add(
        DialogueTextVersion(
            text_id=one.id,
            number=number,
            kept=kept,
            words=words,
            save_key=save_key,
            saved_at=clock.now(),
            saved_by_id=by.person_id,
        )
    )
