"""What arrives over HTTP, signed as its senders sign it, and what becomes of it."""

import hashlib
import hmac
import json
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from changes.models import Change, PipelineRun
from notifications import inbox
from notifications.models import Event, InboundMessage
from notifications.signatures import sign_standard_webhooks
from tests.factories import IntegrationFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", repositories=["acme/checkout"])


@pytest.fixture
def github():
    return IntegrationFactory(source="github")


@pytest.fixture
def event():
    return IntegrationFactory(source="event")


def deployment_status(state, at="2026-06-01T09:00:00Z", number=77, repository="acme/checkout"):
    return {
        "deployment_status": {"state": state, "created_at": at, "environment": "production"},
        "deployment": {"id": number, "sha": "4f2a1c9", "ref": "main", "creator": {"login": "ana"}},
        "repository": {"full_name": repository, "html_url": f"https://github.com/{repository}"},
    }


def workflow_run(status, conclusion=None, number=5):
    return {
        "workflow_run": {
            "id": number,
            "run_attempt": 1,
            "name": "deliver",
            "status": status,
            "conclusion": conclusion,
            "run_started_at": "2026-06-01T09:00:00Z",
            "updated_at": "2026-06-01T09:04:00Z",
            "head_branch": "main",
        },
        "repository": {"full_name": "acme/checkout"},
    }


