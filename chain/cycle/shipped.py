"""Reads the shipped levels, school forms and templates: readable files that are copied into a year when it opens."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data"

KINDS = ("text", "analysis", "figures", "outcomes", "measures", "requests", "choice")
HORIZONS = ("quarter", "year", "new_year")
ROUNDS = (1, 2, 3, 4)
BASES = ("forecast", "assessment", "term_grade", "final_grade", "test", "survey", "rating", "register")
ROLES = (
    "staff",
    "first_teacher",
    "principal",
    "deputy",
    "area_head",
    "officer",
    "director",
    "member",
    "secretary",
    "provider",
    "auditor",
    "steward",
)


class ShippedError(ValueError):
    """A shipped file that cannot be used. The message is a sentence that names the file and the key."""

    def __init__(self, sentence: str, place: str = "", key: str = "") -> None:
        super().__init__(sentence)
        self.place, self.key = place, key


@dataclass(frozen=True)
class Level:
    """A level of the tree, by rank from the top; `answers` says whether it has follow-ups of its own."""

    key: str
    sv: str
    en: str
    rank: int
    answers: bool
    optional: bool  # a tree may do without it (areas)
    template: str  # file in templates/, or empty
    writes: tuple[str, ...]
    submits: tuple[str, ...]
    accepts: tuple[str, ...]
    read_up_to: str  # the highest level at which what was handed up is read whole (its own, if nobody above may), or empty
    cited_up_to: str  # the highest level at which the words that it cites can be opened; as read_up_to where nothing is said
    collects_figures: bool

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv


@dataclass(frozen=True)
class YearGroup:
    """One of a school form's own columns: a year group, a subject level, a course."""

    key: str
    sv: str
    en: str

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv


@dataclass(frozen=True)
class SchoolForm:
    """A school form by its SS 12000 code; `aliases` are older or lower-case codes of the same form."""

    code: str
    sv: str
    en: str
    aliases: tuple[str, ...]
    part_of: str
    year_groups: tuple[YearGroup, ...]

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv

    def labels(self, locale: str, keys: Iterable[str] | None = None) -> dict[str, str]:
        """The year groups' names by key, in order; only `keys` where given."""
        wanted = None if keys is None else set(keys)
        return {group.key: group.name(locale) for group in self.year_groups if wanted is None or group.key in wanted}


@dataclass(frozen=True)
class Words:
    """A question as it is read: its title, what is asked, what is meant, and an answer to learn from."""

    title: str
    ask: str
    help: str
    example: str


@dataclass(frozen=True)
class Option:
    key: str
    sv: str
    en: str

    def name(self, locale: str) -> str:
        return self.en if locale == "en" else self.sv


@dataclass(frozen=True)
class Question:
    """A question with a stable key; empty `school_forms` means every form. `horizon` only for measures.

    `due_days`: it has a day of its own, so many days after the round opens. `follows`: the question, earlier, that it follows up.
    """

    key: str
    kind: str
    rounds: tuple[int, ...]
    required: bool
    school_forms: tuple[str, ...]
    sv: Words
    en: Words
    horizon: str
    max_length: int | None
    options: tuple[Option, ...]
    order: int
    due_days: int | None = None
    follows: str = ""
    hidden: bool = False  # there to be shown by those who want it

    def words(self, locale: str) -> Words:
        return self.en if locale == "en" else self.sv

    def said(self) -> dict[str, Any]:
        """Its words in both languages, as a year stores them (JSON)."""
        return {"sv": asdict(self.sv), "en": asdict(self.en)}

    def extra(self) -> dict[str, Any]:
        """What its kind asks for beside the words, as a year stores it (JSON)."""
        extra = {
            "horizon": self.horizon, "max_length": self.max_length, "options": [asdict(one) for one in self.options],
            "due_days": self.due_days, "follows": self.follows,
        }  # fmt: skip
        return {key: value for key, value in extra.items() if value}


