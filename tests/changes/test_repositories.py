"""Repositories and branches as senders write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.senders.repositories import branch, is_nothing, repository


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.example/acme/checkout.git", "acme/checkout"),
        ("https://user:token@gitlab.example/acme/tools/lint", "acme/tools/lint"),
        ("git@github.example:acme/checkout.git", "acme/checkout"),
        ("ssh://git@gitlab.example:2222/acme/checkout.git", "acme/checkout"),
        ("gitlab.example:acme/checkout", "acme/checkout"),
        ("http://192.168.64.1:3005/acme/checkout", "acme/checkout"),
        ("/srv/git/checkout.git", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_a_repository_is_known_by_its_address(address: str, name: str) -> None:
    assert repository(address) == name


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("refs/heads/main", "main"),
        ("origin/main", "main"),
        ("refs/remotes/origin/feature/x", "feature/x"),
        ("refs/tags/v1", "v1"),
        ("feature/origin/x", "feature/origin/x"),
        ("", ""),
    ],
)
def test_a_branch_without_what_git_puts_before_it(ref: str, name: str) -> None:
    assert branch(ref) == name


def test_the_commit_that_is_none() -> None:
    assert is_nothing("0" * 40) and is_nothing("") and not is_nothing("0" * 39 + "1")


@given(st.text())
def test_any_text_at_all_is_read(text: str) -> None:
    assert isinstance(repository(text) + branch(text), str)
