"""Pictures for paper: the pages' SVG with colours of its own instead of classes, and as a bitmap where Word wants one."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from chain.base.config import ROOT

FONTS = ROOT / "data" / "fonts"
PER_INCH = 200  # dots, in Word
# As static/app.css colours them on a light page; on paper nothing is dark.
COLOURS = {
    "ink": "#1d1c18", "soft": "#57534a", "mark": "#1b504b", "sheet": "#ffffff", "line": "#d6d2c7",
    "step-1": "#12433e", "step-2": "#2a6a63", "step-3": "#55958d", "step-4": "#8fbab4", "step-5": "#c6dcd9",
    "fail": "#7d5a12", "none": "#e4e1d8",
    "on-step-1": "#ffffff", "on-step-2": "#ffffff", "on-fail": "#ffffff",
    "on-step-3": "#1d1c18", "on-step-4": "#1d1c18", "on-step-5": "#1d1c18", "on-none": "#1d1c18",
}  # fmt: skip

_CLASS = re.compile(r' class="((?:(?:fill|stroke)-[a-z0-9-]+ ?)+)"')
_HEAD = re.compile(r"<svg ([^>]*)>")
_SCREEN = re.compile(r' (?:class|role|aria-labelledby)="[^"]*"')
_WORDS = re.compile(r"<(title|desc)\b[^>]*>.*?</\1>", re.S)


def svg(shown: str) -> str:
    """A picture of the pages for paper. Its title and description stand beside it there, as its alternative text."""
    coloured = _CLASS.sub(_colours, _WORDS.sub("", str(shown)))
    return _HEAD.sub(
        lambda head: f"<svg {_SCREEN.sub('', ' ' + head[1]).strip()} font-family=\"'Source Sans 3'\">", coloured, count=1
    )


def _colours(found: re.Match[str]) -> str:
    pairs = (name.partition("-") for name in found[1].split())
    return "".join(f' {what}="{COLOURS[colour]}"' for what, _dash, colour in pairs)


@cache
def typefaces() -> Any:
    """The bundled typefaces and no others: what a machine has installed changes nothing."""
    import typst  # only here: it takes a while to import

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@lru_cache(maxsize=64)
def png(picture: str) -> bytes:
    """A picture for paper as a bitmap."""
    import typst

    source = b'#set page(width: auto, height: auto, margin: 4pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 400pt)'
    found = typst.compile(source, font_paths=typefaces(), sys_inputs={"svg": picture}, format="png", ppi=float(PER_INCH))
    assert isinstance(found, bytes)
    return found


@cache
def printable() -> frozenset[int]:
    """The letters, by number, that some bundled typeface has."""
    from matplotlib.ft2font import FT2Font

    return frozenset(code for file in Path(FONTS).glob("*.ttf") for code in FT2Font(str(file)).get_charmap())
