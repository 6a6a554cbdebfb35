"""The answer to a request, what somebody suggests it to be, and who is to suggest what."""

from collections.abc import Iterable

from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from chain.base.locale import lazy
from forms.base import Form, SubForm, choices


class AnswerForm(Form):
    """The view takes the third choice away where there is no level above."""

    state = RadioField(
        lazy("Vad blir svaret?"),
        choices=choices(
            [
                ("granted", lazy("Ja")),
                ("refused", lazy("Nej, och varför")),
                ("taken_up", lazy("Vi för frågan vidare uppåt")),
            ]
        ),
        validators=[InputRequired(lazy("Välj vad svaret är."))],
    )
    answer = TextAreaField(lazy("Svaret, så att den som frågade vet vad som händer nu"))


class PrepareForm(AnswerForm):
    """What the one whom it was sent to suggests."""

    answer = TextAreaField(lazy("Svaret som du föreslår, så att det kan lämnas som det står"))


class RouteForm(SubForm):
    """One kind of need, and the mandate of whoever prepares its answers."""

    kind = HiddenField()
    who = SelectField(choices=[], validate_choice=False)


class RoutesForm(Form):
    """Who prepares the answers about what, at one administration or area."""

    place = HiddenField()
    lines = FieldList(FormField(RouteForm), max_entries=20)

    def offer(self, kinds: Iterable[tuple[str, str]], people: Iterable[tuple[str, str]], none: str) -> None:
        """The kinds as labels, and the same people for each after a line that names nobody."""
        words, known = dict(kinds), choices([("", none), *people])
        for line in self.lines:
            line.form.who.label.text = words.get(line.form.kind.data, "")
            line.form.who.choices = known

    def chosen(self) -> dict[str, str]:
        return {line.form.kind.data: line.form.who.data or "" for line in self.lines if line.form.kind.data}
