"""Charts are markup made of numbers: well-formed, without inline style, and said in words too."""

import math
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.charts import Bar, Block, Lane, Run, bars, dots, lanes, runs, sparkline
from notifications.charts.dots import quantile
from notifications.charts.scale import around

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def parse(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert not [e for e in root.iter() if "style" in e.attrib or any(a.startswith("on") for a in e.attrib)]
    return root


def share(element: ET.Element, attribute: str) -> float:
    return float(element.attrib[attribute].removesuffix("%"))


def find(root: ET.Element, name: str, class_: str) -> list[ET.Element]:
    return [e for e in root.iter(name) if class_ in e.get("class", "").split()]


def test_a_sparkline_breaks_at_gaps_and_says_its_range() -> None:
    root = parse(sparkline([3, 9, None, 4, math.nan, math.inf, 5], label="Errors"))
    assert len(list(root.iter("polyline"))) == 3
    assert root.get("aria-label") == "Errors: from 3 to 9, last 5"


def test_a_sparkline_of_nothing_says_so() -> None:
    assert parse(sparkline([None, math.nan], label="Errors")).get("aria-label") == "Errors: no data"


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), max_size=40))
def test_a_sparkline_stays_inside_its_box(values: list[float | None]) -> None:
    for line in parse(sparkline(values, label="x")).iter("polyline"):
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= 96
            assert 0 <= y <= 24


def test_labels_are_escaped() -> None:
    root = parse(bars([Bar("<script>alert(1)</script>", 1, 2)], label='a "quoted" & <b>label</b>'))
    assert not list(root.iter("script"))
    assert root.get("aria-label") == 'a "quoted" & <b>label</b>: <script>alert(1)</script> 50% (1 of 2)'


def test_fewer_than_five_durations_are_not_drawn() -> None:
    root = parse(dots([1, 2, 3, 4], label="Time to restore"))
    assert not list(root.iter("circle"))
    assert root.get("aria-label") == "Time to restore: 4 so far; shown from 5"


def test_durations_are_told_by_median_and_ninetieth_percentile() -> None:
    root = parse(dots([60 * n for n in range(1, 11)], label="Time to acknowledge"))
    assert root.get("aria-label") == (
        "Time to acknowledge: n = 10, median 5 min, 90th percentile 9 min, longest 10 min"
    )
    assert len(list(root.iter("circle"))) == 10


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60))
def test_half_of_all_lie_on_either_side_of_the_median(values: list[float]) -> None:
    ordered = sorted(values)
    median = quantile(ordered, 0.5)
    assert sum(v <= median for v in ordered) >= len(ordered) / 2
    assert sum(v < median for v in ordered) <= len(ordered) / 2


@given(st.lists(st.floats(0, 1e9), min_size=5, max_size=200))
def test_every_duration_has_a_dot_within_the_picture(values: list[float]) -> None:
    circles = list(parse(dots(values, label="x")).iter("circle"))
    assert len(circles) == len(values)
    assert all(0 <= share(c, "cx") <= 100 and 0 <= float(c.attrib["cy"]) <= 92 for c in circles)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_a_longer_duration_never_stands_to_the_left(values: list[float]) -> None:
    scale = around(values)
    places = [scale.at(v) for v in sorted(values)]
    assert places == sorted(places)
    assert scale.low < scale.high


def test_shares_are_drawn_against_the_whole_and_counts_against_the_greatest() -> None:
    shares = find(parse(bars([Bar("a", 9, 31), Bar("b", 0, 0)], label="x")), "rect", "chart__bar")
    counts = find(parse(bars([Bar("a", 14), Bar("b", 7)], label="x")), "rect", "chart__bar")
    assert [share(r, "width") for r in shares] == [29.03, 0]
    assert [share(r, "width") for r in counts] == [100, 50]


