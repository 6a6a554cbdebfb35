"""A note in the improvement wheel of a measure: fields and their words. What is wrong with it, the rules say."""

from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, TextAreaField

from forms.base import Day, Form, lazy


class WheelForm(Form):
    """The view fills in the choices."""

    key = HiddenField()  # the same note sent twice is one note
    seen = HiddenField()  # what the note said when the page was opened
    stage = RadioField(lazy("Var i hjulet?"), choices=[], validate_choice=False)
    on = Day(lazy("När?"))
    text = TextAreaField(lazy("Vad har ni planerat, gjort eller sett?"))
    evidence = SelectField(lazy("Hur vet ni det?"), choices=[], validate_choice=False)
    files = MultipleFileField(lazy("Filer"))
