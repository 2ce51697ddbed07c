"""A way to reach somebody is used once its code was entered, and is never taken away without another."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from notifications.deliveries import send_due
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import ContactMethod, Delivery, Event
from oncall import paging, services
from oncall.services import contact
from tests.factories import AdministratorFactory, ContactMethodFactory, PersonFactory
from tests.receiver import receiving

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/ana"


def person(**fields):
    """Somebody who is reached at the address they sign in with."""
    return ContactMethodFactory(person=PersonFactory(**fields)).person


def add(ana, address=HOOK, kind="webhook", **fields):
    return contact.add_contact_method(person=ana, kind=kind, address=address, **({"by": ana} | fields))


def code_sent_to(method):
    subject = (
        Delivery.objects.filter(method=method, dedup_key__startswith="contact-code:").latest("id").message["subject"]
    )
    return re.match(r"\d{6}", subject)[0]


def wrong(method):
    return f"{(int(code_sent_to(method)) + 1) % 10**6:06}"


def refused(method, code):
    with pytest.raises(InvalidInput) as error:
        contact.verify_contact_method(method=method, code=code, by=method.person)
    [sentence] = error.value.errors["code"]
    return sentence


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def test_what_a_person_enters_waits_for_the_code_that_goes_there():
    with receiving() as receiver:
        method = add(person(), receiver.url)
        assert method.verified_at is None
        assert send_due("default") == 1
    [told] = receiver.received
    assert told["kind"] == "code"
    assert told["code"] == code_sent_to(method)
    assert told["code"] in told["text"]
    method = contact.verify_contact_method(method=method, code=told["code"], by=method.person)
    assert method.verified_at
    assert method.code == ""


def test_a_code_may_be_entered_as_people_write_numbers():
    method = add(person())
    code = code_sent_to(method)
    assert contact.verify_contact_method(method=method, code=f" {code[:3]} {code[3:]} ").verified_at


def test_the_digits_are_not_kept_with_the_method():
    method = add(person())
    method.refresh_from_db()
    assert code_sent_to(method) not in method.code
    assert len(method.code) == 64


@pytest.mark.parametrize("asker", ["administrator", "nobody"])
def test_what_an_administrator_or_andon_enters_for_somebody_is_vouched_for(asker):
    by = AdministratorFactory() if asker == "administrator" else None
    assert add(person(), by=by).verified_at
    assert not Delivery.objects.exists()


def test_an_administrator_proves_their_own_on_the_web_and_vouches_through_the_api():
    ana = AdministratorFactory()
    assert add(ana).verified_at is None
    assert add(ana, f"{HOOK}/2", vouched=True).verified_at


def test_the_address_one_signs_in_with_needs_no_code():
    ana = PersonFactory(email="ana@example.com")
    assert add(ana, "Ana@example.com", "email").verified_at
    assert add(ana, "home@example.com", "email").verified_at is None


def test_a_wrong_code_says_how_many_tries_are_left_and_then_none_helps():
    method = add(person())
    bad = wrong(method)
    left = [refused(method, bad).partition("; ")[2] for _ in range(4)]
    assert left == ["4 tries are left.", "3 tries are left.", "2 tries are left.", "1 try is left."]
    assert "for the last time" in refused(method, bad)
    assert "too often" in refused(method, code_sent_to(method))
    with later(minutes=2):
        contact.send_code(method=method, by=method.person)
        assert contact.verify_contact_method(method=method, code=code_sent_to(method)).verified_at


def test_a_code_expires_after_a_quarter_of_an_hour():
    method = add(person())
    with later(minutes=15):
        assert "expired" in refused(method, code_sent_to(method))


def test_without_a_code_there_is_nothing_to_enter():
    assert "No code was sent" in refused(ContactMethodFactory(verified_at=None), "123456")


def test_a_new_code_takes_the_place_of_the_old_one():
    method = add(person())
    old = code_sent_to(method)
    with later(minutes=2):
        contact.send_code(method=method, by=method.person)
        assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["withdrawn", "waiting"]
        if code_sent_to(method) != old:
            assert "not the code" in refused(method, old)


def test_codes_are_sent_once_a_minute_and_five_times_an_hour():
    method = add(person())
    with pytest.raises(Conflict, match="ask for another in"):
        contact.send_code(method=method, by=method.person)
    for minutes in (2, 4, 6, 8):
        with later(minutes=minutes):
            contact.send_code(method=method, by=method.person)
    with later(minutes=10), pytest.raises(Conflict, match="Too many codes"):
        contact.send_code(method=method, by=method.person)
    with later(minutes=62):
        contact.send_code(method=method, by=method.person)


def test_nobody_makes_us_write_to_many_strangers():
    ana = person()
    for number in range(20):
        method = add(ana, f"{HOOK}/{number}")
        contact.remove_contact_method(method=method, by=ana)
    with pytest.raises(Conflict, match="Too many codes"):
        add(ana, f"{HOOK}/last")
    assert ana.contact_methods.count() == 1


def test_only_they_and_administrators_change_how_somebody_is_reached():
    method, bo = ContactMethodFactory(), PersonFactory()
    for act in (
        lambda: add(method.person, by=bo),
        lambda: contact.send_test(method=method, by=bo),
        lambda: contact.send_code(method=method, by=bo),
        lambda: contact.verify_contact_method(method=method, code="1", by=bo),
        lambda: contact.change_contact_method(method=method, label="x", by=bo),
        lambda: contact.move_contact_method(method=method, position=0, by=bo),
        lambda: contact.remove_contact_method(method=method, by=bo),
        lambda: contact.set_quiet_hours(person=method.person, start="22:00", end="07:00", by=bo),
        lambda: contact.save_contact_rules(person=method.person, urgency="high", rules=[], by=bo),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("fax", "1", "“fax” is not known; use slack, email, webhook, apprise"),
        ("email", "ana at home", "“ana at home” is not an e-mail address"),
        ("webhook", "ftp://x", "begins with https://"),
        ("webhook", "https://", "begins with https://"),
        ("webhook", "https://[x", "begins with https://"),
        ("apprise", "syslog://local0", "Andon's own machine"),
        ("apprise", "pover://x", "not a whole URL for Pushover"),
        ("slack", "", "This is empty"),
        ("email", "ana@example.com", "is one of their contact methods already"),
    ],
)
def test_what_cannot_be_reached_is_refused_in_words(kind, address, words):
    ana = person(email="ana@example.com")
    with pytest.raises(InvalidInput, match=re.escape(words)):
        add(ana, address, kind)
    assert ana.contact_methods.count() == 1


def test_the_secrets_of_an_apprise_url_are_shown_nowhere():
    ana = person()
    method = add(ana, "gotify://gotify.example.com/topsecret-token", "apprise", label="my phone")
    assert method.known_as == "gotify://gotify.example.com/t...n/"
    assert "topsecret" not in f"{method} {Delivery.objects.get()}"
    with pytest.raises(InvalidInput) as error:
        add(ana, "gotify://gotify.example.com/topsecret-token", "apprise")
    assert "topsecret" not in str(error.value)


def test_another_address_is_as_new():
    ana = person()
    method = add(ana, by=None)
    ContactMethod.objects.filter(pk=method.pk).update(refused_at=timezone.now(), refusal="gone")
    method = contact.change_contact_method(method=method, address=f"{HOOK}/new", by=ana)
    assert (method.verified_at, method.refused_at, method.refusal) == (None, None, "")
    assert contact.verify_contact_method(method=method, code=code_sent_to(method)).verified_at


def test_another_label_changes_nothing_else():
    method = ContactMethodFactory()
    changed = contact.change_contact_method(method=method, label="work", address=method.address, by=method.person)
    assert (changed.label, bool(changed.verified_at)) == ("work", True)


def test_the_last_verified_way_is_neither_removed_nor_made_unverified():
    ana = person()
    email, hook = ana.contact_methods.get(), add(ana)
    with pytest.raises(Conflict, match="only verified way"):
        contact.remove_contact_method(method=email, by=ana)
    with pytest.raises(Conflict, match="add the new address first"):
        contact.change_contact_method(method=email, address="other@example.com", by=ana)
    with pytest.raises(InvalidInput, match="keep one that is verified"):
        services.save_contact_methods(person=ana, methods=[{"kind": "webhook", "address": HOOK}], by=ana)
    contact.verify_contact_method(method=hook, code=code_sent_to(hook), by=ana)
    contact.remove_contact_method(method=email, by=ana)
    assert list(ana.contact_methods.all()) == [hook]


def test_a_list_of_methods_is_vouched_for_by_administrators_alone():
    ana = person()
    methods = [{"kind": "email", "address": ana.email}, {"kind": "webhook", "address": HOOK}]
    services.save_contact_methods(person=ana, methods=methods, by=ana)
    assert ana.contact_methods.get(kind="webhook").verified_at is None
    services.save_contact_methods(person=ana, methods=methods, by=AdministratorFactory())
    assert ana.contact_methods.get(kind="webhook").verified_at


def test_a_list_may_name_an_apprise_url_by_what_is_shown_of_it():
    ana = person()
    method = add(ana, "gotify://gotify.example.com/topsecret-token", "apprise", by=None)
    methods = [{"kind": "apprise", "address": method.known_as}]
    services.save_contact_methods(person=ana, methods=methods, by=ana)
    assert [one.address for one in ana.contact_methods.all()] == ["gotify://gotify.example.com/topsecret-token"]


def test_methods_are_moved_in_their_order():
    ana = person()
    first, second, third = ana.contact_methods.get(), add(ana, by=None), add(ana, f"{HOOK}/3", by=None)
    contact.move_contact_method(method=third, position=0, by=ana)
    assert list(ana.contact_methods.all()) == [third, first, second]
    with pytest.raises(InvalidInput, match="use 0 to 2"):
        contact.move_contact_method(method=third, position=3, by=ana)


def test_a_page_on_its_way_to_a_removed_method_goes_on_by_the_next(settle):
    ana = person()
    hook = add(ana, by=None)
    contact.move_contact_method(method=hook, position=0, by=ana)
    page = paging.page(subject="Checkout is down", person=ana)
    settle()
    assert Delivery.objects.get(about=f"page:{page.pk}").channel == "webhook"
    contact.remove_contact_method(method=hook, by=ana)
    settle()
    states = Delivery.objects.filter(about=f"page:{page.pk}").order_by("id").values_list("channel", "state")
    assert list(states) == [("webhook", "failed"), ("email", "waiting")]


def test_a_test_says_that_it_is_one_and_what_came_of_it_is_known():
    ana = person()
    with receiving() as receiver:
        receiver.answers = [(404, {})]
        delivery = contact.send_test(method=add(ana, receiver.url, by=None), by=ana)
        send_due("pages")
    [told] = receiver.received
    assert (told["kind"], told["subject"]) == ("test", "Test: Andon reaches you here")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("failed", "127.0.0.1 answered 404")


def test_only_a_verified_method_is_tested_and_not_without_end():
    ana = person()
    with pytest.raises(Conflict, match="not verified yet"):
        contact.send_test(method=add(ana), by=ana)
    for _ in range(10):
        contact.send_test(method=ana.contact_methods.first(), by=ana)
    with pytest.raises(Conflict, match="10 tests"):
        contact.send_test(method=ana.contact_methods.first(), by=ana)
    assert Delivery.objects.filter(dedup_key__startswith="contact-test:", state="waiting").count() == 1


def test_codes_and_tests_that_nobody_took_are_taken_back():
    add(person())
    assert contact.withdraw_stale() == 0
    with later(minutes=16):
        assert contact.withdraw_stale() == 1
    assert Delivery.objects.get().state == "withdrawn"
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_new_code_and_a_worker_that_notes_the_old_one_do_not_wait_for_each_other_for_ever():
    method = add(person())
    ContactMethod.objects.filter(pk=method.pk).update(code_sent_at=timezone.now() - timedelta(minutes=2))
    noting = threading.Event()

    def note():
        with transaction.atomic():
            Delivery.objects.update(error="late")
            noting.set()
            wait_for_the_lock()
            ContactMethod.objects.filter(pk=method.pk).update(refusal="")
        connection.close()

    def wait_for_the_lock():
        with connection.cursor() as cursor:
            for _ in range(200):
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    return
                cursor.execute("SELECT pg_sleep(0.01)")

    worker = threading.Thread(target=note)
    worker.start()
    noting.wait()
    assert contact.send_code(method=method, by=method.person).state == "waiting"
    worker.join()
    assert code_sent_to(method)
