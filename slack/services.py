"""What administrators decide about the workspace: where incidents are announced, which user groups follow a rota."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from notifications.errors import InvalidInput
from oncall.models import Person, Seat
from oncall.permissions import require_administrator
from oncall.services.findings import Findings
from slack.models import UserGroup, Workspace

CHANNEL = re.compile(r"#?[\w-]{1,79}")  # Slack's rule for names; an id such as C0123ABCD fits it too
HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,20}")  # Slack's rule
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{6,}")


def workspace() -> Workspace:
    """The one row, or its defaults."""
    return Workspace.objects.order_by("pk").first() or Workspace()


@transaction.atomic
def save_workspace(*, announce_channel: str, by: Person | None) -> Workspace:
    """Choose where incidents are announced: `#name` or a channel's id. Raises InvalidInput."""
    require_administrator(by)
    given = announce_channel.strip()
    if not CHANNEL.fullmatch(given) or (given != given.lower() and not CHANNEL_ID.fullmatch(given)):
        raise InvalidInput(
            announce_channel=f"“{given[:80]}” is not a channel: write it as #incidents, or its id as C0123ABCD."
        )
    kept = Workspace.objects.select_for_update().order_by("pk").first() or Workspace()
    kept.announce_channel = given if CHANNEL_ID.fullmatch(given) else f"#{given.removeprefix('#')}"
    kept.updated_at = timezone.now()
    kept.save()
    return kept


@transaction.atomic
def save_user_group(
    *, handle: str, seats: Iterable[str], user_group: UserGroup | None = None, by: Person | None
) -> UserGroup:
    """Have the Slack user group `handle` hold whoever is on call on these seats, each `schedule/seat`.

    Raises InvalidInput.
    """
    require_administrator(by)
    findings = Findings()
    given = handle.strip().removeprefix("@").lower()
    if not HANDLE.fullmatch(given):
        findings.add("handle", f"“{handle[:40]}” is not a handle: use at most 21 letters, digits, dots and hyphens.")
    elif UserGroup.objects.filter(handle=given).exclude(pk=user_group.pk if user_group else 0).exists():
        findings.add("handle", f"@{given} is kept already; change its seats instead.")
    found = [_seat(findings, seat) for seat in dict.fromkeys(seats)]
    if not found:
        findings.add("seats", "It follows no seat; name at least one, such as checkout/dev.")
    findings.raise_if_any()
    kept = user_group or UserGroup()
    if kept.handle != given:
        kept.handle, kept.group_id, kept.synced_at = given, "", None
    kept.next_at, kept.attempts = timezone.now(), 0
    kept.save()
    kept.seats.set([seat for seat in found if seat])
    return kept


@transaction.atomic
def delete_user_group(*, user_group: UserGroup, by: Person | None) -> None:
    """Follow no seat any more; the group stays in Slack with whoever is in it."""
    require_administrator(by)
    user_group.delete()


def _seat(findings: Findings, named: str) -> Seat | None:
    schedule, _, name = named.partition("/")
    seat = Seat.objects.current().filter(schedule__slug=schedule, name=name).first()
    if seat is None:
        findings.add("seats", f"There is no seat “{named}”; write schedule and seat, such as checkout/dev.")
    return seat
