"""What Slack posts is verified, kept once, and answered at once."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from incidents.models import Incident
from notifications import inbox
from notifications.models import Delivery, InboundMessage
from tests.slack.conftest import command, run

pytestmark = pytest.mark.django_db
PATHS = ("/slack/commands", "/slack/interactions", "/slack/events")


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_signature_is_refused_and_nothing_is_kept(post, path):
    response = post(path, command("checkout is down"), secret="another")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert "SLACK_SIGNING_SECRET" in response.json()["detail"]
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize(("age", "status"), [(0, 200), (280, 200), (310, 401), (-310, 401)])
def test_a_request_counts_for_five_minutes(post, age, status):
    assert post("/slack/commands", command("list"), age=age).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Signature": "v0=nonsense"},
        {"X-Slack-Signature": ""},
    ],
)
def test_odd_signatures_are_refused_too(post, headers):
    assert post("/slack/commands", command("list"), **headers).status_code == 401


def test_a_body_that_is_no_text_is_refused(client, settings):
    settings.SLACK_SIGNING_SECRET = "practice"
    response = client.post("/slack/events", b"\xff\xfe", content_type="application/json")
    assert response.status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_without_a_secret_it_says_what_to_set(client, path):
    response = client.post(path, "x", content_type="text/plain")
    assert response.status_code == 503
    assert "Set SLACK_SIGNING_SECRET" in response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/slack/commands", urlencode({"command": "/incident"}), "user_id"),
        ("/slack/commands", urlencode({"user_id": "U1"}), "command"),
        ("/slack/interactions", urlencode({"payload": "{"}), "body"),
        ("/slack/interactions", urlencode({"payload": "{}"}), "type"),
        ("/slack/interactions", urlencode({"payload": '{"type": "block_actions"}'}), "user.id"),
        (
            "/slack/interactions",
            urlencode({"payload": '{"type": "block_actions", "user": {"id": "U1"}, "actions": []}'}),
            "actions",
        ),
    ],
)
def test_what_is_malformed_is_said_and_not_kept(post, path, body, field):
    response = post(path, body)
    assert response.status_code == 400
    assert field in response.json()["errors"]
    assert not InboundMessage.objects.exists()


def test_the_address_of_events_is_proved(post):
    body = json.dumps({"type": "url_verification", "challenge": "c-123"})
    response = post("/slack/events", body, kind="application/json")
    assert response.json() == {"challenge": "c-123"}
    assert not InboundMessage.objects.exists()


def test_an_event_nobody_uses_is_kept_once_and_asks_for_nothing(post):
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}})
    for _ in range(2):
        assert post("/slack/events", body, kind="application/json").status_code == 200
    kept = InboundMessage.objects.get()
    assert (kept.key, kept.state) == ("event:Ev1", "ignored")


def test_the_same_trigger_is_one_message_and_one_incident(post):
    for retry in ({}, {"X-Slack-Retry-Num": "1"}, {"X-Slack-Retry-Num": "2"}):
        assert post("/slack/commands", command("checkout is down"), **retry).status_code == 200
    inbox.process_due()
    inbox.replay(InboundMessage.objects.get())
    inbox.process_due()
    assert Incident.objects.count() == 1
    assert Delivery.objects.filter(dedup_key__startswith="slack:answer").count() == 1


def test_another_trigger_is_another_incident(post):
    post("/slack/commands", command("checkout is down"))
    post("/slack/commands", command("checkout is down", trigger="2.2.b"))
    inbox.process_due()
    assert Incident.objects.count() == 2


def test_nothing_is_asked_of_slack_while_it_waits_for_its_answer(post, settings):
    settings.SLACK_API_URL = "http://192.0.2.1/api/"  # a socket there would fail the test
    assert post("/slack/commands", command("checkout is down")).json()["text"] == "On it…"
    assert post("/slack/commands", command("", trigger="2.2.b")).json()["text"].startswith("Opening the form…")
    assert set(InboundMessage.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_form_is_asked_for_before_slack_is_asked_who_speaks(post, settings):
    settings.SLACK_API_URL = "http://192.0.2.1/api/"
    post("/slack/commands", command(""))
    inbox.process_due()
    form = Delivery.objects.get()
    assert form.queue == "pages"
    assert form.message["slack"]["method"] == "views.open"
    assert form.message["slack"]["trigger_id"] == "1.1.a"


def test_a_failing_slack_loses_no_incident(post):
    post("/slack/commands", command("checkout is down"))
    run()
    assert Incident.objects.get().declared_by_name == "ana"
    assert Delivery.objects.get(dedup_key__startswith="slack:announce").state == "waiting"
