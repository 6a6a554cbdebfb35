"""The pages: what a principal sees at a glance, what somebody above never sees, and that a refusal keeps what was typed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from chain.base import clock
from chain.base.db import db
from chain.goal import document_actions, queries
from chain.goal.document_models import Consultation, GoverningDocument
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan, Workshop
from chain.rollup import actions as rollup
from tests.feedback.test_views import statements
from tests.followup import world
from tests.goal import desk
from tests.makers import Cast
from tests.rollup import district

Client = Callable[[str], FlaskClient]


def page(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return answer.text


def sent(browser: FlaskClient, address: str, status: int = 303, /, **said: Any) -> str:
    answer = browser.post(address, data=said)
    assert answer.status_code == status, answer.text
    return page(browser, answer.headers["Location"]) if status == 303 else answer.text


def test_a_principal_sees_what_is_asked_and_what_is_not_broken_down(cast: Cast, client: Client) -> None:
    made = desk.chain(cast)
    other = desk.decided(cast, "diana", made["committee"], title="Alla elever är trygga", kind="values")
    told = page(client("pia"), f"/goal/?year={desk.YEAR}")
    assert "2 mål ovanför ber er om något. Ett är inte nedbrutet." in told
    assert told.count("Inte nedbrutet här än.") == 1 and other.title in told and made["unit"].title in told


def test_a_draft_of_somebody_elses_is_nowhere_to_be_seen(cast: Cast, client: Client) -> None:
    made = desk.chain(cast)
    draft = desk.draft(cast, "pia", made["administration"], title="Hemligt utkast")
    plan = desk.plan(cast, "pia", goals=[made["unit"]])
    for who in ("arne", "olle", "maja", "lena", "petra"):
        browser = client(who)
        assert browser.get(f"/goal/{draft.public_id}").status_code == 404
        assert "Hemligt utkast" not in page(browser, f"/goal/{made['committee'].public_id}")
        assert "Hemligt utkast" not in page(browser, f"/goal/?at={cast.unit['fvn'].public_id}")
        assert browser.get(f"/goal/plan/{plan.public_id}").status_code == 404
    assert "Saknas" in page(client("olle"), f"/goal/plans?year={desk.YEAR}")
    assert "Hemligt utkast" in page(client("bo"), f"/goal/?year={desk.YEAR}")


def test_a_goal_is_written_decided_changed_assessed_and_ended_on_its_pages(cast: Cast, client: Client) -> None:
    world.opened(cast)
    above, pia = desk.decided(cast, "diana", desk.national(cast)), client("pia")
    assert above.title in page(pia, f"/goal/write?above={above.public_id}")
    said = {"title": "Alla läser med flyt", "kind": "knowledge", "valid_from": desk.YEAR, "owner": cast.pia.person.public_id}
    told = sent(pia, "/goal/write", **said, above=above.public_id)
    goal = db.session.scalars(select(Goal).where(Goal.level == "unit")).one()
    assert "Utkastet är sparat" in told and "Besluta målet" in told
    own = f"/goal/{goal.public_id}"
    told = sent(pia, f"{own}/decide", decided_on="2026-11-20", reference="§ 3", version=goal.version)
    assert "20 november 2026, § 3" in told
    form = page(pia, "/goal/assess")
    assert "Uppföljning 1, november" in form and "Alla läser med flyt" in form
    told = sent(pia, "/goal/assess", 422, **{f"verdict-{goal.public_id}": "on_the_way", f"reasons-{goal.public_id}": ""})
    assert "Skriv vad bedömningen bygger på" in told and "checked" in told
    sent(pia, "/goal/assess", **{f"verdict-{goal.public_id}": "on_the_way", f"reasons-{goal.public_id}": "Tre av fyra."})
    assert "Tre av fyra." in page(client("maja"), own)
    db.session.expire_all()
    changed = {**said, "above": above.public_id, "title": "Alla läser", "version": goal.version, "decided_on": "2026-11-21"}
    assert "Skriv varför" in sent(pia, f"{own}/change", 422, **changed, reason="")
    assert "Tidigare ord" in sent(pia, f"{own}/change", **changed, reason="Kortare.")
    db.session.expire_all()
    assert "Avslutat" in sent(pia, f"{own}/end", reason="Nått.", version=goal.version)


def test_what_was_typed_is_kept_when_it_is_refused(cast: Cast, client: Client) -> None:
    desk.national(cast)
    told = sent(client("pia"), "/goal/write", 422, title="", text="Mina långa ord", kind="values", valid_from=desk.YEAR)
    assert "Mina långa ord" in told and "Skriv målet i en mening" in told
    told = sent(
        client("pia"), "/goal/write", 422, title="X", kind="values", valid_from=desk.YEAR, direction="at_least", target="många"
    )  # fmt: skip
    assert 'value="många"' in told and "Skriv ett tal" in told


def test_an_officer_writes_for_the_committee_and_the_secretary_decides(cast: Cast, client: Client) -> None:
    national, olle = desk.national(cast), client("olle")
    bun = cast.unit["bun"].public_id
    said = {"title": "Nämndens mål", "kind": "knowledge", "valid_from": desk.YEAR, "owner": cast.diana.person.public_id}
    told = sent(olle, f"/goal/write?at={bun}", **said, above=national.public_id)
    assert "Nämndsekreteraren skriver in beslutet" in told and "Besluta målet" not in told
    goal = db.session.scalars(select(Goal).where(Goal.level == "committee")).one()
    assert "Besluta målet" in page(client("sixten"), f"/goal/{goal.public_id}")
    assert client("maja").get(f"/goal/{goal.public_id}").status_code == 404
    assert olle.get(f"/goal/write?at={cast.unit['alskolan'].public_id}").status_code == 404


def test_the_nations_goals_are_taken_in_hidden_and_given_words_beside(cast: Cast, client: Client) -> None:
    olle = client("olle")
    assert "finns inte här än" in page(olle, "/goal/national")
    assert "nationella mål är hämtade" in sent(olle, "/goal/national/adopt")
    goal = desk.national(cast, "adapted-upper")
    told = sent(olle, f"/goal/{goal.public_id}/national", hidden="y", own_words="Finns inte hos oss.")
    assert "används inte" in told and "Finns inte hos oss." in told
    assert client("pia").get("/goal/national").status_code == 404
    made = desk.chain(cast)
    told = sent(olle, f"/goal/{made['national'].public_id}/national", 422, hidden="y", own_words="Mina ord")
    assert "Ändra dem först" in told and "Mina ord" in told


def test_a_document_goes_from_draft_by_consultation_to_its_second_version(cast: Cast, client: Client) -> None:
    olle, sixten = client("olle"), client("sixten")
    bun = cast.unit["bun"].public_id
    told = sent(olle, "/goal/documents/begin", title="Modell", kind="quality_model", text="Fyra gånger om året.", at=bun)
    made = db.session.scalars(select(GoverningDocument)).one()
    own = f"/goal/document/{made.public_id}"
    assert "Bara ni som skriver ser den" in told and client("pia").get(own).status_code == 404
    assert "Välj minst en chef" in sent(olle, f"{own}/ask", 422, until="2026-12-10", question="Går det?")
    sent(olle, f"{own}/ask", until="2026-12-10", question="Går det?", receivers=cast.unit["alskolan"].public_id)
    asked = db.session.scalars(select(Consultation)).one()
    pia = client("pia")
    assert (
        "Modell" in page(pia, "/goal/documents")
        and client("petra").get(f"/goal/consultation/{asked.public_id}").status_code == 404
    )
    told = page(pia, f"/goal/consultation/{asked.public_id}")
    assert "Fyra gånger om året." in told and "Går det?" in told
    assert "Skriv vad ni tycker" in sent(pia, f"/goal/consultation/{asked.public_id}", 422, answer="  ")
    assert "Svaret är skickat" in sent(pia, f"/goal/consultation/{asked.public_id}", answer="Tre gånger räcker.")
    assert "Tre gånger räcker." in page(olle, own)
    assert "Version 2" in sent(olle, f"{own}/act", act="renew")
    words = {"title": "Modell", "kind": "quality_model", "text": "Tre gånger om året.", "changes": "Färre.", "version": 1}
    sent(olle, f"{own}/write", **words)
    assert olle.get(f"{own}/adopt").status_code == 403
    said = {
        "adopted_by": "Nämnden",
        "registration_number": "Bun 2018/75",
        "adopted_on": "2026-11-20",
        "in_force_from": "2026-12-01",
    }
    assert "gäller inte i dag" in sent(sixten, f"{own}/adopt", **said)
    told = page(client("lena"), own)
    assert "Bun 2018/75" in told and "Tre gånger om året." in told and "Tre gånger räcker." not in told
    assert "Skriv varför" in sent(sixten, f"{own}/withdraw", 422, reason="")
    assert "Upphävt" in sent(sixten, f"{own}/withdraw", reason="Ny lag.")


def test_a_document_refers_to_what_it_governs(cast: Cast, client: Client) -> None:
    world.opened(cast)
    made, olle = desk.adopted(cast), client("olle")
    goal = desk.decided(cast, "diana", desk.national(cast))
    own = f"/goal/document/{made.public_id}"
    assert "Välj ett mål" in sent(olle, f"{own}/refer", 422, what="")
    assert goal.title in sent(olle, f"{own}/refer", what=f"goal:{goal.public_id}")
    assert made.title in page(client("pia"), f"/goal/{goal.public_id}")
    told = page(olle, own)
    reference = told.split('name="remove" value="')[1].split('"')[0]
    assert goal.title not in sent(olle, f"{own}/refer", remove=reference).split("<h2>Styr</h2>")[1].split("<form")[0]


def test_a_plan_is_written_decided_revised_and_commented_on_its_pages(cast: Cast, client: Client) -> None:
    goal, pia, arne = desk.decided(cast, "pia", desk.national(cast)), client("pia"), client("arne")
    told = sent(pia, "/goal/plans/begin", year=desk.YEAR)
    plan = db.session.scalars(select(Workplan)).one()
    own = f"/goal/plan/{plan.public_id}"
    assert "Planen är tom" in told and goal.title in told
    assert "Planen är tom. Lägg till minst en sak" in sent(pia, f"{own}/decide", 422)
    assert "checked" in page(pia, f"{own}/entry?goal={goal.public_id}")
    entry = {"what": "Vi läser högt", "when": "Varje dag", "who": "Lärarna", "know": "Läsprovet", "goals": goal.public_id}
    assert "Vi läser högt" in sent(pia, f"{own}/entry", **entry)
    assert "Skriv vad ni gör" in sent(pia, f"{own}/entry", 422, what="", who="Kvar i fältet")
    rule = desk.adopted(cast, title="Modell för kvalitet")
    sent(pia, f"{own}/write", text="Hit.", participation="Alla.", version=plan.version, governed=rule.public_id)
    assert "Modell för kvalitet" in page(pia, own)
    assert "Planen är beslutad" in sent(pia, f"{own}/decide")
    assert "Tydligt!" in sent(arne, f"{own}/comment", comment="Tydligt!")
    assert "Tydligt!" in page(pia, own)
    assert "Skriv varför" in sent(pia, f"{own}/revise", 422, reason="")
    assert "Utgåva 2" in sent(pia, f"{own}/revise", reason="Novembers resultat.")
    assert "Vi läser högt" in page(client("olle"), f"/goal/{goal.public_id}")
    assert client("maja").get("/goal/plans").status_code == 404


def test_a_workshop_is_planned_seen_by_the_units_and_called_off(cast: Cast, client: Client) -> None:
    day = clock.today() + timedelta(days=9)
    said = {"year": "2027/28", "held_on": day, "begins_at": "13.00", "place": "Stadshuset", "about": "Ta med era mål."}
    told = sent(client("olle"), "/goal/workshops", 422, **{**said, "begins_at": "kl ett"})
    assert "Skriv klockslaget som 13.00." in told and "Ta med era mål." in told
    sent(client("olle"), "/goal/workshops", **said)
    assert "Stadshuset" in page(client("pia"), "/goal/plans")
    held = db.session.scalars(select(Workshop)).one()
    assert client("pia").post(f"/goal/workshop/{held.public_id}/cancel", data={"reason": "Nej"}).status_code == 403
    assert "Skriv varför" in sent(client("olle"), f"/goal/workshop/{held.public_id}/cancel", 422, reason="")
    assert "Inställt" in sent(client("olle"), f"/goal/workshop/{held.public_id}/cancel", reason="Sjukdom.")


def test_goals_and_plans_leave_as_files_without_formulas(cast: Cast, client: Client) -> None:
    desk.decided(cast, "pia", desk.national(cast), title="=1+1")
    file = client("pia").get(f"/goal/?year={desk.YEAR}&as=csv")
    assert file.status_code == 200 and "'=1+1" in file.text
    assert "Alskolan" in client("olle").get(f"/goal/plans?year={desk.YEAR}&as=csv").text


def test_the_pages_take_as_many_statements_for_many_goals_as_for_few(cast: Cast, client: Client) -> None:
    made = desk.chain(cast)
    desk.decided_plan(cast, "pia")
    desk.adopted(cast)
    addresses = {
        "pia": (f"/goal/?year={desk.YEAR}", f"/goal/{made['unit'].public_id}", "/goal/write"),
        "olle": (f"/goal/{made['committee'].public_id}", f"/goal/plans?year={desk.YEAR}", "/goal/national", "/goal/documents"),
    }  # fmt: skip

    def counted() -> list[int]:
        return [statements(client(who), address) for who, each in addresses.items() for address in each]

    before = counted()
    for number in range(5):
        more = desk.decided(cast, "diana", made["committee"], title=f"Mål {number}")
        for who in ("pia", "petra", "per"):
            desk.decided(cast, who, more, title=f"Eget mål {number}")
        desk.adopted(cast, title=f"Rutin {number}")
    desk.decided_plan(cast, "petra")
    assert counted() == before
    assert len(queries.choosable(cast.unit["alskolan"].path, desk.YEAR)) > 10


def test_whoever_answers_a_question_sees_the_document_that_governs_it(cast: Cast, client: Client) -> None:
    round = world.opened(cast)
    made = desk.adopted(cast, title="Rutin för analys")
    document_actions.refer(made, level="unit", question="analysis", by=cast.olle)
    mine = world.followup(cast, "pia", round)
    assert "Rutin för analys" in page(client("pia"), f"/followup/{mine.public_id}/section/analysis")
    assert "Rutin för analys" not in page(client("pia"), f"/followup/{mine.public_id}/section/example")


def test_a_goal_with_an_indicator_tells_its_target_and_where_the_figure_stands(cast: Cast, client: Client) -> None:
    round = world.opened(cast)
    said = {"indicator": "at_least_e", "subject": "MA", "direction": "at_least", "target": Decimal(90)}
    goal = desk.decided(cast, "pia", desk.national(cast), **said)
    told = page(client("pia"), f"/goal/{goal.public_id}")
    assert "minst 90 %" in told and "Ingen uppföljning har gett någon siffra än." in told
    handed = world.hand_in(world.followup(cast, "pia", round), cast.pia, results=district.cells({("MA", "4"): (25, 24, 12)}))
    rollup.accept(handed, by=cast.arne)
    assert "50 % (12 av 24)" in page(client("pia"), f"/goal/{goal.public_id}")
    assert "nämndens sammanfattning" in page(client("maja"), f"/goal/{goal.public_id}")
