"""What a pupil's grades of year 9 make: at least E in all subjects, and eligibility to the national programmes.

Source: skollagen 16 kap. 30–31 §§. Of a pupil nothing is known here but which subjects have which letter.
"""

from collections.abc import Collection

LANGUAGE, CORE = (
    frozenset({"SV", "SVA"}),
    frozenset({"EN", "MA"}),
)  # the three that all ask for
VOCATIONAL, PREPARING = 5, 9  # subjects besides those three


def vocational(passed: Collection[str]) -> bool:
    """Whether the subjects with at least E give a vocational programme: the three, and at least five more (30 §)."""
    return _besides(passed) >= VOCATIONAL


def higher_education(passed: Collection[str]) -> bool:
    """Whether they give one of the programmes that prepare for higher education: the three, and at least nine more (31 §).
    The arts programme asks for no certain ones among the nine, so any nine give at least that."""
    return _besides(passed) >= PREPARING


def _besides(passed: Collection[str]) -> int:
    """How many more there are than the three; none where one of the three is missing."""
    subjects = set(passed)
    if not (subjects & LANGUAGE and subjects >= CORE):
        return 0
    return len(subjects - LANGUAGE - CORE)
