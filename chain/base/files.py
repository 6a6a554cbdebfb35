"""Files that people attach: judged by their content, kept in the database, handed out to be saved and never opened here.

A file has no owner of its own and no page: whatever it is attached to says who may attach and who may fetch it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from flask import Response, request
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.formparser import FormDataParser

from chain.base import clock, file_kinds
from chain.base.errors import RuleBroken
from chain.base.locale import _, number
from chain.base.orm import Base, Named, db

LARGEST = 10 * 1024 * 1024  # bytes of one file
MOST = 5  # files in one place
LONGEST_NAME = 120
TOGETHER = 25 * 1024 * 1024  # bytes of the files that come in one form, as of a file that is read in
AROUND = 100_000  # bytes of the form around them
SANDBOX = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class File(Named, Base):
    """An attached file as it is handed out again. `kind` is its media type, found in its content; `size` is in bytes."""

    __tablename__ = "file"
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(32))  # who attached it, by the public id

    @property
    def size_words(self) -> str:
        """Its size, to be read: 34 kB, 2,1 MB."""
        kilo = max(1, round(self.size / 1000))
        return f"{number(kilo)} kB" if kilo < 1000 else f"{number(self.size / 1_000_000, 1)} MB"


@dataclass(frozen=True)
class Checked:
    """A file that may be attached: its name without tricks, its media type and its content, made harmless."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def checked(name: str, data: bytes) -> Checked:
    """Judge a file, before the action that attaches it: that takes a moment, in which nobody should wait.

    RuleBroken, with what to do, when it may not be attached.
    """
    if len(data) > LARGEST:
        raise too_large(name)
    name = clean(name)
    return Checked(name, *file_kinds.harmless(name, data))


def sent(uploads: Iterable[Any] | None) -> list[Checked]:
    """The files that a form brought, judged: no more is read of any than shows that it is too large."""
    chosen = [one for one in uploads or () if getattr(one, "filename", "")]
    return [checked(str(one.filename), one.stream.read(LARGEST + 1)) for one in chosen]


def keep(given: Checked, *, person: str) -> File:
    """Keep a file within the action that attaches it."""
    file = File(
        name=given.name, kind=given.kind, size=len(given.content), sha256=given.sha256, content=given.content,
        at=clock.now(), person=person,
    )  # fmt: skip
    db.session.add(file)
    return file


def refuse_many(there: int, more: int) -> None:
    """Refuse what would be too many files in one place."""
    if there + more > MOST:
        raise RuleBroken(_("Det får vara högst %(most)s filer här. Ta bort någon, eller slå ihop dem.", most=MOST))


def too_large(name: str) -> RuleBroken:
    largest = number(LARGEST // 1024 // 1024)
    return RuleBroken(
        _("%(file)s är större än %(most)s MB. Spara den mindre eller dela upp den.", file=clean(name), most=largest)
    )


def clean(name: str) -> str:
    """The last part of a name, without what would break a line, turn its letters round or name another folder."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in last)
    kept = re.sub(r'[<>:"|?*]', "-", " ".join(plain.split())).strip(". ")
    stem, dot, end = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(end) - 1]}{dot}{end}"[-LONGEST_NAME:] or "fil"


def answer(file: File) -> Response:
    """The file, to be saved: a browser neither shows it nor guesses what it is."""
    found = Response(file.content, content_type=file.kind)
    found.headers.set("Content-Disposition", "attachment", filename=file.name)
    found.headers["Content-Security-Policy"] = SANDBOX
    return found


class InMemory(FormDataParser):
    """Reads a form without putting its files on a disk: they may tell of pupils."""

    def __init__(self, stream_factory: object = None, **limits: Any) -> None:
        super().__init__(lambda *_facts, **_more: BytesIO(), **limits)


def room(most: int = TOGETHER) -> None:
    """Before anything of a request is read: it may bring files of `most` bytes together, which are put on no disk."""
    request.max_content_length = most + AROUND
    request.form_data_parser_class = InMemory
