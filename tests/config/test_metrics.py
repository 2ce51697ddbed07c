"""What /metrics says of the work, and the dead-man URL: called while all is well, silent while anything is late."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config import metrics
from notifications import health
from notifications.models import Counter, Delivery, InboundMessage, SignOfLife
from oncall import paging
from oncall.models import Escalation, PageNotice
from tests.factories import staffed_service
from tests.receiver import receiving

pytestmark = pytest.mark.django_db


def scraped():
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.fixture
def page():
    health.beat("sweep")
    return paging.page(subject="Checkout is down", service=staffed_service())


def test_the_state_of_the_work_stands_beside_what_django_counts(page):
    Escalation.objects.filter(seat="dev").update(next_at=timezone.now() - timedelta(minutes=5))
    Counter.objects.create(name="repaired.no_side", value=3)
    InboundMessage.objects.create(source="event", key="1", body=b"{}")
    found = scraped()
    assert found["andon_database_up",] == 1
    assert 299 < found["andon_overdue_seconds", "escalations"] < 310
    assert found["andon_overdue_seconds", "reactions"] < 5
    assert {name[1] for name in found if name[0] == "andon_overdue_seconds"} == {
        "reactions", "deliveries", "inbox", "escalations", "notices", "heartbeats",
        "held alerts", "deployment protection rules", "red pipelines", "webhook messages",
    }  # fmt: skip
    assert found["andon_sweeper_age_seconds",] < 5
    assert found["andon_pages_open", "triggered"] == 1
    assert found["andon_pages_open", "acknowledged"] == 0
    assert found["andon_deliveries", "pages", "waiting"] == 2
    assert found["andon_inbox_waiting",] == 1
    assert found["andon_repairs_total", "no_side"] == 3
    assert any(name[0].startswith("django_") for name in found)


def test_a_page_whose_last_step_had_no_answer_is_counted_once(page):
    Escalation.objects.update(exhausted_at=timezone.now(), next_at=None)
    assert scraped()["andon_pages_exhausted",] == 1


def test_without_a_database_the_rest_still_answers(monkeypatch):
    def gone():
        raise DatabaseError("connection refused")

    monkeypatch.setattr(metrics, "_families", gone)
    assert scraped()["andon_database_up",] == 0


@pytest.fixture
def outside(settings):
    with receiving() as receiver:
        settings.ANDON_DEADMAN_URL = f"{receiver.url}/alive"
        yield receiver


def test_while_all_is_well_the_dead_man_url_is_called(page, outside):
    Delivery.objects.update(next_at=timezone.now())
    assert health.call_deadman()
    assert outside.paths == ["/alive"]
    assert scraped()["andon_deadman_age_seconds",] < 5


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (lambda at: Escalation.objects.filter(seat="ops").update(next_at=at), "escalations"),
        (lambda at: Delivery.objects.update(next_at=at), "deliveries"),
        (lambda at: PageNotice.objects.filter(seat="ops").update(next_at=at), "notices"),
        (lambda at: InboundMessage.objects.create(source="event", key="1", body=b"{}", next_at=at), "inbox"),
        (lambda at: SignOfLife.objects.update(at=at), "sweeper"),
        (lambda at: SignOfLife.objects.all().delete(), "sweeper"),
    ],
)
def test_it_falls_silent_while_anything_is_late(page, outside, late, said):
    late(timezone.now() - timedelta(seconds=45))
    [sentence] = health.complaints()
    assert said in sentence
    assert not health.call_deadman()
    assert outside.paths == []


def test_it_falls_silent_when_nothing_can_be_written(page, outside, monkeypatch):
    def read_only(name):
        raise DatabaseError("cannot execute INSERT in a read-only transaction")

    monkeypatch.setattr(health, "beat", read_only)
    with pytest.raises(DatabaseError):
        health.call_deadman()
    assert outside.paths == []


def test_without_a_url_nobody_is_called(page, settings):
    settings.ANDON_DEADMAN_URL = ""
    assert not health.call_deadman()
