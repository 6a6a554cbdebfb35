"""Configuration: what production must say, and what is safe when nothing is said."""

import pytest

from chain.base import config


@pytest.mark.parametrize("said", [{}, {"DATABASE_URL": "x"}, {"STYRKEDJAN_SECRET_KEY": "x"}])
def test_production_does_not_start_without_database_and_secret(said: dict[str, str]) -> None:
    with pytest.raises(SystemExit):
        config.from_environment({"STYRKEDJAN_ENV": "production"} | said)


def test_production_cookies_travel_over_https_only_and_belong_to_this_host() -> None:
    said = {"STYRKEDJAN_ENV": "production", "DATABASE_URL": "postgres://host/x", "STYRKEDJAN_SECRET_KEY": "secret"}
    found = config.from_environment(said)
    assert found["SESSION_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://host/x"
    assert found["TRUSTED_PROXIES"] == 0


def test_without_a_secret_nobody_can_know_it() -> None:
    assert config.from_environment({})["SECRET_KEY"] != config.from_environment({})["SECRET_KEY"]
