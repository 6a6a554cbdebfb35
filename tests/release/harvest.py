"""Whoever collects every number that can be reached: signs in, opens every page and file there is a link to, and notes what
stands in it, with what it is about.

`READ` holds a reader for each kind of content; another kind of document is one line more.
"""

import csv
import io
import json
import mimetypes
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import docx
import python_calamine
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.release import paper

MOST = 400  # pages
PAPERS = ("/report/", "/document/", "/public/")  # whose tables are of the administration, not of who reads them
NUMBER = re.compile(r"\d+")
SHARE = re.compile(r"^(?P<shown>~?\d+|\.\.)(?:\s*%)?(?:\s+av\s+(?P<n>\d+))?")  # 50 % av 40


@dataclass(frozen=True)
class Said:
    """A number, or the sign in its place, of a unit and a subject: the share, and how many it is of."""

    unit: str
    subject: str
    shown: str
    n: str
    where: str


@dataclass
class Harvest:
    """All that somebody has read. `loose`: words of pages and pictures in which a unit is named, with their numbers."""

    said: list[Said] = field(default_factory=list)
    loose: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)  # address, unit, numbers
    pages: dict[str, str] = field(default_factory=dict)


def reap(browser: FlaskClient, units: Iterable[str], subjects: Iterable[str], start: str = "/") -> Harvest:
    found, names, about = Harvest(), list(units), list(subjects)
    waiting = [start]
    while waiting and len(found.pages) < MOST:
        address = waiting.pop(0)
        if address in found.pages:
            continue
        answer = browser.get(address)
        kind = answer.content_type.split(";")[0] if answer.content_type else ""
        found.pages[address] = kind
        if answer.status_code in (301, 302, 303):
            waiting.append(answer.location)
        if answer.status_code != 200:
            continue
        if kind == "text/html":
            page = BeautifulSoup(answer.text, "html.parser")
            links = (urljoin(address, str(link["href"])) for link in page.select("a[href]"))
            waiting += [link.split("#")[0] for link in links if link.startswith("/") and "sign-out" not in link]
            waiting += [str(picture["src"]) for picture in page.select("img[src^='/']")]
        reader = READ.get(kind)
        if reader:
            reader(answer.data, address, names, about, found)
    return found


def page(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    """Rows that are headed by a unit or a subject, and every sentence, title and description that names a unit."""
    soup = BeautifulSoup(content.decode(), "html.parser")
    main = soup.find("main") or soup
    asked = parse_qs(urlsplit(address).query)
    for row in main.select("tr"):
        head, cells = row.find("th", scope="row"), [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        if head is None or not cells:
            continue
        name = " ".join(head.get_text(" ").split())
        if name in units and "indicator" in asked:
            shown = cells[0].removesuffix(" %").strip()
            n = next((digits[0] for cell in cells[1:2] if (digits := NUMBER.findall(cell))), "..")
            found.said.append(Said(name, asked.get("subject", [""])[0], shown, n, address))
    if address.startswith(PAPERS):
        for one in main.select("table.figures"):
            lines = [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in one.select("tr")]
            table("", lines, address, units, subjects, found)
    for part in main.select("p, li, desc, title, text, figcaption, dd"):
        said_of(units, " ".join(part.get_text(" ").split()), address, found)


def said_of(units: Iterable[str], words: str, address: str, found: Harvest) -> None:
    """The numbers that stand after a unit's name."""
    for unit in units:
        if unit in words:
            after = words.split(unit, 1)[1].split(";")[0][:60]
            found.loose.append((address, unit, tuple(NUMBER.findall(after))))


def as_pdf(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    """Tables by their tags; sentences, and what is said of pictures."""
    said = paper.read(content)
    for one in said.tables:
        table(one.title, one.rows, address, units, subjects, found)
    for words in said.words:
        said_of(units, words, address, found)


def as_docx(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    said = docx.Document(io.BytesIO(content))
    for one in said.tables:
        table("", [[cell.text for cell in row.cells] for row in one.rows], address, units, subjects, found)
    for part in said.paragraphs:
        said_of(units, part.text, address, found)


def table(title: str, lines: list[list[str]], address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    """Each number with the heads of its row and its column; what names no unit is of the first one, which is all of them."""
    heads, *rows_ = lines
    for head, *cells in rows_:
        for column, cell in zip(heads[1:], cells, strict=True):
            keys = (head, column, title)
            unit = next((one for one in units if any(one in key for key in keys)), units[0])
            subject = next((one for one in subjects if one in keys[:2]), "")
            if subject and (number := SHARE.search(cell)):
                found.said.append(Said(unit, subject, number["shown"], number["n"] or "", address))


def rows(each: Iterable[dict[str, Any]], address: str, found: Harvest) -> None:
    for row in each:
        if "unit" in row and "subject" in row and "value" in row:
            found.said.append(Said(str(row["unit"]), str(row["subject"]), whole(row["value"]), whole(row.get("n", "")), address))


def whole(cell: Any) -> str:
    """A cell's words: Excel has no whole numbers."""
    return str(cell).removesuffix(".0")


def as_json(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    rows(json.loads(content).get("rows", []), address, found)


def as_csv(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    heads = next((n for n, line in enumerate(lines) if "Enhet" in line and "Värde" in line), None)
    if heads is not None:
        words = {"Enhet": "unit", "Ämne": "subject", "Värde": "value"}
        keys = [words.get(head, "n" if head.startswith("Bedömda") else head) for head in lines[heads]]
        rows((dict(zip(keys, line, strict=False)) for line in lines[heads + 1 :] if len(line) == len(keys)), address, found)


def as_xlsx(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
    for name in book.sheet_names:
        lines = [[str(cell) for cell in line] for line in book.get_sheet_by_name(name).to_python()]
        text = "\n".join(";".join(line) for line in lines)
        as_csv(text.encode("utf-8-sig"), address, units, subjects, found)


def as_svg(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    """A picture by itself: each of its words, of its axes and its marks too, its title and what is said of it."""
    for part in BeautifulSoup(content.decode(), "html.parser").select("desc, title, text"):
        said_of(units, " ".join(part.get_text(" ").split()), address, found)


def as_text(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    for line in content.decode().splitlines():
        said_of(units, line, address, found)


def as_zip(content: bytes, address: str, units: list[str], subjects: list[str], found: Harvest) -> None:
    """Every member that there is a reader for, and what lies packed in it in turn."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            kind = mimetypes.guess_type(name)[0] or ""
            found.pages[f"{address}!{name}"] = kind
            if reader := READ.get(kind):
                reader(packed.read(name), f"{address}!{name}", units, subjects, found)


Reader = Callable[[bytes, str, list[str], list[str], Harvest], None]
READ: dict[str, Reader] = {
    "text/html": page, "application/json": as_json, "text/csv": as_csv,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": as_xlsx, "application/pdf": as_pdf,
    "image/svg+xml": as_svg, "application/zip": as_zip, "text/plain": as_text,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": as_docx,
}  # fmt: skip
