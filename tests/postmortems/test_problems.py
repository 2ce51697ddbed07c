"""Problem records: what each move and each outcome asks for, and what makes a known error."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications.errors import Conflict, InvalidInput
from postmortems import services
from postmortems.models import Problem
from postmortems.problems import lifecycle as problem_lifecycle
from postmortems.problems.lifecycle import OUTCOMES, Resolution, objections
from postmortems.problems.priority import HIGHEST, LOWEST, priority
from tests.factories import ChangeFactory, IncidentFactory, ServiceFactory

TODAY = date(2026, 6, 5)
levels = st.sampled_from([1, 2, 3])


def open_problem(**fields):
    return services.open_problem(**{"title": "The pool has no bound", "by": None} | fields)


def move(problem, to, **fields):
    return services.transition_problem(problem=problem, to=to, by=None, **fields)


@pytest.mark.django_db
def test_a_problem_goes_from_new_to_closed():
    problem = open_problem(incidents=[IncidentFactory()], services=[ServiceFactory()])
    services.link_problem(problem=problem, by=None, changes=[ChangeFactory(state="succeeded")])
    for to in ("assess", "investigating", "fix_in_progress"):
        assert move(problem, to).status == to
    resolved = move(problem, "resolved", outcome="fixed")
    assert resolved.resolved_at and resolved.outcome == "fixed"
    assert move(problem, "closed").status == "closed"
    reopened = move(problem, "reopened")
    assert (reopened.status, reopened.outcome, reopened.resolved_at) == ("investigating", "", None)


@pytest.mark.django_db
def test_fixed_needs_a_change_that_succeeded():
    problem = open_problem()
    services.link_problem(problem=problem, by=None, changes=[ChangeFactory(state="failed")])
    with pytest.raises(InvalidInput) as refusal:
        move(problem, "resolved", outcome="fixed")
    assert list(refusal.value.errors) == ["changes"]
    problem.refresh_from_db()
    assert problem.status == "new"


@pytest.mark.django_db
def test_the_other_outcomes_keep_what_they_ask_for():
    soon = timezone.localdate() + timedelta(days=90)
    assert move(open_problem(), "resolved", outcome="risk_accepted", review_on=soon).review_on == soon
    original = open_problem()
    assert move(open_problem(), "resolved", outcome="duplicate", duplicate_of=original).duplicate_of == original
    assert move(open_problem(), "resolved", outcome="cancelled", reason="As designed").fix_notes == "As designed"
    with pytest.raises(InvalidInput, match="itself"):
        move(original, "resolved", outcome="duplicate", duplicate_of=original)


@pytest.mark.django_db
def test_a_known_error_needs_cause_notes_and_keeps_them():
    problem = open_problem()
    with pytest.raises(InvalidInput, match="cause"):
        services.mark_known_error(problem=problem, by=None, workaround="Restart it")
    known = services.mark_known_error(problem=problem, by=None, cause_notes="No bound", workaround="Restart it")
    assert known.is_known_error and known.workaround == "Restart it"
    again = services.mark_known_error(problem=problem, by=None, workaround="Drain it first")
    assert (again.known_error_at, again.workaround) == (known.known_error_at, "Drain it first")
    with pytest.raises(InvalidInput):
        services.edit_problem(problem=problem, by=None, cause_notes=" ")


@pytest.mark.django_db
def test_what_is_resolved_is_no_known_error():
    problem = services.mark_known_error(problem=open_problem(), by=None, cause_notes="No bound")
    problem = move(problem, "resolved", outcome="cancelled", reason="gone")
    assert not problem.is_known_error
    assert not Problem.objects.known_errors().exists()
    with pytest.raises(Conflict):
        services.mark_known_error(problem=problem, by=None, cause_notes="x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"), [("impact", 0), ("urgency", 4), ("origin", "fate"), ("statement", "nul\x00")]
)
def test_what_cannot_be_used_is_refused_by_field(field, value):
    with pytest.raises(InvalidInput) as refusal:
        open_problem(**{field: value})
    assert list(refusal.value.errors) == [field]
    assert not Problem.objects.exists()


@pytest.mark.django_db
def test_links_are_added_and_taken_back_one_by_one():
    problem, incident = open_problem(), IncidentFactory()
    services.link_problem(problem=problem, by=None, incidents=[incident])
    assert list(problem.incidents.all()) == [incident]
    services.unlink_problem(problem=problem, by=None, incidents=[incident])
    assert not problem.incidents.exists()


@given(levels, levels)
def test_priority_falls_with_either_and_treats_both_alike(impact, urgency):
    found = priority(impact, urgency)
    assert HIGHEST <= found <= LOWEST
    assert found == priority(urgency, impact)
    assert all(priority(impact, graver) <= found for graver in range(1, urgency + 1))


def test_priority_of_the_corners():
    assert (priority(1, 1), priority(2, 2), priority(3, 3)) == (1, 3, 5)
    with pytest.raises(ValueError, match="urgency 0"):
        priority(1, 0)


def test_every_state_leads_to_resolved_and_from_there_back():
    assert set(problem_lifecycle.MOVES) == set(Problem.Status.values)
    for status, moves in problem_lifecycle.MOVES.items():
        assert {problem_lifecycle.after(move) for move in moves} <= set(problem_lifecycle.MOVES)
        assert "resolved" in moves or status in ("resolved", "closed")
    assert set(OUTCOMES) == set(Problem.Outcome.values)


@given(st.text(max_size=12).filter(lambda outcome: outcome not in OUTCOMES))
def test_no_other_outcome_resolves(outcome):
    assert list(objections(Resolution(outcome, 3, TODAY, True, "because"), TODAY)) == ["outcome"]


def test_a_risk_is_looked_at_again_after_today():
    for review_on in (None, TODAY, TODAY - timedelta(days=1)):
        assert "review_on" in objections(Resolution("risk_accepted", review_on=review_on), TODAY)
    assert objections(Resolution("risk_accepted", review_on=TODAY + timedelta(days=1)), TODAY) == {}
