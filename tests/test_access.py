"""The access matrix: every address × method × person × state answers as tests/access_matrix.txt says, and tells no more.

Whoever adds a page adds its lines there; a page without lines fails here.
"""

from collections.abc import Iterator

import pytest

from tests.access_matrix import BY_ENDPOINT, EVERYBODY, Line
from tests.doors import NOWHERE, Answer, Doors
from tests.town import STRANGERS

DONE = {200, 303, 409, 422}  # done, shown, refused by a rule or by a form: all of them to those who may
UNLISTED = ("HEAD", "OPTIONS")  # as GET; the same for all
TWINS = {"tove": "lena", "olga": "olle", "stig": "nobody"}  # asked for an endpoint's first thing alone: they stand alike
AS_A_FORM_SAYS = {  # where an empty form would be refused before it is asked who sends it
    "cycle.open_year": {"label": "2028/29"},
    "followup.restore": {"save": "aside", "version": "3"},
}


def body(line: Line, who: str, doors: Doors) -> dict[str, str]:
    if line.endpoint == "account.act_under" and f"mandate {who}" in doors.town.parts:
        return {"mandate": doors.town.parts[f"mandate {who}"]["public_id"]}
    parts = doors.town.parts.get(line.thing, {})
    return AS_A_FORM_SAYS.get(line.endpoint, {}) | {name[1:]: said for name, said in parts.items() if name.startswith("=")}


def answer(doors: Doors, who: str, line: Line, **instead: str) -> Answer:
    address = doors.address(line.endpoint, line.thing, line.method, **instead)
    return doors.knock(who, address, line.method, data=body(line, who, doors) if line.method == "POST" else None)


def what(got: Answer, line: Line, who: str) -> str:
    """What an answer amounts to."""
    going = got.headers.get("Location", "")
    if line.endpoint == "pages.readyz":
        return "in"  # no migrations have been run here: that is what it says
    if got.status == 401 and line.endpoint == "account.token" and (who in STRANGERS or not line.knows(who)):
        return "in"  # a saving script is told to sign in
    if got.status == 401 and line.endpoint.startswith("v1."):
        return "sign in"
    if got.status == 303 and going.startswith("/account/sign-in") and line.endpoint != "account.sign_out":
        return "sign in"
    if got.status == 303 and going.startswith("/account/choose") and line.endpoint != "home.start":
        return "choose"
    if got.status == 404 and who == "ulla" and line.endpoint in ("account.act_under", "account.end"):
        return "choose"  # these are asked without a mandate: to her it is somebody else's
    if got.status == 410 and line.endpoint == "public.show":
        return "in"  # the notice where something was public
    return "in" if got.status in DONE else {403: "refused", 404: "hidden"}.get(got.status, str(got.status))


def asked(lines: list[Line]) -> Iterator[tuple[Line, str]]:
    """Every line with everybody; of those who stand alike, and of those who are not looked at, all at the first line alone."""
    for place, line in enumerate(lines):
        yield from ((line, who) for who in EVERYBODY if place == 0 or (who not in TWINS and line.knows(who)))


def one_of_each(lines: list[Line]) -> Iterator[tuple[Line, str]]:
    """Every line with one for each answer that it has: another at the next line, so that most are asked somewhere."""
    kinds: dict[tuple[int, str], list[str]] = {}
    for line, who in asked(lines):
        kinds.setdefault((lines.index(line), line.expected(who)), []).append(who)
    for (place, _expected), people in kinds.items():
        yield lines[place], people[place % len(people)]


def sung(doors: Doors, who: str, got: Answer) -> list[str]:
    """The canaries that somebody hears without being meant to."""
    if b"kanarie" not in got.body:  # what every canary begins with
        return []
    text = got.text
    return [word for word, readers in doors.town.canaries.items() if who not in readers and word in text]


@pytest.mark.parametrize("endpoint", BY_ENDPOINT)
def test_everybody_gets_in_where_they_should_and_nowhere_else(town: Doors, endpoint: str) -> None:
    """For whoever does not, it is as if there were no such thing: the same answer, of the same length, after the same work.

    On SQLite everybody is asked. What the table says is turned into the same conditions for PostgreSQL: that they hold there
    as well, one of each kind tells.
    """
    everybody = town.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    nothing: dict[tuple[str, str], Answer] = {}
    wrong = []
    for line, who in (asked if everybody else one_of_each)(BY_ENDPOINT[endpoint]):
        got, case = answer(town, who, line), f"{line.method} {line.endpoint} «{line.thing}» {who}"
        found = what(got, line, who)
        if found != line.expected(who):
            wrong.append(f"{case}: {found}, not {line.expected(who)}")
        if line.method == "GET" and got.commits:
            wrong.append(f"{case}: a page that is read has written")
        wrong += [f"{case}: sees {word}" for word in sung(town, who, got)]
        parts = town.town.parts.get(line.thing, {})
        names = [name for name in ("unit_id", "public_id") if name in parts and "=uncite" not in parts]
        if names and found in ("hidden", "sign in", "choose"):
            instead = {names[0]: NOWHERE}
            where = who, town.address(line.endpoint, line.thing, line.method, **instead)
            nothing[where] = none = nothing.get(where) or answer(town, who, line, **instead)
            if (got.seen, got.statements) != (none.seen, none.statements):
                wrong.append(
                    f"{case}: {got.status} after {got.statements}, but {none.status} after {none.statements} where nothing is"
                )
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_address_stands_in_the_matrix_and_nothing_else_does(town: Doors) -> None:
    rules = [(method, rule.endpoint) for rule in town.app.url_map.iter_rules() for method in rule.methods or ()]
    assert {f"{method} {endpoint}" for method, endpoint in rules if method not in UNLISTED} == set(BY_ENDPOINT)
