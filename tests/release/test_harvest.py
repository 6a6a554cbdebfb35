"""A member, a stranger and a principal open every page and file they can reach, write down every number, and work out nothing."""

import io
import zipfile
from typing import Any

import pytest

from chain.cycle.models import Round
from chain.release import rules
from chain.report import committee_page, queries
from chain.report.markup import Block
from tests.document import desk
from tests.makers import Cast
from tests.matter import desk as matters
from tests.release import schools
from tests.release.attacker import Attacker
from tests.release.harvest import READ, Harvest, reap
from tests.release.schools import AREAS, NAMES, SCHOOLS, TOP

EVERYBODY = [TOP, *AREAS.values(), *SCHOOLS]


@pytest.fixture
def november(cast: Cast) -> Round:
    return schools.november(cast)


def attacked(harvest: Harvest, insider: str) -> dict[Any, float]:
    """What follows from all that was collected, each number taken for exact: n too, though it is rounded."""
    attacker, secrets = Attacker(), []
    of = {name: [school for school, (area, *_rest) in SCHOOLS.items() if name in (TOP, AREAS[area], school)]
          for name in (TOP, *AREAS.values(), *SCHOOLS)}  # fmt: skip
    for school, (_area, *figures) in SCHOOLS.items():
        for subject, (_all, n, k) in zip(NAMES, figures, strict=True):
            parts = [attacker.count((school, subject, "k"), k, school), attacker.count((school, subject, "m"), n - k, school)]
            if n < 10:
                secrets += [frozenset(parts), *(frozenset([part]) for part in parts)]
            secrets += [frozenset([part]) for part in parts if attacker.true[part] <= 4 and (n < 30 or attacker.true[part])]
    subjects = {**NAMES, **{name: name for name in NAMES.values()}}
    for one in {(said.unit, said.subject, said.shown) for said in harvest.said if said.unit in of and said.subject in subjects}:
        unit, subject, shown = one
        code = next(code for code, name in NAMES.items() if subject in (code, name))
        if shown in (rules.HIDDEN, ""):
            continue
        both = [(school, code, part) for school in of[unit] for part in ("k", "m")]
        attacker.exactly(both)
        side = [name for name in both if name[2] == ("m" if shown == rules.ALMOST_ALL else "k")]
        if shown in (rules.ALMOST_ALL, rules.ALMOST_NOBODY):
            least = 0 if sum(attacker.true[name] for name in both) < 30 else 1
            attacker.learns(side, least, least + 5)
        else:
            attacker.exactly(side)
    others = [secret for secret in dict.fromkeys(secrets) if {attacker.whose[name] for name in secret} != {insider}]
    return attacker.spans(others, [insider])


@pytest.mark.parametrize(("who", "insider"), [("maja", ""), ("", ""), ("pia", "Alskolan")])
def test_whoever_reads_all_that_can_be_reached_works_out_no_small_group(
    client: Any, november: Round, who: str, insider: str
) -> None:
    harvest = reap(client(who), EVERYBODY, NAMES.values())
    spans = attacked(harvest, insider)
    assert len(spans) >= 8 and all(span > 5 - 1e-4 for span in spans.values()), spans
    if not who:
        public = [said for said in harvest.said if said.where.startswith("/public/")]
        assert {said.unit for said in public} >= {TOP, "Lindskolan"}, "a stranger reads what is public, files and all"
        assert any("as=pdf" in said.where for said in public), "papers too"
    if who == "maja":
        assert {kind for kind in harvest.pages.values()} >= {"text/html", "text/csv", "application/json", "application/pdf"}
        assert {said.where.split("/")[1] for said in harvest.said if "as=pdf" in said.where} == {"report", "document", "public"}
        assert {said.shown for said in harvest.said} >= {"..", "~100"} and any(said.unit == "Lindskolan" for said in harvest.said)
        nothing_beyond_the_release(harvest)


def nothing_beyond_the_release(harvest: Harvest) -> None:
    """What pages, pictures and descriptions say of a unit is what the release's own files say of it."""
    files = {}
    for one in harvest.said:
        if "as=json" in one.where:
            files.setdefault(one.unit, set()).update({one.shown, one.n})
    for said in harvest.said:
        assert {said.shown, said.n} <= files[said.unit] | {"", "None"}, said
    for address, unit, numbers in harvest.loose:
        if unit in SCHOOLS and "/figure" in address:
            assert set(numbers) <= files[unit] | {"1", "2", "99", "8", "100"}, (address, unit, numbers)


def test_the_words_of_a_picture_and_what_is_packed_in_a_file_are_read_as_well() -> None:
    words = "<text><tspan>Hagskolan</tspan> <tspan>67 %</tspan></text><text>av 9</text>"
    picture = f"<svg><title>Matematik</title><g>{words}</g></svg>"
    lines = "Enhet;Ämne;Värde;Bedömda (n), avrundat\nHagskolan;Svenska;44;10\n"
    inside, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inside, "w") as file:
        file.writestr("tabell.csv", lines)
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("bild.svg", picture)
        file.writestr("mer/inre.zip", inside.getvalue())
        file.writestr("sida.html", f"<main><p>Se bilden.</p>{picture}</main>")
    found = Harvest()
    READ["application/zip"](packed.getvalue(), "/matter", EVERYBODY, list(NAMES.values()), found)
    assert [(one.unit, one.subject, one.shown, one.n) for one in found.said] == [("Hagskolan", "Svenska", "44", "10")]
    assert [(where, numbers) for where, _unit, numbers in found.loose] == [
        ("/matter!bild.svg", ("67",)), ("/matter!sida.html", ("67",)),
    ]  # fmt: skip


def test_whoever_hands_a_matter_to_the_archive_takes_no_more_along_than_the_release_says(
    client: Any, cast: Cast, november: Round
) -> None:
    matter = matters.under_way(cast, registration_number="Bun 2026/75", about=november)
    desk.handed_over(cast, round=november, matter=matter)
    harvest = reap(client("sixten"), EVERYBODY, NAMES.values(), f"/document/matter/{matter.public_id}")
    assert {kind for address, kind in harvest.pages.items() if "!" in address} >= {"application/pdf", "application/json"}
    assert any("!" in one.where for one in harvest.said), "a table of a paper, packed"
    assert all(span > 5 - 1e-4 for span in attacked(harvest, "").values())


def reads(browser: Any, round: Round) -> Harvest:
    """The committee's page on paper and nothing else."""
    page = queries.of(round)
    assert page
    return reap(browser, EVERYBODY, NAMES.values(), f"/report/{page.public_id}?as=pdf")


def test_a_paper_is_read_by_row_and_column_and_one_that_shows_what_is_withheld_is_found_out(
    client: Any, november: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    maja = client("maja")
    harvest = reads(maja, november)
    assert set(harvest.pages.values()) == {"application/pdf"}
    assert {(one.unit, one.subject, one.shown, one.n) for one in harvest.said} == {
        (TOP, "Matematik", "62", "195"), (TOP, "Svenska", "89", "195"),
    }  # fmt: skip
    assert all(span > 5 for span in attacked(harvest, "").values())
    told = committee_page._figures
    for row, head in ((["Hagskolan", "67 % av 9"], ["", "Svenska"]), (["Svenska", "67 % av 9"], ["", "Hagskolan"])):
        mutant: Block = {"kind": "table", "title": "Minst E", "head": head, "rows": [row], "note": "", "numeric": True}
        monkeypatch.setattr(committee_page, "_figures", lambda page, mutant=mutant: [*told(page), mutant])
        assert min(attacked(reads(maja, november), "").values()) < 1e-4, "the paper alone shows it, past the release"
