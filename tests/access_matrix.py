"""Reads tests/access_matrix.txt: who gets in where, as it was written down by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True)
class Line:
    """One endpoint, asked for one thing by one method: who gets in, and who is told no. The others learn nothing."""

    method: str
    endpoint: str
    thing: str  # empty: an address that names none
    may: frozenset[str]
    refused: frozenset[str]

    def knows(self, who: str) -> bool:
        """Whether it is looked at who asks: a cookie opens pages alone, a token the interface alone."""
        return self.endpoint.startswith("v1.") == who.startswith("robot")

    def expected(self, who: str) -> str:
        """in, refused, sign in, choose or hidden."""
        if who in self.may:
            return "in"
        if who in self.refused:
            return "refused"
        if not self.knows(who):
            return "sign in"
        return {"nobody": "sign in", "stig": "sign in", "robot-ended": "sign in", "ulla": "choose"}.get(who, "hidden")


def read(text: str) -> list[Line]:
    """The lines of the file. A name on the left of `=` stands for the people on its right."""
    known: dict[str, frozenset[str]] = {}
    lines: list[Line] = []
    asked: list[tuple[str, str]] = []
    for row in text.splitlines():
        row = row.partition("#")[0].rstrip()
        if not row:
            continue
        if " = " in row:
            name, _equals, people = row.partition(" = ")
            known[name.strip()] = _people(people, known)
        elif not row.startswith(" "):
            words = row.split()
            methods = [word for word in words if word.isupper()]
            asked = [(method, word) for word in words if not word.isupper() for method in methods]
        else:
            thing, _colon, people = row.rpartition(":")
            may, _slash, refused = people.partition("/")
            thing = thing.strip().removeprefix("-")
            lines += [Line(method, endpoint, thing, _people(may, known), _people(refused, known)) for method, endpoint in asked]
    return lines


def _people(words: str, known: dict[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(who for word in words.split() for who in known.get(word, {word}))


def _by_endpoint(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    for key in dict.fromkeys(f"{line.method} {line.endpoint}" for line in lines):
        yield key, [line for line in lines if f"{line.method} {line.endpoint}" == key]


MATRIX: list[Line] = read(FILE.read_text())
BY_ENDPOINT: dict[str, list[Line]] = dict(_by_endpoint(MATRIX))
EVERYBODY = sorted(frozenset().union(*(line.may for line in MATRIX)))
