"""Words, numbers and dates in the reader's language: Swedish unless English was chosen."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from babel import Locale
from flask import Flask, g, has_app_context, has_request_context
from flask_babel import (
    Babel,
    format_date,
    format_time,
    get_locale,
    get_translations,
    lazy_gettext,
)

from chain.base.clock import STOCKHOLM

__all__ = [
    "LANGUAGES",
    "_",
    "current",
    "day",
    "lazy",
    "moment",
    "ngettext",
    "number",
    "percent",
    "sort_key",
    "sorted_by_name",
]

T = TypeVar("T")
LANGUAGES = {"sv": "Svenska", "en": "English"}
lazy = lazy_gettext

_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "ö": "}", "é": "e", "ü": "u", "æ": "|", "ø": "}"})


def _catalog() -> Any:
    """The reader's sentences. Kept while the language is the same: finding them anew for each sentence took a third of a page."""
    try:
        known = g._flask_babel
        if known.catalog_of is known.babel_locale:
            return known.catalog
    except (AttributeError, RuntimeError):  # the first sentence, or no request
        pass
    found = get_translations()
    if has_app_context():
        g._flask_babel.catalog, g._flask_babel.catalog_of = found, get_locale()
    return found


def gettext(sentence: str, /, **named: Any) -> str:
    """A sentence in the reader's language."""
    said: str = _catalog().ugettext(sentence)
    return said % named if named else said


def ngettext(one: str, many: str, num: int, /, **named: Any) -> str:
    """A sentence in the reader's language, in the form that goes with the number, which is named num."""
    said: str = _catalog().ungettext(one, many, num)
    return said % {"num": num, **named}


_ = gettext


def connect(app: Flask) -> None:
    """The reader's language for each request, and the words of this module for the templates."""
    Babel(app, locale_selector=lambda: getattr(g, "locale", "sv") if has_request_context() else "sv")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda sentence: _catalog().ugettext(sentence),
        ngettext=lambda one, many, num: _catalog().ungettext(one, many, num),
        newstyle=True,
    )
    app.jinja_env.globals["N_"] = str  # marks a sentence that is looked up later
    app.jinja_env.filters.update(day=day, moment=moment, number=number, percent=percent)
    app.jinja_env.globals.update(language=current)


def current() -> str:
    """'sv' or 'en'."""
    try:
        locale = g._flask_babel.babel_locale or get_locale()  # forgotten when it was changed
    except (AttributeError, RuntimeError):  # asked for the first time, or outside a request
        locale = get_locale()
    return str(locale.language) if locale else "sv"


def day(value: date | None, form: str = "d MMMM y") -> str:
    """A date in words: 22 november 2026."""
    return "" if value is None else str(format_date(value, form))


def moment(value: datetime | None, form: str = "d MMMM y") -> str:
    """A moment in Stockholm: 22 november 2026 14.03 (14:03 in English)."""
    if value is None:
        return ""
    wall = value.astimezone(STOCKHOLM)
    return f"{format_date(wall.date(), form)} {hour(value)}"


def hour(value: datetime) -> str:
    """The hour in Stockholm: 14.03 in Swedish, 14:03 in English."""
    wall = value.astimezone(STOCKHOLM)
    return str(format_time(wall, "HH.mm" if current() == "sv" else "HH:mm", rebase=False))


def number(value: int | float | Decimal | Fraction | None, decimals: int = 0) -> str:
    """A number with the language's own marks: 12 345,7; a half is rounded up, as in school. Nothing at all for nothing."""
    if value is None:
        return ""
    if isinstance(value, int) and not decimals:
        return str(value) if 0 <= value < 1000 else f"{value:,}".translate(_marks(current()))
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{shown:,f}".translate(_marks(current()))


@cache
def _marks(language: str) -> dict[int, str]:
    """What stands for the marks of 12,345.7. (Babel works its pattern out anew for each number: 40 µs.)"""
    marks = Locale.parse(language).number_symbols["latn"]
    return str.maketrans({",": marks["group"], ".": marks["decimal"]})


def percent(k: int, n: int) -> str:
    """k of n in whole per cent, from the counts themselves; a dash when there is nobody to count."""
    return "–" if n == 0 else f"{number((200 * k + n) // (2 * n))} %"


def sort_key(text: str) -> str:
    """Å, ä and ö come after z, in that order, whatever the database thinks."""
    return text.casefold().translate(_AFTER_Z)


def sorted_by_name(things: Iterable[T], name: Callable[[T], Any] = lambda thing: thing.name) -> list[T]:  # type: ignore[attr-defined]
    """In the order of a Swedish dictionary."""
    return sorted(things, key=lambda thing: sort_key(str(name(thing))))
