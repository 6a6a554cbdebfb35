"""The form of a decision."""

from wtforms import HiddenField, SelectField, TextAreaField

from forms.base import DataRequired, Day, Form, Line, lazy, required


class Record(Form):
    """A decision as the minutes have it."""

    decided_on = Day(lazy("Beslutat den"), [DataRequired(lazy("Skriv dagen då beslutet fattades."))])
    paragraph = Line(lazy("Paragraf"), required(lazy("Skriv paragrafen i protokollet, till exempel § 12."), 20))
    registration_number = Line(lazy("Diarienummer"), required(lazy("Skriv diarienumret, till exempel Bun 2018/75."), 60))
    text = TextAreaField(lazy("Beslutet, ordagrant"), required(lazy("Skriv beslutet som det står i protokollet."), 10_000))
    round = SelectField(lazy("Gäller uppföljningen"), validate_choice=False)
    corrects = HiddenField()
