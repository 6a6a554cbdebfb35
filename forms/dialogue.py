"""The forms of quality dialogues: the meeting, what is written before and during it, and what is agreed to."""

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from forms.base import DataRequired, Day, Form, Line, choices, lazy, required


class Meeting(Form):
    """When and where, who takes part, and what is to be talked about."""

    about = SelectField(lazy("Vad dialogen gäller"), validate_choice=False)
    held_on = Day(lazy("Dag"), [DataRequired(lazy("Skriv dagen för dialogen."))])
    begins_at = Line(lazy("Klockan"), required(lazy("Skriv när dialogen börjar, som 13.00.")))
    place = Line(lazy("Plats"), [Optional()])
    unit_people = SelectMultipleField(lazy("Från enheten"), choices=[], validate_choice=False)
    host_people = SelectMultipleField(lazy("Från er"), choices=[], validate_choice=False)
    agenda = TextAreaField(lazy("Dagordning, en rubrik på varje rad"), required(lazy("Skriv minst en rubrik."), 2000))
    version = HiddenField(default="1")


class WhichUnit(Form):
    """Whom to call, before the people there can be chosen."""

    unit = SelectField(lazy("Enhet"), validate_choice=False)


class Step(Form):
    """Something done with a dialogue, with the words that it asks for."""

    act = HiddenField()
    words = TextAreaField(lazy("Med några ord"), [Optional()])


class Written(Form):
    """A text that is saved while it is being written. `save_key` makes a save sent twice one save."""

    text = TextAreaField(lazy("Anteckningar"))
    version = HiddenField(default="0")
    save_key = HiddenField()


class OwnWords(Written):
    text = TextAreaField(lazy("Det här vill vi ta upp"))


class Agree(Form):
    """What, who, until which round."""

    text = TextAreaField(lazy("Vad är ni överens om?"), required(lazy("Skriv vad ni är överens om."), 2000))
    side = RadioField(
        lazy("Vem gör det?"), validate_choice=False,
        choices=choices([("unit", lazy("Enheten")), ("host", lazy("Den som håller dialogen"))]),
    )  # fmt: skip
    responsible = SelectField(lazy("Ansvarig"), validate_choice=False)
    due = SelectField(lazy("Till uppföljningen"), validate_choice=False)
    version = HiddenField(default="1")


class CameOfIt(Form):
    words = TextAreaField(
        lazy("Vad blev det av det?"), required(lazy("Skriv vad det blev av det, eller varför det inte blev något."), 4000)
    )


class Headings(Form):
    agenda = TextAreaField(lazy("Rubriker, en på varje rad"), [Optional()])
