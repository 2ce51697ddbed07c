"""A storm of alerts, told as Alertmanager tells it, for services that the same two people answer for."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tests.bench.load import Request, Run, fire
from tests.running import Andon

ALERTS = 1000
SIDES = ("dev", "ops")


def staff(running: Andon, name: str, count: int, webhook: str) -> list[str]:
    """So many services, each with a schedule of its own; on all of them one Dev and one Ops engineer are on call, who
    are told at `webhook`/name/dev and `webhook`/name/ops. Returns their slugs."""
    for side in SIDES:
        methods = [{"kind": "webhook", "address": f"{webhook}/{name}/{side}"}]
        person = {"email": f"{name}-{side}@example.com", "name": f"{name} {side}", "contact_methods": methods}
        running.call("POST", "people/", person)
        team = {"slug": f"{name}-{side}", "name": f"{name} {side}", "discipline": side, "members": [person["email"]]}
        running.call("POST", "teams/", team)
    seats = [{"name": side, "layers": [_always(f"{name}-{side}@example.com")]} for side in SIDES]
    slugs = [f"{name}-{number}" for number in range(count)]
    for slug in slugs:
        running.call("POST", "schedules/", {"slug": slug, "name": slug, "timezone": "UTC", "seats": seats})
        teams = {f"{side}_team": f"{name}-{side}" for side in SIDES}
        running.call("POST", "services/", {"slug": slug, "name": slug, "schedule": slug} | teams)
    return slugs


def alerts(services: Sequence[str], count: int = ALERTS) -> list[dict[str, Any]]:
    """So many alerts that fire, the services taking turns."""
    return [_alert(services[number % len(services)], number) for number in range(count)]


def in_one_message(found: Iterable[dict[str, Any]]) -> list[bytes]:
    return [_message("storm", list(found))]


def in_a_message_each(found: Iterable[dict[str, Any]]) -> list[bytes]:
    return [_message(alert["fingerprint"], [alert]) for alert in found]


def in_a_message_a_service(found: Iterable[dict[str, Any]]) -> list[bytes]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for alert in found:
        groups[alert["labels"]["service"]].append(alert)
    return [_message(service, group) for service, group in groups.items()]


def pour(running: Andon, name: str, bodies: Sequence[bytes], *, connections: int = 8) -> Run:
    """Send them through an integration of this name, as fast as they are accepted."""
    made = running.call("POST", "integrations/", {"source": "alertmanager", "name": name})
    headers = {"Authorization": f"Bearer {made['secret']}", "Content-Type": "application/json"}
    path = urlsplit(made["url"]).path

    def make(number: int) -> Request:
        return "POST", path, bodies[number], headers

    return fire(running.url, make, count=len(bodies), connections=min(connections, len(bodies)))


def pages_told(received: Iterable[dict[str, Any]]) -> int:
    """Of how many pages these messages tell."""
    return sum(body["bundle"]["count"] if "bundle" in body else 1 for body in received)


def _always(email: str) -> dict[str, Any]:
    return {"kind": "weekly", "start": "2026-01-05T09:00", "participants": [[email]]}


def _alert(service: str, number: int) -> dict[str, Any]:
    labels = {"alertname": f"Probe{number % 7}", "service": service, "severity": "critical", "instance": f"h{number}"}
    identity = hashlib.sha256(f"{service}:{number}".encode()).hexdigest()[:16]
    told = {"annotations": {"summary": f"{service} fails on h{number}"}, "generatorURL": ""}
    times = {"startsAt": datetime.now(UTC).isoformat(), "endsAt": "0001-01-01T00:00:00Z"}
    return {"status": "firing", "labels": labels, "fingerprint": identity} | told | times


def _message(group: str, found: list[dict[str, Any]]) -> bytes:
    told = {"version": "4", "groupKey": group, "status": "firing", "receiver": "andon", "alerts": found}
    return json.dumps(told).encode()
