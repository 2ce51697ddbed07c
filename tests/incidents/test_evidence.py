"""What panels say for and against a change."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from incidents.evidence import Panel, evidence
from incidents.suspects import Candidate, Reason
from telemetry.steps import Step

T0 = datetime(2026, 6, 1, 12, tzinfo=UTC)


def moment(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def change(started: float, finished: float | None, key: str = "c1") -> Candidate:
    """A deploy between so many minutes from t0."""
    return Candidate(
        key=key, service="checkout", kind="deploy", state="succeeded",
        started_at=moment(started), finished_at=None if finished is None else moment(finished),
    )  # fmt: skip


def panel(*minutes: float, name: str = "Error rate", service: str = "Checkout", **fields: Any) -> Panel:
    """One whose level shifts from 0.4 to 12 % so many minutes from t0."""
    steps = tuple(
        Step(**{"at": moment(at).timestamp(), "before": 0.4, "after": 12, "score": 20} | fields) for at in minutes
    )
    return Panel(name, service, "%", steps)


def said(candidate: Candidate, *panels: Panel) -> list[Reason]:
    return evidence([candidate], panels, T0).get(candidate.key, [])


def points(candidate: Candidate, *panels: Panel) -> list[float]:
    return [reason.points for reason in said(candidate, *panels)]


def test_a_step_soon_after_a_change_speaks_for_it_and_says_which_panel_when_and_how_much() -> None:
    [reason] = said(change(-10, -6), panel(-4))
    assert reason == Reason("Error rate of Checkout stepped from 0.4 to 12 % 2 min after it", 15.0)


def test_a_step_during_the_rollout_speaks_for_it() -> None:
    [reason] = said(change(-10, 3), panel(-4))
    assert reason.text.endswith("while it was rolled out")
    assert points(change(-40, None), panel(-4)) == [15]


def test_clocks_differ_by_a_minute_or_two() -> None:
    [reason] = said(change(-10, -6), panel(-11))
    assert (reason.text.rpartition("%")[2], reason.points) == (" as it began", 15)


def test_what_stepped_before_a_change_began_it_did_not_cause() -> None:
    [reason] = said(change(-10, -6), panel(-18))
    assert reason == Reason("Error rate of Checkout stepped from 0.4 to 12 % 8 min before it began", -15.0)


def test_a_step_long_after_a_change_says_nothing_of_it() -> None:
    assert said(change(-60, -50), panel(-4)) == []
    assert points(change(-60, -19), panel(-4)) == [15]


def test_what_went_back_before_the_trouble_is_another_story() -> None:
    gone = panel(-30, until=moment(-20).timestamp())
    assert said(change(-35, -31), gone) == [] == said(change(-10, -6), gone)


def test_what_was_there_before_and_what_recovers_is_no_beginning() -> None:
    assert said(change(-10, -6), panel(-4, new=False)) == []


def test_steps_long_before_and_after_the_trouble_began_are_not_of_it() -> None:
    assert said(change(-180, -170), panel(-165)) == []
    assert said(change(-10, -6), panel(-165)) == []
    assert said(change(-1, 1), panel(6)) == []
    assert points(change(-1, 1), panel(4)) == [15]


def test_two_panels_may_say_both() -> None:
    assert points(change(-10, -6), panel(-18), panel(-4, name="Latency")) == [15, -15]


def test_of_many_panels_the_clearest_is_named_and_the_others_are_counted() -> None:
    quiet, clear = panel(-4, -3, name="Latency", score=6), panel(-5, name="Errors", score=40)
    [reason] = said(change(-10, -6), quiet, clear, panel(-5, name="Errors", service="Basket", score=7))
    assert reason.text.startswith("Errors of Checkout stepped")
    assert reason.text.endswith(", as did 2 more panels") and reason.points == 15


def test_the_breach_that_was_first_is_named() -> None:
    [reason] = said(change(-5, -4), panel(-20, name="Latency"), panel(-30, name="Errors"))
    assert reason.text == "Errors of Checkout stepped from 0.4 to 12 % 25 min before it began, as did 1 more panel"


def test_each_change_is_judged_by_itself() -> None:
    culprit, later, old = change(-20, -18, "culprit"), change(-8, -5, "later"), change(-200, -190, "old")
    found = evidence([culprit, later, old], [panel(-15)], T0)
    assert {key: [reason.points for reason in reasons] for key, reasons in found.items()} == {
        "culprit": [15],
        "later": [-15],
    }


@given(st.integers(-400, 30), st.none() | st.integers(0, 60), st.lists(st.integers(-300, 60), max_size=6))
def test_panels_speak_once_for_and_once_against_at_most(start: int, lasted: int | None, steps: list[int]) -> None:
    found = points(change(start, None if lasted is None else start + lasted), *(panel(at) for at in steps))
    assert found in ([], [15], [-15], [15, -15])
