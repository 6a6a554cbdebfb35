"""The forms of documents to the committee: their sections, remarks and templates."""

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from forms.base import DataRequired, Day, Form, Length, Line, lazy, required

_NUMBER = lazy("Skrivs som hos er, till exempel Bun 2018/75")
_SHORT = Length(max=60, message=lazy("Skriv högst %(n)s tecken.", n=60))


class Confirm(Form):
    """A button. `version`: what was read before it was pressed."""

    version = HiddenField()


class Begin(Form):
    """A document's beginning. What it is about decides what the system can fill it with."""

    form = SelectField(lazy("Mall"))
    title = Line(lazy("Rubrik"), required(lazy("Skriv en rubrik på högst %(n)s tecken.", n=200), 200))
    registration_number = Line(lazy("Diarienummer"), [Optional(), _SHORT], description=_NUMBER)
    round = SelectField(
        lazy("Gäller uppföljningen"), description=lazy("Därifrån hämtas siffror ur den godkända utgåvan och förvaltningens ord.")
    )
    matter = SelectField(lazy("Hör till ärendet"), description=lazy("Därifrån hämtas uppdrag, tidigare beslut och diarienummer."))


class Describe(Form):
    version = HiddenField()
    title = Line(lazy("Rubrik"), required(lazy("Skriv en rubrik på högst %(n)s tecken.", n=200), 200))
    registration_number = Line(lazy("Diarienummer"), [Optional(), _SHORT], description=_NUMBER)
    dated_on = Day(lazy("Datum"), [DataRequired(lazy("Skriv dokumentets datum."))])
    round = SelectField(lazy("Gäller uppföljningen"))
    matter = SelectField(lazy("Hör till ärendet"))


class SectionText(Form):
    """What stands under a heading: the text, and what is taken along of figures and of others' words."""

    version = HiddenField()
    save_key = HiddenField()
    text = TextAreaField(lazy("Text"), [Length(max=30_000, message=lazy("Skriv högst %(n)s tecken.", n=30_000))])
    figures = SelectMultipleField(lazy("Tabeller ur utgåvan"), validate_choice=False)
    pictures = SelectMultipleField(lazy("Bilder ur utgåvan"), validate_choice=False)
    quotes = SelectMultipleField(lazy("Citat ur uppföljningen"), validate_choice=False)


class Remark(Form):
    section = HiddenField()
    text = TextAreaField(
        lazy("Kommentar"), required(lazy("Skriv en kommentar."), 2000),
        description=lazy("Läses av dem som skriver och godkänner. Följer inte med i dokumentet."),
    )  # fmt: skip


class SendBack(Form):
    reason = TextAreaField(
        lazy("Vad behöver ändras?"), required(lazy("Skriv varför, så att den som skrev vet vad som ska ändras."), 2000)
    )


class HeadingWords(Form):
    """A heading of a template: its words, and what every document begins with under it."""

    version = HiddenField()
    title = Line(lazy("Rubrik"), required(lazy("Skriv rubriken."), 200))
    level = SelectField(lazy("Nivå"))
    standing = TextAreaField(
        lazy("Stående text"), [Optional(), Length(max=30_000, message=lazy("Skriv högst %(n)s tecken.", n=30_000))],
        description=lazy("Varje nytt dokument börjar med den. Lämna tomt om det inte finns någon."),
    )  # fmt: skip
    required = BooleanField(lazy("Måste fyllas i"), description=lazy("Annars skrivs rubriken inte ut när den är tom."))


class NewHeading(HeadingWords):
    part = SelectField(lazy("Handlar om"), description=lazy("Det avgör vad systemet kan hämta dit."))
    after = SelectField(lazy("Placering"), default="")


class TemplateName(Form):
    version = HiddenField()
    name = Line(lazy("Mallens namn"), required(lazy("Skriv vad mallen ska heta."), 200))
    hidden = BooleanField(
        lazy("Används inte längre"), description=lazy("Den erbjuds inte för nya dokument. De som finns påverkas inte.")
    )


class CopyTemplate(Form):
    name = Line(lazy("Den nya mallens namn"), required(lazy("Skriv vad mallen ska heta."), 200))
