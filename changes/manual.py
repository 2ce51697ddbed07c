"""Changes that a person records on the web, or a program through the API."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from changes import ledger
from changes.events import ChangeEvent
from changes.models import Change
from notifications.errors import InvalidInput
from notifications.weblinks import web_address
from oncall.models import Person, Service
from oncall.permissions import require_responder

CLOCKS_DIFFER = timedelta(minutes=5)


def record_manually(*, by: Person, service: str, given: Mapping[str, Any]) -> Change:
    """Record a step of a change of the service with this slug. Raises InvalidInput, Forbidden.

    `given` may have `external_id` (steps with the same one are one change), `kind`, `state`, `environment`,
    `revision`, `ref`, `repository`, `actor`, `url`, `description`, `type`, `why` and `at`, in the ledger's own words.
    Unsaid, it has just succeeded, by this person.
    """
    require_responder(by)
    found = Service.objects.visible_to(by).filter(slug=service).first()
    if found is None:
        raise InvalidInput(service=f"There is no service “{service}”; GET /api/v1/services/ lists them.")
    at: datetime = given.get("at") or timezone.now()
    if at > timezone.now() + CLOCKS_DIFFER:
        raise InvalidInput(at=f"{at.isoformat()} lies ahead; give the time at which it happened.")
    if given.get("url") and not web_address(given["url"], longest=500):
        raise InvalidInput(url=f"“{given['url'][:80]}” is no link; give an http or https address of 500 characters.")
    words = {name: given[name] for name in ledger.TOLD if given.get(name)}
    event = ChangeEvent(
        external_id=given.get("external_id") or uuid.uuid4().hex,
        nameless=not given.get("external_id"),
        state=given.get("state") or "succeeded",
        occurred_at=at,
        type=given.get("type") or "",
        why=given.get("why") or "",
        data={"recorded_by": by.email},
        **{"actor": by.name, **words},
    )
    return ledger.record(event=event, source="api", service=found)
