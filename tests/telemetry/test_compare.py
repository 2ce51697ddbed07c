"""Before, during and after: medians, and their change in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.compare import Comparison, compare


def line(*values, label="a"):
    return {"label": label, "points": [[float(at), value] for at, value in enumerate(values)]}


def test_three_windows_have_three_medians():
    (found,) = compare([line(0.4, 0.4, 0.5, 12.0, 11.0, 13.0, 0.5, 0.5)], since=0, began=3, ended=6)
    assert (found.before, found.during, found.after) == (0.4, 12.0, 0.5)
    assert found.words("%") == "0.4 % → 12 % → 0.5 %"
    assert found.change == "30 times as much"


def test_while_it_goes_on_there_is_no_after():
    (found,) = compare([line(1.0, 1.0, 3.0)], since=0, began=2, ended=None)
    assert (found.words(), found.after) == ("1 → 3", None)


def test_what_is_before_the_window_does_not_count():
    (found,) = compare([line(100.0, 1.0, 2.0)], since=1, began=2, ended=None)
    assert found.before == 1.0


def test_gaps_and_windows_without_values_are_dashes():
    (found,) = compare([line(None, None, 3.0)], since=0, began=2, ended=None)
    assert (found.words("%"), found.change) == ("– → 3 %", "")


def test_it_may_have_ended_before_it_is_said_to_have_begun():
    (found,) = compare([line(1.0, 2.0, 3.0)], since=0, began=2, ended=1)
    assert (found.before, found.during, found.after) == (1.5, None, 3.0)


@pytest.mark.parametrize(
    ("before", "during", "words"),
    [
        (1.0, 1.04, "as before"),
        (0.0, 0.0, "as before"),
        (1.0, 1.5, "50% more"),
        (1.0, 0.5, "50% less"),
        (1.0, 0.0, "100% less"),
        (1.0, 1000.0, "more than 100 times as much"),
        (0.0, 5.0, "more"),
        (-5.0, -9.0, "less"),
        (5.0, -1.0, "less"),
    ],
)
def test_the_change_is_said_in_words(before, during, words):
    assert Comparison("a", before, during, None).change == words


NUMBERS = st.none() | st.floats(-1e300, 1e300)


@given(st.lists(NUMBERS, max_size=30), st.floats(-5, 40), st.none() | st.floats(-5, 40))
def test_every_median_is_within_what_was_measured(values, began, ended):
    (found,) = compare([line(*values)], since=0, began=began, ended=ended)
    told = [value for value in values if value is not None]
    for middle in (found.before, found.during, found.after):
        assert middle is None or min(told) <= middle <= max(told)
    assert isinstance(found.words("%") + found.change, str)
