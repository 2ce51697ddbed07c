"""Heartbeats on the web, and the alerts of a service with those that are held."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oncall.services.maintenance import plan_maintenance
from telemetry.models import Heartbeat
from tests.factories import AlertFactory, AlertRuleFactory, HeartbeatFactory, ServiceFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

LIST = "/services/checkout/heartbeats/"
PART = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", name="Checkout")


@pytest.fixture
def backup(checkout):
    return HeartbeatFactory(service=checkout, name="Nightly backup")


def seen(client, path, **options):
    answer = client.get(path, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def form(**changes):
    return {"name": "Nightly backup", "every": "24 h", "grace": "30 min", "severity": "critical"} | changes


class TestHeartbeats:
    def test_the_page_of_the_service_asks_for_them(self, checkout):
        assert f'hx-get="{LIST}"' in seen(browser("viewer"), "/services/checkout/")

    def test_an_empty_list_says_what_they_are_for(self, checkout):
        assert "address that a job calls" in seen(browser("responder"), LIST)
        assert f"{LIST}new/" not in seen(browser("viewer"), LIST)

    def test_a_part_of_a_page_is_only_that(self, backup):
        part = seen(browser("viewer"), LIST, headers=PART)
        assert "Nightly backup" in part
        assert "<html" not in part

    def test_each_says_how_it_is(self, checkout, backup):
        now = timezone.now()
        HeartbeatFactory(service=checkout, last_at=now, next_at=now + DAY)
        HeartbeatFactory(service=checkout, last_at=now - 2 * DAY, missing_since=now - DAY)
        HeartbeatFactory(service=checkout, paused_at=now)
        page = seen(browser("viewer"), LIST)
        for state in ("never called", "well", "missing", "paused"):
            assert page.count(f"</span>{state}</span>") == 1

    def test_one_that_would_page_nobody_says_so(self, checkout, backup):
        viewer = browser("viewer")
        assert "pages nobody" not in seen(viewer, LIST)
        AlertRuleFactory(service=checkout, labels={"severity": "error"})
        assert "pages nobody" in seen(viewer, LIST)
        assert "an alert fires and pages nobody" in seen(viewer, f"{LIST}{backup.pk}/")

    def test_one_is_added_and_its_address_shown_to_be_called(self, checkout, client):
        responder = browser("responder")
        answer = responder.post(f"{LIST}new/", form(), follow=True)
        made = Heartbeat.objects.get()
        assert (made.every, made.grace, made.severity) == (DAY, timedelta(minutes=30), "critical")
        assert answer.redirect_chain == [(f"{LIST}{made.pk}/", 302)]
        page = answer.content.decode()
        assert f'value="{made.url}"' in page
        assert f'value="curl -fsS -m 10 --retry 5 {made.url}"' in page
        assert client.post(f"/heartbeats/{made.token}").status_code == 200
        assert "well" in seen(responder, f"{LIST}{made.pk}/")

    def test_viewers_see_how_it_is_but_not_its_address(self, backup):
        page = seen(browser("viewer"), f"{LIST}{backup.pk}/")
        assert "never called" in page
        assert backup.token not in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"every": "often"}, "“often” is no length of time; write it as 5 min, 24 h or 1 d."),
            ({"every": "31 d"}, "31 d does not do; give 1 minute to 30 days."),
            ({"name": ""}, "This field is required."),
        ],
    )
    def test_what_does_not_do_is_said_at_its_field(self, checkout, changes, words):
        answer = browser("responder").post(f"{LIST}new/", form(**changes))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Heartbeat.objects.exists()

    def test_one_is_changed_and_keeps_its_address(self, backup):
        responder, address = browser("responder"), f"{LIST}{backup.pk}/"
        assert 'value="1 d"' in seen(responder, f"{address}edit/")
        assert responder.post(f"{address}edit/", form(every="1 d 1 h 30 min")).url == address
        assert 'value="1530 min"' in seen(responder, f"{address}edit/")
        assert Heartbeat.objects.get().token == backup.token

    def test_one_is_paused_resumed_and_deleted(self, backup):
        responder, address = browser("responder"), f"{LIST}{backup.pk}/"
        assert "is paused" in responder.post(f"{address}pause/", follow=True).content.decode()
        assert "waited for again" in responder.post(f"{address}resume/", follow=True).content.decode()
        assert responder.post(f"{address}delete/").url == LIST
        assert not Heartbeat.objects.exists()

    def test_viewers_change_nothing(self, backup):
        viewer, address = browser("viewer"), f"{LIST}{backup.pk}/"
        paths = [f"{LIST}new/", *(f"{address}{act}/" for act in ("edit", "pause", "resume", "delete"))]
        assert [viewer.post(path, form()).status_code for path in paths] == [403] * 5

    def test_one_of_another_service_is_not_there(self, backup):
        ServiceFactory(slug="search")
        assert browser("responder").get(f"/services/search/heartbeats/{backup.pk}/").status_code == 404


class TestAlertsOfAService:
    def test_what_fires_comes_first_and_what_is_long_over_not_at_all(self, checkout):
        now = timezone.now()
        AlertFactory(service=checkout, name="Over", status="resolved", ends_at=now - timedelta(hours=1))
        AlertFactory(service=checkout, name="LongOver", status="resolved", ends_at=now - 2 * DAY)
        AlertFactory(service=checkout, name="Fires", starts_at=now - 3 * DAY)
        AlertFactory(name="OfAnother")
        part = seen(browser("viewer"), "/services/checkout/alerts/", headers=PART)
        assert part.index("Fires") < part.index("Over")
        assert "LongOver" not in part
        assert "OfAnother" not in part

    def test_a_held_one_says_until_when_here_and_in_the_list(self, checkout):
        now = timezone.now()
        window = plan_maintenance(services=[checkout], start=now, end=now + DAY, reason="Disks", by=None)
        AlertFactory(service=checkout, held_at=now)
        words = f"held by maintenance until {window.end:%-d %b, %H:%M}"
        assert words in seen(browser("viewer"), "/services/checkout/alerts/", headers=PART)
        assert words in seen(browser("viewer"), "/alerts/")

    def test_without_scripts_one_comes_to_the_list(self, checkout):
        assert browser("viewer").get("/services/checkout/alerts/").url == "/alerts/?service=checkout"
