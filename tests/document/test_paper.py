"""Documents on paper: what archives and screen readers demand, judged by veraPDF; the same bytes every time; Word reopened."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from flask_babel import force_locale

from app import create_app
from chain.base import clock
from chain.base.db import db
from chain.document import frozen, shipped, word
from chain.report import committee_page, markup, press, prints, queries
from chain.report.sheet import Sheet, as_dict, from_dict, levelled, sha256
from tests import conftest, databases, makers, verapdf
from tests.document import desk
from tests.makers import Cast
from tests.report import world
from tests.report.papers import picture, sheet, table

HOSTILE = '#panic() \\ *x* _y_ $z$ @a <b> "q" \u202e😀中\x07 https://example.invalid/ = rubrik'


@pytest.fixture(scope="module")
def judged(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What is broken by every shape of document and every kind that the application makes: one Java for all of them."""
    folder = tmp_path_factory.mktemp("papers")
    files = {name: press.pdf(one) for name, one in _shapes().items()} | {"plain": _plain()}
    app = create_app(conftest.settings(databases.sqlite_clone(sqlite_template, folder)))
    with app.test_request_context(), clock.held(conftest.NOW):
        files |= dict(_kinds(makers.found()))
        db.session.remove()
        db.engine.dispose()
    for name, body in files.items():
        (folder / f"{name}.pdf").write_bytes(body)
    found = verapdf.judged(folder / f"{name}.pdf" for name in files)
    return {Path(name).stem: told for name, told in found.items()}


def _shapes() -> dict[str, Sheet]:
    return {
        "whole": sheet(), "long": sheet(9), "empty": sheet(blocks=[]), "one-page": sheet(compact=True),
        "english": sheet(lang="en", page_words="Page {n} of {m}"), "bare": sheet(office="", facts=[], footer=""),
        "hostile": sheet(title=HOSTILE, blocks=[markup.heading(HOSTILE, 4), *markup.blocks(HOSTILE), table(60)]),
        "wide": sheet(blocks=[{**table(2), "head": list("ABCDEFGHIJKL"), "rows": [["84 %"] * 12]}]),
    }  # fmt: skip


def _plain() -> bytes:
    import typst

    made = typst.compile(b"= Rubrik\nText", font_paths=prints.typefaces(), pdf_standards=["a-2b"])
    assert isinstance(made, bytes)
    return made


def _kinds(cast: Cast) -> Iterator[tuple[str, bytes]]:
    """The committee's page in both languages, and a document in each shipped form, as they come out of the database."""
    report = world.with_figures(cast)
    for form in shipped.forms():
        document = desk.begun(cast, report.round, form=form)
        yield form, press.pdf(frozen.sheet(frozen.now(document)))
    page = queries.page(report.round, report.submission, report.release)
    for language in ("sv", "en"):
        with force_locale(language):
            yield f"page-{language}", press.pdf(committee_page.sheet(report, page))


def test_every_kind_of_document_passes_what_archives_and_screen_readers_demand(judged: dict[str, dict[str, list[str]]]) -> None:
    assert set(shipped.forms()) | {"page-sv", "page-en", "whole", "hostile"} <= set(judged)
    wrong = {name: told for name, told in judged.items() if name != "plain" and any(told.values())}
    assert not wrong, wrong
    assert all(set(told) == set(verapdf.PROFILES) for told in judged.values())


def test_the_judge_sees_what_is_wrong(judged: dict[str, dict[str, list[str]]]) -> None:
    assert judged["plain"]["PDF/UA-1"] and judged["plain"]["PDF/A-2a"]


def test_equal_documents_are_equal_to_the_last_byte() -> None:
    assert press.pdf(sheet()) == press.pdf(sheet())
    assert word.docx(sheet()) == word.docx(sheet())
    assert press.pdf(sheet()) != press.pdf(sheet(date=date(2026, 11, 23)))


def test_a_document_is_found_again_in_plain_data() -> None:
    assert from_dict(as_dict(sheet())) == sheet()
    assert sha256(as_dict(sheet())) == sha256(as_dict(from_dict(as_dict(sheet()))))


def test_a_letter_that_no_typeface_has_is_a_box_and_is_told() -> None:
    assert press.unprintable("Åäö ≥ ← ✓ سلام 中") == ["中"]
    assert press.pdf(sheet(title="中"))


def test_no_level_of_heading_is_left_out() -> None:
    found = levelled([markup.heading("a", 2), markup.heading("b", 4), markup.heading("c", 2), markup.heading("d", 3)])
    assert [one["level"] for one in found] == [2, 3, 2, 3]


def test_a_picture_on_paper_has_its_own_colours_and_no_class() -> None:
    printed = prints.svg(picture()["svg"])
    assert "class=" not in printed and "<title" not in printed and prints.COLOURS["mark"] in printed


def test_every_colour_of_the_pages_pictures_is_known_on_paper() -> None:
    from chain.rollup.canvas import CLASSES

    assert set(CLASSES) == set(prints.COLOURS)


def test_the_typefaces_are_those_that_were_checked() -> None:
    sums = dict(reversed(line.split()) for line in (prints.FONTS / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {file.name for file in prints.FONTS.glob("*.ttf")}
    for name, wanted in sums.items():
        assert hashlib.sha256((prints.FONTS / name).read_bytes()).hexdigest() == wanted


def test_word_opens_it_and_finds_everything() -> None:
    paper = Document(io.BytesIO(word.docx(sheet(title=HOSTILE))))
    styles = [line.style.name for line in paper.paragraphs if line.style]
    assert styles.count("Heading 1") == 1 and "Heading 3" in styles and "List Bullet" in styles and "Quote" in styles
    facts = paper.core_properties
    assert (facts.title, facts.language) == (markup.tidy(HOSTILE), "sv-SE")
    [found] = paper.tables
    assert [cell.text for cell in found.rows[0].cells] == ["Ämne", "Åk 4", "Åk 5", "Åk 6"] and found.cell(
        1, 1
    ).text == "84 % av 85"
    assert "Bun 2026/75" in paper.sections[0].footer.paragraphs[0].text
    assert paper.inline_shapes[0]._inline.docPr.get("descr") == picture()["alt"]


def test_word_reads_the_row_of_headings_and_the_page_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(word.docx(sheet()))) as packed:
        body, foot = packed.read("word/document.xml").decode(), packed.read("word/footer1.xml").decode()
        styles = packed.read("word/styles.xml").decode()
    assert "w:tblHeader" in body and 'w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot
    assert 'w:val="sv-SE"' in styles and 'w:val="en-US"' not in styles
