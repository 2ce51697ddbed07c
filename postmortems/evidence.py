"""Where a timeline entry's evidence is: the room, the change, the alert, the panels, the message. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Link:
    """One piece of evidence: `kind` room, change, alert, alerts, panels, page or message; `url` ours, or outside."""

    kind: str
    label: str
    url: str


def links(*, incident: int, entry: int, kind: str, source: str, data: dict[str, Any]) -> list[Link]:
    """What stands behind an entry (`entry`: its id) of an incident's timeline; `data` as the entry keeps it."""
    room = f"/incidents/{incident}/"
    found = [Link("room", f"#{incident}", f"{room}?whole=1#entry-{entry}")]
    if isinstance(data.get("change"), int):
        found.append(Link("change", "Change", f"/changes/{data['change']}/"))
    if isinstance(data.get("alert"), int):
        found.append(Link("alert", "Alert", f"/alerts/{data['alert']}/"))
    if "alerts" in data:
        found.append(Link("alerts", "Alerts", f"{room}alerts/"))
    if kind == "telemetry":
        found.append(Link("panels", "Panels", f"{room}panels/"))
    if isinstance(data.get("page"), int):
        found.append(Link("page", "Page", f"/pages/{data['page']}/"))
    return [*found, *_outside(source, data)]


def _outside(source: str, data: dict[str, Any]) -> Iterator[Link]:
    url = data.get("url")
    if isinstance(url, str) and url.startswith(("https://", "http://")):
        yield Link("message", "Slack message" if source == "slack" else "Source", url)
