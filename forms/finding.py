"""The forms of coding: a mark, a theme, whose codes stand, a quote, a finding and what is answered."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from forms.base import Day, Form, Length, Line, lazy, required


class MarkForm(Form):
    """A paragraph, or words of it, with its themes. `begins` is sent by the script, where words were marked on the page."""

    span = HiddenField()
    seen = HiddenField()
    begins = HiddenField()
    themes = SelectMultipleField(lazy("Teman"), validate_choice=False)
    words = TextAreaField(lazy("Bara en del av stycket"), [Optional()])
    note = Line(lazy("Anteckning"), [Optional()])


class ThemeForm(Form):
    name = Line(lazy("Temats namn"), required(lazy("Skriv vad temat ska heta."), 80))
    belongs = TextAreaField(
        lazy("Vad som hör dit, i en mening"),
        [*required(lazy("Skriv vad som hör till temat, så att två kodare menar samma sak."), 500)],
    )


class MergeForm(Form):
    into = SelectField(lazy("Räkna det som"), validate_choice=False)


class ResolveForm(Form):
    """Whose codes of a paragraph stand."""

    submission = HiddenField()
    span = HiddenField()
    stands = RadioField(lazy("Vad ska gälla?"), validate_choice=False)
    reason = TextAreaField(lazy("Varför"), [Length(max=500, message=lazy("Skriv högst %(n)s tecken.", n=500))])


class QuoteForm(Form):
    theme = SelectField(lazy("Under vilket tema"), validate_choice=False)
    words = TextAreaField(lazy("Citatet"), required(lazy("Skriv orden som ska citeras."), 1500))
    confirmed = BooleanField(lazy("Ingen enskild person kan pekas ut av citatet"))


class FindingForm(Form):
    title = Line(lazy("Rubrik"), required(lazy("Skriv en rubrik."), 200))
    seen = TextAreaField(lazy("Vad vi ser"), required(lazy("Skriv vad ni ser, i en eller ett par meningar."), 2000))


class MoveForm(Form):
    """What is done with a finding. Which fields are asked for depends on the act."""

    act = HiddenField()
    words = TextAreaField(lazy("Med egna ord"), [Optional(), Length(max=4000, message=lazy("Skriv högst %(n)s tecken.", n=4000))])
    responsible = Line(lazy("Vem som gör det"), [Optional(), Length(max=200, message=lazy("Skriv högst %(n)s tecken.", n=200))])
    due_on = Day(lazy("Klart senast"), [Optional()])
