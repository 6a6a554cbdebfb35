"""Seven schools in two areas, some of them small: what they told in November is released, written about, and made public."""

from typing import Any

from chain.access.policy import Role
from chain.cycle import actions as cycle
from chain.cycle.models import Round
from chain.organisation import actions as organisation
from chain.publication import actions as publication
from chain.release import actions as release
from chain.report import actions as report
from chain.rollup import actions as rollup
from tests.document import desk
from tests.followup import world
from tests.kept import kept
from tests.makers import Cast
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


@kept
def november(cast: Cast) -> Round:
    """The round, with its page and a document about it in the hands of the committee and of everybody."""
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
    document = desk.handed_over(cast, round=found)
    publication.publish_document(document, read_through=True, by=cast.sixten)
    return found
