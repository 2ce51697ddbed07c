"""The picture of a course of events, as data: nothing overlaps, nothing leaves the paper."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from postmortems.moments import NARROW, WIDE, on_paper
from postmortems.moments.axis import figures, ticks
from postmortems.moments.figure import Lane, Milestone, Moment, Panel, spans
from postmortems.moments.layout import laid_out
from postmortems.moments.rows import rows
from postmortems.moments.shapes import Line, Mark, Poly, Rect, Text, shortened, width
from postmortems.moments.words import outside, told_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PHASES = ["Background", "Detection", "Diagnosis", "Repair"]


def minutes(count):
    return NOON + timedelta(minutes=count)


@st.composite
def lanes(draw):
    start = draw(st.integers(-5000, 5000))
    length = draw(st.integers(0, 600))
    words = st.text("abc WM%漢", min_size=1, max_size=60)
    moments = [
        Moment(minutes(at), draw(st.sampled_from(PHASES)), draw(st.sampled_from(["alert", "change", "note"])), said, n)
        for n, (at, said) in enumerate(
            draw(st.lists(st.tuples(st.integers(start - 2000, start + length + 2000), words), min_size=1, max_size=25))
        )
    ]
    names = ["Started", "Detected", "Mitigated", "Resolved"]
    milestones = [Milestone(minutes(start + length * i // 3), name) for i, name in enumerate(names)]
    return Lane(draw(words), moments, milestones, (minutes(start), minutes(start + length)))


@st.composite
def panels(draw):
    values = st.none() | st.floats(-1e12, 1e12, allow_nan=False)
    points = [(minutes(i * 5).timestamp(), draw(values)) for i in range(-20, 60)]
    return Panel(draw(st.text(min_size=1, max_size=50)), "ms", [("p50", points)] * draw(st.integers(1, 8)))


def edges(shape):
    match shape:
        case Text():
            return shape.box
        case Rect(x, y, wide, high):
            return x, y, x + wide, y + high
        case Line(x1, y1, x2, y2):
            return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
        case Poly(points):
            across, down = zip(*points, strict=True)
            return min(across), min(down), max(across), max(down)
        case Mark(x, y, _, _, number):
            half = 7 if number else 5
            return x - half, y - half, x + half, y + half


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@settings(max_examples=60, deadline=None)
@given(st.lists(lanes(), min_size=1, max_size=3), st.lists(panels(), max_size=2), st.sampled_from([WIDE, NARROW]))
def test_no_words_and_no_marks_overlap_and_everything_stays_inside(told, metrics, across):
    for figure in figures(told, metrics):
        shapes, height = laid_out(figure, across)
        for shape in shapes:
            left, top, right, bottom = edges(shape)
            assert left >= -0.01 and top >= -0.01 and right <= across + 0.01 and bottom <= height + 0.01, shape
        for kind in (Text, Mark):
            boxes = [edges(shape) for shape in shapes if isinstance(shape, kind)]
            assert not any(overlap(one, other) for one, other in combinations(boxes, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(lanes(), min_size=1, max_size=4))
def test_each_incident_is_drawn_whole_and_what_is_too_far_away_is_counted(told):
    drawn = figures(told)
    assert sorted(lane.name for figure in drawn for lane in figure.lanes) == sorted(lane.name for lane in told)
    for figure in drawn:
        assert all(figure.since < lane.core[0] and lane.core[1] < figure.until for lane in figure.lanes)
    shown = sum(len(lane.moments) for figure in drawn for lane in figure.lanes)
    assert shown + sum(sum(figure.outside) for figure in drawn) == sum(len(lane.moments) for lane in told)


def incident(start, length, *moments):
    core = minutes(start), minutes(start + length)
    told = [Moment(minutes(at), "Diagnosis", "note", "Seen") for at in moments]
    return Lane(f"from {start}", told, [Milestone(core[0], "Started"), Milestone(core[1], "Resolved")], core)


def test_a_deploy_of_last_week_and_the_closing_two_days_later_do_not_squeeze_the_incident():
    [figure] = figures([incident(0, 40, -7 * 24 * 60, 5, 20, 2 * 24 * 60)])
    assert figure.until - figure.since < timedelta(hours=2)
    assert outside(figure) == "Not drawn: 1 moment long before it, 1 moment long after it."


def test_incidents_near_in_time_share_an_axis_and_those_a_month_apart_do_not():
    assert len(figures([incident(0, 60, 5), incident(90, 60, 95)])) == 1
    assert len(figures([incident(0, 60, 5), incident(60 * 24 * 30, 60, 60 * 24 * 30)])) == 2


def test_a_near_miss_has_an_axis_though_all_of_it_happened_at_once():
    [figure] = figures([Lane("", [Moment(NOON, "Detection", "note", "A cable hung loose", 1)])])
    shapes, _ = laid_out(figure, WIDE)
    assert [shape.number for shape in shapes if isinstance(shape, Mark)] == [1]


def test_nothing_is_drawn_of_nothing():
    assert figures([]) == [] and figures([Lane("", [])]) == []


def test_milestones_of_one_instant_share_their_words():
    core = NOON, minutes(30)
    lane = Lane("", [], [Milestone(NOON, "Started"), Milestone(NOON, "Detected"), Milestone(core[1], "Resolved")], core)
    shapes, _ = laid_out(figures([lane])[0], WIDE)
    said = [shape.words for shape in shapes if isinstance(shape, Text)]
    assert "Started, detected 12:00" in said and "Resolved 12:30" in said


def test_a_change_is_a_line_through_all_panels():
    points = [(minutes(i).timestamp(), float(i)) for i in range(30)]
    lane = Lane("", [Moment(minutes(5), "Background", "change", "Deployed 4f2a")], [], (NOON, minutes(30)))
    shapes, _ = laid_out(figures([lane], [Panel("Errors", "%", [("", points)])])[0], WIDE)
    [plot] = [shape for shape in shapes if isinstance(shape, Rect) and shape.role == "plot"]
    [line] = [shape for shape in shapes if isinstance(shape, Line) and "change" in shape.role]
    assert line.y1 < plot.y and line.y2 > plot.y + plot.height
    assert "0 to 29 %" in [shape.words for shape in shapes if isinstance(shape, Text)]


def test_a_gap_in_the_metrics_stays_a_gap():
    points = [(minutes(i).timestamp(), None if i == 15 else 1.0) for i in range(30)]
    shapes, _ = laid_out(figures([incident(0, 30, 5)], [Panel("Errors", "%", [("", points)])])[0], WIDE)
    assert len([shape for shape in shapes if isinstance(shape, Poly)]) == 2


def test_a_phase_may_come_back():
    told = [Moment(minutes(i), phase, "note", "") for i, phase in enumerate(["Diagnosis", "Repair", "Diagnosis"])]
    assert [(span.phase, span.start) for span in spans(told)] == [(m.phase, m.at) for m in told]


@given(st.integers(1, 60 * 24 * 800), st.integers(2, 12))
def test_ticks_are_round_and_no_more_than_asked_for(length, most):
    found = ticks(NOON, minutes(length), most)
    assert len(found) <= most + 1 and all(NOON <= at <= minutes(length) for at, _ in found)
    assert all(at.second == 0 for at, _ in found)


def test_a_tick_at_midnight_names_the_day():
    assert (datetime(2026, 3, 3, tzinfo=UTC), "3 Mar") in ticks(NOON, minutes(24 * 60), 9)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20)), max_size=30), st.integers(1, 5))
def test_rows_hold_what_does_not_overlap(extents, most):
    extents = [(left, left + across) for left, across in extents]
    placed = list(zip(rows(extents, gap=1, most=most), extents, strict=True))
    for (row, one), (other_row, other) in combinations([pair for pair in placed if pair[0] is not None], 2):
        assert row != other_row or one[1] < other[0] + 1e-9 or other[1] < one[0] + 1e-9 or one == other
    assert all(row is None or row < most for row, _ in placed)


@given(st.text(max_size=40), st.floats(0, 200))
def test_words_are_cut_to_their_room(words, room):
    cut = shortened(words, room)
    assert not cut or width(cut) <= room
    assert cut == words or cut.endswith("…") or cut == ""


@settings(max_examples=20, deadline=None)
@given(st.lists(lanes(), min_size=1, max_size=2), st.lists(panels(), max_size=1))
def test_on_paper_it_is_one_file_that_needs_nothing_else(told, metrics):
    text = on_paper(figures(told, metrics))
    root = ET.fromstring(text)
    assert root.get("width") == "170mm" and root.get("viewBox").startswith("0 0 640 ")
    assert not re.search(r"class=|style=|foreignObject|href|<script|var\(", text)
    marks = [one for one in root.iter() if one.tag.endswith(("circle", "polygon", "text", "rect"))]
    assert marks and all(one.get("fill") for one in marks)


def test_the_words_for_those_who_do_not_see_it_say_all_of_it():
    points = [(minutes(i).timestamp(), 1.0 if i < 0 else 12.0) for i in range(-10, 30)]
    said = told_of(figures([incident(0, 30, -8, 5)], [Panel("Errors", "%", [("", points)])])[0])
    assert "11:52 note: Seen; 12:05 note: Seen" in said and "Started 12:00; Resolved 12:30" in said
    assert "Errors: 1 to 12 %, about 1 % before it began" in said
