"""Writes a document for Word: headings that a reader can jump between, tables with headings, pictures with alternative texts."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from chain.report import prints
from chain.report.markup import Block, tidy
from chain.report.sheet import Sheet, levelled

SERIF, SANS = "Georgia", "Calibri"  # what Word has; ours would have to be installed
FIRST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name: the file says nothing of when it was made


def docx(sheet: Sheet) -> bytes:
    """The document for Word. Equal sheets give equal bytes."""
    from docx import Document  # only here: it takes a while to import

    paper = Document()
    _set_up(paper, sheet)
    _head(paper, sheet)
    for block in levelled(sheet.blocks):
        _WRITTEN[block["kind"]](paper, block)
    _foot(paper, sheet)
    made = io.BytesIO()
    paper.save(made)
    return _timeless(made.getvalue())


# The whole


def _set_up(paper: Any, sheet: Sheet) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin, page.bottom_margin = Cm(2.3), Cm(2.3)
    for name, font, size, colour in (
        ("Normal", SERIF, 10.5, "1D1C18"), ("Title", SERIF, 20, "1D1C18"), ("Heading 1", SERIF, 19, "1D1C18"),
        ("Heading 2", SANS, 14, "1B504B"), ("Heading 3", SANS, 12, "1D1C18"), ("Heading 4", SANS, 11, "57534A"),
        ("Caption", SANS, 9, "57534A"), ("Quote", SERIF, 10.5, "1D1C18"),
    ):  # fmt: skip
        style = paper.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), RGBColor.from_string(colour)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    _language(paper, sheet)
    paper.styles["Normal"].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paper.styles["Normal"].paragraph_format.space_after = Pt(8)
    facts = paper.core_properties
    facts.title, facts.author, facts.language = tidy(sheet.title), sheet.office or sheet.owner, _code(sheet)
    facts.subject, facts.keywords, facts.comments = sheet.description, ", ".join(sheet.keywords), ""
    facts.created = facts.modified = datetime.combine(sheet.date, time(12), tzinfo=UTC).replace(tzinfo=None)
    facts.last_modified_by, facts.revision = facts.author, 1


def _code(sheet: Sheet) -> str:
    return f"{sheet.lang}-{sheet.region}"


def _language(paper: Any, sheet: Sheet) -> None:
    """In the language of its words, which a reader aloud and a spelling checker go by."""
    from docx.oxml.ns import qn

    for found in paper.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), _code(sheet))


def _head(paper: Any, sheet: Sheet) -> None:
    first = paper.add_paragraph()
    first.add_run(tidy(sheet.owner)).bold = True
    if sheet.office:
        first.add_run(f"\n{tidy(sheet.office)}")
    for name, value in sheet.facts:
        first.add_run(f"\n{tidy(name)} {tidy(value)}")
    _line(paper, tidy(sheet.title), "Heading 1")
    if sheet.subtitle:
        _line(paper, tidy(sheet.subtitle), "Caption")


def _foot(paper: Any, sheet: Sheet) -> None:
    """The document's number and release, and the page's number, which Word counts."""
    line = paper.sections[0].footer.paragraphs[0]
    line.style = paper.styles["Caption"]
    before, _n, rest = sheet.page_words.partition("{n}")
    between, _m, after = rest.partition("{m}")
    line.add_run(f"{tidy(sheet.footer)}\t{before}")
    _counted(line, "PAGE")
    line.add_run(between)
    _counted(line, "NUMPAGES")
    line.add_run(after)


def _counted(line: Any, what: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), what)
    line._p.append(field)


# The blocks


def _line(paper: Any, text: str, style: str) -> Any:
    """A paragraph in a style, by its id: python-docx would search through all of the styles for each one."""
    line = paper.add_paragraph(text)
    line._p.style = style.replace(" ", "")
    return line


def _heading(paper: Any, block: Block) -> None:
    _line(paper, tidy(block["text"]), f"Heading {block['level']}")


def _paragraph(paper: Any, block: Block) -> None:
    paper.add_paragraph(tidy(block["text"]))


def _note(paper: Any, block: Block) -> None:
    _line(paper, tidy(block["text"]), "Caption")


def _bullets(paper: Any, block: Block) -> None:
    for item in block["items"]:
        _line(paper, tidy(item), "List Bullet")


def _numbered(paper: Any, block: Block) -> None:
    """Numbered by hand: Word would let every list of the document go on where the one before it ended."""
    from docx.shared import Cm

    for number, item in enumerate(block["items"], 1):
        point = paper.add_paragraph(f"{number}.\t{tidy(item)}")
        point.paragraph_format.left_indent, point.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
        point.paragraph_format.tab_stops.add_tab_stop(Cm(0.9))


def _quote(paper: Any, block: Block) -> None:
    from docx.shared import Cm

    said = _line(paper, tidy(block["text"]), "Quote")
    said.paragraph_format.left_indent = Cm(0.9)
    if block["source"]:
        said.add_run(f"\n— {tidy(block['source'])}").italic = False


def _table(paper: Any, block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    caption = _line(paper, tidy(block["title"]), "Caption")
    caption.paragraph_format.keep_with_next = True
    table = paper.add_table(rows=1 + len(block["rows"]), cols=len(block["head"]), style="Table Grid")
    words = [word for row in (block["head"], *block["rows"]) for word in row]
    for place, (cell, text) in enumerate(zip(table._cells, words, strict=True)):  # row.cells would look for them anew each time
        line = cell.paragraphs[0]
        line._p.style = "Caption"
        line.add_run(tidy(text)).bold = place < len(block["head"])
        if block.get("numeric", True) and place % len(block["head"]):
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _repeats(table.rows[0])
    _described(table, block)
    if block.get("note"):
        _line(paper, tidy(block["note"]), "Caption")


def _repeats(row: Any) -> None:
    """The row of headings: read as such, and again on the next page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _described(table: Any, block: Block) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    words = OxmlElement("w:tblCaption")
    words.set(qn("w:val"), tidy(block["title"]))
    table._tbl.tblPr.append(words)


def _picture(paper: Any, block: Block) -> None:
    from docx.shared import Cm

    line = paper.add_paragraph()
    line.paragraph_format.keep_with_next = True
    shape = line.add_run().add_picture(io.BytesIO(prints.png(prints.svg(block["svg"]))), width=Cm(12))
    shape._inline.docPr.set("descr", tidy(block["alt"]))
    shape._inline.docPr.set("title", tidy(block["title"]))
    _line(paper, tidy(f"{block['title']}. {block['legend']}"), "Caption")


def _signatures(paper: Any, block: Block) -> None:
    for name, title in block["people"]:
        paper.add_paragraph(f"{tidy(name)}\n{tidy(title)}").paragraph_format.keep_together = True


_WRITTEN = {
    "heading": _heading, "paragraph": _paragraph, "note": _note, "bullets": _bullets, "numbered": _numbered,
    "quote": _quote, "table": _table, "picture": _picture, "signatures": _signatures,
}  # fmt: skip


def _timeless(made: bytes) -> bytes:
    """The same file without the moment at which each of its parts was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, FIRST), before.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
