"""Settings → Webhooks."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Webhook
from notifications.outgoing import sending
from tests.notifications.outgoing import is_signed, subscribe, waits_for
from tests.oncall.personas import browser
from tests.receiver import receiving

pytestmark = pytest.mark.django_db
LIST = "/settings/webhooks/"


def of(webhook, path=""):
    return f"{LIST}{webhook.pk}/{path}"


def form(**changes):
    return {"name": "Status page", "url": "https://192.0.2.7/hook", "which": "all"} | changes


@pytest.fixture
def subscriber():
    with receiving() as receiver:
        yield receiver


def test_an_empty_list_says_what_a_webhook_is_for():
    client = browser()
    assert "Nobody is told yet" in client.get(LIST).text
    assert LIST in client.get("/settings/integrations/").text
    assert LIST not in browser("responder").get("/settings/tokens/").text


def test_a_secret_is_shown_when_it_is_made_and_never_again():
    client = browser()
    made = client.post(f"{LIST}new/", form())
    webhook = Webhook.objects.get()
    assert made.status_code == 201
    assert html.escape(webhook.secret) in made.text
    assert "no-store" in made["Cache-Control"]
    for path in (LIST, of(webhook), of(webhook, "edit/")):
        shown = client.get(path)
        assert (shown.status_code, html.escape(webhook.secret) in shown.text) == (200, False)
    assert "Status page" in client.get(LIST).text


def test_the_sample_on_the_page_tells_a_genuine_message_from_another(subscriber):
    webhook = subscribe(subscriber.url)
    waits_for(webhook)
    sending.send_due()
    page = browser().get(of(webhook)).text
    sample = html.unescape(re.search(r"<pre[^>]*>(import base64.*?)</pre>", page, re.S)[1])
    known = {}
    exec(sample, known)
    head, body = subscriber.heads[0], subscriber.bodies[0]
    assert known["is_genuine"](webhook.secret, head, body)
    assert not known["is_genuine"](webhook.secret, head, body + b" ")
    assert not known["is_genuine"](webhook.secret, head | {"webhook-timestamp": "1"}, body)


def test_events_are_chosen_by_family():
    client = browser()
    page = client.get(f"{LIST}new/").text
    assert "Post-mortems" in page
    assert 'value="incident.update_posted"' in page
    ticked = {"of_incident": ["incident.declared"], "of_page": ["page.*"]}
    client.post(f"{LIST}new/", form(which="some", **ticked))
    webhook = Webhook.objects.get()
    assert webhook.events == ["incident.declared", "page.*"]
    assert re.search(r'value="page\.\*"[^>]*checked', client.get(of(webhook, "edit/")).text)
    client.post(of(webhook, "edit/"), form(name="Chat", **ticked))
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events) == ("Chat", [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"which": "some"}, "Tick at least one event"),
        ({"which": "", "of_page": ["page.*"]}, "required"),
        ({"url": "example.com"}, "is not a URL"),
        ({"name": ""}, "required"),
        ({"which": "some", "of_page": ["page.exploded"]}, "not one of the available choices"),
    ],
)
def test_what_does_not_do_is_said_on_the_form_and_nothing_is_made(changes, words):
    refused = browser().post(f"{LIST}new/", form(**changes))
    assert refused.status_code == 422
    assert words in refused.text
    assert not Webhook.objects.exists()


def test_a_private_address_is_refused_at_its_field(settings):
    settings.ANDON_ALLOW_PRIVATE_TARGETS = False
    refused = browser().post(f"{LIST}new/", form(url="https://127.0.0.1/"))
    assert refused.status_code == 422
    assert "127.0.0.1, which is not a public address" in refused.text


def test_a_test_goes_out_and_stands_in_the_log_with_its_answer(subscriber):
    webhook, client = subscribe(subscriber.url), browser()
    assert "A test message is on its way" in client.post(of(webhook, "test/"), follow=True).text
    subscriber.answers.append((500, {}))
    subscriber.says = b"<b>out of paper</b>"
    sending.send_due()
    page = client.get(of(webhook)).text
    assert "webhook.test" in page
    assert "answered 500" in page
    assert "&lt;b&gt;out of paper" in page
    assert "failing" in page


def test_the_log_is_narrowed_and_pages_through():
    webhook, client = subscribe(), browser()
    for _ in range(30):
        waits_for(webhook, type="page.triggered", state="sent", next_at=None)
    waits_for(webhook, type="incident.edited", state="failed", next_at=None)
    first, second = client.get(of(webhook)).text, client.get(of(webhook), {"page": 2}).text
    assert (first.count("<code>page.triggered"), second.count("<code>page.triggered")) == (24, 6)
    failed = client.get(of(webhook), {"state": "failed"}).text
    assert "<code>incident.edited" in failed
    assert "<code>page.triggered" not in failed
    assert "No message fits" in client.get(of(webhook), {"type": "change.recorded"}).text


def test_messages_are_replayed_one_and_all_that_failed(subscriber):
    webhook, client = subscribe(subscriber.url), browser()
    one = waits_for(webhook, state="sent", next_at=None)
    failed = waits_for(webhook, state="failed", next_at=None, created_at=timezone.now() - timedelta(days=1))
    assert "Replay what failed this week" in client.get(of(webhook)).text
    client.post(of(webhook, f"messages/{one.pk}/replay/"))
    client.post(of(webhook, "replay-failed/"))
    sending.send_due()
    assert {head["webhook-id"] for head in subscriber.heads} == {f"msg_{one.pk}", f"msg_{failed.pk}"}
    assert "Replay what failed" not in client.get(of(webhook)).text


def test_a_secret_is_rotated_and_the_former_one_retired(subscriber):
    webhook, client = subscribe(subscriber.url), browser()
    shown = client.post(of(webhook, "rotate/"))
    former, new = webhook.secret, Webhook.objects.get().secret
    assert shown.status_code == 201
    assert html.escape(new) in shown.text
    assert "retire the former" in client.post(of(webhook, "rotate/"), follow=True).text
    client.post(of(webhook, "retire-former/"))
    waits_for(webhook)
    sending.send_due()
    assert is_signed(new, subscriber.heads[0], subscriber.bodies[0])
    assert not is_signed(former, subscriber.heads[0], subscriber.bodies[0])


def test_it_is_switched_off_and_on_and_deleted():
    webhook, client = subscribe(), browser()
    message = waits_for(webhook)
    off = client.post(of(webhook, "disable/"), follow=True).text
    assert "Disabled by Administrator." in off
    assert "Send a test" not in off
    assert "is disabled; enable it first" in client.post(of(webhook, "test/"), follow=True).text
    message.refresh_from_db()
    assert message.state == "failed"
    assert "Send a test" in client.post(of(webhook, "enable/"), follow=True).text
    assert client.post(of(webhook, "delete/")).url == LIST
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("role", ["responder", "viewer"])
def test_only_administrators_come_in(role):
    webhook, client = subscribe(), browser(role)
    message = waits_for(webhook)
    acts = ["rotate", "retire-former", "disable", "enable", "test", "delete", "replay-failed"]
    answers = [client.get(path) for path in (LIST, f"{LIST}new/", of(webhook), of(webhook, "edit/"))]
    answers += [client.post(path, form()) for path in (f"{LIST}new/", of(webhook, "edit/"))]
    answers += [client.post(of(webhook, f"{act}/")) for act in [*acts, f"messages/{message.pk}/replay"]]
    assert {answer.status_code for answer in answers} == {403}
    assert Webhook.objects.get().name == webhook.name
