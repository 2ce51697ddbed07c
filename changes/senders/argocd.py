"""Argo CD notifications, in the body of our own template (templates/oncall/_send_argocd.html).

An operation (a sync) is told apart by its application and its start; `phase` says how far it is
(https://argo-cd.readthedocs.io, OperationState). A value that Argo CD's templates could not fill in reads `<no value>`.
"""

from collections.abc import Mapping
from datetime import datetime

from changes.events import ChangeEvent, ChangeState
from changes.senders.repositories import repository
from notifications.payloads import Fields, read_object

_STATES: dict[str, ChangeState] = {
    "running": "started",
    "succeeded": "succeeded",
    "failed": "failed",
    "error": "failed",
}
_LABELS = ("project", "namespace", "cluster")


def parse(headers: Mapping[str, str], body: bytes) -> list[ChangeEvent]:
    """What a notification says; nothing for phases that are not an outcome. Raises `MalformedPayload`."""
    told = _filled(read_object(body))
    state = _STATES.get(told.text("phase").strip().lower())
    if state is None:
        return []
    app, started_at = told.required_text("app"), _started_at(told)
    source = told.text("repository")
    return [
        ChangeEvent(
            external_id=f"{app} {started_at.isoformat()}",
            state=state,
            occurred_at=started_at if state == "started" else told.time("finished_at") or started_at,
            environment=told.text("environment"),
            revision=told.text("revision") or _first(told, "revisions"),
            repository=repository(source) or source,
            service_hint=told.text("service") or app,
            actor=told.text("operation_by"),
            url=told.text("url"),
            description=told.text("message"),
            labels={name: told.text(name) for name in _LABELS if told.text(name)},
            data={"sync_status": told.text("sync_status"), "health": told.text("health")},
        )
    ]


def key(headers: Mapping[str, str], body: bytes) -> str:
    """Application, start of the operation and phase: Argo CD gives its deliveries no identity.

    Raises `MalformedPayload`.
    """
    told = _filled(read_object(body))
    return f"{told.required_text('app')} {_started_at(told).isoformat()} {told.text('phase').strip().lower()}"


def _filled(payload: Fields) -> Fields:
    return Fields({name: value for name, value in payload.values.items() if value not in ("<no value>", "null")})


def _started_at(told: Fields) -> datetime:
    return told.time("started_at") or told.time("finished_at") or told.fail("started_at", "the start of the operation")


def _first(told: Fields, name: str) -> str:
    """The first of a list of texts, which an application of several sources has."""
    values = told.values.get(name)
    return values[0] if isinstance(values, list) and values and isinstance(values[0], str) else ""
