"""Slack, by its Web API. `address` is a channel or a user id, or the `response_url` of what is answered.

How a message looks there is decided by `settings.SLACK_RENDERER`; `message["slack"]` adds to the call or,
with `method`, names another. A method that posts nothing (`views.open`) gets those arguments alone.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from notifications.channels.base import TIMEOUT, Channel, ChannelError

TEMPORARY = {
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}


class Slack(Channel):
    def send(self, address: str, message: dict[str, Any], *, key: str) -> dict[str, Any]:
        shown = import_string(settings.SLACK_RENDERER)(message)
        extra = dict(message.get("slack", {}))
        method = extra.pop("method", "chat.postMessage")
        try:
            if address.startswith(("https://", "http://")):
                return _respond(address, shown | extra)
            return _call(method, {"channel": address} | shown | extra if method.startswith("chat.") else extra)
        except SlackApiError as error:
            raise _refusal(error) from error
        except (SlackClientError, OSError) as error:
            raise ChannelError(f"Slack cannot be reached: {error}", permanent=False) from error


def _call(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    if not settings.SLACK_BOT_TOKEN:
        raise ChannelError("Slack is not connected: set SLACK_BOT_TOKEN", permanent=True)
    client = WebClient(settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=int(TIMEOUT))
    answer = client.api_call(method, json=arguments)
    return {"channel": answer.get("channel", arguments.get("channel", "")), "ts": answer.get("ts", "")}


def _respond(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post to a `response_url`, which needs no token and is good for five answers within half an hour."""
    answer = WebhookClient(url, timeout=int(TIMEOUT)).send_dict(body)
    if answer.status_code == 429 or answer.status_code >= 500:
        wait = float(answer.headers.get("Retry-After", 30)) if answer.status_code == 429 else None
        raise ChannelError(f"Slack answered {answer.status_code}", permanent=False, retry_after=wait)
    if answer.status_code != 200:
        raise ChannelError(f"Slack refused: {answer.body[:200]}", permanent=True)
    return {}


def _refusal(error: SlackApiError) -> ChannelError:
    response = error.response
    if response.status_code == 429:
        return ChannelError(
            "Slack asks to wait", permanent=False, retry_after=float(response.headers.get("Retry-After", 30))
        )
    reason = str(response.get("error", response.status_code))
    permanent = response.status_code == 200 and reason not in TEMPORARY
    return ChannelError(f"Slack refused: {reason}", permanent=permanent)
