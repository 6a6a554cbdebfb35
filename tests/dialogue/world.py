"""A dialogue in Sjövik, in every state, reached by doing."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from chain.base import clock
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.dialogue import actions, agreement_actions, agreement_queries, pack_actions, queries, rules, shipped, text_actions
from chain.dialogue import text_queries as texts
from chain.dialogue.models import Agreement, Dialogue, DialogueText
from chain.followup import actions as followup
from chain.followup.models import Submission
from chain.rollup import actions as rollup
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district

DAY = date(2026, 12, 14)
GRID = {("MA", "4"): (25, 24, 12)}
OWN = "Vi vill prata om läsningen."
NOTED = "Läsningen går framåt.\n\nRäkningen gör det inte."


def planned(cast: Cast, unit: str = "alskolan", who: str = "olle", **more: Any) -> Dialogue:
    """Olle calls Alskolan, with Diana on his side."""
    heads = [mandate for mandate in (cast.pia, cast.bo, cast.petra, cast.per) if mandate.unit_id == cast.unit[unit].id]
    facts: dict[str, Any] = {
        "held_on": DAY, "begins_at": time(13), "place": "Skolan", "year": "2026/27", "about": None,
        "people": [*heads, cast.diana], "agenda": shipped.headings(),
    }  # fmt: skip
    return actions.plan(cast.unit[unit], **(facts | more), by=cast.who[who])


def read_in(cast: Cast, round: Round, unit: str = "alskolan", *, accepts: bool = True, **answers: Any) -> Submission:
    """A unit's follow-up of a round, handed in, and accepted or begun to be read."""
    told = {"results": district.cells(GRID), **answers}
    sent = world.hand_in(world.followup(cast, district.WRITER[unit], round), cast.who[district.WRITER[unit]], **told)
    head = cast.who[district.HEAD[unit]]
    if accepts:
        rollup.accept(sent, by=head)
    else:
        followup.open_(sent, by=head)
    return sent


def write(dialogue: Dialogue, key: str, words: str, by: Any, *, version: int | None = None, save_key: str = "") -> DialogueText:
    stored = texts.text(dialogue, key)
    carried = (stored.version if stored else 0) if version is None else version
    return text_actions.save(dialogue, key, words, version=carried, save_key=save_key or uuid4().hex, by=by)


def prepared(cast: Cast, **more: Any) -> Dialogue:
    dialogue = planned(cast, **more)
    write(dialogue, rules.OWN_WORDS, OWN, cast.bo)
    pack_actions.hand_over(dialogue, by=cast.pia)
    return dialogue


def on_the_day(dialogue: Dialogue, hour: int = 13) -> Any:
    return clock.held(clock.at(dialogue.held_on, hour))


def held(cast: Cast, **more: Any) -> Dialogue:
    """Held, with notes, while a round is open."""
    if cycle.current(cast.unit["alskolan"].path) is None:
        world.opened(cast)
    dialogue = prepared(cast, **more)
    with on_the_day(dialogue):
        actions.go(dialogue, "hold", by=cast.olle)
        write(dialogue, "results", NOTED, cast.olle)
    return dialogue


def agree_to(cast: Cast, dialogue: Dialogue, text: str = "Läsa varje dag", side: str = "unit", **more: Any) -> Agreement:
    who = cast.pia if side == "unit" else cast.olle
    due = next(iter(agreement_queries.dues(dialogue)))
    facts = {"side": side, "text": text, "responsible": who, "due": due}
    return agreement_actions.add(dialogue, **(facts | more), by=cast.olle)


def agreed(cast: Cast, **more: Any) -> Dialogue:
    """Both have agreed; one agreement on either side."""
    dialogue = held(cast, **more)
    with on_the_day(dialogue):
        agree_to(cast, dialogue)
        agree_to(cast, dialogue, "Ge handledning fyra gånger", "host")
        actions.go(dialogue, "propose", by=cast.olle)
        actions.go(dialogue, "agree", by=cast.pia)
    return dialogue


def later(dialogue: Dialogue, days: int = 1) -> Any:
    return clock.held(clock.at(dialogue.held_on + timedelta(days=days)))


def states(dialogue: Dialogue) -> list[str]:
    return [one.act for one in reversed(queries.steps(dialogue))]
