"""What is told outside: type of event -> who describes it (`notifications.outgoing.published.Teller`).

A type stands in config/reactions.py too: there for our own rooms, here for the webhooks of others and for `events/` of
the API. Names and fields are a promise: add to them, and change none.
"""

PUBLISHED: dict[str, str] = {
    "incident.declared": "incidents.outgoing.tell",
    "incident.transitioned": "incidents.outgoing.tell",
    "incident.edited": "incidents.outgoing.tell",
    "incident.services_changed": "incidents.outgoing.tell",
    "incident.severity_changed": "incidents.outgoing.tell",
    "incident.role_assigned": "incidents.outgoing.tell",
    "incident.update_posted": "incidents.outgoing.tell",
    "incident.update_overdue": "incidents.outgoing.tell",
    "page.triggered": "oncall.outgoing.tell",
    "page.notified": "oncall.outgoing.tell",
    "page.acknowledged": "oncall.outgoing.tell",
    "page.escalated": "oncall.outgoing.tell",
    "page.reassigned": "oncall.outgoing.tell",
    "page.exhausted": "oncall.outgoing.tell",
    "page.resolved": "oncall.outgoing.tell",
    "change.recorded": "changes.outgoing.tell_changes",
    "gate.decided": "changes.outgoing.tell_checks",
    "pipeline.finished": "changes.outgoing.tell_runs",
    "pipeline.red": "changes.outgoing.tell_pipelines",
    "pipeline.green": "changes.outgoing.tell_pipelines",
    "postmortem.opened": "postmortems.outgoing.tell_postmortems",
    "postmortem.review_requested": "postmortems.outgoing.tell_postmortems",
    "postmortem.published": "postmortems.outgoing.tell_postmortems",
    "postmortem.reopened": "postmortems.outgoing.tell_postmortems",
    "problem.opened": "postmortems.outgoing.tell_problems",
    "problem.known_error": "postmortems.outgoing.tell_problems",
    "problem.resolved": "postmortems.outgoing.tell_problems",
    "action.created": "postmortems.outgoing.tell_actions",
    "action.closed": "postmortems.outgoing.tell_actions",
}

# Who leaves of a queryset of events what a person may see, and for nobody in particular what everybody may
# (`notifications.outgoing.published.Veil`). Each room that has something private has its own.
PUBLISHED_TO: list[str] = [
    "incidents.outgoing.visible",
    "oncall.outgoing.visible",
    "postmortems.outgoing.visible",
]
