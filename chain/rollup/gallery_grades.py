"""Grades: how they lie on the scale's steps, and the test beside the grade."""

from collections.abc import Mapping, Sequence

from chain.base.locale import _, number
from chain.rollup import rules, telling
from chain.rollup.charts import Shown, Twin
from chain.rollup.motifs import Bar, Pair, PairPicture, StackPicture
from chain.rollup.rules import Key, Sum
from chain.rollup.series import Known, Through

REACHED, TEST = "at_least_e", "test"  # the indicator and the basis that are held against each other
GRADED = ("final_grade", "term_grade", "assessment")  # what a test is held against, the first that there is


def steps_by_year(known: Known, key: Key, found: Through) -> Shown:
    rounds = found.rows[key]
    bars = [(found.years[round_id], rounds[round_id]) for round_id in found.years if round_id in rounds]
    title = _("Fördelningen per år: %(label)s, %(basis)s", label=known.label(key), basis=known.basis(key))
    return _stack(known, key, title, _("År"), bars, f"steps-{rules.anchor(key)}")


def steps_by_subject(known: Known, keys: Sequence[Key], found: Through) -> Shown:
    bars = [(known.subject(key), found.rows[key][known.round.id]) for key in keys]
    head, named = known.row_head(keys[0].indicator), {"name": known.name(keys[0]), "basis": known.basis(keys[0])}
    subjects = head == _("Ämne")
    title = (
        _("Fördelningen i alla ämnen: %(name)s, %(basis)s", **named)
        if subjects
        else _("Fördelningen: %(name)s, %(basis)s", **named)
    )
    return _stack(known, keys[0], title, head, bars, f"steps-{rules.anchor(keys[0])}")


def _stack(known: Known, key: Key, title: str, first: str, bars: Sequence[tuple[str, list[Sum]]], anchor: str) -> Shown:
    steps = known.steps(key.indicator)
    counted = [(label, {row.category: row.k for row in rows}) for label, rows in bars]
    rows = tuple((label, tuple(by_step.get(step, 0) for step, _drawn in steps)) for label, by_step in counted)
    symbols = [step.symbol for _key, step in steps]
    picture = StackPicture(
        title=title,
        description=telling.stack(symbols, rows),
        steps=tuple(step for _key, step in steps),
        bars=tuple(Bar(label, counts) for label, counts in rows),
    )
    twin = Twin(
        (first, *symbols, _("Bedömda")), tuple((label, *map(number, counts), number(sum(counts))) for label, counts in rows)
    )
    return Shown(anchor, picture, twin, (), str(telling.LEGENDS["stack"]), known.source)


def tests_by_subject(known: Known, school_form: str, year_group: str, found: Through) -> list[Shown]:
    now = {
        key: rows[known.round.id][0]
        for key, rows in found.rows.items()
        if known.round.id in rows and known.of_people(key.indicator)
    }
    pairs = [
        (known.subject(key), row, _graded(now, key)) for keys in known.together(now).values() for key in keys
        if key.basis == TEST and (row := now[key])
    ]  # fmt: skip
    title = _("Prov och betyg, %(group)s", group=known.words.year_groups.get((school_form, year_group), year_group))
    return _tests(
        known,
        title,
        _("Ämne"),
        [(label, row, grade) for label, row, grade in pairs if grade],
        f"tests-{school_form}-{year_group}",
    )


def tests_by_year(known: Known, key: Key, found: Through) -> list[Shown]:
    pairs = []
    for round_id, label in found.years.items():
        now = {one: rows[round_id][0] for one, rows in found.rows.items() if round_id in rows and known.of_people(one.indicator)}
        tests = [one for one in now if one.basis == TEST]
        if tests and (grade := _graded(now, tests[0])):
            pairs.append((label, now[tests[0]], grade))
    return _tests(known, _("Prov och betyg per år: %(label)s", label=known.label(key)), _("År"), pairs, "tests")


def _graded(now: Mapping[Key, Sum], test: Key) -> Sum | None:
    """The grade, or before there are grades the assessment, that a test is held against."""
    same = (test._replace(indicator=REACHED, basis=basis) for basis in GRADED)
    return next((now[key] for key in same if key in now), None)


def _tests(known: Known, title: str, first: str, pairs: Sequence[tuple[str, Sum, Sum]], anchor: str) -> list[Shown]:
    pairs = [pair for pair in pairs if pair[1].n and pair[2].n]
    if not pairs:
        return []
    names = known.words.basis(TEST), known.words.basis(pairs[0][2].basis)
    picture = PairPicture(
        title=title,
        description=telling.pairs(names, [(label, (test.k, test.n), (grade.k, grade.n)) for label, test, grade in pairs]),
        first_name=names[0].capitalize(),
        second_name=names[1].capitalize(),
        pairs=tuple(Pair(label, 100 * test.k / test.n, 100 * grade.k / grade.n) for label, test, grade in pairs),
    )
    twin = Twin(
        (first, names[0].capitalize(), names[1].capitalize()),
        tuple((label, rules.said(test.k, test.n), rules.said(grade.k, grade.n)) for label, test, grade in pairs),
    )
    return [Shown(anchor.lower(), picture, twin, (), str(telling.LEGENDS["pairs"]), known.source)]
