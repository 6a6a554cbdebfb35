"""Documents that are packed archives (Office, OpenDocument): unpacked within bounds, without macros, fetching nothing.

Sizes are counted while unpacking, since a directory can lie, and archives within the archive are counted with it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from chain.base.errors import RuleBroken
from chain.base.locale import _

LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of all the parts, of archives within as well
MOST_PARTS = 2000
RATIO = 200  # unpacked to packed, of what is larger than FREE
FREE = 20 * 1024 * 1024
DEEPEST = 2  # a document may hold a table (xlsx), and that a picture: no archive further down

MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OPEN = {b"application/vnd.oasis.opendocument." + kind: end for kind, end in (
    (b"text", "odt"), (b"spreadsheet", "ods"), (b"presentation", "odp"),
)}  # fmt: skip
MACROS = re.compile(
    r"vba(project|data)|macrosheets/|dialogsheets/|^basic/|^scripts/|/activex/|\.(exe|dll|js|vbs|jar|hta|lnk|bat|cmd|ps1)$"
)
MACRO_TYPES = (b"macroenabled", b"vnd.sun.star.script:", b"vnd.ms-office.vbaproject", b"office:script>")
OBJECTS = re.compile(r"embeddings/.*\.bin$|oleobject|^object [0-9]+/oleobject|^objectreplacements/.*\.bin$")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
ELSEWHERE = re.compile(rb"<relationship\b[^>]*>", re.IGNORECASE)
FETCHED = re.compile(rb"(attachedtemplate|oleobject|frame|subdocument|externallink(path)?)\"", re.IGNORECASE)


def recognised(name: str, data: bytes) -> str | None:
    """docx, xlsx, pptx, odt, ods or odp, by the parts; None for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            there = set(packed.namelist()[:MOST_PARTS])
            said = packed.open("mimetype").read(100) if "mimetype" in there and "META-INF/manifest.xml" in there else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError, NotImplementedError) as error:
        raise _broken(name) from error
    if said:
        return OPEN.get(said.strip())
    mains = [kind for part, kind in MAIN.items() if part in there]
    return mains[0] if len(mains) == 1 and "[Content_Types].xml" in there else None


def harmless(name: str, data: bytes) -> bytes:
    """The same bytes, when nothing in them can run, fetch, or become larger than its bounds."""
    Unpacking(name, len(data)).all(data, depth=0)
    return data


class Unpacking:
    """Goes through an archive and those within it, and counts."""

    def __init__(self, name: str, packed: int) -> None:
        self.name, self.packed, self.size, self.parts = name, packed, 0, 0

    def all(self, data: bytes, depth: int) -> None:
        try:
            for part, content in self._contents(data):
                self._refuse(part.lower(), content)
                if content.startswith(b"PK\x03\x04"):
                    if depth + 1 > DEEPEST:
                        raise self._bomb()
                    self.all(content, depth + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError) as error:
            raise _broken(self.name) from error

    def _contents(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            there = packed.infolist()
            self.parts += len(there)
            if self.parts > MOST_PARTS or self.size + sum(part.file_size for part in there) > LARGEST_UNPACKED:
                raise self._bomb()
            for part in there:
                if part.flag_bits & 1:
                    raise RuleBroken(_("%(file)s är skyddad med lösenord. Spara den utan lösenord.", file=self.name))
                yield part.filename, self._unpacked(packed, part)

    def _unpacked(self, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        pieces = []
        with packed.open(part) as stream:
            while piece := stream.read(1 << 20):
                self.size += len(piece)
                if self.size > LARGEST_UNPACKED or (self.size > FREE and self.size > RATIO * self.packed):
                    raise self._bomb()
                pieces.append(piece)
        return b"".join(pieces)

    def _refuse(self, part: str, content: bytes) -> None:
        told = content[:4_000_000].lower() if part.endswith((".xml", ".rels")) else b""
        if MACROS.search(part) or content.startswith((b"MZ", b"\x7fELF")) or any(mark in told for mark in MACRO_TYPES):
            raise RuleBroken(_("%(file)s innehåller makron eller program. Spara den utan makron, eller som PDF.", file=self.name))
        if OBJECTS.search(part) or content.startswith((b"\xd0\xcf\x11\xe0", *ARCHIVES)):
            raise RuleBroken(
                _("%(file)s har inbäddade objekt eller arkiv. Ta bort dem, eller spara den som PDF.", file=self.name)
            )
        if part.endswith(".rels") and any(b'"external"' in one and FETCHED.search(one) for one in ELSEWHERE.findall(told)):
            raise RuleBroken(_("%(file)s hämtar innehåll från andra filer. Spara den som PDF.", file=self.name))

    def _bomb(self) -> RuleBroken:
        return RuleBroken(_("%(file)s blir för stor när den packas upp. Spara den som PDF, eller dela upp den.", file=self.name))


def _broken(name: str) -> RuleBroken:
    return RuleBroken(_("%(file)s går inte att packa upp: filen är skadad. Spara den på nytt.", file=name))
