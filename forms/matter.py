"""The forms of matters: a decision with what follows at once, a matter, an assignment, the calendar."""

from wtforms import FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import NumberRange, Optional

from forms.base import DataRequired, Day, Form, Length, Line, SubForm, choices, lazy, required

ROWS = 3  # assignments that there is room for at first
_LINE = Length(max=200, message=lazy("Skriv högst %(n)s tecken.", n=200))
_NUMBER = Length(max=60, message=lazy("Skriv högst %(n)s tecken.", n=60))


class Asked(SubForm):
    """What a decision asks of the administration."""

    text = TextAreaField(lazy("Uppdrag till förvaltningen"), [Optional()])
    due_on = Day(lazy("Återrapporteras senast"), [Optional()])


class Judged(SubForm):
    """What the committee says of an assignment that was reported back."""

    name = HiddenField()
    verdict = RadioField(
        lazy("Nämnden"), validate_choice=False, default="",
        choices=choices([
            ("", lazy("säger inget om det här")), ("approve", lazy("godkänner: uppdraget är avslutat")),
            ("send_back", lazy("godkänner inte: uppdraget är öppet igen")),
        ]),
    )  # fmt: skip
    words = Line(lazy("Varför, om det inte godkänns"), [Optional()])


class Record(Form):
    """A decision as the minutes have it, what it asks for, and what it says of what was reported."""

    decided_on = Day(lazy("Beslutat den"), [DataRequired(lazy("Skriv dagen då beslutet fattades."))])
    paragraph = Line(lazy("Paragraf"), required(lazy("Skriv paragrafen i protokollet, till exempel § 12."), 20))
    registration_number = Line(lazy("Diarienummer"), required(lazy("Skriv diarienumret, till exempel Bun 2018/75."), 60))
    text = TextAreaField(lazy("Beslutet, ordagrant"), required(lazy("Skriv beslutet som det står i protokollet."), 10_000))
    round = SelectField(lazy("Gäller uppföljningen"), validate_choice=False)
    matter = SelectField(lazy("Ärende"), validate_choice=False)
    outcome = RadioField(
        lazy("Vad beslutet gör med ärendet"), validate_choice=False, default="decide",
        choices=choices([
            ("decide", lazy("Avgör det")), ("refer_back", lazy("Återremitterar det till förvaltningen")),
            ("postpone", lazy("Bordlägger det till nästa sammanträde")),
        ]),
    )  # fmt: skip
    asks = FieldList(FormField(Asked), min_entries=ROWS, max_entries=20)
    verdicts = FieldList(FormField(Judged), max_entries=200)
    corrects = HiddenField()


class Ask(Form):
    """One more assignment of a decision that is recorded."""

    text = TextAreaField(lazy("Uppdrag till förvaltningen"), required(lazy("Skriv vad förvaltningen ska göra."), 2000))
    due_on = Day(lazy("Återrapporteras senast"), [Optional()])
    to = SelectField(lazy("Till"), validate_choice=False)


class MatterFacts(Form):
    """A matter: what it is called, why it was opened, and what it belongs to."""

    title = Line(lazy("Rubrik"), required(lazy("Skriv en rubrik, till exempel Återrapportering av karriärtjänster."), 200))
    registration_number = Line(lazy("Diarienummer"), [Optional(), _NUMBER])
    opened_on = Day(lazy("Öppnat den"), [DataRequired(lazy("Skriv dagen då ärendet kom."))])
    why = TextAreaField(
        lazy("Varför"), required(lazy("Skriv varför ärendet öppnas: vad det gäller och vem som har väckt det."), 10_000)
    )
    round = SelectField(lazy("Gäller uppföljningen"), validate_choice=False)
    follows = SelectField(lazy("Går vidare från ärendet"), validate_choice=False)
    answers = HiddenField()
    version = HiddenField(default="1")


class Act(Form):
    """Something done with a matter or an assignment, with the words that it asks for."""

    act = HiddenField()
    words = TextAreaField(lazy("Varför"), [Optional()])


class Assign(Form):
    responsible = SelectField(lazy("Ansvarig"), validate_choice=False)
    words = TextAreaField(lazy("Något att tänka på"), [Optional()])


class Answer(Form):
    """What the administration does with an assignment."""

    act = HiddenField()
    matter = SelectField(lazy("Besvaras i ärendet"), validate_choice=False)
    words = TextAreaField(lazy("Kort om vad som har gjorts"), [Optional()])


class Keep(Form):
    """What the secretary does with an assignment on the committee's behalf."""

    act = HiddenField()
    due_on = Day(lazy("Ny sista dag"), [Optional()])
    words = TextAreaField(lazy("Varför"), [Optional()])


class Plan(Form):
    """A calendar: one meeting or a year's."""

    days = TextAreaField(lazy("Dagar"), required(lazy("Skriv minst en dag, som 2027-01-20."), 2000))
    begins_at = Line(lazy("Klockan"), [Optional()])
    place = Line(lazy("Plats"), [Optional(), _LINE])
    papers_before = IntegerField(
        lazy("Handlingar klara så många dagar före"),
        [Optional(), NumberRange(0, 60, lazy("Skriv ett antal dagar mellan 0 och 60."))],
    )


class MeetingFacts(Form):
    held_on = Day(lazy("Dag"), [DataRequired(lazy("Skriv dagen för sammanträdet."))])
    begins_at = Line(lazy("Klockan"), [Optional()])
    place = Line(lazy("Plats"), [Optional(), _LINE])
    papers_by = Day(lazy("Handlingar klara senast"), [Optional()])
    version = HiddenField(default="1")


class Cancel(Form):
    reason = TextAreaField(lazy("Varför ställs det in?"), required(lazy("Skriv varför sammanträdet ställs in."), 2000))


class Agenda(Form):
    """Something done with the agenda: a matter put on it, moved a step, moved on or taken off."""

    act = HiddenField()
    matter = SelectField(lazy("Ärende"), validate_choice=False)
