"""Tables of this room: alerts and their rules, heartbeats, snapshots of metrics."""

from telemetry.models.alerts import Alert, AlertRule
from telemetry.models.heartbeats import Heartbeat
from telemetry.models.snapshots import Snapshot

__all__ = ["Alert", "AlertRule", "Heartbeat", "Snapshot"]
