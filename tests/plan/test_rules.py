"""When a plan is missing or too old, and which kinds are shipped."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from chain.base.errors import RuleBroken
from chain.cycle.shipped import ShippedError
from chain.plan import rules, shipped

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2025, 11, 22), 12, date(2026, 11, 22)), (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)), (date(2025, 11, 30), 24, date(2027, 11, 30)),
    ],
)  # fmt: skip
def test_until_when_it_is_new_enough(day: date, months: int, last: date) -> None:
    assert rules.good_until(day, months) == last


@pytest.mark.parametrize(
    ("last", "somebody", "expected"),
    [
        (None, False, "missing"), (date(2025, 11, 21), True, "old"), (date(2025, 11, 22), True, "current"),
        (date(2026, 1, 1), False, "nobody"),
    ],
)  # fmt: skip
def test_how_it_stands(last: date | None, somebody: bool, expected: str) -> None:
    assert rules.state(last, 12, TODAY, somebody=somebody) == expected
    assert rules.state_name(expected)


@pytest.mark.parametrize(
    ("decided", "revised", "somebody", "text", "field"),
    [
        (None, None, True, "", "decided_on"), (date(2026, 11, 23), None, True, "", "decided_on"),
        (date(2026, 9, 1), date(2026, 8, 1), True, "", "revised_on"),
        (date(2026, 9, 1), date(2027, 8, 1), True, "", "revised_on"),
        (date(2026, 9, 1), None, False, "", "responsible"), (date(2026, 9, 1), None, True, "x" * 2001, "text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(decided: date | None, revised: date | None, somebody: bool, text: str, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check(decided, revised, TODAY, somebody=somebody, text=text)
    assert list(refused.value.problems) == [field]


def test_which_school_forms_need_what() -> None:
    needed = {form: {one.key for one in shipped.kinds() if rules.needs(one.school_forms, [form])} for form in ("FS", "GR", "VUX")}
    assert "support_investigations" in needed["GR"] and "support_investigations" not in needed["FS"] | needed["VUX"]
    assert all("degrading_treatment" in keys for keys in needed.values())
    assert not rules.needs((), []), "a unit without a school form has to have none"


def test_each_kind_says_where_it_is_required_in_both_languages() -> None:
    for one in shipped.kinds():
        assert one.name("sv") != one.name("en") and one.source("sv") != one.source("en") and one.months >= 12
        assert one.about in shipped.ABOUT


@pytest.mark.parametrize(
    ("there", "instead", "word"),
    [('about = "plan"', 'about = "kind"', "about"), ('"FKLASS", ', '"XX", ', "school_forms"), ("months = 12", "", "months")],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path, there: str, instead: str, word: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(shipped.DATA, folder, ignore=shutil.ignore_patterns("demo", "samples", "ref", "fonts", "ss12000"))
    file = folder / "plans.toml"
    file.write_text(file.read_text().replace(there, instead, 1))
    with pytest.raises(ShippedError, match=word):
        shipped.kinds(folder)
