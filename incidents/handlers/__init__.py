"""What incidents do when other rooms, or their own, tell that something happened (see config/reactions.py).

Each handler runs once for each event, in a transaction of its own. What it enters on a timeline carries a key, so
that the same news told by two events stands there once.
"""

from incidents.handlers.alerts import take_in_alerts, take_in_firing
from incidents.handlers.changes import enter_change, enter_earlier_changes
from incidents.handlers.gate import enter_gate_decision
from incidents.handlers.notes import enter_note
from incidents.handlers.pages import enter_page, note_acknowledgement, settle_pages
from incidents.handlers.snapshots import enter_snapshot, request_snapshots, settle_snapshots
from incidents.handlers.updates import remind_of_update

__all__ = [
    "enter_change",
    "enter_earlier_changes",
    "enter_gate_decision",
    "enter_note",
    "enter_page",
    "enter_snapshot",
    "note_acknowledgement",
    "remind_of_update",
    "request_snapshots",
    "settle_pages",
    "settle_snapshots",
    "take_in_alerts",
    "take_in_firing",
]
