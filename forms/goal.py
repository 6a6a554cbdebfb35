"""The forms of goals, governing documents and workplans. What can be chosen is handed in by the view."""

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Optional

from forms.base import DataRequired, Day, Form, Length, Line, SvDecimal, choices, lazy, required

_LINE = Length(max=200, message=lazy("Skriv högst %(n)s tecken.", n=200))
_REFERENCE = Length(max=60, message=lazy("Skriv högst %(n)s tecken.", n=60))


def _words(most: int) -> Length:
    return Length(max=most, message=lazy("Skriv högst %(n)s tecken.", n=most))


class GoalFacts(Form):
    """A goal: what is to be true, what it breaks down, whose it is, when it holds, and how one sees it."""

    title = Line(lazy("Målet"), required(lazy("Skriv målet i en mening: vad ska vara sant när det är nått?"), 200))
    kind = RadioField(
        lazy("Slag av mål"), validate_choice=False, default="knowledge",
        choices=choices([("knowledge", lazy("Kunskapsmål")), ("values", lazy("Värdegrundsmål"))]),
    )  # fmt: skip
    text = TextAreaField(lazy("Vad det betyder"), [Optional(), _words(5000)])
    above = SelectMultipleField(lazy("Bryter ner"), validate_choice=False)
    owner = SelectField(lazy("Ansvarig"), validate_choice=False)
    valid_from = SelectField(lazy("Gäller från"), validate_choice=False)
    valid_to = SelectField(lazy("Gäller till och med"), validate_choice=False)
    school_forms = SelectMultipleField(lazy("Gäller skolformerna"), validate_choice=False)
    indicator = SelectField(lazy("Mått"), validate_choice=False)
    subject = SelectField(lazy("Ämne"), validate_choice=False)
    year_group = SelectField(lazy("Årskurs"), validate_choice=False)
    direction = SelectField(
        lazy("Riktning"), validate_choice=False,
        choices=choices([("", lazy("Inget målvärde")), ("at_least", lazy("Minst")), ("at_most", lazy("Högst"))]),
    )  # fmt: skip
    target = SvDecimal(lazy("Målvärde"), [Optional()])
    version = HiddenField(default="1")


class ChangeGoal(GoalFacts):
    """Other words in a goal that has been decided."""

    reason = TextAreaField(lazy("Varför ändras målet?"), required(lazy("Skriv varför, så att de som läser målet förstår."), 2000))
    decided_on = Day(lazy("Beslutat den"), [DataRequired(lazy("Skriv dagen då ändringen beslutades."))])
    reference = Line(lazy("Paragraf eller diarienummer"), [Optional(), _REFERENCE])


class Decide(Form):
    decided_on = Day(lazy("Beslutat den"), [DataRequired(lazy("Skriv dagen då målet beslutades."))])
    reference = Line(lazy("Paragraf eller diarienummer"), [Optional(), _REFERENCE])
    version = HiddenField(default="1")


class End(Form):
    reason = TextAreaField(lazy("Varför avslutas målet?"), required(lazy("Skriv varför målet avslutas."), 2000))
    version = HiddenField(default="1")


class Assess(Form):
    """How far each goal is reached: the fields of each are named by its address (verdict-…, reasons-…)."""

    period = HiddenField()
    reasons = TextAreaField(lazy("Varför bedömer ni så?"))  # so that what was typed is given back; drawn once per goal


class KeepNational(Form):
    hidden = BooleanField(lazy("Vi använder inte det här målet"))
    own_words = TextAreaField(lazy("Kommunens egna ord"), [Optional(), _words(5000)])


# Governing documents


