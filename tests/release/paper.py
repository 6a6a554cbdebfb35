"""What a tagged PDF says, as a screen reader would have it: its tables cell by cell, its words, and what is said of pictures.

It reads the tags that the standards for screen readers and archives ask for (PDF/UA), so that a number is had with its row and
its column and not by where on the page it stands.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

CODES = re.compile(rb"<([0-9A-Fa-f]+)>")
WORDS = ("P", "H1", "H2", "H3", "H4", "H5", "H6", "LBody", "Caption", "Note", "BlockQuote")


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first the heads; `title` is what is written above."""

    title: str
    rows: list[list[str]]


@dataclass
class Paper:
    tables: list[Table] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    everything: str = ""  # also what no tag holds: the foot of each page


def read(pdf: bytes) -> Paper:
    reader = PdfReader(io.BytesIO(pdf))
    marked = {page.indirect_reference.idnum: _Page(reader, page).texts for page in reader.pages if page.indirect_reference}
    found = Paper(everything="\n".join(text for page in marked.values() for text in page.values()))
    _Tree(marked, found).walk(reader.root_object["/StructTreeRoot"], None)
    return found


class _Tree:
    def __init__(self, marked: dict[int, dict[int, str]], found: Paper) -> None:
        self._marked, self._found = marked, found

    def walk(self, element: Any, page: int | None, title: str = "") -> None:
        kind, page = _kind(element), _page_of(element, page)
        if alt := element.get("/Alt"):
            self._found.words.append(str(alt))
        if kind == "Table":
            rows = [self._row(one, page) for one in self._all(element, "TR")]
            self._found.tables.append(Table(self._caption(element, page) or title, rows))
            return
        if kind in WORDS:
            self._found.words.append(self.text(element, page))
        title = self._caption(element, page) or title
        for one in _kids(element):
            if not isinstance(one, int):
                self.walk(one, page, title)

    def _caption(self, element: Any, page: int | None) -> str:
        return " ".join(self.text(one, _page_of(one, page)) for one in _kids(element) if _kind(one) == "Caption")

    def _all(self, element: Any, kind: str) -> Iterator[Any]:
        for one in _kids(element):
            if not isinstance(one, int) and _kind(one) == kind:
                yield one
            elif not isinstance(one, int):
                yield from self._all(one, kind)

    def _row(self, row: Any, page: int | None) -> list[str]:
        return [self.text(one, _page_of(one, _page_of(row, page))) for one in _kids(row) if _kind(one) in ("TH", "TD")]

    def text(self, element: Any, page: int | None) -> str:
        """All that stands in an element, in order."""
        parts = []
        for one in _kids(element):
            if isinstance(one, int):
                parts.append(self._marked.get(page or 0, {}).get(one, ""))
            elif "/MCID" in one:
                parts.append(self._marked.get(_page_of(one, page) or 0, {}).get(int(one["/MCID"]), ""))
            else:
                parts.append(self.text(one, _page_of(one, page)))
        return " ".join(" ".join(parts).split())


def _kind(element: Any) -> str:
    return str(element.get("/S", ""))[1:] if not isinstance(element, int) else ""


def _page_of(element: Any, page: int | None) -> int | None:
    return element.raw_get("/Pg").idnum if "/Pg" in element else page


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    return [one if isinstance(one, int) else one.get_object() for one in (kids if isinstance(kids, list) else [kids])]


class _Page:
    """The text of each marked piece of a page, by its number."""

    def __init__(self, reader: PdfReader, page: Any) -> None:
        self._reader, self.texts = reader, dict[int, str]()
        contents = page.get_contents()
        if contents is not None:
            self._run(contents.operations, page["/Resources"], [])

    def _run(self, operations: Any, resources: Any, marks: list[int | None]) -> None:
        fonts, font, kept = resources.get("/Font", {}), dict[int, str](), []
        for operands, operator in operations:
            match operator:
                case b"BDC" | b"BMC":
                    number = operands[1].get("/MCID") if operator == b"BDC" and hasattr(operands[1], "get") else None
                    marks.append(int(number) if number is not None else None)
                case b"EMC":
                    marks.pop()
                case b"q":
                    kept.append(font)
                case b"Q":
                    font = kept.pop()
                case b"Tf":
                    font = _letters(fonts[operands[0]])
                case b"Tj":
                    self._say(_decoded(operands[0], font), marks)
                case b"TJ":
                    self._say("".join(" " if _is_space(one) else _decoded(one, font) for one in operands[0]), marks)
                case b"Td" | b"TD" | b"T*" | b"Tm" | b"ET":
                    self._say(" ", marks)
                case b"Do":
                    form = resources["/XObject"][operands[0]].get_object()
                    if form["/Subtype"] == "/Form":
                        inner = ContentStream(form, self._reader).operations
                        self._run(inner, form.get("/Resources", resources), list(marks))

    def _say(self, text: str, marks: list[int | None]) -> None:
        number = next((one for one in reversed(marks) if one is not None), -1)
        self.texts[number] = self.texts.get(number, "") + text


def _is_space(one: Any) -> bool:
    return isinstance(one, int | float) and one < -200


def _decoded(codes: Any, font: dict[int, str]) -> str:
    if isinstance(codes, int | float):
        return ""
    raw = codes.original_bytes if hasattr(codes, "original_bytes") else bytes(codes)
    return "".join(font.get(int.from_bytes(raw[n : n + 2], "big"), "") for n in range(0, len(raw), 2))


def _letters(font: Any) -> dict[int, str]:
    """What each code of a font is read as (its ToUnicode)."""
    found: dict[int, str] = {}
    text = font.get_object()["/ToUnicode"].get_object().get_data()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.S):
        codes = CODES.findall(block)
        found |= {int(code, 16): _unicode(letter) for code, letter in zip(codes[::2], codes[1::2], strict=True)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, letter in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = int(letter, 16)
            found |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return found


def _unicode(letter: bytes) -> str:
    return bytes.fromhex(letter.decode()).decode("utf-16-be")
