"""Writes what is typed: notes during a dialogue, the unit's own words before it; two who write at once lose nothing."""

from chain.access import guard
from chain.access.policy import Action
from chain.base import audit
from chain.base.cowriting import Conflict, Words, conflict, same
from chain.base.db import atomic, db, random_name, told, unaudited
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.dialogue import holding, queries, rules
from chain.dialogue import text_queries as texts
from chain.dialogue.models import Dialogue, DialogueText, step
from chain.dialogue.rules import Facts
from chain.organisation.models import Mandate


@told
@unaudited
def save(dialogue: Dialogue, key: str, words: str, *, version: int, save_key: str, by: Mandate) -> DialogueText | RuleBroken:
    """Save what is typed under a heading, or the unit's own words. `version`: the one that the form was filled with (0: none).

    Raises Conflict when somebody saved in between; the text is kept all the same. The same `save_key` twice is one save.
    """
    typed, one = {"text": rules.tidy(words)}, _text(dialogue, key, by)
    before = texts.saves.find(one, save_key) if one else None
    if one is not None and before is not None:
        if same(before, typed):
            return one if before.kept else Conflict(save_key, one)
        version, save_key = texts.saves.again(before, one, version, by=by)
    return _save(dialogue, one, key, typed, version=version, save_key=save_key, by=by)


@told
@unaudited
def restore(dialogue: Dialogue, key: str, save_key: str, *, version: int, by: Mandate) -> DialogueText | RuleBroken:
    """Make an earlier text the one that stands, as a new save; also one that lost a conflict."""
    one = _text(dialogue, key, by)
    chosen = texts.saves.find(one, save_key) if one else None
    if one is None or chosen is None:
        raise NotFound
    return _save(dialogue, one, key, {"text": chosen.text}, version=version, save_key=random_name(), by=by)


def _text(dialogue: Dialogue, key: str, by: Mandate) -> DialogueText | None:
    """The text, held until the act has ended. NotFound for a heading that the dialogue has not."""
    holding.held(dialogue, Action.READ, by)
    own = key == rules.OWN_WORDS
    if own and rules.side(str(by.role)) != rules.UNIT:
        raise NotFound
    if not own and key not in {name for name, _title in dialogue.headings}:
        raise NotFound
    return texts.text(dialogue, key)


def _save(
    dialogue: Dialogue, one: DialogueText | None, key: str, words: Words, *, version: int, save_key: str, by: Mandate
) -> DialogueText | RuleBroken:
    if one is not None and same(one, words):
        return one
    if refused := _refused(dialogue, key, by) or conflict(one, version, save_key):
        return texts.saves.aside(one, version, words, refused, save_key, by=by)
    if key != rules.OWN_WORDS:
        reword(dialogue, by=by)
    return texts.saves.put(one or DialogueText(dialogue_id=dialogue.id, key=key), words, save_key, by=by)


def _refused(dialogue: Dialogue, key: str, by: Mandate) -> RuleBroken | None:
    """Why nothing is written there now."""
    own = key == rules.OWN_WORDS
    if own and dialogue.state not in rules.COMING:
        return RuleBroken(
            _("Dialogen har hållits eller ställts in, så det du skrev kom inte med. Kopiera det om du vill ha kvar det.")
        )
    if not own and dialogue.state not in rules.WRITABLE:
        state = rules.state_name(dialogue.state)
        return RuleBroken(
            _("Dialogen är %(state)s, så det du skrev kom inte med. Kopiera det om du vill ha kvar det.", state=state)
        )
    guard.require(Action.PREPARE if own else Action.WRITE, dialogue, by)
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
