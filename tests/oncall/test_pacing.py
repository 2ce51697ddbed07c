"""Pages that come one after the other are told at once or soon; those of a storm in a few messages; all of them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oncall.paging.pacing import AFTER_HUNDREDS, AFTER_MESSAGES, LATELY, MESSAGES, PAUSES, Message, free_at, move

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
TICK = timedelta(seconds=1)
ALONE = PAUSES[0][0]

moments = st.lists(st.integers(0, 1800), min_size=1, max_size=200).map(
    lambda seconds: [START + timedelta(seconds=second) for second in sorted(seconds)]
)


def told(arrivals):
    """(when, the moments at which what is told then had come) for one person, by a sweep every second."""
    heard, waiting, messages, now = (), [], [], START
    coming = list(arrivals)
    while coming or waiting:
        while coming and coming[0] <= now:
            waiting.append(coming.pop(0))
        decided = move(heard, len(waiting), now)
        for moment in waiting[: decided.alone]:
            heard += (Message(now),)
            messages.append((now, [moment]))
        waiting = waiting[decided.alone :]
        if decided.together:
            heard += (Message(now, len(waiting)),)
            messages.append((now, waiting))
            waiting = []
        now += TICK
    return messages


def after(*seconds):
    return [START + timedelta(seconds=second) for second in seconds]


@given(moments)
def test_everything_is_told_once_and_in_its_order(arrivals):
    assert [moment for _, moments in told(arrivals) for moment in moments] == arrivals


@given(moments)
def test_the_first_are_told_at_once(arrivals):
    assert all(at == moments[0] for at, moments in told(arrivals)[: min(ALONE, len(arrivals))])


@given(moments)
def test_nothing_waits_longer_than_the_longest_pause(arrivals):
    assert all(at - moments[0] <= AFTER_MESSAGES for at, moments in told(arrivals))


@given(moments)
def test_nobody_gets_more_messages_than_the_pauses_leave_room_for(arrivals):
    times = [at for at, _ in told(arrivals)]
    for at in times:
        assert sum(at - LATELY < other <= at for other in times) <= MESSAGES + LATELY / AFTER_MESSAGES + 1


@given(st.lists(st.integers(0, 10), min_size=30, max_size=300))
def test_a_storm_of_some_seconds_is_a_handful_of_messages(seconds):
    assert len(told(after(*sorted(seconds)))) <= 7


@given(st.lists(st.integers(0, 30), min_size=20, max_size=30))
def test_some_dozens_within_half_a_minute_are_each_told_within_seconds(seconds):
    assert all(at - moments[0] <= PAUSES[2][1] for at, moments in told(after(*sorted(seconds))))


def test_a_thousand_at_once_are_told_within_seconds_by_a_list():
    messages = told([START] * 1000)
    assert [len(moments) for _, moments in messages] == [1] * ALONE + [1000 - ALONE]
    assert messages[-1][0] - START == PAUSES[1][1]


def test_pages_that_come_one_after_the_other_have_a_message_each():
    assert all(len(moments) == 1 for _, moments in told(after(*range(0, 20 * 4, 4))))


def test_what_pours_on_is_told_less_and_less_often():
    times = [at for at, _ in told(after(*(second / 2 for second in range(2400))))]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps[:5]) <= PAUSES[2][1]
    assert min(gaps[-5:]) >= AFTER_HUNDREDS


def test_when_it_has_been_calm_a_page_goes_out_at_once_again():
    heard = tuple(Message(at, 50) for at in after(0, 2, 5))
    assert free_at(heard, START + timedelta(seconds=6)) > START + timedelta(seconds=6)
    assert free_at(heard, START + LATELY + timedelta(seconds=6)) <= START + LATELY + timedelta(seconds=6)


def test_a_page_now_and_then_is_never_held_back():
    assert all(at == moments[0] for at, moments in told(after(*range(0, 7200, 120))))