@dataclass(frozen=True)
class Basis:
    """The default basis of figures in a round, for a school form and some year groups (none named: all of them)."""

    round: int
    school_form: str
    year_groups: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class Template:
    name: str
    questions: tuple[Question, ...]
    bases: tuple[Basis, ...]

    def asked(self, round_number: int, school_forms: Iterable[str] = ()) -> tuple[Question, ...]:
        """The questions of a round, for a node with these school forms (none: those meant for every form)."""
        forms = set(school_forms)
        return tuple(
            q
            for q in self.questions
            if round_number in q.rounds and not q.hidden and (not q.school_forms or forms & set(q.school_forms))
        )


class Table:
    """One table of a shipped file, which says which file and key is wrong."""

    def __init__(self, file: str, place: str, values: Mapping[str, Any]) -> None:
        self.file, self.place, self.values = file, place, values
        self.seen: set[str] = set()

    def wrong(self, key: str, sentence: str) -> ShippedError:
        place = f"{self.file}, {self.place}" if self.place else self.file
        return ShippedError(f"{place}: {key} {sentence}", place, key)

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        self.seen.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise self.wrong(key, "is missing.")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"should be of the kind {kind.__name__}, but is {value!r}.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = str(self.take(key, str, default)).strip()
        if not value and default is None:
            raise self.wrong(key, "is empty.")
        return value

    def number(self, key: str) -> int:
        return int(self.take(key, int))

    def flag(self, key: str, default: bool = False) -> bool:
        return bool(self.take(key, bool, default))

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value, known = self.text(key, default), tuple(allowed)
        if value not in known and value != default:
            raise self.wrong(key, f"is {value!r}, but should be one of {', '.join(known)}.")
        return value

    def texts(self, key: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
        values, known = self.take(key, list, []), None if allowed is None else tuple(allowed)
        for value in values:
            if not isinstance(value, str) or (known is not None and value not in known):
                raise self.wrong(key, f"holds {value!r}, which is not known here.")
        return tuple(values)

    def numbers(self, key: str, allowed: tuple[int, ...]) -> tuple[int, ...]:
        values = self.take(key, list)
        if not values or any(value not in allowed for value in values):
            raise self.wrong(key, f"is {values!r}, but should name some of {', '.join(map(str, allowed))}.")
        return tuple(values)

    def inner(self, key: str) -> "Table":
        return Table(self.file, f"{self.place}.{key}", self.take(key, dict))

    def inners(self, key: str, *, least: int = 0) -> list["Table"]:
        found = self.take(key, list, [])
        if len(found) < least:
            raise self.wrong(key, "is missing.")
        named = [values.get("key") or values.get("code") or number for number, values in enumerate(found, 1)]
        return [
            Table(self.file, f"{self.place + '.' if self.place else ''}{key} {name}", values)
            for name, values in zip(named, found, strict=True)
        ]

    def done(self) -> None:
        """A key that nobody asked for is a misspelling: say so rather than pass over it."""
        for key in self.values.keys() - self.seen:
            raise self.wrong(key, "is not a key that is known here.")


def opened(folder: Path, name: str) -> Table:
    """A shipped file as a table; a missing or broken one is refused with a sentence."""
    try:
        return Table(name, "", tomllib.loads((folder / name).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ShippedError(f"{name} is missing in {folder}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ShippedError(f"{name} cannot be read: {error}.") from None


def unique(file: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ShippedError(f"{file}: {key} stands there twice.")
        seen.add(key)


def levels(folder: Path = DATA) -> tuple[Level, ...]:
    """The levels from the top down."""
    file = opened(folder, "levels.toml")
    found = sorted((_level(row) for row in file.inners("level", least=1)), key=lambda level: level.rank)
    file.done()
    unique("levels.toml", (level.key for level in found))
    unique("levels.toml", (f"rank {level.rank}" for level in found))
    above: dict[str, int] = {level.key: level.rank for level in found}
    for level in found:
        for key, named in (("read_up_to", level.read_up_to), ("cited_up_to", level.cited_up_to)):
            if named and above.get(named, level.rank + 1) > level.rank:
                raise ShippedError(f"levels.toml, level {level.key}: {key} should name a level above it, or itself.")
    return tuple(found)


def _level(row: Table) -> Level:
    answers = row.flag("answers")
    level = Level(
        key=row.text("key"),
        sv=row.text("sv"),
        en=row.text("en"),
        rank=row.number("rank"),
        answers=answers,
        optional=row.flag("optional"),
        template=row.text("template", None if answers else ""),
        writes=row.texts("writes", ROLES),
        submits=row.texts("submits", ROLES),
        accepts=row.texts("accepts", ROLES),
        read_up_to=row.text("read_up_to", ""),
        cited_up_to=row.text("cited_up_to", "") or row.text("read_up_to", ""),
        collects_figures=row.flag("collects_figures"),
    )
    if answers and not (level.writes and level.submits):
        raise row.wrong("writes" if not level.writes else "submits", "names nobody, though the level answers.")
    row.done()
    return level


def school_forms(folder: Path = DATA) -> tuple[SchoolForm, ...]:
    file = opened(folder, "school_forms.toml")
    found = [_school_form(row) for row in file.inners("school_form", least=1)]
    file.done()
    unique("school_forms.toml", (form.code for form in found))
    return tuple(found)


def _school_form(row: Table) -> SchoolForm:
    form = SchoolForm(
        code=row.text("code"),
        sv=row.text("sv"),
        en=row.text("en"),
        aliases=row.texts("aliases"),
        part_of=row.text("part_of", ""),
        year_groups=tuple(YearGroup(*_named(group)) for group in row.inners("year_group")),
    )
    row.done()
    return form


def _named(row: Table) -> tuple[str, str, str]:
    words = row.text("key"), row.text("sv"), row.text("en")
    row.done()
    return words


def template(name: str, folder: Path = DATA) -> Template:
    """The questions and default bases of one file in templates/, such as `unit.toml`."""
    file = opened(folder, f"templates/{name}")
    questions = tuple(_question(row, order) for order, row in enumerate(file.inners("question", least=1), 1))
    bases = tuple(_basis(row) for row in file.inners("basis"))
    file.done()
    unique(f"templates/{name}", (question.key for question in questions))
    keys = {question.key for question in questions}
    for one in questions:
        if one.follows and one.follows not in keys:
            raise ShippedError(
                f"templates/{name}, question {one.key}: follows is {one.follows!r}, which is no question of its own."
            )
    return Template(name, questions, bases)


def templates(folder: Path = DATA) -> dict[str, Template]:
    """Each answering level's template, by the level's key."""
    return {level.key: template(level.template, folder) for level in levels(folder) if level.answers}


def _question(row: Table, order: int) -> Question:
    kind = row.one_of("kind", KINDS)
    question = Question(
        key=row.text("key"),
        kind=kind,
        rounds=row.numbers("rounds", ROUNDS),
        required=row.flag("required"),
        school_forms=row.texts("school_forms"),
        sv=_words(row.inner("sv")),
        en=_words(row.inner("en")),
        horizon=row.one_of("horizon", HORIZONS) if kind == "measures" else "",
        max_length=row.number("max_length") if "max_length" in row.values else None,
        options=tuple(Option(*_named(option)) for option in row.inners("options", least=2)) if kind == "choice" else (),
        order=order,
        due_days=row.number("due_days") if "due_days" in row.values else None,
        follows=row.text("follows", ""),
        hidden=row.flag("hidden"),
    )
    row.done()
    return question


def _words(row: Table) -> Words:
    words = Words(row.text("title"), row.text("ask"), row.text("help", ""), row.text("example", ""))
    row.done()
    return words


def _basis(row: Table) -> Basis:
    basis = Basis(
        round=row.number("round"),
        school_form=row.text("school_form"),
        year_groups=row.texts("year_groups"),
        basis=row.one_of("basis", BASES),
    )
    if basis.round not in ROUNDS:
        raise row.wrong("round", f"is {basis.round}, but should be one of 1, 2, 3, 4.")
    row.done()
    return basis


def basis_of(bases: Iterable[Basis], round_number: int, school_form: str, year_groups: Iterable[str]) -> dict[str, str]:
    """The default basis by year group; a line that names the year group goes before one that names none."""
    lines = [line for line in bases if line.round == round_number and line.school_form == school_form]
    found: dict[str, str] = {}
    for group in (*year_groups, ""):
        named = [line.basis for line in lines if group in line.year_groups]
        if fitting := named or [line.basis for line in lines if not line.year_groups]:
            found[group] = fitting[0]
    return found
