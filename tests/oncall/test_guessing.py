"""Which service a strange name might mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.guessing import Guesser

KNOWN = {"checkout": ["checkout", "Checkout API"], "cart": ["cart", "Shopping cart"], "search": ["search", "acme/find"]}


def guess(said, known=KNOWN):
    return Guesser(known.items()).best(said)


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("checkout-prod", "checkout"),
        ("acme/checkout", "checkout"),
        ("CheckoutService", "checkout"),
        ("checkuot", "checkout"),
        ("shopping_cart", "cart"),
        ("prod/find", "search"),
    ],
)
def test_a_name_that_is_written_alike_is_guessed(said, service):
    assert guess(said) == service


@pytest.mark.parametrize("said", ["", "billing", "production", "???", "acme"])
def test_nothing_is_guessed_of_a_name_that_is_like_none(said):
    assert guess(said) is None


def test_two_that_are_alike_are_none():
    assert guess("web", {"one": ["web-one"], "two": ["web-two"]}) is None


@given(st.text(max_size=50), st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=9)), max_size=5))
def test_any_name_may_be_asked_for(said, known):
    assert guess(said, known) in {None, *known}
