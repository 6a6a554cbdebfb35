"""The answer to a request."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from chain.base.locale import lazy
from forms.base import Form, choices


class AnswerForm(Form):
    """The view takes the third choice away where there is no level above."""

    state = RadioField(
        lazy("Vad blir svaret?"),
        choices=choices(
            [
                ("granted", lazy("Ja")),
                ("refused", lazy("Nej, och varför")),
                ("taken_up", lazy("Vi för frågan vidare uppåt")),
            ]
        ),
        validators=[InputRequired(lazy("Välj vad svaret är."))],
    )
    answer = TextAreaField(lazy("Svaret, så att den som frågade vet vad som händer nu"))
