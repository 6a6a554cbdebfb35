"""Invented documents, to be set and written: one of everything that a document can hold."""

from datetime import date

from chain.report import markup
from chain.report.markup import Block
from chain.report.sheet import Sheet
from chain.rollup import charts
from chain.rollup.motifs import SmallPicture
from chain.rollup.trend import Point

TEXT = """Det systematiska kvalitetsarbetet följs upp kontinuerligt, analyseras och utvecklas.
En ny rad i samma stycke.

## Grundskolan
- Elevenkät ≥ 80 %
- Samarbete → likvärdighet

1. Först
2. Sedan

> Underlaget för analys saknar gemensam struktur.
> — Ekskolan: Analys"""


def picture() -> Block:
    """Two subjects through three years, as the pages draw them."""
    years = tuple(Point(f"20{year}/{year + 1}", 60.0 + year, 80, 18, 20, said=f"{60 + year} % av 80") for year in (24, 25, 26))
    drawn = SmallPicture("Genom åren", "Svenska 86 %; matematik 86 %", (("Svenska", years), ("Matematik", years)))
    return {"kind": "picture", "title": "Genom åren", "alt": drawn.description, "legend": "Ihålig prick: alla är inte med.",
            "svg": str(charts.svg(drawn))}  # fmt: skip


def table(rows: int = 3) -> Block:
    cells = [[f"Ämne {number}", "84 % av 85", "~100 % av 40", ".."] for number in range(rows)]
    return {"kind": "table", "title": "Minst E (prognos)", "head": ["Ämne", "Åk 4", "Åk 5", "Åk 6"], "rows": cells,
            "note": ".. är skyddat.", "numeric": True}  # fmt: skip


def sheet(times: int = 1, **more: object) -> Sheet:
    """A document with everything in it, its middle so many times over."""
    middle = [markup.heading("Analys", 2), *markup.blocks(TEXT, 3), table(), picture()]
    told = {
        "title": "Redovisning av uppföljning 1", "owner": "Barn- och utbildningsnämnden", "office": "Förvaltningen",
        "date": date(2026, 11, 22), "footer": "Bun 2026/75 · Utgåva 2", "facts": [("Dnr", "Bun 2026/75")],
        "blocks": [
            markup.heading("Förslag till beslut", 2), *markup.points("Nämnden godkänner redovisningen.\nNämnden uppdrar."),
            *middle * times, {"kind": "note", "text": "Ur utgåva 2."},
            {"kind": "signatures", "people": [["Diana Holm", "Skolchef"], ["Olle Sand", "Utredare"]]},
        ],
    }  # fmt: skip
    return Sheet(**{**told, **more})  # type: ignore[arg-type]
