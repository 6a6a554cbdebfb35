"""The forms of a follow-up: one a kind of question. They keep what was typed; what it is worth, the rules say."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField

from forms.base import Form, SubForm, choices, lazy

MOST_ITEMS = 10  # measures, and requests, in one section: few, and possible to carry out


class SectionForm(Form):
    """What every section ends with. `version` is the one that the page showed; `save_key` makes a save sent twice one save."""

    version = HiddenField(default="0")
    save_key = HiddenField()
    done = RadioField(
        lazy("Är avsnittet klart?"),
        choices=choices([("yes", lazy("Ja, klart")), ("no", lazy("Nej, jag återkommer"))]),
        default="no",
        validate_choice=False,
    )

    def answer(self) -> dict[str, Any]:
        """What was typed, in the shape of the question's kind."""
        raise NotImplementedError

    def named(self) -> dict[str, Any]:
        """The fields by the names that the rules use when something is to be put right."""
        return {field.short_name: field for field in self}

    def tell(self, sentences: Mapping[str, str]) -> list[str]:
        """Put each sentence at its field; those that belong to no field are answered."""
        fields, loose = self.named(), []
        for name, sentence in sentences.items():
            if name in fields:
                fields[name].errors = [sentence]
            else:
                loose.append(sentence)
        return loose


class TextForm(SectionForm):
    text = TextAreaField(lazy("Vårt svar"))

    def answer(self) -> dict[str, Any]:
        return {"text": self.text.data or ""}


class ChoiceForm(SectionForm):
    choice = RadioField(lazy("Vårt svar"), choices=[], validate_choice=False)
    comment = TextAreaField(lazy("Kommentar"))

    def answer(self) -> dict[str, Any]:
        return {"choice": self.choice.data or "", "comment": self.comment.data or ""}


class FiguresForm(SectionForm):
    """Hundreds of cells with names of their own, so they are kept as they came and not made into fields."""

    typed: dict[str, str]
    told: dict[str, str]

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **kwargs: Any) -> None:
        super().process(formdata, obj, data, **kwargs)
        sent = self.meta.wrap_formdata(self, formdata)
        had = data or {}
        self.told = {}
        if sent:
            self.typed = {name: sent[name] for name in sent if "|" in name}
        else:
            self.typed = {**had.get("cells", {}), **had.get("reasons", {}), **had.get("basis", {})}

    def answer(self) -> dict[str, Any]:
        parts: dict[str, dict[str, str]] = {"cells": {}, "reasons": {}, "basis": {}}
        for name, text in self.typed.items():
            part = {"why": "reasons", "basis": "basis"}.get(name.rpartition("|")[2], "cells")
            if text.strip():
                parts[part][name] = text
        return parts

    def tell(self, sentences: Mapping[str, str]) -> list[str]:
        self.told = {name: sentence for name, sentence in sentences.items() if "|" in name}
        return [sentence for name, sentence in sentences.items() if "|" not in name]


class ItemForm(SubForm):
    """A row with a stable name, so that it is the same row from save to save."""

    item = HiddenField()


class CauseForm(ItemForm):
    see = TextAreaField(lazy("Vad ser vi?"))
    why = TextAreaField(lazy("Varför är det så?"))
    evidence = TextAreaField(lazy("Vad bygger vi det på?"))
    certainty = RadioField(lazy("Hur säkra är vi?"), choices=[], validate_choice=False)
    sure = TextAreaField(lazy("Vad vet vi, och vad ska vi ta reda på?"))


class MeasureForm(ItemForm):
    problem = TextAreaField(lazy("Vilket problem ska åtgärden lösa, och vad ska ni göra?"))
    sign = TextAreaField(lazy("Vad ska märkas i klassrummet?"))
    cause = SelectField(lazy("Vilken orsak tar den tag i?"), choices=[], validate_choice=False)
    goal = SelectField(lazy("Hör till mål"), choices=[], validate_choice=False)
    responsible = SelectField(lazy("Ansvarig"), choices=[], validate_choice=False)
    due = SelectField(lazy("Följs upp i"), choices=[], validate_choice=False)


class RequestForm(ItemForm):
    type = SelectField(lazy("Vad gäller det?"), choices=[], validate_choice=False)
    text = TextAreaField(lazy("Vad behöver ni?"))


class OutcomeForm(SubForm):
    measure = HiddenField()
    kind = RadioField(lazy("Vad hände?"), choices=[], validate_choice=False)
    effect = TextAreaField(lazy("Vad ser ni för effekt?"))
    evidence = SelectMultipleField(lazy("Hur vet ni det?"), choices=[], validate_choice=False)
    reason = RadioField(lazy("Vad kom i vägen?"), choices=[], validate_choice=False)
    problem = TextAreaField(lazy("Problemet och åtgärden, som ni nu ser det"))
    sign = TextAreaField(lazy("Vad ska märkas i klassrummet?"))
    responsible = SelectField(lazy("Ansvarig"), choices=[], validate_choice=False)
    due = SelectField(lazy("Följs upp i"), choices=[], validate_choice=False)

    def outcome(self) -> dict[str, Any]:
        texts = ("kind", "effect", "reason", "problem", "sign", "responsible", "due")
        return {**{name: self[name].data or "" for name in texts}, "evidence": list(self.evidence.data or [])}


