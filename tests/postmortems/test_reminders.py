"""Owners are reminded before, on and after the day, once for each."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from incidents.models import Participant
from notifications.models import Delivery
from postmortems import services
from postmortems.reminders import remind_due
from tests.factories import ContactMethodFactory, IncidentFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def subjects():
    return list(Delivery.objects.order_by("pk").values_list("message__subject", flat=True))


def on_day(day):
    with time_machine.travel(START + timedelta(days=day), tick=False):
        return remind_due()


def action(due_in=30, **fields):
    with time_machine.travel(START, tick=False):
        owner = fields.pop("owner", None) or ContactMethodFactory().person
        return services.create_action(
            title="Bound the pool", by=None, owner=owner, due_on=(START + timedelta(days=due_in)).date(), **fields
        )


def test_seven_days_and_one_before_on_the_day_and_every_week_after():
    action()
    reminded = [day for day in range(60) if on_day(day)]
    assert reminded == [23, 29, 30, 37, 44, 51, 58]
    assert subjects()[:4] == [
        "Due in 7 days: Bound the pool",
        "Due in 1 day: Bound the pool",
        "Due today: Bound the pool",
        "Overdue by 7 days: Bound the pool",
    ]


def test_running_again_tells_nothing_again_and_a_missed_day_is_made_up():
    action()
    assert [on_day(25), on_day(25), on_day(26)] == [1, 0, 0]
    assert subjects() == ["Due in 5 days: Bound the pool"]


def test_nothing_is_told_at_once_about_what_was_made_late():
    action(due_in=3)
    assert on_day(0) == 0
    assert on_day(2) == 1


def test_what_is_closed_or_nobodys_is_left_alone():
    done, given_up = action(), action()
    services.transition_action(action=done, to="done", by=None)
    services.transition_action(action=given_up, to="wont_do", by=None, reason="gone")
    services.create_action(title="Nobody's", by=None, due_on=START.date())
    assert on_day(40) == 0


def test_who_may_not_see_it_any_more_is_not_reminded():
    incident, owner = IncidentFactory(private=True), ContactMethodFactory().person
    taking_part = Participant.objects.create(incident=incident, person=owner, how="added")
    action(owner=owner, postmortem=services.open_postmortem(incidents=[incident]))
    taking_part.delete()
    assert on_day(40) == 0


def test_another_date_begins_anew():
    late = action()
    assert on_day(37) == 1
    services.update_action(action=late, by=None, due_on=(START + timedelta(days=45)).date())
    assert [on_day(37), on_day(38), on_day(44), on_day(45)] == [0, 1, 1, 1]
