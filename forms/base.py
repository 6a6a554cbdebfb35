"""What every form shares: one error a field, Swedish numbers, and the words that forms are written with."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, FieldList, FormField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, Length

__all__ = [
    "DataRequired", "Day", "Form", "Length", "Line", "SelectChoice", "SubForm", "SvDecimal", "_", "choices", "lazy", "posted",
    "required", "written",
]  # fmt: skip

YEARS = range(1900, 2200)  # in others somebody has slipped on a key, and a day more or less may be none
LONGEST_NUMBER = 9  # digits: the database keeps numbers of four bytes
_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f"))


class Form(FlaskForm):
    """A form of this app. The first error of a field is the one that is told."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _own_sentences(str(get_locale().language))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        for field in self:
            if not isinstance(field, FieldList | FormField):
                field.errors = list(field.errors)[:1]
        return valid

    def refuse(self, sentence: str, problems: Mapping[str, str]) -> None:
        """Say what a rule has refused at the fields that it is about, else above the form."""
        told = [name for name in problems if name in self and name != "version"]
        for name in told:
            self[name].errors = [problems[name]]
        if not told:
            self.form_errors.append(sentence)


@cache
def _own_sentences(language: str) -> Any:
    """WTForms' own. (Flask-WTF reads them from their file again for each request.)"""
    return get_translations([language])


class SubForm(Form):
    """A form within a form (FormField): the outer one carries the token against forged requests."""

    class Meta(Form.Meta):
        csrf = False


class Line(StringField):
    """One line of text, without the spaces around it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip() for value in valuelist])


class Day(DateField):
    """A date, as the browser's own field sends it or as somebody writes it: 2026-12-24."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "DateField"  # templates choose the width by it

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            raise ValueError(_("Skriv dagen som 2026-12-24.")) from None
        if self.data and self.data.year not in YEARS:
            self.data = None
            raise ValueError(_("Skriv dagen som 2026-12-24."))


class SvDecimal(DecimalField):
    """A number as Swedes and spreadsheets write it: 12 345,7 and 12345.7 and −3."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "DecimalField"  # templates choose the keyboard by it

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        plain = valuelist[0].translate(_SPACES).replace("−", "-").replace(",", ".")
        self.data = None
        if not plain:
            return
        try:
            self.data = Decimal(plain)
        except InvalidOperation:
            raise ValueError(_("Skriv ett tal, till exempel 12,5.")) from None
        if not self.data.is_finite():
            self.data = None
            raise ValueError(_("Skriv ett tal, till exempel 12,5."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")


def posted(sent: Any) -> int:
    """A whole number as a hidden field sends it back; 0, which nothing has, where it is none or larger than any that was sent."""
    plain = str(sent or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER else 0


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """(value, words) as WTForms wants them."""
    return [SelectChoice(value=str(value), label=words) for value, words in pairs]


def required(sentence: Any, longest: int = 0) -> list[Any]:
    """Validators for what must be filled in, with the sentence that says what to write."""
    limit = Length(max=longest, message=lazy("Skriv högst %(n)s tecken.", n=longest)) if longest else None
    return [DataRequired(sentence), *([limit] if limit else [])]


def written(link: str, sent: Any) -> list[tuple[Any, str]]:
    """(label, text) of the free text in what one of a link's forms sent; nothing where no field takes more than a line.

    Only fields that are known to take text: never a password, a token or a hidden field. No label where several forms differ.
    """
    fields = _text_fields(link)
    found: list[tuple[Any, str]] = []
    long = False
    for name, text in sent.items(multi=True):
        known = fields.get(name.rpartition("-")[2])
        if known and text.strip():
            found.append((known.label, text))
            long = long or known.long
    cells = [(name, text) for name, text in sent.items() if link == "followup" and name.count("|") > 1 and text.strip()]
    found += [("", text) for name, text in cells if name.endswith("|why")]
    figures = [f"{name}: {text}" for name, text in cells if not name.endswith(("|why", "|basis"))]
    found += [(_("Siffrorna"), "\n".join(figures))] if figures else []
    return found if long or cells else []


class _TextField(NamedTuple):
    label: Any
    long: bool


@cache
def _text_fields(link: str) -> dict[str, _TextField]:
    """The fields of a link's forms that take text, by name. Those of an account are secrets."""
    if link == "account" or not find_spec(f"forms.{link}"):
        return {}
    found: dict[str, _TextField] = {}
    for form in vars(import_module(f"forms.{link}")).values():
        if not (isinstance(form, type) and issubclass(form, FlaskForm)):
            continue
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField) and issubclass(field.field_class, TextAreaField | Line):
                label = field.args[0] if field.args else field.kwargs.get("label", "")
                same = found.get(name, _TextField(label, False))
                long = same.long or issubclass(field.field_class, TextAreaField)
                found[name] = _TextField(label if str(same.label) == str(label) else "", long)
    return found
