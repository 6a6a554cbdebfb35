"""What a file is, by its content and never by its name, and whether it can do harm: documents, pictures and plain text alone."""

from collections.abc import Callable
from dataclasses import dataclass

from chain.base import file_office, file_pdf, file_picture
from chain.base.errors import RuleBroken
from chain.base.locale import _

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
TEXT = "text/plain; charset=utf-8"
WEB = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<iframe", b"<body", b"<head", b"<math")
BINARY = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be attached: its media type, the ends of its name, and what makes a copy of it harmless."""

    media: str
    ends: tuple[str, ...]
    harmless: Callable[[str, bytes], bytes]


KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", ("pdf",), file_pdf.harmless),
    "docx": Kind(f"{OOXML}.wordprocessingml.document", ("docx",), file_office.harmless),
    "xlsx": Kind(f"{OOXML}.spreadsheetml.sheet", ("xlsx",), file_office.harmless),
    "pptx": Kind(f"{OOXML}.presentationml.presentation", ("pptx",), file_office.harmless),
    "odt": Kind(f"{ODF}.text", ("odt",), file_office.harmless),
    "ods": Kind(f"{ODF}.spreadsheet", ("ods",), file_office.harmless),
    "odp": Kind(f"{ODF}.presentation", ("odp",), file_office.harmless),
    "png": Kind("image/png", ("png",), file_picture.harmless),
    "jpeg": Kind("image/jpeg", ("jpg", "jpeg"), file_picture.harmless),
    "webp": Kind("image/webp", ("webp",), file_picture.harmless),
    "text": Kind(TEXT, ("txt",), lambda name, data: _text(name, data)),
}
ENDS = tuple(end for kind in KINDS.values() for end in kind.ends)


def harmless(name: str, data: bytes) -> tuple[str, bytes]:
    """(media type, content to keep). RuleBroken, with what to do instead, for all that may not be attached."""
    if not data:
        raise RuleBroken(_("%(file)s är tom. Välj en annan fil.", file=name))
    found = recognised(name, data)
    if found is None:
        raise RuleBroken(_(
            "%(file)s är ingen fil som kan bifogas. Det går med PDF, Word, Excel, PowerPoint, OpenDocument, "
            "bilder (PNG, JPEG, WebP) och ren text (.txt).", file=name,
        ))  # fmt: skip
    kind = KINDS[found]
    end = name.rpartition(".")[2].lower()
    if end not in kind.ends:
        raise RuleBroken(_(
            "%(file)s heter något annat än vad den är: innehållet är %(what)s. "
            "Spara filen på nytt så att namnet slutar på .%(end)s.",
            file=name, what=found.upper() if found != "text" else _("ren text"), end=kind.ends[0],
        ))  # fmt: skip
    return kind.media, kind.harmless(name, data)


def recognised(name: str, data: bytes) -> str | None:
    """The key of what the content is; None for what may not be attached. RuleBroken where it can be said why not."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"PK"):
        return file_office.recognised(name, data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RuleBroken(_(
            "%(file)s är skyddad med lösenord eller sparad i ett äldre format. Spara den utan lösenord som .docx, .xlsx, "
            ".pptx eller PDF.", file=name,
        ))  # fmt: skip
    return "text" if is_text(name, data) else None


def is_text(name: str, data: bytes) -> bool:
    """Whether it is plain text. RuleBroken for a web page or an SVG picture: a browser would run what stands in it."""
    start = data[:2000].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lower()
    if any(mark in start for mark in WEB):
        raise RuleBroken(_(
            "%(file)s är en webbsida eller en SVG-bild, som kan innehålla program. Spara den som PDF eller PNG.", file=name
        ))  # fmt: skip
    return _decoded(data) is not None


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(ord(one) in BINARY for one in text) else text
    return None


def _text(name: str, data: bytes) -> bytes:
    return (_decoded(data) or "").encode()
