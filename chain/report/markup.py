"""What people write as a document's blocks: paragraphs, lists, headings and quotes, by signs that read well as they stand."""

import re
from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]

_BULLET = re.compile(r"\s*[-–•*]\s+(.*)")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(.*)")
_HEADING = re.compile(r"\s*#{1,4}\s+(.*)")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_SOURCE = re.compile(r"\s*[—–-]{1,2}\s+(.*)")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")  # what no file can say


def blocks(text: str, level: int = 2) -> list[Block]:
    """The blocks of a text, in order. An empty line ends a paragraph; a single line break stays one.

    `- ` begins a point, `1. ` a numbered one, `## ` a heading (of this level), `> ` a quote; its last line `> — …` is its source.
    """
    found: list[Block] = []
    for kind, lines in _runs(tidy(text)):
        match kind:
            case "heading":
                found += [heading(line, level) for line in lines]
            case "quote":
                found.append(_quoted(lines))
            case "bullets" | "numbered":
                found.append({"kind": kind, "items": lines})
            case _:
                found.append({"kind": "paragraph", "text": "\n".join(lines)})
    return found


def points(text: str) -> list[Block]:
    """A proposal's blocks: a point a line, numbered where there are several; what leads up to `att …` stays as it is."""
    lines = [line.strip() for line in tidy(text).splitlines() if line.strip()]
    plain = [found[1] if (found := _NUMBER.fullmatch(line)) else line for line in lines]
    if any(line.startswith("att ") for line in plain) or len(plain) == 1:
        return [{"kind": "paragraph", "text": line} for line in plain]
    return [{"kind": "numbered", "items": plain}] if plain else []


def tidy(text: str) -> str:
    """Without what cannot be printed, and with one kind of line break."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\t", " ")
    return _UNPRINTABLE.sub("", plain)


def heading(text: str, level: int) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def quote(text: str, source: str = "") -> Block:
    return {"kind": "quote", "text": text, "source": source}


def as_text(found: list[Block]) -> str:
    """Blocks as somebody would have written them."""
    return "\n\n".join(filter(None, map(_written, found)))


def _written(block: Block) -> str:
    match block["kind"]:
        case "heading":
            return f"## {block['text']}"
        case "bullets":
            return "\n".join(f"- {item}" for item in block["items"])
        case "numbered":
            return "\n".join(f"{number}. {item}" for number, item in enumerate(block["items"], 1))
        case "quote":
            lines = "\n".join(f"> {line}" for line in block["text"].splitlines())
            return f"{lines}\n> — {block['source']}" if block["source"] else lines
        case "paragraph":
            return str(block["text"])
    return ""


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Lines of one kind that follow each other, without their signs; an empty line ends a run of plain ones and of quotes."""
    kind, lines = "", [""]
    lines.clear()
    for line in text.splitlines():
        now, words = _sort(line)
        if now != kind or not words:
            if lines:
                yield kind, lines
            kind, lines = now, []
        if words:
            lines.append(words)
    if lines:
        yield kind, lines


def _sort(line: str) -> tuple[str, str]:
    for kind, sign in (("heading", _HEADING), ("quote", _QUOTE), ("bullets", _BULLET), ("numbered", _NUMBER)):
        if found := sign.fullmatch(line):
            return kind, found[1].strip()
    return "paragraph", line.strip()


def _quoted(lines: list[str]) -> Block:
    source = _SOURCE.fullmatch(lines[-1]) if len(lines) > 1 else None
    return quote("\n".join(lines[:-1] if source else lines), source[1] if source else "")
