"""The layout is the architecture: the import rules of the chain, kept by reading the code and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import LINKS

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("rules", "models", "queries", "actions", "views")
PLAIN_MODULES = {  # named modules that stand with rules; all others stand with queries
    "organisation": {"shipped", "tree_file"},
    "report": {"markup", "sheet"}, "document": {"shipped"},
    "release": {"profiles", "span", "attack", "near", "room", "protect", "atoms", "row", "system"},
    "cycle": {"shipped"}, "result": {"shipped", "reasons", "eligibility"}, "goal": {"shipped"}, "plan": {"shipped"},
    "followup": {"answers", "needs"}, "finding": {"shipped"}, "handover": {"shipped"}, "dialogue": {"shipped"},
    "intake": {
        "amounts", "answers", "assembly", "catalogue", "columns", "csvtext", "grid", "municipal", "preschool", "published",
        "relation", "rows", "scb", "sheets", "skolverket", "survey", "taken_out",
        "ss12000", "ss12000_reading", "ss12000_changes", "ss12000_units", "ss12000_people", "ss12000_compare", "ss12000_grades",
    },
}  # fmt: skip
PLAIN = {"flask", "sqlalchemy", "flask_sqlalchemy", "flask_wtf", "wtforms"}
ABOVE_THE_CHAIN = ("pages", "cli", "demo")
LOWEST = ("base", "access")  # made of named modules, which stand in no layer


def modules() -> Iterator[tuple[str, Path]]:
    for file in sorted([*ROOT.glob("chain/**/*.py"), *ROOT.glob("forms/*.py")]):
        yield ".".join(file.relative_to(ROOT).with_suffix("").parts), file


def imports(file: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it: `from a.b import c` counts as a.b and as a.b.c."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> int:
    _, link, name, *_ = [*module.split("."), ""]
    if name in PLAIN_MODULES.get(link, ()):
        return LAYERS.index("rules")
    kind = name.rpartition("_")[2]  # a second subject of a link has files of its own: ss12000_actions stands with actions
    return LAYERS.index(kind if kind in LAYERS else "queries")


def broken_rules(module: str, imported: str) -> Iterator[str]:
    """The sentences that say what an import breaks."""
    here, there = module.split("."), imported.split(".")
    if here[0] == "forms":
        if there[0] == "chain" and there[:3] != ["chain", "base", "locale"]:
            yield "forms ask nobody"
        return
    if there[0] == "app" or imported == "chain":
        yield "nobody imports the root"
    if len(here) > 2 and here[2] == "rules" and there[0] in PLAIN:
        yield "rules are plain"
    if there[0] != "chain" or len(there) < 2 or there[1] not in (*LINKS, *ABOVE_THE_CHAIN):
        return
    if len(there) > 2 and there[2] == "views":
        yield "views are imported by app.py alone"
    if here[1] in ABOVE_THE_CHAIN:
        return
    if there[1] in ABOVE_THE_CHAIN or LINKS.index(there[1]) > LINKS.index(here[1]):
        yield "a link imports earlier links alone"
    if len(there) > 2 and there[1] not in LOWEST and here[1] not in LOWEST:
        if layer(imported) > layer(module):
            yield "same or lower layer"
        if here[2] != "views" and layer(module) < LAYERS.index("actions") <= layer(imported):
            yield "a read never writes"


def test_every_import_keeps_the_rules() -> None:
    found = [
        f"{module} imports {imported}: {sentence}"
        for module, file in modules()
        for imported in imports(file)
        for sentence in broken_rules(module, imported)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "imported", "sentence"),
    [
        ("chain.measure.actions", "chain.followup.queries", "a link imports earlier links alone"),
        ("chain.followup.queries", "chain.followup.actions", "same or lower layer"),
        ("chain.followup.rules", "chain.measure.models", "same or lower layer"),
        ("chain.home.queries", "chain.followup.views", "views are imported by app.py alone"),
        ("chain.followup.rules", "flask.g", "rules are plain"),
        ("chain.followup.rules", "sqlalchemy.select", "rules are plain"),
        ("chain.base.db", "app.create_app", "nobody imports the root"),
        ("forms.followup", "chain.followup.rules", "forms ask nobody"),
        ("chain.followup.models", "chain.pages.frame", "a link imports earlier links alone"),
    ],
)
def test_each_rule_is_seen_when_broken(module: str, imported: str, sentence: str) -> None:
    assert sentence in broken_rules(module, imported)


def test_only_atomic_commits() -> None:
    for module, file in modules():
        calls = [
            node.func.attr
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        assert "commit" not in calls or module == "chain.base.db", f"{module} commits"


def test_every_public_action_is_atomic_and_says_by_whom() -> None:
    for file in ROOT.glob("chain/*/*actions.py"):
        for node in ast.parse(file.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            decorators = {ast.unparse(each).split("(")[0] for each in node.decorator_list}
            if decorators & {"events.listen"}:
                continue
            if {"atomic", "unaudited"} & decorators:
                assert "by" in {argument.arg for argument in node.args.kwonlyargs}, f"{file.parent.name}.{node.name} takes no by="
            else:
                writes = any(word in ast.unparse(node) for word in ("session.add", "session.delete", "session.execute"))
                assert not writes, f"{file.parent.name}.{node.name} writes without @atomic"


# The committee's page

# What the report takes from other links: whole links that hold no figures, and of the others these names. Figures: from release.
WITHOUT_FIGURES = {"base", "access", "organisation", "cycle", "release", "report", "document"}
TAKEN = {
    "chain.finding.finding_queries": {"answered", "told"},  # counts of units, and words that may be quoted
    "chain.finding.models": {"Quote"},
    "chain.followup.actions": {"hold"},  # a lock, and no figure
    "chain.followup.models": {"Citation", "Submission"},
    "chain.followup.queries": {"latest", "receivers"},
    "chain.followup.reading": {"Shown", "sentences"},  # only the words of the sections that are asked for
    "chain.matter.matter_queries": {"Paper"},
    "chain.matter.meeting_queries": {"agendas_then"},
    "chain.matter.models": {"Assignment", "Decision", "Matter", "Meeting"},
    "chain.matter.queries": {"about", "standing"},
    "chain.result.rules": {"basis_name"},
    "chain.rollup.charts": {"Shown", "Twin"},  # how a picture is drawn, of whatever it is given
    "chain.rollup.motifs": set(
        ["Bar", "CountPicture", "Pair", "PairPicture", "Picture", "SmallPicture", "StackPicture", "Step", "Stood", "StoodPicture"]
    ),
    "chain.rollup.telling": {"LEGENDS", "counts", "stack", "trend"},  # what is said of whatever is given
    "chain.rollup.trend": {"Point", "count", "uncertainty"},
}
# By the templates, of these.
SHOWN = {"sentence": {"key", "title", "spans", "citations"}, "submission": {"id", "public_id", "unit"}}
FIGURES_OF_A_SUBMISSION = {"snapshot", "sheets", "answer"}


def reads_beyond_the_release(source: str) -> Iterator[str]:
    """What a module of the report, or of documents, reads that could be a figure from anywhere but a release."""
    tree = ast.parse(source)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("chain"))
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("chain."):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole.split(".")[1] in WITHOUT_FIGURES:
                    continue
                if whole in TAKEN:
                    known[alias.asname or alias.name] = whole
                elif alias.name not in TAKEN.get(str(node.module), ()):
                    yield whole
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = known.get(node.value.id, "") if isinstance(node.value, ast.Name) else ""
            if node.attr in FIGURES_OF_A_SUBMISSION or (owner and node.attr not in TAKEN[owner]):
                yield f"{owner}.{node.attr}"
        elif isinstance(node, ast.Constant) and node.value in FIGURES_OF_A_SUBMISSION:
            yield str(node.value)


def shows_beyond_the_release(template: str) -> Iterator[str]:
    """The same of a template: the parts that it takes in, and what it says of sentences and submissions."""
    for name in re.findall(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)""", template):
        if not name.startswith(("_parts/", "report/", "document/")) and name != "base.html":
            yield name
    for owner, said in SHOWN.items():
        yield from (f"{owner}.{name}" for name in re.findall(rf"\b{owner}\.(\w+)", template) if name not in said)
    yield from (word for word in (*FIGURES_OF_A_SUBMISSION, "rollup") if re.search(rf"\b{word}\b", template))


