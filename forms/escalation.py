"""What the level above answers to a need that has waited too long."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional

from chain.base.locale import lazy
from forms.base import Day, Form, choices


class EscalationForm(Form):
    state = RadioField(
        lazy("Vad blir svaret?"),
        choices=choices(
            [
                ("granted", lazy("Ja, stöd ges")),
                ("refused", lazy("Nej, och varför")),
                ("taken_up", lazy("Vi för behovet vidare uppåt, med egna ord")),
            ]
        ),
        validators=[InputRequired(lazy("Välj vad svaret är."))],
    )
    answer = TextAreaField(lazy("Vilket stöd, varför inte, eller vad nästa nivå behöver veta"))
    until = Day(lazy("Stödet ges till och med"), [Optional()])


class ExplainForm(Form):
    """What a level that does not read the follow-up has to know."""

    words = TextAreaField(lazy("Vad behöver de veta?"))
