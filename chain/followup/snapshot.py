"""Makes what is handed up: the whole follow-up as plain data, that can be read when everything around it has changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import force_locale

from chain.base import clock
from chain.base.locale import _
from chain.cycle.models import Question
from chain.followup import answers, queries, rules
from chain.followup.checks import Work
from chain.followup.models import Citation
from chain.organisation.models import Mandate
from chain.result import keeping, shipped

LANGUAGE = "sv"  # what is handed up is in the municipality's language, whichever the writer reads the pages in


def snapshot(here: Work, by: Mandate) -> dict[str, Any]:
    """The follow-up as it is now. Later links add the frozen figures and the children's versions (event `submitting`)."""
    followup, node = here.followup, here.node
    with force_locale(LANGUAGE):
        cited = queries.all_citations(followup)
        return {
            "unit": {"name": node.name, "path": node.path, "public_id": followup.unit.public_id},
            "round": {"name": node.round.name, "number": node.round.number, "year": node.round.year.label},
            "level": node.level,
            "at": clock.now().isoformat(),
            "by": {"name": by.person.name, "role": str(by.role)},
            "sections": [_section(here, question, cited) for question in here.questions],
            "figures": figures(here),
            "indicators": [
                shipped.facts(one) for one in keeping.filled(here.indicators if cells(here) else (), cells(here))
            ],  # as they were asked
            "measures": [_named(item, here) for item in measures(here)],
            "outcomes": [_named({"measure": name, **item}, here) for name, item in outcomes(here).items()],
            "children": [],
        }


def _section(here: Work, question: Question, cited: Iterable[Citation]) -> dict[str, Any]:
    mine = [citation for citation in cited if citation.section == question.key]
    answer, title = here.answer(question), question.words[LANGUAGE]["title"]
    spans = answers.spans(question.kind, question.key, answer, title) + [_passage(citation) for citation in mine]
    return {
        "key": question.key,
        "kind": question.kind,
        "title": {language: words["title"] for language, words in question.words.items()},
        "ask": {language: words["ask"] for language, words in question.words.items()},
        "answer": answer,
        "spans": [vars(span) for span in spans],
        "citations": [_citation(citation) for citation in mine],
        **({"options": question.extra["options"]} if "options" in question.extra else {}),  # in the words that were chosen
    }


def _citation(citation: Citation) -> dict[str, str]:
    return {
        "public_id": citation.public_id,
        "words": citation.words,
        "heading": citation.heading,
        "from": citation.submission.snapshot["unit"]["name"],
        "span": citation.span,
    }


def _passage(citation: Citation) -> rules.Span:
    """Words that are cited can be cited again by the next level: they are a passage of this one too."""
    heading = _("%(unit)s: %(heading)s", unit=citation.submission.snapshot["unit"]["name"], heading=citation.heading)
    return rules.Span(f"{citation.section}.citation.{citation.public_id}", heading, citation.words)


def figures(here: Work) -> list[dict[str, Any]]:
    """The figures of all the sections that ask for such."""
    asked = [question for question in here.questions if question.kind == "figures"]
    return [one for question in asked for one in answers.FIGURES.figures(here.answer(question), here.tables)]


def cells(here: Work) -> list[str]:
    """The names of the cells in which something was entered."""
    asked = [question for question in here.questions if question.kind == "figures"]
    return [name for question in asked for name in here.answer(question).get("cells", {})]


def measures(here: Work) -> list[dict[str, Any]]:
    """The new measures of all the sections that ask for such, each with its question, horizon and what it refers to in words."""
    return [
        {**item, **_referred(item, here), "question": question.key, "horizon": question.extra.get("horizon", "quarter")}
        for question in here.questions
        if question.kind == "measures"
        for item in answers.MEASURES.written(here.answer(question))
    ]


def _referred(item: Mapping[str, Any], here: Work) -> dict[str, str]:
    known = here.known
    words = {"cause_words": known.causes.get(item.get("cause", "")), "goal_words": known.goals.get(item.get("goal", ""))}
    return {name: said for name, said in words.items() if said}


def outcomes(here: Work) -> dict[str, dict[str, Any]]:
    """What came of each open measure. What was typed about one that is open no longer (it was handed over) is left out."""
    given = {
        name: item
        for question in here.questions
        if question.kind == "outcomes"
        for name, item in here.answer(question).get("items", {}).items()
    }
    return {one.public_id: given[one.public_id] for one in here.open if one.public_id in given}


def _named(item: dict[str, Any], here: Work) -> dict[str, Any]:
    """With the words that addresses stand for, so that the snapshot can be read alone."""
    was = next((one for one in here.open if one.public_id == item.get("measure")), None)
    told = {"was": {"problem": was.problem, "sign": was.sign}} if was else {}
    named = here.known.people.get(item.get("responsible", ""))
    return {**item, **told, **({"responsible_name": named} if named else {})}
