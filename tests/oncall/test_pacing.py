"""Nobody is told more than a few times in a few minutes, everything is told, and nothing waits for long."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oncall.pacing import ALONE, APART, FURTHEST, GATHERED, LISTS, LONG, MANY, QUIET, Heard, may_be_alone, move

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
TICK = timedelta(seconds=1)

moments = st.lists(st.integers(0, 1800), min_size=1, max_size=200).map(
    lambda seconds: [START + timedelta(seconds=second) for second in sorted(seconds)]
)


def told(arrivals):
    """(when, the moments at which what is told then had come) for one person, by a sweep every second."""
    heard, waiting, messages, now = Heard(), [], [], START
    coming = list(arrivals)
    while coming or waiting:
        while coming and coming[0] <= now:
            waiting.append(coming.pop(0))
        decided = move(heard, waiting, now)
        for moment in waiting[: decided.alone]:
            heard = heard.and_alone(now)
            messages.append((now, [moment]))
        waiting = waiting[decided.alone :]
        if decided.together:
            messages.append((now, waiting))
            heard, waiting = Heard(heard.alone, (*heard.together, now)), []
        now += TICK
    return messages


@given(moments)
def test_everything_is_told_once_and_in_its_order(arrivals):
    assert [moment for _, moments in told(arrivals) for moment in moments] == arrivals


@given(moments)
def test_nobody_is_told_of_many_one_by_one_and_lists_come_ever_less_often(arrivals):
    messages = told(arrivals)
    for at, _ in messages:
        assert sum(at - LONG < other <= at for other, _ in messages) <= MANY + LONG / APART
    lists = [at for at, moments in messages if len(moments) > 1]
    assert all(later - earlier >= APART for earlier, later in pairwise(lists))


@given(st.lists(st.integers(0, 20), min_size=30, max_size=300))
def test_a_storm_of_some_seconds_is_a_handful_of_messages(seconds):
    assert len(told([START + timedelta(seconds=second) for second in sorted(seconds)])) <= 5


@given(moments)
def test_nothing_waits_longer_than_the_furthest_two_messages_are_apart(arrivals):
    for at, moments in told(arrivals):
        assert at - moments[0] <= FURTHEST + GATHERED


@given(moments)
def test_the_first_few_are_told_at_once(arrivals):
    first = told(arrivals)[: min(ALONE, len(arrivals))]
    assert all(at == moments[0] for at, moments in first)


def test_a_thousand_at_once_are_three_messages_and_a_list():
    messages = told([START] * 1000)
    assert [len(moments) for _, moments in messages] == [1, 1, 1, 997]
    assert messages[-1][0] - START == QUIET


def test_what_pours_on_is_told_every_half_minute_and_then_less_and_less_often():
    messages = told([START + timedelta(seconds=second / 2) for second in range(1600)])
    together = [at - START for at, moments in messages if len(moments) > 1]
    assert len(messages) == ALONE + len(together)
    assert together[0] <= GATHERED + 2 * TICK
    gaps = [(later - earlier) / APART for earlier, later in pairwise(together)]
    assert gaps == [1] * LISTS + [2, 4, 8, 8]


def test_pages_that_come_one_after_the_other_are_each_told_soon():
    messages = told([START + timedelta(seconds=5 * n) for n in range(MANY)])
    assert all(len(moments) == 1 and at - moments[0] <= QUIET for at, moments in messages)


def test_but_not_for_ever():
    messages = told([START + timedelta(seconds=5 * n) for n in range(60)])
    assert len(messages) <= MANY + LONG / APART


def test_when_the_storm_is_over_a_page_goes_out_at_once_again():
    heard = Heard(alone=(START,) * ALONE, together=(START + GATHERED,))
    assert not may_be_alone(heard, START + LONG)
    assert may_be_alone(heard, START + GATHERED + LONG)


def test_a_page_now_and_then_is_never_held_back():
    heard = Heard()
    for minute in range(0, 120, 2):
        at = START + timedelta(minutes=minute)
        assert may_be_alone(heard, at)
        heard = heard.and_alone(at)
