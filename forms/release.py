"""Preparing, approving and refusing a release."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from chain.base.locale import lazy


class ConfirmForm(FlaskForm):
    """A button."""


class RefuseForm(FlaskForm):
    reason = TextAreaField(lazy("Varför kan den inte godkännas?"), validators=[InputRequired(lazy("Skriv varför."))])
