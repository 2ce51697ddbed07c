"""Changes, pipelines and decisions of the gate as outsiders are told of them (config/outgoing.py).

Nothing of theirs is private but the incidents a decision may name: of a decision only the rule is told, no reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from changes.models import Change, GateCheck, LedgerEntry, Pipeline, PipelineRun
from notifications.links import absolute
from notifications.models import Event


def tell_changes(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The change, with the state that this entry of the ledger gave it."""
    changes = Change.objects.select_related("service").in_bulk({event.payload["change"] for event in events})
    entries = LedgerEntry.objects.in_bulk({event.payload.get("entry") or 0 for event in events})
    return {
        event.pk: _change(changes[key], entries.get(event.payload.get("entry") or 0), event)
        for event in events
        if (key := event.payload["change"]) in changes
    }


def tell_runs(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The run as it stands now."""
    runs = PipelineRun.objects.select_related("service").in_bulk({event.payload["run"] for event in events})
    return {event.pk: _run(runs[key], event) for event in events if (key := event.payload["run"]) in runs}


def tell_pipelines(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The pipeline, red for longer than its limit or green again."""
    pipelines = Pipeline.objects.select_related("service").in_bulk({event.payload["pipeline"] for event in events})
    return {
        event.pk: _pipeline(pipelines[key], event)
        for event in events
        if (key := event.payload["pipeline"]) in pipelines
    }


def tell_checks(events: Sequence[Event]) -> dict[int, dict[str, Any]]:
    """The question to the gate, with its decision as it stands now."""
    checks = GateCheck.objects.select_related("service").in_bulk({event.payload["check"] for event in events})
    return {event.pk: _check(checks[key], event) for event in events if (key := event.payload["check"]) in checks}


def _change(change: Change, entry: LedgerEntry | None, event: Event) -> dict[str, Any]:
    return {
        "id": change.pk,
        "title": str(change),
        "status": entry.state if entry else change.state,
        "kind": change.kind,
        "type": change.type,
        "services": [change.service.slug] if change.service else [],
        "environment": change.environment,
        "revision": change.revision,
        "repository": change.repository,
        "overridden": change.overridden,
        "url": change.url,
        "at": (entry.at if entry else event.at).isoformat(),
    }


def _run(run: PipelineRun, event: Event) -> dict[str, Any]:
    return {
        "id": run.pk,
        "title": run.pipeline,
        "status": run.status,
        "services": [run.service.slug] if run.service else [],
        "repository": run.repository,
        "branch": run.branch,
        "revision": run.revision,
        "url": run.url,
        "at": (run.finished_at or event.at).isoformat(),
    }


def _pipeline(pipeline: Pipeline, event: Event) -> dict[str, Any]:
    return {
        "id": pipeline.pk,
        "title": pipeline.name,
        "status": event.type.partition(".")[2],
        "services": [pipeline.service.slug] if pipeline.service else [],
        "repository": pipeline.repository,
        "branch": pipeline.branch,
        "url": absolute("/changes/pipelines/"),
        "at": event.at.isoformat(),
    }


def _check(check: GateCheck, event: Event) -> dict[str, Any]:
    return {
        "id": check.pk,
        "title": str(check),
        "status": check.decision,
        "rule": check.rule,
        "kind": check.kind,
        "services": [check.service.slug] if check.service else [],
        "environment": check.environment,
        "revision": check.revision,
        "rollback": check.rollback,
        "emergency": check.emergency,
        "change": check.change_id,
        "url": absolute(check.get_absolute_url()),
        "at": event.at.isoformat(),
    }
