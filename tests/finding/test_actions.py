"""Coding: who may, what is refused, that nothing is lost, and what follows when a follow-up is handed up anew."""

import pytest
from sqlalchemy import select

from chain.base.db import db
from chain.base.errors import NotAllowed, NotFound, RuleBroken
from chain.finding import actions, counting, queries, theme_actions
from chain.finding.models import Passage, Theme
from chain.followup import actions as followup
from chain.followup import citation_actions
from chain.rollup import actions as rollup
from tests.finding import world
from tests.finding.world import CAUSE, FIRST, SECOND
from tests.followup import world as writing
from tests.makers import Cast
from tests.rollup import district


def units(cast: Cast, key: str, by: str = "diana") -> int:
    round = writing.fresh(world.submission(cast, "alskolan")).round
    found = counting.counted(cast.unit["fvn"], [round], cast.who[by])
    return found.units(world.theme(cast, key).id, round)


# Themes


def test_a_year_gives_the_administration_the_shipped_themes_once(cast: Cast) -> None:
    writing.opened(cast)
    assert [one.name for one in queries.themes(cast.unit["fvn"].id)][:2] == ["Medarbetarskap", "Planering"]
    assert queries.themes(cast.unit["vuxf"].id) == []
    theme_actions.begin(by=cast.olle)
    assert len(queries.themes(cast.unit["fvn"].id)) == 5


def test_an_administration_without_any_takes_them_in(cast: Cast) -> None:
    theme_actions.begin(by=cast.vera)
    assert len(queries.themes(cast.unit["vuxf"].id)) == 5


