"""The kinds of answer: their shape, when they are empty, what is wrong with them, and the passages that can be pointed at.

A draft keeps what was typed, also what cannot be right: it is checked when asked and when handed in, never when saved.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Protocol

from chain.base.locale import _, number
from chain.measure import rules as measure
from chain.measure.rules import Known, said
from chain.result import grid_rules, reasons
from chain.result.rules import Figure, Table

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """A passage with an id that stays: `analysis.why.2` is the second paragraph of why, in the section analysis."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True)
class Open:
    """A measure that waits for an outcome."""

    problem: str
    due_has_come: bool


@dataclass(frozen=True)
class Context:
    """What an answer is checked against; each kind looks at its own part."""

    max_length: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    earlier: Sequence[tuple[str, Sequence[Figure]]] = ()  # (when, figures), the likest first
    open: Mapping[str, Open] = field(default_factory=dict)
    known: Known = field(default_factory=lambda: Known({}, {}))

    @cached_property
    def likest(self) -> dict[tuple[str, ...], tuple[str, Figure]]:
        """The likest earlier figure about the same thing on the same basis, and when it was."""
        return {one.key: (when, one) for when, figures in reversed(self.earlier) for one in figures}


class Kind(Protocol):
    """What every kind of answer can tell."""

    def empty(self) -> dict[str, Any]: ...
    def is_empty(self, answer: Answer) -> bool: ...
    def problems(self, answer: Answer, context: Context) -> dict[str, str]: ...
    def spans(self, key: str, answer: Answer, title: str) -> list[Span]: ...


class Text:
    """{"text"}"""

    def empty(self) -> dict[str, Any]:
        return {"text": ""}

    def is_empty(self, answer: Answer) -> bool:
        return not said(answer, "text")

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        length, most = len(said(answer, "text")), context.max_length
        if most is None or length <= most:
            return {}
        sentence = _("Texten är %(n)s tecken. Korta den till högst %(most)s.", n=number(length), most=number(most))
        return {"text": sentence}

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        return paragraphs(f"{key}.text", title, said(answer, "text"))


class Analysis:
    """{"items": [{"item", "see", "why", "evidence", "certainty", "sure"}]}: causes, each with what we see, why we think so, on
    what evidence, and how sure we are, chosen (CERTAINTY) and in words.

    Before there could be several it was {"see", "why", "evidence", "sure"}: still read, as one cause, whose passages keep the
    names that they had (`analysis.why.2`, now `analysis.<item>.why.2`).
    """

    FIELDS = ("see", "why", "evidence", "sure")
    FIRST = "first"  # the item of the one cause of an answer from before there could be several

    def empty(self) -> dict[str, Any]:
        return {"items": []}

    def is_empty(self, answer: Answer) -> bool:
        return not self.causes(answer)

    def causes(self, answer: Answer) -> list[dict[str, Any]]:
        """The causes in which something is written, each with its item."""
        rows = answer.get("items", [])
        if "items" not in answer:
            rows = [{"item": self.FIRST, **{name: answer.get(name, "") for name in self.FIELDS}}]
        return [row for row in rows if any(said(row, name) for name in self.FIELDS)]

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        if "items" not in answer:
            return self._missing(answer, _("Säg hur säkra ni är.") if not said(answer, "sure") else "")
        return {
            f"{row['item']}.{name}": sentence
            for row in self.causes(answer)
            for name, sentence in self._missing(
                row, "" if row.get("certainty") in CERTAINTY else _("Välj hur säkra ni är.")
            ).items()
        }

    def _missing(self, row: Answer, certainty: str) -> dict[str, str]:
        asked = {
            "see": _("Skriv vad ni ser."),
            "why": _("Skriv varför ni tror att det är så."),
            "evidence": _("Skriv vad ni bygger det på."),
        }
        found = {name: sentence for name, sentence in asked.items() if not said(row, name)}
        return {**found, **({"certainty" if "item" in row else "sure": certainty} if certainty else {})}

    def heads(self) -> dict[str, str]:
        """The fields in words, in order."""
        return {
            "see": _("Vad vi ser"),
            "why": _("Varför det är så"),
            "evidence": _("Vad vi bygger det på"),
            "sure": _("Hur säkra vi är"),
        }

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        causes, old = self.causes(answer), "items" not in answer
        return [
            span
            for place, row in enumerate(causes, 1)
            for name, head in self.heads().items()
            for span in paragraphs(
                f"{key}.{name}" if old else f"{key}.{row['item']}.{name}",
                f"{title} – {_('Orsak %(n)s', n=place)}: {head}" if len(causes) > 1 else f"{title} – {head}",
                self._sure(row) if name == "sure" else said(row, name),
            )
        ]

    def _sure(self, row: Answer) -> str:
        """What was chosen, and the words to it."""
        chosen = certainty_name(str(row.get("certainty", "")))
        return " ".join(filter(None, (f"{chosen}." if chosen else "", said(row, "sure"))))


