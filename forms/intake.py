"""Reading files in, and choosing what to take over from another system: fields and their words."""

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from forms.base import Form, Length, Line, SubForm, lazy


class Upload(Form):
    file = FileField(
        lazy("Fil"),
        description=lazy("Excel (.xlsx), CSV, eller en fil från Skolverket eller Skolinspektionen som den är. Högst 25 MB."),
    )
    round = SelectField(
        lazy("Vilken uppföljning hör siffrorna till?"),
        [Optional()],
        description=lazy("Behövs för enheternas egna siffror. Publicerad statistik säger själv vilket läsår den gäller."),
    )
    source = Line(
        lazy("Källa"),
        [Optional(), Length(max=60, message=lazy("Skriv högst 60 tecken."))],
        description=lazy("Varifrån filen kommer, till exempel elevregistrets namn. Kolumnernas betydelse kommer ihåg per källa."),
    )


class Fetch(Form):
    whole = BooleanField(
        lazy("Hämta allt, också det som inte har ändrats"),
        description=lazy("Behövs när något har ändrats för hand här och ska jämföras på nytt. Det tar längre tid."),
    )


class Grades(Form):
    for_round = SelectField(lazy("Vilken uppföljning hör betygen till?"))
    term = SelectField(
        lazy("Termin"), description=lazy("Betyg som är satta den terminen, terminsbetyg och slutbetyg var för sig.")
    )


class Closing(SubForm):
    """Who takes over after a unit that closes. `key` is the line's; `seen` marks what was shown as waiting there."""

    key = HiddenField()
    seen = HiddenField()
    successor = SelectField(lazy("Vem tar över?"), validate_choice=False)
    reason = TextAreaField(
        lazy("Skäl, om ingen tar över"),
        [Optional(), Length(max=1000, message=lazy("Skriv högst 1000 tecken."))],
        render_kw={"rows": 2},
    )


class Choose(Form):
    """Lines are named by keys; one that is no longer there is refused by the rule, with a sentence."""

    fetched = HiddenField()
    place = SelectField(
        lazy("Var ska nya enheter läggas?"),
        validate_choice=False,
        description=lazy("Gäller enheter som registret lägger direkt under huvudmannen. Valet står kvar till nästa gång."),
    )
    chosen = SelectMultipleField(validate_choice=False)
    closing = FieldList(FormField(Closing), max_entries=1000)
