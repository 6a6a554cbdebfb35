"""The schema's history: it leads to what the models say, down again and up again, and loses nothing on the way."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from chain import cli
from chain.access.policy import Role
from chain.api import actions as api
from chain.api import queries as tokens
from chain.base import clock, config
from chain.base.db import Base, db
from chain.cycle import queries as asked
from chain.document import actions as written
from chain.document.models import Document, DocumentFile
from chain.finding import example_actions as examples
from chain.finding import theme_actions as themes
from chain.finding.models import Theme
from chain.followup import actions as followup
from chain.followup.models import Submission
from chain.goal.models import Goal
from chain.handover.models import Handover
from chain.intake import ss12000_actions as intake
from chain.intake.models import Intake
from chain.intake.ss12000_models import Fetched, Taken
from chain.intake.ss12000_reading import Facts, Organisation
from chain.matter import meeting_actions as meetings
from chain.matter.models import Decision
from chain.organisation.models import Mandate, Unit
from chain.publication import actions as publication
from chain.publication.models import Publication
from chain.release import actions as release
from chain.release import queries as released
from chain.release.models import Release
from chain.report import actions as reports
from chain.report import queries as asked_reports
from chain.report.models import Edition
from chain.result import queries as measured
from chain.result import similar_actions as similar
from chain.result.models import ImportedFigures, PublishedValue
from chain.rollup import queries
from chain.rollup.queries import ROWS
from tests import conftest, databases, makers
from tests.document import desk as papers
from tests.finding import world as coding
from tests.followup import world
from tests.goal import desk as goals
from tests.handover import world as handovers
from tests.intake import desk as files
from tests.matter import desk
from tests.report import world as pages
from tests.rollup import district

KINDS = ["sqlite", "postgresql"]


def opened(url: str) -> Iterator[Flask]:
    """An application with migrations on a database of its own."""
    app = create_app(conftest.settings(url))
    cli.migrations(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if url.startswith("postgresql"):
        databases.drop(url)


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Without a single table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        admin = request.getfixturevalue("postgres")
        url = databases.clone(admin, databases.template_database(admin, lambda url: None))
    yield from opened(url)


@pytest.fixture(params=KINDS)
def newest(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Led by the migrations to what the models say, as the first two tests look at: led there once, and copied."""
    template = request.getfixturevalue(f"migrated_{request.param}")
    if request.param == "sqlite":
        url = databases.sqlite_clone(template, tmp_path)
    else:
        url = databases.clone(request.getfixturevalue("postgres"), template)
    yield from opened(url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(migrated, tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def migrated_postgresql(postgres: str) -> str:
    return databases.template_database(postgres, migrated)


def migrated(url: str) -> None:
    app = create_app(conftest.settings(url))
    cli.migrations(app)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def difference() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        found: list[object] = compare_metadata(context, Base.metadata)
    return found


def test_the_migrations_lead_to_what_the_models_say(empty: Flask) -> None:
    upgrade()
    assert difference() == []


def test_they_lead_down_to_nothing_and_up_again(empty: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert difference() == []


def test_who_opened_what_was_handed_up_is_found_again_in_the_audit(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        world.opened(cast)
        read, accepted, unread = (world.hand_in(world.followup(cast, who), cast.who[who]) for who in ("pia", "petra", "per"))
        followup.open_(read, by=cast.olle)
        followup.accept(accepted, by=cast.arne)
    told = {each.id: (each.opened_at, each.opened_by_id) for each in (read, accepted, unread)}
    assert [who for _when, who in told.values()] == [cast.olle.id, cast.arne.id, None]
    db.session.remove()
    downgrade(revision="0001")
    assert "opened_by_id" not in {column["name"] for column in inspect(db.engine).get_columns("submission")}
    upgrade()
    kept = db.session.scalars(select(Submission)).all()
    assert {each.id: (each.opened_at, each.opened_by_id) for each in kept} == told


def test_what_a_register_is_tied_to_is_forgotten_on_the_way_down_and_nothing_else(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        intake.keep(cast.unit["sjovik"], Facts(SOMETHING), at=clock.now(), by=None)
    before = db.session.execute(select(Unit.path, Unit.version).order_by(Unit.path)).all()
    assert before and db.session.scalars(select(Fetched.facts)).one()["organisations"][0]["name"] == "Nyskolan"
    db.session.remove()
    downgrade(revision="0003")
    assert {"source", "external_id", "fetched"} & set(inspect(db.engine).get_table_names()) == set()
    upgrade()
    assert db.session.execute(select(Unit.path, Unit.version).order_by(Unit.path)).all() == before
    assert db.session.scalars(select(Fetched)).all() == []


SOMETHING = (Organisation("ny", "Nyskolan", "Skola", "", "", ("GR",), None, None),)


def test_documents_go_on_the_way_down_and_what_they_stood_on_stays(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        document = papers.handed_over(cast)
        papers.write(papers.begun(cast, document.round), "economy", "Inga.", cast.olle)
    asked = select(Submission.public_id, Submission.sha256).order_by(Submission.public_id)
    before = db.session.execute(asked).all()
    assert before and db.session.scalars(select(DocumentFile.sha256)).all() != []
    db.session.remove()
    downgrade(revision="0012")
    tables = set(inspect(db.engine).get_table_names())
    assert not {name for name in tables if name.startswith(("document", "template_"))} and "matter" in tables
    upgrade()
    assert db.session.execute(asked).all() == before and db.session.scalars(select(Document)).all() == []
    assert difference() == []


def test_goals_documents_and_plans_go_on_the_way_down_and_nothing_that_stood_before_does(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        goals.chain(cast)
        goals.asked(cast, goals.document(cast), "alskolan")
        goals.decided_plan(cast)
    asked = select(Unit.path, Unit.version).order_by(Unit.path)
    before = db.session.execute(asked).all()
    db.session.remove()
    downgrade(revision="0018")
    assert not {name for name in inspect(db.engine).get_table_names() if name.startswith(("goal", "governing", "workplan"))}
    upgrade()
    assert db.session.execute(asked).all() == before and db.session.scalars(select(Goal)).all() == []
    assert difference() == []


def test_a_release_of_the_first_form_says_the_same_and_holds_when_units_come_and_go(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        round = world.opened(cast)
        for unit in ("alskolan", "ekskolan"):
            district.accepted(cast, unit, {("MA", "4"): (40, 40, 22)})
        made = release.prepare(round, by=cast.olle)
        number, told = made.id, [list(row) for row in released.rows(made)]
        first = {
            "release": made.public_id, "round_id": made.round_id, "unit_id": made.unit_id, "audience": "committee",
            "number": 1, "expected": made.expected, "reporting": made.reporting, "figures": told,
        }  # fmt: skip
    db.session.remove()
    downgrade(revision="0013")
    with db.engine.begin() as connection:
        kept = connection.execute(text("select shown, n from released_figure")).all()
        assert [tuple(row) for row in kept] == [("55", 80)], "the administration's total, and no unit's"
        connection.execute(text("update release set sha256 = :sum"), {"sum": released.rules.sha256(first)})
    upgrade()
    old = db.session.get_one(Release, number)
    assert old.profile is None and released.holds(old) and [list(row) for row in released.rows(old)] == told


def test_figures_keep_their_sums_when_totals_come_and_go(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        round = world.opened(cast)
        district.accepted(cast, "alskolan", {("MA", "4"): (25, 24, 20)})
        told = {**db.session.execute(select(ROWS).limit(1)).mappings().one(), "indicator": "grants", "total": 10**10}
        db.session.execute(insert(ROWS), [told])
        db.session.commit()
        fvn, round_id = cast.unit["fvn"].id, round.id
    db.session.remove()
    downgrade(revision="0002")
    assert "total" not in {column["name"] for column in inspect(db.engine).get_columns("rollup")}
    upgrade()
    assert [(one.k, one.total) for one in queries.rows(fvn, round_id)] == [(20, 0)]  # a total alone says nothing without it
    assert difference() == []


def test_what_is_asked_and_measured_stays_in_its_order_when_it_can_be_kept(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        year = world.opened(cast).year
    before = [(one.key, one.facts) for one in measured.kept(year.id)], [one.key for one in asked.all_questions(year, "unit")]
    db.session.remove()
    downgrade(revision="0004")
    assert "position" not in {column["name"] for column in inspect(db.engine).get_columns("indicator")}
    upgrade()
    kept = measured.kept(year.id)
    after = [(one.key, one.facts) for one in kept], [one.key for one in asked.all_questions(year, "unit")]
    assert after == before and {one.version for one in kept} == {1} and {one.hidden_from for one in kept} == {None}


def test_published_values_go_down_as_they_were_and_up_again_without_those_that_had_no_room(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        unit = makers.cast().unit["sjovik"]
    same = {"unit_id": unit.id, "path": unit.path, "indicator": "pupils", "period": "2024/25", "value_type": "EXISTS"}
    for shown, organiser in (("100", ""), ("90", "KOMMUN")):
        db.session.add(PublishedValue(**same, shown=shown, organiser=organiser, source="test", source_file="test"))
    db.session.commit()
    db.session.remove()
    downgrade(revision="0005")
    assert db.session.execute(text("SELECT shown FROM published_value")).all() == [("100",)]
    db.session.remove()
    upgrade()
    assert [(one.shown, one.organiser, one.sex) for one in db.session.scalars(select(PublishedValue))] == [("100", "", "")]


def test_what_is_published_of_other_places_comes_and_goes_and_leaves_ones_own(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        unit = makers.cast().unit["sjovik"]
        similar.choose(unit, "1440", reason="Lika stor.", by=None)
    same = {"unit_id": unit.id, "path": unit.path, "indicator": "pupils", "period": "2024/25", "value_type": "EXISTS"}
    for shown, place in (("100", ""), ("4 102", "1440"), ("1 100 000", "0000")):
        db.session.add(PublishedValue(**same, shown=shown, place=place, source="test", source_file="test"))
    db.session.commit()
    db.session.remove()
    downgrade(revision="0008")
    assert db.session.execute(text("SELECT shown FROM published_value")).all() == [("100",)]
    db.session.remove()
    assert "similar_municipality" not in inspect(db.engine).get_table_names()
    upgrade()
    assert [(one.shown, one.place) for one in db.session.scalars(select(PublishedValue))] == [("100", "")]


def test_a_token_that_was_renewed_stays_when_its_renewal_is_forgotten(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        asks = {"name": "Portalen", "purpose": "Statistik.", "scopes": ["tree"], "valid_to": clock.today()}
        made, key = api.make(cast.unit["fvn"], Role.OFFICER, **asks, by=cast.stina)
        api.renew(made, valid_to=clock.today(), by=cast.stina)
    assert made.renewed_by == cast.stina.person
    db.session.remove()
    downgrade(revision="0009")
    db.session.remove()
    upgrade()
    found = tokens.by_key(key)
    assert found is not None and found.renewed_by is None and found.made_by.name == "Stina Ek"


def test_the_tokens_of_integrations_come_and_go_and_leave_all_else(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        asks = {"name": "Portalen", "purpose": "Statistik.", "scopes": ["tree"], "valid_to": clock.today()}
        made, key = api.make(cast.unit["fvn"], Role.OFFICER, **asks, by=cast.stina)
    assert tokens.by_key(key) is made and difference() == []
    db.session.remove()
    downgrade(revision="0006")
    assert "token" not in inspect(db.engine).get_table_names()
    upgrade()
    assert tokens.by_key(key) is None and makers.found().pia.unit.name == "Alskolan"


def test_figures_read_in_go_down_one_by_one_without_totals_and_words_of_what_was_undone_go_for_good(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        desk = files.november(makers.cast())
        desk.take_in(files.csv_of([("Alskolan", "MA", 4, 25, 24, 12), ("Ekskolan", "SV", 5, 20, 19, 18)]))
        desk.take_in(files.csv_of([("Alskolan", "MA", 4, 25, 25, 20)]))
        undone = desk.look(files.csv_of([("Ada Alm 120101", "MA", 4, 25, 24, 12), ("Alskolan", "EN", 4, 25, 24, 12)]))
        sums = ["merit", "GR", "", "9", "", "final_grade", 60, 57, 0, 130359]
        some = {
            "intake_id": 1,
            "round_id": desk.round.id,
            "unit_id": desk.cast.unit["alskolan"].id,
            "path": "/",
            "source": "",
            "kept": True,
        }
        db.session.add(ImportedFigures(**some, figures=[sums]))
        undone.state = "undone"
        db.session.commit()
        before = [one for one in files.figures() if one[1] != "merit"]
    db.session.remove()
    downgrade(revision="0007")
    counts = "path, indicator, subject, year_group, category, basis, enrolled, n, k"
    assert db.session.execute(text(f"SELECT {counts} FROM imported_figure ORDER BY id")).all()[-1][-3:] == (25, 25, 20)
    assert sorted(map(tuple, db.session.execute(text(f"SELECT {counts} FROM imported_figure")))) == before
    assert len(before) == 3, "what waited is not among them"
    db.session.remove()
    upgrade()
    assert files.figures() == before and difference() == []
    kept, told = db.session.scalars(select(Intake).order_by(Intake.id)).all()[-2:]
    assert kept.found["header"] and "Ada" not in str(told.found) and told.found["problems"][0]["params"]["row"] == "2"


def test_what_a_register_gave_goes_down_with_the_enrolled_filled_in_and_comes_up_without_its_receipts(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        here = {"round_id": world.opened(cast).id, "unit_id": cast.unit["alskolan"].id, "path": cast.unit["alskolan"].path}
        intake.keep(cast.unit["sjovik"], Facts(SOMETHING), at=clock.now(), by=None)
    figures = [["grades", "GR", "MA", "6", "A", "term_grade", None, 9, 2, 0]]
    db.session.add(ImportedFigures(intake_id=1, **here, source="SS 12000", kept=True, figures=figures))
    line = {"what": "add_unit", "at": conftest.NOW, "by_id": cast.stina.id, "words": {"sv": "Alskolan läggs till."}}
    db.session.add(Taken(source_id=1, unit_id=here["unit_id"], path=here["path"], **line))
    db.session.commit()
    db.session.remove()
    downgrade(revision="0010")
    assert db.session.scalars(select(ImportedFigures)).one().figures[0][6:] == [9, 9, 2, 0]
    db.session.remove()
    upgrade()
    assert db.session.scalars(select(Taken)).all() == [] and difference() == []
    assert db.session.scalars(select(ImportedFigures)).one().figures[0][6:] == [9, 9, 2, 0]


def test_decisions_stay_when_their_matters_and_meetings_are_forgotten(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        meetings.plan(cast.unit["bun"], [desk.DAY], by=cast.sixten)
        assignment = desk.given(cast, desk.opened(cast, registration_number="Bun 2018/75"))
        kept = assignment.decision
        desk.decided(cast, None, "30")
        assert (kept.meeting is not None, kept.matter is not None) == (True, True)
    words = "SELECT paragraph, registration_number, text, edition FROM decision ORDER BY id"
    before = db.session.execute(text(words)).all()
    db.session.remove()
    downgrade(revision="0011")
    gone = {"matter", "meeting", "agenda_item", "assignment", "matter_step"}
    assert not gone & set(inspect(db.engine).get_table_names()) and db.session.execute(text(words)).all() == before
    db.session.remove()
    upgrade()
    found = db.session.execute(select(Decision.matter_id, Decision.meeting_id)).all()
    assert [tuple(one) for one in found] == [(None, None), (None, None)] and difference() == []


def test_the_page_that_stands_is_its_first_edition_and_what_was_public_goes_down_with_the_rest(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        page = pages.published(cast)
        reports.receive(page, "Bun 2026/91", by=cast.sixten)
        publication.publish(page, read_through=True, by=cast.sixten)
        name, made_of = page.public_id, (page.submission_id, page.release_id, page.published_at)
    db.session.remove()
    downgrade(revision="0014")
    assert not {"report_edition", "publication", "remark"} & set(inspect(db.engine).get_table_names())
    upgrade()
    [edition] = db.session.scalars(select(Edition)).all()
    assert (edition.report.public_id, edition.number) == (name, 1) and difference() == []
    assert (edition.submission_id, edition.release_id, edition.published_at) == made_of


def test_a_page_keeps_what_it_said_when_coding_is_forgotten_and_begun_anew(newest: Flask) -> None:
    """On the way down themes, codes, findings and examples are lost: there is no place for them. The page itself stays."""
    with clock.held(conftest.NOW):
        cast = makers.cast()
        page = pages.published(cast)
        coding.read(cast, "alskolan", cast.olle, first="staff")
        offered = examples.offer(coding.submission(cast, "alskolan"), title="Två vägar", by=cast.pia)
        examples.go(offered, "take_back", by=cast.pia)
        name, handed = page.public_id, page.submission_id
    db.session.remove()
    downgrade(revision=ScriptDirectory(str(config.MIGRATIONS)).get_revision("0024").down_revision)
    gone = {"theme", "passage", "coding", "coded_reading", "resolution", "quote", "finding", "offer", "example", "trial"}
    assert not gone & set(inspect(db.engine).get_table_names())
    upgrade()
    [edition] = db.session.scalars(select(Edition)).all()
    assert (edition.report.public_id, edition.submission_id, edition.seen, difference()) == (name, handed, {}, [])
    with clock.held(conftest.NOW):
        themes.begin(by=db.session.scalars(select(Mandate).where(Mandate.role == Role.OFFICER)).first())
    assert len(db.session.scalars(select(Theme)).all()) == 5


def test_a_release_says_the_same_when_what_it_stood_beside_is_forgotten(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        page = pages.with_figures(cast)
        again = release.approve(release.prepare(page.round, by=cast.olle), by=cast.diana)
        before = again.public_id, again.sha256
        assert again.beside
    db.session.remove()
    downgrade(revision="0017")
    assert "beside" not in {column["name"] for column in inspect(db.engine).get_columns("release")}
    upgrade()
    [again] = db.session.scalars(select(Release).order_by(Release.id.desc()).limit(1)).all()
    assert (again.public_id, again.sha256, again.beside) == (*before, None) and released.holds(again)
    assert difference() == []


def test_a_document_that_is_public_goes_on_the_way_down_and_the_page_stays(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        document = papers.handed_over(cast)
        page = asked_reports.of(document.round) if document.round else None
        assert page
        reports.receive(page, "Bun 2026/91", by=cast.sixten)
        made = publication.publish(page, read_through=True, by=cast.sixten).public_id
        first = publication.publish_document(document, read_through=True, by=cast.sixten)
        second = papers.go(cast, papers.fresh(written.replace(document, by=cast.olle)), "handed")
        publication.publish_document(second, read_through=True, by=cast.sixten)
        assert first.newer
    whole = text("SELECT public_id, state, reason, edition_id IS NULL FROM publication ORDER BY id")
    assert len(db.session.execute(whole).all()) == 3
    db.session.remove()
    downgrade(revision="0016")
    assert [row[:3] for row in db.session.execute(whole)] == [(made, "public", "")]
    assert not {"document_id", "replaced_by_id"} & {one["name"] for one in inspect(db.engine).get_columns("publication")}
    db.session.remove()
    upgrade()
    [kept] = db.session.scalars(select(Publication))
    assert (kept.public_id, kept.document, kept.newer, difference()) == (made, None, None, []) and kept.edition
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE publication SET edition_id = NULL"))
    db.session.rollback()


def test_handovers_go_on_the_way_down_and_leave_all_else(newest: Flask) -> None:
    with clock.held(conftest.NOW):
        cast = makers.cast()
        made = handovers.answered(cast)
        handovers.begun(cast)
        assert made.public_id and difference() == []
    before = db.session.execute(select(Unit.path, Unit.version).order_by(Unit.path)).all()
    db.session.remove()
    downgrade(revision="0018")
    assert not [name for name in inspect(db.engine).get_table_names() if name.startswith(("handover", "reception"))]
    upgrade()
    assert db.session.execute(select(Unit.path, Unit.version).order_by(Unit.path)).all() == before
    assert db.session.scalars(select(Handover)).all() == [] and difference() == []


def test_a_migrated_database_holds_the_cast_and_a_second_upgrade_changes_nothing(empty: Flask) -> None:
    upgrade()
    with clock.held(conftest.NOW):
        makers.cast()
    upgrade()
    assert makers.found().pia.unit.name == "Alskolan"


def test_the_server_says_whether_its_database_is_ready(empty: Flask) -> None:
    def ready() -> str:
        db.session.remove()
        return empty.test_client().get("/readyz").text.strip()

    assert ready() == "no database"
    upgrade()
    assert ready() == "ok"
    downgrade(revision="base")
    assert ready() == "migrations"


def test_a_server_starts_without_alembic_and_a_command_finds_it() -> None:
    fresh = {"cwd": config.ROOT, "env": {**os.environ, "DATABASE_URL": "sqlite://"}, "check": True, "timeout": 60}
    serving = "import sys, app; app.create_app(); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", serving], **fresh)  # type: ignore[call-overload]
    heads = subprocess.run([sys.executable, "-m", "flask", "--app", "app", "db", "heads"], capture_output=True, **fresh)  # type: ignore[call-overload]
    assert b"(head)" in heads.stdout
