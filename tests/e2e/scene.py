"""A small organisation, set up through the API as an outsider would: one service, a Dev and an Ops engineer on call."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.running import Andon

T = TypeVar("T")
PATIENCE = 40.0
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


def eventually(ask: Callable[[], T], what: str) -> T:
    """The first truthy answer, asked for again and again; fails after `PATIENCE` seconds."""
    until = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < until, f"{what} did not come within {PATIENCE:g} s"
        time.sleep(0.1)
    return answer


def open_incidents(andon: Andon, service: str) -> list[dict[str, Any]]:
    return list(andon.call("GET", f"incidents/?service={service}")["results"])


def timeline(andon: Andon, number: int) -> list[dict[str, Any]]:
    return list(andon.call("GET", f"incidents/{number}/timeline/?page_size=500")["results"])


def now() -> str:
    return datetime.now(UTC).isoformat()
