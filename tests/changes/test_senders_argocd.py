"""What Argo CD's notifications, in our own template, mean to us."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from changes.events import ChangeEvent
from changes.senders import argocd
from notifications.payloads import MalformedPayload

SHA = "4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d"
STARTED = datetime(2026, 6, 1, 9, tzinfo=UTC)


def body(**fields: Any) -> bytes:
    told = {
        "app": "checkout",
        "project": "shop",
        "environment": "production",
        "revision": SHA,
        "repository": "https://github.example/acme/deploy.git",
        "sync_status": "Synced",
        "health": "Healthy",
        "phase": "Succeeded",
        "started_at": "2026-06-01T09:00:00Z",
        "finished_at": "2026-06-01T09:00:41Z",
        "operation_by": "ana",
        "url": "https://argocd.example/applications/checkout",
    } | fields
    return json.dumps({name: value for name, value in told.items() if value is not None}).encode()


def deliver(**fields: Any) -> list[ChangeEvent]:
    return argocd.parse({}, body(**fields))


def test_a_sync_that_succeeded_is_a_change() -> None:
    assert deliver() == [
        ChangeEvent(
            external_id="checkout 2026-06-01T09:00:00+00:00",
            state="succeeded",
            occurred_at=datetime(2026, 6, 1, 9, 0, 41, tzinfo=UTC),
            environment="production",
            revision=SHA,
            repository="acme/deploy",
            service_hint="checkout",
            actor="ana",
            url="https://argocd.example/applications/checkout",
            labels={"project": "shop"},
            data={"sync_status": "Synced", "health": "Healthy"},
        )
    ]


@pytest.mark.parametrize(
    ("phase", "state"), [("Running", "started"), ("Succeeded", "succeeded"), ("Failed", "failed"), ("Error", "failed")]
)
def test_every_phase_is_a_step_of_the_same_change(phase: str, state: str) -> None:
    [change] = deliver(phase=phase)
    assert (change.external_id, change.state) == ("checkout 2026-06-01T09:00:00+00:00", state)
    assert (change.occurred_at == STARTED) == (state == "started")


@pytest.mark.parametrize("phase", ["Terminating", "", None])
def test_a_phase_that_is_no_outcome_is_nothing(phase: str | None) -> None:
    assert deliver(phase=phase) == []


def test_what_the_template_could_not_fill_in_is_absent() -> None:
    [change] = deliver(phase="Running", finished_at="<no value>", operation_by="<no value>", environment=None)
    assert (change.occurred_at, change.actor, change.environment) == (STARTED, "", "")


def test_an_application_of_several_sources_has_revisions() -> None:
    [change] = deliver(revision=None, revisions=[SHA, "1.2.3"])
    assert change.revision == SHA
    [change] = deliver(revision=None, revisions=[])
    assert change.revision == ""


def test_a_label_may_name_the_service() -> None:
    [change] = deliver(service="pay")
    assert change.service_hint == "pay"


def test_deliveries_are_told_apart_by_application_start_and_phase() -> None:
    again = argocd.key({}, body(health="Degraded", message="later"))
    assert again == argocd.key({}, body()) == "checkout 2026-06-01T09:00:00+00:00 succeeded"
    others = [body(app="pay"), body(phase="Failed"), body(started_at="2026-06-01T10:00:00Z")]
    assert len({again, *(argocd.key({}, other) for other in others)}) == 4


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"app": None}, "app is missing"),
        ({"started_at": None, "finished_at": None}, "started_at is missing; expected the start of the operation"),
        ({"started_at": "noon"}, "started_at is 'noon'; expected a time"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        deliver(**fields)
    assert str(caught.value).startswith(message)
