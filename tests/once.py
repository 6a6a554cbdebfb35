"""What is built once a run, however many cores there are: by the first that asks, while the others wait for it."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import databases


def filled(factory: pytest.TempPathFactory, name: str, build: Callable[[str, Path], None]) -> Path:
    """A folder in which `build` has filled the SQLite file `filled.db`, given its address, and left what else it had to say."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which they have in common
    folder = folder / name
    folder.mkdir(exist_ok=True)
    with (folder / "filling").open("w") as filling:
        fcntl.flock(filling, fcntl.LOCK_EX)
        if not (folder / "filled.db").exists():
            databases.sqlite_template(lambda url: build(url, folder), folder).rename(folder / "filled.db")
    return folder
