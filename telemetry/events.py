"""What a sender of alerts can tell us, whoever the sender is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

AlertStatus = Literal["firing", "resolved"]


@dataclass(frozen=True, kw_only=True)
class AlertEvent:
    """An alert as it stood when its sender spoke. `ends_at` is None while it fires; all times are aware.

    `severity`, `environment`, `service_hint` (None where labels do not tell) and `revision` are read from
    labels and annotations; absent text is "".

    `told_at` is there where a message does not tell one firing from the next by its start: the moment that it speaks
    of. It is then of the alert that fires under `fingerprint`, or begins one (`telemetry.reports`). `cycle` names that
    firing, where the sender does: another cycle is another alert, and ends the one before.
    """

    fingerprint: str
    status: AlertStatus
    starts_at: datetime
    ends_at: datetime | None = None
    name: str = ""
    summary: str = ""
    severity: str = ""
    environment: str = ""
    service_hint: str | None = None
    revision: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    generator_url: str = ""
    group_key: str = ""
    receiver: str = ""
    told_at: datetime | None = None
    cycle: str = ""

    @property
    def dedup_key(self) -> str:
        """The same for every repetition of one state of one alert: fingerprint, start and status."""
        return f"{self.fingerprint}:{self.starts_at.astimezone(UTC).isoformat()}:{self.status}"