class RowsForm(SectionForm):
    """Rows that can be added and taken away without a script: `add` and `remove` are buttons that save as well."""

    PARTS: tuple[str, ...] = ()

    def answer(self) -> dict[str, Any]:
        rows = [{"item": row.form.item.data, **{name: row.form[name].data or "" for name in self.PARTS}} for row in self["items"]]
        return {"items": [row for row in rows if row["item"] and any(row[name].strip() for name in self.written())]}

    def written(self) -> tuple[str, ...]:
        """The parts that somebody has to write: a row in which only a list stands at its first line is empty."""
        return self.PARTS

    def named(self) -> dict[str, Any]:
        return {f"{row.form.item.data}.{name}": row.form[name] for row in self["items"] for name in self.PARTS}

    def tell(self, sentences: Mapping[str, str]) -> list[str]:
        loose = super().tell(sentences)
        self["items"].errors = [True] if any(row.form.errors for row in self["items"]) else []
        return loose


class MeasuresForm(RowsForm):
    items = FieldList(FormField(MeasureForm), max_entries=MOST_ITEMS)
    PARTS = ("problem", "sign", "cause", "goal", "responsible", "due")
    has_goals = False  # whether there are any to choose

    def written(self) -> tuple[str, ...]:
        return "problem", "sign", "goal"

    def choose(
        self,
        people: Iterable[tuple[str, str]],
        rounds: Iterable[tuple[str, str]],
        causes: Iterable[tuple[str, str]],
        goals: Iterable[tuple[str, str]],
    ) -> None:
        """Whom, when, and which cause and goal one can choose, in every row."""
        offer(self["items"], people, rounds)
        causes, goals = list(causes), list(goals)
        for row in self["items"]:
            choose_one(row.form.cause, causes, lazy("Ingen orsak"), lazy("En orsak som inte står kvar"))
            chosen = row.form.goal.data or ""  # an address, or what was typed before there were goals to choose
            gone = lazy("Ett mål som inte gäller längre") if len(chosen) == 32 else chosen
            choose_one(row.form.goal, goals, lazy("Inget mål"), gone)
        self.has_goals = bool(goals)


class AnalysisForm(RowsForm):
    items = FieldList(FormField(CauseForm), max_entries=MOST_ITEMS)
    PARTS = ("see", "why", "evidence", "certainty", "sure")

    def written(self) -> tuple[str, ...]:
        return "see", "why", "evidence", "sure"

    def choose(self, certainty: Iterable[tuple[str, str]]) -> None:
        """How sure one can be, in every row."""
        known = choices(certainty)
        for row in self["items"]:
            row.form.certainty.choices = known


class RequestsForm(RowsForm):
    items = FieldList(FormField(RequestForm), max_entries=MOST_ITEMS)
    PARTS = ("type", "text")

    def written(self) -> tuple[str, ...]:
        return ("text",)

    def sort(self, kinds: Iterable[tuple[str, str]]) -> None:
        """What a need can be about, in every row; the first line sorts it as nothing in particular."""
        for row in self["items"]:
            row.form.type.choices = choices([("", lazy("Välj")), *kinds])


class OutcomesForm(SectionForm):
    items = FieldList(FormField(OutcomeForm))

    def answer(self) -> dict[str, Any]:
        return {"items": {row.form.measure.data: row.form.outcome() for row in self["items"] if row.form.measure.data}}

    def named(self) -> dict[str, Any]:
        return {f"{row.form.measure.data}.{part.short_name}": part for row in self["items"] for part in row.form}

    def tell(self, sentences: Mapping[str, str]) -> list[str]:
        loose = super().tell(sentences)
        self["items"].errors = [True] if any(row.form.errors for row in self["items"]) else []
        return loose

    def choose(
        self, people: Iterable[tuple[str, str]], rounds: Iterable[tuple[str, str]], **words: Iterable[tuple[str, str]]
    ) -> None:
        """Whom and when one can choose, and the words for `kind`, `evidence` and `reason`."""
        offer(self["items"], people, rounds)
        known = {name: choices(pairs) for name, pairs in words.items()}
        for row in self["items"]:
            for name, options in known.items():
                row.form[name].choices = options


def offer(rows: Any, people: Iterable[tuple[str, str]], rounds: Iterable[tuple[str, str]]) -> None:
    """The same people and rounds in every row, after a line that chooses nobody. What was chosen stays, also when gone."""
    people, rounds = list(people), list(rounds)
    for row in rows:
        for field, known in ((row.form.responsible, people), (row.form.due, rounds)):
            gone = [(field.data, field.data)] if field.data and field.data not in dict(known) else []
            field.choices = choices([("", lazy("Välj")), *known, *gone])


def choose_one(field: Any, known: list[tuple[str, str]], none: Any, gone: Any) -> None:
    """What can be chosen, after a line that chooses nothing. What was chosen stays, also when it is there no longer."""
    left = [(field.data, gone)] if field.data and field.data not in dict(known) else []
    field.choices = choices([("", none), *known, *left])


class CiteForm(Form):
    """Words to lift: a paragraph, edited down to a passage of it."""

    words = TextAreaField(lazy("De ord som lyfts"))
    confirmed = BooleanField(lazy("Jag har sett efter: ingen person kan pekas ut"))


FORMS: dict[str, type[SectionForm]] = {
    "text": TextForm,
    "analysis": AnalysisForm,
    "choice": ChoiceForm,
    "figures": FiguresForm,
    "outcomes": OutcomesForm,
    "measures": MeasuresForm,
    "requests": RequestsForm,
}