def test_the_report_and_documents_and_their_templates_read_figures_from_the_release_alone() -> None:
    links = ("report", "document")
    modules = [file for link in links for file in ROOT.glob(f"chain/{link}/*.py")]
    templates = [file for link in links for file in ROOT.glob(f"templates/{link}/*.html")]
    assert len(modules) > 25 and len(templates) > 20
    found = [f"{file.name}: {what}" for file in modules for what in reads_beyond_the_release(file.read_text())]
    found += [f"{file.name}: {what}" for file in templates for what in shows_beyond_the_release(file.read_text())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "import chain.rollup.queries",
        "from chain.rollup import queries as rollup",
        "from chain.result.queries import tables",
        "from chain.followup import sheets",
        "from chain.followup.reading import submitted",
        "from chain.followup import reading\nreading.submitted(submission)",
        "from chain.followup import reading as words\nwords.handed_up(section)",
        "from chain.followup import queries\nqueries.section(followup, key)",
        "from chain.support import queries",
        "submission.snapshot['figures']",
        "parts.submission.snapshot",
        "getattr(submission, 'snapshot')",
        "select(Submission.snapshot)",
        "sentence.sheets",
    ],
)
def test_the_report_is_seen_when_it_reads_figures_elsewhere(source: str) -> None:
    assert list(reads_beyond_the_release(source))


@pytest.mark.parametrize(
    "template",
    [
        '{% from "rollup/_figures.html" import table %}',
        '{%- include "followup/_answered.html" -%}',
        '{% extends "release/show.html" %}',
        "{{ report.submission.snapshot.figures }}",
        "{{ parts.submission.state }}",
        "{% for sheet in sentence.sheets %}",
        "{{ sentence.answer.text }}",
        "{{ url_for('rollup.overview') }}",
    ],
)
def test_a_template_of_the_report_is_seen_when_it_shows_figures_from_elsewhere(template: str) -> None:
    assert list(shows_beyond_the_release(template))


def test_the_top_level_stays() -> None:
    allowed = {
        "app.py", "chain", "forms", "templates", "migrations", "tests", "pyproject.toml", "README.md", "static", "run", "test",
        ".ci", "data", "translations", "docs", "deploy", "bench", "requirements.txt", "requirements-dev.txt", ".gitignore",
    }  # fmt: skip
    made_here = {".git", ".venv", "var", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "uv.lock"}
    assert {path.name for path in ROOT.iterdir()} - made_here <= allowed