CERTAINTY = ("sure", "fairly_sure", "unsure")


def certainty_name(certainty: str) -> str:
    """How sure one is, in words."""
    names: dict[str, str] = {"sure": _("Säkra"), "fairly_sure": _("Ganska säkra"), "unsure": _("Osäkra")}
    return names.get(certainty, "")


def named_causes(key: str, answer: Answer) -> dict[str, str]:
    """The causes of a section by the name that a measure points at them with: in words, why it is so or else what is seen."""
    return {f"{key}.{row['item']}": said(row, "why") or said(row, "see") for row in ANALYSIS.causes(answer)}


class Choice:
    """{"choice", "comment"}"""

    def empty(self) -> dict[str, Any]:
        return {"choice": "", "comment": ""}

    def is_empty(self, answer: Answer) -> bool:
        return not said(answer, "choice") and not said(answer, "comment")

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        return {} if said(answer, "choice") in context.options else {"choice": _("Välj ett av svaren.")}

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        return paragraphs(f"{key}.comment", title, said(answer, "comment"))


class Figures:
    """{"cells": {cell: typed text}, "reasons": {row: text}, "basis": {table: basis}}"""

    def empty(self) -> dict[str, Any]:
        return {"cells": {}, "reasons": {}, "basis": {}}

    def is_empty(self, answer: Answer) -> bool:
        return not any(said(answer.get("cells", {}), name) for name in answer.get("cells", {}))

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        found: dict[str, str] = {}
        for table in context.tables:
            figures, wrong = grid_rules.read(table, raw(answer, table))
            found |= wrong
            for name, sentence in self.asks_why(table, figures, context).items():
                if not said(answer.get("reasons", {}), name):
                    found[name] = sentence
        return found

    def asks_why(self, table: Table, figures: Sequence[Figure], context: Context) -> dict[str, str]:
        """The rows whose figure is low or has changed: compared with the likest earlier figure on the same basis."""
        compared: dict[str, list[tuple[Figure, list[Figure]]]] = {}
        for one in figures:
            when, before = context.likest.get(one.key, ("", None))
            compared.setdefault(when, []).append((one, [before] if before else []))
        return {
            name: sentence
            for when, pairs in compared.items()
            for name, sentence in reasons.reasons(
                table, [one for one, _before in pairs], [each for _one, before in pairs for each in before], when
            ).items()
        }

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        given = answer.get("reasons", {})
        return [
            span
            for row in given
            for span in paragraphs(f"{key}.{row.removesuffix('|why').replace('|', '-')}", title, said(given, row))
        ]

    def figures(self, answer: Answer, tables: Iterable[Table]) -> list[dict[str, Any]]:
        """The figures of the rows that hold, as they are handed up."""
        return [asdict(one) for table in tables for one in grid_rules.read(table, raw(answer, table))[0]]


class Outcomes:
    """{"items": {measure: {"kind", "effect", "evidence": [], "reason", "problem", "sign", "responsible", "due"}}}"""

    def empty(self) -> dict[str, Any]:
        return {"items": {}}

    def is_empty(self, answer: Answer) -> bool:
        return not any(said(item, "kind") or said(item, "effect") for item in answer.get("items", {}).values())

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        given = answer.get("items", {})
        return {
            f"{name}.{part}": sentence
            for name, one in context.open.items()
            for part, sentence in measure.outcome_problems(
                one.problem, given.get(name, {}), context.known, due_has_come=one.due_has_come
            ).items()
        }

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        return [
            span
            for name, item in answer.get("items", {}).items()
            for part in ("effect", "problem", "sign")
            for span in paragraphs(f"{key}.{name}.{part}", title, said(item, part))
            if part == "effect" or said(item, "kind") == "changed"
        ]


