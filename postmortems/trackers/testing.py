"""The test of a tracker that an administrator asked for: done by the scheduler, told on the tracker's page."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from notifications.http import Client, HttpError
from notifications.leases import claim
from notifications.payloads import MalformedPayload
from postmortems.models import Tracker
from postmortems.trackers import asking
from postmortems.trackers.polling import client, in_words

LEASE = timedelta(seconds=30)


def check_due(*, limit: int = 5) -> int:
    """Test what is due, the one asked for first; returns how many were tested."""
    with client() as http:
        for tested in range(limit):
            trackers = claim(Tracker.objects.live(), limit=1, lease=LEASE)
            if not trackers:
                return tested
            _test(http, trackers[0])
    return limit


def _test(http: Client, tracker: Tracker) -> None:
    try:
        said, error = asking.who(http, tracker), ""
    except (HttpError, MalformedPayload) as refusal:
        said, error = "", in_words(refusal)
    rows = Tracker.objects.filter(pk=tracker.pk)
    rows.update(tested_at=timezone.now(), test_said=said[:300], last_error=error)
    rows.filter(next_at=tracker.next_at).update(next_at=None, attempts=0)  # unless it is asked for anew
