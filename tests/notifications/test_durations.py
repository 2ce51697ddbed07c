"""Lengths of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.durations import read, written


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("5 min", 5), ("5min", 5), ("24 h", 1440), ("1 d", 1440), ("1 d 12 h", 2160), ("1 H 30 Min", 90), ("0 min", 0)],
)
def test_minutes_hours_and_days_are_read(text, minutes):
    assert read(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "5", "min", "often", "5 minutes", "-5 min", "1.5 h", "1 d or so", "9999999 d"])
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write it as 5 min, 24 h or 1 d"):
        read(text)


@given(st.integers(min_value=0, max_value=60 * 24 * 30))
def test_what_is_written_reads_as_the_same(minutes):
    length = timedelta(minutes=minutes)
    assert read(written(length)) == length
