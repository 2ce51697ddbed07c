"""A storm of pages: one person gets a few messages and a list, and everything in it can be answered with one tap."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from notifications import deliveries
from notifications.models import Delivery
from oncall import paging
from oncall.models import Bundle, ContactRule, Page, PageNotice, Person
from oncall.paging import bundles, links
from oncall.paging.answering_all import acknowledge_all
from tests.factories import ContactMethodFactory, PersonFactory, staffed_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def dora():
    return ContactMethodFactory(kind="webhook", address="https://hooks.example.com/dora").person


def storm(person, count, start=0):
    return [paging.page(subject=f"SEV2 #{n} something fails", person=person) for n in range(start, start + count)]


def messages(person=None):
    found = Delivery.objects.exclude(state="withdrawn").order_by("pk")
    return list(found.filter(method__person=person) if person else found)


def after(clock, **time):
    clock.shift(timedelta(**time))
    return bundles.send_due()


def test_the_first_three_go_out_at_once_and_the_rest_in_one_message(dora, clock):
    storm(dora, 100)
    assert [one.message["kind"] for one in messages()] == ["page"] * 3
    assert bundles.send_due() == 0
    assert after(clock, seconds=5) == 1
    assert [one.message["kind"] for one in messages()] == ["page"] * 3 + ["bundle"]
    assert after(clock, hours=1) == 0
    assert len(messages()) == 4


def test_a_new_page_does_not_overtake_those_that_wait(dora, clock):
    storm(dora, 6)
    clock.shift(timedelta(seconds=5))
    storm(dora, 1, start=6)
    assert len(messages()) == 3
    assert bundles.send_due() == 1
    assert messages()[-1].message["count"] == 4


def test_its_message_names_the_first_twenty_and_counts_the_others(dora, clock):
    service = staffed_service(name="Checkout")
    storm(dora, 3)
    for n in range(30):
        paging.page(subject=f"SEV2 #{n} fails", service=service, url=f"/incidents/{n}/")
    person = Person.objects.get(name="Dev Person")
    after(clock, seconds=5)
    message = messages(person)[-1].message
    assert message["count"] == 27
    assert len(message["pages"]) == 20
    assert message["pages"][0]["service"] == "Checkout"
    assert message["pages"][0]["url"].endswith("/incidents/3/")
    assert message["text"].startswith("27 more pages in the last minute:\n· SEV2 #3 fails (Checkout) http")
    assert message["text"].endswith("\nand 7 more")
    assert message["webhook"]["bundle"]["count"] == 27
    assert [action["id"] for action in message["actions"]] == ["bundle.acknowledge", "open"]


def test_what_was_answered_or_resolved_meanwhile_is_left_out(dora, clock):
    pages = storm(dora, 6)
    paging.acknowledge(page=pages[3], person=dora)
    paging.resolve(page=pages[4])
    after(clock, seconds=5)
    [last] = messages()[3:]
    assert (last.message["kind"], last.message["page"]) == ("page", pages[5].pk)
    assert not PageNotice.objects.waiting().exists()


def test_where_all_was_answered_nothing_is_sent(dora, clock):
    for page in storm(dora, 6):
        paging.acknowledge(page=page, person=dora)
    assert after(clock, seconds=5) == 0
    assert not messages()
    assert not PageNotice.objects.waiting().exists()


def test_what_pours_on_is_gathered_and_told_less_and_less_often(dora, clock):
    for second in range(0, 600, 4):
        storm(dora, 2, start=second)
        after(clock, seconds=4)
    assert sum(one.message.get("count", 1) for one in messages()) + PageNotice.objects.waiting().count() == 300
    lists = [one for one in messages() if one.message["kind"] == "bundle"]
    gaps = [later - earlier for earlier, later in pairwise(one.created_at for one in lists)]
    assert max(gaps[:5]) <= timedelta(seconds=8) < timedelta(seconds=55) <= min(gaps[-3:])


def test_each_method_of_a_person_has_a_pace_of_its_own(dora, clock):
    mail = ContactMethodFactory(person=dora, position=2)
    for method in dora.contact_methods.all():
        ContactRule.objects.create(person=dora, urgency="high", method=method, delay=timedelta())
    storm(dora, 10)
    after(clock, seconds=5)
    assert len(messages()) == 8
    assert sum(one.method == mail for one in messages()) == 4


def test_what_personal_rules_have_for_later_is_gathered_when_its_time_has_come(dora, clock):
    mail = ContactMethodFactory(person=dora, position=2)
    ContactRule.objects.create(person=dora, urgency="high", method=dora.contact_methods.first(), delay=timedelta())
    ContactRule.objects.create(person=dora, urgency="high", method=mail, delay=timedelta(minutes=10))
    pages = storm(dora, 10)
    after(clock, seconds=5)
    for page in pages[:2]:
        paging.acknowledge(page=page, person=dora)
    assert after(clock, minutes=9) == 0
    after(clock, minutes=1)
    after(clock, minutes=1)
    by_mail = [one for one in messages() if one.method == mail]
    assert sum(one.message.get("count", 1) for one in by_mail) == 8
    assert len(by_mail) <= 4


def test_pages_that_wait_for_the_end_of_quiet_hours_come_as_one_list(clock):
    dora = ContactMethodFactory(person__timezone="UTC").person
    Person.objects.update(quiet_from="22:00", quiet_to="07:00")
    dora.refresh_from_db()
    clock.move_to(timezone.now().replace(hour=3, minute=0))
    for n in range(20):
        paging.page(subject=f"Disk {n} fills up", person=dora, urgency="low")
    assert {one.next_at.hour for one in messages()} == {7}
    clock.move_to(timezone.now().replace(hour=7, minute=0))
    assert after(clock, seconds=5) == 1
    assert messages()[-1].message["count"] == 17


def test_a_refusal_sends_the_list_by_the_next_method(dora, clock, settle):
    mail = ContactMethodFactory(person=dora, position=2)
    storm(dora, 10)
    after(clock, seconds=5)
    bundle = Bundle.objects.get()
    deliveries._record_refused(bundle.delivery, "gone")
    settle()
    [again] = [one for one in messages() if one.method == mail]
    assert again.message["count"] == 7
    assert again.notices.count() == 7


def test_what_waits_for_a_method_that_was_removed_goes_out_by_another(dora, clock):
    mail = ContactMethodFactory(person=dora, position=2)
    storm(dora, 10)
    dora.contact_methods.exclude(pk=mail.pk).delete()
    for _ in range(3):
        after(clock, seconds=5)
    assert sum(one.message.get("count", 1) for one in messages(dora) if one.method == mail) == 7


def test_a_defect_in_one_persons_list_holds_up_nobody_else_and_loses_nothing(dora, clock, monkeypatch):
    other = ContactMethodFactory().person
    storm(dora, 10)
    storm(other, 10)
    made = bundles.message_of_bundle

    def make(bundle, notices):
        if bundle.person_id == dora.pk:
            raise ValueError("broken")
        return made(bundle, notices)

    monkeypatch.setattr(bundles, "message_of_bundle", make)
    assert after(clock, seconds=5) == 1
    assert len(messages(other)) == 4
    monkeypatch.undo()
    assert after(clock, seconds=30) == 1
    assert messages(dora)[-1].message["count"] == 7


# One tap


@pytest.fixture
def bundle(dora, clock):
    storm(dora, 10)
    after(clock, seconds=5)
    return Bundle.objects.get()


def test_the_link_shows_the_list_and_acknowledges_all_of_it_once(client, bundle):
    url = links.bundle_url(bundle)
    shown = client.get(url)
    assert shown.content.count(b"something fails") == 7
    assert not Page.objects.filter(state="acknowledged").exists()
    for _ in range(2):
        assert client.post(url).status_code == 302
    assert Page.objects.filter(state="acknowledged").count() == 7
    assert b"Nothing here waits for you" in client.get(url).content


def test_acknowledging_all_passes_over_what_was_resolved(bundle):
    resolved = bundle.notices.first().page
    paging.resolve(page=resolved)
    assert len(acknowledge_all(bundle=bundle)) == 6
    assert Page.objects.get(pk=resolved.pk).state == "resolved"


def test_the_link_of_a_bundle_is_no_link_of_a_page_and_ends_with_its_person(client, bundle):
    url = links.bundle_url(bundle)
    assert client.get(url[:-3] + "/").status_code == 403
    Person.objects.update(is_active=False)
    assert client.post(url).status_code == 403
    assert not Page.objects.filter(state="acknowledged").exists()


def test_a_link_is_good_for_seven_days(client, bundle, clock):
    url = links.bundle_url(bundle)
    clock.shift(timedelta(days=7, seconds=1))
    assert b"older than 7 days" in client.get(url).content


# At the same moment


def in_threads(work, count):
    def run(n):
        try:
            return work(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_transactions_that_page_the_same_two_in_opposite_orders_neither_wait_nor_count_twice():
    people = [ContactMethodFactory().person for _ in range(2)]

    def work(n):
        with transaction.atomic():
            for person in people if n % 2 else people[::-1]:
                storm(person, 2, start=10 * n)

    in_threads(work, 6)
    now = timezone.now()
    bundles.send_due()
    for person in people:
        assert len(messages(person)) == 3
        assert PageNotice.objects.waiting().filter(person=person).count() == 9
    with time_machine.travel(now + timedelta(seconds=30)):
        assert sum(in_threads(lambda _: bundles.send_due(), 4)) == 2
    assert [one.message["count"] for one in messages() if one.message["kind"] == "bundle"] == [9, 9]


@pytest.mark.django_db(transaction=True)
def test_a_person_without_a_method_is_no_matter_of_pace():
    assert storm(PersonFactory(), 5)
    assert not PageNotice.objects.exists()
