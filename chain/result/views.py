"""What is measured and what it means, keeping it; and what others have published about a unit, as they printed it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload

from chain.access import policy
from chain.access.guard import allow, fetch
from chain.access.policy import Action
from chain.base import out
from chain.base.db import db
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _, current
from chain.base.slots import fill
from chain.base.tables import signs
from chain.cycle import queries as cycle
from chain.cycle import questions
from chain.cycle.models import Year
from chain.organisation.models import Unit
from chain.result import actions, keeping, queries, rules, shipped, tables
from chain.result import dictionary as words
from chain.result.models import Indicator, PublishedValue
from forms.base import choices, posted
from forms.result import IndicatorFacts, OwnIndicator

bp = Blueprint("result", __name__, url_prefix="/result")


@bp.get("/published/<public_id>")
@allow(Action.READ, "published")
def published(public_id: str) -> Any:
    unit = fetch(Unit, public_id)
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)):
        raise NotFound
    found = queries.published_tables(unit)
    if form := out.wanted():
        return out.file(tables.published(unit, found), form, _("publicerat"), unit.name)
    return render_template(
        "result/published.html", unit=unit, tables=found, marks=signs(), signs=queries.signs(found),
        definitions=queries.definitions(found), chain_here=unit.level,
    )  # fmt: skip


@bp.get("/dictionary/<public_id>")
@allow(Action.READ, Year, options=(joinedload(Year.committee), selectinload(Year.rounds)))
def dictionary(year: Year) -> Any:
    """Everything that a year measures, for everybody who reads the year; of one school form, where one is named."""
    form = request.args.get("school_form", "")
    found = words.dictionary(year, form)
    if form and form not in found.forms:
        raise NotFound
    if kind := out.wanted():
        return out.file(words.table(found), kind, _("datakatalog"), year.label, form)
    return render_template(
        "result/dictionary.html", found=found, year=year, form=form, marks=signs(), words=words, years=cycle.labels(year.path)
    )


@fill("differences.page", "result")
def what_differs(year: Year) -> str:
    """What a year measures otherwise than is shipped, beside the questions that differ."""
    return render_template("result/_differences.html", found=queries.differences(year), lists=_line, language=current())


def _line(value: Any) -> str:
    """A list or a number as one reads it."""
    return keeping.spread([str(each) for each in value]) if isinstance(value, list) else str(value or 0)


@fill("unit.page", "result")
def beside_unit(unit: Unit) -> str:
    """The way from a unit's page to what others have published about it, for those who may read that, where there is anything."""
    if not policy.may(g.mandate, Action.READ, PublishedValue(unit_id=unit.id, path=unit.path)):
        return ""
    there = bool(queries.published(unit))
    return render_template("result/_beside_unit.html", unit=unit, there=there) if there or unit.level == "municipality" else ""


# What is measured in a year

YEAR = (joinedload(Year.committee), selectinload(Year.rounds))


@bp.get("/year/<public_id>")
@allow(Action.KEEP, Year, options=YEAR)
def indicators(year: Year) -> str:
    found = [(one, shipped.indicator_from(one.facts)) for one in queries.kept(year.id)]
    opened = [one for one in year.rounds if one.opened_at]
    grid = next((one.key for one in cycle.all_questions(year, "unit") if one.kind == "figures"), None)
    return render_template(
        "result/indicators.html", grid=grid, year=year, found=found, opened=opened,
        kind_name=words.kind_name, spread=keeping.spread, numbers=questions.numbers, current=current(),
    )  # fmt: skip


@bp.post("/year/<public_id>")
@allow(Action.KEEP, Year, options=YEAR)
def arrange(year: Year) -> Any:
    """Move an indicator up or down, hide it or show it again."""
    acts: dict[str, Any] = {
        "up": lambda one: actions.move_indicator(one, step=-1, by=g.mandate),
        "down": lambda one: actions.move_indicator(one, step=1, by=g.mandate),
        "hide": lambda one: actions.hide_indicator(one, by=g.mandate),
        "show": lambda one: actions.show_indicator(one, by=g.mandate),
    }
    name, key = next(((name, request.form[name]) for name in acts if name in request.form), ("", ""))
    found = queries.one_kept(year.id, key) if name else None
    if found:
        acts[name](found)
    return redirect(url_for("result.indicators", public_id=year.public_id, _anchor=f"i-{key}" if found else None), 303)


