"""`webhooks/` and `events/` of the API: who may do what, and what is refused in which words."""

import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery, Event, Webhook, WebhookMessage
from notifications.outgoing import sending, subscriptions
from oncall.handlers_webhooks import tell_administrators
from oncall.services import webhooks as services
from tests.factories import AdministratorFactory, ContactMethodFactory, IncidentFactory, PersonFactory
from tests.notifications.outgoing import is_signed, subscribe, waits_for
from tests.oncall.personas import api
from tests.receiver import receiving

pytestmark = pytest.mark.django_db
LIST = "/api/v1/webhooks/"


def make(client, **changes):
    given = {"name": "Status page", "url": "https://192.0.2.7/hook", "events": ["incident.*"]} | changes
    return client.post(LIST, given)


def of(webhook, path=""):
    return f"{LIST}{webhook.pk}/{path}"


@pytest.fixture
def subscriber():
    with receiving() as receiver:
        yield receiver


def test_a_webhook_is_made_with_a_secret_that_is_shown_once():
    client = api()
    made = make(client)
    assert made.status_code == 201
    body = made.json()
    webhook = Webhook.objects.get()
    assert body["secret"] == webhook.secret
    assert body["secret"].startswith("whsec_")
    assert (body["events"], body["secrets"], body["disabled_at"]) == (["incident.*"], 1, None)
    assert webhook.created_by == client.person
    for read in (client.get(LIST), client.get(of(webhook))):
        assert read.status_code == 200
        assert webhook.secret not in read.text


def test_the_same_post_again_makes_no_second_one():
    client = api()
    first, second = (
        client.post(LIST, {"name": "A", "url": "https://192.0.2.7/"}, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    )
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Webhook.objects.count() == 1


def test_the_first_message_is_signed_with_the_secret_that_was_shown(subscriber):
    client = api()
    secret = make(client, url=subscriber.url).json()["secret"]
    asked = client.post(of(Webhook.objects.get(), "test/"))
    assert (asked.status_code, asked.json()["type"], asked.json()["event"]) == (202, "webhook.test", None)
    sending.send_due()
    assert is_signed(secret, subscriber.heads[0], subscriber.bodies[0])


@pytest.mark.parametrize("role", ["responder", "viewer"])
def test_only_administrators_read_or_write(role):
    webhook = subscribe()
    message, client = waits_for(webhook), api(role)
    replayed = of(webhook, f"messages/{message.pk}/replay/")
    answers = [client.get(path) for path in (LIST, of(webhook), of(webhook, "messages/"))]
    answers += [make(client), client.patch(of(webhook), {"name": "Mine"}), client.delete(of(webhook))]
    answers += [client.post(of(webhook, f"{act}/")) for act in ("rotate", "retire-former", "test", "replay-failed")]
    answers.append(client.post(replayed))
    assert {answer.status_code for answer in answers} == {403}
    assert Webhook.objects.get().name == webhook.name


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "ftp://example.com/", "is not a URL"),
        ("url", "example.com/hook", "is not a URL"),
        ("url", "https://", "is not a URL"),
        ("url", "https://[::1", "is not a URL"),
        ("url", "https://a b/", "is not a URL"),
        ("url", "https://example.com:99999/", "is not a URL"),
        ("url", "https://example.com/" + "x" * 500, "520 characters"),
        ("name", "x" * 101, "101 characters"),
        ("events", ["incident.exploded"], "no event “incident.exploded”; use incident.*"),
        ("events", ["delivery.sent"], "incident.declared, "),
        ("events", "incident.declared", "list"),
        ("events", [7, None], "null"),
    ],
)
def test_what_does_not_do_is_said_at_its_field_and_nothing_is_made(field, value, words):
    refused = make(api(), **{field: value})
    assert refused.status_code == 400
    assert words in str(refused.json()["errors"])
    assert any(name.startswith(field) for name in refused.json()["errors"])
    assert not Webhook.objects.exists()


