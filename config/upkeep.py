"""What the scheduler does by itself: (dotted path, arguments, seconds between runs).

It is done in the scheduler's own process and needs nothing but PostgreSQL: with the broker and every worker gone, pages
still go out. Workers do the same work sooner when they are nudged; rows are claimed with SKIP LOCKED, so any number of
schedulers may run.
"""

SWEEPS: list[tuple[str, tuple[str, ...], float]] = [
    ("notifications.inbox.process_due", (), 1),
    ("notifications.outbox.react", (), 1),
    ("oncall.paging.escalate_due", (), 1),
    ("oncall.paging.bundles.send_due", (), 1),
    ("notifications.deliveries.send_due", ("pages",), 1),
    ("notifications.deliveries.send_due", ("default",), 2),
    ("notifications.outgoing.fanout.fan_out_due", (), 1),
    ("notifications.outgoing.sending.send_due", (), 1),
    ("notifications.outgoing.replay.forget", (), 600),
    ("notifications.health.beat", ("sweep",), 2),
    ("notifications.health.call_deadman", (), 60),
    ("oncall.checks.watchdog.repair", (), 30),
    ("notifications.idempotency.forget", (), 3600),
    ("notifications.rejections.forget", (), 3600),
    ("oncall.services.contact.withdraw_stale", (), 60),
    ("oncall.shifts.extend_all", (), 3600),
    ("oncall.checks.mornings.tell_due", (), 60),
    ("oncall.cover.ask_due", (), 3600),
    ("oncall.cover.expire_due", (), 15),
    ("changes.seals.seal_due", (), 5),
    ("changes.red.tell_due", (), 15),
    ("changes.github_app.answer_due", (), 2),
    ("changes.gate.checks.expire_due", (), 15),
    ("changes.gate.reviews.remind_due", (), 60),
    ("changes.seals.seal_stragglers", (), 3600),
    ("telemetry.heartbeats.check_due", (), 5),
    ("telemetry.holding.release_due", (), 2),
    ("telemetry.snapshots.fetch_due", (), 2),
    ("telemetry.snapshots.forget_looks", (), 3600),
    ("incidents.reminders.mark_overdue", (), 15),
    ("slack.usergroups.sync_due", (), 5),
    ("postmortems.reminders.remind_due", (), 3600),
    ("postmortems.review_reminders.remind_due", (), 3600),
    ("postmortems.trackers.polling.poll_due", (), 10),
    ("postmortems.trackers.testing.check_due", (), 2),
    ("postmortems.services.importing.work_due", (), 2),
    ("postmortems.facilitation_reminders.remind_of_meetings", (), 600),
    ("postmortems.facilitation_reminders.remind_of_due", (), 3600),
    ("postmortems.digest.send_due", (), 600),
    ("postmortems.reading_club.remind_due", (), 600),
]

# Work that waits, by kind: functions that return rows with a `next_at`. What is overdue for long keeps the dead-man URL
# from being called, and stands in /metrics.
OVERDUE: dict[str, str] = {
    "reactions": "notifications.health.reactions_waiting",
    "deliveries": "notifications.health.deliveries_waiting",
    "inbox": "notifications.health.messages_waiting",
    "webhook messages": "notifications.outgoing.sending.waiting",
    "escalations": "oncall.checks.watchdog.escalations_waiting",
    "notices": "oncall.checks.watchdog.notices_waiting",
    "heartbeats": "telemetry.heartbeats.waiting",
    "red pipelines": "changes.red.waiting",
    "deployment protection rules": "changes.github_app.waiting",
    "held alerts": "telemetry.holding.waiting",
}
