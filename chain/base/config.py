"""Configuration: from the environment, with defaults that suit one machine."""

import os
import secrets
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = ROOT / "migrations"
SS12000 = ("municipality", "url", "token_url", "client_id", "client_secret", "scope")  # where the organisation is read from


def from_environment(environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Settings for Flask. Production must name its own database and secret."""
    env = dict(os.environ) if environment is None else environment
    production = env.get("STYRKEDJAN_ENV") == "production"
    if production and not (env.get("DATABASE_URL") and env.get("STYRKEDJAN_SECRET_KEY")):
        raise SystemExit("STYRKEDJAN_ENV=production: set DATABASE_URL and STYRKEDJAN_SECRET_KEY.")
    return {
        "SECRET_KEY": env.get("STYRKEDJAN_SECRET_KEY") or secrets.token_hex(32),  # without one, signed in until the process ends
        "TRUSTED_PROXIES": int(env.get("STYRKEDJAN_TRUSTED_PROXIES") or 0),  # how many stand in front and tell who asks
        "SQLALCHEMY_DATABASE_URI": _database(env.get("DATABASE_URL")),
        "PRODUCTION": production,
        "SS12000": {name: env.get(f"STYRKEDJAN_SS12000_{name.upper()}", "").strip() for name in SS12000},
        "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 4000,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=1),
        "WTF_CSRF_TIME_LIMIT": None,  # the session's own end is the limit
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_NAME": "__Host-styrkedjan" if production else "styrkedjan",
        "BABEL_DEFAULT_LOCALE": "sv",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Stockholm",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "ARGON2": {
            "time_cost": 2,
            "memory_cost": 19 * 1024,
            "parallelism": 1,
        },  # OWASP's minimum; fits many sign-ins at once
    }


@cache
def version() -> str:
    """What tells one state of the program from another: a hash of all that it says and how."""
    told = sha256()
    for folder, ending in (("chain", "*.py"), ("templates", "*.html"), ("translations", "*.mo"), ("static", "*.css")):
        for path in sorted((ROOT / folder).rglob(ending)):
            told.update(path.read_bytes())
    return told.hexdigest()


def _database(url: str | None) -> str:
    if not url:
        return f"sqlite:///{ROOT / 'var' / 'styrkedjan.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
