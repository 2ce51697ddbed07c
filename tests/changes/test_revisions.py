"""Revisions where there is little room, and whether two are one."""

import pytest

from changes.revisions import same_commit, short


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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("4f2a1c9", "4F2A1C9d0e8b", True),
        ("1234567", "1234567890" * 4, True),
        ("4f2a1c", "4f2a1c9d", False),
        ("20261123", "20261123", True),
        ("20261123", "2026112301", False),  # two builds of a day
        ("release", "release1", False),
        ("", "", False),
    ],
)
def test_a_commit_is_known_by_its_beginning_and_all_else_whole(one, other, same):
    assert same_commit(one, other) is same_commit(other, one) is same
