"""Who asks, when another system asks: a token in the header, and nothing else. A cookie opens nothing here."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import g, request

from chain.api import actions, answers, queries
from chain.api.models import Token
from chain.base import clock
from chain.base.errors import NotAllowed
from chain.base.locale import LANGUAGES, _

View = TypeVar("View", bound=Callable[..., Any])

SEEN_EVERY = timedelta(hours=1)


def speak() -> None:
    """The names are in the language that is asked for."""
    g.locale = request.accept_languages.best_match(list(LANGUAGES)) or "sv"


def shown() -> Token | None:
    """The token whose key the request carries, while it holds."""
    kind, _space, key = request.headers.get("Authorization", "").partition(" ")
    found = queries.by_key(key.strip()) if kind.lower() == "bearer" and key.strip() else None
    return found if found and found.holds else None


def by_token(scope: str) -> Callable[[View], View]:
    """Open to tokens with a scope: the view is handed the token, which is the holder that the access table is asked for.

    Without one that holds: 401, and the same whatever is wrong with it. Without the scope: 403.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**parts: Any) -> Any:
            token = shown()
            if token is None:
                sentence = _("Skicka en nyckel som gäller: Authorization: Bearer … Kommunens systemförvaltare ger ut dem.")
                return answers.problem(401, _("Nyckel saknas"), sentence)
            if scope not in token.scopes:
                raise NotAllowed(_("Nyckeln får inte läsa det här. Systemförvaltaren kan ge ut en ny som får det."))
            if token.used_at is None or clock.now() - token.used_at >= SEEN_EVERY:
                actions.touch(token, by=None)
                token = shown() or token  # read anew, with its unit, at once
            return view(token, **parts)

        guarded.__dict__["guard"] = ("token", scope)
        return guarded  # type: ignore[return-value]

    return decorate
