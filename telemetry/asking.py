"""Asking the source of a panel: Prometheus or Loki, at the address the operator gave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from notifications.http import Client
from oncall.models import Panel
from telemetry import loki, prometheus
from telemetry.answers import Answer

LARGEST_ANSWER = 20_000_000  # bytes; a Prometheus before 2.54 ignores the limit on series


@dataclass(frozen=True)
class Source:
    """`setting` holds its address; `ask(client, address, query, start, end)` raises only `QueryError`."""

    name: str
    setting: str
    example: str
    ask: Callable[[Client, str, str, datetime, datetime], Answer]

    @property
    def address(self) -> str:
        return str(getattr(settings, self.setting))

    @property
    def not_set(self) -> str:
        """What is to be done where there is no address."""
        return f"{self.setting} is not set: set it to your {self.name}'s address, such as {self.example}."


def _ask_prometheus(client: Client, address: str, query: str, start: datetime, end: datetime) -> Answer:
    return Answer(series=prometheus.query_range(client, address, query, start, end))


SOURCES = {
    Panel.Source.PROMETHEUS.value: Source("Prometheus", "PROMETHEUS_URL", "http://prometheus:9090", _ask_prometheus),
    Panel.Source.LOKI.value: Source("Loki", "LOKI_URL", "http://loki:3100", loki.query_range),
}
