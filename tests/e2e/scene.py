"""A small organisation, set up through the API as an outsider would: one service, a Dev and an Ops engineer on call."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tests.running import Andon

T = TypeVar("T")
PATIENCE = 40.0
BEGAN = datetime.now(UTC).isoformat()
DEV, OPS = "dora@example.com", "oskar@example.com"


def staff(andon: Andon, slug: str, webhook: str, **service: Any) -> None:
    """People reached at `webhook`/dev and `webhook`/ops, on the seats of a joint schedule, and the service they run."""
    for email, side in ((DEV, "dev"), (OPS, "ops")):
        methods = [{"kind": "webhook", "address": f"{webhook}/{side}"}]
        name = f"{side.title()} on call"
        if email not in {person["email"] for person in andon.call("GET", "people/?page_size=500")["results"]}:
            andon.call("POST", "people/", {"email": email, "name": name, "contact_methods": methods})
            team = {"slug": f"{side}-team", "name": f"{side.title()} team", "discipline": side, "members": [email]}
            andon.call("POST", "teams/", team)
    seats = [
        {"name": side, "layers": [{"kind": "weekly", "start": "2026-01-05T09:00", "participants": [[email]]}]}
        for email, side in ((DEV, "dev"), (OPS, "ops"))
    ]
    andon.call("POST", "schedules/", {"slug": slug, "name": slug, "timezone": "Europe/London", "seats": seats})
    body = {"slug": slug, "name": slug.title(), "dev_team": "dev-team", "ops_team": "ops-team", "schedule": slug}
    andon.call("POST", "services/", body | service)


def eventually(ask: Callable[[], T], what: str, *, patience: float = PATIENCE) -> T:
    """The first truthy answer, asked for again and again; fails after so many seconds."""
    until = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < until, f"{what} did not come within {patience:g} s"
        time.sleep(0.1)
    return answer


def open_incidents(andon: Andon, service: str) -> list[dict[str, Any]]:
    return list(andon.call("GET", f"incidents/?service={service}")["results"])


def timeline(andon: Andon, number: int) -> list[dict[str, Any]]:
    return list(andon.call("GET", f"incidents/{number}/timeline/?page_size=500")["results"])


def send_alert(integration: dict[str, Any], service: str) -> tuple[int, Message]:
    """One firing alert of a service, told as Alertmanager tells it: status and headers of the answer; 0, not answered.

    Told again, it is the same alert.
    """
    labels = {"alertname": "Down", "service": service, "severity": "critical"}
    alert = {"status": "firing", "labels": labels, "annotations": {"summary": f"{service} is down"}}
    alert |= {"startsAt": BEGAN, "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": service}
    told = {"version": "4", "status": "firing", "receiver": "andon", "groupKey": service, "alerts": [alert]}
    headers = {"Authorization": f"Bearer {integration['secret']}", "Content-Type": "application/json"}
    url = urlsplit(integration["url"])
    connection = http.client.HTTPConnection(url.netloc, timeout=30)
    try:
        connection.request("POST", url.path, json.dumps(told), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    except (OSError, http.client.HTTPException):
        return 0, Message()
    finally:
        connection.close()


def told(paths: list[str], received: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Who was paged for which service, by the alerts of `send_alert`: (path, service), as often as it was told, alone
    or in a list."""
    return [(path, _down(subject)) for path, body in zip(paths, received, strict=False) for subject in _subjects(body)]


def _subjects(body: dict[str, Any]) -> list[str]:
    return [page["subject"] for page in body["bundle"]["pages"]] if "bundle" in body else [str(body["subject"])]


def _down(subject: str) -> str:
    return subject.rpartition(" is down")[0].rpartition(" ")[2]


def processes(andon: Andon) -> dict[str, list[int]]:
    """The ids of what its supervisor runs, by `web`, `pager`, `worker`, `scheduler`."""
    found: dict[str, list[int]] = {"web": [], "pager": [], "worker": [], "scheduler": []}
    names = {"config.web": "web", "pager": "pager", "worker": "worker", "run_scheduler": "scheduler"}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            words = (stat.parent / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue  # it ended meanwhile
        if parent == andon.supervisor and (known := [names[word] for word in reversed(words) if word in names]):
            found[known[0]].append(int(stat.parent.name))
    return found


def kill(andon: Andon, *names: str) -> None:
    """`kill -9` these of its processes; `postgres` is the postmaster."""
    for name in names:
        for pid in _postmaster(andon) if name == "postgres" else processes(andon)[name]:
            os.kill(pid, signal.SIGKILL)


def stop_postgres(andon: Andon) -> None:
    """Have PostgreSQL end as an operator would, whoever is connected; the supervisor starts it again."""
    for pid in _postmaster(andon):
        os.kill(pid, signal.SIGINT)


def _postmaster(andon: Andon) -> list[int]:
    """Its process id; none where it is down at this moment."""
    try:
        pid = int((andon.data / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, IndexError, ValueError):
        return []
    return [pid]


def now() -> str:
    return datetime.now(UTC).isoformat()
