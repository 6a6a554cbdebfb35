"""What is true of a goal: what it must say, what it may break down, its life as a table, and what is said of how it went."""

KINDS = ("knowledge", "values")
LEVELS = ("national", "municipality", "committee", "administration", "area", "unit", "group")


def rank(level: str) -> int:
    """How far down a level stands; one that is not known, last."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
