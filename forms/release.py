"""Preparing, approving and refusing a release, and by which thresholds it is protected."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from chain.base.locale import lazy
from forms.base import Day, Form, SelectChoice


class ConfirmForm(FlaskForm):
    """A button."""


class RefuseForm(FlaskForm):
    reason = TextAreaField(lazy("Varför kan den inte godkännas?"), validators=[InputRequired(lazy("Skriv varför."))])


class ProfileForm(Form):
    """Skolverket's thresholds, or the municipality's own with who decided them, when and why."""

    use = SelectField(
        lazy("Vilka gränsvärden ska gälla?"), default="skolverket",
        choices=[SelectChoice("skolverket", lazy("Skolverkets")), SelectChoice("own", lazy("Kommunens egna, enligt nedan"))],
    )  # fmt: skip
    fewest = IntegerField(lazy("Minsta antal elever bakom ett tal"))
    sensitive = IntegerField(lazy("Så få på ena sidan är känsligt: 1 till"))
    everybody_from = IntegerField(lazy("Alla eller ingen sägs exakt från så många elever"))
    rounded_to = IntegerField(lazy("Elever avrundas till närmaste"))
    width = IntegerField(lazy("Så många elever osäkert ska det minst vara"))
    finest = SelectField(lazy("Lägsta nivå som ges ut"), choices=[])
    decided_by = StringField(lazy("Vem har beslutat?"))
    decided_on = Day(lazy("När?"))
    reason = TextAreaField(lazy("Varför?"))
