"""Signing in and passwords: fields and their words."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import EqualTo

from forms.base import Form, Line, lazy, required


class SignIn(Form):
    email = Line(
        lazy("E-postadress"),
        required(lazy("Skriv din e-postadress.")),
        render_kw={"autocomplete": "username", "type": "email", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = PasswordField(
        lazy("Lösenord"), required(lazy("Skriv ditt lösenord.")), render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class NewPassword(Form):
    new = PasswordField(
        lazy("Nytt lösenord"),
        required(lazy("Skriv ett nytt lösenord.")),
        description=lazy(
            "Minst 12 tecken. Några ord som inte brukar stå ihop är lätta att minnas och svåra att gissa; mellanslag går bra."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy("Nytt lösenord en gång till"),
        [EqualTo("new", lazy("De två lösenorden är inte lika. Skriv det nya lösenordet likadant två gånger."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePassword(NewPassword):
    current = PasswordField(
        lazy("Nuvarande lösenord"),
        required(lazy("Skriv ditt nuvarande lösenord.")),
        render_kw={"autocomplete": "current-password"},
    )


class Welcome(NewPassword):
    code = Line(
        lazy("Engångskod"),
        required(lazy("Skriv koden som du har fått.")),
        description=lazy("Den som du har fått av systemförvaltaren. Den gäller i ett dygn och bara en gång."),
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters"},
    )
