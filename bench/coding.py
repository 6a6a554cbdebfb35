"""Sixty analyses of two thousand words, coded by an officer: the page of the reading queue, and the themes counted over them."""

from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from sqlalchemy import select

from bench import baselines, city
from bench.pages import CELLS
from bench.sides import COMMITTEE, Bench, Browser, Result, statements
from chain.base import audit, clock
from chain.base.db import atomic, db
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.finding import actions, queries
from chain.followup.models import Submission
from chain.organisation.models import Mandate

WORDS, PARAGRAPH, MARKED = 2000, 50, 12  # words of a text, words of a paragraph, paragraphs that are coded
PAGE = 2.0


def coding(bench: Bench) -> Iterator[Result]:
    """Against plain Flask and Jinja making as many bytes with as many cells, as the other pages are measured."""
    with bench.app.app_context(), clock.held(city.NOW):
        officer, round = city.mandate("officer"), _round()
        texts = _lengthen(round, by=officer)
        coded(round, by=officer)
        submission, theme = texts[0].public_id, queries.themes(officer.unit_id)[0].public_id
        asked = (
            ("coding", f"/finding/read/{submission}"), ("coding_queue", f"/finding/queue/{round.public_id}"),
            ("coding_themes", f"/finding/?round={round.public_id}"),
            ("coding_theme", f"/theme/{theme}/passages?round={round.public_id}"),
        )  # fmt: skip
        db.session.remove()
    browser = Browser(bench.app, "officer")
    for name, path in asked:
        first, ours = browser.get(path), browser.ask(path)
        size, cells = len(ours()), len(BeautifulSoup(first.data, "html.parser").select(CELLS))
        note = (
            f"{len(texts)} texts of {WORDS} words; {size / 1000:.0f} kB, {cells} cells, {statements(bench.app, ours)} statements"
        )
        yield bench.result(name, PAGE, ours, baselines.page(size, cells), note)


def _round() -> Round:
    """Last year's last round, in which all have handed in."""
    now = cycle.current(COMMITTEE)
    assert now is not None
    before = cycle.previous(now)
    assert before is not None
    return before


@atomic
def _lengthen(round: Round, *, by: Mandate) -> list[Submission]:
    """Every unit's text made two thousand words long, as if somebody had written so much."""
    here = (Submission.round_id == round.id, Submission.level == "unit", queries.standing())
    found = list(db.session.scalars(select(Submission).where(*here).order_by(Submission.id)))
    for one in found:
        sections = [section for section in one.snapshot["sections"] if section["kind"] != "analysis"]
        one.snapshot = {**one.snapshot, "sections": [*sections, _analysis()]}
        one.opened_at = one.opened_at or clock.now()
    audit.note("bench.lengthen", about=round, texts=len(found))
    return found


def _analysis() -> dict[str, Any]:
    paragraph = " ".join(["Läsningen går framåt när alla läser varje dag och vi följer upp det"] * (PARAGRAPH // 12))
    spans = [
        {"id": f"analysis.see.{place}", "heading": "Analys – Vad vi ser", "text": f"{paragraph}, {place}."}
        for place in range(1, WORDS // PARAGRAPH + 1)
    ]
    words = {"title": {"sv": "Analys"}, "ask": {"sv": "Vad ser ni?"}}
    return {"key": "analysis", "kind": "analysis", "answer": {"see": "…"}, "spans": spans, "citations": [], **words}


@atomic
def coded(round: Round, *, by: Mandate) -> None:
    """Twelve paragraphs of each text but the first, which is being read."""
    themes = [one.public_id for one in queries.active(queries.themes(by.unit_id))]
    rows = [one for one in queries.queue(by, round).rows if one.level == "unit"]
    for one in rows:
        submission = db.session.get_one(Submission, one.id)
        for place in range(1, MARKED + 1):
            actions.mark(submission, f"analysis.see.{place}", [themes[place % len(themes)]], by=by)
        if one is not rows[0]:
            actions.finish(submission, by=by)
    audit.note("bench.coded", about=round, texts=len(rows))
