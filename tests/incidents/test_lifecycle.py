"""The life of an incident, and what its severity asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lifecycle import OPEN, STATUSES, TERMINAL, NotAllowed, Outcome, ReasonRequired, allowed, check
from incidents.severity import SEVERITIES, is_graver, severity


def test_the_usual_life_stamps_mitigated_resolved_and_closed() -> None:
    assert check("investigating", "identified") == Outcome("identified", (), (), "")
    assert check("identified", "monitoring").sets == ("mitigated_at",)
    assert check("monitoring", "resolved").sets == ("resolved_at",)
    assert check("resolved", "closed").sets == ("closed_at",)


@pytest.mark.parametrize("status", ["investigating", "identified"])
def test_resolving_at_once_mitigates_at_the_same_moment(status: str) -> None:
    assert check(status, "resolved").sets == ("mitigated_at", "resolved_at")


@pytest.mark.parametrize("to", ["investigating", "identified"])
def test_a_mitigation_that_did_not_hold_is_taken_back(to: str) -> None:
    assert check("monitoring", to).clears == ("mitigated_at",)
    assert check("monitoring", "resolved").clears == ()


@pytest.mark.parametrize("status", ["resolved", "closed", "cancelled"])
def test_reopening_investigates_again_and_clears_the_ends(status: str) -> None:
    outcome = check(status, "reopened", " errors are back ")
    assert outcome.status == "investigating" and outcome.reason == "errors are back"
    assert outcome.clears == ("mitigated_at", "resolved_at", "closed_at") and outcome.sets == ()


@pytest.mark.parametrize(("status", "to"), [("resolved", "reopened"), ("investigating", "cancelled")])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_taking_back_what_was_said_needs_a_reason(status: str, to: str, reason: str) -> None:
    with pytest.raises(ReasonRequired, match=f"Say why the incident is {to}"):
        check(status, to, reason)


def test_a_false_alarm_is_cancelled_without_being_resolved() -> None:
    assert check("identified", "cancelled", "a test alert") == Outcome("cancelled", ("closed_at",), (), "a test alert")


def test_a_move_not_in_the_table_names_those_that_are() -> None:
    with pytest.raises(NotAllowed) as caught:
        check("resolved", "monitoring")
    assert caught.value.allowed == ("closed", "reopened")
    assert str(caught.value) == (
        "An incident that is resolved cannot become monitoring; it can become closed or reopened."
    )
    with pytest.raises(NotAllowed, match="it can become reopened"):
        check("closed", "closed")


@given(st.sampled_from(STATUSES), st.text() | st.sampled_from([*STATUSES, "reopened"]))
def test_every_move_is_in_the_table_or_refused(status: str, to: str) -> None:
    if to in allowed(status):
        outcome = check(status, to, "because")
        assert outcome.status in STATUSES and outcome.status != status
        assert not set(outcome.sets) & set(outcome.clears)
    else:
        with pytest.raises(NotAllowed):
            check(status, to, "because")


def test_every_status_is_reached_from_the_first() -> None:
    assert reached("investigating") == set(STATUSES)


@pytest.mark.parametrize("status", STATUSES)
def test_from_everywhere_there_is_a_way_to_rest_and_out_of_rest_only_reopening(status: str) -> None:
    assert reached(status) & set(TERMINAL)
    assert (allowed(status) == ("reopened",)) == (status in TERMINAL)
    assert ("reopened" in allowed(status)) == (status not in OPEN)


@given(st.lists(st.sampled_from([*STATUSES, "reopened"]), max_size=30))
def test_ends_are_stamped_exactly_where_the_status_says_so(moves: list[str]) -> None:
    status, stamped = "investigating", set[str]()
    for to in moves:
        if to in allowed(status):
            outcome = check(status, to, "because")
            assert not stamped & set(outcome.sets), "no end is stamped twice"
            status, stamped = outcome.status, (stamped | set(outcome.sets)) - set(outcome.clears)
            assert ("resolved_at" in stamped) == (status in ("resolved", "closed"))
            assert ("closed_at" in stamped) == (status in TERMINAL)
            if status != "cancelled":
                assert ("mitigated_at" in stamped) == (status in ("monitoring", "resolved", "closed"))


def reached(start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        status = waiting.pop()
        new = {check(status, to, "because").status for to in allowed(status)} - found
        found |= new
        waiting += new
    return found


def test_the_graver_the_severity_the_more_often_updates_are_due() -> None:
    waits = [one.update_minutes or 10**6 for one in SEVERITIES.values()]
    assert waits == sorted(waits) and list(SEVERITIES) == ["sev1", "sev2", "sev3", "sev4"]


def test_sev1_pages_both_sides_and_needs_a_post_mortem_and_sev4_neither() -> None:
    assert severity("sev1").paging == "both" and severity("sev1").post_mortem_required
    assert severity("sev4").paging == "nobody" and not severity("sev4").post_mortem_required


def test_severities_are_compared_by_harm() -> None:
    assert is_graver("sev1", "sev2") and not is_graver("sev3", "sev3") and not is_graver("sev4", "sev3")
    with pytest.raises(ValueError, match="'sev5' is not a severity; choose one of sev1"):
        severity("sev5")
