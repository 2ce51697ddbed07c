"""Which change might it be?"""

import math
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.suspects import Candidate, Reason, Suspect, Trouble, best, dependency_distances, rank

T0 = datetime(2026, 6, 1, 12, tzinfo=UTC)
TROUBLE = Trouble(started_at=T0, environment="production")
DISTANCES = {"checkout": 0, "payments": 1, "ledger": 2, "storage": 3}


def change(finished: float | None = -10, lasting: float = 5, **fields: Any) -> Candidate:
    """A deploy to checkout that finished so many minutes from t0 (None: it is still going on)."""
    end = T0 + timedelta(minutes=finished if finished is not None else lasting)
    given_fields = {
        "key": "c1", "service": "checkout", "kind": "deploy", "state": "succeeded",
        "environment": "production", "started_at": end - timedelta(minutes=lasting),
        "finished_at": end if finished is not None else None,
    }  # fmt: skip
    return Candidate(**given_fields | fields)


def only(candidate: Candidate, trouble: Trouble = TROUBLE, telemetry: dict[str, list[Reason]] | None = None) -> Suspect:
    [suspect] = rank([candidate], trouble, DISTANCES, telemetry)
    return suspect


def points(candidate: Candidate, trouble: Trouble = TROUBLE) -> dict[str, float]:
    return {reason.text: reason.points for reason in only(candidate, trouble).reasons}


def is_candidate(candidate: Candidate) -> bool:
    return bool(rank([candidate], TROUBLE, DISTANCES))


@pytest.mark.parametrize(
    ("service", "text", "expected"),
    [
        ("checkout", "Deployed to checkout itself", 40),
        ("payments", "Deployed to payments, a direct dependency", 25),
        ("ledger", "Deployed to ledger, two dependencies away", 12),
    ],
)
def test_the_nearer_the_service_the_more_points(service: str, text: str, expected: float) -> None:
    assert points(change(service=service))[text] == expected


@pytest.mark.parametrize("service", ["storage", "elsewhere"])
def test_a_service_further_away_is_dropped_unless_all_share_it(service: str) -> None:
    assert not is_candidate(change(service=service))
    shared = change(service=service, shared_platform=True)
    assert points(shared)[f"Deployed to {service}, a shared platform"] == 10


def test_a_platform_that_is_also_a_dependency_counts_as_the_nearer() -> None:
    assert only(change(service="payments", shared_platform=True)).reasons[0].points == 25


@pytest.mark.parametrize(
    ("finished", "text", "expected"),
    [
        (-4, "Finished 4 min before the trouble began", 30 * math.exp(-4 / 45)),
        (-45, "Finished 45 min before the trouble began", 30 / math.e),
        (-130, "Finished 2 h 10 min before the trouble began", 30 * math.exp(-130 / 45)),
        (-0.2, "Finished less than a minute before the trouble began", 30 * math.exp(-0.2 / 45)),
        (0, "Was being rolled out when the trouble began", 30),
        (3, "Was being rolled out when the trouble began", 30),
    ],
)
def test_time_counts_from_the_finish_unless_the_rollout_spans_the_start(
    finished: float, text: str, expected: float
) -> None:
    assert points(change(finished))[text] == pytest.approx(expected)


def test_a_rollout_that_is_still_going_on_spans_the_start() -> None:
    running = change(None, lasting=20, started_at=T0 - timedelta(minutes=20), state="started")
    assert points(running)["Was being rolled out when the trouble began"] == 30


def test_a_change_just_after_the_start_counts_too_because_clocks_differ() -> None:
    assert points(change(4, lasting=1))["Finished 4 min after the trouble began"] == pytest.approx(
        30 * math.exp(-4 / 45)
    )
    assert points(change(None, started_at=T0 + timedelta(minutes=2)))["Started 2 min after the trouble began"]


@pytest.mark.parametrize(
    ("kind", "finished", "expected"),
    [
        ("deploy", -360, True),
        ("deploy", -361, False),
        ("infrastructure", -361, False),
        ("data", -361, False),
        ("config", -361, True),
        ("flag", -1440, True),
        ("flag", -1441, False),
        ("deploy", 10, True),
        ("deploy", 11, False),
    ],
)
def test_candidates_overlap_the_window(kind: str, finished: float, expected: bool) -> None:
    assert is_candidate(change(finished, kind=kind)) is expected


def test_a_long_rollout_overlaps_though_it_began_before_the_window() -> None:
    assert is_candidate(change(-300, lasting=600))


def test_trouble_begins_with_the_earliest_alert_or_earlier_where_people_say_so() -> None:
    alerts = (T0 - timedelta(minutes=20), T0 - timedelta(minutes=30))
    assert Trouble(started_at=T0, alert_starts=alerts).began_at == T0 - timedelta(minutes=30)
    told = T0 - timedelta(minutes=50)
    assert Trouble(started_at=told, alert_starts=alerts).began_at == told
    assert TROUBLE.began_at == T0


def test_a_rollout_whose_end_was_never_told_does_not_span_for_ever() -> None:
    assert is_candidate(change(None, started_at=T0 - timedelta(hours=5), state="started"))
    assert not is_candidate(change(None, started_at=T0 - timedelta(hours=7), state="started"))


