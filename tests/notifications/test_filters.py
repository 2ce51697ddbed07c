"""Words that templates put names and durations into."""

from datetime import timedelta

import pytest

from notifications.templatetags.andon import duration, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana de Souza", "AS"),
        ("bo@example.org", "B"),
        ("cy.okafor@example.org", "CO"),
        ("Ünal Öz", "ÜÖ"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3600, "1 h"), (3840, "1 h 04 min"),
        (86400, "1 d"), (100_000, "1 d 3 h"), (-300, "−5 min"), (None, "–"),
    ],
)  # fmt: skip
def test_a_duration_is_told_in_its_two_largest_units(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_a_duration_may_be_a_timedelta() -> None:
    assert duration(timedelta(hours=2, minutes=5)) == "2 h 05 min"
