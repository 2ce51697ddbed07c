"""Pages on the web and from the link: answering takes one button, and looking never answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery
from oncall import paging
from oncall.models import Page
from oncall.paging import links
from tests.factories import ContactMethodFactory, staffed_service
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return staffed_service(name="Checkout")


@pytest.fixture
def paged(service):
    return paging.page(subject="Checkout is down", service=service, url="/incidents/42/")


def side(paged, seat):
    return paged.escalations.get(seat=seat)


def dev_of(paged):
    return paged.notices.get(seat="dev").person


def test_the_link_shows_one_button_and_does_not_answer(paged):
    client = browser("anonymous")
    shown = client.get(f"/p/{links.token(paged, dev_of(paged))}/")
    assert shown.status_code == 200
    assert "Checkout is down" in shown.text
    assert shown.text.count("Acknowledge</button>") == 1
    assert side(paged, "dev").acknowledged_at is None


def test_the_button_answers_for_ones_own_side_and_says_who_else_was_paged(paged):
    client = browser("anonymous")
    answered = client.post(f"/p/{links.token(paged, dev_of(paged))}/", follow=True)
    assert side(paged, "dev").acknowledged_by == dev_of(paged)
    assert side(paged, "ops").acknowledged_at is None
    assert "Ops Person" in answered.text
    assert 'href="/incidents/42/"' in answered.text
    assert "Acknowledge</button>" not in answered.text


def test_the_link_of_a_resolved_page_says_so(paged):
    token = links.token(paged, dev_of(paged))
    paging.resolve(page=paged)
    assert "resolved" in browser("anonymous").post(f"/p/{token}/", follow=True).text


def test_a_link_that_was_changed_opens_nothing(paged):
    shown = browser("anonymous").get(f"/p/{links.token(paged, dev_of(paged))}x/")
    assert shown.status_code == 403
    assert "Checkout is down" not in shown.text


def test_mine_are_the_open_pages_sent_to_me(paged):
    mine = browser(person=dev_of(paged))
    assert "Checkout is down" in mine.get("/pages/").text
    stranger = browser("responder")
    assert "Checkout is down" not in stranger.get("/pages/").text
    assert "Checkout is down" in stranger.get("/pages/?show=open").text


def test_the_page_says_who_was_told_and_how(paged):
    shown = browser("viewer").get(f"/pages/{paged.pk}/").text
    assert "Dev Person" in shown
    assert "on its way" in shown
    assert "Acknowledge</button>" not in shown


def test_a_private_page_is_not_found_by_others():
    paged = paging.page(subject="Secret", person=ContactMethodFactory().person, private=True)
    assert browser().get(f"/pages/{paged.pk}/").status_code == 404
    assert browser().post(f"/pages/{paged.pk}/acknowledge/").status_code == 404


def test_a_page_is_acknowledged_snoozed_and_resolved_with_buttons(paged):
    client = browser(person=dev_of(paged))
    client.post(f"/pages/{paged.pk}/acknowledge/")
    assert side(paged, "dev").acknowledged_by == client.person
    client.post(f"/pages/{paged.pk}/snooze/", {"minutes": 60})
    paged.refresh_from_db()
    assert paged.snoozed_until is not None
    client.post(f"/pages/{paged.pk}/resolve/")
    paged.refresh_from_db()
    assert paged.state == "resolved"


def test_a_refusal_is_said_where_the_button_was(paged):
    paging.resolve(page=paged)
    refused = browser("responder").post(f"/pages/{paged.pk}/acknowledge/", follow=True)
    assert "there is nothing left to answer" in refused.text


def test_a_viewer_presses_nothing_for_pages_of_others(paged):
    refused = browser("viewer").post(f"/pages/{paged.pk}/acknowledge/", follow=True)
    assert "was not sent to you" in refused.text
    assert side(paged, "dev").acknowledged_at is None


def test_a_service_is_paged_by_hand(service):
    client = browser("responder")
    made = client.post("/pages/new/", {"subject": "Queue grows", "service": service.slug, "urgency": "high"})
    assert made.url == f"/pages/{Page.objects.get().pk}/"
    assert Page.objects.get().created_by == client.person


def test_whom_to_page_must_be_said():
    refused = browser("responder").post("/pages/new/", {"subject": "Queue grows", "urgency": "high"})
    assert refused.status_code == 422
    assert "Say whom to page" in refused.text


def test_a_side_is_given_to_somebody_else_by_a_form(paged):
    bo = ContactMethodFactory(person__name="Bo").person
    client = browser(person=dev_of(paged))
    form = client.get(f"/pages/{paged.pk}/reassign/").text
    assert "The whole page" in form
    given = client.post(f"/pages/{paged.pk}/reassign/", {"seat": "dev", "person": bo.pk}, follow=True)
    assert "Dev Person gave Dev to Bo" in given.text
    assert "given to Bo" in given.text
    assert side(paged, "ops").to_person is None


def test_the_form_says_what_is_missing(paged):
    refused = browser("responder").post(f"/pages/{paged.pk}/reassign/", {})
    assert refused.status_code == 422
    assert "one person or one team" in refused.text


def test_a_viewer_does_not_give_away_what_was_sent_to_others(paged):
    assert browser("viewer").get(f"/pages/{paged.pk}/reassign/").status_code == 403


def test_every_message_stands_on_the_page_with_what_became_of_it(paged):
    notices = {notice.seat: notice.delivery for notice in paged.notices.all()}
    Delivery.objects.filter(pk=notices["dev"].pk).update(state="sent", sent_at=timezone.now())
    Delivery.objects.filter(pk=notices["ops"].pk).update(state="failed", error="no such mailbox")
    shown = browser("viewer").get(f"/pages/{paged.pk}/").text
    assert "delivered" in shown
    assert "refused" in shown
    assert "no such mailbox" in shown
    paging.resolve(page=paged)
    Delivery.objects.update(state="withdrawn")
    assert "no longer needed" in browser("viewer").get(f"/pages/{paged.pk}/").text


def test_what_waits_for_its_moment_says_when(paged):
    Delivery.objects.update(next_at=timezone.now() + timedelta(minutes=5))
    shown = browser("viewer").get(f"/pages/{paged.pk}/").text
    assert "waits" in shown
    assert "due <time" in shown


def test_the_value_of_a_button_in_a_channel_opens_the_page_after_signing_in(paged):
    shown = browser("anonymous").get(f"/p/{links.token(paged, None)}/")
    assert shown.url == f"/pages/{paged.pk}/"
    browser("anonymous").post(f"/p/{links.token(paged, None)}/")
    assert side(paged, "dev").acknowledged_at is None
