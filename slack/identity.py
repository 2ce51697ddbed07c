"""Which of our people a Slack user is: by the id we know, else by the e-mail address of their Slack profile."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.conf import settings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.services import update_person
from slack import grammar
from slack.payloads import SlashCommand, Told

log = structlog.get_logger(__name__)

TIMEOUT = 3  # seconds: somebody waits


def person_of(slack_id: str) -> Person | None:
    """The active person of this Slack id. Where several claim it, it is nobody: we do not guess."""
    found = list(Person.objects.active().filter(slack_id=slack_id)[:2]) if slack_id else []
    return found[0] if len(found) == 1 else None


def mentioned(mention: grammar.Person, speaker: Person) -> Person:
    """Whom somebody means. Raises InvalidInput."""
    if mention.handle == "me" and not mention.id:
        return speaker
    if mention.id:
        if person := person_of(mention.id):
            return person
        raise InvalidInput(person=f"No account belongs to @{mention.handle or mention.id}: have them sign in once.")
    handle = mention.handle or ""
    found = list(Person.objects.active().filter(email__istartswith=f"{handle}@")[:2])
    if len(found) != 1:
        count = "Several people have" if found else "Nobody has"
        raise InvalidInput(person=f"{count} an address that begins with {handle}@: mention them as Slack offers it.")
    return found[0]


def named_in(told: Told) -> set[str]:
    """The ids of all Slack users that a request speaks of."""
    text = told.text if isinstance(told, SlashCommand) else ""
    return {told.user_id} | {match[1] for match in grammar.PERSON.finditer(text) if match[1]}


def link(slack_ids: Iterable[str]) -> None:
    """Find out who is behind ids we do not know yet. It asks Slack, so it runs outside of every transaction.

    Where Slack does not answer they stay unknown for now: declaring must not depend on it.
    """
    known = set(Person.objects.filter(slack_id__in=slack_ids).values_list("slack_id", flat=True))
    for slack_id in set(slack_ids) - known if settings.SLACK_BOT_TOKEN else ():
        if email := _email_of(slack_id):
            _link(slack_id, email)


def slack_id_of(person: Person) -> str:
    """The Slack id of a person: the one we know, else the one Slack has for their e-mail address; "" for a stranger.

    It may ask Slack, so it runs outside of every transaction. Raises what slack-sdk raises where Slack cannot answer.
    """
    if person.slack_id:
        return person.slack_id
    client = WebClient(settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=TIMEOUT)
    try:
        user = client.users_lookupByEmail(email=person.email).get("user") or {}
    except SlackApiError as error:
        if error.response.get("error") == "users_not_found":
            return ""
        raise
    if not (found := str(user.get("id") or "")) or user.get("deleted"):
        return ""
    _link(found, person.email)
    return found


def _email_of(slack_id: str) -> str:
    """The confirmed e-mail address of a Slack user's profile; "" where there is none or Slack does not say."""
    client = WebClient(settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=TIMEOUT)
    try:
        user = client.users_info(user=slack_id).get("user") or {}
    except (SlackApiError, SlackClientError, OSError) as error:
        log.warning("slack_user_unknown", slack_id=slack_id, error=str(error))
        return ""
    outsider = any(user.get(flag) for flag in ("deleted", "is_bot", "is_stranger"))
    if outsider or not user.get("is_email_confirmed", True):
        return ""
    return str(user.get("profile", {}).get("email") or "")


def _link(slack_id: str, email: str) -> None:
    person = Person.objects.active().filter(email__iexact=email, slack_id="").first()
    if person:
        update_person(person=person, slack_id=slack_id)
        log.info("slack_user_linked", slack_id=slack_id, person_id=person.pk)
