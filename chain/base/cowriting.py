"""Words that several people write: every save is kept, and whoever comes second loses nothing.

A *section* holds what stands now; a *save* is one text of it, kept with a key of the form that it came from. The link that has
the section says who writes there and until when. What is the same for all stands here: what happens between two who write at
once; in saves.py, where their texts are kept; in cowriting_views.py, what they are answered.
"""

from typing import Any

from chain.base.errors import RuleBroken
from chain.base.locale import _

Words = dict[str, Any]  # what stands in a section, by the columns that hold it


class Conflict(RuleBroken):
    """Somebody else saved first. Nothing is lost: `mine` is the key of the save that was kept aside, `theirs` the section."""

    def __init__(self, mine: str, theirs: Any) -> None:
        super().__init__(_("Någon annan har sparat avsnittet sedan du öppnade det. Din text är bevarad: jämför och välj."))
        self.mine, self.theirs = mine, theirs


def conflict(section: Any, version: int, key: str) -> Conflict | None:
    """Whether somebody has saved since a form was filled with this version of the section. None: nobody has written there yet."""
    return Conflict(key, section) if section is not None and section.version != version else None


def joined(theirs: str, mine: str) -> str:
    """Both texts, theirs first, unless one holds the other: to be edited down by whoever wrote the later."""
    if theirs.strip() in mine:
        return mine
    return theirs if mine.strip() in theirs else f"{theirs.rstrip()}\n\n{mine.lstrip()}"


def same(row: Any, words: Words) -> bool:
    """Whether a section, or a save, says just this."""
    return all(getattr(row, name) == said for name, said in words.items())
