"""What a token may be, and how a long answer is divided."""

from datetime import date, timedelta

import pytest

from chain.access.policy import Role
from chain.api import rules
from chain.api.rules import Page
from chain.base.errors import RuleBroken

TODAY = date(2026, 11, 22)
READS = {"figures": frozenset({Role.OFFICER, Role.PRINCIPAL}), "releases": frozenset({Role.OFFICER, Role.MEMBER})}


@pytest.mark.parametrize(
    ("scopes", "role", "days", "wrong"),
    [
        (["tree"], Role.MEMBER, 0, set()), (["figures", "releases"], Role.OFFICER, 366, set()),
        (["releases"], Role.MEMBER, 30, set()), ([], Role.OFFICER, 30, {"scopes"}),
        (["everything"], Role.OFFICER, 30, {"scopes"}),
        (["figures"], Role.MEMBER, 30, {"scopes"}), (["tree", "releases"], Role.PRINCIPAL, 30, {"scopes"}),
        (["tree"], Role.OFFICER, -1, {"valid_to"}), (["tree"], Role.OFFICER, 367, {"valid_to"}),
        (["figures"], Role.MEMBER, 3660, {"scopes", "valid_to"}),
    ],
)  # fmt: skip
def test_a_token_reads_what_its_role_reads_for_at_most_a_year(scopes: list[str], role: Role, days: int, wrong: set[str]) -> None:
    assert set(rules.problems(scopes, role, TODAY + timedelta(days=days), TODAY, READS)) == wrong


@pytest.mark.parametrize(
    ("number", "size", "total", "skips", "following"),
    [(1, 100, 0, 0, None), (1, 100, 100, 0, None), (1, 100, 101, 0, 2), (2, 100, 101, 100, None), (9, 10, 5, 80, None)],
)
def test_pages_follow_each_other_until_all_is_told(number: int, size: int, total: int, skips: int, following: int | None) -> None:
    page = Page(number, size)
    assert (page.skips, page.next(total)) == (skips, following)


@pytest.mark.parametrize(
    "asked", [("0", "10"), ("1", "0"), ("1", "501"), ("-1", "10"), ("x", "10"), ("1", ""), ("1", "²"), ("9" * 9, "1")]
)
def test_what_is_no_page_is_refused_with_a_sentence(asked: tuple[str, str]) -> None:
    with pytest.raises(RuleBroken, match="högst 500"):
        rules.page(*asked)
