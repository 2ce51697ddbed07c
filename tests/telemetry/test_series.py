"""What is kept of series, how numbers are written, and the table."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.answers import Series
from telemetry.figures import written
from telemetry.series import lines, shifted, thinned
from telemetry.table import rows

VALUES = st.none() | st.floats(-1e9, 1e9)


def points(values):
    return [[float(at), value] for at, value in enumerate(values)]


class TestThinning:
    @given(st.lists(VALUES, max_size=700), st.integers(2, 300))
    def test_it_keeps_the_order_the_extremes_and_the_limit(self, values, most):
        kept = thinned(points(values), most)
        assert len(kept) <= most
        assert [at for at, _ in kept] == sorted({at for at, _ in kept})
        told, before = ([v for v in some if v is not None] for some in ([v for _, v in kept], values))
        if before:
            assert (min(told), max(told)) == (min(before), max(before))

    def test_a_spike_of_one_point_stays(self):
        assert [5000.0, 9.0] in thinned(points([1.0] * 5000 + [9.0] + [1.0] * 5000), 100)

    def test_a_gap_stays_a_gap(self):
        kept = thinned(points([1.0] * 400 + [None] * 400 + [1.0] * 400), 60)
        assert any(value is None for _, value in kept)


class TestLines:
    def test_points_are_put_in_the_order_of_time_each_once(self):
        (line,) = lines([Series({}, [(30.0, 3.0), (10.0, 1.0), (30.0, 4.0), (20.0, math.inf)])])
        assert line["points"] == [[10.0, 1.0], [20.0, None], [30.0, 4.0]]

    def test_too_many_points_are_thinned(self):
        (line,) = lines([Series({}, [(float(n), float(n % 7)) for n in range(100_000)])])
        assert len(line["points"]) <= 500

    def test_values_have_six_digits(self):
        (line,) = lines([Series({}, [(1.0, 0.1 + 0.2), (2.0, 123456789.0)])])
        assert [value for _, value in line["points"]] == [0.3, 123457000.0]

    def test_a_week_earlier_is_moved_to_now(self):
        assert shifted([{"label": "a", "points": [[1.0, 2.0], [3.0, None]]}], 10) == [
            {"label": "a", "points": [[11.0, 2.0], [13.0, None]]}
        ]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "%", "–"),
        (0.4, "%", "0.4 %"),
        (0.03039999, "", "0.0304"),
        (9999, "", "9999"),
        (12345, "/s", "12.35K /s"),
        (-2_500_000, "", "-2.5M"),
        (3.2e12, "", "3.2T"),
        (1e-9, "", "1e-09"),
    ],
)
def test_numbers_are_written_with_four_digits(value, unit, words):
    assert written(value, unit) == words


class TestTable:
    def test_each_stretch_says_its_median_and_its_ends(self):
        line = {"label": "a", "points": points([1.0, 2.0, 9.0] + [4.0] * 297)}
        table = rows([line], since=0, until=299)
        assert len(table) == 30
        assert table[0].cells == ["4 (1 to 9)"]
        assert table[-1].cells == ["4"]

    def test_where_there_is_nothing_a_dash_stands(self):
        assert rows([{"label": "a", "points": []}], since=0, until=60)[0].cells == ["–"]

    def test_many_series_have_fewer_rows(self):
        table = rows([{"label": str(n), "points": points([1.0] * 50)} for n in range(20)], since=0, until=49)
        assert (len(table), len(table[0].cells)) == (12, 20)

    @pytest.mark.parametrize(("since", "until"), [(5, 5), (5, 4)])
    def test_of_no_time_there_is_no_table(self, since, until):
        assert rows([{"label": "a", "points": points([1.0])}], since=since, until=until) == []

    @given(st.lists(VALUES, min_size=1, max_size=100))
    def test_every_value_of_the_window_is_in_a_row(self, values):
        table = rows([{"label": "a", "points": points(values)}], since=0, until=len(values))
        assert any(row.cells != ["–"] for row in table) == any(value is not None for value in values)
