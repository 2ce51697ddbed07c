"""A webhook: the message as JSON to a URL."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from notifications import http
from notifications.channels.base import TIMEOUT, Channel, ChannelError


class Webhook(Channel):
    def send(self, address: str, message: dict[str, Any], *, key: str) -> dict[str, Any]:
        payload = {name: message.get(name, "") for name in ("subject", "text", "url")}
        payload |= message.get("webhook", {}) | {"id": key}
        try:
            with http.Client(timeout=TIMEOUT, allow_private=settings.ANDON_ALLOW_PRIVATE_TARGETS) as client:
                answer = client.post(address, json=payload)
        except http.HttpError as error:
            raise ChannelError(str(error), permanent=error.permanent, retry_after=error.retry_after) from error
        return {"status": answer.status}
