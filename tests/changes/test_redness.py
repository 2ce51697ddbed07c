"""For how long a pipeline is red, and how its runs do: against the plainest way to count the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.redness import Run, figures, red_intervals, time_red

AT = datetime(2026, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute):
    return AT + minute * MINUTE


def run(status, minute, took=2, queued=1):
    started = at(minute - took)
    return Run(status=status, finished_at=at(minute), started_at=started, queued_at=started - queued * MINUTE)


RUNS = st.lists(
    st.builds(run, st.sampled_from(["success", "failed", "cancelled", "skipped"]), st.integers(0, 60)),
    max_size=12,
    unique_by=lambda one: one.finished_at,
)


def is_red(runs, minute):
    """By the last judged run that had ended then."""
    ended = [one for one in runs if one.status in ("success", "failed") and one.finished_at <= at(minute)]
    return bool(ended) and max(ended, key=lambda one: one.finished_at).status == "failed"


@given(RUNS, st.integers(0, 30), st.integers(0, 40))
def test_time_red_is_that_of_every_minute_asked_alone(runs, since, length):
    minutes = sum(is_red(runs, minute) for minute in range(since, since + length))
    assert time_red(runs, at(since), at(since + length)) == minutes * MINUTE


@given(RUNS, st.randoms(use_true_random=False))
def test_the_order_in_which_runs_are_told_does_not_matter(runs, random):
    shuffled = random.sample(runs, len(runs))
    assert figures(shuffled, at(0), at(60)).red == figures(runs, at(0), at(60)).red


@given(RUNS)
def test_intervals_are_apart_and_in_order(runs):
    edges = [edge for interval in red_intervals(runs, at(60)) for edge in interval]
    assert edges == sorted(edges)


@given(RUNS, st.integers(0, 60))
def test_windows_that_follow_one_another_add_up(runs, middle):
    parts = time_red(runs, at(0), at(middle)) + time_red(runs, at(middle), at(60))
    assert parts == time_red(runs, at(0), at(60))


def test_a_failure_before_the_window_makes_its_beginning_red_and_is_not_counted():
    found = figures([run("failed", 5), run("success", 20)], at(10), at(60))
    assert (found.judged, found.succeeded, found.red) == (1, 1, 10 * MINUTE)
    assert found.share == 1


def test_shares_are_of_judged_runs_and_absent_without_any():
    runs = [run("success", 1), run("failed", 2), run("cancelled", 3), run("success", 4), run("success", 5)]
    assert figures(runs, at(0), at(60)).share == 0.75
    assert figures(runs[2:3], at(0), at(60)).share is None


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 3 * MINUTE)])
def test_durations_are_hidden_below_five(count, shown):
    found = figures([run("success", number, took=number) for number in range(1, count + 1)], at(0), at(60))
    assert found.run_time == shown
    assert (found.queue_time is None) == (shown is None)


def test_run_times_are_of_successes_and_queue_times_of_all_that_were_judged():
    runs = [run("success", 9, took=minutes) for minutes in (1, 2, 3, 4, 100)] + [run("failed", 9, took=50, queued=7)]
    found = figures(runs, at(0), at(60))
    assert found.run_time == 3 * MINUTE
    assert found.run_time_p90 == 61.6 * MINUTE
    assert len(found.queue_times) == 6


def test_clocks_that_go_backwards_give_no_duration():
    backwards = Run(status="success", finished_at=at(1), started_at=at(2), queued_at=at(3))
    found = figures([backwards] * 5, at(0), at(60))
    assert (list(found.run_times), list(found.queue_times), found.run_time) == ([], [], None)


def test_what_ends_together_is_green_where_one_succeeds():
    assert time_red([run("success", 1), run("failed", 1)], at(0), at(5)) == timedelta()
