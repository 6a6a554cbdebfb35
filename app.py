"""Styrkedjan as a Flask application: configuration, database, one blueprint a link in the order of the chain. Read this first."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from chain import cli, pages
from chain.api import v1_views as v1
from chain.base import config, db, locale, out, slots
from chain.document import template_views
from chain.publication import public_views as public

# The chain, in the order in which the work travels. A link may import an earlier one, never a later (tests/test_architecture.py).
LINKS = (
    "base", "access", "organisation", "account", "cycle", "result", "measure", "followup", "support", "rollup",
    "release", "matter", "report", "document", "publication", "feedback", "intake", "api", "home",
)  # fmt: skip

csrf = CSRFProtect()


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application, ready to serve. `settings` goes before the environment (chain/base/config.py)."""
    app = Flask("styrkedjan", root_path=str(config.ROOT))
    app.config.update(config.from_environment())
    app.config.update(settings or {})
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    links = [modules(link) for link in LINKS]
    db.connect(app)
    locale.connect(app)
    slots.connect(app)
    out.connect(app)
    csrf.init_app(app)
    for link in links:
        if "views" in link:
            app.register_blueprint(link["views"].bp)
    for more in (v1, template_views, public):
        app.register_blueprint(more.bp)
    pages.connect(app)
    cli.connect(app)
    return app


def modules(link: str) -> dict[str, Any]:
    """What a link is made of: models first, so that the tables are known; actions, so that they listen; then pages."""
    names = [name for name in ("models", "actions", "views") if find_spec(f"chain.{link}.{name}")]
    return {name: import_module(f"chain.{link}.{name}") for name in names}