def test_a_theme_is_renamed_and_says_what_it_was_called(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    theme_actions.rename(world.theme(cast, "staff"), "Yrkesroll", "Stöd och handledning.", by=cast.olle)
    theme = world.theme(cast, "staff")
    assert (theme.name, theme.earlier, units(cast, "staff")) == ("Yrkesroll", ["Medarbetarskap"], 1)
    with pytest.raises(RuleBroken, match="heter så"):
        theme_actions.rename(theme, "planering", "Annat.", by=cast.olle)


def test_a_merge_keeps_every_coding_and_is_undone_without_a_trace(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    world.read(cast, "ekskolan", cast.olle, first="leadership", second="staff leadership")
    before = sorted(tuple(row) for row in db.session.execute(select(Passage.id, Passage.words)))
    theme_actions.merge(world.theme(cast, "leadership"), world.theme(cast, "staff"), by=cast.olle)
    assert (units(cast, "staff"), units(cast, "leadership")) == (2, 0)
    assert sorted(tuple(row) for row in db.session.execute(select(Passage.id, Passage.words))) == before
    shown = queries.text(cast.olle, world.submission(cast, "ekskolan"), queries.themes(cast.unit["fvn"].id))
    assert "Ledarskap → Medarbetarskap" in [name for one in shown.paragraphs for mark in one.marks for name in mark.names]
    theme_actions.restore(world.theme(cast, "leadership"), by=cast.olle)
    assert (units(cast, "staff"), units(cast, "leadership")) == (2, 1)


def test_a_theme_is_not_merged_into_itself_nor_into_one_that_is_used_no_more(cast: Cast) -> None:
    writing.opened(cast)
    staff, process = world.theme(cast, "staff"), world.theme(cast, "process")
    theme_actions.retire(process, by=cast.diana)
    for into in (staff, process):
        with pytest.raises(RuleBroken, match="annat tema"):
            theme_actions.merge(staff, into, by=cast.olle)


def test_nothing_new_is_coded_with_a_retired_theme_and_the_old_is_counted(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="process")
    theme_actions.retire(world.theme(cast, "process"), by=cast.olle)
    assert units(cast, "process") == 1
    with pytest.raises(RuleBroken, match="minst ett tema"):
        world.mark(cast, "ekskolan", FIRST, "process", by=cast.olle)


def test_another_administrations_themes_are_nobody_elses(cast: Cast) -> None:
    world.handed_in(cast)
    theme_actions.begin(by=cast.vera)
    theirs = queries.themes(cast.unit["vuxf"].id)[0]
    with pytest.raises(NotAllowed):
        theme_actions.rename(theirs, "Vårt", "Allt.", by=cast.olle)
    with pytest.raises(NotAllowed):
        theme_actions.merge(world.theme(cast, "staff"), theirs, by=cast.olle)
    with pytest.raises(RuleBroken, match="minst ett tema"):
        actions.mark(world.submission(cast, "alskolan"), FIRST, [theirs.public_id], by=cast.olle)


# Marking


def test_a_paragraph_is_marked_and_coded_with_several_themes_and_coded_anew(cast: Cast) -> None:
    world.handed_in(cast)
    world.mark(cast, "alskolan", FIRST, "staff", "planning", by=cast.olle)
    passage = world.mark(cast, "alskolan", FIRST, "planning", "process", by=cast.olle)
    assert passage.words == "Lärarna behöver handledning i svenska." and passage.heading == "Analys av orsaker – Vad vi ser"
    assert [code.theme.key for code in writing.fresh(passage).codes] == ["planning", "process"]
    assert len(db.session.scalars(select(Passage)).all()) == 1


def test_a_part_of_a_paragraph_is_marked_beside_the_whole(cast: Cast) -> None:
    world.handed_in(cast)
    world.mark(cast, "alskolan", FIRST, "staff", by=cast.olle)
    part = world.mark(cast, "alskolan", FIRST, "process", words="handledning i svenska", by=cast.olle)
    assert (part.begins, part.ends, part.words) == (16, 37, "handledning i svenska")
    assert len(db.session.scalars(select(Passage)).all()) == 2


@pytest.mark.parametrize("who", ["diana", "arne", "pia", "maja", "rut", "vera", "lena"])
def test_only_officers_code(cast: Cast, who: str) -> None:
    world.handed_in(cast)
    with pytest.raises(NotAllowed):
        world.mark(cast, "alskolan", FIRST, "staff", by=cast.who[who])


def test_what_nobody_has_opened_is_not_coded(cast: Cast) -> None:
    writing.opened(cast)
    district.hand_in(cast, "alskolan", analysis=world.analysis())
    with pytest.raises(RuleBroken, match="Ingen har öppnat"):
        world.mark(cast, "alskolan", FIRST, "staff", by=cast.olle)


def test_a_groups_words_and_a_draft_are_neither_in_the_queue_nor_coded(cast: Cast) -> None:
    round = writing.opened(cast)
    group = writing.hand_in(writing.followup(cast, "lena"), cast.lena)
    followup.open_(group, by=cast.pia)
    writing.write(writing.followup(cast, "petra"), cast.petra)
    assert queries.queue(cast.olle, round).rows == []
    with pytest.raises(NotAllowed):
        actions.mark(group, "works.text.1", [world.theme(cast, "staff").public_id], by=cast.olle)
    assert counting.counted(cast.unit["fvn"], [round], cast.olle).handed_in == {round.id: 0}


def test_what_a_unit_cites_of_a_group_is_read_and_not_coded(cast: Cast) -> None:
    writing.opened(cast)
    group = writing.hand_in(writing.followup(cast, "lena"), cast.lena)
    followup.open_(group, by=cast.pia)
    mine = writing.followup(cast, "pia")
    span = next(one for section in group.snapshot["sections"] for one in section["spans"])
    cited = citation_actions.cite(mine, "analysis", group, span["id"], span["text"], confirmed=True, by=cast.pia)
    sent = district.hand_in(cast, "alskolan", analysis=world.analysis())
    followup.open_(sent, by=cast.arne)
    shown = queries.text(cast.olle, sent, queries.themes(cast.unit["fvn"].id))
    assert all("citation" not in one.span.id for one in shown.paragraphs)
    with pytest.raises(RuleBroken, match="går inte att koda"):
        actions.mark(sent, f"analysis.citation.{cited.public_id}", [world.theme(cast, "staff").public_id], by=cast.olle)


def test_the_coder_goes_on_where_she_was_and_is_done_when_she_says_so(cast: Cast) -> None:
    round = world.handed_in(cast)
    world.mark(cast, "ekskolan", SECOND, "evidence", by=cast.olle)
    line = queries.queue(cast.olle, round)
    assert line.next and (line.next.name, line.next.span, len(line.left)) == ("Ekskolan", SECOND, 3)
    actions.finish(world.submission(cast, "ekskolan"), by=cast.olle)
    line = queries.queue(cast.olle, round)
    assert line.next and (line.next.name, len(line.left)) == ("Alskolan", 2)
    with pytest.raises(RuleBroken, match="markerat texten som läst"):
        world.mark(cast, "ekskolan", FIRST, "staff", by=cast.olle)
    actions.resume(world.submission(cast, "ekskolan"), by=cast.olle)
    world.mark(cast, "ekskolan", FIRST, "staff", by=cast.olle)


def test_a_mark_is_taken_away_by_who_made_it(cast: Cast) -> None:
    world.handed_in(cast)
    passage = world.mark(cast, "alskolan", FIRST, "staff", by=cast.olle)
    with pytest.raises(NotFound):
        actions.unmark(passage, by=cast.olga)
    actions.unmark(passage, by=cast.olle)
    assert db.session.scalars(select(Passage)).all() == []


# Handed up anew


def test_what_was_coded_stays_with_the_paragraphs_that_are_the_same(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff", second="evidence", why="evidence")
    first = world.submission(cast, "alskolan")
    rollup.send_back(first, reason="Skriv mer om underlaget.", by=cast.arne)
    assert units(cast, "staff") == 0  # its words are the authors' again
    mine = writing.followup(cast, "pia")
    writing.save(mine, "analysis", world.analysis(see=world.SEE.replace("varje klass", "alla klasser")), cast.pia, done=True)
    second = followup.submit(mine, version=writing.fresh(mine).version, by=cast.pia)
    assert units(cast, "staff") == 0  # nobody has opened the new version
    followup.open_(second, by=cast.arne)
    assert {one.span for one in db.session.scalars(select(Passage).where(Passage.submission_id == second.id))} == {FIRST, CAUSE}
    [mine_again] = queries.readings_of(second)
    assert (mine_again.person_id, mine_again.state) == (cast.olle.person_id, "coding")  # one paragraph is new to her
    actions.finish(second, by=cast.olle)
    assert (units(cast, "staff"), units(cast, "evidence")) == (1, 1)


def test_handed_up_with_the_same_words_it_is_read_already(cast: Cast) -> None:
    world.handed_in(cast)
    world.read(cast, "alskolan", cast.olle, first="staff")
    rollup.send_back(world.submission(cast, "alskolan"), reason="Lägg till en siffra.", by=cast.arne)
    mine = writing.followup(cast, "pia")
    writing.save(mine, "participation", {"text": "Vi har prövat två vägar.\n\nDen andra gav mest."}, cast.pia, done=True)
    second = followup.submit(mine, version=writing.fresh(mine).version, by=cast.pia)
    followup.open_(second, by=cast.arne)
    assert queries.readings_of(second)[0].state == "read" and units(cast, "staff") == 1


def test_themes_are_the_same_for_both_databases(cast: Cast) -> None:
    writing.opened(cast)
    assert {one.state for one in db.session.scalars(select(Theme))} == {"active"}
