"""When a change was at work, and how it stood when trouble began."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.rollouts import Rollout, rollout

T0 = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def stood(*entries: tuple[str, float]) -> Rollout:
    return rollout([(state, at(minutes)) for state, minutes in entries], T0)


def test_it_was_at_work_from_its_start_to_its_end() -> None:
    assert stood(("succeeded", -4), ("started", -9)) == Rollout("succeeded", at(-9), at(-4))
    assert stood(("started", -9)) == Rollout("started", at(-9), None)


def test_waiting_for_permission_is_not_being_rolled_out() -> None:
    asked = ("requested", -300), ("authorised", -20)
    assert stood(*asked, ("started", -12), ("succeeded", -10)) == Rollout("succeeded", at(-12), at(-10))
    assert stood(*asked, ("succeeded", -10)) == Rollout("succeeded", at(-20), at(-10))
    assert stood(asked[0]) == Rollout("requested", at(-300), None)


@pytest.mark.parametrize("state", ["rolled_back", "superseded"])
def test_a_culprit_that_was_taken_back_later_stands_as_it_stood(state: str) -> None:
    done = ("started", -9), ("succeeded", -4)
    assert stood(*done, (state, 25)) == Rollout("succeeded", at(-9), at(-4))
    assert stood(("started", -2), ("succeeded", 3), (state, 25)) == Rollout("started", at(-2), None)


def test_what_was_replaced_before_the_trouble_was_no_longer_there() -> None:
    assert stood(("started", -90), ("succeeded", -80), ("superseded", -30)).state == "superseded"


def test_what_was_rolled_back_before_the_trouble_ended_then() -> None:
    assert stood(("succeeded", -80), ("rolled_back", -5)) == Rollout("rolled_back", at(-80), at(-5))


def test_one_that_began_after_the_trouble_stands_as_it_began() -> None:
    assert stood(("started", 3), ("succeeded", 4), ("superseded", 30)) == Rollout("started", at(3), None)
    assert stood(("rolled_back", 3)) == Rollout("rolled_back", at(3), at(3))
