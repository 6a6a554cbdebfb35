"""Answers as they are read: the same for a draft being checked, an earlier round, and what was handed up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlalchemy import select

from chain.base import cowriting
from chain.base.audit import AuditLine
from chain.base.db import db
from chain.base.locale import _, current
from chain.cycle import queries as cycle
from chain.cycle.models import Question, Round, RoundNode
from chain.followup import agreed, answers, checks, needs, queries, rules
from chain.followup.answers import Span
from chain.followup.models import Citation, Followup, Submission
from chain.followup.sheets import Sheet, flat, sheets
from chain.followup.snapshot import LANGUAGE
from chain.measure import rules as measure
from chain.measure.models import Measure
from chain.result import queries as result
from chain.result import shipped
from chain.result.rules import Table


@dataclass(frozen=True)
class Lifted:
    """A citation as it stands in a text: its words and where they come from."""

    public_id: str
    words: str
    source: str


@dataclass(frozen=True)
class Names:
    """What the addresses in answers stand for: people, rounds that are due, measures."""

    people: Mapping[str, str] = field(default_factory=dict)
    dues: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)  # where measures come from that were agreed elsewhere, by item

    def due(self, written: str) -> str:
        """A due round in words. One that has passed is called as the round with its number is called now."""
        year, _colon, number = written.rpartition(":")
        alike = next((key for key in self.dues if key.endswith(f":{number}")), "")
        return self.dues.get(written) or self.dues.get(alike, written).replace(alike.rpartition(":")[0], year)


@dataclass(frozen=True)
class Shown:
    """One section, ready to be read."""

    key: str
    kind: str
    title: str
    ask: str
    answer: Mapping[str, Any]
    spans: list[Span]
    citations: list[Lifted] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return answers.KINDS[self.kind].is_empty(self.answer)

    @property
    def option(self) -> str:
        chosen = str(self.answer.get("choice", ""))
        return self.options.get(chosen, chosen)

    @property
    def groups(self) -> list[tuple[str, list[Span]]]:
        """The paragraphs field by field, under a heading that does not say the section's title once more."""
        fields = groupby(self.spans, key=lambda span: span.id.rpartition(".")[0])
        grouped = [list(spans) for _field, spans in fields]
        return [(_heading(spans[0].heading, self.title), spans) for spans in grouped]

    def at(self, *place: str) -> list[Span]:
        """The paragraphs of one field."""
        start = ".".join([self.key, *place])
        return [span for span in self.spans if span.id.rpartition(".")[0] == start]

    @property
    def needs(self) -> list[tuple[str, list[Span]]]:
        """The rows of requests: what each is about, where somebody has said so, and its paragraphs."""
        rows = answers.REQUESTS.written(self.answer)
        return [(needs.kind_name(row["type"]) if row.get("type") else "", self.at(row["item"], "text")) for row in rows]

    @property
    def items(self) -> list[dict[str, Any]]:
        """The rows of measures or outcomes, in words."""
        rows = self.answer.get("items") or {}
        if isinstance(rows, Mapping):
            return [self._outcome(name, row) for name, row in rows.items()]
        return [self._measure(row) for row in answers.MEASURES.written(self.answer)]

    def _measure(self, row: Mapping[str, Any]) -> dict[str, Any]:
        goal, cause = row.get("goal", ""), self.names.causes.get(row.get("cause", ""), "")
        return {
            "problem": self.at(row["item"], "problem"),
            "sign": self.at(row["item"], "sign"),
            "goal": self.names.goals.get(goal) or ("" if measure.refers(goal) else goal),
            "cause": cause,
            "lacks": measure.lacks(row["cause"], row.get("goal", "")) if "cause" in row else [],  # else it could not be chosen
            "responsible": self.names.people.get(row.get("responsible", ""), ""),
            "due": self.names.due(row.get("due", "")),
            "source": self.names.sources.get(row["item"], ""),
        }

    def _outcome(self, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
        kind = row.get("kind", "")
        changed, carried = kind == "changed", kind in ("goes_on", "changed")
        return {
            "measure": self.names.measures.get(name, ""),
            "kind": measure.kind_name(kind) if kind in measure.KINDS else "",
            "reason": "" if kind == "done" else measure.hindrance_name(row.get("reason", "")),
            "evidence": ", ".join(measure.evidence_name(one).lower() for one in row.get("evidence", [])),
            "effect": self.at(name, "effect"),
            "problem": self.at(name, "problem") if changed else [],
            "sign": self.at(name, "sign") if changed else [],
            "responsible": self.names.people.get(row.get("responsible", ""), "") if changed else "",
            "due": self.names.due(row.get("due", "")) if carried else "",
        }


def draft(
    question: Question,
    answer: Mapping[str, Any],
    *,
    names: Names | None = None,
    tables: Iterable[Table] = (),
    citations: Iterable[Lifted] = (),
) -> Shown:
    """A section as it stands in a draft, or stood in a saved version."""
    spans = answers.spans(question.kind, question.key, answer, question.title)
    return Shown(
        key=question.key,
        kind=question.kind,
        title=question.title,
        ask=question.ask,
        answer=answer,
        spans=spans,
        citations=list(citations),
        sheets=sheets(tables, flat(answer)) if question.kind == "figures" else [],
        names=names or Names(),
        options=options(question.extra),
    )


def handed_up(
    section: Mapping[str, Any], *, names: Names | None = None, tables: Iterable[Table] = (), whole: bool = False
) -> Shown:
    """A section of a snapshot. `whole`: what it cites stands among its passages, to be cited again."""
    lifted = [Lifted(one["public_id"], one["words"], _whose(one)) for one in section.get("citations", [])]
    return Shown(
        key=section["key"],
        kind=section["kind"],
        title=said(section["title"]),
        ask=said(section["ask"]),
        answer=section["answer"],
        spans=[one for one in _spans(section) if whole or not _lifted(one)],
        citations=lifted,
        sheets=sheets(tables, flat(section["answer"])) if section["kind"] == "figures" else [],
        names=names or Names(),
        options=options(section),
    )


LIFTED = ".citation."  # in the name of a passage that is somebody else's words (snapshot.py)


def _lifted(span: Span) -> bool:
    return LIFTED in span.id


def _whose(cited: Mapping[str, str]) -> str:
    """Who wrote what is cited; where they who are cited had lifted it themselves, through whom it came."""
    if LIFTED not in cited["span"]:
        return cited["from"]
    return _("%(unit)s, genom %(via)s", unit=cited["heading"].partition(": ")[0], via=cited["from"])


def _spans(section: Mapping[str, Any]) -> list[Span]:
    """A section's passages. A snapshot keeps its headings in Swedish: other readers get them from the title and the field."""
    spans = [Span(**one) for one in section["spans"]]
    if current() == LANGUAGE:
        return spans
    title = said(section["title"])
    cited = {span.id: span.id.rpartition(".")[2] for span in spans if _lifted(span)}
    known = {one.public_id: one for one in queries.citations_named(list(cited.values()))} if cited else {}
    headings = answers.headings(section["kind"], section["key"], section["answer"], title)
    return [
        replace(span, heading=headings.get(span.id, title))
        if span.id not in cited
        else replace(span, heading=source(known[cited[span.id]]) if cited[span.id] in known else span.heading)
        for span in spans
    ]


def said(words: Mapping[str, str]) -> str:
    """Bilingual words in the reader's language."""
    return words.get(current()) or words["sv"]


def options(extra: Mapping[str, Any]) -> dict[str, str]:
    """A choice's options by their keys."""
    return {one["key"]: said(one) for one in extra.get("options", [])}


def due_names(round: Round) -> dict[str, str]:
    """The rounds that a measure may be due in, `2026/27:2` → its name with the year."""
    return {f"{label}:{number}": f"{name} {label}" for label, number, name in cycle.upcoming(round)}


def texts(shown: Shown) -> list[tuple[str, str, str]]:
    """(field, heading, text) of what can be copied into the same question's fields; nothing where rows have no counterpart.
    A cause is copied to the one at the same place."""
    if shown.kind == "analysis":
        heads, causes = answers.ANALYSIS.heads(), answers.ANALYSIS.causes(shown.answer)
        return [
            (f"items-{place}-{name}", f"{_('Orsak %(n)s', n=place + 1)}: {head}" if len(causes) > 1 else head, str(row[name]))
            for place, row in enumerate(causes)
            for name, head in heads.items()
            if str(row.get(name, "")).strip()
        ]
    if shown.kind != "text":
        return []
    headings = {span.id.split(".")[1]: _heading(span.heading, shown.title) for span in shown.spans}
    return [(name, headings[name], str(shown.answer[name])) for name in headings]


def _heading(heading: str, title: str) -> str:
    return "" if heading == title else heading.removeprefix(f"{title} – ")


def joined(kind: str, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    """Two answers in one, to be edited down by whoever wrote the later: theirs first, nothing left out."""
    empty = answers.KINDS[kind].empty()
    if kind == "figures":
        return {part: {**theirs.get(part, {}), **mine.get(part, {})} for part in empty}
    if kind == "outcomes":
        ours = {**theirs.get("items", {}), **mine.get("items", {})}
        return {"items": {name: _row(theirs["items"].get(name, {}), mine["items"].get(name, {})) for name in ours}}
    if kind == "analysis":
        theirs, mine = ({"items": answers.ANALYSIS.causes(one)} for one in (theirs, mine))
    if kind in ("measures", "requests", "analysis"):
        later = {row["item"]: row for row in mine.get("items", [])}
        rows = [_row(row, later.pop(row["item"], row)) for row in theirs.get("items", [])]
        return {"items": [*rows, *later.values()]}
    return {name: _text(str(theirs.get(name, "")), str(mine.get(name, "")), one=name == "choice") for name in empty}


SINGLE = {"item", "type", "responsible", "due", "goal", "cause", "kind", "reason", "certainty"}  # only one value has room


def _row(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for name in {**theirs, **mine}:
        first, second = theirs.get(name) or "", mine.get(name) or ""
        if isinstance(first or second, list):
            joined[name] = list(dict.fromkeys([*first, *second]))
        else:
            joined[name] = _text(str(first), str(second), one=name in SINGLE)
    return joined


def _text(theirs: str, mine: str, *, one: bool) -> str:
    """Both texts where they differ, unless one holds the other. `one`: only a single value has room, so the later."""
    return mine or theirs if one else cowriting.joined(theirs, mine)


# What stands beside


@dataclass(frozen=True)
class Voice:
    """What one child has handed up, beside the own question."""

    node: RoundNode
    submission: Submission
    sections: list[Shown]


@dataclass(frozen=True)
class Below:
    """The level below, as seen by the node that receives it."""

    title: str
    sentence: str
    handed_in: list[tuple[RoundNode, Submission]]
    missing: list[RoundNode]
    voices: list[Voice] = field(default_factory=list)


def below(followup: Followup, key: str = "") -> Below | None:
    """Who has handed in and who has not; with a key, what they wrote, the same question first. None where nobody is below."""
    children = [(node, one) for node, one in queries.children(followup) if node.expected or one]
    if not children:
        return None
    handed_in = [(node, one) for node, one in children if one and one.state in rules.HANDED_UP]
    there = {node.id for node, _one in handed_in}
    expected = [node for node, _one in children if node.expected]
    return Below(
        title=_from(children[0][0].level),
        sentence=_("%(n)s av %(total)s har lämnat in.", n=len(there & {node.id for node in expected}), total=len(expected)),
        handed_in=handed_in,
        missing=[node for node in expected if node.id not in there],
        voices=[Voice(node, one, _said_by(one, key)) for node, one in handed_in] if key else [],
    )


def _from(level: str) -> str:
    return {
        "group": _("Från arbetslagen"),
        "unit": _("Från enheterna"),
        "area": _("Från områdena"),
    }.get(level, _("Från nivån under"))


def _said_by(submission: Submission, key: str) -> list[Shown]:
    """Their words under the same question; where they were asked other things, all their words. Nothing until it is opened."""
    if not submission.opened_at:
        return []
    sections = [one for one in submission.snapshot["sections"] if one["spans"]]
    same = [one for one in sections if one["key"] == key]
    return [handed_up(one, whole=True) for one in same or sections]


@dataclass(frozen=True)
class Wrote:
    """What the node itself wrote under the question in another round; `texts` are those that can be copied."""

    round: str
    shown: Shown
    texts: list[tuple[str, str, str]]


def before(here: checks.Work, question: Question) -> list[Wrote]:
    """Last round's answer and last year's, where there are such."""
    found = {one.round.id: one for one in queries.before(here.followup, question.key) if one}
    wrote = _followed(here, question)
    for one in found.values():
        names = (
            replace(drafted(here, question), measures=_problems(one.answer))
            if question.kind == "outcomes"
            else drafted(here, question)
        )
        shown = draft(question, one.answer, names=names, tables=_tables_then(here, question, one))
        if not shown.is_empty:
            wrote.append(Wrote(one.round.in_year, shown, texts(shown)))
    return wrote


def _followed(here: checks.Work, question: Question) -> list[Wrote]:
    """What was written under the question that this one follows up, to be read and not copied."""
    followed = queries.followed(here.followup, question.extra["follows"]) if "follows" in question.extra else None
    if followed is None:
        return []
    about, one = followed
    shown = draft(about, one.answer)
    return [] if shown.is_empty else [Wrote(f"{about.title}: {one.round.in_year}", shown, [])]


def _tables_then(here: checks.Work, question: Question, one: queries.Earlier) -> list[Table]:
    node = cycle.node(one.round, here.followup.unit_id) if question.kind == "figures" else None
    return tables_of(node, [one.answer]) if node else []


def _problems(answer: Mapping[str, Any]) -> dict[str, str]:
    asked = select(Measure.public_id, Measure.problem).where(Measure.public_id.in_(list(answer.get("items", {}))))
    return {public_id: problem for public_id, problem in db.session.execute(asked)}


def drafted(here: checks.Work, question: Question) -> Names:
    """The names that a draft's answer of this kind needs."""
    if question.kind not in ("measures", "outcomes"):
        return Names()
    measures = {one.public_id: one.problem for one in here.open} if question.kind == "outcomes" else {}
    sources = agreed.sources(here.followup.unit_id, here.answer(question)) if question.kind == "measures" else {}
    return Names(here.known.people, here.known.dues, measures, here.known.causes, here.known.goals, sources)


def checked(here: checks.Work) -> list[Shown]:
    """The whole draft, to be read before it is handed in."""
    lifted: dict[str, list[Lifted]] = {}
    for one in queries.all_citations(here.followup):
        lifted.setdefault(one.section, []).append(Lifted(one.public_id, one.words, source(one)))
    return [
        draft(
            question,
            here.answer(question),
            names=drafted(here, question),
            tables=here.tables if question.kind == "figures" else (),
            citations=lifted.get(question.key, []),
        )
        for question in here.questions
    ]


def submitted(submission: Submission) -> list[Shown]:
    """A submission's sections, from its snapshot alone but for the words of tables and rounds."""
    snapshot = submission.snapshot
    kinds = {section["kind"] for section in snapshot["sections"]}
    rows = [*snapshot["measures"], *snapshot["outcomes"]]
    names = Names(
        people={row["responsible"]: row["responsible_name"] for row in rows if "responsible_name" in row},
        dues=due_names(submission.round) if rows else {},
        measures={row["measure"]: row["was"]["problem"] for row in snapshot["outcomes"] if "was" in row},
        causes={row["cause"]: row["cause_words"] for row in snapshot["measures"] if "cause_words" in row},
        goals={row["goal"]: row["goal_words"] for row in snapshot["measures"] if "goal_words" in row},
        sources=agreed.sources(submission.unit_id, {"items": snapshot["measures"]}),
    )
    node = cycle.node(submission.round, submission.unit_id) if "figures" in kinds else None
    tables = _tables_handed_up(node, snapshot) if node else []
    return [handed_up(section, names=names, tables=tables) for section in snapshot["sections"]]


def _tables_handed_up(node: RoundNode, snapshot: Mapping[str, Any]) -> list[Table]:
    """The tables in the words that they had then; of what was handed up before such were kept, in those of the year."""
    if "indicators" in snapshot:
        return result.tables(node, [shipped.indicator_from(facts) for facts in snapshot["indicators"]])
    return tables_of(node, [one["answer"] for one in snapshot["sections"] if one["kind"] == "figures"])


def tables_of(node: RoundNode, given: Iterable[Mapping[str, Any]]) -> list[Table]:
    """The tables in which these answers were entered, also those that are asked for no longer."""
    return result.tables_of(node, [name for answer in given for name in answer.get("cells", {})])


def sentences(submission: Submission, keys: Iterable[str]) -> list[Shown]:
    """Only the words of some sections of text and analysis, in the order asked for, with what they cite: no figures."""
    text = {one["key"]: one for one in submission.snapshot["sections"] if one["kind"] in ("text", "analysis")}
    return [handed_up(text[key]) for key in keys if key in text]


def heading(citation: Citation) -> str:
    """What stood over the words that are cited, in the reader's language."""
    if current() == LANGUAGE:
        return citation.heading
    passage = span(citation.submission, citation.span)
    return passage.heading if passage else citation.heading


def source(citation: Citation) -> str:
    """Whose words, and under which heading."""
    return f"{citation.submission.snapshot['unit']['name']}: {heading(citation)}"


def way(citation: Citation) -> list[Citation]:
    """How the words came: who lifted them first, out of what was written, to who lifted them last. A statement each time."""
    found = [citation]
    while LIFTED in found[0].span:
        before = queries.citations_named([found[0].span.rpartition(".")[2]])
        if not before:
            break
        found = [*before, *found]
    return found


def span(submission: Submission, name: str) -> Span | None:
    """A passage of a submission by its id."""
    for section in submission.snapshot["sections"]:
        if any(one["id"] == name for one in section["spans"]):
            return next(one for one in _spans(section) if one.id == name)
    return None


def sealed(submission: Submission) -> AuditLine | None:
    """The line of the audit that says that it was handed up."""
    asked = select(AuditLine).where(AuditLine.about == submission.public_id).order_by(AuditLine.number)
    return db.session.scalars(asked.limit(1)).first()
