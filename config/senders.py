"""The senders we accept messages from, by the source in `/hooks/{source}/…`."""

from changes import intake as changes
from notifications.inbox import Sender
from postmortems.trackers import intake as trackers
from slack import inbox as slack
from telemetry import intake as telemetry

SENDERS: dict[str, Sender] = {
    "github": changes.GITHUB,
    "gitlab": changes.GITLAB,
    "argocd": changes.ARGOCD,
    "jenkins": changes.JENKINS,
    "cdevents": changes.CDEVENTS,
    "event": changes.EVENT,
    "line": changes.LINE,
    "alertmanager": telemetry.ALERTMANAGER,
    "grafana": telemetry.GRAFANA,
    "pagerduty": telemetry.PAGERDUTY,
    "sentry": telemetry.SENTRY,
    "datadog": telemetry.DATADOG,
    "issues": trackers.ISSUES,
    "slack": slack.SLACK,
}
