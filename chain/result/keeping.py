"""What a municipality may change in an indicator, and how what was entered is read when it has been changed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _
from chain.cycle.models import OWN
from chain.cycle.shipped import SchoolForm, ShippedError
from chain.organisation import tree_file
from chain.result import shipped
from chain.result.rules import EVERY, Indicator, Subject

OWN_KINDS = ("share", "distribution", "mean", "count")  # what a municipality can add itself
LANGUAGES = ("sv", "en")
HEADING = ("name", "definition", "enrolled", "assessed", "reached", "phrase", "total", "row", "rest")
NEEDED = {  # what has to be said of a kind; whatever more an indicator has is asked for too
    "share": ("name", "definition", "enrolled", "assessed", "reached", "phrase"),
    "distribution": ("name", "definition", "enrolled"),
    "mean": ("name", "definition", "assessed", "total"),
    "count": ("name", "definition", "total"),
}
UNHEADED = ("row", "rest")  # may be taken away again: no figure is entered under them
MADE_OF = ("scale", "unit", "decimals", "shown_decimals", "typed", "least", "most")  # what only some kinds have
LOCKED = ("kind", "scale", "entry_level", "unit", "decimals", "typed")  # never changed when figures have been handed in
WHOLE = ""  # the subject or year group of a row for all of it
EVERYTHING = ("*", "alla", "all")


# From what is filled in to an indicator


def own_parts() -> tuple[str, ...]:
    """The words that an indicator of the municipality's own may need, whatever its kind."""
    return tuple(part for part in HEADING if any(part in NEEDED[kind] for kind in OWN_KINDS))


