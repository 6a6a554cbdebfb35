"""An empty follow-up as a level would see it, for those who keep the questions."""

from typing import Any

from flask import request, url_for

from chain.base.errors import NotFound
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Question, Year
from chain.followup import preview as previews
from chain.followup.checks import Work


def looked_at(year: Year, level: str, number: int) -> tuple[Work, dict[str, Any]]:
    """An empty follow-up of the level in the round, seen through the unit that was chosen, and what both pages say of it."""
    round = next((one for one in year.rounds if one.number == number), None)
    if round is None or level not in {one.key for one in cycle.answering()}:
        raise NotFound
    units = previews.units(year, level)
    chosen = next((one for one in units if one.public_id == request.args.get("unit")), units[0] if units else None)
    here = previews.work(round, level, chosen)
    around = {"preview": True, "year": year, "level": level, "round": round, "units": units, "chosen": chosen, "node": here.node}
    return here, {**around, "chain_here": level}


def preview_of(around: dict[str, Any], key: str = "") -> str:
    """Where a preview stands: the list, or a section of it."""
    chosen = around["chosen"].public_id if around["chosen"] else None
    asked = {"public_id": around["year"].public_id, "level": around["level"], "number": around["round"].number, "unit": chosen}
    return url_for("followup.preview_section", key=key, **asked) if key else url_for("followup.preview", **asked)


def row_of(question: Question, here: Work) -> tuple[str, str, str, str]:
    hint = "" if question.required else _("frivilligt")
    return question.title, hint, "not_started", _("Inget att svara på den här gången") if here.nothing_to_answer(question) else ""
