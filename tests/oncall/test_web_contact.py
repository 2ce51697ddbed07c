"""On the web everybody sees to how they are reached: methods and their codes, rules, quiet hours."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.deliveries import send_due
from notifications.models import ContactMethod, Delivery
from oncall.models import ContactRule, Person
from tests.factories import ContactMethodFactory, PersonFactory
from tests.oncall.personas import browser
from tests.receiver import receiving

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/ana"


def ana(role="responder"):
    """A browser of somebody who is reached at the address they sign in with."""
    person = PersonFactory(role=role, name="Ana")
    client = browser(person=person)
    client.email = ContactMethodFactory(person=person)
    client.path = f"/people/{person.pk}/"
    return client


def add(client, address=HOOK, kind="webhook", label=""):
    return client.post(f"{client.path}methods/", {"kind": kind, "address": address, "label": label}, follow=True)


def added(client, **given):
    add(client, **given)
    method = ContactMethod.objects.latest("id")
    method.path = f"{client.path}methods/{method.pk}/"
    return method


def verified(client):
    method = added(client)
    ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
    return method


def code_of(method):
    return re.match(r"\d{6}", Delivery.objects.filter(method=method).latest("id").message["subject"])[0]


def lines(*rules, **more):
    """What the form of rules sends: (method, minutes) a line."""
    sent = {"rule-TOTAL_FORMS": len(rules), "rule-INITIAL_FORMS": 0}
    for number, (method, delay) in enumerate(rules):
        sent |= {f"rule-{number}-method": method, f"rule-{number}-delay": delay}
    return sent | more


def test_a_method_is_added_its_code_entered_and_then_used():
    client = ana()
    page = add(client, label="my bot")
    assert "A code is on its way there" in page.text
    assert "Enter the code" in page.text
    method = ContactMethod.objects.get(kind="webhook")
    path = f"{client.path}methods/{method.pk}/"
    wrong = client.post(f"{path}verify/", {"code": f"{(int(code_of(method)) + 1) % 10**6:06}"})
    assert wrong.status_code == 422
    assert "4 tries are left" in wrong.text
    assert "It is used from now on" in client.post(f"{path}verify/", {"code": code_of(method)}, follow=True).text
    assert "my bot" in client.get(client.path).text


def test_what_cannot_be_reached_is_said_at_its_field_without_the_secret():
    refused = add(ana(), "pover://topsecret", "apprise")
    assert refused.status_code == 422
    assert "not a whole URL for Pushover" in refused.text


def test_the_secrets_of_an_apprise_url_are_on_no_page():
    client = ana()
    method = added(client, address="gotifys://gotify.example.com/topsecret-token", kind="apprise")
    pages = [client.path, method.path, f"{method.path}edit/", f"{client.path}rules/high/"]
    texts = [client.get(path).text for path in pages]
    assert "gotifys://gotify.example.com/t...n/" in texts[0]
    assert not [text for text in texts if "topsecret" in text]


def test_a_new_code_is_sent_but_not_twice_a_minute():
    client = ana()
    method = added(client)
    assert "ask for another in" in client.post(f"{method.path}code/", follow=True).text
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert "A new code is on its way" in client.post(f"{method.path}code/", follow=True).text


def test_the_page_asks_what_came_of_a_test_until_it_is_known():
    client = ana()
    with receiving() as receiver:
        receiver.answers = [(404, {})]
        method = verified(client)
        ContactMethod.objects.filter(pk=method.pk).update(address=receiver.url)
        page = client.post(f"{method.path}test/", follow=True)
        assert "A test is on its way" in page.text
        assert 'hx-trigger="every 1s"' in page.text
        send_due("pages")
    fragment = client.get(method.path, headers={"HX-Request": "true"})
    assert "127.0.0.1 answered 404" in fragment.text
    assert "hx-trigger" not in fragment.text
    assert "<html" not in fragment.text
    assert "refused" in client.get(client.path).text


def test_the_page_does_not_ask_for_ever():
    client = ana()
    method = verified(client)
    client.post(f"{method.path}test/")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        page = client.get(method.path)
    assert 'hx-trigger="every 1s"' not in page.text
    assert "Load this page again" in page.text


def test_another_address_waits_for_its_code_and_another_name_does_not():
    client = ana()
    method = verified(client)
    client.post(f"{method.path}edit/", {"label": "bot", "address": HOOK})
    method.refresh_from_db()
    assert (method.label, bool(method.verified_at)) == ("bot", True)
    client.post(f"{method.path}edit/", {"label": "bot", "address": f"{HOOK}/new"})
    method.refresh_from_db()
    assert method.verified_at is None


def test_a_method_is_tried_first_and_removed_but_not_the_last():
    client = ana()
    method = verified(client)
    client.post(f"{method.path}first/")
    assert client.person.contact_methods.first() == method
    client.post(f"{method.path}remove/")
    kept = f"{client.path}methods/{client.email.pk}/"
    assert "only way to reach them" in client.post(f"{kept}remove/", follow=True).text
    assert client.person.contact_methods.get() == client.email


def test_rules_are_saved_and_told_in_words():
    client = ana()
    hook = verified(client)
    sent = lines((hook.pk, 0), (client.email.pk, 10), ("", ""))
    page = client.post(f"{client.path}rules/high/", sent, follow=True)
    assert "after 10 min" in page.text
    rules = ContactRule.objects.filter(person=client.person).values_list("urgency", "method", "delay")
    assert list(rules) == [("high", hook.pk, timedelta()), ("high", client.email.pk, timedelta(minutes=10))]
    client.post(f"{client.path}rules/high/", lines(("", "")))
    assert not ContactRule.objects.exists()


def test_lines_are_added_and_taken_away_without_saving():
    client = ana()
    email = client.email.pk
    path = f"{client.path}rules/low/"
    more = client.post(path, lines((email, 5), act="add"))
    assert more.status_code == 200
    assert 'name="rule-1-method"' in more.text
    assert 'value="5"' in more.text
    fewer = client.post(path, lines((email, 5), (email, 7), act="remove:0"))
    assert 'name="rule-1-method"' not in fewer.text
    assert 'value="7"' in fewer.text
    assert not ContactRule.objects.exists()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([("email", -1)], "greater than or equal to 0"),
        ([("email", "soon")], "Enter a whole number"),
        ([("unverified", 0)], "not one of the available choices"),
        ([("email", 5), ("email", 5)], "stands above"),
    ],
)
def test_rules_that_cannot_be_are_refused_and_stay_filled_in(rules, words):
    client = ana()
    known = {"email": client.email.pk, "unverified": added(client).pk}
    refused = client.post(f"{client.path}rules/high/", lines(*((known[name], delay) for name, delay in rules)))
    assert refused.status_code == 422
    assert words in refused.text
    assert not ContactRule.objects.exists()


def test_there_are_two_urgencies():
    client = ana()
    assert client.get(f"{client.path}rules/medium/").status_code == 404


def test_rules_without_a_line_at_once_are_warned_of():
    client = ana()
    client.post(f"{client.path}rules/high/", lines((client.email.pk, 10)))
    assert "Nothing is sent in the first 10 min" in client.get(client.path).text


def test_quiet_hours_are_set_told_and_cleared():
    client = ana()
    path = f"{client.path}quiet-hours/"
    page = client.post(path, {"start": "22:00", "end": "07:00"}, follow=True)
    assert "From 22:00 until 07:00, in UTC" in page.text
    assert client.post(path, {"start": "22:00", "end": ""}).status_code == 422
    assert client.post(path, {"start": "22:00", "end": "22:00"}).status_code == 422
    client.post(path, {"start": "", "end": ""})
    assert Person.objects.get(pk=client.person.pk).quiet_from is None


PAGES = ["methods/", "methods/{}/", "methods/{}/edit/", "rules/high/", "quiet-hours/"]
ACTS = ["methods/", *(f"methods/{{}}/{act}/" for act in ("edit", "code", "verify", "test", "first", "remove"))]
ACTS += ["rules/high/", "quiet-hours/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_person_and_administrators_see_how_they_are_reached_and_nobody_else(path):
    owner = ana()
    path = owner.path + path.format(owner.email.pk)
    assert owner.get(path).status_code == 200
    assert browser().get(path).status_code == 200
    assert browser("responder").get(path).status_code == 403


@pytest.mark.parametrize("path", ACTS)
def test_nobody_else_changes_it(path):
    owner = ana()
    assert browser("responder").post(owner.path + path.format(owner.email.pk)).status_code == 403


def test_a_method_stands_below_its_own_person_alone():
    client = ana()
    assert client.get(f"{client.path}methods/{ContactMethodFactory().pk}/").status_code == 404


def test_what_an_administrator_adds_for_somebody_is_used_at_once():
    owner, client = ana(), browser()
    client.path = owner.path
    assert added(client).verified_at
    assert "Enter the code" not in client.get(owner.path).text
