"""A page that is sent while a long file is read: it says how far it has come, and needs no script to do so.

Nothing is stored of the reading until it is done. Should the worker die, the page ends where it was; its style sheet then shows,
after half a minute without a new line, that it has stopped and that the file has to be uploaded again.
"""

from collections.abc import Iterator
from time import monotonic
from typing import Any

from flask import Response, current_app, g, render_template, stream_with_context, url_for

from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.intake.models import Intake
from chain.intake.reading import Progress, Work
from chain.organisation.models import Mandate

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
    g.mandate = db.session.get_one(Mandate, g.mandate.id)  # the session that it came with ended as the page began
    told = monotonic()
    try:
        while True:
            said = next(work)
            if monotonic() - told >= AT_MOST_EVERY:
                told = monotonic()
                yield _line(said, again)
    except StopIteration as done:
        address = url_for("intake.show", public_id=done.value.public_id)
        yield _part("done", address=address)
    except RuleBroken as no:
        yield _part("refused", sentences=[no.sentence, *no.problems.values()], again=again)
    yield end


def _line(said: Progress, again: str) -> str:
    return _part("line", said=said, again=again)


def _part(name: str, **told: Any) -> str:
    """A part of the page by itself, without all that the frame of a page asks for."""
    return current_app.jinja_env.get_template(f"intake/_progress_{name}.html").render(told)
