"""Making and ending tokens: by the steward, for the own municipality, kept as a hash, told in the audit."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from chain.access.policy import Role
from chain.api import actions, queries
from chain.api.models import Token
from chain.base import clock
from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.organisation import actions as organisation
from tests.makers import Cast


def make(cast: Cast, unit: str = "fvn", role: Role = Role.OFFICER, who: str = "stina", **more: Any) -> tuple[Token, str]:
    asks = {"name": "Portalen", "purpose": "Statistik.", "scopes": ["tree"], "valid_to": clock.today() + timedelta(days=30)}
    return actions.make(cast.unit[unit], role, **{**asks, **more}, by=cast.who[who])


def test_the_key_opens_the_token_and_is_kept_nowhere(cast: Cast) -> None:
    token, key = make(cast)
    assert queries.by_key(key) is token and token.holds and key.startswith("styrkedjan_") and len(key) > 50
    assert queries.by_key(key + "x") is None and queries.by_key(token.key_hash) is None
    kept = db.session.execute(text("SELECT * FROM token")).mappings().one()
    lines = db.session.scalars(select(AuditLine).where(AuditLine.act == "api.make")).all()
    assert key not in str(dict(kept)) and len(lines) == 1 and lines[0].about == token.public_id
    assert key not in str(lines[0].detail) and lines[0].detail["scopes"] == ["tree"]


def test_it_ends_by_itself_by_hand_and_with_its_unit(cast: Cast) -> None:
    token, _key = make(cast, "alskolan", Role.PRINCIPAL)
    clock.hold(clock.now() + timedelta(days=30))
    assert token.holds
    clock.hold(clock.now() + timedelta(days=1))
    assert not token.holds
    other, _key = make(cast, "havet", Role.PRINCIPAL)
    actions.end(other, by=cast.stina)
    assert not other.holds
    with pytest.raises(NotAllowed):
        actions.end(other, by=cast.stina)
    cast.unit["ny"] = organisation.add_unit(cast.unit["norr"], name="Nya skolan", level="unit", by=cast.stina)
    third, _key = make(cast, "ny", Role.PRINCIPAL)
    organisation.close_unit(third.unit, successor=None, reason="Stängd.", version=third.unit.version, by=cast.stina)
    assert not third.holds


@pytest.mark.parametrize(
    "asked",
    [
        {"unit": "alskolan"}, {"role": Role.STEWARD, "unit": "sjovik", "scopes": ["figures"]},
        {"unit": "bun", "role": Role.MEMBER, "scopes": ["figures"]}, {"name": " "}, {"purpose": ""}, {"scopes": ["write"]},
        {"valid_to": date(2030, 1, 1)},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(cast: Cast, asked: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        make(cast, **asked)


@pytest.mark.parametrize("who", ["diana", "olle", "pia", "maja", "vera"])
def test_nobody_but_the_steward_makes_or_ends_one(cast: Cast, who: str) -> None:
    token, _key = make(cast)
    with pytest.raises(NotAllowed):
        make(cast, who=who)
    with pytest.raises(NotAllowed):
        actions.end(token, by=cast.who[who])
