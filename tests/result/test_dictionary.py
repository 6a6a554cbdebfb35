"""The data dictionary: everything of the year, found by everybody who reads the year, in the page as in the file."""

import json

from bs4 import BeautifulSoup

from chain.base.db import db
from chain.result import actions, dictionary, queries, shipped
from chain.result.models import Indicator
from tests.base.test_tables import rows
from tests.followup import world
from tests.makers import Cast
from tests.rollup import district


def test_everything_that_is_measured_is_found_with_what_it_is_made_of(client, cast: Cast) -> None:
    year = world.opened(cast).year
    page = BeautifulSoup(client("lena").get(f"/result/dictionary/{year.public_id}").text, "html.parser")
    every = {one.key: one for one in shipped.indicators()}
    shown = {section["aria-labelledby"]: section.get_text(" ", strip=True) for section in page.find_all("article", "entry")}
    assert set(shown) == {key for key, one in every.items() if one.first_valid <= year.label}
    for key, text in shown.items():
        one = every[key]
        assert one.sv.name in text and one.sv.definition in text and one.source in text and one.first_valid in text
        assert all(each.sv.definition in text for each in one.variants)
    e = shown["at_least_e"]
    assert "N, alla Elever" in e and "n, räknade Bedömda" in e and "prognos, bedömning, terminsbetyg, slutbetyg" in e
    assert "Uppföljning 1, november" in e and "åk 1, åk 2" in e and "högre är önskat" in e
    scale = page.find("section", attrs={"aria-labelledby": "scales"})
    assert scale is not None and "B betyg B 17,5 godkänt" in scale.get_text(" ", strip=True)
    assert "skydd av en sådan uppgift" in page.get_text()


def test_it_is_narrowed_to_a_school_form_and_taken_out_in_both_languages(client, cast: Cast) -> None:
    year = world.opened(cast).year
    per, address = client("per"), f"/result/dictionary/{year.public_id}"
    found = json.loads(per.get(f"{address}?school_form=FS&as=json").data)
    keys = {row["key"] for row in found["rows"]}
    wanted = {one.key for one in shipped.indicators() if (not one.school_forms or "FS" in one.school_forms)}
    assert keys == wanted and "at_least_e" not in keys
    whole = rows(per.get(f"{address}?as=csv").data)
    at_least_e = [row for row in whole if row[0] == "at_least_e"]
    assert [row[2] for row in at_least_e] == ["Minst E", "Godtagbara kunskaper"]
    assert at_least_e[1][4] == "Acceptable knowledge" and at_least_e[1][1] == "åk 1, åk 2, åk 3"
    assert per.get(f"{address}?school_form=XX").status_code == 404


def test_it_stands_in_the_years_order_and_names_only_the_rounds_that_ask(client, cast: Cast) -> None:
    year = world.opened(cast).year
    first, second, *_rest = queries.kept(year.id)
    assert first.facts["rounds"] == [1, 2, 3, 4]
    actions.hide_indicator(first, by=cast.olle)
    actions.move_indicator(first, step=1, by=cast.olle)
    first.hidden_from = 3
    db.session.commit()
    entries = dictionary.dictionary(year).entries
    assert [one.key for one in entries[:2]] == [second.key, first.key]
    assert entries[1].measure.rounds == (1, 2)
    assert dict(entries[1].facts)["Frågas efter i"] == "Uppföljning 1, november, Uppföljning 2, januari"


def test_what_a_municipality_has_added_stands_there_too(client, cast: Cast) -> None:
    """Of a kind that the dictionary has no words for, in a scale that is gone: its own key is said."""
    year = world.opened(cast).year
    facts = shipped.facts(shipped.indicators()[0]) | {"key": "our_own", "sv": {**_words(), "name": "Eget mått"}}
    db.session.add(Indicator(year_id=year.id, key="our_own", kind="share", facts=facts))
    db.session.commit()
    assert "Eget mått" in client("lena").get(f"/result/dictionary/{year.public_id}").text
    assert dictionary.kind_name("index") == "index" and dictionary.unit_name("hours") == "hours"


def _words() -> dict[str, str]:
    return {"definition": "k av n.", "enrolled": "Elever", "assessed": "Bedömda", "reached": "Klara", "phrase": "var klara"}


def test_the_figures_lead_to_it(client, cast: Cast) -> None:
    november = world.opened(cast)
    district.accepted(cast, "alskolan", {("MA", "4"): (25, 24, 20)})
    wanted = f'href="/result/dictionary/{november.year.public_id}"'
    for address in (f"/rollup/{november.public_id}/{cast.unit['norr'].public_id}", "/cycle/"):
        assert wanted in client("arne").get(address).text
