"""A document's life: filled by the system, written by several, approved by another, frozen; nobody's text is lost on the way."""

import hashlib

import pytest
from sqlalchemy import select

from chain.base.cowriting import Conflict
from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.base.outbox import Letter
from chain.document import actions, frozen, queries
from chain.document import section_actions as sections
from chain.document.models import DocumentComment, DocumentVersion
from chain.release import actions as release
from chain.report import sheet
from tests.document import desk
from tests.makers import Cast
from tests.report import world


def test_a_new_document_is_filled_with_what_the_system_has(cast: Cast) -> None:
    document = desk.begun(cast)
    text = {one.key: one.content["text"] for one in document.sections}
    assert text["proposal"].startswith("Barn- och utbildningsnämnden godkänner redovisningen av Uppföljning 1, november 2026/27")
    assert world.SAID["where_we_are"] in text["summary"] and world.SAID["we_ask"] not in text["summary"]
    assert "Barn- och utbildningsförvaltningens tjänsteskrivelse 2026-11-22" in text["papers"]
    assert "3 av 3 enheter har lämnat in" in text["results"] and text["conclusions"] == world.SAID["we_do"]
    assert text["signatures"] == "Diana Holm, skolchef\nOlle Sand, utredare"
    assert text["children_asked"] == text["children_perspective"] == text["economy"] == ""
    assert desk.section(document, "summary").pulled["sources"][0]["kind"] == "submission"


def test_its_figures_are_the_releases_and_nothing_else(cast: Cast) -> None:
    """20 of 40 reach E in year 4; the schools' own 13 of 24 and 7 of 16 stand nowhere."""
    document = desk.begun(cast)
    said = frozen.now(document)
    tables = [block for one in said["sections"] for block in one["blocks"] if block["kind"] == "table"]
    words = str(tables)
    assert "50 % av 40" in words and "54 %" not in words and "44 %" not in words
    assert said["release"]["public_id"] == document.release.public_id
    assert any(block["kind"] == "picture" and block["alt"] for one in said["sections"] for block in one["blocks"])


def test_only_what_is_written_stands_with_the_headings_above_it(cast: Cast) -> None:
    document = desk.begun(cast)
    titles = [one["title"] for one in frozen.now(document)["sections"]]
    assert "Barns och elevers delaktighet" not in titles and "Bilagor" in titles
    desk.write(document, "children_asked", "Ja.", cast.olle)
    after = [one["title"] for one in frozen.now(desk.fresh(document))["sections"]]
    place = after.index("Barns och elevers delaktighet")
    assert after[place + 1] == "Har berörda barn och elever tillfrågats och vilka är deras synpunkter?"


def test_it_is_not_sent_before_the_two_questions_about_children_are_answered(cast: Cast) -> None:
    document = desk.begun(cast)
    with pytest.raises(RuleBroken) as no:
        actions.send(document, version=frozen.revision(document), by=cast.olle)
    assert "Har berörda barn och elever tillfrågats" in no.value.sentence and "På vilka andra sätt" in no.value.sentence
    assert desk.fresh(document).state == "draft"


def test_two_write_at_once_and_both_texts_are_there(cast: Cast) -> None:
    document = desk.begun(cast)
    version = desk.section(document, "economy").version
    desk.write(document, "economy", "Inga kostnader.", cast.olle, version=version)
    with pytest.raises(Conflict) as conflict:
        desk.write(document, "economy", "Tvåhundra tusen.", cast.olga, version=version)
    economy = desk.section(document, "economy")
    assert economy.content["text"] == "Inga kostnader."
    mine = queries.saves.find(economy, conflict.value.mine)
    assert mine is not None and mine.content["text"] == "Tvåhundra tusen." and not mine.kept
    sections.restore(document, "economy", mine.save_key, version=economy.version, by=cast.olga)
    assert desk.section(document, "economy").content["text"] == "Tvåhundra tusen."
    assert queries.writers(document)[economy.id] == ["Olle Sand", "Olga Vik"]


def test_the_same_save_twice_is_one(cast: Cast) -> None:
    document = desk.begun(cast)
    version = desk.section(document, "economy").version
    for _time in range(2):
        desk.write(document, "economy", "Inga.", cast.olle, version=version, save_key="same")
    economy = desk.section(document, "economy")
    assert [one.content["text"] for one in queries.saves.history(economy)] == ["Inga."] and economy.version == version + 1


def test_what_is_pulled_again_never_takes_anybodys_words(cast: Cast) -> None:
    document = desk.begun(cast)
    desk.write(document, "summary", "Mina egna ord.", cast.olle)
    summary = desk.section(document, "summary")
    sections.pull(document, "summary", "append", version=summary.version, by=cast.olle)
    summary = desk.section(document, "summary")
    assert summary.content["text"].startswith("Mina egna ord.") and world.SAID["stands_out"] in summary.content["text"]
    sections.pull(document, "summary", "replace", version=summary.version, by=cast.olga)
    summary = desk.section(document, "summary")
    assert "Mina egna ord." not in summary.content["text"]
    assert "Mina egna ord." in [one.content["text"] for one in queries.saves.history(summary)]


