"""The forms of the committee's page: handing it over, its receipt, and what it said on a day."""

from wtforms import HiddenField

from forms.base import DataRequired, Day, Form, Line, lazy, required


class Publish(Form):
    """Nothing to fill in: the page is what it is made of. `read`: what it was made of when it was read."""

    read = HiddenField()


class Receive(Form):
    """`edition`: the number of the one that stood on the page."""

    edition = HiddenField()
    registration_number = Line(lazy("Diarienummer"), required(lazy("Skriv diarienumret, till exempel Bun 2018/75."), 60))


class Seen(Form):
    """Asked for by an address, so that what was seen on a day can be linked to."""

    class Meta:
        csrf = False

    on = Day(lazy("Dag"), [DataRequired(lazy("Skriv vilken dag, till exempel 2027-01-24."))])