class DocumentWords(Form):
    """What a governing document says."""

    title = Line(lazy("Dokumentets namn"), required(lazy("Skriv vad dokumentet heter."), 200))
    kind = SelectField(
        lazy("Slag"), validate_choice=False,
        choices=choices([
            ("routine", lazy("Rutin")), ("quality_model", lazy("Kvalitetsmodell")), ("plan", lazy("Plan")),
            ("terms", lazy("Villkor")),
        ]),
    )  # fmt: skip
    text = TextAreaField(lazy("Text"), [Optional(), _words(60_000)])
    link = Line(lazy("Länk till dokumentet"), [Optional(), Length(max=300, message=lazy("Skriv högst %(n)s tecken.", n=300))])
    changes = TextAreaField(lazy("Vad som är nytt sedan förra versionen"), [Optional(), _words(5000)])
    at = SelectField(lazy("Gäller för"), validate_choice=False)
    version = HiddenField(default="1")


class AskHeads(Form):
    receivers = SelectMultipleField(lazy("Vilka chefer frågas?"), validate_choice=False)
    everybody = BooleanField(lazy("Alla i listan"))
    until = Day(lazy("Svar senast"), [DataRequired(lazy("Välj en sista dag för svaren, i dag eller senare."))])
    question = TextAreaField(lazy("Vad vill ni veta?"), [Optional(), _words(5000)])


class AnswerConsultation(Form):
    answer = TextAreaField(
        lazy("Enhetens svar"), required(lazy("Skriv vad ni tycker. Har ni inget att invända, skriv det."), 5000)
    )


class Adopt(Form):
    """The decision by which a version holds."""

    adopted_by = Line(lazy("Antaget av"), required(lazy("Skriv vem som beslutade, till exempel nämnden."), 120))
    registration_number = Line(lazy("Diarienummer"), [Optional(), _REFERENCE])
    adopted_on = Day(lazy("Antaget den"), [DataRequired(lazy("Skriv dagen då det beslutades."))])
    in_force_from = Day(lazy("Gäller från"), [DataRequired(lazy("Skriv från vilken dag dokumentet gäller."))])
    in_force_to = Day(lazy("Gäller till och med"), [Optional()])


class ActDocument(Form):
    act = HiddenField()
    reason = TextAreaField(lazy("Varför upphävs det?"), [Optional(), _words(5000)])


class Refer(Form):
    what = SelectField(lazy("Lägg till vad det styr"), validate_choice=False)


# Workplans


class PlanWords(Form):
    text = TextAreaField(lazy("Var vi står och vart vi ska"), [Optional(), _words(20_000)])
    participation = TextAreaField(
        lazy("Så har personal, barn, elever och vårdnadshavare varit med"), [Optional(), _words(20_000)]
    )
    governed = SelectMultipleField(lazy("Styrdokument som planen följer"), [Optional()], validate_choice=False)
    version = HiddenField(default="1")


class Entry(Form):
    """One thing that the unit does."""

    what = TextAreaField(lazy("Vad vi gör"), required(lazy("Skriv vad ni gör."), 2000))
    goals = SelectMultipleField(lazy("Hämtat från målen"), validate_choice=False)
    when = Line(lazy("När"), [Optional(), _LINE])
    who = Line(lazy("Vem"), [Optional(), _LINE])
    know = TextAreaField(lazy("Hur vi ska veta"), [Optional(), _words(2000)])
    item = HiddenField()


class ActPlan(Form):
    act = HiddenField()
    item = HiddenField()
    reason = TextAreaField(lazy("Varför revideras planen?"), [Optional(), _words(2000)])


class Comment(Form):
    comment = TextAreaField(lazy("Kommentar"), required(lazy("Skriv din kommentar."), 2000))


class PlanWorkshop(Form):
    """A day on which the units write their plans together."""

    year = SelectField(lazy("För planerna"), validate_choice=False)
    held_on = Day(lazy("Dag"), [DataRequired(lazy("Skriv dagen för workshopen."))])
    begins_at = Line(lazy("Klockan"), [Optional()])
    place = Line(lazy("Plats"), [Optional(), _LINE])
    about = TextAreaField(lazy("Vad ni ska göra"), required(lazy("Skriv vad ni ska göra tillsammans."), 2000))


class CancelWorkshop(Form):
    reason = TextAreaField(lazy("Varför ställs den in?"), required(lazy("Skriv varför workshopen ställs in."), 2000))
