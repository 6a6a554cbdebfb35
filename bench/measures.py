"""All that is measured, in order; and how long the application takes to start."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import accepting, baselines, coding, figures, intake, pages, papers, pictures, protecting, proxy, timing, workbooks
from bench.sides import COMMITTEE, Bench, Result

ROOT = Path(__file__).resolve().parents[1]
IMPORT_ALL = "import app; [app.modules(link) for link in app.LINKS]"


def start(fewest: int = timing.FEWEST) -> Iterator[Result]:
    """Importing the whole application against importing what it is made of, each in a fresh interpreter.

    Both from compiled files, as where it is installed: without them most of the time would be the compiler's.
    """
    with TemporaryDirectory(prefix="styrkedjan-bench-") as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}

        def importing(statements: str) -> float:
            return baselines.importing(statements, str(ROOT), environment)

        both = IMPORT_ALL, baselines.IMPORTS
        spent = [tuple(map(importing, both)) for _turn in range(fewest + 1)][1:]  # the first one compiles
    pair = timing.Pair(median(mine for mine, _theirs in spent), median(theirs for _mine, theirs in spent), len(spent))
    said = f"{1000 * pair.ours:.0f} ÷ {1000 * pair.other:.0f} ms, n {pair.turns}; every link's models, actions and pages"
    yield Result("start", "–", "–", pair.ratio, 1.5, said)


@dataclass(frozen=True)
class Cities:
    """The one that is measured in, a smaller and a larger one to see what grows, one of as many units as there are workbooks."""

    city: Bench
    small: Bench
    large: Bench
    workbooks: Bench


def everything(made: Cities) -> Iterator[tuple[str, Callable[[], Iterator[Result]]]]:
    """Each measure with its name, to be made when it is called. The pages, reading, saving and accepting are measured in the
    large city as well; a picture and a file are as large in either."""
    city, small, large = made.city, made.small, made.large
    for one in city.pages:
        yield one.name, partial(pages.page, city, one)
    for one in large.pages if large is not city else []:
        yield one.name, partial(pages.page, large, one)
    yield "page_statements", partial(pages.page_statements, large, small)
    both = [city] if large is city else [city, large]
    for size in both:
        yield "autosave", partial(pages.autosave, size)
        yield "rollup_read", partial(figures.rollup_read, size)
    yield "rollup_read_vs_aggregate", partial(figures.rollup_read_vs_aggregate, large)
    yield "rollup_growth", partial(figures.rollup_growth, large, small)
    yield "protect", partial(protecting.protected, city)
    if large is not city and large.database == "sqlite":  # minutes, and the database has no part in it
        yield "protect", partial(protecting.protected, large, every=10)
    for size in both:
        yield "accept_16", partial(accepting.accept_16, size)  # puts back what it accepts: before what does not
        yield "accept_rollup", partial(figures.accept_rollup, size)
    yield "workbooks", partial(workbooks.workbooks, made.workbooks)
    yield "coding", partial(coding.coding, made.workbooks)
    yield "chart", partial(pictures.chart, city)
    yield "chart_cached", partial(pictures.chart_cached, city)
    yield "document_pdf", partial(papers.document, city)
    yield "document_word", partial(papers.document_word, city)
    yield "public_proxy", partial(proxy.public_proxy, city)
    yield "import_100k", partial(intake.import_100k, city, COMMITTEE)  # last: its schools would be in all the others
