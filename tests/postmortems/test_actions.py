"""Action items: due by priority, owned by people who can see them, closed with a reason or done."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from postmortems import action_lifecycle, services
from postmortems.models import Action
from tests.factories import IncidentFactory, PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db


def create(**fields):
    return services.create_action(**{"title": "Bound the pool", "by": None} | fields)


@pytest.mark.parametrize(("priority", "days"), [("high", 14), ("medium", 30), ("low", 90)])
def test_the_due_date_comes_from_the_priority(priority, days):
    assert create(priority=priority).due_on == timezone.localdate() + timedelta(days=days)


def test_a_date_that_is_given_stands_and_numbers_have_no_gaps():
    first = create(due_on=date(2030, 1, 31))
    with pytest.raises(InvalidInput):
        create(title=" ")
    assert first.due_on == date(2030, 1, 31)
    assert create().number == first.number + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "hope"), ("priority", "urgent"), ("url", "javascript:alert(1)"), ("title", "x" * 201)],
)
def test_what_cannot_be_used_is_refused_by_field(field, value):
    action = create()
    with pytest.raises(InvalidInput) as refusal:
        create(**{field: value})
    assert list(refusal.value.errors) == [field]
    with pytest.raises(InvalidInput):
        services.update_action(action=action, by=None, **{field: value})
    action.refresh_from_db()
    assert (action.kind, action.priority, action.url) == ("prevent", "medium", "")


def test_an_owner_is_active_and_may_see_the_post_mortem():
    postmortem = services.open_postmortem(incidents=[IncidentFactory(private=True)])
    for owner in (PersonFactory(), PersonFactory(is_active=False)):
        with pytest.raises(InvalidInput) as refusal:
            create(postmortem=postmortem, owner=owner)
        assert list(refusal.value.errors) == ["owner"]


def test_what_is_given_is_changed_and_the_rest_stays():
    action, team = create(owner=PersonFactory()), TeamFactory()
    changed = services.update_action(action=action, by=None, team=team, url="https://example.com/1", owner=None)
    assert (changed.team, changed.url, changed.owner, changed.title) == (
        team,
        "https://example.com/1",
        None,
        action.title,
    )


def test_not_doing_it_needs_a_reason_and_reopening_forgets_it():
    action = create()
    with pytest.raises(InvalidInput):
        services.transition_action(action=action, to="wont_do", by=None)
    given_up = services.transition_action(action=action, to="wont_do", reason="The service goes away", by=None)
    assert (given_up.reason, given_up.done_at) == ("The service goes away", None)
    reopened = services.transition_action(action=action, to="reopened", by=None)
    assert (reopened.state, reopened.reason) == ("accepted", "")


def test_done_is_stamped_and_taken_back():
    action = services.transition_action(action=create(), to="done", by=None)
    assert action.done_at is not None
    assert services.transition_action(action=action, to="reopened", by=None).done_at is None


def test_a_move_that_the_table_does_not_have_names_the_allowed_ones():
    with pytest.raises(Conflict) as refusal:
        services.transition_action(action=create(), to="reopened", by=None)
    assert refusal.value.extra["allowed"] == ["accepted", "in_progress", "done", "wont_do"]


def test_the_table_of_moves_speaks_of_all_states_and_of_no_other():
    states = set(Action.State.values)
    assert set(action_lifecycle.MOVES) == states
    for state in states:
        assert {action_lifecycle.after(move) for move in action_lifecycle.allowed(state)} <= states
    assert action_lifecycle.allowed("lost") == ()
