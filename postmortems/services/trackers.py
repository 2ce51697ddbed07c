"""Issue trackers: added, changed, tested, retired. A token is never shown again, a webhook's secret once."""

from __future__ import annotations

import secrets
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from notifications.models import Integration, IntegrationSecret
from notifications.weblinks import web_address
from oncall.models import Person
from oncall.permissions import require_administrator
from postmortems.models import Action, ExternalIssue, Tracker
from postmortems.services.common import choice, words
from postmortems.services.issues import remember_issue
from postmortems.trackers.addresses import api_address

SOURCE = "issues"
LONGEST_ADDRESS, LONGEST_TOKEN = 300, 500


class TrackerChanges(TypedDict, total=False):
    """What may be changed of a tracker; what is left out stays."""

    name: str
    url: str
    api_url: str
    account: str
    token: str


@transaction.atomic
def add_tracker(
    *, kind: str, name: str, url: str, by: Person | None, api_url: str = "", account: str = "", token: str = ""
) -> tuple[Tracker, str]:
    """A new tracker, and the secret of its webhook. `api_url` comes from `url` where it is left empty.

    Actions whose address it knows are followed from now on, and it is tested. Raises `InvalidInput` by field.
    """
    require_administrator(by)
    tracker = Tracker(kind=choice("kind", kind, Tracker.Kind.values))
    _fill(tracker, name=name, url=url, api_url=api_url, account=account, token=token)
    integration = Integration.objects.create(source=SOURCE, name=tracker.name)
    tracker.key, tracker.next_at = str(integration.key), timezone.now()
    tracker.save()
    secret = secrets.token_urlsafe(32)
    IntegrationSecret.objects.create(integration=integration, secret=secret)
    _adopt(tracker)
    return tracker, secret


@transaction.atomic
def change_tracker(*, tracker: Tracker, by: Person | None, **changes: Unpack[TrackerChanges]) -> Tracker:
    """Change what is given, and test it. Where the API's address changes, the token is to be given again, so that it
    is never sent where it was not meant for. Raises `InvalidInput` by field."""
    require_administrator(by)
    tracker = Tracker.objects.select_for_update().get(pk=tracker.pk)
    before, given = tracker.api_url, {name: str(value) for name, value in changes.items()}
    moved = "url" in given and given["url"].rstrip("/") != tracker.url and not given.get("api_url")
    kept: dict[str, str] = {name: getattr(tracker, name) for name in ("name", "url", "api_url", "account", "token")}
    _fill(tracker, **(kept | given | ({"api_url": ""} if moved else {})))
    if tracker.api_url != before and kept["token"] and not given.get("token"):
        raise InvalidInput(token="The address changed: give the token for it again.")  # noqa: S106 - a sentence
    tracker.next_at, tracker.last_error, tracker.tested_at = timezone.now(), "", None
    tracker.save()
    Integration.objects.filter(key=tracker.key).update(name=tracker.name)
    _adopt(tracker)
    return tracker


@transaction.atomic
def ask_test(*, tracker: Tracker, by: Person | None) -> Tracker:
    """Have it tested in the background; what came of it stands in `tested_at`, `test_said` and `last_error`."""
    require_administrator(by)
    if tracker.retired_at:
        raise Conflict(f"{tracker} is retired: take it up again first.")
    Tracker.objects.filter(pk=tracker.pk).update(next_at=timezone.now(), attempts=0, tested_at=None)
    tracker.refresh_from_db()
    return tracker


@transaction.atomic
def retire_tracker(*, tracker: Tracker, by: Person | None) -> Tracker:
    """It is neither asked nor heard any more, and its token is forgotten; what was seen stays."""
    require_administrator(by)
    tracker.retired_at, tracker.token, tracker.next_at = tracker.retired_at or timezone.now(), "", None
    tracker.save(update_fields=["retired_at", "token", "next_at"])
    Integration.objects.filter(key=tracker.key, disabled_at=None).update(disabled_at=timezone.now())
    return tracker


@transaction.atomic
def take_up_tracker(*, tracker: Tracker, by: Person | None) -> Tracker:
    """It is asked and heard again; its token is to be given anew."""
    require_administrator(by)
    tracker.retired_at, tracker.next_at, tracker.tested_at = None, timezone.now(), None
    tracker.save(update_fields=["retired_at", "next_at", "tested_at"])
    Integration.objects.filter(key=tracker.key).update(disabled_at=None)
    _adopt(tracker)
    return tracker


def integration_of(tracker: Tracker) -> Integration:
    """What takes its webhook's messages: their log, their secrets."""
    return Integration.objects.get(key=tracker.key)


def _fill(tracker: Tracker, *, name: str, url: str, api_url: str, account: str, token: str) -> None:
    tracker.name = words("name", name, most=100)
    if Tracker.objects.filter(name=tracker.name).exclude(pk=tracker.pk).exists():
        raise InvalidInput(name=f"There is a tracker “{tracker.name}” already, perhaps a retired one.")
    tracker.url = _address("url", url)
    tracker.api_url = _address("api_url", api_url) if api_url.strip() else api_address(tracker.kind, tracker.url)
    tracker.account, tracker.token = _plain("account", account, 200), _plain("token", token, LONGEST_TOKEN)


def _address(field: str, value: str) -> str:
    found = web_address(value, longest=LONGEST_ADDRESS)
    if not found or "?" in found or "#" in found or "@" in found.split("/")[2]:
        raise InvalidInput({field: [f"{value[:80]!r} is no address: write one such as https://github.com."]})
    return found.rstrip("/")


def _plain(field: str, value: str, most: int) -> str:
    """What is sent in a header."""
    found = value.strip()
    if len(found) > most or not found.isprintable():
        raise InvalidInput({field: [f"This has to be on one line, of {most} characters at most."]})
    return found


def _adopt(tracker: Tracker) -> None:
    """Follow the issues whose address it knows, and read all of its own again soon."""
    host = tracker.url.partition("://")[2]
    unfollowed = Action.objects.filter(Q(issue__isnull=True) | Q(issue__tracker__isnull=True), url__icontains=host)
    for action in unfollowed:
        remember_issue(action=action)
    ExternalIssue.objects.filter(tracker=tracker).update(next_at=timezone.now(), attempts=0)
