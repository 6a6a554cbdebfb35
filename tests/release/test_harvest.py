"""A member, a stranger and a principal open every page and file they can reach, write down every number, and work out nothing."""

from typing import Any

import pytest

from chain.access.policy import Role
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.organisation import actions as organisation
from chain.publication import actions as publication
from chain.release import actions as release
from chain.release import rules
from chain.report import actions as report
from chain.rollup import actions as rollup
from tests.followup import world
from tests.makers import Cast
from tests.release.attacker import Attacker
from tests.release.harvest import Harvest, reap
from tests.report import world as reports
from tests.rollup import district

MA6, SV6 = ("MA", "6"), ("SV", "6")
NAMES = {"MA": "Matematik", "SV": "Svenska"}
SCHOOLS = {  # short name, area: (enrolled, assessed, reached) in mathematics and in Swedish
    "Alskolan": ("norr", (26, 26, 15), (26, 26, 24)), "Ekskolan": ("norr", (8, 8, 5), (8, 8, 8)),
    "Granskolan": ("norr", (31, 31, 20), (31, 31, 30)), "Hagskolan": ("norr", (9, 9, 4), (9, 9, 6)),
    "Lindskolan": ("soder", (47, 47, 30), (47, 47, 40)), "Rönnskolan": ("soder", (12, 12, 5), (12, 12, 11)),
    "Tallskolan": ("soder", (60, 60, 41), (60, 60, 52)),
}  # fmt: skip
TOP = "Barn- och utbildningsförvaltningen"
AREAS = {"norr": "Norra området", "soder": "Södra området"}


@pytest.fixture
def november(cast: Cast) -> Round:
    for number, (name, (area, *_figures)) in enumerate(SCHOOLS.items()):
        if name in ("Alskolan", "Ekskolan"):
            continue
        facts: dict[str, Any] = {"kind": "school", "school_forms": ["GR"], "year_groups": ["4", "5", "6"]}
        cast.unit[name] = organisation.add_unit(cast.unit[area], name=name, level="unit", by=None, **facts)
        person = organisation.add_person(
            cast.unit["sjovik"], name=f"Rektor {number}", email=f"rektor{number}@sjovik.example", by=None
        )
        cast.who[name] = organisation.give_mandate(person, Role.PRINCIPAL, cast.unit[name], by=None)
    found = cycle.open_round(world.open_year(cast)[0], by=cast.diana)
    for name, (area, maths, swedish) in SCHOOLS.items():
        who = {"Alskolan": "pia", "Ekskolan": "petra"}.get(name, name)
        told = {"results": district.cells({MA6: maths, SV6: swedish})}
        handed = world.hand_in(world.followup(cast, who), cast.who[who], **told)
        rollup.accept(handed, by=cast.who[{"norr": "arne", "soder": "asta"}[area]])
    release.approve(release.prepare(found, by=cast.olle), by=cast.diana)
    reports.administration(cast, found)
    page = report.publish(found, by=cast.olle)
    report.receive(page, "Bun 2026/91", by=cast.sixten)
    publication.publish(page, read_through=True, by=cast.sixten)
    return found


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
    harvest = reap(client(who), [TOP, *AREAS.values(), *SCHOOLS], NAMES.values())
    spans = attacked(harvest, insider)
    assert len(spans) >= 8 and all(span > 5 - 1e-4 for span in spans.values()), spans
    if not who:
        public = [said for said in harvest.said if said.where.startswith("/public/")]
        assert {said.unit for said in public} >= {TOP, "Lindskolan"}, "a stranger reads what is public, files and all"
    if who == "maja":
        assert {kind for kind in harvest.pages.values()} >= {"text/html", "text/csv", "application/json"}
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
