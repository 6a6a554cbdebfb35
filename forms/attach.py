"""Files to attach, where they are all that is sent. What may be attached, the files' own rules say."""

from wtforms import MultipleFileField

from forms.base import Form, lazy


class AttachForm(Form):
    files = MultipleFileField(lazy("Filer att bifoga"))