@bp.route("/year/<public_id>/add", methods=["GET", "POST"])
@allow(Action.KEEP, Year, options=YEAR)
def add_indicator(year: Year) -> Any:
    start = {
        "rounds": [one.number for one in year.rounds],
        "ask_below": 0,
        "entry_level": "unit",
        "words": [{}],
        "bases": ["assessment"],
    }
    form = _offered(OwnIndicator(data=start), year)
    if form.validate_on_submit():
        try:
            made = actions.add_indicator(year, facts=_facts(form, form.kind.data, {}), by=g.mandate)
        except RuleBroken as error:
            _show(form, error)
        else:
            flash(_("Måttet ”%(name)s” är tillagt.", name=made.facts[current()]["name"]), "success")
            return redirect(url_for("result.indicators", public_id=year.public_id, _anchor=f"i-{made.key}"), 303)
    return _indicator_page(year, form, None)


@bp.route("/year/<public_id>/indicator/<key>", methods=["GET", "POST"])
@allow(Action.KEEP, Year, options=YEAR)
def change_indicator(year: Year, key: str) -> Any:
    indicator = queries.one_kept(year.id, key)
    if indicator is None:
        raise NotFound
    form = _offered((OwnIndicator if indicator.own else IndicatorFacts)(data=_stored(indicator)), year)
    theirs: list[tuple[Any, str]] = []
    if form.validate_on_submit():
        try:
            kind = form["kind"].data if indicator.own else indicator.kind
            facts = _facts(form, kind, indicator.facts)
            version = posted(form.version.data)
            actions.change_indicator(indicator, facts=facts, version=version, by=g.mandate)
        except RuleBroken as error:
            if "version" in error.problems:
                db.session.refresh(indicator)
                theirs, form.version.data = _theirs(form, indicator), str(indicator.version)
            _show(form, error)
        else:
            flash(_("Måttet är ändrat. Det som redan är inlämnat står kvar med sina gamla ord."), "success")
            return redirect(url_for("result.indicators", public_id=year.public_id, _anchor=f"i-{key}"), 303)
    return _indicator_page(year, form, indicator, theirs)


