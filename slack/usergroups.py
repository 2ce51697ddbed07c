"""User groups in Slack kept in step with who is on call: `@checkout-dev`, `@checkout-ops`, `@checkout-oncall`.

A sweep compares every group with the shifts that hold now, and tells Slack where they differ; now and then it tells
anyway, for groups that somebody changed by hand. Groups are leased rows: Slack is asked outside of every transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.utils import timezone
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from notifications.leases import backoff, claim
from oncall.models import Person, Shift
from slack.identity import slack_id_of
from slack.models import UserGroup

log = structlog.get_logger(__name__)

TIMEOUT = 5  # seconds
LEASE = timedelta(seconds=60)
AT_ONCE = 5
LOOK_AGAIN = timedelta(seconds=15)
TELL_AGAIN = timedelta(minutes=30)
NOBODY = "Nobody is on call on its seats: it keeps who was in it last."
UNKNOWN = "Slack knows none of those who are on call by their e-mail address: it keeps who was in it last."


def sync_due(*, limit: int = 50) -> int:
    """Bring the groups that are due in line; returns how many were looked at. Without Slack there is nothing to do."""
    looked = 0
    while settings.SLACK_BOT_TOKEN and looked < limit:
        if not (groups := claim(UserGroup.objects.all(), limit=AT_ONCE, lease=LEASE)):
            break
        now = timezone.now()
        on_call = _on_call(groups, now)
        for group in groups:
            _sync(group, on_call[group.pk], now)
        looked += len(groups)
    return looked


def _on_call(groups: Iterable[UserGroup], now: datetime) -> dict[int, list[Person]]:
    """By group, those whose shift on one of its seats holds now, each once."""
    found: dict[int, dict[Person, None]] = defaultdict(dict)
    shifts = Shift.objects.at(now).filter(seat__user_groups__in=list(groups), person__is_active=True)
    for shift in shifts.select_related("person").prefetch_related("seat__user_groups").order_by("id"):
        for group in shift.seat.user_groups.all():
            found[group.pk][shift.person] = None
    return defaultdict(list, {group: list(people) for group, people in found.items()})


def _sync(group: UserGroup, people: list[Person], now: datetime) -> None:
    client = WebClient(settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=TIMEOUT)
    try:
        wanted = sorted({found for person in people if (found := slack_id_of(person))})
        if not wanted:
            _record(group, error=UNKNOWN if people else NOBODY)
        elif wanted != group.members or group.synced_at is None or now - group.synced_at > TELL_AGAIN:
            group.group_id = group.group_id or _find_or_make(client, group.handle)
            client.usergroups_users_update(usergroup=group.group_id, users=wanted)
            group.members, group.synced_at = wanted, now
            _record(group)
        else:
            _record(group, error=group.error)
    except SlackApiError as error:
        _postpone(group, error)
    except (SlackClientError, OSError) as error:
        _record(group, error=f"Slack cannot be reached: {error}", next_at=backoff(group.attempts))


def _find_or_make(client: WebClient, handle: str) -> str:
    """Slack's id of the group with this handle; it is made where there is none."""
    for known in client.usergroups_list(include_disabled=True).get("usergroups") or []:
        if known["handle"] == handle:
            return str(known["id"])
    made = client.usergroups_create(name=handle, handle=handle, description="On call, kept by Andon").get("usergroup")
    return str((made or {})["id"])


def _postpone(group: UserGroup, error: SlackApiError) -> None:
    """What Slack refuses is said on the settings page, and tried again: somebody may mend it there."""
    reason = str(error.response.get("error", error.response.status_code))
    if error.response.status_code == 429:
        wait = timedelta(seconds=float(error.response.headers.get("Retry-After", 30)))
        _record(group, error="Slack asks to wait", next_at=timezone.now() + wait)
        return
    if reason == "no_such_subteam":
        group.group_id = ""  # somebody removed it there: it is found or made anew
    log.warning("user_group_refused", handle=group.handle, reason=reason)
    _record(group, error=f"Slack refused: {reason}", next_at=backoff(group.attempts))


def _record(group: UserGroup, *, error: str = "", next_at: datetime | None = None) -> None:
    group.error = error[:300]
    group.next_at = next_at or timezone.now() + LOOK_AGAIN
    group.attempts = group.attempts if next_at else 0
    group.save(update_fields=["group_id", "members", "synced_at", "error", "next_at", "attempts"])
