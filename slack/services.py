"""What administrators decide about the workspace."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_administrator
from slack.models import Workspace

CHANNEL = re.compile(r"#?[\w-]{1,79}")  # Slack's rule for names; an id such as C0123ABCD fits it too
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