def _indicator_page(year: Year, form: Any, indicator: Indicator | None, theirs: Any = ()) -> Any:
    variants = [one["year_groups"] for one in indicator.facts.get("variant", [])] if indicator else []
    parts = keeping.parts(indicator.kind, indicator.facts) if indicator and not indicator.own else keeping.own_parts()
    page = render_template(
        "result/indicator.html", year=year, form=form, indicator=indicator, variants=variants, parts=parts, theirs=theirs,
        name=indicator.facts[current()]["name"] if indicator else "",
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _stored(indicator: Indicator) -> dict[str, Any]:
    """An indicator as its form wants it."""
    facts = indicator.facts
    headings = [facts, *facts.get("variant", [])]
    words = [{f"{one}_{part}": text for one in keeping.LANGUAGES for part, text in each[one].items()} for each in headings]
    lines = {"year_groups": keeping.spread(facts.get("year_groups", [])), "subjects": keeping.spread(facts.get("subjects", []))}
    said = ("rounds", "kind", "direction", "entry_level", "bases", "source", *keeping.MADE_OF)
    same: dict[str, Any] = {name: facts[name] for name in said if name in facts}
    more = {
        "school_forms": facts.get("school_forms", []),
        "ask_below": facts.get("ask_below", 0),
        "version": str(indicator.version),
    }
    return {**same, **lines, **more, "words": words}


def _facts(form: Any, kind: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, in the words of the shipped file. What was not asked for stands as it is `stored`."""
    first, *others = [_words(row.form, kind, stored, at) for at, row in enumerate(form.words)]
    facts: dict[str, Any] = {
        **first,
        "rounds": form.rounds.data or [],
        "school_forms": _in_order(form.school_forms.data or [], stored.get("school_forms", [])),
        "year_groups": keeping.year_groups_in(form.year_groups.data or "", cycle.school_forms().values()),
        "subjects": keeping.subjects_in(form.subjects.data or "", queries.subjects()),
        "ask_below": form.ask_below.data or 0,
    }
    if variants := stored.get("variant", []):
        facts["variant"] = [{**one, **said} for one, said in zip(variants, others, strict=False)]
    if "kind" in form:
        facts |= {name: form[name].data for name in ("kind", "direction", "entry_level", "bases", "source")}
        facts |= _made_of(form, kind)
    return {name: value for name, value in facts.items() if value is not None or name in keeping.MADE_OF}


def _made_of(form: Any, kind: str) -> dict[str, Any]:
    """What only some kinds have; nothing for what this one does not."""
    found: dict[str, Any] = dict.fromkeys(keeping.MADE_OF)
    if kind == "distribution":
        found |= {"scale": form.scale.data}
    if kind in ("mean", "count"):
        found |= {"unit": form.unit.data, "decimals": form.decimals.data or 0}
    if kind == "mean":
        shown = max(1, form.decimals.data or 0)  # a mean of many is seldom a whole number
        found |= {"shown_decimals": shown, "typed": form.typed.data, "least": form.least.data, "most": form.most.data}
    return found


def _words(row: Any, kind: str, stored: Mapping[str, Any], at: int) -> dict[str, dict[str, str]]:
    """An indicator's words in both languages: the first are for all, the others for a variant's year groups."""
    headings = [stored, *stored.get("variant", [])] if stored.get("kind") == kind else []
    had = headings[at] if at < len(headings) else {}
    return {one: row.said(one, keeping.parts(kind, stored), had.get(one, {})) for one in keeping.LANGUAGES}


def _in_order(chosen: list[str], stored: list[str]) -> list[str]:
    """What was chosen, in the order in which it stood; what is new comes last."""
    return [*(one for one in stored if one in chosen), *(one for one in chosen if one not in stored)]


def _offered(form: Any, year: Year) -> Any:
    """The form with what there is to choose."""
    form.rounds.choices = choices((one.number, one.title) for one in year.rounds)
    form.school_forms.choices = choices((code, one.name(current())) for code, one in cycle.school_forms().items())
    if "kind" in form:
        levels = [one for one in cycle.answering() if one.collects_figures]
        form.kind.choices = choices((one, words.kind_name(one).capitalize()) for one in keeping.OWN_KINDS)
        form.scale.choices = choices((one.key, one.name(current())) for one in queries.scales(year.id))
        form.unit.choices = choices((one, words.unit_name(one).capitalize()) for one in shipped.UNITS)
        form.typed.choices = choices((one, words.typed_name(one).capitalize()) for one in rules.TYPED)
        form.direction.choices = choices((one, words.direction_name(one).capitalize()) for one in rules.DIRECTIONS)
        form.entry_level.choices = choices((one.key, one.name(current())) for one in levels)
        form.bases.choices = choices((one, rules.basis_name(one).capitalize()) for one in rules.BASES)
    return form


def _theirs(form: Any, indicator: Indicator) -> list[tuple[Any, str]]:
    """(label, text) of each text that stands otherwise now than in the form."""
    stored = _stored(indicator)
    pairs = [
        (field, words.get(field.short_name, ""))
        for row, words in zip(form.words, stored["words"], strict=False)
        for field in row.form
    ]
    return [(field.label.text, text) for field, text in pairs if text.strip() != (field.data or "").strip()]


def _show(form: Any, error: RuleBroken) -> None:
    """A refusal at the fields that it is about, or above the form."""
    fields = {field.name: field for row in form.words for field in row.form}
    fields |= {field.short_name: field for field in form.words[0].form}
    fields |= {field.short_name: field for field in form if field.name != "words"}
    named = [(name, sentence) for name, sentence in error.problems.items() if name in fields and name != "version"]
    for name, sentence in named:
        fields[name].errors = [*fields[name].errors, sentence]
    if any(name not in form for name, _sentence in named):
        form.words.errors = [True]
    if not named:
        form.form_errors.append(error.sentence)
