"""Webhooks of issue trackers, at `/hooks/issues/<key>`, as the inbox knows them (`notifications.inbox.Sender`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from notifications import signatures
from notifications.inbox import Sender
from notifications.models import InboundMessage
from notifications.payloads import delivery_key, header
from postmortems.models import ExternalIssue, Tracker
from postmortems.services.issues import note_issue
from postmortems.trackers.seen import Seen, told

Headers = Mapping[str, str]


def _verify(secrets: Sequence[str], body: bytes, headers: Headers) -> bool:
    """As GitHub, GitLab and Jira Cloud prove who they are."""
    return any(
        [
            signatures.github(secrets, body, headers),
            signatures.token(secrets, headers, "X-Gitlab-Token"),
            signatures.hmac_sha256_hex(secrets, body, headers, "X-Hub-Signature", "sha256="),
        ]
    )


def _key(headers: Headers, body: bytes) -> str | None:
    jira = header(headers, "X-Atlassian-Webhook-Identifier")
    return delivery_key("github", headers) or delivery_key("gitlab", headers) or jira or None


def _apply(message: InboundMessage, events: Sequence[Seen]) -> str:
    """What is older than what we know is not believed: the issue is read anew instead."""
    tracker = Tracker.objects.live().filter(key=message.integration.key).first() if message.integration else None
    followed = 0
    for seen in events:
        for issue in ExternalIssue.objects.filter(tracker=tracker, ref__iexact=seen.ref).order_by("pk"):
            at = min(seen.at or message.received_at, message.received_at)
            if not note_issue(issue=issue, seen=seen, at=at):
                ExternalIssue.objects.filter(pk=issue.pk).update(next_at=timezone.now())
            followed += 1
    return f"{followed} action{'' if followed == 1 else 's'}" if followed else "no action is tracked by this issue"


ISSUES = Sender(verify=_verify, key=_key, parse=told, apply=_apply, in_query="key")
