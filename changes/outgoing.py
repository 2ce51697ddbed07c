"""Changes and runs of pipelines as outsiders are told of them (config/outgoing.py). Nothing of theirs is private."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from changes.models import Change, LedgerEntry, PipelineRun
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
