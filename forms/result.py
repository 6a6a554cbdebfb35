"""Keeping what is measured: an indicator's words in two languages, where and when it is asked for."""

from wtforms import FieldList, FormField, HiddenField, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from forms.base import DataRequired, Form, Length, Line, SubForm, lazy

_SHORT = Length(max=200, message=lazy("Skriv högst %(n)s tecken.", n=200))
_LONG = Length(max=2000, message=lazy("Skriv högst %(n)s tecken.", n=2000))
_NAME = DataRequired(lazy("Skriv vad måttet heter, på båda språken."))
_ENDS = NumberRange(0, 99_999, lazy("Skriv ett helt tal mellan 0 och %(most)s.", most=99_999))
_MEANS = DataRequired(lazy("Skriv vad som räknas: vad n, k och N är, på båda språken."))


class Words(SubForm):
    """What an indicator is called and means, in both languages, for some year groups or for all."""

    sv_name = Line(lazy("Namn på svenska"), [_NAME, _SHORT])
    en_name = Line(lazy("Namn på engelska"), [_NAME, _SHORT])
    sv_definition = TextAreaField(lazy("Vad räknas? På svenska"), [_MEANS, _LONG])
    en_definition = TextAreaField(lazy("Vad räknas? På engelska"), [_MEANS, _LONG])
    sv_enrolled = Line(lazy("Kolumnen med alla, på svenska"), [_SHORT], description=lazy("Till exempel Elever."))
    en_enrolled = Line(lazy("Kolumnen med alla, på engelska"), [_SHORT])
    sv_assessed = Line(lazy("Kolumnen med de bedömda, på svenska"), [_SHORT], description=lazy("Till exempel Bedömda."))
    en_assessed = Line(lazy("Kolumnen med de bedömda, på engelska"), [_SHORT])
    sv_reached = Line(lazy("Kolumnen med dem som når dit, på svenska"), [_SHORT], description=lazy("Till exempel Simkunniga."))
    en_reached = Line(lazy("Kolumnen med dem som når dit, på engelska"), [_SHORT])
    sv_phrase = Line(
        lazy("Slutet på en mening, på svenska"), [_SHORT], description=lazy("Som i ”14 av 24 är simkunniga”: är simkunniga.")
    )
    en_phrase = Line(lazy("Slutet på en mening, på engelska"), [_SHORT])
    sv_total = Line(
        lazy("Kolumnen med medelvärdet eller summan, på svenska"), [_SHORT], description=lazy("Till exempel Meritvärde.")
    )
    en_total = Line(lazy("Kolumnen med medelvärdet eller summan, på engelska"), [_SHORT])
    sv_row = Line(lazy("Vad en rad är, på svenska"), [_SHORT], description=lazy("Till exempel Område."))
    en_row = Line(lazy("Vad en rad är, på engelska"), [_SHORT])
    sv_rest = Line(lazy("De som inte räknas med, på svenska"), [_SHORT], description=lazy("Till exempel Inte prövade."))
    en_rest = Line(lazy("De som inte räknas med, på engelska"), [_SHORT])

    def said(self, language: str, parts: tuple[str, ...], stored: dict[str, str]) -> dict[str, str]:
        """The words in a language, those that say something; what was not asked for as it is stored."""
        texts = {**stored, **{part: (self[f"{language}_{part}"].data or "").strip() for part in parts}}
        return {part: text for part, text in texts.items() if text}


class IndicatorFacts(Form):
    """An indicator as far as a shipped one can be changed. The first of `words` is for all, the others for some year groups."""

    version = HiddenField(default="1")
    words = FieldList(FormField(Words), min_entries=1)
    rounds = SelectMultipleField(lazy("Frågas i"), coerce=int)
    school_forms = SelectMultipleField(lazy("Skolformer"), description=lazy("Ingen vald: alla."))
    year_groups = Line(
        lazy("Årskurser"),
        [Optional(), _SHORT],
        description=lazy("En tabell för varje, till exempel 4–6, eller alla. Tomt: en för hela enheten."),
    )
    subjects = TextAreaField(
        lazy("Ämnen"),
        [Optional(), _LONG],
        description=lazy("En rad för varje, till exempel MA, SV, EN, eller alla. Tomt: en enda rad."),
    )
    ask_below = IntegerField(
        lazy("Be om en förklaring under"),
        [
            InputRequired(lazy("Skriv ett antal procent, 0 för aldrig.")),
            NumberRange(0, 100, lazy("Skriv ett antal procent mellan 0 och 100.")),
        ],
        description=lazy("Procent. 0: aldrig."),
    )


class OwnIndicator(IndicatorFacts):
    """What a municipality's own indicator is, beside its words."""

    kind = SelectField(lazy("Slag av mått"))
    scale = SelectField(lazy("Skala"), description=lazy("Gäller fördelningar."))
    unit = SelectField(lazy("Anges i"), default="points", description=lazy("Gäller medelvärden och antal."))
    decimals = IntegerField(
        lazy("Decimaler"),
        [Optional(), NumberRange(0, 3, lazy("Skriv ett antal decimaler mellan 0 och 3."))],
        default=0,
        description=lazy("I det som skrivs in. Gäller medelvärden och antal."),
    )
    typed = SelectField(lazy("Det som skrivs in"), default="mean", description=lazy("Gäller medelvärden."))
    least = IntegerField(lazy("Lägsta möjliga"), [Optional(), _ENDS], description=lazy("Gäller medelvärden. Tomt: ingen gräns."))
    most = IntegerField(lazy("Högsta möjliga"), [Optional(), _ENDS], description=lazy("Gäller medelvärden. Tomt: ingen gräns."))
    direction = SelectField(lazy("Riktning"))
    entry_level = SelectField(lazy("Fylls i av"))
    bases = SelectMultipleField(lazy("Siffrorna kan bygga på"))
    source = Line(
        lazy("Källa"),
        [DataRequired(lazy("Skriv var måttet kommer ifrån, till exempel ”Kommunens plan 2026”.")), _SHORT],
        description=lazy("Var måttet kommer ifrån, till exempel en plan eller ett beslut."),
    )
