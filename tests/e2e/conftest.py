"""A whole Andon in processes of its own, and a receiver for what it sends."""

import pytest

from tests.receiver import receiving
from tests.running import andon as running_andon


@pytest.fixture(scope="module")
def andon(tmp_path_factory):
    with running_andon(tmp_path_factory.mktemp("a folder with spaces") / "var") as running:
        yield running


@pytest.fixture(scope="module")
def receiver():
    with receiving() as running:
        yield running
