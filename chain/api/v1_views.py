"""The interface for other systems, read only: the tree, rounds, indicators, figures and releases, as far as a token's role reads.

Described in openapi.json, which the tests hold every answer against.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import joinedload, selectinload

from chain.access import guard
from chain.access.guard import everyone
from chain.api import answers, facts, queries, rules
from chain.api.door_views import by_token, speak
from chain.api.models import Token
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle.models import Round, Year
from chain.release import queries as release
from chain.release.models import Release
from chain.result import dictionary
from chain.rollup import queries as rollup

bp = Blueprint("v1", __name__, url_prefix="/api/v1")
bp.before_request(speak)


@bp.errorhandler(RuleBroken)
def not_like_that(error: RuleBroken) -> Response:
    return answers.problem(400, _("Frågan går inte att läsa"), error.sentence)


DESCRIPTION = Path(__file__).with_name("openapi.json")


@bp.get("/openapi.json")
@everyone
def openapi() -> Response:
    """What there is to ask for, to be read by people and programs."""
    return Response(DESCRIPTION.read_text(encoding="utf-8"), content_type="application/json")


@bp.get("/units")
@by_token("tree")
def units(token: Token) -> Response:
    return _listed(token, queries.units, lambda row: facts.unit(*row))


@bp.get("/rounds")
@by_token("rounds")
def rounds(token: Token) -> Response:
    return _listed(token, queries.rounds, facts.round)


@bp.get("/years/<public_id>/indicators")
@by_token("indicators")
def indicators(token: Token, public_id: str) -> Response:
    """Everything that a year measures."""
    year = _fetch(token, Year, public_id, joinedload(Year.committee), selectinload(Year.rounds))
    page, known = _page(), dictionary.dictionary(year)
    found, total = queries.part(known.entries, page)
    scales = {one.key: one for one in known.scales}
    return answers.part([facts.indicator(one, scales) for one in found], total, page)


@bp.get("/rounds/<public_id>/units/<unit_id>/figures")
@by_token("figures")
def figures(token: Token, public_id: str, unit_id: str) -> Response:
    """A unit's figures in a round, rolled up: live rows, for roles that read what was handed up."""
    round = _fetch(token, Round, public_id, joinedload(Round.year))
    node = rollup.readable(token, round, unit_id)
    if node is None:
        raise NotFound
    page, covered = _page(), rollup.coverage(node.unit_id, round.id)
    found, total = queries.part(sorted(rollup.rows(node.unit_id, round.id)), page)
    told = facts.about(unit_id, node.name, round, covered)
    measure = rollup.words(round.year_id).measure
    return answers.part([facts.figure(one, covered, measure(one.indicator)) for one in found], total, page, **told)


@bp.get("/releases")
@by_token("releases")
def releases(token: Token) -> Response:
    return _listed(token, queries.releases, facts.release)


@bp.get("/releases/<public_id>/figures")
@by_token("releases")
def released(token: Token, public_id: str) -> Response:
    """A release's figures as they were frozen. Outside the administration only those of the one that holds."""
    found = _fetch(
        token, Release, public_id, joinedload(Release.unit), joinedload(Release.round).joinedload(Round.year)
    )  # fmt: skip
    if not release.keeps_figures(token, release.replaced_by(found)):
        raise NotFound
    page = _page()
    rows, total = queries.part(release.every(found), page)
    return answers.part([facts.protected(one) for one in rows], total, page, release=facts.release(found))


def _listed(token: Token, read: Callable[[Token, rules.Page], tuple[list[Any], int]], tell: Callable[[Any], Any]) -> Response:
    """The part that is asked for of what a token reads."""
    page = _page()
    found, total = read(token, page)
    return answers.part([tell(one) for one in found], total, page)


def _fetch(token: Token, model: Any, public_id: str, *options: Any) -> Any:
    return guard.fetch(model, public_id, options=options, by=token)


def _page() -> rules.Page:
    return rules.page(request.args.get("page", "1"), request.args.get("per_page", str(rules.PER_PAGE)))
