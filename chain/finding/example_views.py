"""Good examples: searched by all, offered by units, edited with their consent, tried by others."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from chain.access import guard, policy
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.base.locale import current as language
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.finding import example_actions, example_queries, example_rules, queries
from chain.finding.example_models import Example, Offer, Trial
from chain.finding.models import Theme
from chain.followup.models import Followup, Submission
from chain.organisation.models import Unit
from chain.result import queries as result
from forms import example as forms
from forms.base import choices, posted

bp = Blueprint("example", __name__, url_prefix="/example")

EXAMPLE = (joinedload(Example.owner), joinedload(Example.offer).joinedload(Offer.round).joinedload(Round.year))


# Published


@bp.get("/")
@allow(Action.READ, "example")
def archive() -> str:
    """What has been published within the municipality, by words, subject, year group, school form and theme."""
    form = forms.Search(request.args)
    known = example_queries.to_choose(g.mandate)
    any_ = ("", _("alla"))
    form.subject.choices = choices([any_, *((code, result.subject_name(code)) for code in known.subjects)])
    form.year_group.choices = choices([any_, *((one, one) for one in _year_groups())])
    form.school_form.choices = choices([any_, *((code, one.name(language())) for code, one in cycle.school_forms().items())])
    form.theme.choices = choices([any_, *((one, one) for one in known.themes)])
    asked = example_queries.Asked(*(str(form[name].data or "")[:200] for name in example_queries.Asked._fields))
    found = example_queries.search(g.mandate, asked, max(1, posted(request.args.get("page"))))
    return render_template(
        "finding/examples.html", form=form, found=found, asked=asked, subject_name=result.subject_name,
        offers=policy.may_somewhere(g.mandate, Action.READ, "offer"), more=asked._asdict() | {"page": found.page + 1},
        before=asked._asdict() | {"page": found.page - 1},
    )  # fmt: skip


def _year_groups() -> list[str]:
    return list(dict.fromkeys(group.key for one in cycle.school_forms().values() for group in one.year_groups))


@bp.get("/<public_id>")
@allow(Action.READ, Example, options=EXAMPLE)
def show(example: Example) -> str:
    return _shown(example, None, None)


def _shown(example: Example, refused: forms.TryForm | None, told: forms.TellForm | None) -> str:
    trials = example_queries.trials(g.mandate, example)
    mine = next((one for one in trials if one.unit_id == g.mandate.unit_id), None)
    tries = policy.may_somewhere(g.mandate, Action.WRITE, "trial") and example.from_id != g.mandate.unit_id
    tell = told or forms.TellForm(formdata=None, data={"outcome": mine.outcome, "words": mine.words} if mine else {})
    return render_template(
        "finding/example.html", example=example, trials=trials, mine=mine, tries=tries, tell=tell,
        form=refused or forms.TryForm(formdata=None), forms_named=_named(example.school_forms),
        subject_name=result.subject_name, outcome_name=example_rules.outcome_name,
        trying=example_queries.trying([example.id]).get(example.id, 0), groups=example.year_groups.strip("|").split("|"),
        offer=example.offer if policy.may(g.mandate, Action.READ, example.offer) else None,
    )  # fmt: skip


def _named(listed: str) -> list[str]:
    """School forms by their names."""
    known = cycle.school_forms()
    return [known[code].name(language()) for code in listed.strip("|").split("|") if code in known]


@bp.post("/<public_id>/try")
@allow(Action.READ, Example, options=EXAMPLE)
def try_(example: Example) -> Any:
    """We try this."""
    form = forms.TryForm()
    if not policy.may_somewhere(g.mandate, Action.WRITE, "trial"):
        guard.require(Action.WRITE, Trial(unit_id=g.mandate.unit_id, path=g.mandate.path), g.mandate)
    if not form.validate_on_submit():
        return _shown(example, form, None), 422
    example_actions.try_(example, form.plan.data or "", by=g.mandate)
    flash(_("%(unit)s ser att ni prövar det. Berätta här vad som hände när ni vet.", unit=example.owner.name), "success")
    return redirect(url_for("example.show", public_id=example.public_id), 303)


@bp.post("/trial/<public_id>")
@allow(Action.WRITE, Trial, options=(joinedload(Trial.example).options(*EXAMPLE),))
def tell(trial: Trial) -> Any:
    """What came of it."""
    form = forms.TellForm()
    try:
        if form.validate_on_submit():
            example_actions.tell(trial, form.outcome.data or "", form.words.data or "", by=g.mandate)
            flash(_("Det ni berättade syns för dem vars exempel det är."), "success")
            return redirect(url_for("example.show", public_id=trial.example.public_id), 303)
    except RuleBroken as refused:
        form.refuse(refused.sentence, refused.problems)
    return _shown(trial.example, None, form), 422


# Offered


@bp.get("/offers")
@allow(Action.READ, "offer")
def offers() -> str:
    """What has been offered, with whose turn it is; and for a unit what it can offer, and what it and others try."""
    round = cycle.current(g.mandate.path)
    may_offer = round is not None and policy.may_somewhere(g.mandate, Action.SUBMIT, "offer")
    return render_template(
        "finding/offers.html", offers=example_queries.offers(g.mandate),
        keeps=policy.may_somewhere(g.mandate, Action.KEEP, "offer"),
        could=example_queries.could_offer(g.mandate, round) if round and may_offer else None, round=round,
        trials=example_queries.ours(g.mandate) if policy.may_somewhere(g.mandate, Action.WRITE, "trial") else [],
        outcome_name=example_rules.outcome_name,
    )  # fmt: skip


@bp.route("/offer/<public_id>", methods=["GET", "POST"])
@allow(Action.SUBMIT, "offer")
def offer(public_id: str) -> Any:
    """Offer one's own example of what was handed up."""
    submission = guard.fetch(Submission, public_id, options=(joinedload(Submission.round), joinedload(Submission.unit)))
    text = example_queries.words(submission)
    if submission.unit_id != g.mandate.unit_id or not text:
        raise NotFound
    form = _choosing(forms.OfferForm(data={"school_forms": submission.unit.school_forms}), submission.unit)
    if form.validate_on_submit():
        try:
            made = example_actions.offer(submission, title=form.title.data or "", by=g.mandate, **_about(form))
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Exemplet är erbjudet. Ni får se och säga ja till orden innan någon annan läser dem."), "success")
            return redirect(url_for("example.offered", public_id=made.public_id), 303)
    page = render_template("finding/offer.html", submission=submission, text=text, form=form)
    return page, 422 if form.errors or form.form_errors else 200


