"""The addresses of goals, governing documents and workplans; what their pages show stands in the files beside."""

from typing import Any

from flask import Blueprint

from chain.access.guard import allow
from chain.access.policy import Action
from chain.goal import (
    assess_views,
    document_queries,
    document_views,
    goal_views,
    national_views,
    plan_queries,
    plan_views,
    queries,
    rules,
)
from chain.goal.document_models import Consultation, GoverningDocument
from chain.goal.models import Goal
from chain.goal.plan_models import Workplan, Workshop

bp = Blueprint("goal", __name__, url_prefix="/goal")
bp.add_app_template_global(rules.kind_name, "goal_kind")
bp.add_app_template_global(rules.level_goals, "level_goals")
bp.add_app_template_global(rules.verdict_name, "verdict_name")

# Goals


@bp.get("/")
@allow(Action.READ, "goal")
def archive() -> Any:
    return goal_views.archive()


@bp.route("/write", methods=["GET", "POST"])
@allow(Action.WRITE, "goal")
def write() -> Any:
    return goal_views.write()


@bp.get("/<public_id>")
@allow(Action.READ, Goal, options=queries.WHOLE)
def show(goal: Goal) -> Any:
    return goal_views.show(goal)


@bp.route("/<public_id>/write", methods=["GET", "POST"])
@allow(Action.WRITE, Goal, options=queries.WHOLE)
def rewrite(goal: Goal) -> Any:
    return goal_views.rewrite(goal)


@bp.post("/<public_id>/discard")
@allow(Action.WRITE, Goal)
def discard(goal: Goal) -> Any:
    return goal_views.discard(goal)


@bp.post("/<public_id>/decide")
@allow(Action.SUBMIT, Goal, options=queries.WHOLE)
def decide(goal: Goal) -> Any:
    return goal_views.decide(goal)


@bp.route("/<public_id>/change", methods=["GET", "POST"])
@allow(Action.KEEP, Goal, options=queries.WHOLE)
def change(goal: Goal) -> Any:
    return goal_views.change(goal)


@bp.post("/<public_id>/end")
@allow(Action.KEEP, Goal, options=queries.WHOLE)
def end(goal: Goal) -> Any:
    return goal_views.end(goal)


@bp.route("/assess", methods=["GET", "POST"])
@allow(Action.ANSWER, "goal")
def assess() -> Any:
    return assess_views.assess()


@bp.get("/national")
@allow(Action.PREPARE, "goal")
def national() -> Any:
    return national_views.national()


@bp.post("/national/adopt")
@allow(Action.PREPARE, "goal")
def adopt() -> Any:
    return national_views.adopt()


@bp.post("/<public_id>/national")
@allow(Action.PREPARE, Goal)
def keep_national(goal: Goal) -> Any:
    return national_views.keep_national(goal)


# Governing documents


@bp.get("/documents")
@allow(Action.READ, "governing")
def documents() -> Any:
    return document_views.documents()


@bp.route("/documents/begin", methods=["GET", "POST"])
@allow(Action.WRITE, "governing")
def begin_document() -> Any:
    return document_views.begin()


@bp.get("/document/<public_id>")
@allow(Action.READ, GoverningDocument, options=document_queries.WHOLE)
def document(governing_document: GoverningDocument) -> Any:
    return document_views.show(governing_document)


@bp.route("/document/<public_id>/write", methods=["GET", "POST"])
@allow(Action.WRITE, GoverningDocument, options=document_queries.WHOLE)
def write_document(governing_document: GoverningDocument) -> Any:
    return document_views.write(governing_document)


@bp.route("/document/<public_id>/ask", methods=["GET", "POST"])
@allow(Action.WRITE, GoverningDocument, options=document_queries.WHOLE)
def ask_heads(governing_document: GoverningDocument) -> Any:
    return document_views.ask(governing_document)


@bp.post("/document/<public_id>/act")
@allow(Action.WRITE, GoverningDocument, options=document_queries.WHOLE)
def act_document(governing_document: GoverningDocument) -> Any:
    return document_views.act(governing_document)


@bp.route("/document/<public_id>/adopt", methods=["GET", "POST"])
@allow(Action.SUBMIT, GoverningDocument, options=document_queries.WHOLE)
def adopt_document(governing_document: GoverningDocument) -> Any:
    return document_views.adopt(governing_document)


@bp.post("/document/<public_id>/withdraw")
@allow(Action.KEEP, GoverningDocument, options=document_queries.WHOLE)
def withdraw_document(governing_document: GoverningDocument) -> Any:
    return document_views.withdraw(governing_document)


@bp.post("/document/<public_id>/refer")
@allow(Action.WRITE, GoverningDocument, options=document_queries.WHOLE)
def refer(governing_document: GoverningDocument) -> Any:
    return document_views.refer(governing_document)


@bp.get("/consultation/<public_id>")
@allow(Action.READ, Consultation)
def consultation(consultation: Consultation) -> Any:
    return document_views.consultation(consultation)


@bp.post("/consultation/<public_id>")
@allow(Action.ANSWER, Consultation)
def answer_consultation(consultation: Consultation) -> Any:
    return document_views.answer(consultation)


# Workplans


@bp.get("/plans")
@allow(Action.READ, "workplan")
def plans() -> Any:
    return plan_views.plans()


@bp.post("/plans/begin")
@allow(Action.WRITE, "workplan")
def begin_plan() -> Any:
    return plan_views.begin()


@bp.get("/plan/<public_id>")
@allow(Action.READ, Workplan, options=plan_queries.WHOLE)
def plan(workplan: Workplan) -> Any:
    return plan_views.show(workplan)


@bp.route("/plan/<public_id>/write", methods=["GET", "POST"])
@allow(Action.WRITE, Workplan, options=plan_queries.WHOLE)
def write_plan(workplan: Workplan) -> Any:
    return plan_views.write(workplan)


@bp.route("/plan/<public_id>/entry", methods=["GET", "POST"])
@allow(Action.WRITE, Workplan, options=plan_queries.WHOLE)
def entry(workplan: Workplan) -> Any:
    return plan_views.entry(workplan)


@bp.post("/plan/<public_id>/remove")
@allow(Action.WRITE, Workplan, options=plan_queries.WHOLE)
def remove_from_plan(workplan: Workplan) -> Any:
    return plan_views.remove(workplan)


@bp.post("/plan/<public_id>/decide")
@allow(Action.SUBMIT, Workplan, options=plan_queries.WHOLE)
def decide_plan(workplan: Workplan) -> Any:
    return plan_views.decide(workplan)


@bp.post("/plan/<public_id>/revise")
@allow(Action.PREPARE, Workplan, options=plan_queries.WHOLE)
def revise_plan(workplan: Workplan) -> Any:
    return plan_views.revise(workplan)


@bp.post("/plan/<public_id>/comment")
@allow(Action.ANSWER, Workplan, options=plan_queries.WHOLE)
def comment(workplan: Workplan) -> Any:
    return plan_views.comment(workplan)


@bp.get("/workshops")
@allow(Action.READ, "workshop")
def workshops() -> Any:
    return plan_views.workshops()


@bp.post("/workshops")
@allow(Action.KEEP, "workshop")
def plan_workshop() -> Any:
    return plan_views.plan_workshop()


@bp.post("/workshop/<public_id>/cancel")
@allow(Action.KEEP, Workshop)
def cancel_workshop(workshop: Workshop) -> Any:
    return plan_views.cancel(workshop)
