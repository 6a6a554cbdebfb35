"""Styrkedjan as a Flask application: configuration, database, one blueprint a link in the order of the chain. Read this first."""

from importlib import import_module
from types import ModuleType
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from chain import cli, pages
from chain.base import config, db, locale, out, slots

# The chain, in the order in which the work travels. A link may import an earlier one, never a later (tests/test_architecture.py).
LINKS = (
    "base", "access", "organisation", "account", "cycle", "result", "goal", "plan", "measure", "followup", "finding", "support",
    "handover", "rollup", "release", "matter", "dialogue", "report", "document", "publication", "feedback", "intake", "api",
    "thread", "home",
)  # fmt: skip

csrf = CSRFProtect()


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application, ready to serve. `settings` goes before the environment (chain/base/config.py)."""
    app = Flask("styrkedjan", root_path=str(config.ROOT))
    app.config.update(config.from_environment())
    app.config.update(settings or {})
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    links = [module for link in LINKS for module in modules(link)]
    db.connect(app)
    locale.connect(app)
    slots.connect(app)
    out.connect(app)
    csrf.init_app(app)
    for module in links:
        if blueprint := vars(module).get("bp"):
            app.register_blueprint(blueprint)
    pages.connect(app)
    cli.connect(app)
    return app


def modules(link: str) -> list[ModuleType]:
    """What a link is made of: models first, so that the tables are known; actions, so that they listen; then pages.

    A second subject of a link has such files of its own (`template_views`), with a blueprint where it has an address.
    """
    names = sorted(file.stem for file in (config.ROOT / "chain" / link).glob("*.py"))
    kinds = ("models", "actions", "views")
    return [import_module(f"chain.{link}.{name}") for kind in kinds for name in names if name.rpartition("_")[2] == kind]
