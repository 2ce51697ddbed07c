"""The room of an incident with a thousand alerts: all of them are counted and can be reached, few are drawn."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.alerts import Batch, take_in_all
from incidents.services import add_note, declare
from telemetry.models import Alert
from tests.factories import AlertFactory, PersonFactory, ServiceFactory
from tests.incidents.web import signed_in, text_of

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(hours=1)


@pytest.fixture
def incident():
    """An open incident that has taken in 1,000 alerts, one message each, with a note in between."""
    service = ServiceFactory()
    incident, _ = declare(title="Checkout is down", services=[service], started_at=START)
    Alert.objects.bulk_create(
        AlertFactory.build(service=service, name=f"Name{n % 10}", starts_at=START + timedelta(seconds=n))
        for n in range(1000)
    )
    told = Alert.objects.order_by("starts_at").values_list("pk", flat=True)
    take_in_all([Batch((pk,), None, group_key=str(pk), occasion=str(pk)) for pk in told])
    add_note(incident=incident, text="We look into it", at=START + timedelta(seconds=300.5), by=PersonFactory())
    return incident


def test_the_room_counts_them_all_and_draws_few_lines(incident):
    browser = signed_in()
    url = incident.get_absolute_url()
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        shown = text_of(browser.get(url))
    assert '<data value="1000">1,000</data> alerts, 1,000 firing' in shown
    assert shown.count('class="entry ') < 20
    runs = [int(count) for count in re.findall(r"(\d+) alerts fire", shown)]
    assert (len(runs), sum(runs)) == (2, 1000)
    assert "We look into it" in shown
    assert len(captured) < 40


def test_every_alert_can_be_reached_page_by_page_and_by_name(incident):
    browser, url = signed_in(), f"{incident.get_absolute_url()}alerts/"
    rows = sum(browser.get(f"{url}?page={page}").content.decode().count('<th scope="row">') for page in range(1, 11))
    assert rows == 1000
    assert "1–100 of 1000" in text_of(browser.get(url))
    assert browser.get(f"{url}?name=Name3").context["page"].paginator.count == 100
    assert "No alert fits" in text_of(browser.get(f"{url}?status=resolved"))


def test_programs_count_them_on_the_timeline_and_in_the_list(incident, api):
    client, url = api(PersonFactory()), f"/api/v1/incidents/{incident.number}/"
    assert client.get(url).data["alerts"] == {"total": 1000, "firing": 1000}
    assert client.get(f"{url}alerts/?page_size=500").data["count"] == 1000
    assert client.get(f"{url}alerts/?name=Name3").data["count"] == 100
    entries = [
        entry for page in (1, 2, 3) for entry in client.get(f"{url}timeline/?page_size=500&page={page}").data["results"]
    ]
    assert len({entry["data"]["alert"] for entry in entries if entry["kind"] == "alert"}) == 1000


def test_the_alerts_of_a_private_incident_are_seen_by_those_who_take_part(incident, api):
    type(incident).objects.update(private=True)
    assert signed_in().get(f"{incident.get_absolute_url()}alerts/").status_code == 404
    assert api(PersonFactory()).get(f"/api/v1/incidents/{incident.number}/alerts/").status_code == 404
