"""Keeping the tree and its people: fields and their words."""

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from forms.base import Form, Line, lazy, required

_LONG = Length(max=200, message=lazy("Skriv högst 200 tecken."))


class Versioned(Form):
    """What was on the page when it was opened: a change by another in the meantime is noticed."""

    version = IntegerField(widget=HiddenInput())


class UnitFacts(Versioned):
    name = Line(lazy("Namn"), required(lazy("Skriv enhetens namn."), 200))
    kind = SelectField(lazy("Slag"))
    school_forms = SelectMultipleField(lazy("Skolformer"), description=lazy("Välj dem som enheten bedriver."))
    year_groups = Line(
        lazy("Årskurser"),
        [Optional(), _LONG],
        description=lazy("Till exempel 4–6 eller F 1 2 3. Tomt för verksamheter utan årskurser."),
    )
    organiser = Line(lazy("Huvudman"), [Optional(), _LONG])


class NewUnit(UnitFacts):
    level = SelectField(lazy("Nivå"))
    code = Line(lazy("Skolenhetskod"), [Optional()], description=lazy("Åtta siffror, ur skolenhetsregistret."))


class NewCode(Form):
    code = Line(
        lazy("Ny skolenhetskod"),
        required(lazy("Skriv den nya koden.")),
        description=lazy("Åtta siffror, ur skolenhetsregistret."),
    )
    valid_from = DateField(lazy("Gäller från och med"), required(lazy("Skriv från vilken dag koden gäller.")))


class Move(Versioned):
    under = SelectField(lazy("Ny överordnad enhet"))
    seen = HiddenField()
    step = HiddenField()


class Handover(Versioned):
    """What is carried from the page that shows what will happen to the act: who follows, and what was seen."""

    follow = SelectMultipleField(lazy("Uppdrag som följer med"), description=lazy("De andra uppdragen upphör i samma stund."))
    seen = HiddenField()
    step = HiddenField()


class Close(Handover):
    successor = SelectField(
        lazy("Vem tar över?"),
        description=lazy("Efterträdaren får alla öppna åtgärder, förfrågningar och återkopplingar i samma stund."),
    )
    goal = SelectField(lazy("Beslutade mål tas över av"), default="same")
    measure = SelectField(lazy("Öppna åtgärder tas över av"), default="same")
    support = SelectField(lazy("Frågor om stöd tas över av"), default="same")
    handover = SelectField(lazy("Överlämningar tas över av"), default="same")
    feedback = SelectField(lazy("Återkoppling tas över av"), default="same")
    reason = TextAreaField(
        lazy("Skäl"),
        [Optional(), Length(max=1000, message=lazy("Skriv högst 1000 tecken."))],
        description=lazy("Behövs när ingen tar över: det som är öppet avslutas med det här skälet."),
    )


class Merge(Handover):
    others = SelectMultipleField(lazy("Slå ihop med"), description=lazy("Öppna enheter på samma nivå."))
    into = SelectField(lazy("Det blir"))
    name = Line(lazy("Namn på den nya enheten"), [Optional(), _LONG], description=lazy("Gäller när det blir en ny enhet."))
    code = Line(
        lazy("Skolenhetskod för den nya enheten"), [Optional()], description=lazy("Åtta siffror, ur skolenhetsregistret.")
    )


class PersonFacts(Versioned):
    name = Line(lazy("Namn"), required(lazy("Skriv personens namn."), 120))
    email = Line(
        lazy("E-postadress"),
        [
            *required(lazy("Skriv personens e-postadress."), 200),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message=lazy("Skriv en e-postadress, till exempel namn@kommun.se.")),
        ],
        description=lazy("Personen loggar in med den."),
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )


class GiveMandate(Form):
    unit = SelectField(lazy("Enhet"))
    role = SelectField(lazy("Roll"))
    valid_from = DateField(lazy("Från och med"), required(lazy("Skriv från vilken dag uppdraget gäller.")))
    valid_to = DateField(
        lazy("Till och med"), [Optional()], description=lazy("Sista dagen. Tomt när uppdraget gäller tills vidare.")
    )
    acting = BooleanField(lazy("Tillförordnad"), description=lazy("Kräver ett slutdatum."))


class EndMandate(Form):
    when = RadioField(lazy("När upphör uppdraget?"), default="now")
    last_day = DateField(lazy("Sista dagen"), [Optional()])


class TreeFile(Form):
    file = FileField(lazy("Fil"), description=lazy("CSV-fil med semikolon, komma eller tabb mellan kolumnerna."))
    text = TextAreaField(lazy("Eller klistra in tabellen"), [Optional()])
