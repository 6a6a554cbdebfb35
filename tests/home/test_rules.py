"""What comes first on a home page."""

from datetime import date, timedelta

from chain.home.rules import FIRST, MOST, Todo, urgent

TODAY = date(2026, 11, 22)


def todo(title: str, weight: int = 5, due: int | None = None, since: int | None = None) -> Todo:
    days = (None if n is None else TODAY + timedelta(days=n) for n in (due, since))
    return Todo(title, "", "home.start", (), "open", weight, *days)


def titles(*found: Todo) -> list[str]:
    return [each.title for each in urgent(found, TODAY)[0]]


def test_what_is_overdue_comes_first_however_light() -> None:
    assert titles(todo("heavy", weight=0), todo("late", weight=8, due=-1)) == ["late", "heavy"]


def test_what_has_waited_too_long_below_comes_before_all_else() -> None:
    assert titles(todo("late", weight=0, due=-9), todo("theirs", weight=FIRST)) == ["theirs", "late"]


def test_what_stops_others_comes_before_what_is_due_sooner() -> None:
    assert titles(todo("own", weight=4, due=1), todo("others wait", weight=1, due=5)) == ["others wait", "own"]


def test_the_longest_wait_comes_first_among_equals() -> None:
    assert titles(todo("new", since=-1), todo("old", since=-9)) == ["old", "new"]


def test_what_is_due_today_is_not_late() -> None:
    assert titles(todo("heavy", weight=0), todo("today", weight=8, due=0)) == ["heavy", "today"]


def test_there_are_at_most_five_and_the_rest_is_counted() -> None:
    few, more = urgent([todo(str(n)) for n in range(8)], TODAY)
    assert (len(few), more) == (MOST, 3)
