"""The first page, for each role of the cast."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.makers import PEOPLE, Cast

Client = Callable[[str], FlaskClient]


@pytest.mark.parametrize("short", [short for short, *_ in PEOPLE])
def test_everybody_has_a_first_page_before_anything_has_happened(cast: Cast, client: Client, short: str) -> None:
    page = client(short).get("/")
    assert page.status_code == 200
    assert "Hej" in page.text


def test_a_stranger_is_asked_to_sign_in(cast: Cast, client: Client) -> None:
    page = client("").get("/")
    assert (page.status_code, page.location) == (303, "/account/sign-in?next=/")
