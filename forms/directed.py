"""Directed support: what is needed, what is decided, and what came of it."""

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Optional

from chain.base.locale import lazy
from forms.base import Day, Form


class BeginForm(Form):
    """Asked for by the unit, or offered to it."""

    unit = SelectField(lazy("Vilken enhet?"), choices=[], validate_choice=False)
    type = SelectField(lazy("Vad gäller det?"), choices=[], validate_choice=False)
    need = TextAreaField(lazy("Vad behövs, och varför räcker inte det som görs nu?"))


class ActForm(Form):
    """One act; the button says which. `version` is the one that the page showed."""

    version = HiddenField()
    words = TextAreaField(lazy("Med era ord"))
    given_by = SelectField(lazy("Vem ger stödet?"), choices=[], validate_choice=False)
    starts_on = Day(lazy("Från och med"), [Optional()])
    ends_on = Day(lazy("Till och med"), [Optional()])
