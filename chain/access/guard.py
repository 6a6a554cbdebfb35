"""Every view says who. `@allow` fetches the object through the MAY table and hands it to the view; `@everyone` lets all in."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import g
from sqlalchemy import or_
from sqlalchemy.orm.interfaces import ORMOption

from chain.access import policy
from chain.access.policy import Action
from chain.base.errors import NotAllowed, NotFound
from chain.base.locale import _
from chain.base.orm import Base, db

View = TypeVar("View", bound=Callable[..., Any])


class SignInFirst(Exception):
    """Nobody is signed in, or nobody any longer: the page is shown after signing in."""


class ChooseFirst(SignInFirst):
    """Somebody is signed in, but under no mandate yet: the page is shown after choosing one."""


def everyone(view: View) -> View:
    """Open to all, signed in or not."""
    view.__dict__["guard"] = ("everyone",)
    return view


def signed_in(view: View) -> View:
    """Open to whoever is signed in, whatever the mandate."""

    @functools.wraps(view)
    def guarded(**parts: Any) -> Any:
        if g.get("person") is None:
            raise SignInFirst
        return view(**parts)

    guarded.__dict__["guard"] = ("signed_in",)
    return guarded  # type: ignore[return-value]


def allow(
    action: Action, what: type[Base] | str, *, param: str = "public_id", options: tuple[ORMOption, ...] = ()
) -> Callable[[View], View]:
    """Open to those whom the table lets do this.

    With a model: the object named by the address is fetched (one statement) and handed to the view in its place; 404 when it may
    not be read, 403 when it may be read but not this. With a kind: the role must do this somewhere, else 404.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**parts: Any) -> Any:
            if g.get("person") is None:
                raise SignInFirst
            if g.mandate is None:
                raise ChooseFirst
            if isinstance(what, str):
                if not policy.may_somewhere(g.mandate, action, what):
                    raise NotFound
                return view(**parts)
            return view(fetch(what, parts.pop(param), action, options), **parts)

        guarded.__dict__["guard"] = (action, what)
        return guarded  # type: ignore[return-value]

    return decorate


def fetch(
    model: type[Base], public_id: str, action: Action = Action.READ, options: tuple[ORMOption, ...] = (),
    by: policy.Holder | None = None,
) -> Any:  # fmt: skip
    """The object with this address, for the mandate acted under, or for another holder. NotFound: it may not be read.

    NotAllowed: it may be read but not this.
    """
    holder = by or g.mandate
    either = or_(*(policy.where(holder, model, one) for one in dict.fromkeys((Action.READ, action))))
    found = db.session.scalars(
        policy.select(model).where(either, model.public_id == public_id).options(*options)  # type: ignore[attr-defined]
    ).first()
    if found is None:
        raise NotFound
    if not policy.may(holder, action, found):
        raise NotAllowed(_("Det här får du läsa men inte göra i din roll, eller inte just nu."))
    return found


def require(action: Action, thing: Base, by: policy.Holder) -> None:
    """For actions: refuse whoever the table does not let do this, also when a view forgot to ask."""
    if not policy.may(by, action, thing):
        raise NotAllowed(_("Det här får du läsa men inte göra i din roll, eller inte just nu."))
