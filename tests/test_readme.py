"""The README says what is true: its diagram is the table's, its links lead somewhere, its commands exist."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from app import LINKS
from chain.dialogue import rules as dialogue
from chain.document import rules as document_rules
from chain.finding import example_rules, finding_rules
from chain.followup import rules
from chain.goal import document_rules as document_rules_of_goals
from chain.goal import plan_rules
from chain.goal import rules as goal_rules
from chain.handover import rules as handover
from chain.matter import rules as matter
from chain.support import directed_rules, escalation_rules

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def test_the_diagram_of_a_follow_ups_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- moves -->")[1].split("<!-- /moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{rules.diagram()}```"


def test_the_diagram_of_a_documents_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- document-moves -->")[1].split("<!-- /document-moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{document_rules.diagram()}```"


def test_the_diagram_of_a_matters_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- matter moves -->")[1].split("<!-- /matter moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{matter.diagram()}```"


@pytest.mark.parametrize(("name", "table"), [("goal", goal_rules), ("governing", document_rules_of_goals), ("plan", plan_rules)])
def test_the_diagrams_of_goals_documents_and_plans_are_drawn_from_their_tables(name: str, table: ModuleType) -> None:
    drawn = README.split(f"<!-- {name} moves -->")[1].split(f"<!-- /{name} moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{table.diagram()}```"


def test_the_diagram_of_a_handovers_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- handover-moves -->")[1].split("<!-- /handover-moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{handover.diagram()}```"


def test_the_diagrams_of_what_waits_and_of_directed_support_are_drawn_from_their_tables() -> None:
    for name, drawn in (("escalation moves", escalation_rules.diagram()), ("directed moves", directed_rules.diagram())):
        shown = README.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
        assert shown.strip() == f"```mermaid\n{drawn}```"


def test_the_diagram_of_a_dialogues_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- dialogue moves -->")[1].split("<!-- /dialogue moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{dialogue.diagram()}```"


def test_the_diagram_of_a_findings_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- finding moves -->")[1].split("<!-- /finding moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{finding_rules.diagram()}```"


def test_the_diagram_of_a_good_examples_life_is_drawn_from_its_table() -> None:
    drawn = README.split("<!-- offer moves -->")[1].split("<!-- /offer moves -->")[0]
    assert drawn.strip() == f"```mermaid\n{example_rules.diagram()}```"


def test_every_link_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_chain_is_the_chain() -> None:
    chain = README.split("base ←")[1].split("```")[0]
    assert re.findall(r"\w+", "base ←" + chain)[: len(LINKS)] == list(LINKS)


def test_every_command_exists(app: Flask) -> None:
    for group, command in re.findall(r"`flask --app app (\w+) (\w+)", README):
        if group != "db":
            assert command in app.cli.commands[group].commands, f"{group} {command}"  # type: ignore[attr-defined]
