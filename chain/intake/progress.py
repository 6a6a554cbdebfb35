"""A page that is sent while a long file is read: it says how far it has come, and needs no script to do so.

Nothing is stored of the reading until it is done. Should the worker die, the page ends where it was; its style sheet then shows,
after half a minute without a new line, that it has stopped and that the file has to be uploaded again.
"""

from collections.abc import Iterator
from time import monotonic

from flask import Response, render_template, stream_with_context, url_for

from chain.base.errors import RuleBroken
from chain.intake.models import Intake
from chain.intake.reading import Progress, Work

HERE = "<!-- steps -->"  # in the template: where what happens is told
AT_MOST_EVERY = 0.3  # seconds between two lines, so that a screen reader has time to say one


def page(name: str, work: Work[Intake], *, again: str) -> Response:
    """The page, line by line while the work is done. `again`: where the file can be uploaded once more."""
    start, _here, end = render_template("intake/progress.html", name=name).partition(HERE)
    answer = Response(stream_with_context(_lines(start, work, again, end)))
    answer.headers["X-Accel-Buffering"] = "no"  # a proxy that would hold it back until it is whole
    return answer


def _lines(start: str, work: Work[Intake], again: str, end: str) -> Iterator[str]:
    yield start
    yield _line(Progress(0, 0), again)
    told = monotonic()
    try:
        while True:
            said = next(work)
            if monotonic() - told >= AT_MOST_EVERY:
                told = monotonic()
                yield _line(said, again)
    except StopIteration as done:
        address = url_for("intake.show", public_id=done.value.public_id)
        yield render_template("intake/_progress_done.html", address=address)
    except RuleBroken as no:
        yield render_template("intake/_progress_refused.html", sentences=[no.sentence, *no.problems.values()], again=again)
    yield end


def _line(said: Progress, again: str) -> str:
    return render_template("intake/_progress_line.html", said=said, again=again)
