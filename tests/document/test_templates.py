"""The forms of documents: the seeds' headings in their order, and what a committee may change of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from chain.base.errors import NotAllowed, RuleBroken
from chain.cycle.shipped import ShippedError
from chain.document import actions as document_actions
from chain.document import frozen, queries, shipped, template_actions
from chain.document.models import DocumentTemplate
from tests.document import desk
from tests.makers import Cast
from tests.visitors import Reader

ASKED = "Har berörda barn och elever tillfrågats och vilka är deras synpunkter?"
OTHERWISE = "På vilka andra sätt har barns och elevers perspektiv påverkat underlaget?"
SEEDS = {  # the headings of the documents that the work is built from, as they stand there, with the two questions of every one
    "statement_brief": [
        "Förslag till beslut", "Ärendet i korthet", "Handlingar", "Bakgrund", "Analys", "Barns och elevers delaktighet", ASKED,
        OTHERWISE, "Ekonomiska konsekvenser", "Slutsatser", "Underskrifter", "Skickas till",
    ],
    "statement_prepared": [
        "Ärendebeskrivning", "Beredning", "Det fortsatta arbetet", "Förslag till beslut", "Barns och elevers delaktighet", ASKED,
        OTHERWISE,
    ],
    "statement_account": [
        "Förslag till beslut", "Sammanfattning", "Ärendet", "Barns och elevers delaktighet", ASKED, OTHERWISE,
        "Ekonomiska konsekvenser", "Bilagor", "Underskrifter",
    ],
}  # fmt: skip


@pytest.mark.parametrize("form", SEEDS)
def test_a_document_has_the_seeds_headings_in_their_order(cast: Cast, form: str) -> None:
    """Written under as the seed is: what it has no heading for is left empty, and so is not printed."""
    document = document_actions.begin(cast.unit["bun"], form, title="Ett ärende", number="Bun 2018/75", by=cast.olle)
    for one in list(document.sections):
        desk.write(document, one.key, "Text." if one.title in SEEDS[form] else "", cast.olle)
    said = frozen.now(desk.fresh(document))
    assert [one["title"] for one in said["sections"]] == SEEDS[form]
    printed = [block["text"] for block in frozen.sheet(said).blocks if block["kind"] == "heading"]
    assert printed == [title for title in SEEDS[form] if title != "Underskrifter"]


def test_every_shipped_form_asks_both_questions_about_children() -> None:
    for form in shipped.forms().values():
        shown = {one.part for one in form.headings if one.required and not one.hidden}
        assert shown >= set(shipped.MANDATORY), form.key


def test_a_shipped_form_without_the_questions_is_refused(tmp_path: Path) -> None:
    whole = (shipped.FOLDER / "statement_brief.toml").read_text()
    (tmp_path / "a.toml").write_text(whole.replace('part = "asked"', 'part = "text"'))
    with pytest.raises(ShippedError, match="asked"):
        shipped.forms(tmp_path)
    (tmp_path / "a.toml").write_text(whole.replace('kind = "statement"', 'kind = "poem"'))
    with pytest.raises(ShippedError, match="kind"):
        shipped.forms(tmp_path)


def own(cast: Cast, key: str = "statement_brief") -> DocumentTemplate:
    return template_actions.adopt(cast.unit["bun"], key, by=cast.olle)


def titles(template: DocumentTemplate) -> list[str]:
    found = queries.template(template.unit, template.key)
    assert found is not None
    return [one.title for one in found.headings if not one.hidden]


def test_a_committee_rewords_orders_adds_and_hides_and_what_is_begun_keeps_its_headings(cast: Cast) -> None:
    template, before = own(cast), desk.begun(cast)
    facts = {"standing": "", "required": False, "level": 1, "by": cast.olle}
    template_actions.reword(template, "summary", title="Sammanfattning", version=template.version, **facts)
    template_actions.arrange(template, "economy", -1, by=cast.olle)
    template_actions.hide(template, "papers", by=cast.olle)
    added = template_actions.add(
        template,
        title="Miljö",
        part="text",
        after="analysis",
        version=template.version,
        **{**facts, "standing": "Ingen påverkan."},
    )
    now = titles(template)
    assert now.index("Sammanfattning") == 1 and "Handlingar" not in now
    assert now[now.index("Analys") + 1] == "Miljö" and now.index("Ekonomiska konsekvenser") < now.index(OTHERWISE)
    assert [one.title for one in desk.fresh(before).sections][1] == "Ärendet i korthet"
    after = document_actions.begin(cast.unit["bun"], "statement_brief", title="Nytt", number="", by=cast.olle)
    assert desk.section(after, added.key).content["text"] == "Ingen påverkan."
    template_actions.show(template, "papers", by=cast.olle)
    assert "Handlingar" in titles(template)


@pytest.mark.parametrize("key", ["children_asked", "children_perspective"])
def test_the_questions_about_children_are_never_hidden_nor_left_open(cast: Cast, key: str) -> None:
    template = own(cast)
    with pytest.raises(RuleBroken, match="obligatorisk"):
        template_actions.hide(template, key, by=cast.olle)
    one = template_actions.reword(
        template, key, title="Barnens röst", standing="", required=False, level=2, version=template.version, by=cast.olle
    )
    assert one.required


def test_two_who_change_a_form_at_once_hear_of_it(cast: Cast) -> None:
    template = own(cast)
    version = template.version
    template_actions.arrange(template, "economy", -1, by=cast.olga)
    with pytest.raises(RuleBroken, match="Någon annan"):
        template_actions.rename(template, "Vår mall", hidden=False, version=version, by=cast.olle)


def test_a_form_that_is_no_longer_used_begins_nothing(cast: Cast) -> None:
    template = own(cast)
    template_actions.rename(template, "Gammal", hidden=True, version=template.version, by=cast.olle)
    assert "statement_brief" not in [key for key, _name, _about in queries.offered(cast.unit["bun"])]
    with pytest.raises(RuleBroken, match="inte längre"):
        document_actions.begin(cast.unit["bun"], "statement_brief", title="x", number="", by=cast.olle)


def test_a_copy_begins_as_the_other_and_goes_its_own_way(cast: Cast) -> None:
    template = own(cast)
    made = template_actions.copy(template, "Kort variant", by=cast.olle)
    template_actions.hide(made, "analysis", by=cast.olle)
    assert "Analys" in titles(template) and "Analys" not in titles(made)


def test_others_keep_no_forms(cast: Cast) -> None:
    for who in (cast.sixten, cast.arne, cast.vera):
        with pytest.raises(NotAllowed):
            template_actions.adopt(cast.unit["bun"], "year_report", by=who)
    assert template_actions.adopt(cast.unit["bun"], "year_report", by=cast.stina).unit_id == cast.unit["bun"].id


def test_forms_are_kept_on_their_pages(cast: Cast, client: Callable[[str], FlaskClient]) -> None:
    olle = Reader(client("olle")).open("/document/").click("Mallar")
    olle.press("Gör till egen").sees("Förslag till beslut", "obligatorisk, kan inte döljas")
    olle.click("Ärendet i korthet").fill("Rubrik", "").press("Spara rubriken").sees("Skriv rubriken.")
    olle.fill("Rubrik", "Sammanfattning").press("Spara rubriken").sees("Rubriken är ändrad.", "Sammanfattning")
    olle.click("Lägg till en rubrik").fill("Rubrik", "Jämställdhet").choose("Placering", "Efter ”Analys”").press("Spara rubriken")
    olle.sees("Jämställdhet").press("Dölj : Jämställdhet").sees("Dold: står inte i nya dokument.").press("Visa : Jämställdhet")
    olle.press("Ner : Jämställdhet").fill("Den nya mallens namn", "Kort").press("Kopiera mallen").sees("börjar som den gamla")
    olle.fill("Mallens namn", "Kortast").press("Spara").sees("Mallen är ändrad.", "Kortast")
