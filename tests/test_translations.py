"""Every word of the interface is there in English too: nothing missing, nothing left over, no parameter lost."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = ROOT / "translations" / "en" / "LC_MESSAGES"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None, "_mark": None}
METHODS = [("chain/**.py", "python"), ("forms/**.py", "python"), ("templates/**.html", "jinja2")]
PARAMETER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def source() -> set[str]:
    """Every Swedish sentence in the code and the templates."""
    found = extract_from_dir(ROOT, METHODS, keywords=KEYWORDS, directory_filter=lambda path: "/." not in str(path))
    return {message if isinstance(message, str) else message[0] for _file, _line, message, _comments, _context in found}


def catalog() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def first(message: object) -> str:
    return message[0] if isinstance(message, (tuple, list)) else str(message)


def test_every_sentence_has_its_english() -> None:
    translated = {first(message.id) for message in catalog() if message.id and all(message.string)}
    missing = source() - translated
    assert not missing, "\n".join(sorted(missing))


def test_no_english_is_left_over_and_none_is_a_guess() -> None:
    known = catalog()
    assert {first(message.id) for message in known if message.id} - source() == set()
    assert [message.id for message in known if message.id and message.fuzzy] == []


def test_no_parameter_is_lost_or_invented() -> None:
    for message in catalog():
        if message.id:
            said = {
                part
                for text in ([message.string] if isinstance(message.string, str) else message.string)
                for part in PARAMETER.findall(text)
            }
            meant = {
                part for text in ([message.id] if isinstance(message.id, str) else message.id) for part in PARAMETER.findall(text)
            }
            assert said == meant, message.id


def test_the_compiled_catalog_is_the_written_one() -> None:
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert {first(m.id): list(m.string) for m in compiled if m.id} == {first(m.id): list(m.string) for m in catalog() if m.id}