def test_all_events_may_be_asked_for_in_two_ways():
    client = api()
    assert make(client, events=[]).json()["events"] == []
    assert make(client, name="B", events=["*"]).json()["events"] == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://127.0.0.1/", "127.0.0.1, which is not a public address"),
        ("https://[::1]:8000/", "not a public address"),
        ("https://10.1.2.3/", "not a public address"),
        ("https://169.254.169.254/latest/", "not a public address"),
        ("https://localhost/", "not a public address"),
        ("https://2130706433/", "not a public address"),
        ("https://0x7f.1/", "not a public address"),
        ("https://a.localhost./", "not a public address"),
        ("http://192.0.2.7/", "use https://"),
    ],
)
def test_where_private_targets_are_not_allowed_they_are_refused(settings, url, words):
    settings.ANDON_ALLOW_PRIVATE_TARGETS = False
    client = api()
    refused = make(client, url=url)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["url"])
    assert words in refused.json()["detail"]
    webhook = subscribe("https://203.0.113.9/")
    changed = client.patch(of(webhook), {"url": url})
    assert (changed.status_code, Webhook.objects.get().url) == (400, "https://203.0.113.9/")


def test_nobody_is_asked_for_the_addresses_of_a_name_while_somebody_waits(settings, monkeypatch):
    """Each attempt at sending asks, and refuses those inside; whoever has no network at all can still write it down."""

    def asked(*_, flags=0, **__):
        assert flags == socket.AI_NUMERICHOST
        raise socket.gaierror("not written in digits")

    settings.ANDON_ALLOW_PRIVATE_TARGETS = False
    monkeypatch.setattr(socket, "getaddrinfo", asked)
    assert make(api(), url="https://andon.example/").status_code == 201


def test_two_have_not_the_same_name_and_there_are_not_too_many(monkeypatch):
    client = api()
    make(client)
    taken = make(client)
    assert (taken.status_code, list(taken.json()["errors"])) == (400, ["name"])
    monkeypatch.setattr(subscriptions, "MOST", 1)
    full = make(client, name="Another")
    assert full.status_code == 409
    assert "1 webhooks already" in full.json()["detail"]


def test_what_is_given_is_changed_and_the_rest_stays():
    webhook, client = subscribe(events=["page.*"]), api()
    changed = client.patch(of(webhook), {"name": "Chat"})
    assert changed.status_code == 200
    now = changed.json()
    assert (now["name"], now["events"], now["url"]) == ("Chat", ["page.*"], webhook.url)
    assert client.patch(of(webhook), {"events": []}).json()["events"] == []


def test_what_two_change_at_once_is_changed_though_each_saw_the_webhook_before():
    webhook, seen = subscribe(events=["page.*"]), Webhook.objects.get()
    services.change_webhook(webhook=webhook, name="Chat")
    services.change_webhook(webhook=seen, events=[])
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events) == ("Chat", [])


def test_it_is_disabled_and_enabled_again():
    webhook, client = subscribe(), api()
    message = waits_for(webhook)
    assert client.patch(of(webhook), {"enabled": False}).json()["disabled_why"] == "Disabled by Administrator."
    message.refresh_from_db()
    assert (message.state, sending.send_due()) == ("failed", 0)
    for act in ("test/", "replay-failed/", f"messages/{message.pk}/replay/"):
        assert client.post(of(webhook, act)).status_code == 409
    assert client.patch(of(webhook), {"enabled": True}).json()["disabled_at"] is None
    assert client.post(of(webhook, "replay-failed/")).json() == {"replayed": 1}


def test_a_secret_is_rotated_while_both_sign(subscriber):
    webhook, client = subscribe(subscriber.url), api()
    assert client.post(of(webhook, "retire-former/")).status_code == 409
    rotated = client.post(of(webhook, "rotate/"))
    assert rotated.status_code == 201
    assert client.post(of(webhook, "rotate/")).status_code == 409
    waits_for(webhook)
    sending.send_due()
    client.post(of(webhook, "retire-former/"))
    waits_for(webhook)
    sending.send_due()
    new, former = rotated.json()["secret"], webhook.secret
    signed = [
        (is_signed(new, head, body), is_signed(former, head, body))
        for head, body in zip(subscriber.heads, subscriber.bodies, strict=True)
    ]
    assert signed == [(True, True), (True, False)]
    assert client.get(of(webhook)).json()["secrets"] == 1


def test_it_is_deleted_with_its_log():
    webhook = subscribe()
    waits_for(webhook)
    assert api().delete(of(webhook)).status_code == 204
    assert not WebhookMessage.objects.exists()


