"""Reading files in: fields and their words."""

from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import Optional

from forms.base import Form, Length, Line, lazy


class Upload(Form):
    file = FileField(
        lazy("Fil"),
        description=lazy("Excel (.xlsx), CSV, eller en fil från Skolverket eller Skolinspektionen som den är. Högst 25 MB."),
    )
    round = SelectField(
        lazy("Vilken uppföljning hör siffrorna till?"),
        [Optional()],
        description=lazy("Behövs för enheternas egna siffror. Publicerad statistik säger själv vilket läsår den gäller."),
    )
    source = Line(
        lazy("Källa"),
        [Optional(), Length(max=60, message=lazy("Skriv högst 60 tecken."))],
        description=lazy("Varifrån filen kommer, till exempel elevregistrets namn. Kolumnernas betydelse kommer ihåg per källa."),
    )
