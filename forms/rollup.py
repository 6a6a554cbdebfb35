"""The receiver's forms."""

from flask_wtf import FlaskForm
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired

from forms.base import Form, lazy, required


class AcceptForm(FlaskForm):
    """A button: that it was received as complete."""


class ReasonForm(FlaskForm):
    """Why something is sent back or opened again."""

    reason = TextAreaField(lazy("Vad behöver ändras?"), validators=[InputRequired(lazy("Skriv vad som behöver ändras."))])


class Similar(Form):
    """A municipality to stand beside."""

    code = SelectField(lazy("Kommun"))
    reason = TextAreaField(
        lazy("Varför just den?"),
        required(lazy("Skriv varför just den kommunen är lik er."), 500),
        description=lazy("Till exempel lika stor, eller i samma kommungrupp hos SKR."),
    )
