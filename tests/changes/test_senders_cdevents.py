"""What CDEvents, in each of the ways in which CloudEvents travel, mean to us."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from changes.events import AlertReport, ChangeEvent, PipelineRun
from changes.senders import cdevents
from notifications.payloads import MalformedPayload

ARRIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
IMAGE = "pkg:oci/checkout@sha256%3A4f2a1c"


def event(kind: str, content: dict[str, Any], number: str = "e-1", subject: str = "checkout") -> dict[str, Any]:
    return {
        "context": {
            "specversion": "0.5.0",
            "id": number,
            "source": "/ci",
            "type": f"dev.cdevents.{kind}",
            "timestamp": "2026-06-01T09:00:00Z",
        },
        "subject": {"id": subject, "source": "/ci", "content": content},
    }


def service(kind: str = "service.deployed.0.2.0", **fields: Any) -> dict[str, Any]:
    return event(kind, {"environment": {"id": "production"}, "artifactId": IMAGE}, **fields)


def attributes(said: dict[str, Any]) -> dict[str, str]:
    context = said["context"]
    return {
        "specversion": "1.0",
        "id": context["id"],
        "source": context["source"],
        "type": context["type"],
        "time": context["timestamp"],
    }


def binary(said: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    headers = {f"ce-{name}": value for name, value in attributes(said).items()}
    return headers | {"Content-Type": "application/json"}, json.dumps(said).encode()


def structured(said: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    body = json.dumps(attributes(said) | {"datacontenttype": "application/json", "data": said}).encode()
    return {"Content-Type": "application/cloudevents+json; charset=utf-8"}, body


def encoded(said: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    data = base64.b64encode(json.dumps(said).encode()).decode()
    return {"Content-Type": "application/cloudevents+json"}, json.dumps(
        attributes(said) | {"data_base64": data}
    ).encode()


def quoted(said: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    return {}, json.dumps(attributes(said) | {"data": json.dumps(said)}).encode()


def bare(said: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    return {}, json.dumps(said).encode()


def batch(*said: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    envelopes = [attributes(one) | {"data": one} for one in said]
    return {"Content-Type": "application/cloudevents-batch+json"}, json.dumps(envelopes).encode()


def deliver(said: dict[str, Any]) -> list[Any]:
    return list(cdevents.parse(*binary(said), ARRIVED))


@pytest.mark.parametrize("mode", [binary, structured, encoded, quoted, bare, batch])
def test_a_service_that_was_deployed_is_a_change_however_it_travels(mode: Any) -> None:
    assert cdevents.parse(*mode(service()), ARRIVED) == [
        ChangeEvent(
            external_id="/ci e-1",
            state="succeeded",
            occurred_at=NINE,
            environment="production",
            revision="sha256:4f2a1c",
            service_hint="checkout",
            description=f"checkout deployed: {IMAGE}",
            labels={"source": "/ci", "subject": "checkout"},
            data={"artifact": IMAGE, "predicate": "deployed"},
        )
    ]
    assert cdevents.key(*mode(service())) == "/ci e-1"


@pytest.mark.parametrize("version", ["", ".0.1.0", ".0.1.1", ".0.2.0", ".0.3.0-draft", ".v1"])
def test_a_type_matches_whatever_its_version(version: str) -> None:
    assert len(deliver(service(f"service.deployed{version}"))) == 1


@pytest.mark.parametrize(
    ("predicate", "state"),
    [("deployed", "succeeded"), ("upgraded", "succeeded"), ("rolledback", "rolled_back"), ("removed", "succeeded")],
)
def test_what_happens_to_services(predicate: str, state: str) -> None:
    [change] = deliver(service(f"service.{predicate}.0.2.0"))
    assert change.state == state
    assert predicate.removesuffix("back") in change.description


@pytest.mark.parametrize(
    "kind",
    ["service.published.0.2.0", "service.deployedtwice.0.1.0", "taskrun.finished.0.2.0", "ticket.closed.0.1.0", "x"],
)
def test_types_of_no_use_are_nothing(kind: str) -> None:
    for mode in (binary, structured, bare, batch):
        assert cdevents.parse(*mode(event(kind, {})), ARRIVED) == []


def test_an_event_of_another_world_may_have_any_body() -> None:
    assert cdevents.parse({"ce-type": "com.example.ping", "ce-id": "1", "ce-source": "/x"}, b"\xff", ARRIVED) == []


@pytest.mark.parametrize(
    ("artifact", "revision"),
    [
        ("pkg:oci/app@sha256%3A0b31?repository_url=ghcr.io/acme#app", "sha256:0b31"),
        ("pkg:golang/mygit.example/org/app@234fd47e07d1", "234fd47e07d1"),
        ("pkg:npm/%40acme/app@1.2.3", "1.2.3"),
        ("pkg:npm/app", ""),
        ("0b31b1c02ff4", "0b31b1c02ff4"),
        ("", ""),
    ],
)
def test_the_revision_is_the_version_of_the_artifact(artifact: str, revision: str) -> None:
    said = service()
    said["subject"]["content"]["artifactId"] = artifact
    [change] = deliver(said)
    assert change.revision == revision


@pytest.mark.parametrize(
    ("subject", "hint"),
    [("deployment/checkout", "checkout"), ("/service/pay", "pay"), ("shop/checkout", "shop/checkout"), ("pay", "pay")],
)
def test_a_workload_is_called_by_its_name(subject: str, hint: str) -> None:
    [change] = deliver(service(subject=subject))
    assert change.service_hint == hint


def test_incidents_are_alerts_which_their_resolution_ends() -> None:
    content = {
        "description": "Responses take 200 ms",
        "environment": {"id": "prod1", "name": "production"},
        "service": {"id": "checkout", "source": "/cluster"},
        "artifactId": IMAGE,
        "ticketURI": "https://tickets.example/345",
    }
    told = [
        event(f"incident.{predicate}.0.2.0", content, number=predicate, subject="incident-1")
        | {"customData": {"severity": "critical", "threshold": 100}}
        for predicate in ("detected", "reported", "resolved")
    ]
    detected, reported, resolved = (deliver(one)[0] for one in told)
    assert isinstance(detected, AlertReport)
    assert (detected.firing, reported.firing, resolved.firing) == (True, True, False)
    assert detected.external_id == reported.external_id == resolved.external_id
    assert (detected.title, detected.severity, detected.url) == (
        "Responses take 200 ms",
        "critical",
        "https://tickets.example/345",
    )
    assert (detected.service_hint, detected.environment, detected.revision) == (
        "checkout",
        "production",
        "sha256:4f2a1c",
    )
    assert detected.labels == {"severity": "critical", "source": "/ci", "subject": "incident-1"}


def test_an_incident_that_says_nothing_of_itself_is_told_by_its_number() -> None:
    [report] = deliver(event("incident.detected.0.1.0", {}, subject="incident-1"))
    assert (report.title, report.service_hint) == ("incident incident-1", None)


@pytest.mark.parametrize(
    ("predicate", "outcome", "status"),
    [
        ("queued", None, "queued"),
        ("started", None, "running"),
        ("finished", "success", "success"),
        ("finished", "failure", "failed"),
        ("finished", "error", "failed"),
        ("finished", "cancel", "cancelled"),
        ("finished", None, "cancelled"),
    ],
)
def test_runs_of_pipelines(predicate: str, outcome: str | None, status: str) -> None:
    content = {"pipelineName": "deliver", "uri": "https://ci.example/7", "outcome": outcome}
    [run] = deliver(event(f"pipelinerun.{predicate}.0.2.0", content, subject="run-7"))
    assert isinstance(run, PipelineRun)
    assert (run.pipeline, run.external_id, run.status) == ("deliver", "/ci run-7", status)
    times = {"queued": run.queued_at, "started": run.started_at, "finished": run.finished_at}
    assert {name for name, at in times.items() if at == NINE} == {predicate}


def test_several_events_in_one_batch() -> None:
    told = batch(service(number="e-1"), event("build.queued.0.1.0", {}, number="e-2"), service(number="e-3"))
    assert [one.external_id for one in cdevents.parse(*told, ARRIVED)] == ["/ci e-1", "/ci e-3"]
    assert cdevents.parse({}, b"[]", ARRIVED) == []


def test_what_is_in_its_headers_counts_where_the_body_says_less() -> None:
    headers, _ = binary(service())
    said = service()
    said["context"] = {}
    [change] = cdevents.parse(headers, json.dumps(said).encode(), ARRIVED)
    assert (change.external_id, change.occurred_at) == ("/ci e-1", NINE)


def test_an_event_whose_header_and_body_have_ids_of_their_own_is_known_by_both() -> None:
    headers, body = binary(service())
    keys = {cdevents.key(headers | {"ce-id": number}, body) for number in ("e-1", "e-2")}
    assert len(keys) == 2
    with pytest.raises(MalformedPayload):
        cdevents.key({}, b"{}")


def test_an_event_without_a_time_happened_when_it_arrived() -> None:
    said = service()
    del said["context"]["timestamp"]
    assert [one.occurred_at for one in cdevents.parse(*bare(said), ARRIVED)] == [ARRIVED]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (service(subject=""), "subject.id is ''"),
        (event("service.deployed", {"environment": "production"}), "subject.content.environment is 'production'"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(said: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        deliver(said)
    assert str(caught.value).startswith(message)