def test_pulling_with_an_old_page_open_is_a_conflict(cast: Cast) -> None:
    document = desk.begun(cast)
    version = desk.section(document, "summary").version
    desk.write(document, "summary", "Olgas ord.", cast.olga)
    with pytest.raises(Conflict):
        sections.pull(document, "summary", "replace", version=version, by=cast.olle)
    assert desk.section(document, "summary").content["text"] == "Olgas ord."


def test_nothing_is_there_to_pull_for_what_only_people_know(cast: Cast) -> None:
    document = desk.begun(cast)
    with pytest.raises(RuleBroken, match="inget att hämta"):
        sections.pull(document, "economy", "append", version=desk.section(document, "economy").version, by=cast.olle)


def test_whoever_sends_it_does_not_approve_it(cast: Cast) -> None:
    document = desk.written(cast)
    actions.send(document, version=frozen.revision(document), by=cast.diana)
    with pytest.raises(RuleBroken, match="två personer"):
        actions.approve(desk.fresh(document), version=frozen.revision(document), by=cast.diana)
    actions.take_back(document, by=cast.diana)
    assert desk.fresh(document).state == "draft"


def test_an_officer_does_not_approve(cast: Cast) -> None:
    document = desk.sent(cast)
    with pytest.raises(NotAllowed):
        actions.approve(document, version=frozen.revision(document), by=cast.olga)


def test_nobody_writes_in_what_has_been_sent_and_the_text_is_kept_aside(cast: Cast) -> None:
    document = desk.sent(cast)
    with pytest.raises(RuleBroken, match="skickats för godkännande"):
        desk.write(document, "economy", "För sent.", cast.olle)
    economy = desk.section(document, "economy")
    assert "För sent." in [one.content["text"] for one in queries.saves.history(economy)]
    assert economy.content["text"] == desk.ANSWERS["economy"]


def test_the_director_sends_it_back_with_a_reason(cast: Cast) -> None:
    document = desk.sent(cast)
    with pytest.raises(RuleBroken) as no:
        actions.send_back(document, "  ", by=cast.diana)
    assert "reason" in no.value.problems
    actions.send_back(document, "Skriv vad det kostar.", by=cast.diana)
    assert (desk.fresh(document).state, document.reason) == ("draft", "Skriv vad det kostar.")
    letters = db.session.scalars(select(Letter).where(Letter.kind == "document.sent_back")).all()
    assert cast.olle.person.public_id in {one.person for one in letters}


def test_what_was_changed_since_it_was_read_is_not_approved(cast: Cast) -> None:
    document = desk.sent(cast)
    with pytest.raises(RuleBroken, match="ändrats"):
        actions.approve(document, version=frozen.revision(document) - 1, by=cast.diana)


def test_what_is_approved_is_frozen_hashed_and_set_as_files(cast: Cast) -> None:
    document = desk.approved(cast)
    assert document.frozen and document.sha256 == sheet.sha256(document.frozen)
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        file = queries.file(document, form)
        assert file and file.body.startswith(start) and file.sha256 == hashlib.sha256(file.body).hexdigest()
    writers = {one["key"]: one["written_by"] for one in document.frozen["sections"]}
    assert writers["economy"] == ["Olga Vik"] and writers["children_asked"] == ["Olle Sand"] and writers["summary"] == []


def test_a_new_release_changes_nothing_that_was_approved(cast: Cast) -> None:
    document = desk.approved(cast)
    before, file = document.frozen, queries.file(document, "pdf")
    assert file is not None
    release.approve(release.prepare(document.round, by=cast.olga), by=cast.diana)
    after = queries.file(desk.fresh(document), "pdf")
    assert document.frozen == before and after and after.body == file.body


def test_figures_that_have_been_released_anew_are_pulled_before_it_is_sent(cast: Cast) -> None:
    document = desk.written(cast)
    release.approve(release.prepare(document.round, by=cast.olga), by=cast.diana)
    with pytest.raises(RuleBroken, match="på nytt"):
        actions.send(desk.fresh(document), version=frozen.revision(document), by=cast.olle)
    results = desk.section(document, "results")
    sections.pull(document, "results", "replace", version=results.version, by=cast.olle)
    actions.send(desk.fresh(document), version=frozen.revision(document), by=cast.olle)
    assert desk.fresh(document).state == "waiting"


