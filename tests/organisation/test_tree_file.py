"""A tree from a text table: every way that spreadsheets save it, sentences row by row, all or nothing, and no harm in twice."""

import pytest
from sqlalchemy import func, select

from chain.base import audit
from chain.base.db import db
from chain.base.errors import RuleBroken
from chain.organisation import actions, tree_file
from chain.organisation.models import Unit
from tests.makers import Cast

TREE = """level;name;parent;kind;school_forms;year_groups;code
area;Östra området;Barn- och utbildningsförvaltningen;;;;
unit;Lindskolan;Östra området;school;GR FTH;F-3;67134582
group;Lag 1–3;Lindskolan;;;;
unit;Örnens förskola;Östra området;preschool;FS;;
"""


@pytest.mark.parametrize(
    "text",
    [
        TREE, TREE.replace(";", ","), TREE.replace(";", "\t"), "\ufeff" + TREE, TREE.replace("\n", "\r\n"), TREE + "\n;;;;;;\n",
        TREE.replace("level;name;parent;kind;school_forms;year_groups;code", "Nivå;Namn;Överordnad;Slag;Skolformer;Årskurser;Kod")
        .replace("area;", "Område;").replace("unit;", "enhet;").replace("group;", "arbetslag;").replace(";school;", ";Skola;"),
    ],
    ids=["semicolon", "comma", "tab", "mark", "crlf", "empty row", "swedish"],
)  # fmt: skip
def test_every_way_of_saving_it(text: str) -> None:
    found = tree_file.read(text)
    assert found.problems == {}
    assert [(row.level, row.name) for row in found.rows] == [
        ("area", "Östra området"), ("unit", "Lindskolan"), ("group", "Lag 1–3"), ("unit", "Örnens förskola"),
    ]  # fmt: skip
    assert found.rows[1].school_forms == ("GR", "FTH")
    assert found.rows[1].year_groups == ("F", "1", "2", "3")
    assert found.rows[1].code == "67134582"


@pytest.mark.parametrize(("encoding"), ["utf-8", "utf-8-sig", "cp1252"])
def test_the_letters_survive(encoding: str) -> None:
    assert "Örnens förskola" in tree_file.decode(TREE.replace("–", "-").encode(encoding))


WRONG = {
    "klass;7A;Alskolan;;;;": "ingen nivå",
    "unit;;Norra området;;;;": "saknar namn",
    "unit;Ny;;;;;": "saknar överordnad",
    "unit;Ny;Norra området;slott;;;": "inget slag",
    "unit;Ny;Norra området;;XX;;": "ingen skolform",
    "unit;Ny;Norra området;;;;20260812": "är ett datum",
    "unit;Ny;Norra området;;;;123": "åtta siffror",
    "unit;Ny;Västra området;;;;": "Det finns ingen ”Västra området”",
    "group;Ny;Arbetslag 4–6;;;;": "Det finns flera ”Arbetslag 4–6”",
    "area;Ny;Alskolan;;;;": "uppifrån och ner",
    "group;Alskolan;Norra området;;;;": "finns redan, men på en annan nivå",
    "unit;Ny;Norra området;;;;;;för;många": "fler celler",
    "unit;" + "x" * 201 + ";Norra området;;;;": "för lång",
}


@pytest.mark.parametrize(("row", "sentence"), WRONG.items())
def test_what_is_wrong_is_told_at_its_row_and_nothing_is_kept(cast: Cast, row: str, sentence: str) -> None:
    before, head = db.session.scalar(select(func.count(Unit.id))), audit.head()
    with pytest.raises(RuleBroken) as refused:
        actions.import_tree(cast.unit["sjovik"], TREE + row, by=cast.stina)
    assert list(refused.value.problems) == ["6"]
    assert sentence in refused.value.problems["6"]
    assert (db.session.scalar(select(func.count(Unit.id))), audit.head()) == (before, head)


@pytest.mark.parametrize("text", ["", "\n\n", "namn;nivå\nAlskolan;enhet", 'level;name;parent\nunit;"Alskolan;Norra området'])
def test_what_is_no_table_is_told(text: str) -> None:
    assert tree_file.read(text).problems


def test_the_same_twice_in_a_file(cast: Cast) -> None:
    twice = tree_file.read("level;name;parent\nunit;Ny;Norra området\nunit;NY;norra området")
    assert set(twice.problems) == {2, 3}


def test_a_tree_is_read_in_and_again_without_harm(cast: Cast) -> None:
    first = actions.import_tree(cast.unit["sjovik"], TREE, by=cast.stina)
    assert (first.count("new"), first.count("changed"), first.count("same")) == (4, 0, 0)
    lind = db.session.scalars(select(Unit).where(Unit.name == "Lindskolan")).one()
    assert lind.path == "/sjovik/bun/fvn/ostra-omradet/lindskolan/"
    assert (lind.code, lind.kind, lind.school_forms) == ("67134582", "school", ["GR", "FTH"])
    many = db.session.scalar(select(func.count(Unit.id)))
    again = actions.import_tree(cast.unit["sjovik"], TREE, by=cast.stina)
    assert (again.count("new"), again.count("changed"), again.count("same")) == (0, 0, 4)
    assert db.session.scalar(select(func.count(Unit.id))) == many


def test_children_may_stand_before_their_parents(cast: Cast) -> None:
    head, *rows = TREE.strip().splitlines()
    made = actions.import_tree(cast.unit["sjovik"], "\n".join([head, *reversed(rows)]), by=cast.stina)
    assert made.count("new") == 4


def test_a_way_tells_two_of_the_same_name_apart(cast: Cast) -> None:
    actions.add_unit(cast.unit["soder"], name="Alskolan", level="unit", by=cast.stina)
    text = "level;name;parent\ngroup;Lag 7;Södra området/Alskolan"
    actions.import_tree(cast.unit["sjovik"], text, by=cast.stina)
    assert db.session.scalars(select(Unit).where(Unit.name == "Lag 7")).one().path == "/sjovik/bun/fvn/soder/alskolan/lag-7/"


def test_what_a_file_says_otherwise_is_changed_and_what_it_leaves_empty_is_not(cast: Cast) -> None:
    text = "level;name;parent;kind;school_forms;year_groups;code\nunit;Alskolan;Norra området;;GR FTH;;67134599"
    assert actions.import_tree(cast.unit["sjovik"], text, by=cast.stina).count("changed") == 1
    alskolan = cast.unit["alskolan"]
    assert (alskolan.kind, alskolan.school_forms, alskolan.year_groups, alskolan.code) == (
        "school", ["GR", "FTH"], ["4", "5", "6"], "67134599",
    )  # fmt: skip


def test_a_code_that_another_unit_has_is_told(cast: Cast) -> None:
    actions.add_unit(cast.unit["soder"], name="Granskolan", level="unit", code="67134582", by=cast.stina)
    with pytest.raises(RuleBroken) as refused:
        actions.import_tree(cast.unit["sjovik"], TREE, by=cast.stina)
    assert "hör till Granskolan" in refused.value.problems["3"]


def test_years_are_spread_out() -> None:
    assert tree_file.words("4-6") == ["4", "5", "6"]
    assert tree_file.words("F 1–3, 5") == ["F", "1", "2", "3", "5"]
    assert tree_file.words("F-3") == ["F", "1", "2", "3"]
    assert tree_file.words("") == []