def from_github(client, integration, kind, payload, *, delivery=None, secret=None):
    body = json.dumps(payload).encode()
    secret = secret or integration.secrets.get().secret
    return client.post(
        integration.path,
        body,
        content_type="application/json",
        headers={
            "X-GitHub-Event": kind,
            "X-GitHub-Delivery": delivery or str(uuid.uuid4()),
            "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        },
    )


def bearer(integration, **more):
    return {"Authorization": f"Bearer {integration.secrets.get().secret}"} | more


class TestGitHub:
    def test_the_statuses_of_a_deployment_are_one_change_of_the_repositorys_service(self, client, github, checkout):
        for state, at in (("in_progress", "2026-06-01T09:00:00Z"), ("success", "2026-06-01T09:04:00Z")):
            assert from_github(client, github, "deployment_status", deployment_status(state, at)).status_code == 202
        inbox.process_due()
        change = Change.objects.get()
        assert (change.service, change.state, change.revision) == (checkout, "succeeded", "4f2a1c9")
        assert change.entries.count() == 2

    def test_a_delivery_sent_again_is_the_same_delivery(self, client, github, checkout):
        for _ in range(5):
            from_github(client, github, "deployment_status", deployment_status("success"), delivery="d-1")
        inbox.process_due()
        assert (InboundMessage.objects.count(), Event.objects.filter(type="change.recorded").count()) == (1, 1)

    def test_the_wrong_secret_is_401_and_keeps_nothing(self, client, github):
        answer = from_github(client, github, "deployment_status", deployment_status("success"), secret="wrong")
        assert (answer.status_code, InboundMessage.objects.count()) == (401, 0)

    def test_an_event_of_no_use_is_accepted_and_ignored(self, client, github):
        assert from_github(client, github, "ping", {"zen": "Keep it logically awesome."}).status_code == 202
        assert InboundMessage.objects.get().state == "ignored"

    def test_a_change_of_an_unknown_repository_is_kept_unmatched(self, client, github):
        from_github(client, github, "deployment_status", deployment_status("success", repository="acme/basket"))
        inbox.process_due()
        assert [change.repository for change in Change.objects.unmatched()] == ["acme/basket"]

    def test_a_workflow_run_is_a_pipeline_run_which_finishes_once(self, client, github, checkout):
        for status, conclusion in (("in_progress", None), ("completed", "failure"), ("completed", "failure")):
            from_github(client, github, "workflow_run", workflow_run(status, conclusion))
        inbox.process_due()
        run = PipelineRun.objects.get()
        assert (run.status, run.service, run.pipeline) == ("failed", checkout, "deliver")
        assert Event.objects.filter(type="pipeline.finished").count() == 1

    def test_a_run_that_has_ended_does_not_run_again_by_a_late_report(self, client, github, checkout):
        for status, conclusion in (("completed", "success"), ("queued", None)):
            from_github(client, github, "workflow_run", workflow_run(status, conclusion))
        inbox.process_due()
        assert PipelineRun.objects.get().status == "success"


class TestGenericEvent:
    def test_a_bearer_token_and_an_object(self, client, event, checkout):
        body = json.dumps({"type": "deploy", "service": "checkout", "revision": "4f2a1c", "actor": "ana"})
        assert client.post(event.path, body, "application/json", headers=bearer(event)).status_code == 202
        inbox.process_due()
        change = Change.objects.get()
        assert (change.service, change.revision, change.actor) == (checkout, "4f2a1c", "ana")
        assert change.started_at == InboundMessage.objects.get().received_at

    def test_a_signature_of_standard_webhooks(self, client, event, checkout):
        body, now = json.dumps({"type": "deploy", "revision": "4f2a1c"}).encode(), int(time.time())
        signature = sign_standard_webhooks(event.secrets.get().secret, "msg_1", now, body)
        signed = {"webhook-id": "msg_1", "webhook-timestamp": str(now), "webhook-signature": signature}
        for _ in range(2):
            assert client.post(event.path, body, "application/json", headers=signed).status_code == 202
        late = signed | {"webhook-timestamp": str(now - 400)}
        assert client.post(event.path, body, "application/json", headers=late).status_code == 401
        inbox.process_due()
        assert Change.objects.count() == 1

    def test_an_idempotency_key_makes_it_one(self, client, event):
        for _ in range(5):
            client.post(event.path, "deployed 4f2a1c", "text/plain", headers=bearer(event, **{"Idempotency-Key": "k"}))
        inbox.process_due()
        assert Change.objects.count() == 1

    def test_processing_a_message_again_changes_nothing(self, client, event):
        client.post(event.path, "deployed 4f2a1c", "text/plain", headers=bearer(event))
        inbox.process_due()
        inbox.replay(InboundMessage.objects.get())
        inbox.process_due()
        assert Change.objects.get().entries.count() == 1

    def test_an_alert_and_a_note_are_told_on(self, client, event):
        for body in ({"type": "alert", "title": "Disk is full"}, {"type": "note", "text": "Failover drill"}):
            client.post(event.path, json.dumps(body), "application/json", headers=bearer(event))
        inbox.process_due()
        alert = Event.objects.get(type="event.alert").payload
        note = Event.objects.get(type="event.note").payload
        assert (alert["title"], alert["firing"], alert["integration"]) == ("Disk is full", True, event.pk)
        assert (note["text"], note["integration"]) == ("Failover drill", event.pk)
        assert not Change.objects.exists()

    def test_what_cannot_be_read_is_refused_by_name(self, client, event):
        body = json.dumps({"type": "deploy", "state": "exploded"})
        answer = client.post(event.path, body, "application/json", headers=bearer(event))
        assert answer.status_code == 400
        assert "exploded" in answer.json()["errors"]["state"][0]


class TestOneLine:
    def test_one_line_is_enough(self, client, checkout):
        integration = IntegrationFactory(source="event", service="checkout")
        answer = client.generic("POST", f"/e/{integration.secrets.get().secret}", "deployed 4f2a1c to staging")
        assert answer.status_code == 202
        inbox.process_due()
        change = Change.objects.get()
        assert (change.service, change.revision, change.environment) == (checkout, "4f2a1c", "staging")

    def test_the_same_line_at_once_is_a_repetition_and_later_another_change(self, client, event, time_machine):
        start = datetime(2026, 6, 1, 9, 0, 9, 900_000, tzinfo=UTC)
        for seconds in (0, 0.05, 0.2, 60):  # whatever the clock shows
            time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
            client.generic("POST", f"/e/{event.secrets.get().secret}", "deployed 4f2a1c")
        inbox.process_due()
        assert Change.objects.count() == 2

    def test_what_is_switched_on_off_and_on_at_once_was_switched_three_times(self, client, event):
        for state in ("on", "on", "off", "off", "on", "on"):
            client.generic("POST", f"/e/{event.secrets.get().secret}", f"flag new-checkout {state}")
        inbox.process_due()
        told = Change.objects.order_by("started_at").values_list("description", flat=True)
        assert [words.split()[-1] for words in told] == ["on", "off", "on"]

    def test_an_unknown_token_is_refused(self, client):
        assert client.generic("POST", "/e/guessed", "deployed 4f2a1c").status_code == 401
