"""The steward's page: a key is shown once, the page tells what it reads and when it last did."""

import re
from datetime import date
from typing import Any

from chain.api import queries
from chain.base.db import db
from tests.makers import Cast

SAID = {
    "name": "Portalen",
    "purpose": "Öppna siffror.",
    "role": "officer",
    "scopes": ["tree", "figures"],
    "valid_to": "2027-06-30",
}


def words(page: Any) -> str:
    return " ".join(page.text.split())


def test_a_key_is_shown_once_and_found_nowhere_after_that(client, cast: Cast) -> None:
    stina = client("stina")
    made = stina.post("/api/tokens/add", data={**SAID, "unit": cast.unit["fvn"].public_id})
    key = re.search(r"styrkedjan_[\w-]{40,}", made.text)
    assert made.status_code == 200 and key is not None and "visas bara nu" in made.text
    db.session.rollback()
    token = queries.by_key(key.group())
    assert token is not None and token.valid_to == date(2027, 6, 30) and token.scopes == ["tree", "figures"]
    listed = stina.get("/api/tokens")
    assert key.group() not in listed.text and token.key_hash not in listed.text
    assert all(
        said in words(listed) for said in ("Portalen", "utredare, Barn- och utbildningsförvaltningen", "aldrig", "30 juni 2027")
    )
    assert stina.post(f"/api/tokens/{token.public_id}/end").status_code == 303
    assert "Avsluta nyckeln" not in stina.get("/api/tokens").text
    assert stina.post(f"/api/tokens/{token.public_id}/end").status_code == 403


def test_what_does_not_hold_is_said_at_its_field_and_what_was_typed_stays(client, cast: Cast) -> None:
    asked = {**SAID, "unit": cast.unit["bun"].public_id, "role": "member", "valid_to": "2029-01-01"}
    page = client("stina").post("/api/tokens/add", data=asked)
    assert page.status_code == 422 and "Portalen" in page.text and "Öppna siffror." in page.text
    assert "Den rollen läser inte: Sammanställda siffror" in page.text and "högst ett år" in page.text
    wrong = client("stina").post("/api/tokens/add", data={**SAID, "unit": cast.unit["alskolan"].public_id})
    assert wrong.status_code == 422 and "hör inte hemma på den nivån" in wrong.text
    assert "Skriv vad systemet heter." in client("stina").post("/api/tokens/add", data={}).text
