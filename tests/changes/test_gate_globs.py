"""Paths and the patterns they fit."""

import pytest

from changes.gate.globs import fits
from changes.gate.question import clean_paths


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("auth/login.py", "auth/", True),
        ("auth/login.py", "auth", True),
        ("lib/auth/login.py", "auth", True),  # without a slash inside, at any depth
        ("lib/auth/login.py", "lib/auth", True),
        ("lib/auth/login.py", "web/auth", False),
        ("lib/auth/login.py", "/auth", False),
        ("authors.txt", "auth", False),
        ("auth/login.py", "auth/*.py", True),
        ("auth/deep/login.py", "auth/*.py", False),
        ("auth/deep/login.py", "auth/**/*.py", True),
        ("auth/login.py", "auth/**/*.py", True),
        ("auth/deep/er/x", "auth/**", True),
        ("a/b/secrets.tf", "*.tf", True),
        ("a/b/secrets.tfx", "*.tf", False),
        ("a/b", "**", True),
        ("x+y(1).py", "x+y(1).py", True),
        ("ab.py", "?b.py", True),
        ("auth/login.py", "./auth/login.py", True),
    ],
)
def test_a_path_fits(path, pattern, expected):
    assert fits(path, pattern) is expected


def test_paths_are_read_from_the_root_whatever_way_they_take():
    assert clean_paths(["./docs/../auth/a.py", "auth/a.py", "/b", " ", "../../c"]) == ("auth/a.py", "b", "c")
