"""Whether the matrix would notice: each line of the access table taken away, and each one widened, has to change an answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, true

from chain.access import guard, policy
from chain.access.policy import Relation, Role, Rule
from chain.account import queries as accounts
from chain.api.models import Token
from chain.base.db import Base, db
from chain.organisation.models import Mandate
from tests import makers
from tests.access_matrix import EVERYBODY, MATRIX, Line
from tests.doors import Doors
from tests.test_access import answer, what
from tests.town import MORE_PEOPLE, STRANGERS

ROLE = {short: role for short, _name, role, _unit in (*makers.PEOPLE, *MORE_PEOPLE)}
ASKED = [who for who in EVERYBODY if who in ROLE and who not in (*STRANGERS, "ulla")]


def kind_of(doors: Doors, line: Line) -> tuple[str, str]:
    """What an address is guarded by: the kind of thing, and the action."""
    asks = doors.app.view_functions[line.endpoint].__dict__.get("guard", ("everyone",))
    if len(asks) == 1:
        return "", ""
    action, about = asks
    scope = policy.scope_of(about) if not isinstance(about, str) else None
    return scope.kind if scope else str(about), str(action)


def candidates(doors: Doors, rule: Rule, expected: tuple[str, ...], roles: frozenset[Role]) -> Iterator[tuple[Line, str]]:
    """Whom to ask for what: the addresses of the rule's own kind and action first."""

    def distance(line: Line) -> int:
        kind, action = kind_of(doors, line)
        return (kind != rule.kind) * 2 + (action != rule.action)

    for line in sorted(MATRIX, key=distance):
        if distance(line) < 2 or line.endpoint in ELSEWHERE.get(rule.kind, ()):
            yield from ((line, who) for who in ASKED if ROLE[who] in roles and line.expected(who) in expected)


ELSEWHERE = {  # kinds that views ask of by themselves
    "node": ("cycle.node", "cycle.late"),
    "published": ("result.published",),
    "rollup": ("rollup.figures", "rollup.figure"),
    "year": ("cycle.open_year",),
    "followup": ("followup.submit", "followup.withdraw"),
    "mandate": ("organisation.end_mandate",),
    "report": ("report.publish",),
    "submission": ("feedback.give",),
    "citation": ("followup.edit",),
    "outbox": ("organisation.health",),
}


def noticed(doors: Doors, asked: Iterator[tuple[Line, str]], first: frozenset[str] = frozenset()) -> str:
    """The first answer that is another than the matrix says; these people are asked before the others."""
    for line, who in sorted(asked, key=lambda each: each[1] not in first):
        found = what(answer(doors, who, line), line, who)
        if found != line.expected(who):
            return f"{line.method} {line.endpoint} «{line.thing}» {who}: {found}"
    return ""


pytestmark = pytest.mark.parametrize("towns", ["sqlite"], indirect=True)  # the table is one; the matrix is asked on both


@pytest.fixture
def doors(town: Doors) -> Doors:
    return town


def without(rule: Rule) -> tuple[Rule, ...]:
    return tuple(one for one in policy.MAY if one is not rule)


def wider(rule: Rule) -> Iterator[Rule]:
    """The rule for every role, for one more place to stand, in every state."""
    yield replace(rule, roles=frozenset(Role))
    yield from (replace(rule, relations=rule.relations | {relation}) for relation in Relation if relation not in rule.relations)
    if rule.states:
        yield replace(rule, states=frozenset())


@pytest.fixture
def things(doors: Doors) -> dict[str, list[Base]]:
    """Everything that the town has, by kind."""
    found: dict[str, list[Base]] = {}
    with doors.app.app_context():
        for model in [mapper.class_ for mapper in Base.registry.mappers]:
            scope = policy.scope_of(model)
            if scope and not scope.inside:
                found.setdefault(scope.kind, []).extend(db.session.scalars(select(model)))
        db.session.expunge_all()
    return found


Holders = dict[str, Mandate]


@pytest.fixture
def holders(doors: Doors) -> Holders:
    with doors.app.app_context():
        cast = makers.found()
        held = {who: cast.who[who] for who in ASKED if who != "tove"}
        db.session.expunge_all()
    return held


def says(doors: Doors, rule: Rule, things: dict[str, list[Base]], holders: Holders) -> dict[str, list[bool]]:
    """What the table says of everybody and everything that the town has: two tables that say the same are the same here."""
    guards = [view.__dict__.get("guard") for view in doors.app.view_functions.values()]
    asked = (rule.action, rule.kind) in guards
    return {
        who: [policy.may(one, rule.action, thing) for thing in things.get(rule.kind, ())]
        + [policy.may_somewhere(one, rule.action, rule.kind) for _once in range(asked)]
        for who, one in holders.items()
    }


def others(before: dict[str, list[bool]], after: dict[str, list[bool]]) -> frozenset[str]:
    """Those of whom it says something else, who are the likeliest to get another answer."""
    return frozenset(who for who in before if before[who] != after[who])


