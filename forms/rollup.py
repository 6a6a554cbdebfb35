"""The receiver's forms."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from chain.base.locale import lazy


class AcceptForm(FlaskForm):
    """A button: that it was received as complete."""


class ReasonForm(FlaskForm):
    """Why something is sent back or opened again."""

    reason = TextAreaField(lazy("Vad behöver ändras?"), validators=[InputRequired(lazy("Skriv vad som behöver ändras."))])
