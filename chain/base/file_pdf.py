"""PDF files in which nothing runs: no script, no embedded file, nothing that starts a program or asks for a password."""

import re
import zlib
from collections.abc import Iterator

from chain.base.errors import RuleBroken
from chain.base.locale import _

LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes of all that is unpacked to be looked into
STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Names that a reader acts upon. /JS alone does nothing: what runs it is the action /JavaScript.
RUNS = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|ImportData|SubmitForm|GoToE)(?![A-Za-z0-9])")
FURTHEST = 4000  # bytes before a stream in which its dictionary begins


def harmless(name: str, data: bytes) -> bytes:
    """The same bytes, when nothing in them runs; objects that are packed in streams are looked into as well."""
    if b"startxref" not in data and b"trailer" not in data:
        raise RuleBroken(_("%(file)s är en skadad PDF. Spara den på nytt.", file=name))
    if b"/Encrypt" in _plain(data):
        raise RuleBroken(_("%(file)s är skyddad med lösenord. Spara den utan lösenord.", file=name))
    if RUNS.search(_plain(data)) or any(RUNS.search(_plain(part)) for part in _unpacked(name, data)):
        raise RuleBroken(_(
            "%(file)s innehåller program, formulär som skickar eller filer i filen. Skriv ut den till en ny PDF och bifoga den.",
            file=name,
        ))  # fmt: skip
    return data


def _plain(data: bytes) -> bytes:
    """With names as they are read: /J#61vaScript is /JavaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data) if b"#" in data else data


def _unpacked(name: str, data: bytes) -> Iterator[bytes]:
    """The content of streams that may hold objects: all but pictures, as far as they are packed in the common way."""
    size, before = 0, 0
    for found in STREAM.finditer(data):
        head = _plain(data[max(before, found.start() - FURTHEST) : found.start()])
        head = head[head.rfind(b" obj") + 1 :]
        before = found.start()
        objects = b"/ObjStm" in head
        if objects and (
            b"/Predictor" in head
            or not re.search(rb"/Filter\s*(\[\s*)?/FlateDecode\s*(\])?\s*(/|>)|^(?!.*/Filter)", head, re.DOTALL)
        ):
            raise _hidden(name)
        if b"/Image" in head and not objects:
            continue
        try:
            part = zlib.decompressobj().decompress(data[found.end() :], LARGEST_UNPACKED - size + 1)
        except zlib.error:
            if objects and b"/Filter" in head:
                raise _hidden(name) from None
            continue
        size += len(part)
        if size > LARGEST_UNPACKED:
            raise RuleBroken(_("%(file)s blir för stor när den packas upp. Dela upp den.", file=name))
        yield part


def _hidden(name: str) -> RuleBroken:
    return RuleBroken(_("%(file)s går inte att granska. Skriv ut den till en ny PDF och bifoga den.", file=name))