ASKED_FIRST = {  # what has no page of its own, or where another question comes first: a line too wide is stopped there
    ("outbox", "read"): "letters are counted on the steward's pages, which ask for the audit",
    ("published", "read"): "the unit is asked for first",
    ("imported", "read"): "the unit is asked for first",
    ("node", "write"): "the node has to be read first",
    ("support", "answer"): "the request has to be read first",
    ("escalation", "answer"): "it has to be read first",
    ("directed", "answer"): "it has to be read first",
    ("directed", "write"): "it has to be read first",
    ("directed", "prepare"): "it has to be read first",
    ("directed", "give"): "the unit is asked for first",
    ("escalation", "write"): "it has to be read first, and its life says when",
    ("support", "prepare"): "asked of whoever it was sent to (tests/support/test_routing.py)",
    ("offer", "submit"): "it has to be read first, and its life says when",
    ("offer", "answer"): "it has to be read first, and its life says when",
    ("plan", "read"): "the unit is asked for first",
    ("plan", "write"): "its plans have to be read first",
    ("citation", "write"): "its follow-up has to be written first",
    ("goal", "answer"): "the node has to be read first, and one says it of its decided goals alone",
    ("governing", "keep"): "the life of a document asks who decides at its level",
    ("workplan", "prepare"): "the next edition has to be written at the unit",
    ("feedback", "give"): "one speaks for the own unit alone: there is no other to ask for",
}


UNSEEN = {  # lines without which no address of the town answers otherwise
    ("trial", "read"): "its own unit writes it, which opens it as well; lists ask this line (tests/finding)",
    ("measure", "write"): "whoever is responsible writes at the unit in this town; others do in tests/measure/test_wheel.py",
    ("outbox", "read"): "letters are counted on the steward's pages, which ask for the audit",
}


def test_no_line_can_be_taken_away_unnoticed(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, things: dict[str, list[Base]], holders: Holders
) -> None:
    unnoticed = []
    for rule in policy.MAY:
        before = says(doors, rule, things, holders)
        with monkeypatch.context() as patch:
            patch.setattr(policy, "MAY", without(rule))
            first = others(before, says(doors, rule, things, holders))
            if not noticed(doors, candidates(doors, rule, ("in", "refused"), rule.roles), first):
                unnoticed.append((rule.kind, str(rule.action)))
    assert unnoticed == [*UNSEEN]


def test_no_line_can_be_widened_unnoticed(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, things: dict[str, list[Base]], holders: Holders
) -> None:
    """For every role, for one more place to stand, in every state; but for what would not be wider in this town."""
    unnoticed, widened = [], 0
    for rule in policy.MAY:
        before = says(doors, rule, things, holders)
        for more in wider(rule) if (rule.kind, str(rule.action)) not in ASKED_FIRST else ():
            with monkeypatch.context() as patch:
                patch.setattr(policy, "MAY", (*without(rule), more))
                if not (first := others(before, says(doors, rule, things, holders))):
                    continue
                widened += 1
                if not noticed(doors, candidates(doors, rule, ("hidden", "refused"), more.roles), first):
                    unnoticed.append(
                        f"{rule.action} {rule.kind} for {sorted(more.roles)} {sorted(more.relations)} {sorted(more.states)}"
                    )
    assert unnoticed == [] and widened > 90


Change = Callable[[pytest.MonkeyPatch], None]


def no_ceiling(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "_scopes", {model: replace(scope, ceiling=None) for model, scope in policy._scopes.items()})


def no_states(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "MAY", tuple(replace(rule, states=frozenset()) for rule in policy.MAY))


def everything_is_found(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "where", lambda *_asked: true())


def whoever_reads_may(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "may", lambda *_asked: True)


def every_role_may_somewhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "may_somewhere", lambda *_asked: True)


def actions_do_not_ask(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guard, "require", lambda *_asked: None)


def a_sibling_stands_below(patch: pytest.MonkeyPatch) -> None:
    """As when a path is compared without its last slash, or with that of the parent."""
    patch.setattr(policy, "below", lambda path, column: column.startswith(policy._parent(path)))


def mandates_never_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Mandate, "holds", lambda *_asked: True)


def sessions_never_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accounts, "why_over", lambda *_asked: "")


def tokens_never_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Token, "holds", True)


CHANGES: list[tuple[Change, str]] = [  # what is changed, and a page at which that is noticed
    (no_ceiling, "followup.show"),
    (no_states, "followup.show"),
    (everything_is_found, "followup.hub"),
    (whoever_reads_may, "support.answer"),
    (every_role_may_somewhere, "release.archive"),
    (actions_do_not_ask, "cycle.late"),
    (a_sibling_stands_below, "organisation.unit"),
    (mandates_never_end, "account.act_under"),
    (sessions_never_end, "home.start"),
    (tokens_never_end, "v1.units"),
]


@pytest.mark.parametrize(("change", "page"), CHANGES, ids=lambda one: getattr(one, "__name__", ""))
def test_no_check_can_be_left_out_unnoticed(doors: Doors, monkeypatch: pytest.MonkeyPatch, change: Change, page: str) -> None:
    change(monkeypatch)
    assert noticed(doors, ((line, who) for line in MATRIX if line.endpoint == page for who in EVERYBODY))
