"""Nobody is told more than a few times in a few minutes, everything is told, and nothing waits for long."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oncall.pacing import ALONE, FURTHEST, GATHERED, QUIET, WINDOW, Heard, may_be_alone, move

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
def test_nobody_is_told_more_than_a_handful_of_times_in_five_minutes(arrivals):
    messages = [at for at, _ in told(arrivals)]
    for at in messages:
        assert sum(at - WINDOW < other <= at for other in messages) <= ALONE + 3


@given(moments)
def test_nothing_waits_longer_than_the_furthest_two_messages_are_apart(arrivals):
    for at, moments in told(arrivals):
        assert at - moments[0] <= FURTHEST + GATHERED


@given(moments)
def test_the_first_few_are_told_at_once(arrivals):
    first = told(arrivals)[: min(ALONE, len(arrivals))]
    assert all(at == moments[0] for at, moments in first if moments[0] < START + WINDOW)


def test_a_thousand_at_once_are_three_messages_and_a_list():
    messages = told([START] * 1000)
    assert [len(moments) for _, moments in messages] == [1, 1, 1, 997]
    assert messages[-1][0] - START == QUIET


def test_what_pours_for_a_minute_is_gathered_and_then_told_less_and_less_often():
    messages = told([START + timedelta(seconds=second / 2) for second in range(1200)])
    together = [at - START for at, moments in messages if len(moments) > 1]
    assert len(messages) == ALONE + len(together)
    gaps = [later - earlier for earlier, later in pairwise(together)]
    assert together[0] <= GATHERED + 2 * TICK
    assert gaps == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=4)]


def test_when_the_storm_is_over_a_page_goes_out_at_once_again():
    heard = Heard(alone=(START,) * ALONE, together=(START + GATHERED,))
    assert not may_be_alone(heard, START + WINDOW)
    assert may_be_alone(heard, START + GATHERED + WINDOW)


def test_a_page_now_and_then_is_never_held_back():
    heard = Heard()
    for minute in range(0, 120, 2):
        at = START + timedelta(minutes=minute)
        assert may_be_alone(heard, at)
        heard = heard.and_alone(at)