def test_bars_with_links_are_a_group_and_not_an_image() -> None:
    root = parse(bars([Bar("config", 9, 31, "/rows?factor=config&since=2026")], label="Factors"))
    link = next(root.iter("a"))
    assert root.get("role") == "group"
    assert link.get("href") == "/rows?factor=config&since=2026"
    assert link.get("aria-label") == "config: 29% (9 of 31)"


def test_lanes_cut_off_what_lies_outside_the_axis() -> None:
    rows = [
        Lane(
            "Dev",
            [Block(NOON - HOUR, NOON + HOUR, "Ana", "dev"), Block(NOON + 4 * HOUR, NOON + 5 * HOUR, "Bo")],
        )
    ]
    root = parse(lanes(rows, since=NOON, until=NOON + 4 * HOUR, label="Final"))
    (bar,) = find(root, "svg", "lanes__bar--dev")
    assert (share(bar, "x"), share(bar, "width")) == (0, 25)
    assert len(find(root, "svg", "lanes__bar")) == 1


def test_a_gap_in_a_lane_can_be_clicked_and_is_named_in_words() -> None:
    gap = Block(NOON, NOON + HOUR, "gap", "gap", "/overrides/new?seat=ops")
    root = parse(lanes([Lane("Ops", [gap])], since=NOON, until=NOON + 2 * HOUR, label="Final"))
    link = next(root.iter("a"))
    assert link.get("aria-label") == "Ops: gap, Mon 2 Mar 12:00 to Mon 2 Mar 13:00"
    assert link.get("href") == "/overrides/new?seat=ops"


def test_the_now_line_is_drawn_only_inside_the_axis() -> None:
    def drawn(now: datetime) -> int:
        root = parse(lanes([], since=NOON, until=NOON + HOUR, now=now, label="x"))
        return len(find(root, "line", "lanes__now"))

    assert [drawn(NOON), drawn(NOON + HOUR / 2), drawn(NOON + HOUR), drawn(NOON - HOUR)] == [1, 1, 0, 0]


def test_an_axis_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        lanes([], since=NOON, until=NOON, label="x")


def test_a_narrow_bar_says_the_longest_label_that_fits_and_all_of_it_on_hover() -> None:
    def written(hours: int) -> str:
        block = Block(NOON, NOON + hours * HOUR, "Ana Duarte", shorter=("Ana", "AD"), says="a swap")
        root = parse(lanes([Lane("Dev", [block])], since=NOON, until=NOON + 30 * HOUR, label="Final"))
        (bar,) = find(root, "svg", "lanes__bar")
        said = next(part.text or "" for part in bar.iter() if part.tag.endswith("title"))
        assert said.startswith("Ana Duarte, ")
        assert said.endswith("; a swap")
        return next(part.text or "" for part in bar.iter() if part.tag.endswith("text"))

    assert [written(hours) for hours in (4, 2, 1)] == ["Ana Duarte", "Ana", "AD"]


def test_runs_stand_where_they_ended_and_failures_look_different() -> None:
    shown = [Run(NOON, 60, failed=False, says="succeeded"), Run(NOON + HOUR, 120, failed=True, says="failed <b>")]
    root = parse(runs(shown, since=NOON, until=NOON + 2 * HOUR, label="Runs", ticks=[(NOON + HOUR, "13:00")]))
    assert root.get("aria-label") == "Runs: 2 runs, 1 failed, the longest took 2 min"
    assert (len(find(root, "circle", "chart__dot")), len(find(root, "rect", "chart__dot--bad"))) == (1, 1)
    assert "failed <b>" in [title.text for title in root.iter("title")]


def test_runs_outside_the_axis_are_not_drawn() -> None:
    outside = Run(NOON - HOUR, 60, failed=False, says="earlier")
    root = parse(runs([outside], since=NOON, until=NOON + HOUR, label="Runs"))
    assert not list(root.iter("circle"))
    with pytest.raises(ValueError, match="must end after it starts"):
        runs([], since=NOON, until=NOON, label="Runs")
