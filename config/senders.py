"""The senders we accept messages from, by the source in `/hooks/{source}/…`."""

from changes import intake as changes
from notifications.inbox import Sender
from slack import inbox as slack
from telemetry import intake as telemetry

SENDERS: dict[str, Sender] = {
    "github": changes.GITHUB,
    "event": changes.EVENT,
    "line": changes.LINE,
    "alertmanager": telemetry.ALERTMANAGER,
    "slack": slack.SLACK,
}
