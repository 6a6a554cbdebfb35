"""The forms of the year's wheel: a year's label, a round's dates, and what is said about one node in a round."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from forms.base import DataRequired, Form, Length, Line, SubForm, _, lazy


class Day(DateField):
    """A date as the browser's calendar sends it, or as one writes it: 2026-11-24."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "DateField"  # templates choose the width by it

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist if value.strip()])
        except ValueError:
            raise ValueError(_("Skriv datumet som 2026-11-24.")) from None


def day(words: object, hint: object = "", *, needed: bool = True) -> Day:
    """A date field, drawn as the browser's own."""
    checks = [DataRequired(lazy("Skriv datumet som 2026-11-24."))] if needed else [Optional()]
    return Day(words, validators=checks, description=hint, render_kw={"type": "date"})


class Dates(Form):
    """A round's dates; `with_levels` adds one a level."""

    version = HiddenField()
    opens_on = day(lazy("Öppnar"), lazy("Från den dagen kan alla börja."))

    @classmethod
    def with_levels(cls, levels: Iterable[tuple[str, str]]) -> type["Dates"]:
        """A form with a last day for each level, the lowest first, and the committee's meeting."""
        dues = {f"due_{key}": day(lazy("Sista dag för %(level)s", level=name.lower())) for key, name in levels}
        return type("DatesOfRound", (cls,), {**dues, "meets_on": day(lazy("Nämnden sammanträder"), needed=False)})


class OpenYear(Form):
    label = Line(
        lazy("År"),
        [DataRequired(lazy("Skriv läsåret som 2026/27, eller kalenderåret som 2027.")), Length(max=12)],
        description=lazy("Läsåret som 2026/27, eller kalenderåret som 2027."),
    )


class Exempt(Form):
    reason = TextAreaField(
        lazy("Varför undantas den?"),
        [DataRequired(lazy("Skriv varför.")), Length(max=1000, message=lazy("Skriv högst %(n)s tecken.", n=1000))],
        description=lazy("Skälet står i uppföljningens träd och läses av alla som ser det. Skriv inga namn."),
    )


class Extend(Form):
    to = day(lazy("Ny sista dag"))


class Late(Form):
    reason = TextAreaField(
        lazy("Varför dröjer det?"),
        [Length(max=1000, message=lazy("Skriv högst %(n)s tecken.", n=1000))],
        description=lazy("Läses av den som ska ta emot uppföljningen. Skriv inget om enskilda."),
    )


_SHORT = Length(max=200, message=lazy("Skriv högst %(n)s tecken.", n=200))
_LONG = Length(max=2000, message=lazy("Skriv högst %(n)s tecken.", n=2000))


class OptionForm(SubForm):
    """One answer to choose, in both languages. `key` stays, so that what was chosen is known when it is reworded."""

    key = HiddenField()
    sv = Line(lazy("Svar på svenska"), [_SHORT])
    en = Line(lazy("Svar på engelska"), [_SHORT])


class QuestionWords(Form):
    """A question in Swedish and English, side by side, and in which rounds it is asked."""

    version = HiddenField(default="1")
    sv_title = Line(lazy("Rubrik på svenska"), [DataRequired(lazy("Skriv frågans rubrik på svenska.")), _SHORT])
    en_title = Line(lazy("Rubrik på engelska"), [DataRequired(lazy("Skriv frågans rubrik på engelska.")), _SHORT])
    sv_ask = TextAreaField(lazy("Frågan på svenska"), [DataRequired(lazy("Skriv själva frågan på svenska.")), _LONG])
    en_ask = TextAreaField(lazy("Frågan på engelska"), [DataRequired(lazy("Skriv själva frågan på engelska.")), _LONG])
    sv_help = TextAreaField(lazy("Vad menas? På svenska"), [Optional(), _LONG])
    en_help = TextAreaField(lazy("Vad menas? På engelska"), [Optional(), _LONG])
    sv_example = TextAreaField(lazy("Ett svar att lära av, på svenska"), [Optional(), _LONG])
    en_example = TextAreaField(lazy("Ett svar att lära av, på engelska"), [Optional(), _LONG])
    rounds = SelectMultipleField(lazy("Frågas i"), coerce=int)

    def said(self) -> dict[str, dict[str, str]]:
        """The words as a question keeps them."""
        return {
            language: {part: (self[f"{language}_{part}"].data or "").strip() for part in ("title", "ask", "help", "example")}
            for language in ("sv", "en")
        }


class OwnQuestion(QuestionWords):
    """A question of the municipality's own, as far as it can be changed when it stands there."""

    required = BooleanField(lazy("Måste besvaras"), description=lazy("Annars är den frivillig."))
    max_length = IntegerField(
        lazy("Högst antal tecken i svaret"),
        [Optional(), NumberRange(min=50, max=20000, message=lazy("Skriv ett antal tecken mellan 50 och 20 000."))],
        description=lazy("Gäller fritext. Tomt: så långt som det behövs."),
    )
    options = FieldList(FormField(OptionForm), max_entries=12)

    def chosen(self) -> list[dict[str, str]]:
        """The answers to choose that have been written."""
        rows = [{name: row.form[name].data or "" for name in ("key", "sv", "en")} for row in self.options]
        return [row for row in rows if row["sv"] or row["en"]]


class NewQuestion(OwnQuestion):
    kind = SelectField(lazy("Typ av svar"))
    horizon = SelectField(lazy("Åtgärderna gäller"), default="quarter", description=lazy("Gäller frågor om nya åtgärder."))
    after = SelectField(lazy("Placering"), default="")
