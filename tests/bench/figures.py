"""What is measured. Everything goes over HTTP to loopback, as an outsider would."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from config.embedded import Postgres
from tests.bench.floor import SECRET
from tests.bench.load import Request, Run, fire, percentile
from tests.e2e.moody import SILENT, WELL, moody_receiver
from tests.e2e.scene import kill
from tests.receiver import receiving
from tests.running import Andon

__all__ = ["percentile"]

ALERTS = 40
LEASE = 6.0  # seconds; `notifications.deliveries.LEASE`, which needs Django to be read
WAITING = """
    SELECT (SELECT count(*) FROM notifications_inboundmessage WHERE state = 'waiting')
         + (SELECT count(*) FROM notifications_reaction WHERE done_at IS NULL)
"""
PAYLOAD = {"deployment": {"id": 1, "sha": "a" * 40, "environment": "production", "note": "x" * 2000}}


def bare_webhooks(floor: str, *, count: int = 1000, connections: int = 16) -> Run:
    """Signed POSTs to the floor."""
    return _well(fire(floor, lambda number: ("POST", *bare_webhook(number)), count=count, connections=connections))


def bare_webhook(number: int) -> tuple[str, bytes, dict[str, str]]:
    """Path, body and headers of a POST signed for the floor."""
    body = json.dumps(PAYLOAD | {"n": number}).encode()
    signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return "/hook", body, {"X-Signature": signature, "Content-Type": "application/json"}


def webhooks(running: Andon, *, count: int = 1000, connections: int = 16) -> Run:
    """The same as GitHub deployments of a known repository, each another."""
    made = running.call("POST", "integrations/", {"source": "github", "name": "Bench"})
    path, secret = "/hooks/" + made["url"].split("/hooks/")[1], made["secret"].encode()

    def make(number: int) -> Request:
        deployment = PAYLOAD["deployment"] | {"id": number, "created_at": _now(), "updated_at": _now()}
        body = json.dumps({"deployment": deployment, "repository": {"full_name": "bench/bench"}}).encode()
        signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "deployment", "X-GitHub-Delivery": f"d{number}"}
        return "POST", path, body, headers | {"Content-Type": "application/json"}

    return _well(fire(running.url, make, count=count, connections=connections))


def declarations(running: Andon, *, count: int = 100) -> Run:
    """Incidents declared one after the other, with a service and its page."""
    _services(running, ["declared"])

    def make(number: int) -> Request:
        body = {"title": f"Declared {number}", "severity": "sev2", "services": ["declared"]}
        return "POST", "/api/v1/incidents/", json.dumps(body).encode(), _api(running)

    return _well(fire(running.url, make, count=count, connections=1))


@cache
def long_room(url: str, token: str) -> int:
    """The number of an incident with 200 timeline entries."""
    running = Andon(url, Path(), 0, token)
    number = running.call("POST", "incidents/", {"title": "A long night", "severity": "sev4"})["number"]
    for entry in range(199):
        running.call("POST", f"incidents/{number}/timeline/", {"kind": "note", "text": f"Entry {entry}"})
    return int(number)


def room(running: Andon, *, count: int = 100) -> Run:
    """The room page of an incident with 200 entries, as the browser of somebody signed in asks for it."""
    path, cookie = f"/incidents/{long_room(running.url, running.token)}/", session_of(running)
    return _well(fire(running.url, lambda _: ("GET", path, b"", {"Cookie": cookie}), count=count, connections=1))


def room_queries(running: Andon) -> int:
    """How many queries that page takes, counted in a process of its own."""
    code = (
        "from django.test import Client; from django.test.utils import CaptureQueriesContext;"
        "from django.db import connection; from oncall.models import Person;"
        "c = Client(); c.force_login(Person.objects.get(email='operator@example.com'),"
        " backend='django.contrib.auth.backends.ModelBackend');"
        f"path = '/incidents/{long_room(running.url, running.token)}/'; c.get(path);"
        "q = CaptureQueriesContext(connection); q.__enter__(); c.get(path); q.__exit__(None, None, None);"
        "print('queries', len(q))"
    )
    found = re.search(r"queries (\d+)", running.manage("shell", "-c", code))
    assert found, "the count is printed"
    return int(found[1])


def plain_page(floor: str, *, count: int = 100) -> Run:
    """A page of 200 rows by the bare Django."""
    return _well(fire(floor, lambda _: ("GET", "/rows", b"", {}), count=count, connections=1))


def alert_to_page(running: Andon, floor: str) -> tuple[list[float], Run]:
    """Seconds from the answer to an alert until the first attempt to tell somebody; and the bare POST beside it."""
    direct = bare_webhooks(floor, count=200, connections=1)
    with receiving() as receiver:
        # Each has a person of its own: whoever is told of much is told of it together, which takes a moment.
        services = [_services(running, [f"paged-{number}"], receiver.url)[0] for number in range(ALERTS)]
        made = running.call("POST", "integrations/", {"source": "alertmanager", "name": "Bench"})
        path, headers = "/hooks/" + made["url"].split("/hooks/")[1], {"Authorization": f"Bearer {made['secret']}"}
        waits = []
        for service in services:
            before = len(receiver.received)
            body = json.dumps(_alert(service)).encode()
            _well(fire(running.url, lambda _, body=body: ("POST", path, body, headers), count=1, connections=1))  # type: ignore[misc]
            accepted = time.perf_counter()
            while len(receiver.received) == before and time.perf_counter() - accepted < 60:
                time.sleep(0.001)
            waits.append(time.perf_counter() - accepted)
    return waits, direct


def recovery(running: Andon, *, times: int = 3) -> list[float]:
    """Seconds from `kill -9` of everything that was sending a page until somebody else has sent it."""
    waits = []
    with moody_receiver() as receiver:
        [service] = _services(running, ["recovered"], receiver.url)
        for number in range(times):
            receiver.mood, before = SILENT, len(receiver.attempts)
            page = running.call("POST", "pages/", {"subject": f"Recovery {number}", "service": service})
            _wait(lambda before=before: len(receiver.attempts) > before)  # type: ignore[misc]
            receiver.mood, taken, began = WELL, len(receiver.taken), time.perf_counter()
            kill(running, "pager", "worker", "scheduler")
            _wait(lambda taken=taken: len(receiver.taken) > taken)  # type: ignore[misc]
            waits.append(time.perf_counter() - began)
            running.call("POST", f"pages/{page['id']}/resolve/", {})
    return waits


def postgres_alone() -> float:
    """Seconds to create and start an empty embedded PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
        database = Postgres(Path(folder) / "var")
        began = time.perf_counter()
        database.ensure()
        took = time.perf_counter() - began
        database.stop()
    return took


