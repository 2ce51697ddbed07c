"""The watchdog: finds what must never be and mends it; finds nothing where all is well."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone
from structlog.testing import capture_logs

from notifications import deliveries, outbox
from notifications.models import Counter, Delivery
from oncall import paging
from oncall.checks import watchdog
from oncall.models import Bundle, Escalation, Page, PageLogEntry, PageNotice
from oncall.paging import bundles
from oncall.paging.reassigning import reassign
from tests.factories import ContactMethodFactory, TeamFactory, staffed_service

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def page(clock):
    return paging.page(subject="Checkout is down", service=staffed_service())


def repaired(kind):
    """That exactly this was mended: once, loudly, and in the page's log."""
    with capture_logs() as logs:
        assert watchdog.repair() == 1
    assert [line["defect"] for line in logs if line["log_level"] == "error"] == [kind]
    assert Counter.objects.get(name=f"repaired.{kind}").value == 1
    assert PageLogEntry.objects.filter(kind="repaired").count() == 1
    assert watchdog.repair() == 0
    return True


def test_a_page_without_any_side_begins_to_climb(page):
    page.escalations.all().delete()
    assert repaired("no_side")
    assert {side.seat for side in page.escalations.due()} == {"dev", "ops"}
    assert paging.escalate_due() == 1


def test_a_side_that_nobody_answered_and_that_is_not_due_goes_on(page):
    page.escalations.filter(seat="ops").update(next_at=None)
    assert repaired("forgotten_side")
    assert [side.seat for side in page.escalations.due()] == ["ops"]


def test_a_snooze_after_which_nobody_is_due_ends(page, clock):
    dev = page.notices.get(seat="dev").person
    paging.snooze(page=page, by=dev, until=NOW + timedelta(hours=1))
    page.escalations.update(next_at=None, acknowledged_at=NOW)
    clock.shift(timedelta(minutes=59))
    assert watchdog.repair() == 0
    clock.shift(timedelta(minutes=2))
    assert repaired("overslept")
    assert page.escalations.due().exists()


def test_a_message_that_was_noted_and_never_made_is_made(page):
    notice = page.notices.get(seat="dev")
    delivery = notice.delivery
    PageNotice.objects.filter(pk=notice.pk).update(delivery=None)
    delivery.delete()
    assert repaired("unsent_notice")
    assert page.notices.get(seat="dev").delivery.address == notice.person.email


def test_a_message_that_waits_for_others_is_not_missed(page):
    page.notices.filter(seat="dev").update(delivery=None, next_at=NOW + timedelta(minutes=1))
    assert watchdog.repair() == 0


def test_what_still_waits_for_a_page_that_is_resolved_is_withdrawn(page):
    paging.resolve(page=page)
    Delivery.objects.filter(notices__page=page).update(state="waiting")
    assert repaired("told_after_end")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_a_message_with_a_list_is_not_withdrawn_for_one_of_its_pages(page):
    notice = page.notices.get(seat="dev")
    paging.resolve(page=page)
    bundle = Bundle.objects.create(person=notice.person, method=notice.method, delivery=notice.delivery)
    PageNotice.objects.filter(pk=notice.pk).update(bundle=bundle)
    Delivery.objects.filter(pk=notice.delivery_id).update(state="waiting")
    assert watchdog.repair() == 0


def test_a_page_that_cannot_be_mended_keeps_no_other_from_it(page, monkeypatch):
    other = paging.page(subject="Search is down", service=staffed_service())
    Escalation.objects.update(next_at=None)
    mended = watchdog.DEFECTS[1].mend

    def mend(found):
        if found == page:
            raise ValueError("broken")
        mended(found)

    defect = watchdog.Defect("forgotten_side", "words", watchdog.DEFECTS[1].pages, mend)
    monkeypatch.setattr(watchdog, "DEFECTS", (defect,))
    with capture_logs() as logs:
        assert watchdog.repair() == 1
    assert {line["event"] for line in logs} >= {"not_repaired", "repaired"}
    assert other.escalations.due().exists()
    assert not page.escalations.due().exists()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_asked_of_pages_there_is_nothing_to_mend(clock, seed):
    random = Random(seed)
    service, team = staffed_service(), TeamFactory()
    service.policy.ack_timeout = random.choice([None, timedelta(minutes=10)])
    service.policy.save()
    person = ContactMethodFactory().person
    people = [*service.dev_team.members.all(), *service.ops_team.members.all(), person]
    whom = [{"service": service}, {"team": team}, {"person": person}, {"service": service, "together": True}]
    for number in range(8):
        paging.page(subject=f"Page {number}", urgency=random.choice(["high", "low"]), **random.choice(whom))
    for _ in range(40):
        _something_happens(random, people, clock)
        before = _state()
        assert watchdog.repair() == 0
        assert _state() == before


def _something_happens(random, people, clock):
    page, by = random.choice(Page.objects.all()), random.choice(people)
    open_ = page.state != "resolved"
    now = timezone.now()
    match random.randrange(12):
        case 0 | 1:
            clock.shift(timedelta(minutes=random.randint(1, 40)))
        case 2 | 3:
            paging.escalate_due()
        case 4 | 5 if open_:
            paging.acknowledge(page=page, person=by)
        case 6 if open_:
            paging.snooze(page=page, by=by, until=now + timedelta(minutes=random.randint(1, 30)))
        case 7 if open_:
            reassign(page=page, by=by, person=random.choice(people))
        case 8 if page.escalations.open().filter(exhausted_at=None).exists() and open_:
            paging.escalate_now(page=page, by=by)
        case 9 if random.random() < 0.3:
            paging.resolve(page=page, by=by)
        case 10:
            bundles.send_due()
        case _:
            deliveries.send_due("pages")
            outbox.react()


def _state():
    return [
        list(model.objects.order_by("pk").values()) for model in (Page, Escalation, PageNotice, Delivery, PageLogEntry)
    ]
