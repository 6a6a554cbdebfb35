"""The form of a measure: who is responsible."""

from wtforms import SelectField

from forms.base import Form, lazy


class ResponsibleForm(Form):
    person = SelectField(lazy("Ansvarig"), choices=[], validate_choice=False)