def parts(kind: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The words to ask for: those that the kind needs, and those that the indicator has in some language or year groups."""
    held = {part for _field, words in _headings(facts) for part in words} if facts.get("kind") == kind else set()
    return tuple(part for part in HEADING if part in NEEDED[kind] or part in held)


def _headings(facts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(how the names of its fields begin, the words) in each language, for all and for some year groups."""
    for at, each in enumerate((facts, *facts.get("variant", []))):
        for language in LANGUAGES:
            yield f"words-{at}-{language}_" if at else f"{language}_", each.get(language, {})


def checked(facts: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Indicator:
    """The indicator that these facts make, by the rules of the shipped file; a sentence at its field when they make none.

    `before`: what it was, whose columns keep a name.
    """
    if problems := _unsaid(facts, before or {}):
        raise RuleBroken(next(iter(problems.values())), problems)
    try:
        return shipped.indicator_from(facts)
    except ShippedError as error:
        field = f"{error.place.rpartition('.')[2]}_{error.key}" if error.key in HEADING else error.key
        sentence = _SENTENCES.get(error.key, lambda: _("Något fattas eller går inte att använda. Se efter och försök igen."))()
        raise RuleBroken(sentence, {field: sentence}) from error


def _unsaid(facts: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """Every word that is needed and is not there, so that all of it is told at once."""
    kind = facts.get("kind")
    had = dict(_headings(before)) if before.get("kind") == kind else {}
    needed = NEEDED.get(str(kind), ("name", "definition"))
    return {
        f"{field}{part}": _SENTENCES[part]()
        for field, words in _headings(facts)
        for part in HEADING
        if (part in needed or part in had.get(field, {})) and part not in UNHEADED and not words.get(part)
    }


_SENTENCES: dict[str, Any] = {
    "name": lambda: _("Skriv vad måttet heter, på båda språken."),
    "definition": lambda: _("Skriv vad som räknas: vad n, k och N är, på båda språken."),
    "enrolled": lambda: _("Skriv vad kolumnen med alla heter, till exempel ”Elever”, på båda språken."),
    "assessed": lambda: _("Skriv vad kolumnen med de bedömda heter, till exempel ”Bedömda”, på båda språken."),
    "reached": lambda: _("Skriv vad kolumnen med dem som når dit heter, på båda språken."),
    "phrase": lambda: _("Skriv hur en mening om måttet slutar, som i ”14 av 24 nådde minst E”, på båda språken."),
    "total": lambda: _("Skriv vad kolumnen med medelvärdet eller summan heter, på båda språken."),
    "bases": lambda: _("Välj vad siffrorna kan bygga på."),
    "rounds": lambda: _("Välj minst en uppföljning."),
    "unit": lambda: _("Välj vad siffrorna anges i."),
    "typed": lambda: _("Välj vad som skrivs in."),
    "least": lambda: _("Skriv både det lägsta och det högsta som medelvärdet kan vara, eller inget av dem."),
    "most": lambda: _("Skriv både det lägsta och det högsta som medelvärdet kan vara, eller inget av dem."),
    "scale": lambda: _("Välj vilken skala fördelningen har."),
    "source": lambda: _("Skriv var måttet kommer ifrån, till exempel ”Kommunens plan 2026”."),
    "kind": lambda: _("Välj vilket slag av mått det är."),
}


def own_key(word: str) -> str:
    """A key that no shipped indicator has."""
    return f"{OWN}{word[:12]}"


def first_valid(label: str) -> str:
    """The school year from which an indicator that is added in a year is valid; of a calendar year, the one it begins in."""
    return label if "/" in label else f"{int(label) - 1}/{int(label) % 100:02}"


def check_lock(before: Mapping[str, Any], after: Mapping[str, Any], told: Iterable[int], name: str) -> None:
    """Refuse another kind, scale, unit or entry level when figures stand already. `told`: the rounds in which they do."""
    changed = [key for key in LOCKED if before.get(key, "") != after.get(key, "")]
    if changed and any(True for _round in told):
        sentence = _(
            "Siffror för ”%(name)s” är redan inlästa eller inlämnade, så slag, skala, enhet, decimaler och nivå kan inte ändras. "
            "Dölj måttet och lägg till ett nytt.",
            name=name,
        )
        raise RuleBroken(sentence, {changed[0]: sentence})


def hidden_from(told: Iterable[int], opened: Iterable[int]) -> int:
    """The first round that no longer asks: the one that is open, or the next when figures have been handed in there."""
    return max(max(told, default=0) + 1, max(opened, default=1))


def subjects_in(typed: str, known: Iterable[Subject]) -> list[str]:
    """The subjects that a line names, by code or by name: none, `*` for all, or some."""
    means = {name.casefold(): one.code for one in known for name in (one.code, one.sv, one.en)}
    words = re.split(r"[,;\n]", typed) if re.search(r"[,;\n]", typed) else typed.split()
    if unknown := _unknown(words, means):
        told = _("%(words)s är inget ämne här. Skriv ämneskoder, till exempel MA, SV, EN.", words=", ".join(unknown))
        raise RuleBroken(told, {"subjects": told})
    return _named(words, means)


def year_groups_in(typed: str, known: Iterable[SchoolForm]) -> list[str]:
    """The year groups that a line names, such as `4-6`: none, `*` for all, or some."""
    means = {one.key.casefold(): one.key for form in known for one in form.year_groups}
    words = tree_file.words(typed)
    if unknown := _unknown(words, means):
        told = _("%(words)s är ingen årskurs här. Skriv till exempel 4–6.", words=", ".join(unknown))
        raise RuleBroken(told, {"year_groups": told})
    return _named(words, means)


def _bare(words: Iterable[str]) -> list[str]:
    return [word.strip().casefold() for word in words if word.strip()]


def _unknown(words: Iterable[str], means: Mapping[str, str]) -> list[str]:
    return [word.strip() for word in words if word.strip() and word.strip().casefold() not in {*means, *EVERYTHING}]


def _named(words: Iterable[str], means: Mapping[str, str]) -> list[str]:
    found = _bare(words)
    return [EVERY] if set(found) & set(EVERYTHING) else list(dict.fromkeys(means[word] for word in found))


# Compared with what is shipped

SHOWN = ("rounds", "school_forms", "year_groups", "subjects", "ask_below")


@dataclass(frozen=True)
class Difference:
    """How an indicator differs from the shipped one. `words`: (language, part, as shipped, as in the year); `rest`: (what, …)."""

    key: str
    own: bool
    hidden: bool
    words: tuple[tuple[str, str, str, str], ...] = ()
    rest: tuple[tuple[str, Any, Any], ...] = ()


def difference(facts: Mapping[str, Any], like: Mapping[str, Any] | None, *, hidden: bool) -> Difference | None:
    """How a year's indicator differs from the shipped one, whose rounds are numbered as the year's; None where it does not."""
    if like is None:
        return Difference(str(facts["key"]), True, hidden)
    words = tuple(
        (language, part, str(like[language].get(part, "")), str(facts[language].get(part, "")))
        for language in LANGUAGES
        for part in HEADING
        if like[language].get(part, "") != facts[language].get(part, "")
    )
    rest = tuple((what, like.get(what), facts.get(what)) for what in SHOWN if (like.get(what) or 0) != (facts.get(what) or 0))
    return Difference(str(facts["key"]), False, hidden, words, rest) if words or rest or hidden else None


# Reading what was entered


@dataclass(frozen=True)
class Held:
    """Where cells of an indicator were entered."""

    forms: frozenset[str]
    subjects: frozenset[str]  # the empty one: a row for the whole
    year_groups: frozenset[str]


def places(names: Iterable[str]) -> dict[str, Held]:
    """Indicator → where it was entered, from the names of cells such as `at_least_e|GR|MA|4|reached`."""
    found: dict[str, list[list[str]]] = {}
    for name in names:
        parts = name.split("|")
        if len(parts) == 5 and parts[4] not in ("why", "basis"):
            found.setdefault(parts[0], []).append(parts)
    return {key: Held(*(frozenset(each[at] for each in rows) for at in (1, 2, 3))) for key, rows in found.items()}


def as_entered(known: Mapping[str, Indicator], held: Mapping[str, Held], number: int) -> list[Indicator]:
    """The indicators as they were asked where cells were entered, in the order in which they are kept."""
    return [each for one in known.values() for each in _entered(one, held, number)]


def _entered(one: Indicator, held: Mapping[str, Held], number: int) -> Iterator[Indicator]:
    if one.key in held:
        yield from _in_places(replace(one, derived_from=""), held[one.key], number)
    elif one.derived_from in held:
        yield from _in_places(one, held[one.derived_from], number)


def _in_places(one: Indicator, held: Held, number: int) -> Iterator[Indicator]:
    """One for the rows without a subject and one for those with; likewise for year groups."""
    for subjects in (held.subjects & {WHOLE}, held.subjects - {WHOLE}):
        for groups in (held.year_groups & {WHOLE}, held.year_groups - {WHOLE}):
            if subjects and groups:
                yield replace(
                    one, rounds=(number,), school_forms=tuple(held.forms), subjects=tuple(subjects - {WHOLE}),
                    year_groups=tuple(groups - {WHOLE}),
                )  # fmt: skip


def filled(indicators: Iterable[Indicator], names: Iterable[str]) -> list[Indicator]:
    """Those in which something was entered, and what follows from them: what is frozen with what is handed in."""
    held = places(names)
    return [one for one in indicators if one.key in held or one.derived_from in held]


def spread(values: Sequence[str]) -> str:
    """Subjects or year groups as one line to fill in."""
    return _("alla") if EVERY in values else ", ".join(values)
