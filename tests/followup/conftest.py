"""The November that the tests of a follow-up's pages begin in."""

import pytest

from tests.followup import scene
from tests.followup.scene import Scene
from tests.makers import Cast


@pytest.fixture
def november(cast: Cast) -> Scene:
    return scene.november(cast)
