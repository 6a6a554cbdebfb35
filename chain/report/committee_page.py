"""The committee's page on paper: five answers, what was decided, the figures and what they rest on, on a sheet or two."""

from collections.abc import Iterator
from typing import Any

from chain.base import clock
from chain.base.locale import _, current, day
from chain.report import figures, rules
from chain.report.markup import Block, heading, quote
from chain.report.models import Edition, Report
from chain.report.queries import Page
from chain.report.sheet import Sheet

NARROW = 5  # columns of a table that stands beside another (templates/report/document.typ)


def sheet(report: Report, page: Page, edition: Edition | None = None) -> Sheet:
    """The page in the reader's language, from what it is made of and nothing else: the latest, or an earlier edition of it."""
    made = edition or report
    number, dated = report.registration_number, clock.date_of(made.published_at)
    told = _("%(n)s av %(of)s enheter har lämnat in", n=page.release.reporting, of=page.release.expected)
    source = _("Utgåva %(number)s, godkänd %(day)s", number=page.release.number, day=day(page.release.decided_at))
    facts = [(_("Överlämnad"), dated.isoformat())]
    return Sheet(
        title=page.round.in_year, owner=report.unit.name, office=made.submission.unit.name,
        date=dated, facts=[*facts, (_("Diarienummer"), number)] if number else facts, subtitle=told,
        description=_("Nämndens sida"), keywords=[_("systematiskt kvalitetsarbete")], lang=current(), compact=True,
        footer=" · ".join(filter(None, (number, source, page.release.public_id))), page_words=_("Sida {n} av {m}"),
        blocks=[*_answers(page), *_decided(page), *_figures(page)],
    )  # fmt: skip


def _answers(page: Page) -> Iterator[Block]:
    yield heading(_("I fem svar"), 2)
    for sentence in page.sentences:
        yield heading(sentence.title, 3)
        yield from ({"kind": "paragraph", "text": span.text} for span in sentence.spans)
        yield from (quote(one.words, one.source) for one in sentence.citations)
        if sentence.key == rules.UNITS_SEE and page.seen:
            yield from themes(page.seen)
    for example in page.examples:
        yield heading(example.title, 2)
        yield from ({"kind": "paragraph", "text": span.text} for span in example.spans)
        yield from (quote(one.words, one.source) for one in example.citations)


def themes(seen: dict[str, Any]) -> Iterator[Block]:
    """What the units see: in how many of them, and chosen words of theirs."""
    yield {"kind": "bullets", "items": [f"{_said(one)}: {rules.counted(one, seen)}" for one in seen["themes"]]}
    yield from (quote(one["words"], one["source"]) for theme in seen["themes"] for one in theme["quotes"][: rules.MOST_QUOTED])


def _said(theme: dict[str, Any]) -> str:
    return str(theme["name"].get(current()) or theme["name"]["sv"])


def _decided(page: Page) -> Iterator[Block]:
    if page.since:
        yield heading(_("Sedan sist"), 2)
        yield {"kind": "bullets", "items": [f"{one.paragraph}, {day(one.decided_on)}: {one.text}" for one in page.since]}
    if page.decisions:
        yield heading(_("Nämndens beslut"), 2)
        yield {"kind": "bullets", "items": [f"{one.paragraph}, {day(one.decided_on)}: {one.text}" for one in page.decisions]}


def _figures(page: Page) -> Iterator[Block]:
    """Distributions stay on the page, as they do when it is printed: on paper there is room for the shares."""
    yield heading(_("Siffrorna"), 2)
    if page.forecast:
        yield {
            "kind": "note",
            "text": _("Siffror märkta prognos är lärares bedömningar, inte betyg. Jämför november med november."),
        }
    if page.withheld:
        yield {"kind": "note", "text": " ".join(f"{one.name}: {one.why}" for one in page.withheld)}
    for picture in page.pictures[:1]:
        alt = f"{picture.title}. {picture.picture.description}"
        yield {"kind": "picture", "title": picture.title, "alt": alt, "legend": picture.legend, "svg": str(picture.svg)}
    shown = sorted((one for one in figures.tables(page.figures) if one.usual), key=lambda one: len(one.block["head"]) > NARROW)
    if not shown:
        yield {"kind": "note", "text": _("Inga siffror den här gången.")}
    yield from ({**one.block, "note": ""} for one in shown)
