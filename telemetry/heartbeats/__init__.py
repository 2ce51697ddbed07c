"""Heartbeats: jobs call an address of ours every so often, and their silence is an alert like any other."""

from telemetry.heartbeats.calls import receive
from telemetry.heartbeats.keeping import (
    add_heartbeat,
    change_heartbeat,
    delete_heartbeat,
    pause_heartbeat,
    resume_heartbeat,
)
from telemetry.heartbeats.watch import check_due, waiting

__all__ = [
    "add_heartbeat",
    "change_heartbeat",
    "check_due",
    "delete_heartbeat",
    "pause_heartbeat",
    "receive",
    "resume_heartbeat",
    "waiting",
]
