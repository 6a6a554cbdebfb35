"""What is written down of a plan: days, who answers for it, and where it is to be found."""

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Optional

from forms.base import Day, Form, Length, Line, lazy


class PlanForm(Form):
    version = HiddenField()
    decided_on = Day(lazy("Beslutad den"))
    revised_on = Day(lazy("Reviderad den"), [Optional()])
    responsible = SelectField(lazy("Ansvarig"), choices=[], validate_choice=False)
    number = Line(lazy("Diarienummer"), [Optional(), Length(max=60, message=lazy("Skriv högst %(n)s tecken.", n=60))])
    text = TextAreaField(lazy("Var den finns"), [Optional()])
