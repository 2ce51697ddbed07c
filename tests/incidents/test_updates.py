"""An update says what is known and when more will be said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.services import change_severity, declare, post_update, transition
from notifications.errors import Forbidden, InvalidInput
from notifications.models import Event
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def minutes_until(moment):
    return round((moment - timezone.now()) / timedelta(minutes=1))


@pytest.mark.parametrize(("severity", "minutes"), [("sev1", 30), ("sev2", 60), ("sev3", 240)])
def test_the_severity_says_when_the_next_is_due(severity, minutes):
    incident, _ = declare(title="Down", severity=severity)
    assert minutes_until(incident.next_update_due_at) == minutes
    update = post_update(incident=incident, text="We know why", by=PersonFactory())
    assert minutes_until(update.next_due_at) == minutes


def test_who_posts_may_promise_another_time():
    incident, _ = declare(title="Down")
    post_update(incident=incident, text="More soon", by=PersonFactory(), next_due_in=10)
    incident.refresh_from_db()
    assert minutes_until(incident.next_update_due_at) == 10


def test_it_stands_on_the_timeline_with_the_status_of_then_and_others_are_told():
    incident, _ = declare(title="Down")
    update = post_update(incident=incident, text="  We know why ", by=PersonFactory())
    assert (update.text, update.status) == ("We know why", "investigating")
    assert incident.timeline.get(kind="update").data == {"update": update.pk}
    payload = Event.objects.get(type="incident.update_posted").payload
    assert payload == {"incident": incident.number, "update": update.pk}


def test_after_the_end_no_further_one_is_owed():
    incident, _ = declare(title="Down")
    incident = transition(incident=incident, to="resolved", by=None)
    update = post_update(incident=incident, text="All is well", by=PersonFactory(), next_due_in=10)
    assert update.next_due_at is None


def test_a_graver_severity_brings_the_next_one_forward_and_a_lesser_one_keeps_the_promise():
    incident, _ = declare(title="Down", severity="sev3")
    raised = change_severity(incident=incident, severity="sev1", by=None)
    assert minutes_until(raised.next_update_due_at) == 30
    lowered = change_severity(incident=raised, severity="sev2", by=None)
    assert minutes_until(lowered.next_update_due_at) == 30


@pytest.mark.parametrize("fields", [{"text": " "}, {"next_due_in": 0}, {"next_due_in": -5}, {"next_due_in": 10**6}])
def test_what_cannot_be_promised_is_refused(fields):
    incident, _ = declare(title="Down")
    with pytest.raises(InvalidInput) as refusal:
        post_update(**{"incident": incident, "text": "x", "by": PersonFactory()} | fields)
    assert list(refusal.value.errors) == list(fields)
    assert not incident.updates.exists()


def test_viewers_do_not_speak_for_the_incident():
    incident, _ = declare(title="Down")
    with pytest.raises(Forbidden):
        post_update(incident=incident, text="x", by=PersonFactory(role="viewer"))
