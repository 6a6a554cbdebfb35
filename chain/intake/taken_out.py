"""Tables that were taken out of here: those of units' figures are read in again as they stand, of the others it is said why not.

Known by their headings, in both languages (rollup/tables.py and its like; a test sees to it that they agree).
"""

import json
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.base.tables import LIVE
from chain.intake import sheets
from chain.intake.csvtext import plain

FIGURES = ("enheter som ingår", "units included")
PROTECTED = ("bedömda (n), avrundat", "assessed (n), rounded")
PUBLISHED = ("enhet för värdet", "unit of the value")
WITHOUT_FIGURES = (
    "lämnad för sent", "handed in late", "gånger förd vidare", "times carried", "vem som frågar", "who asks",
)  # fmt: skip
AMOUNTS = {"antal (k)", "number (k)", "bedömda (n)", "assessed (n)", "alla (n)", "all (n)", "summa", "total"}
UNIT = {"enhet", "unit"}


def of_json(text: str) -> sheets.Rows:
    """The rows of a table that was taken out as JSON, under its headings; none where it is something else."""
    if not text.startswith("{"):
        return []
    try:
        whole = json.loads(text)
    except ValueError:
        return []
    if not isinstance(whole, dict) or not {"title", "columns", "rows", "made_at"} <= whole.keys():
        return []
    try:
        keys, names = ([str(column[part]) for column in whole["columns"]] for part in ("key", "name"))
        return [names, *([_cell(row.get(key)) for key in keys] for row in whole["rows"])]
    except (TypeError, KeyError, AttributeError):
        return []


def _cell(value: Any) -> str:
    return sheets.text_of_cell(value) if isinstance(value, str | int | float | None) else ""


def rows(name: str, said: sheets.Rows) -> sheets.Rows:
    """The rows of a file without what stands under a table from here. Refused with a sentence where it cannot be read back."""
    header = [plain(cell) for cell in said[0]] if said else []
    _refuse(name, set(header))
    if not set(FIGURES) & set(header) or not UNIT & set(header):
        return said
    end = next((place for place, cells in enumerate(said) if not any(cells)), len(said))
    amounts = [place for place, word in enumerate(header) if word in AMOUNTS]
    told = (cells if any(cells[place : place + 1] != [""] for place in amounts) else [] for cells in said[1:end])
    return [said[0], *([_live(cell) for cell in cells] for cells in told)]  # a unit that has no figure stands there to say why


def _live(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if cell.startswith("'") and LIVE.match(cell[1:]) else cell


def _refuse(name: str, header: set[str]) -> None:
    if header & set(PROTECTED):
        raise RuleBroken(
            _(
                "%(file)s är en utgåva: siffrorna är avrundade och skyddade, och går inte att läsa in. Läs in enheternas egna.",
                file=name,
            )
        )
    if header & set(PUBLISHED):
        raise RuleBroken(
            _("%(file)s är publicerade siffror som har tagits ut härifrån. Läs in filen som de publicerades i.", file=name)
        )
    if header & set(WITHOUT_FIGURES):
        raise RuleBroken(_("%(file)s har tagits ut härifrån, och har inga siffror som går att läsa in.", file=name))
