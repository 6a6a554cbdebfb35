"""Documents of twenty pages: set as PDF and written for Word, against the bare libraries making as many pages of the same."""

import resource
from collections.abc import Iterator
from itertools import count

from bench import baselines
from bench.sides import Bench, Result
from chain.document import word
from chain.report import press
from chain.report.sheet import Sheet
from tests.report import papers

MIDDLES = 32  # so many times over is the middle of a document of twenty pages
ROWS = 9


def document(bench: Bench) -> Iterator[Result]:
    """PDF/UA-1 and PDF/A-2a with pictures and tables; no two are the same, so that nothing is remembered."""
    turn, other = count(), count()
    pages = baselines.pages(press.pdf(_sheet(0)))
    before = _megabytes()
    bare = baselines.paper(papers.TEXT, ROWS, MIDDLES)
    size = len(press.pdf(_sheet(-1)))
    said = f"{pages} pages, {size / 1000:.0f} kB; {before} MB used, {_megabytes()} MB after"
    yield bench.result("document_pdf", 3.0, lambda: press.pdf(_sheet(next(turn))), lambda: bare(next(other)), said)


def document_word(bench: Bench) -> Iterator[Result]:
    """The same for Word."""
    turn, other = count(), count()
    bare = baselines.word(papers.TEXT, ROWS, MIDDLES)
    size = len(word.docx(_sheet(-1)))
    said = f"{size / 1000:.0f} kB"
    yield bench.result("document_word", 3.0, lambda: word.docx(_sheet(next(turn))), lambda: bare(next(other)), said)


def _sheet(number: int) -> Sheet:
    return papers.sheet(MIDDLES, title=f"Redovisning {number}")


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