def test_the_log_tells_each_attempt_and_is_narrowed_by_state_type_and_time(subscriber):
    webhook, client = subscribe(subscriber.url), api()
    subscriber.says = b"thanks"
    sent = waits_for(webhook)
    before = timezone.now() - timedelta(days=2)
    waits_for(webhook, type="page.triggered", state="failed", next_at=None, created_at=before)
    waits_for(subscribe())
    sending.send_due()
    everything = client.get(of(webhook, "messages/")).json()
    assert everything["count"] == 2
    first = everything["results"][0]
    assert (first["webhook_id"], first["state"]) == (f"msg_{sent.pk}", "sent")
    [attempt] = first["tries"]
    assert (attempt["status"], attempt["error"], attempt["answer"]) == (200, "", "thanks")
    assert attempt["took"] < 5
    day_ago = (timezone.now() - timedelta(days=1)).isoformat()
    for query, count in ({"state": "failed"}, 1), ({"type": "page.triggered"}, 1), ({"since": day_ago}, 1):
        assert client.get(of(webhook, "messages/"), query).json()["count"] == count, query
    assert client.get(of(webhook, "messages/"), {"state": "lost"}).status_code == 400
    assert client.get(of(webhook, f"messages/{sent.pk}/")).json() == first


def test_a_message_is_replayed_and_only_by_its_own_webhook(subscriber):
    webhook, other, client = subscribe(subscriber.url), subscribe(), api()
    message = waits_for(webhook, state="failed", next_at=None)
    assert client.post(of(other, f"messages/{message.pk}/replay/")).status_code == 404
    replayed = client.post(of(webhook, f"messages/{message.pk}/replay/"))
    assert (replayed.status_code, replayed.json()["state"]) == (202, "waiting")
    sending.send_due()
    assert subscriber.heads[0]["webhook-id"] == f"msg_{message.pk}"


def test_what_failed_since_a_moment_is_replayed():
    webhook, client, now = subscribe(), api(), timezone.now()
    waits_for(webhook, state="failed", next_at=None)
    waits_for(webhook, state="failed", next_at=None, created_at=now - timedelta(days=3))
    answer = client.post(of(webhook, "replay-failed/"), {"since": (now - timedelta(days=1)).isoformat()})
    assert (answer.status_code, answer.json()) == (202, {"replayed": 1})
    assert client.post(of(webhook, "replay-failed/"), {"since": "yesterday"}).status_code == 400


def test_administrators_are_told_of_a_webhook_that_was_disabled_by_itself():
    administrator = ContactMethodFactory(person=AdministratorFactory()).person
    ContactMethodFactory(person=PersonFactory())
    webhook = subscribe()
    subscriptions.disable_by_itself(webhook=webhook, why="It answered 410 Gone.")
    event = Event.objects.get(type="webhook.disabled")
    tell_administrators(event)
    tell_administrators(event)
    [delivery] = Delivery.objects.all()
    assert delivery.method.person == administrator
    assert "410 Gone" in delivery.message["text"]
    assert delivery.message["url"].endswith(f"/settings/webhooks/{webhook.pk}/")


# events/


def happened(type, at, **payload):
    return Event.objects.create(type=type, at=at, payload=payload)


def test_the_log_of_events_is_the_newest_first_and_narrowed_by_type_and_time():
    number, now, client = IncidentFactory().number, timezone.now(), api("viewer")
    for age, type in enumerate(["incident.declared", "incident.edited", "incident.transitioned", "delivery.sent"]):
        happened(type, now - timedelta(hours=age), incident=number)

    def types(**query):
        return [event["type"] for event in client.get("/api/v1/events/", query).json()["results"]]

    assert types() == ["incident.declared", "incident.edited", "incident.transitioned"]
    assert types(type="incident.edited") == ["incident.edited"]
    assert len(types(type="incident.*")) == 3
    since, until = (now - timedelta(hours=hours) for hours in (1.5, 0.5))
    assert types(since=since.isoformat(), until=until.isoformat()) == ["incident.edited"]


@pytest.mark.parametrize("query", [{"type": "delivery.sent"}, {"type": "x"}, {"since": "soon"}, {"until": "x"}])
def test_a_filter_that_fits_nothing_says_so(query):
    assert api("viewer").get("/api/v1/events/", query).status_code == 400


def test_however_many_events_the_database_is_asked_as_often(django_assert_num_queries):
    number, client = IncidentFactory().number, api("viewer")
    for _ in range(20):
        happened("incident.edited", timezone.now(), incident=number)
        happened("change.recorded", timezone.now(), change=0, entry=None)
    with django_assert_num_queries(6):
        assert client.get("/api/v1/events/").json()["count"] == 40
