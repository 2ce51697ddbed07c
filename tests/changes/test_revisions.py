"""Revisions where there is little room."""

import pytest

from changes.revisions import short


@pytest.mark.parametrize(
    ("revision", "shown"),
    [
        ("4f2a1c9d0e8b7a6f5e4d3c2b1a09f8e7d6c5b4a3", "4f2a1c9d0e8b"),
        ("4f2a1c9", "4f2a1c9"),
        ("limits.yaml", "limits.yaml"),
        ("release-2026.11.3-hotfix", "release-2026.11.3-hotfix"),
        ("", ""),
    ],
)
def test_only_commit_ids_are_shortened(revision, shown):
    assert short(revision) == shown
