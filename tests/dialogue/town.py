"""Dialogues of the town (tests/town.py): one that is planned, one that is held, with words in them that few may read."""

from datetime import date, time
from typing import Any

from chain.base import files
from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.dialogue import actions, agreement_queries, file_actions, file_queries, pack_actions, rules, shipped
from chain.dialogue import text_queries as texts
from tests.dialogue import world
from tests.makers import Cast


def told(cast: Cast, town: Any) -> None:
    """Whom they are for: the unit's heads, its area head, the director, and of two officers the one who takes part."""
    alskolan, ekskolan = ("pia", "bo", "arne", "diana", "olle"), ("petra", "arne", "diana", "olle")
    coming = world.planned(cast, held_on=date(2026, 12, 9), place=town.canary("dialogueplace", *alskolan))
    world.write(coming, rules.OWN_WORDS, town.canary("dialoguedraft", "pia", "bo"), cast.bo)
    actions.go(coming, "ask", town.canary("dialogueasked", *alskolan), by=cast.pia)
    word = town.canary("dialoguefile", *alskolan)
    file_actions.attach(coming, [files.checked(f"{word}.txt", word.encode())], by=cast.bo)
    [laid] = file_queries.files(coming)
    town.name("dialogue planned", coming, key="own-words", number="1", name="0" * 32, file_id=laid.file.public_id)
    held = actions.plan(
        cast.unit["ekskolan"], held_on=date(2026, 11, 22), begins_at=time(9), place="", year="2026/27", about=None,
        people=[cast.petra, cast.diana], agenda=shipped.headings(), by=cast.olle,
    )  # fmt: skip
    world.write(held, rules.OWN_WORDS, town.canary("dialoguewords", *ekskolan), cast.petra)
    pack_actions.hand_over(held, by=cast.petra)
    actions.go(held, "hold", by=cast.olle)
    word = town.canary("dialogueheldfile", *ekskolan)
    file_actions.attach(held, [files.checked(f"{word}.txt", word.encode())], by=cast.diana)
    [laid] = file_queries.files(held)
    world.write(held, "results", town.canary("dialoguenote", *ekskolan), cast.petra)
    agreement = world.agree_to(
        cast, held, town.canary("agreement", *ekskolan), responsible=cast.petra, due=next(iter(agreement_queries.dues(held)))
    )  # fmt: skip
    actions.go(held, "propose", by=cast.olle)
    _two_at_once(cast, town, held)
    actions.go(held, "propose", by=cast.olle)
    note = texts.text(held, "results")
    assert note is not None
    keys = {"key": "results", "number": "1", "name": agreement.public_id, "?save": "aside", "=save": "aside"}
    town.name("dialogue held", held, **keys, **{"=version": str(note.version)}, file_id=laid.file.public_id)
    db.session.rollback()


def _two_at_once(cast: Cast, town: Any, held: Any) -> None:
    world.write(held, "results", "Läsningen går framåt.", cast.olle)
    try:
        aside = town.canary("dialogueaside", "petra", "diana", "olle")
        world.write(held, "results", aside, cast.petra, version=1, save_key="aside")
    except Conflict:
        return
    raise AssertionError("the second of two is kept aside")
