"""Tables of this room: alerts and their rules, heartbeats, panels, snapshots of metrics and logs."""

from telemetry.models.alerts import Alert, AlertRule
from telemetry.models.heartbeats import Heartbeat
from telemetry.models.panels import PanelTemplate
from telemetry.models.snapshots import Snapshot

__all__ = ["Alert", "AlertRule", "Heartbeat", "PanelTemplate", "Snapshot"]
