"""Steps in a series: what is one, what merely looks like one, and where it is."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.kept_steps import MOST, kept_steps, told_steps
from telemetry.steps import Step, steps, without_usual

START = 1_780_000_000
MINUTE = 60
DAY = 86_400


def series(value, count=240, every=15):
    """A point every so many seconds, its value a function of its place."""
    return [[START + place * every, value(place)] for place in range(count)]


def noisy(level, noise=1.0, seed=1):
    random = Random(seed)
    return lambda place: random.gauss(level(place) if callable(level) else level, noise)


def shifting(before, after, at=150):
    return lambda place: before if place < at else after


def at(place, every=15):
    return START + place * every


def test_a_shift_that_stays_is_a_step_found_at_its_first_point():
    [step] = steps(series(noisy(shifting(10, 25))))
    assert step.at == at(150)
    assert (step.before, step.after) == (pytest.approx(10, abs=0.5), pytest.approx(25, abs=0.5))
    assert step.until is None and step.new


def test_it_goes_down_as_well_as_up():
    [step] = steps(series(noisy(shifting(300, 20), noise=10)))
    assert (step.at, step.after < step.before) == (at(150), True)


@pytest.mark.parametrize(("before", "after"), [(0, 12), (12, 0), (0, 1e-9), (-5, 5), (1e12, 3e12), (10, 11.5)])
def test_levels_without_any_noise_step_too_whatever_their_size(before, after):
    [step] = steps(series(shifting(before, after)))
    assert (step.at, step.before, step.after) == (at(150), before, after)


def test_a_shift_of_some_percent_is_none():
    assert steps(series(shifting(100, 105))) == []


@pytest.mark.parametrize("level", [0, 7, -3.5, 1e300])
def test_a_constant_series_has_none(level):
    assert steps(series(lambda _: level)) == []


def test_spikes_of_one_or_two_points_are_no_steps():
    assert steps(series(lambda place: 900 if place in (60, 100, 101, 200) else 10)) == []
    assert steps(series(noisy(lambda place: 900 if place in (60, 100, 101, 200) else 10))) == []


def test_spikes_beside_a_step_do_not_hide_it():
    spiky = series(noisy(lambda place: 500 if place in (140, 145, 160) else shifting(10, 30)(place)))
    assert [step.at for step in steps(spiky)] == [at(150)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("noise", ["gauss", "counts", "long-tailed", "mostly nothing"])
def test_noise_has_none(noise, seed):
    random = Random(seed)
    draw = {
        "gauss": lambda _: random.gauss(10, 3),
        "counts": lambda _: sum(random.random() < 0.1 for _ in range(7)),
        "long-tailed": lambda _: random.paretovariate(1.2),
        "mostly nothing": lambda _: random.random() * 5 if random.random() < 0.1 else 0,
    }[noise]
    assert steps(series(draw)) == []


@pytest.mark.parametrize(("hours", "every"), [(2, 15), (6, 43), (24, 173)])
@pytest.mark.parametrize("noise", [0, 2, 10])
def test_the_slow_seasons_of_a_day_have_none(hours, every, noise):
    swing = noisy(lambda place: 100 + 60 * math.sin(2 * math.pi * place * every / DAY), noise=noise)
    assert steps(series(swing, hours * 3600 // every, every)) == []


@pytest.mark.parametrize("slope", [0.01, 1, 100])
def test_a_steady_slope_has_none(slope):
    assert steps(series(lambda place: slope * place)) == []


def test_a_step_upon_a_season_is_found():
    daily = lambda place: 100 + 60 * math.sin(2 * math.pi * place * 43 / DAY)  # noqa: E731
    [step] = steps(series(noisy(lambda place: daily(place) + (80 if place >= 300 else 0), noise=3), 500, 43))
    assert abs(step.at - at(300, 43)) <= 43


def test_a_counter_that_is_reset_has_none():
    assert steps(series(lambda place: 7 * (place % 90))) == []


def test_a_counter_that_is_reset_steps_where_it_begins_to_run_faster():
    counted, total = [], 0
    for place in range(240):
        total = 0 if place == 60 else total + (5 if place < 150 else 40)
        counted.append([at(place), total])
    [step] = steps(counted)
    assert (step.at, step.before, step.after) == (at(150), pytest.approx(5 / 15), pytest.approx(40 / 15))


def test_gaps_and_missing_values_are_left_out():
    random = Random(3)
    holes = [[when, None if random.random() < 0.3 else value] for when, value in series(noisy(shifting(5, 20)))]
    [step] = steps([point for point in holes if random.random() > 0.1])
    assert abs(step.at - at(150)) <= 3 * 15


def test_what_happened_in_a_long_gap_nobody_saw():
    seen = [point for point in series(shifting(5, 20)) if not at(110) <= point[0] < at(190)]
    assert steps(seen) == []


@pytest.mark.parametrize("count", range(10))
def test_a_few_points_say_nothing(count):
    assert steps(series(shifting(0, 100, at=count // 2), count)) == []


def test_five_points_on_either_side_are_enough():
    [step] = steps(series(shifting(0, 100, at=5), 10))
    assert step.at == at(5)


def test_a_step_is_seen_soon_after_it_happened():
    [step] = steps(series(noisy(shifting(10, 60, at=234))))
    assert step.at == at(234)


def test_a_level_that_goes_back_says_when_and_its_recovery_is_not_new():
    up, down = steps(series(noisy(lambda place: 40 if 100 <= place < 200 else 10), 320))
    assert up.new and abs(up.until - at(200)) <= 2 * 15
    assert not down.new and down.until is None


def test_what_comes_again_and_again_is_not_new():
    assert steps(series(lambda place: 80 if place % 120 >= 60 else 20, 480)) == []
    found = steps(series(lambda place: 80 if place % 240 >= 200 else 20, 960))
    assert len(found) == 7
    assert [step.new for step in found] == [True] + 6 * [False]


def test_what_came_a_week_before_at_the_same_time_is_not_new():
    now, then = Step(at=START, before=1, after=9, score=50), Step(at=START - 7 * DAY + 300, before=1, after=8, score=9)
    assert [step.new for step in without_usual([now], [then])] == [False]
    otherwise = [Step(at=then.at, before=8, after=1, score=9), Step(at=then.at + 3600, before=1, after=8, score=9)]
    assert [step.new for step in without_usual([now], otherwise)] == [True]
    assert [step.new for step in without_usual([now], [Step(at=START + 60, before=1, after=8, score=9)])] == [False]


def test_steps_are_kept_by_line_and_told_again():
    lines = [
        {"label": "b", "points": series(shifting(0, 5, at=50))},
        {"label": "a", "points": series(shifting(1, 9))},
    ]
    kept = kept_steps(lines, [{"label": "a", "points": [[when - 7 * DAY, v] for when, v in lines[1]["points"]]}])
    assert [(one["label"], one["at"], one["new"]) for one in kept] == [("b", at(50), True), ("a", at(150), False)]
    assert told_steps(kept)[0] == steps(lines[0]["points"])[0]
    assert told_steps(None) == []


def test_no_more_are_kept_than_stand_out_most():
    lines = [{"label": str(n), "points": series(shifting(100, 150 + n))} for n in range(MOST + 10)]
    kept = kept_steps(lines)
    assert len(kept) == MOST and min(one["after"] for one in kept) >= 155


values = st.none() | st.floats() | st.integers(-(10**18), 10**18)
whatever = st.lists(st.tuples(st.integers(0, 10_000), values).map(list), max_size=120)


@given(whatever)
def test_whatever_the_points_are_steps_lie_among_them_in_order(points):
    found = steps(points)
    times = {when for when, _ in points}
    assert all(step.at in times and step.before != step.after and math.isfinite(step.score) for step in found)
    assert [step.at for step in found] == sorted(step.at for step in found)
    assert all(step.until is None or step.until >= step.at for step in found)


@given(st.integers(0, 1000), st.sampled_from([2.0**n for n in range(-20, 21)]))
def test_the_unit_of_a_series_does_not_matter(seed, factor):
    plain = series(noisy(shifting(10, 30, at=60), seed=seed), 120)
    scaled = [[when, value * factor] for when, value in plain]
    assert [(one.at, one.score) for one in steps(scaled)] == [(one.at, one.score) for one in steps(plain)]


@given(st.integers(0, 1000), st.integers(20, 200), st.integers(8, 50))
def test_a_clear_step_is_found_wherever_it_is(seed, place, size):
    found = steps(series(noisy(shifting(10, 10 + size, at=place), seed=seed), 220))
    assert [one.at for one in found if abs(one.at - at(place)) <= 15]
    assert len(found) == 1