@pytest.mark.parametrize("state", ["requested", "authorised", "superseded", "inactive"])
def test_what_did_not_happen_or_was_replaced_is_no_suspect(state: str) -> None:
    assert not is_candidate(change(state=state))


def test_what_panels_say_counts_for_the_change_they_speak_of() -> None:
    plain, said = only(change()), [Reason("Errors stepped", 15.0), Reason("Latency had stepped", -15.0)]
    assert only(change(), telemetry={"c1": said[:1]}).points == pytest.approx(plain.points + 15)
    assert only(change(), telemetry={"c1": said}).points == pytest.approx(plain.points)
    assert set(said) <= set(only(change(), telemetry={"c1": said}).reasons)
    assert only(change(), telemetry={"c2": said}) == plain


@pytest.mark.parametrize(
    ("revision", "release", "expected"),
    [
        ("v1.2", "v1.2", True),
        ("v1.2", "v1.20", False),
        ("4f2a1c0", "4f2a1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b", True),
        ("4f2a1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b", "4F2A1C0", True),
        ("4f2a1", "4f2a1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b", False),
        ("", "", False),
        ("", "v1.2", False),
    ],
)
def test_a_release_named_by_an_alert_adds_ten(revision: str, release: str, expected: bool) -> None:
    trouble = replace(TROUBLE, releases=frozenset({release}))
    named = points(change(revision=revision), trouble).get(f"An alert names its revision {revision}")
    assert named == (10 if expected else None)


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        ({"emergency": True}, "An emergency change"),
        ({"overridden": True}, "Allowed by an override"),
        ({"state": "failed"}, "Failed"),
        (
            {"emergency": True, "overridden": True, "state": "failed"},
            "An emergency change, allowed by an override, failed",
        ),
    ],
)
def test_an_emergency_an_override_or_a_failure_adds_five_once(marks: dict[str, Any], text: str) -> None:
    assert points(change(**marks))[text] == 5


def test_another_environment_speaks_against_it_and_an_unknown_one_does_not() -> None:
    assert points(change(environment="staging"))["Was in staging; the trouble is in production"] == -20
    assert len(points(change(environment=""))) == 2
    assert len(points(change(), replace(TROUBLE, environment=""))) == 2


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("config", "Changed the configuration of checkout itself"),
        ("flag", "Switched a flag of checkout itself"),
        ("infrastructure", "Changed the infrastructure of checkout itself"),
        ("data", "Changed the data of checkout itself"),
    ],
)
def test_reasons_say_what_kind_of_change_it_was(kind: str, text: str) -> None:
    assert points(change(kind=kind))[text] == 40


def test_the_five_best_are_shown_and_none_that_more_speaks_against() -> None:
    against = change(-300, key="staging", service="ledger", environment="staging")
    ranked = rank([against, *(change(-number, key=str(number)) for number in range(1, 8))], TROUBLE, DISTANCES)
    assert len(ranked) == 8 and ranked[-1].change is against
    assert [suspect.change.key for suspect in best(ranked)] == ["1", "2", "3", "4", "5"]
    assert against not in [suspect.change for suspect in best(ranked, 10)]


def test_distances_follow_dependencies_the_shortest_way_and_survive_circles() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "a"), ("x", "a")]
    assert dependency_distances(["a"], edges) == {"a": 0, "b": 1, "c": 1, "d": 2}
    assert dependency_distances(["a", "d"], edges) == {"a": 0, "d": 0, "b": 1, "c": 1}
    assert dependency_distances([], edges) == {}


candidates = st.builds(
    change,
    st.none() | st.integers(-1500, 30),
    st.integers(0, 600),
    key=st.integers(0, 10**6).map(str),
    service=st.sampled_from(["checkout", "payments", "ledger", "storage"]),
    kind=st.sampled_from(["deploy", "config", "flag", "data"]),
    state=st.sampled_from(["started", "succeeded", "failed", "superseded"]),
    environment=st.sampled_from(["", "production", "staging"]),
    emergency=st.booleans(),
    shared_platform=st.booleans(),
)


@given(st.lists(candidates, max_size=12, unique_by=lambda one: one.key), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_asking(changes: list[Candidate], random: Any) -> None:
    ranked = rank(changes, TROUBLE, DISTANCES)
    shuffled = random.sample(changes, len(changes))
    assert rank(shuffled, TROUBLE, DISTANCES) == ranked
    assert [one.points for one in ranked] == sorted((one.points for one in ranked), reverse=True)


@given(candidates)
def test_points_are_the_sum_of_the_reasons_shown(candidate: Candidate) -> None:
    for suspect in rank([candidate], TROUBLE, DISTANCES):
        assert suspect.points == pytest.approx(sum(reason.points for reason in suspect.reasons))
        assert -8 - 20 <= suspect.points <= 40 + 30 + 15 + 10 + 5


@given(st.integers(-360, 0), st.integers(-360, 0))
def test_the_later_it_finished_before_the_trouble_the_more_points(one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    assert only(change(earlier)).points <= only(change(later)).points


def test_the_author_cannot_score_because_nobody_says_who_it_was() -> None:
    names = {field.name for field in (*fields(Candidate), *fields(Trouble))}
    assert not names & {"author", "actor", "by", "person", "committer", "team"}
