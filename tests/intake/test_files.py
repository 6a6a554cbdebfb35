"""A file is seen first, kept whole or not at all, once, and undone again."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from chain.base.db import db
from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle.models import Round
from chain.followup.models import SectionVersion
from chain.intake import actions, kept, standing
from chain.intake.models import Intake, IntakeFile, IntakeMapping
from chain.result import queries as result
from chain.result.models import ImportedFigures
from chain.rollup.models import RollupRow
from tests import makers
from tests.intake.desk import Desk, csv_of, figures, november
from tests.makers import Cast

ROWS = [("Alskolan", "MA", 4, 25, 24, 12), ("Ekskolan", "Matematik", "åk 4", 20, 20, 19)]
KEPT = [
    ("/sjovik/bun/fvn/norr/alskolan/", "at_least_e", "MA", "4", "", "forecast", 25, 24, 12),
    ("/sjovik/bun/fvn/norr/ekskolan/", "at_least_e", "MA", "4", "", "forecast", 20, 20, 19),
]


def files() -> int:
    return db.session.scalar(select(func.count()).select_from(IntakeFile)) or 0


def test_a_survey_that_names_what_inspectors_ask_about_is_a_table_of_ones_own(app: Flask, cast: Cast) -> None:
    """“Trygghet” in a row is no heading of a published file."""
    content = csv_of([("Alskolan", "Trygghet", 5, 40, "7,5")], ("Skola", "Vad", "Åk", "Antal svar", "Snittvärde"))
    assert november(cast).read(content)[0].kind == "grid"


def test_what_has_faults_is_not_kept_by_the_action_either(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    content = csv_of([("Ingenskolan", "MA", 4, 25, 24, 12)])
    waits = desk.look(content)
    assert waits.found["fatal"]
    with pytest.raises(RuleBroken, match="fel som måste rättas"):
        desk.keep(waits, content)


def test_nothing_is_kept_before_it_is_confirmed_and_then_all_of_it(app: Flask, cast: Cast) -> None:
    desk, content = november(cast), csv_of(ROWS)
    made = desk.look(content)
    assert (made.kind, made.state, figures(), files()) == ("grid", "previewed", [], 1)
    assert {name: made.found["counts"][name] for name in ("rows", "good", "new", "changed", "same")} == {
        "rows": 2, "good": 2, "new": 2, "changed": 0, "same": 0,
    }  # fmt: skip
    desk.keep(made, content)
    assert (made.state, figures(), files()) == ("kept", KEPT, 0)
    assert db.session.scalar(select(func.count()).select_from(RollupRow)) == 0  # a proposal rolls up nowhere


def test_confirming_twice_and_the_same_file_twice_change_nothing(app: Flask, cast: Cast) -> None:
    desk, content = november(cast), csv_of(ROWS)
    made = desk.take_in(content)
    actions.confirm(made, by=cast.olle)
    assert figures() == KEPT
    again = desk.take_in(content)
    assert (figures(), again.found["counts"]["new"], again.found["counts"]["same"]) == (KEPT, 0, 2)
    assert kept.same_file(again) is made


def test_undoing_gives_back_exactly_what_was_before_the_newest_first(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    first = desk.take_in(csv_of(ROWS))
    second = desk.take_in(csv_of([("Alskolan", "MA", 4, 25, 25, 20), ("Alskolan", "SV", 4, 25, 24, 23)]))
    here = result.imported(cast.unit["alskolan"].id, desk.round.id)
    assert sorted((figure.subject, figure.k) for figure, _row in here.values()) == [("MA", 20), ("SV", 23)]
    assert second.found["counts"] | {"new": 1, "changed": 1} == second.found["counts"]
    with pytest.raises(RuleBroken, match="Olle Sand"):
        actions.undo(first, by=cast.diana)
    actions.undo(second, by=cast.diana)
    assert (figures(), second.state) == (KEPT, "undone")
    actions.undo(first, by=cast.diana)
    assert figures() == []


def test_a_file_that_was_thrown_or_undone_leaves_none_of_its_words(app: Flask, cast: Cast) -> None:
    desk, content = (
        november(cast),
        csv_of([*ROWS, ("Ada Alm 120101", "MA", 4, 25, 24, "Bo Berg"), ("Alskolan", "Cilla Ceder", 5, 1, 1, 1)]),
    )
    thrown, undone = desk.look(content), desk.take_in(content)
    names = ("Ada Alm", "Cilla Ceder")
    assert all(name in str(one.found) for one in (thrown, undone) for name in names)
    actions.cancel(thrown, by=cast.olle)
    actions.undo(undone, by=cast.olle)
    for one in (thrown, undone):
        db.session.refresh(one)
        assert not [name for name in (*names, "Minst E") if name in str(one.found)]
        assert [facts["params"]["row"] for facts, _sentence in kept.sentences(one.found)] == ["4", "5"]
        assert all("…" in sentence for _facts, sentence in kept.sentences(one.found))


def test_a_receipt_is_fetched_for_its_own_page_alone(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    waiting = desk.look(csv_of(ROWS)).id
    first, second = (desk.take_in(csv_of(ROWS)).id for _time in range(2))
    ask: list[Callable[[], Intake | None]] = [
        lambda: kept.recent(makers.found().olle)[0],
        lambda: kept.figures_of(makers.found().unit["alskolan"])[0][1][0].intake,
        lambda: kept.same_file(db.session.get_one(Intake, second)),
        lambda: standing.later(db.session.get_one(Intake, first)),
        lambda: standing.since(db.session.get_one(Intake, waiting)),
    ]
    for asked in ask:
        db.session.rollback()
        db.session.expunge_all()
        other = asked()
        assert other and "found" in inspect(other).unloaded


def test_what_is_not_confirmed_is_thrown_away_with_its_file(app: Flask, cast: Cast) -> None:
    desk, content = november(cast), csv_of(ROWS)
    made = desk.look(content)
    actions.cancel(made, by=cast.olle)
    assert (made.state, files(), figures()) == ("cancelled", 0, [])
    with pytest.raises(RuleBroken):
        desk.keep(made, content)


def test_the_second_of_two_is_told_what_the_first_has_changed(app: Flask, cast: Cast) -> None:
    desk, content, other = november(cast), csv_of(ROWS), csv_of([("Alskolan", "MA", 4, 25, 24, 1)])
    first, second = desk.look(content, "klar.csv"), desk.look(other, by=cast.olga)
    desk.keep(first, content)
    with pytest.raises(RuleBroken, match=r"Olle Sand.*klar\.csv"):
        desk.keep(second, other, cast.olga)
    assert figures() == KEPT
    said, found = desk.read(other, by=cast.olga)
    actions.review(second, said, found, by=cast.olga)
    assert second.found["counts"]["changed"] == 1
    desk.keep(second, other, cast.olga)
    assert second.state == "kept"


def test_of_two_at_the_same_time_one_is_kept_whole_and_the_other_refused(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    files = [csv_of([("Alskolan", "MA", 4, 25, 24, k), ("Ekskolan", "MA", 4, 25, 24, k)]) for k in (1, 2)]
    waiting = [desk.look(content, f"{number}.csv").id for number, content in enumerate(files)]
    db.session.remove()
    both = threading.Barrier(2)

    def keep(number: int) -> str:
        with app.app_context():
            mine = Desk(makers.found(), db.session.get_one(Round, desk.round.id))
            both.wait(30)
            try:
                actions.confirm(db.session.get_one(Intake, waiting[number]), by=mine.cast.olle)
            except RuleBroken:
                return "refused"
            return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(keep, range(2))) == ["kept", "refused"]
    assert len({one[-1] for one in figures()}) == 1 and len(figures()) == 2


def test_the_columns_of_a_source_are_remembered(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    content = csv_of(ROWS, ("Namn", "Vad", "Klass", "Hur många", "Prövade", "Klarade"))
    made = desk.look(content, source="Registret")
    assert made.found["lacking"] == ["unit", "enrolled", "assessed", "reached"]
    assert made.found["fatal"]
    names = ("unit", "subject", "year_group", "enrolled", "assessed", "reached")
    columns = dict(zip(names, ("Namn", "Vad", "Klass", "Hur många", "Prövade", "Klarade"), strict=True))
    mapping = {"columns": columns, "indicator": "at_least_e"}
    said, found = desk.read(content, mapping=mapping)
    actions.review(made, said, found, columns=columns, indicator="at_least_e", by=cast.olle)
    actions.confirm(made, by=cast.olle)
    assert figures() == KEPT
    assert kept.columns(cast.olga, "Registret") == mapping
    assert db.session.scalar(select(func.count()).select_from(IntakeMapping)) == 1


def test_only_those_of_the_administration_read_in_and_only_below_themselves(app: Flask, cast: Cast) -> None:
    desk, content = november(cast), csv_of(ROWS)
    with pytest.raises(RuleBroken, match="utredare"):
        desk.read(content, by=cast.stina)
    with pytest.raises(NotAllowed):
        said, found = desk.read(content)
        actions.receive("x", content, said, found, root=cast.unit["sjovik"], round=desk.round, source="", by=cast.pia)
    assert db.session.scalar(select(func.count()).select_from(Intake)) == 0
    elsewhere, _found = desk.read(content, by=cast.vera)  # her administration has none of these units
    assert elsewhere.fatal and elsewhere.figures == []


def test_a_figure_never_touches_the_draft_of_a_unit(app: Flask, cast: Cast) -> None:
    desk = november(cast)
    before = db.session.scalar(select(func.count()).select_from(SectionVersion))
    desk.take_in(csv_of(ROWS))
    assert db.session.scalar(select(func.count()).select_from(SectionVersion)) == before
    assert db.session.scalar(select(func.count()).select_from(ImportedFigures)) == 2
    assert desk.look(csv_of(ROWS)).found["counts"]["same"] == 2
