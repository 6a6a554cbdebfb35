"""The forms of handovers: the group, who receives it, the texts, and what the receiving unit says."""

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional

from forms.base import Form, Length, Line, lazy, required

_LONG = Length(max=4000, message=lazy("Skriv högst %(n)s tecken.", n=4000))
_NOBODY = lazy("Skriv om gruppen. Ingen enskild får nämnas eller kunna pekas ut, varken barn, elev eller anställd.")


class Group(Form):
    """What the group is called and how many they are."""

    cohort = Line(
        lazy("Gruppens namn"), required(lazy("Skriv vad gruppen heter, till exempel Femåringarna på Myran."), 120),
        description=lazy("Till exempel Femåringarna på Myran, eller Klass 6B."),
    )  # fmt: skip
    children = IntegerField(
        lazy("Hur många är de?"), [InputRequired(lazy("Skriv hur många de är, med siffror."))],
        description=lazy("De som går vidare, ungefär. Är de färre än tio ser mottagaren bara det."),
    )  # fmt: skip


class Begin(Group):
    """The view puts in the steps that the unit has groups for."""

    step = RadioField(lazy("Vilken övergång?"), validators=[InputRequired(lazy("Välj vilken övergång det gäller."))])
    year = RadioField(lazy("Läsåret som gruppen slutar"), validators=[InputRequired(lazy("Välj läsår."))])


class Search(Form):
    """Asked for by an address, so that what was found can be linked to."""

    class Meta:
        csrf = False

    words = Line(lazy("Sök enhet"))


class Text(Form):
    """What stands under a heading."""

    version = HiddenField()
    save_key = HiddenField()
    text = TextAreaField(lazy("Text"), [Length(max=8000, message=lazy("Skriv högst %(n)s tecken.", n=8000))])


class Give(Form):
    """`version`: what was read through."""

    version = HiddenField()
    confirmed = BooleanField(lazy("Vi har läst igenom texten. Ingen enskild nämns eller kan pekas ut."))


class Question(Form):
    words = TextAreaField(
        lazy("Vad vill ni veta?"), required(lazy("Skriv vad ni vill veta, så att den andra enheten kan skriva vidare.")),
        description=_NOBODY,
    )  # fmt: skip


class Answer(Form):
    words = TextAreaField(
        lazy("Så tar vi vid"), [*required(lazy("Skriv hur ni tar vid. En mening räcker.")), _LONG], description=_NOBODY
    )
    asks = TextAreaField(lazy("Frågor till dem som lämnade över"), [Optional(), _LONG])


class Reply(Form):
    words = TextAreaField(lazy("Svar på frågorna"), [*required(lazy("Skriv ett svar.")), _LONG], description=_NOBODY)


class LookBack(Form):
    words = TextAreaField(
        lazy("Det här hade vi velat veta"), [*required(lazy("Skriv vad ni hade velat veta. En mening räcker.")), _LONG],
        description=_NOBODY,
    )  # fmt: skip
