"""Who reacts to what: the one table. Events are written by `notifications.outbox.emit`, in the transaction that makes
them true; each handler here is carried out once, in a transaction of its own, with the event as its argument.

An event nobody reacts to still stands here: it is kept, and outgoing webhooks may tell it (config/outgoing.py).
"""

REACTIONS: dict[str, list[str]] = {
    # notifications: {"delivery", "about", "reason"}
    "delivery.sent": ["oncall.handlers.log_delivery", "slack.handlers.catch_up"],
    "delivery.delayed": ["oncall.handlers.log_delivery"],
    "delivery.stalled": ["oncall.handlers.try_method_beside"],
    "delivery.failed": ["oncall.handlers.try_next_method", "oncall.handlers.log_delivery"],
    "webhook.disabled": ["oncall.handlers_webhooks.tell_administrators"],  # {"webhook", "name", "why"}
    # oncall: {"page", "about", "seat", "person"}
    "page.triggered": ["incidents.handlers.enter_page"],
    "page.notified": ["incidents.handlers.enter_page"],
    "page.acknowledged": [
        "incidents.handlers.enter_page",
        "incidents.handlers.note_acknowledgement",
        "slack.handlers.refresh_page_messages",
    ],
    "page.escalated": ["incidents.handlers.enter_page"],
    "page.reassigned": ["incidents.handlers.enter_page"],
    "page.exhausted": ["incidents.handlers.enter_page"],
    "page.resolved": ["incidents.handlers.enter_page", "slack.handlers.refresh_page_messages"],
    "integration.mapped": ["changes.matching.place_waiting", "telemetry.matching.place_waiting"],  # {"integration"}
    "service.named": ["changes.matching.place_waiting", "telemetry.matching.place_waiting"],  # {"service": slug}
    "maintenance.planned": [],  # {"maintenance", "services": [slugs], "end"}, and so below
    "maintenance.changed": [],
    "maintenance.ended": [],
    "maintenance.cancelled": [],
    "shift.changed": ["oncall.handlers.tell_shift_change"],
    "shift.gaps_opened": ["oncall.handlers_cover.tell_of_gaps"],
    "swap.offered": ["oncall.handlers_cover.ask_for_cover"],
    "swap.taken": ["oncall.handlers_cover.tell_taken"],
    "swap.returned": ["oncall.handlers_cover.tell_returned"],
    "swap.expired": ["oncall.handlers_cover.tell_expired"],
    "shadow.added": ["oncall.handlers_cover.tell_shadow"],
    # changes: {"change", "entry"}, {"run"}
    "change.recorded": ["incidents.handlers.enter_change", "changes.gate.handlers.watch_template"],
    "gate.decided": [  # {"check"}
        "changes.gate.handlers.tell_those_awaited",
        "changes.gate.handlers.tell_whoever_asked",
        "changes.github_app.handlers.answer_again",
        "incidents.handlers.enter_gate_decision",
    ],
    "gate.reviewed": [],
    "template.suspended": ["changes.gate.handlers.tell_of_suspended"],  # {"template", "why"}
    "template.resumed": [],
    "freeze.changed": [],  # {"freeze"}
    "freeze.lifted": [],
    "pipeline.finished": [],
    "pipeline.red": ["changes.handlers.tell_red"],  # {"pipeline"}
    "pipeline.green": ["changes.handlers.tell_green"],
    # the generic sender: {"integration", "external_id", …}, the fields of changes.events.AlertReport and Note
    "event.alert": ["telemetry.handlers.take_alert"],
    "event.note": ["incidents.handlers.enter_note"],
    # telemetry: {"alerts": [ids], "integration", "group_key"}, {"snapshot", "about"}
    "alerts.received": ["incidents.handlers.take_in_alerts"],
    "snapshot.stored": ["incidents.handlers.enter_snapshot"],
    "snapshot.failed": ["incidents.handlers.enter_snapshot"],
    # incidents: {"incident": number, …}
    "incident.declared": [
        "incidents.handlers.enter_earlier_changes",
        "incidents.handlers.take_in_firing",
        "incidents.handlers.request_snapshots",
        "postmortems.handlers.enter_known_errors",
        "slack.handlers.announce",
    ],
    "incident.transitioned": [
        "incidents.handlers.settle_pages",
        "incidents.handlers.settle_snapshots",
        "postmortems.handlers.open_where_required",
        "slack.handlers.refresh_announcement",
        "slack.handlers.announce_resolution",
    ],
    "incident.edited": ["slack.handlers.refresh_announcement"],
    "incident.services_changed": [
        "incidents.handlers.enter_earlier_changes",
        "incidents.handlers.take_in_firing",
        "incidents.handlers.request_snapshots",
        "postmortems.handlers.enter_known_errors",
        "slack.handlers.refresh_announcement",
    ],
    "incident.severity_changed": ["slack.handlers.refresh_announcement"],
    "incident.role_assigned": ["slack.handlers.refresh_announcement"],
    "incident.update_posted": ["slack.handlers.post_update"],
    "incident.update_overdue": ["incidents.handlers.remind_of_update"],
    # postmortems: {"postmortem": number, …}, {"problem": number}, {"article": number}, {"action": number}
    "postmortem.opened": ["postmortems.handlers.enter_on_timelines"],
    "postmortem.facilitator_named": ["postmortems.handlers_meeting.tell_facilitator"],
    "postmortem.meeting_changed": ["postmortems.handlers_meeting.send_invitations"],
    "postmortem.review_requested": ["postmortems.handlers.ask_reviewers"],
    "postmortem.incident_added": ["postmortems.handlers_scope.enter_on_its_timeline"],  # {"postmortem", "incident"}
    "postmortem.incident_removed": ["postmortems.handlers_scope.enter_on_its_timeline"],
    "postmortem.commented": ["postmortems.handlers_comments.tell_of_comment"],  # {"postmortem", "comment"}
    "postmortem.published": [
        "postmortems.handlers.enter_on_timelines",
        "postmortems.handlers_learning.tell_subscribers",
    ],
    "postmortem.reopened": ["postmortems.handlers.enter_on_timelines"],
    "reading.planned": [],  # {"postmortem", "session"}, and so below
    "reading.moved": ["postmortems.handlers_learning.tell_of_session"],
    "reading.cancelled": ["postmortems.handlers_learning.tell_of_session"],
    "problem.opened": [],
    "problem.known_error": [],
    "problem.resolved": ["postmortems.handlers_problems.ask_for_articles"],
    "article.written": [],
    "action.created": ["postmortems.handlers.tell_owner"],
    "action.closed": [],
}
