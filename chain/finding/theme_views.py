"""An administration's themes: what belongs to each, and how they are renamed, merged and retired."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chain.access import guard
from chain.access.guard import allow
from chain.access.policy import Action
from chain.base.errors import NotFound, RuleBroken
from chain.base.locale import _
from chain.cycle import queries as cycle
from chain.cycle.models import Round
from chain.finding import counting, finding_queries, queries, rules, theme_actions
from chain.finding.models import Theme
from forms.base import choices, posted
from forms.finding import MergeForm, ThemeForm

bp = Blueprint("theme", __name__, url_prefix="/theme")

PER_PAGE = 40


@bp.route("/", methods=["GET", "POST"])
@allow(Action.KEEP, "theme")
def archive() -> Any:
    """All themes, and a new one."""
    form = ThemeForm()
    if form.validate_on_submit():
        try:
            made = theme_actions.add(form.name.data or "", form.belongs.data or "", by=g.mandate)
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Temat %(name)s finns nu att koda med.", name=made.name), "success")
            return redirect(url_for("theme.archive"), 303)
    page = render_template("finding/themes.html", themes=queries.themes(g.mandate.unit_id), form=form)
    return page, 422 if form.errors else 200


@bp.post("/begin")
@allow(Action.KEEP, "theme")
def begin() -> Response:
    theme_actions.begin(by=g.mandate)
    return redirect(url_for("theme.archive"), 303)


@bp.get("/<public_id>/passages")
@allow(Action.READ, Theme)
def show(theme: Theme) -> Any:
    """What stands under a theme in a round: the words, whose they are, and what may be quoted of them."""
    name = request.args.get("round", "")
    round = guard.fetch(Round, name) if name else cycle.current(g.mandate.path)
    if round is None:
        raise NotFound
    found = counting.counted(g.mandate.unit, counting.trend(round), g.mandate)
    root = rules.roots(found.themes)[theme.id]
    ids, page = found.passages(root, round), max(1, posted(request.args.get("page")))
    passages = counting.unlike(counting.passages(ids))
    here = passages[(page - 1) * PER_PAGE : page * PER_PAGE]
    quotes = finding_queries.by_theme(finding_queries.quotes(g.mandate.unit, [round], g.mandate), found.themes).get(root, [])
    return render_template(
        "finding/passages.html", theme=next(one for one in found.themes if one.id == root), round=round, found=found,
        passages=here, page=page, more=page * PER_PAGE < len(passages), total=len(passages), quotes=quotes,
        quoted={one.passage_id for one in quotes},
    )  # fmt: skip


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow(Action.KEEP, Theme)
def change(theme: Theme) -> Any:
    """Its words; and beside them what else can be done with it."""
    form = ThemeForm(data={"name": theme.name, "belongs": theme.word("belongs")})
    if form.validate_on_submit():
        try:
            theme_actions.rename(theme, form.name.data or "", form.belongs.data or "", by=g.mandate)
        except RuleBroken as refused:
            form.refuse(refused.sentence, refused.problems)
        else:
            flash(_("Temat heter nu %(name)s. Det som är kodat ligger kvar.", name=theme.name), "success")
            return redirect(url_for("theme.archive"), 303)
    return _page(theme, form, MergeForm(formdata=None)), 422 if form.errors else 200


def _page(theme: Theme, form: ThemeForm, merge_form: MergeForm) -> str:
    found = queries.themes(g.mandate.unit_id)
    merge_form.into.choices = choices((one.public_id, one.name) for one in queries.active(found) if one.id != theme.id)
    counted = [one for one in found if one.merged_into_id == theme.id]
    return render_template("finding/theme.html", theme=theme, form=form, merge_form=merge_form, counted=counted)


@bp.post("/<public_id>/merge")
@allow(Action.KEEP, Theme)
def merge(theme: Theme) -> Any:
    into, form = guard.fetch(Theme, request.form.get("into", ""), Action.KEEP), MergeForm()
    try:
        theme_actions.merge(theme, into, by=g.mandate)
    except RuleBroken as refused:
        form.refuse(refused.sentence, refused.problems)
        return _page(theme, ThemeForm(formdata=None, data={"name": theme.name, "belongs": theme.word("belongs")}), form), 422
    flash(
        _("%(name)s räknas nu som %(into)s. Koderna ligger kvar, så det går att ångra.", name=theme.name, into=into.name),
        "success",
    )
    return redirect(url_for("theme.archive"), 303)


ACTS: dict[str, Callable[..., None]] = {"retire": theme_actions.retire, "restore": theme_actions.restore}


@bp.post("/<public_id>/<act>")
@allow(Action.KEEP, Theme)
def act(theme: Theme, act: str) -> Response:
    if act not in ACTS:
        raise NotFound
    ACTS[act](theme, by=g.mandate)
    flash(_("%(name)s: ändrat.", name=theme.name), "success")
    return redirect(url_for("theme.archive"), 303)
