"""Messages of senders of changes, of kinds that are accepted and ignored, so that the ledger stays clean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def _gitlab(now: datetime) -> dict[str, object]:
    return {
        "object_kind": "note",
        "project": {"path_with_namespace": "andon/test"},
        "object_attributes": {"note": "A test from Settings", "created_at": f"{now.astimezone(UTC):%F %T} UTC"},
    }


def _argocd(now: datetime) -> dict[str, object]:
    return {
        "app": "andon-test",
        "phase": "Terminating",
        "started_at": now.isoformat(),
        "finished_at": None,
        "message": "A test from Settings",
    }


def _jenkins(now: datetime) -> dict[str, object]:
    build = {"number": 0, "phase": "NONE", "timestamp": int(now.timestamp() * 1000), "scm": {}}
    return {"name": "andon-test", "url": "job/andon-test/", "build": build}


def _cdevents(now: datetime) -> dict[str, object]:
    context = {
        "version": "0.4.1",
        "id": f"andon-test-{now.timestamp():.0f}",
        "source": "/andon/settings",
        "type": "dev.cdevents.testcaserun.skipped.0.2.0",
        "timestamp": now.isoformat(),
    }
    return {"context": context, "subject": {"id": "andon-test", "type": "testCaseRun", "content": {}}}


SAMPLES: dict[str, Callable[[datetime], dict[str, object]]] = {
    "github": lambda now: {"zen": "A test from Settings", "hook_id": 0},
    "gitlab": _gitlab,
    "argocd": _argocd,
    "jenkins": _jenkins,
    "cdevents": _cdevents,
    "event": lambda now: {"type": "note", "text": "A test from Settings", "at": now.isoformat()},
}
