"""The forms of feedback: giving it, and what a node does with its own. Short: a group answers in less than a minute."""

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from forms.base import Day, Form, lazy, required


class Give(Form):
    """What to say, to whom, and by when an answer is wished for. The view fills in the choices."""

    about_kind = HiddenField()
    about = HiddenField()
    kind = HiddenField()
    text = TextAreaField(lazy("Det vill vi säga"), required(lazy("Skriv vad ni vill säga."), 4000))
    whom = RadioField(lazy("Till vilka?"), validate_choice=False)
    units = SelectMultipleField(lazy("Vilka?"), validate_choice=False)
    due_on = Day(lazy("Vi vill ha svar senast"), [Optional()])


class Answer(Form):
    """One field, one button. What is wrong with the words, the rules say."""

    words = TextAreaField(lazy("Så gör vi nu"))


class PassOn(Form):
    words = TextAreaField(lazy("Vad det betyder för oss"))


class Close(Form):
    words = TextAreaField(lazy("Vad blev det av det?"))
