"""Keeping what is measured: a municipality's own indicators, and that nothing that was entered is lost or changes its meaning."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.cycle import actions as cycle
from chain.cycle import queries as cycles
from chain.cycle.models import Round, Year
from chain.followup import queries as followup
from chain.result import actions, dictionary, keeping, queries, shipped
from chain.result.models import ImportedFigures
from chain.rollup import actions as rollup
from chain.rollup import verify
from chain.rollup.models import RollupRow
from tests import asked
from tests.followup import world
from tests.makers import Cast

Client = Callable[[str], FlaskClient]

SWIMMING = {
    "kind": "share", "direction": "higher", "entry_level": "unit", "source": "Kommunens plan", "bases": ["assessment"],
    "scale": "af_2011", "ask_below": "0", "rounds": ["1", "2"], "school_forms": ["GR"], "year_groups": "6", "subjects": "",
    "words-0-sv_name": "Simkunniga", "words-0-en_name": "Can swim", "words-0-sv_definition": "k av n kan simma 200 meter.",
    "words-0-en_definition": "k of n can swim 200 metres.", "words-0-sv_enrolled": "Elever", "words-0-en_enrolled": "Pupils",
    "words-0-sv_assessed": "Prövade", "words-0-en_assessed": "Tested", "words-0-sv_reached": "Simkunniga",
    "words-0-en_reached": "Can swim", "words-0-sv_phrase": "kan simma", "words-0-en_phrase": "can swim",
}  # fmt: skip


@pytest.fixture
def november(cast: Cast) -> Round:
    return world.opened(cast)


def at(year: Year, *more: str) -> str:
    return "/".join([f"/result/year/{year.public_id}", *more])


def added(client: Client, year: Year, **more: object) -> str:
    """The key of an own indicator, added through the page."""
    known = {one.key for one in queries.kept(year.id)}
    answer = client("olle").post(at(year, "add"), data={**SWIMMING, **more})
    assert answer.status_code == 303, answer.text.partition("Något behöver rättas")[2][:600]
    return next(one.key for one in queries.kept(year.id) if one.key not in known)


# Rules


def test_what_an_indicator_lacks_is_said_at_its_field() -> None:
    words = {"name": "Simkunniga", "definition": "k av n", "enrolled": "Elever", "assessed": "Prövade", "reached": "Simmar"}
    facts = {
        "key": "own-x", "kind": "share", "direction": "higher", "rounds": [1], "bases": ["assessment"], "entry_level": "unit",
        "source": "Planen", "first_valid": "2026/27", "sv": {**words, "phrase": "kan simma"}, "en": words,
    }  # fmt: skip
    with pytest.raises(RuleBroken, match="hur en mening om måttet slutar") as refused:
        keeping.checked(facts)
    assert list(refused.value.problems) == ["en_phrase"]
    with pytest.raises(RuleBroken) as twice:
        keeping.checked({**facts, "sv": {"name": "Simkunniga"}})
    assert len(twice.value.problems) == 6  # all at once, each at its field
    with pytest.raises(RuleBroken, match="Välj vad siffrorna kan bygga på"):
        keeping.checked({**facts, "bases": [], "en": facts["sv"]})
    assert keeping.checked({**facts, "en": facts["sv"]}).kind == "share"


def test_subjects_are_named_by_code_or_by_name_and_strangers_are_told() -> None:
    known = shipped.subjects()
    assert keeping.subjects_in("MA, Svenska som andraspråk", known) == ["MA", "SVA"]
    assert keeping.subjects_in("ma sv", known) == ["MA", "SV"]
    assert (keeping.subjects_in("", known), keeping.subjects_in("alla", known)) == ([], ["*"])
    assert keeping.year_groups_in("4-6, gy11", cycles.school_forms().values()) == ["4", "5", "6", "gy11"]
    with pytest.raises(RuleBroken, match="Trolleri är inget ämne här") as refused:
        keeping.subjects_in("MA, Trolleri", known)
    assert "subjects" in refused.value.problems


@pytest.mark.parametrize(
    ("told", "opened", "first"), [([], [], 1), ([], [1], 1), ([1], [1], 2), ([1], [1, 2], 2), ([1, 2], [1, 2], 3)]
)
def test_hiding_bites_in_the_open_round_unless_somebody_has_handed_in(told: list[int], opened: list[int], first: int) -> None:
    assert keeping.hidden_from(told, opened) == first


def test_what_figures_were_entered_as_is_never_changed() -> None:
    before = {"kind": "share", "entry_level": "unit"}
    with pytest.raises(RuleBroken, match="redan inlästa eller inlämnade"):
        keeping.check_lock(before, {**before, "kind": "distribution", "scale": "af_2011"}, {1}, "Simkunniga")
    keeping.check_lock(before, {**before, "kind": "distribution"}, set(), "Simkunniga")
    keeping.check_lock(before, {**before, "source": "Annan"}, {1}, "Simkunniga")


def test_where_cells_were_entered_is_read_from_their_names() -> None:
    held = keeping.places(["a|GR|MA|4|reached", "a|GR||5|reached", "a|GR|MA|4|why", "a|GR||4|basis", "not a cell"])
    assert held == {"a": keeping.Held(frozenset({"GR"}), frozenset({"MA", ""}), frozenset({"4", "5"}))}


def test_a_calendar_years_indicators_are_valid_in_that_year() -> None:
    for label in ("2026/27", "2026"):
        assert keeping.first_valid(label) <= label
        assert shipped.YEAR.fullmatch(keeping.first_valid(label))


def test_what_differs_from_the_shipped_is_found_and_nothing_else() -> None:
    one = next(one for one in shipped.indicators() if one.key == "at_least_e")
    facts = shipped.facts(one)
    assert keeping.difference(facts, facts, hidden=False) is None
    ours = {**facts, "sv": {**facts["sv"], "name": "Når målen"}, "subjects": ["MA"]}
    found = keeping.difference(ours, facts, hidden=False)
    assert found and found.words == (("sv", "name", "Minst E", "Når målen"),) and found.rest == (("subjects", ["*"], ["MA"]),)
    assert keeping.difference(facts, None, hidden=True) == keeping.Difference("at_least_e", True, True)


# A municipality's own


def test_an_own_indicator_is_entered_accepted_and_added_up_as_the_others_are(november: Round, cast: Cast, client: Client) -> None:
    key = added(client, november.year)
    assert key.startswith("own-")
    preview = client("olle").get(f"/followup/preview/{november.year.public_id}/unit/1/results").text
    assert f"{key}|GR||6|reached" in preview and "Prövade" in preview
    cells = {f"{key}|GR||6|{column}": number for column, number in (("enrolled", "25"), ("assessed", "24"), ("reached", "20"))}
    handed = world.hand_in(world.followup(cast, "pia"), cast.pia, results={"cells": cells, "reasons": {}, "basis": {}})
    rollup.accept(handed, by=cast.arne)
    rows = db.session.scalars(select(RollupRow).where(RollupRow.indicator == key)).all()
    assert {(row.enrolled, row.n, row.k) for row in rows} == {(25, 24, 20)} and len(rows) == 3  # the school, the area, all
    assert list(verify.problems()) == []

    another = {**SWIMMING, "kind": "distribution", "version": "1"}
    refused = client("olle").post(at(november.year, "indicator", key), data=another)
    assert refused.status_code == 422 and "redan inlästa eller inlämnade" in refused.text
    reworded = {**SWIMMING, "words-0-sv_name": "Simmar", "words-0-sv_assessed": "Bedömda", "version": "1"}
    assert client("olle").post(at(november.year, "indicator", key), data=reworded).status_code == 303
    assert client("olle").post(at(november.year), data={"hide": key}).status_code == 303
    kept = queries.one_kept(november.year_id, key)
    assert kept and kept.hidden_from == 2
    read = client("pia").get(f"/followup/submission/{handed.public_id}").text
    assert "Simkunniga, Årskurs 6" in read or "Simkunniga, åk 6" in read
    assert "Prövade" in read and "Simmar" not in read
    assert [one.key for one in queries.asked(world.node(cast, "ekskolan", november)) if one.key == key] == [key]


NOISE = {
    **{name: value for name, value in SWIMMING.items() if not name.startswith("words-0-") or "_name" in name or "_defin" in name},
    "kind": "mean", "unit": "index", "decimals": "1", "typed": "mean", "least": "1", "most": "5",
    "words-0-sv_assessed": "Svarande", "words-0-en_assessed": "Answered",
    "words-0-sv_total": "Studiero", "words-0-en_total": "Calm",
}  # fmt: skip


def test_an_own_mean_and_an_own_count_are_entered_and_added_up(november: Round, cast: Cast, client: Client) -> None:
    mean = added(client, november.year, **{**dict.fromkeys(SWIMMING, ""), **NOISE})
    trips = {"kind": "count", "unit": "groups", "decimals": "0", "words-0-sv_total": "Resor", "words-0-en_total": "Trips"}
    count = added(client, november.year, **{**dict.fromkeys(SWIMMING, ""), **NOISE, **trips})
    cells = {f"{mean}|GR||6|assessed": "24", f"{mean}|GR||6|mean": "3,5", f"{count}|GR||6|total": "7"}
    handed = world.hand_in(world.followup(cast, "pia"), cast.pia, results={"cells": cells, "reasons": {}, "basis": {}})
    rollup.accept(handed, by=cast.arne)
    rows = db.session.scalars(select(RollupRow).where(RollupRow.indicator.in_([mean, count]))).all()
    assert {(row.indicator, row.n, row.total) for row in rows} == {(mean, 24, 840), (count, 0, 7)}
    assert list(verify.problems()) == []
    officer, address = client("olle"), at(november.year, "indicator", mean)
    said = as_shown(officer.get(address).text) | {"kind": ["mean"], "unit": ["index"], "typed": ["mean"]}
    said |= {"direction": ["higher"], "entry_level": ["unit"], "scale": ["af_2011"]}
    before = queries.one_kept(november.year_id, mean)
    stored = before and before.facts
    assert officer.post(address, data=said).status_code == 303
    after = queries.one_kept(november.year_id, mean)
    assert after and after.facts == stored and stored and stored["most"] == 5
    refused = officer.post(address, data={**said, "version": "2", "decimals": "2"})
    assert refused.status_code == 422 and "redan inlästa eller inlämnade" in refused.text


def test_decimals_are_not_changed_under_figures_that_wait_in_a_file(november: Round, cast: Cast, client: Client) -> None:
    """They wait as whole numbers of the last decimal: with another one they would be ten times as much."""
    mean, unit = added(client, november.year, **{**dict.fromkeys(SWIMMING, ""), **NOISE}), cast.unit["alskolan"]
    waiting = [mean, "GR", "", "6", "", "survey", 24, 24, 0, 840]
    db.session.add(
        ImportedFigures(intake_id=1, round_id=november.id, unit_id=unit.id, path=unit.path, source="fil", figures=[waiting])
    )
    db.session.commit()
    officer, address = client("olle"), at(november.year, "indicator", mean)
    said = as_shown(officer.get(address).text) | {"kind": ["mean"], "unit": ["index"], "typed": ["mean"]}
    said |= {"direction": ["higher"], "entry_level": ["unit"], "scale": ["af_2011"]}
    refused = officer.post(address, data={**said, "decimals": "2"})
    assert refused.status_code == 422 and "redan inlästa eller inlämnade" in refused.text
    assert officer.post(address, data={**said, "words-0-sv_name": "Studiero i klassen"}).status_code == 303


def test_what_a_mean_lacks_is_said_at_its_field(november: Round, client: Client) -> None:
    page = client("olle").post(at(november.year, "add"), data={**NOISE, "words-0-en_total": "", "words-0-sv_enrolled": ""})
    assert (
        page.status_code == 422 and "medelvärdet eller summan heter" in page.text and "kolumnen med alla heter" not in page.text
    )
    half = client("olle").post(at(november.year, "add"), data={**NOISE, "most": ""})
    assert half.status_code == 422 and "eller inget av dem" in half.text
    turned = client("olle").post(at(november.year, "add"), data={**NOISE, "most": "0"})
    assert turned.status_code == 422 and "lägre än det högsta" in turned.text


def test_figures_entered_in_mid_round_stay_in_the_draft_when_the_indicator_is_hidden(
    november: Round, cast: Cast, client: Client
) -> None:
    key, officer, pia = added(client, november.year), client("olle"), client("pia")
    mine = world.followup(cast, "pia")
    own = {f"{key}|GR||6|{column}": number for column, number in (("enrolled", "25"), ("assessed", "24"), ("reached", "23"))}
    page = f"/followup/{mine.public_id}/section/results"
    assert pia.post(page, data={**own, "version": "0", "save_key": "first", "done": "no"}).status_code == 303
    assert officer.post(at(november.year), data={"hide": key}).status_code == 303
    shown = pia.get(page).text
    assert f'name="{key}|GR||6|reached"' not in shown and "Frågas inte längre" in shown and "23 av 24" in shown
    grades = {
        f"at_least_e|GR|MA|4|{column}": number for column, number in (("enrolled", "8"), ("assessed", "8"), ("reached", "8"))
    }
    assert pia.post(page, data={**grades, "version": "1", "save_key": "second", "done": "no"}).status_code == 303
    section = followup.section(mine, "results")
    assert section and section.answer["cells"] == {**own, **grades}
    assert "23 av 24" in pia.get(f"{page}/versions").text
    handed = world.hand_in(world.fresh(mine), cast.pia, results=section.answer)
    assert {one["indicator"] for one in handed.snapshot["figures"]} == {"at_least_e"}
    assert officer.post(at(november.year), data={"show": key}).status_code == 303
    assert (
        f"{key}|GR||6|reached" in client("petra").get(f"/followup/{world.followup(cast, 'petra').public_id}/section/results").text
    )


@pytest.mark.parametrize("back", [rollup.send_back, rollup.reopen])
def test_what_came_back_is_asked_for_again_though_the_indicator_is_hidden(
    november: Round, cast: Cast, client: Client, back: Callable[..., None]
) -> None:
    key = added(client, november.year)
    cells = {f"{key}|GR||6|{column}": number for column, number in (("enrolled", "25"), ("assessed", "24"), ("reached", "20"))}
    handed = world.hand_in(world.followup(cast, "pia"), cast.pia, results={"cells": cells, "reasons": {}, "basis": {}})
    if back is rollup.reopen:
        rollup.accept(handed, by=cast.arne)
    back(handed, reason="Räkna simkunniga en gång till, tack.", by=cast.arne)
    indicator = queries.one_kept(november.year_id, key)
    assert indicator and actions.hide_indicator(indicator, by=cast.olle).hidden_from == 2
    assert key in {one.key for one in queries.asked(world.node(cast, "alskolan", november))}


def test_what_is_shipped_is_reworded_narrowed_and_moved_but_stays_what_it_is(november: Round, cast: Cast, client: Client) -> None:
    year, officer = november.year, client("olle")
    before = queries.one_kept(year.id, "at_least_e")
    assert before
    facts, order = dict(before.facts), [one.key for one in queries.kept(year.id)]
    words = {
        f"words-{at}-{language}_{part}": text
        for at, each in enumerate([facts, *facts["variant"]])
        for language in ("sv", "en")
        for part, text in each[language].items()
    }
    said = {
        **words,
        "rounds": ["1", "2", "3", "4"],
        "school_forms": ["GR"],
        "year_groups": "4-6",
        "ask_below": "60",
        "version": "1",
    }
    wrong = officer.post(at(year, "indicator", "at_least_e"), data={**said, "subjects": "MA, SV, Trolleri"})
    assert wrong.status_code == 422 and "Trolleri är inget ämne här" in wrong.text and "MA, SV, Trolleri" in wrong.text
    said |= {"year_groups": "4, 5, 6", "subjects": "MA, SV", "words-0-sv_name": "Når målen", "kind": "distribution"}
    assert officer.post(at(year, "indicator", "at_least_e"), data=said).status_code == 303
    late = client("olga").post(at(year, "indicator", "at_least_e"), data={**said, "words-0-sv_name": "Klarar målen"})
    assert late.status_code == 422 and "Någon annan har ändrat måttet" in late.text and "Når målen" in late.text
    assert officer.post(at(year), data={"down": "at_least_e"}).status_code == 303
    after = queries.indicator(year.id, "at_least_e")
    assert after and (after.kind, after.subjects, after.ask_below, after.derived_from) == ("share", ("MA", "SV"), 60, "grades")
    assert [one.key for one in queries.kept(year.id)][:2] == [order[1], order[0]]
    titles = [table.title for table in queries.tables(world.node(cast, "alskolan", november)) if table.indicator == "at_least_e"]
    assert titles and all(title.startswith("Når målen") for title in titles)


def test_saving_an_indicator_as_it_stands_changes_nothing_of_it(november: Round, client: Client) -> None:
    year, officer = november.year, client("olle")
    stored = {one.key: one.facts for one in queries.kept(year.id)}
    assert set(stored) == {one.key for one in shipped.indicators() if one.kind != "published"}
    for key in stored:
        page = officer.get(at(year, "indicator", key)).text
        answer = officer.post(at(year, "indicator", key), data=as_shown(page))
        assert answer.status_code == 303, (key, answer.text.partition("Något behöver rättas")[2][:600])
    assert {one.key: one.facts for one in queries.kept(year.id)} == stored


def test_every_kind_has_one_name_where_it_is_kept_and_where_it_is_looked_up(november: Round, client: Client) -> None:
    year = november.year
    listed = client("olle").get(at(year)).text
    looked_up = client("lena").get(f"/result/dictionary/{year.public_id}").text
    for kind in {one.kind for one in queries.kept(year.id)}:
        name = dictionary.kind_name(kind)
        assert name != kind and name.capitalize() in listed and name in looked_up


def as_shown(page: str) -> dict[str, list[str]]:
    """What a browser sends of a page whose form nobody has touched."""
    sent: dict[str, list[str]] = {}
    for one in BeautifulSoup(page, "html.parser").select("main form [name]"):
        if one.get("type") in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        value = one.text.removeprefix("\n").replace("\n", "\r\n") if one.name == "textarea" else one.get("value", "")
        sent.setdefault(str(one["name"]), []).append(str(value))
    return sent


def test_a_columns_name_is_changed_but_never_taken_away_and_other_words_may_be(november: Round, client: Client) -> None:
    year, officer = november.year, client("olle")
    said = as_shown(officer.get(at(year, "indicator", "merit")).text)
    assert said["words-0-sv_total"] == ["Meritvärde"] and said["words-0-sv_enrolled"] == ["Elever"]
    nameless = officer.post(at(year, "indicator", "merit"), data={**said, "words-0-sv_enrolled": ""})
    assert nameless.status_code == 422 and "kolumnen med alla" in nameless.text
    assert officer.post(at(year, "indicator", "merit"), data={**said, "words-0-sv_rest": ""}).status_code == 303
    after = queries.indicator(year.id, "merit")
    assert after and (after.sv.rest, after.en.rest, after.sv.total) == ("", "Not graded", "Meritvärde")
    swims = as_shown(officer.get(at(year, "indicator", "swimming")).text)
    refused = officer.post(at(year, "indicator", "swimming"), data={**swims, "words-1-en_reached": ""})
    assert refused.status_code == 422 and "dem som når dit" in refused.text
    assert officer.post(at(year, "indicator", "swimming"), data={**swims, "words-1-en_reached": "Swim"}).status_code == 303
    swimming = queries.indicator(year.id, "swimming")
    assert swimming and swimming.variants[0].en.reached == "Swim" and swimming.en.reached == "Can swim"


def test_the_next_year_measures_what_this_one_did_when_asked_to(november: Round, cast: Cast, client: Client) -> None:
    year = november.year
    key = added(client, year)
    hidden = queries.one_kept(year.id, "staff_qualified") or queries.kept(year.id)[0]
    actions.hide_indicator(hidden, by=cast.olle)
    shown = client("olle").get(f"/cycle/year/{year.public_id}/differences").text
    assert "Simkunniga" in shown and "Kommunens eget mått." in shown and hidden.facts["sv"]["name"] in shown
    following = cycle.open_year(cast.unit["bun"], label="2027/28", like=year, by=cast.olle)
    assert [one.key for one in queries.kept(following.id)] == [one.key for one in queries.kept(year.id)]
    own, same = queries.one_kept(following.id, key), queries.one_kept(following.id, hidden.key)
    assert own and own.facts["sv"]["name"] == "Simkunniga" and same and same.hidden_from == 1
    plain = cycle.open_year(cast.unit["bun"], label="2028/29", by=cast.olle)
    assert queries.one_kept(plain.id, key) is None


def test_the_list_takes_the_same_number_of_statements_whatever_is_measured(november: Round, cast: Cast, client: Client) -> None:
    browser, address = client("olle"), at(november.year)

    def statements() -> int:
        with asked.statements("SELECT") as said:
            assert browser.get(address).status_code == 200
        return len(said)

    before = statements()
    for _number in range(4):
        added(client, november.year)
    assert statements() == before


def test_what_cannot_be_an_indicator_is_refused_at_its_field_with_all_that_was_typed(november: Round, client: Client) -> None:
    missing = client("olle").post(at(november.year, "add"), data={**SWIMMING, "words-0-sv_phrase": ""})
    assert missing.status_code == 422 and "hur en mening om måttet slutar" in missing.text and "Prövade" in missing.text
    never = client("olle").post(at(november.year, "add"), data={**SWIMMING, "rounds": []})
    assert never.status_code == 422 and "Välj minst en uppföljning" in never.text
    assert client("olle").get(at(november.year, "indicator", "made-up")).status_code == 404
