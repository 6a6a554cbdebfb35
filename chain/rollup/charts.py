"""Pictures as SVG: drawn once, kept by their content, coloured by the style sheet.

The SVG has its text as text, a title and a description, no styles of its own (the pages' policy allows none) and no names but
its content's, so that several stand on one page.
"""

import hashlib
import io
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from html import escape
from threading import Lock

from markupsafe import Markup

from chain.base.locale import _, number
from chain.rollup import canvas, drawing
from chain.rollup.motifs import Picture

MOST_KEPT = 512  # pictures, of some 10 kB each


@dataclass(frozen=True)
class Twin:
    """The same as a table: the first cell of each row is its heading. It opens a figure of the node (the end of an address), or
    a unit (its public id), where there is one."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A picture as it stands on a page, with its twin, what is said of it, and what it rests on."""

    anchor: str
    picture: Picture
    twin: Twin
    told: tuple[str, ...]
    legend: str
    source: str
    n: int | None = None  # pupils that it rests on now, where that is one number
    of: str = ""  # what else it rests on, where it is not assessed pupils
    rests_on: str = ""  # a sentence of its own about that, where n is told of by nobody

    @property
    def title(self) -> str:
        return self.picture.title

    @property
    def count(self) -> str:
        if self.rests_on:
            return self.rests_on
        if self.of and self.n is not None:
            return f"{self.of}: {number(self.n)}."
        return _("n står för varje rad i tabellen.") if self.n is None else _("n = %(n)s bedömda elever.", n=number(self.n))

    @property
    def svg(self) -> Markup:
        return svg(self.picture)


# Kept by content


_kept: OrderedDict[str, Markup] = OrderedDict()
_lock = Lock()


def svg(picture: Picture) -> Markup:
    """A picture's SVG: drawn the first time, then taken from what has been drawn, whoever asks."""
    name = content(picture)
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    drawn = draw(picture)
    with _lock:
        _kept[name] = drawn
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return drawn


def content(picture: Picture) -> str:
    """SHA-256 over all that a picture is drawn from."""
    return hashlib.sha256(repr(picture).encode()).hexdigest()


def draw(picture: Picture) -> Markup:
    """A picture's SVG, drawn anew. Equal pictures give equal text."""
    figure = drawing.figure(picture)
    raw = io.StringIO()
    figure.savefig(raw, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _clean(raw.getvalue(), f"p{content(picture)[:12]}", picture.title, picture.description)


# From matplotlib's SVG to ours


_TAG = re.compile(r"<[^>]+>")  # words hold no angle brackets: they have been escaped
_STYLE = re.compile(r' style="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_LINK = re.compile(r'(?:xlink:)?(href="#|url\(#)([^")]+)')
_HEAD = re.compile(r".*?<svg [^>]*?>", re.S)
_UNWANTED = re.compile(r"\s*<metadata>.*?</metadata>|\s*<defs>\s*<style.*?</style>\s*</defs>|\s*<!--.*?-->", re.S)
_BOX = re.compile(r'viewBox="([^"]*)"')
_KEPT_PROPERTIES = {
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "text-anchor",
    "font-size",
    "opacity",
}
_NAMES = {colour: name for name, colour in canvas.CLASSES.items()}


def _clean(raw: str, name: str, title: str, description: str) -> Markup:
    """Without prolog, metadata and styles; classes for colours; only the ids that are used, under the picture's name."""
    head = _HEAD.match(raw)
    box = _BOX.search(head.group() if head else "")
    assert head and box, "matplotlib writes its SVG in another way than we know"
    body = _UNWANTED.sub("", raw[head.end() :])
    used = {found[2] for tag in _TAG.findall(body) for found in _LINK.finditer(tag)}

    def tag(found: re.Match[str]) -> str:
        mine = _ID.sub(lambda each: f' id="{name}-{each[1]}"' if each[1] in used else "", found[0])
        return _STYLE.sub(lambda each: _attributes(each[1]), _LINK.sub(rf"\g<1>{name}-\g<2>", mine))

    body = _TAG.sub(tag, body)
    width, height = box[1].split()[2:]
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" width="{width}" height="{height}" '
        f'viewBox="{box[1]}" aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>{body.strip()}'
    )


@cache
def _attributes(style: str) -> str:
    """A style as attributes: colours as classes, the rest by its own name. Fonts are the page's."""
    classes, kept = [], []
    for part in style.split(";"):
        name, _colon, value = (word.strip() for word in part.partition(":"))
        if name in ("fill", "stroke"):
            if value in _NAMES:
                classes.append(f"{name}-{_NAMES[value]}")
            else:
                kept.append(f'{name}="{value}"')
        elif name == "font":
            kept.append(f'font-size="{value.split()[0].removesuffix("px")}"')
        elif name in _KEPT_PROPERTIES:
            kept.append(f'{name}="{value.removesuffix("px")}"')
    return "".join(f" {one}" for one in ([f'class="{" ".join(classes)}"'] if classes else []) + kept)
