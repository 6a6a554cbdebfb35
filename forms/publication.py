"""The forms of what is public: making it so, withdrawing it, and telling what could not be used."""

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField

from forms.base import Form, Length, Line, lazy


class Publish(Form):
    """`read`: the decisions that stood on the page when it was read."""

    read = HiddenField()
    decision = SelectField(lazy("Enligt beslut"))
    read_through = BooleanField(lazy("Jag har läst igenom sidan. Den pekar inte ut någon elev, något barn eller någon anställd."))


class PublishDocument(Form):
    decision = SelectField(lazy("Enligt beslut"))
    read_through = BooleanField(
        lazy("Jag har läst igenom dokumentet. Det pekar inte ut någon elev, något barn eller någon vårdnadshavare.")
    )


class Withdraw(Form):
    reason = TextAreaField(lazy("Varför dras det tillbaka?"))


class Tell(Form):
    municipality = SelectField(lazy("Vilken kommun gäller det?"))
    text = TextAreaField(lazy("Vad fungerade inte, och på vilken sida?"))
    contact = Line(lazy("Din e-postadress, om du vill ha svar"), [Length(max=200, message=lazy("Skriv högst 200 tecken."))])


class SeeTo(Form):
    """Nothing to fill in."""
