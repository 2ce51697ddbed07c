"""Slack, by its Web API. `address` is a channel or a user id.

How a message looks there is decided by `settings.SLACK_RENDERER`; `message["slack"]` adds to the call or,
with `method`, names another.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

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
        if not settings.SLACK_BOT_TOKEN:
            raise ChannelError("Slack is not connected: set SLACK_BOT_TOKEN", permanent=True)
        client = WebClient(settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=int(TIMEOUT))
        extra = dict(message.get("slack", {}))
        method = extra.pop("method", "chat.postMessage")
        try:
            shown = import_string(settings.SLACK_RENDERER)(message)
            answer = client.api_call(method, json={"channel": address} | shown | extra)
        except SlackApiError as error:
            raise _refusal(error) from error
        except (SlackClientError, OSError) as error:
            raise ChannelError(f"Slack cannot be reached: {error}", permanent=False) from error
        return {"channel": answer.get("channel", address), "ts": answer.get("ts", "")}


def _refusal(error: SlackApiError) -> ChannelError:
    response = error.response
    if response.status_code == 429:
        return ChannelError(
            "Slack asks to wait", permanent=False, retry_after=float(response.headers.get("Retry-After", 30))
        )
    reason = str(response.get("error", response.status_code))
    permanent = response.status_code == 200 and reason not in TEMPORARY
    return ChannelError(f"Slack refused: {reason}", permanent=permanent)