class Measures:
    """{"items": [{"item", "problem", "sign", "cause", "goal", "responsible", "due"}]}; with nothing written it is no measure"""

    def empty(self) -> dict[str, Any]:
        return {"items": []}

    def is_empty(self, answer: Answer) -> bool:
        return not self.written(answer)

    def written(self, answer: Answer) -> list[dict[str, Any]]:
        return [item for item in answer.get("items", []) if any(said(item, part) for part in ("problem", "sign", "goal"))]

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        return {
            f"{item['item']}.{part}": sentence
            for item in self.written(answer)
            for part, sentence in measure.problems(item, context.known).items()
        }

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        return [
            span
            for item in self.written(answer)
            for part in ("problem", "sign")
            for span in paragraphs(f"{key}.{item['item']}.{part}", title, said(item, part))
        ]


class Requests:
    """{"items": [{"item", "type", "text"}]}; a row without a type, as in old follow-ups, is about something else (needs.OTHER)"""

    def empty(self) -> dict[str, Any]:
        return {"items": []}

    def is_empty(self, answer: Answer) -> bool:
        return not self.written(answer)

    def written(self, answer: Answer) -> list[dict[str, Any]]:
        return [item for item in answer.get("items", []) if said(item, "text")]

    def problems(self, answer: Answer, context: Context) -> dict[str, str]:
        return {}

    def spans(self, key: str, answer: Answer, title: str) -> list[Span]:
        return [
            span for item in self.written(answer) for span in paragraphs(f"{key}.{item['item']}.text", title, said(item, "text"))
        ]


TEXT, ANALYSIS, CHOICE, FIGURES = Text(), Analysis(), Choice(), Figures()
OUTCOMES, MEASURES, REQUESTS = Outcomes(), Measures(), Requests()
KINDS: dict[str, Kind] = {
    "text": TEXT, "analysis": ANALYSIS, "choice": CHOICE, "figures": FIGURES,
    "outcomes": OUTCOMES, "measures": MEASURES, "requests": REQUESTS,
}  # fmt: skip


def spans(kind: str, key: str, answer: Answer, title: str) -> list[Span]:
    """The passages of a section's answer, in order."""
    return KINDS[kind].spans(key, answer, title)


def headings(kind: str, key: str, answer: Answer, title: str) -> dict[str, str]:
    """What stands over the passages of an answer, by their ids: the section's title, and the field where there are several."""
    return {span.id: span.heading for span in spans(kind, key, answer, title)}


def paragraphs(start: str, heading: str, text: str) -> list[Span]:
    """A text's paragraphs, numbered from 1 after a beginning that names the field."""
    parts = [part.strip() for part in re.split(r"\n[ \t]*\n", text)]
    return [Span(f"{start}.{place}", heading, part) for place, part in enumerate(filter(None, parts), 1)]


def raw(answer: Answer, table: Table) -> dict[str, str]:
    """What was typed in a table, as the grid's rules read it."""
    chosen = answer.get("basis", {})
    basis = chosen.get(table.basis_field) or chosen.get(table.key) or ""
    return {**answer.get("cells", {}), table.basis_field: basis}


def with_set_aside(answer: Answer, before: Answer, tables: Iterable[Table]) -> dict[str, Any]:
    """A typed section of figures together with what was entered in tables that are asked for no longer: it stays in the draft."""
    shown = {
        name for table in tables for name in (table.basis_field, *(each for row in table.rows for each in (*row.cells, row.why)))
    }
    kept = {part: {name: text for name, text in values.items() if name not in shown} for part, values in before.items()}
    return {part: {**kept.get(part, {}), **values} for part, values in answer.items()}


def tidy(answer: Any) -> Any:
    """The same words whichever way they were sent: one kind of line end, and no character that a database refuses."""
    if isinstance(answer, str):
        return answer.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if isinstance(answer, Mapping):
        return {key: tidy(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [tidy(value) for value in answer]
    return answer
