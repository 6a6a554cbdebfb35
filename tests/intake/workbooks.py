"""Workbooks written by hand, part by part, so that a test can make one that Excel never would."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{WORKBOOK}"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Blad1" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def cell(place: str, value: object) -> str:
    """A cell: a number, a text, or a formula as ("=A1", saved value or None)."""
    if isinstance(value, tuple):
        formula, saved = value
        return f'<c r="{place}"><f>{formula[1:]}</f>{"" if saved is None else f"<v>{saved}</v>"}</c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def sheet(rows: Iterable[Sequence[object]]) -> str:
    lines = (
        f'<row r="{number}">' + "".join(cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row)) + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def book(rows: Iterable[Sequence[object]] = (), xml: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet, with more parts of whatever kind."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in PARTS.items():
            parts.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        parts.writestr("xl/worksheets/sheet1.xml", xml or sheet(rows))
        for name, raw in (more or {}).items():
            parts.writestr(name, raw)
    return packed.getvalue()
