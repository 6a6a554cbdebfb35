"""The forms of the year's wheel: a year's label, a round's dates, and what is said about one node in a round."""

from collections.abc import Iterable
from typing import Any

from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import Optional

from forms.base import DataRequired, Form, Length, Line, _, lazy


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
