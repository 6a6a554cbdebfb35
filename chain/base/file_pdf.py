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
FURTHEST = 20_000  # bytes before a stream in which its dictionary begins
MOST_STREAMS = 50_000
PLAIN = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?\s*[/>]")  # the one way of packing objects that is looked into


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
    """The content of streams that may hold objects: all but pictures. Refused where one could hide what it is."""
    size, view = 0, memoryview(data)
    for count, found in enumerate(STREAM.finditer(data)):
        if data[found.start() - 3 : found.start()] == b"end":
            continue
        head = _plain(_head(name, data, found.start()))
        objects, filtered = b"/ObjStm" in head, b"/Filter" in head
        if count > MOST_STREAMS or (objects and filtered and (b"/Predictor" in head or not PLAIN.search(head))):
            raise _hidden(name)
        if not filtered or (b"/Image" in head and not objects):
            continue  # what is not packed was looked at as it stands
        end = data.find(b"endstream", found.end())
        try:
            part = zlib.decompressobj().decompress(view[found.end() : end if end > 0 else None], LARGEST_UNPACKED - size + 1)
        except zlib.error:
            if objects:
                raise _hidden(name) from None
            continue
        size += len(part)
        if size > LARGEST_UNPACKED:
            raise RuleBroken(_("%(file)s blir för stor när den packas upp. Dela upp den.", file=name))
        yield part


def _head(name: str, data: bytes, stream: int) -> bytes:
    """The dictionary of a stream, found backwards from it. Refused unless it can only be read in one way: it begins an object,
    and no string or comment that it stands in makes it look shorter than it is."""
    end = len(data[max(0, stream - FURTHEST) : stream].rstrip()) + max(0, stream - FURTHEST)
    low, place, depth = max(0, end - FURTHEST), end, 0
    while depth or place == end:
        close, open_ = data.rfind(b">>", low, place), data.rfind(b"<<", low, place)
        if max(close, open_) < 0 or (place == end and close != end - 2):
            raise _hidden(name)
        place, depth = max(close, open_), depth + (1 if close > open_ else -1)
    before, head = data[max(0, place - 200) : place], data[place:end]
    if not re.search(rb"obj\s*$", before) or b"%" in re.split(rb"[\r\n]", before)[-1] or _ends_a_string(head):
        raise _hidden(name)
    return head


def _ends_a_string(head: bytes) -> bool:
    """Whether a bracket closes that was not opened: the dictionary that was found begins within a string."""
    depth = 0
    for one in re.findall(rb"\\.|[()]", head, re.DOTALL):
        depth += {b"(": 1, b")": -1}.get(one, 0)
        if depth < 0:
            return True
    return False


def _hidden(name: str) -> RuleBroken:
    return RuleBroken(_("%(file)s går inte att granska. Skriv ut den till en ny PDF och bifoga den.", file=name))