def settled(conninfo: str) -> float:
    """Seconds until everything that was accepted has been processed, and all who react have reacted."""
    began = time.perf_counter()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        while connection.execute(WAITING).fetchone() != (0,):
            time.sleep(0.05)
    return time.perf_counter() - began


def _wait(ready: Callable[[], bool], patience: float = 60) -> None:
    until = time.perf_counter() + patience
    while not ready() and time.perf_counter() < until:
        time.sleep(0.001)


def _services(running: Andon, slugs: list[str], webhook: str = "http://127.0.0.1:9/") -> list[str]:
    """Services with the same person on both seats, reached by this webhook."""
    rota = slugs[0]
    email = f"{rota}@example.com"
    methods = [{"kind": "webhook", "address": f"{webhook}/{rota}"}]
    running.call("POST", "people/", {"email": email, "name": rota, "timezone": "UTC", "contact_methods": methods})
    layer: dict[str, Any] = {"kind": "weekly", "start": "2026-01-05T09:00", "participants": [[email]]}
    seats = [{"name": seat, "layers": [layer]} for seat in ("dev", "ops")]
    running.call("POST", "schedules/", {"slug": rota, "name": rota, "timezone": "UTC", "seats": seats})
    for slug in slugs:
        running.call("POST", "services/", {"slug": slug, "name": slug, "schedule": rota})
    return slugs


def _alert(service: str) -> dict[str, Any]:
    labels = {"alertname": "Bench", "service": service, "severity": "critical"}
    ended = "0001-01-01T00:00:00Z"
    alert = {"status": "firing", "labels": labels, "annotations": {}, "startsAt": _now(), "endsAt": ended}
    alert |= {"fingerprint": hashlib.sha256(service.encode()).hexdigest()[:16], "generatorURL": ""}
    return {"version": "4", "groupKey": service, "status": "firing", "receiver": "andon", "alerts": [alert]}


def session_of(running: Andon) -> str:
    """The cookie of a signed-in session."""
    code = (
        "from django.test import Client; from oncall.models import Person; c = Client();"
        "c.force_login(Person.objects.get(email='operator@example.com'),"
        " backend='django.contrib.auth.backends.ModelBackend'); print('session', c.cookies['sessionid'].value)"
    )
    found = re.search(r"session (\S+)", running.manage("shell", "-c", code))
    assert found, "the session is printed"
    return f"sessionid={found[1]}"


def _api(running: Andon) -> dict[str, str]:
    return {"Authorization": f"Bearer {running.token}", "Content-Type": "application/json"}


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _well(run: Run) -> Run:
    if run.failed:
        raise SystemExit(f"{run.failed} of {len(run.latencies)} requests were refused: nothing is measured")
    return run
