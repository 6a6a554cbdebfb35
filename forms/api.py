"""A token for another system: fields and their words."""

from wtforms import SelectField, SelectMultipleField, TextAreaField

from forms.base import Day, Form, Line, lazy, required


class NewToken(Form):
    name = Line(
        lazy("System"),
        required(lazy("Skriv vad systemet heter."), 120),
        description=lazy("Till exempel Kommunens statistikportal."),
    )
    purpose = TextAreaField(
        lazy("Ändamål"),
        required(lazy("Skriv vad nyckeln ska användas till."), 1000),
        description=lazy("Vad uppgifterna ska användas till, och vilken funktion som svarar för det. Skriv inga personnamn."),
    )
    unit = SelectField(lazy("Läser som om den stod vid"))
    role = SelectField(
        lazy("I rollen"),
        description=lazy("Nyckeln läser det rollen läser där, aldrig mer. Nämndens roller läser bara utgåvor."),
    )
    scopes = SelectMultipleField(lazy("Får läsa"), description=lazy("Välj bara det som behövs."))
    valid_to = Day(
        lazy("Till och med"), required(lazy("Skriv vilken dag som är den sista.")), description=lazy("Högst ett år framåt.")
    )


class RenewToken(Form):
    valid_to = Day(
        lazy("Till och med"), required(lazy("Skriv vilken dag som är den sista.")), description=lazy("Högst ett år framåt.")
    )