def test_a_changed_title_does_not_move_it_to_another_release(cast: Cast) -> None:
    """What it says of its figures was pulled from the first: it is pulled anew, or it stays there."""
    document = desk.written(cast)
    first, again = document.release_id, release.approve(release.prepare(document.round, by=cast.olga), by=cast.diana)
    more = {"number": "Bun 2026/75", "dated_on": document.dated_on, "matter": None, "by": cast.olle}
    actions.describe(desk.fresh(document), title="Ny rubrik", round=document.round, version=document.version, **more)
    assert desk.fresh(document).release_id == first and [one for one in frozen.missing(document) if "på nytt" in one]
    actions.describe(document, title="Ny rubrik", round=None, version=document.version, **more)
    assert desk.fresh(document).release_id is None
    actions.describe(document, title="Ny rubrik", round=again.round, version=document.version, **more)
    assert desk.fresh(document).release_id == again.id


def test_handing_over_weeds_what_was_only_for_those_who_wrote(cast: Cast) -> None:
    document = desk.approved(cast)
    actions.remark(document, "Kolla summan.", by=cast.diana)
    actions.hand_over(document, by=cast.olle)
    assert db.session.scalars(select(DocumentVersion)).all() == [] and db.session.scalars(select(DocumentComment)).all() == []
    to = {one.person for one in db.session.scalars(select(Letter).where(Letter.kind == "document.handed_over"))}
    assert to == {cast.maja.person.public_id, cast.sixten.person.public_id}
    assert desk.fresh(document).frozen and document.state == "handed_over"


@pytest.mark.parametrize("state", ["approved", "handed"])
def test_what_comes_when_it_has_been_approved_is_refused_and_not_kept(cast: Cast, state: str) -> None:
    """What was only for those who wrote is weeded when it is handed over: nothing comes to stand there after that."""
    document = desk.go(cast, desk.written(cast), state)
    kept = len(db.session.scalars(select(DocumentVersion)).all())
    with pytest.raises(RuleBroken, match="kom inte med"):
        desk.write(document, "economy", "För sent.", cast.olle)
    assert len(db.session.scalars(select(DocumentVersion)).all()) == kept


def test_a_new_edition_begins_with_the_same_words_and_leaves_the_old_as_it_was(cast: Cast) -> None:
    document = desk.handed_over(cast)
    again = actions.replace(document, by=cast.olga)
    assert (again.edition, again.state, again.replaces_id) == (2, "draft", document.id)
    assert desk.section(again, "economy").content["text"] == desk.ANSWERS["economy"]
    desk.write(again, "economy", "Det kostar.", cast.olga)
    assert desk.section(document, "economy").content["text"] == desk.ANSWERS["economy"]
    written = {one["key"]: one["written_by"] for one in frozen.now(desk.fresh(again))["sections"]}
    assert written["economy"] == ["Olga Vik"] and written["children_asked"] == ["Olle Sand"], "as the words, so who wrote them"
    desk.write(again, "children_asked", "Elevråden har läst det.", cast.olga)
    assert queries.writers(desk.fresh(again))[desk.section(again, "children_asked").id] == ["Olle Sand", "Olga Vik"]
    with pytest.raises(RuleBroken, match="nyare version"):
        actions.replace(document, by=cast.olle)


def test_remarks_are_made_and_resolved(cast: Cast) -> None:
    document = desk.begun(cast)
    said = actions.remark(document, "Vem har tillfrågats?", section="children_asked", by=cast.diana)
    with pytest.raises(RuleBroken):
        actions.remark(document, " ", by=cast.diana)
    with pytest.raises(NotFound):
        actions.remark(document, "Var?", section="nowhere", by=cast.diana)
    actions.resolve(document, said.public_id, by=cast.olle)
    [one] = queries.comments(document)
    assert one.resolved_by and one.resolved_by.name == "Olle Sand"
    actions.resolve(document, said.public_id, by=cast.diana)
    assert desk.fresh(document) and queries.comments(document)[0].resolved_at is None


def test_nobody_else_begins_or_reads_a_draft(cast: Cast) -> None:
    document = desk.begun(cast)
    with pytest.raises(NotAllowed):
        actions.begin(cast.unit["bun"], "statement_brief", title="x", number="", by=cast.sixten)
    for who in (cast.maja, cast.sixten, cast.rut, cast.pia, cast.arne, cast.vera):
        assert document not in queries.archive(who)
    assert document in queries.archive(cast.diana) and document in queries.archive(cast.olga)


def test_what_is_handed_over_is_read_by_the_whole_chain_of_its_committee(cast: Cast) -> None:
    document = desk.handed_over(cast)
    for who in (cast.maja, cast.sixten, cast.rut, cast.pia, cast.arne, cast.lena, cast.olga):
        assert document in queries.archive(who)
    assert document not in queries.archive(cast.vera) and document not in queries.archive(cast.viktor)
