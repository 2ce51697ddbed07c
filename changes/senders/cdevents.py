"""CDEvents 0.1 to 0.6: services deployed, incidents seen, runs of pipelines (https://cdevents.dev).

A type is `dev.cdevents.<subject>.<predicate>` and a version, which does not matter here: what we read has been the same
in all of them.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

from changes.events import AlertReport, ChangeEvent, ChangeState, PipelineRun, RunStatus
from changes.senders import cloudevents
from changes.senders.cloudevents import CloudEvent
from notifications.payloads import Fields, MalformedPayload, body_digest, read_time

PREFIX = "dev.cdevents."
Told = ChangeEvent | AlertReport | PipelineRun
_STATES: dict[str, ChangeState] = {
    "deployed": "succeeded",
    "upgraded": "succeeded",
    "rolledback": "rolled_back",
    "removed": "succeeded",
}
_FIRING = {"detected": True, "reported": True, "resolved": False}
_STATUSES: dict[str, RunStatus] = {"queued": "queued", "started": "running"}
_OUTCOMES: dict[str, RunStatus] = {"success": "success", "failure": "failed", "error": "failed"}
_WORKLOADS = {"service", "deployment", "daemonset", "statefulset", "app", "application"}


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[Told]:
    """What the events say; nothing for types we do not use. Raises `MalformedPayload`.

    `received_at` (aware) is the time of an event that names none.
    """
    events = cloudevents.read(headers, body, PREFIX)
    return [told for event in events for told in _told(event, received_at)]


def key(headers: Mapping[str, str], body: bytes) -> str:
    """`source` and `id` of an event, which together are unique, or of several. Raises `MalformedPayload`."""
    said = [event.identity for event in cloudevents.read(headers, body, PREFIX) if event.identity]
    if not said:
        raise MalformedPayload("id", None, "the identity of an event")
    return "\n".join(said)


def _told(event: CloudEvent, received_at: datetime) -> list[Told]:
    subject, _, predicate = event.type.removeprefix(PREFIX).partition(".")
    predicate = predicate.partition(".")[0]
    at = read_time(event.time, "context.timestamp") or received_at
    match subject:
        case "service" if predicate in _STATES:
            return [_service(event, predicate, at)]
        case "incident" if predicate in _FIRING:
            return [_incident(event, predicate, at)]
        case "pipelinerun" if predicate == "finished" or predicate in _STATUSES:
            return [_pipeline_run(event, predicate, at)]
        case _:
            return []


def _service(event: CloudEvent, predicate: str, at: datetime) -> ChangeEvent:
    subject, content = _subject(event)
    name, artifact = subject.required_text("id"), content.text("artifactId")
    words = {"rolledback": "rolled back"}.get(predicate, predicate)
    return ChangeEvent(
        external_id=event.identity or f"{name} {at.isoformat()}",
        state=_STATES[predicate],
        occurred_at=at,
        environment=_environment(content),
        revision=_revision(artifact),
        service_hint=_service_name(name),
        url=content.text("url") or content.text("uri"),
        description=f"{name} {words}" + (f": {artifact}" if artifact else ""),
        labels=_labels(source=event.source, subject=name),
        data={"artifact": artifact, "predicate": predicate},
    )


def _incident(event: CloudEvent, predicate: str, at: datetime) -> AlertReport:
    """Its reports are about one alert: the subject. What the spec has no place for is looked for in `customData`."""
    subject, content = _subject(event)
    number, custom = subject.required_text("id"), _texts(event.data.values.get("customData"))
    return AlertReport(
        external_id=body_digest(f"{subject.text('source') or event.source} {number}".encode("utf-8", "surrogatepass")),
        title=content.text("description") or f"incident {number}",
        firing=_FIRING[predicate],
        occurred_at=at,
        severity=custom.get("severity") or custom.get("priority") or "",
        environment=_environment(content),
        service_hint=_service_name(content.object("service").text("id")) or None,
        revision=_revision(content.text("artifactId")),
        url=content.text("ticketURI") or content.text("uri") or content.text("url"),
        description=content.text("description"),
        labels=custom | _labels(source=event.source, subject=number),
    )


def _pipeline_run(event: CloudEvent, predicate: str, at: datetime) -> PipelineRun:
    subject, content = _subject(event)
    number = subject.required_text("id")
    status = _STATUSES.get(predicate) or _OUTCOMES.get(content.text("outcome").lower(), "cancelled")
    return PipelineRun(
        pipeline=content.text("pipelineName") or number,
        external_id=f"{subject.text('source') or event.source} {number}",
        repository="",
        status=status,
        queued_at=at if predicate == "queued" else None,
        started_at=at if predicate == "started" else None,
        finished_at=at if predicate == "finished" else None,
        url=content.text("uri") or content.text("url"),
        labels=_labels(source=event.source, job=content.text("pipelineName")),
    )


def _subject(event: CloudEvent) -> tuple[Fields, Fields]:
    subject = event.data.object("subject")
    return subject, subject.object("content")


def _environment(content: Fields) -> str:
    environment = content.object("environment")
    return environment.text("name") or environment.text("id")


def _service_name(subject: str) -> str:
    """`checkout` of `deployment/checkout`; other paths are names as they stand."""
    kind, _, name = subject.strip("/").partition("/")
    return name if kind.lower() in _WORKLOADS and name and "/" not in name else subject


def _revision(artifact: str) -> str:
    """The version of a package URL, such as `sha256:0b31…` of `pkg:oci/app@sha256%3A0b31…?arch=arm64`.

    Other text that names an artifact is its own version; a package URL without one has none.
    """
    if not artifact.startswith("pkg:"):
        return artifact
    return unquote(artifact.partition("?")[0].partition("#")[0].rpartition("@")[2]) if "@" in artifact else ""


def _texts(values: object) -> dict[str, str]:
    """The texts of an object of anybody's own making."""
    told = values.items() if isinstance(values, dict) else ()
    return {name: value for name, value in told if isinstance(value, str)}


def _labels(**said: str) -> dict[str, str]:
    return {name: value for name, value in said.items() if value}
