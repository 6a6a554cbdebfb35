"""The forms of good examples: offered, edited, searched, tried."""

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from forms.base import Form, Length, Line, SubForm, choices, lazy, required

_LONG = Length(max=8000, message=lazy("Skriv högst %(n)s tecken.", n=8000))


class OfferForm(Form):
    """What a unit says of its example: the words are those that were handed up."""

    title = Line(lazy("Rubrik"), required(lazy("Skriv en rubrik."), 200))
    subject = SelectField(lazy("Ämne"), validate_choice=False)
    year_groups = SelectMultipleField(lazy("Årskurser"), validate_choice=False)
    school_forms = SelectMultipleField(lazy("Skolformer"), validate_choice=False)


class EditForm(OfferForm):
    """The wording that the unit is asked about."""

    text = TextAreaField(lazy("Exemplet"), [*required(lazy("Skriv exemplet så att en annan enhet kan pröva."), 8000)])
    theme = SelectField(lazy("Tema"), validate_choice=False)
    words = TextAreaField(lazy("Till enheten"), [Optional(), _LONG])


class ActForm(Form):
    act = HiddenField()
    words = TextAreaField(lazy("Med egna ord"), [Optional(), _LONG])


class Search(SubForm):
    """Sent in the address: nothing is changed by it."""

    words = Line(lazy("Ord"), [Optional()])
    subject = SelectField(lazy("Ämne"), validate_choice=False)
    year_group = SelectField(lazy("Årskurs"), validate_choice=False)
    school_form = SelectField(lazy("Skolform"), validate_choice=False)
    theme = SelectField(lazy("Tema"), validate_choice=False)


class TryForm(Form):
    plan = TextAreaField(lazy("Hur ni prövar det"), [Optional(), _LONG])


class TellForm(Form):
    outcome = RadioField(
        lazy("Hur gick det?"), validate_choice=False,
        choices=choices([
            ("worked", lazy("Det fungerade")), ("partly", lazy("Det fungerade delvis")), ("not", lazy("Det fungerade inte här")),
            ("later", lazy("Det är för tidigt att säga")),
        ]),
    )  # fmt: skip
    words = TextAreaField(lazy("Vad som hände hos er"), [Optional(), _LONG])