def _choosing(form: Any, unit: Unit) -> Any:
    """With what there is to choose: subjects, and the year groups and school forms of the unit."""
    known, forms_of = cycle.school_forms(), unit.school_forms or list(cycle.school_forms())
    groups = {key: name for code in forms_of if code in known for key, name in known[code].labels(language()).items()}
    form.subject.choices = choices(
        [("", _("inget särskilt ämne")), *((one.code, one.name(language())) for one in result.subjects())]
    )
    form.year_groups.choices = choices(groups.items())
    form.school_forms.choices = choices((code, known[code].name(language())) for code in forms_of if code in known)
    return form


def _about(form: Any) -> dict[str, Any]:
    """What was chosen, of what there was to choose."""
    offered = {name: {str(choice.value) for choice in form[name].choices} for name in ("subject", "year_groups", "school_forms")}
    return {
        "subject": form.subject.data if form.subject.data in offered["subject"] else "",
        **{name: [one for one in form[name].data or [] if one in offered[name]] for name in ("year_groups", "school_forms")},
    }


@bp.get("/offered/<public_id>")
@allow(Action.READ, Offer, options=example_queries.WHOLE)
def offered(offer: Offer) -> str:
    return _offered(offer, None, None)


def _offered(offer: Offer, refused: forms.ActForm | None, edited: forms.EditForm | None) -> str:
    ours, theirs = policy.may(g.mandate, Action.ANSWER, offer), policy.may(g.mandate, Action.KEEP, offer)
    acts = example_rules.possible(offer.state, role=str(g.mandate.role)) if ours or theirs else []
    edit = edited
    if "edit" in acts and edit is None:
        said = {name: getattr(offer, name) for name in ("title", "text", "subject", "year_groups", "school_forms")}
        edit = _edit_form(
            offer, forms.EditForm(formdata=None, data={**said, "theme": offer.theme.public_id if offer.theme else ""})
        )
    return render_template(
        "finding/offered.html", offer=offer, acts=[act for act in acts if act != "edit"], edit=edit, refused=refused,
        trail=example_queries.trail(offer), example=example_queries.of_offer(offer), form=forms.ActForm(formdata=None),
        subject_name=result.subject_name, keeps=theirs,
    )  # fmt: skip


def _edit_form(offer: Offer, form: forms.EditForm) -> forms.EditForm:
    themes = queries.active(queries.themes(offer.receiver_id))
    form.theme.choices = choices([("", _("inget tema")), *((one.public_id, one.name) for one in themes)])
    chosen: forms.EditForm = _choosing(form, offer.unit)
    return chosen


@bp.post("/offered/<public_id>/edit")
@allow(Action.KEEP, Offer, options=example_queries.WHOLE)
def edit(offer: Offer) -> Any:
    """Another wording, sent to the unit."""
    form = _edit_form(offer, forms.EditForm())
    if form.validate_on_submit():
        theme = guard.fetch(Theme, form.theme.data) if form.theme.data else None
        try:
            example_actions.edit(
                offer, title=form.title.data or "", text=form.text.data or "", theme=theme, words=form.words.data or "",
                by=g.mandate, **_about(form),
            )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("%(unit)s tillfrågas om ordalydelsen.", unit=offer.unit.name), "success")
            return redirect(url_for("example.offered", public_id=offer.public_id), 303)
    return _offered(offer, None, form), 422


@bp.post("/offered/<public_id>/go")
@allow(Action.READ, Offer, options=example_queries.WHOLE)
def go(offer: Offer) -> Any:
    """Agree, ask for changes, refuse, pass over, publish, take back."""
    form = forms.ActForm()
    try:
        if form.validate_on_submit():
            example_actions.go(offer, form.act.data or "", words=form.words.data or "", by=g.mandate)
            return _gone(offer)
    except RuleBroken as refused:
        form.refuse(refused.sentence, refused.problems)
    return _offered(offer, form, None), 422


def _gone(offer: Offer) -> Response:
    flash(_("Exemplet är nu %(state)s.", state=example_rules.state_name(offer.state)), "success")
    where = url_for("example.offers") if offer.state == "withdrawn" else url_for("example.offered", public_id=offer.public_id)
    return redirect(where, 303)


def on_hub(followup: Followup) -> str:
    """On a unit's own follow-up: that its example can be offered, or what has become of it."""
    if not policy.may_somewhere(g.mandate, Action.READ, "offer"):
        return ""
    found = example_queries.offer_of(followup.unit_id, followup.round_id)
    offers = policy.may_somewhere(g.mandate, Action.SUBMIT, "offer")
    could = example_queries.could_offer(g.mandate, followup.round) if offers else None
    if could is None and (found is None or found.state == "withdrawn"):
        return ""
    return render_template("finding/_offer.html", offer=found, could=could)
