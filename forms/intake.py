"""Choosing what to take in: fields and their words."""

from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional

from forms.base import Form, SubForm, lazy


class Fetch(Form):
    whole = BooleanField(
        lazy("Hämta allt, också det som inte har ändrats"),
        description=lazy("Behövs när något har ändrats för hand här och ska jämföras på nytt. Det tar längre tid."),
    )


class Closing(SubForm):
    """Who takes over after a unit that closes. `key` is the line's."""

    key = HiddenField()
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
