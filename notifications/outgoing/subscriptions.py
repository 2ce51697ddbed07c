"""What a webhook may be, and how it ends by itself. Who may change one is a question for `oncall.services.webhooks`."""

from __future__ import annotations

import base64
import secrets
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from notifications import outbox
from notifications.addresses import is_public
from notifications.models import Webhook, WebhookMessage
from notifications.outgoing.published import families, published

MOST = 50
LONGEST_URL = 500


def new_secret() -> str:
    """A key of 32 random bytes, as Standard Webhooks writes it: `whsec_` and base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def read_types(given: Iterable[object]) -> list[str]:
    """Types of events, or whole families such as `incident.*`, each once; none, or `*` among them, is all.

    ValueError names those not known, and all that are.
    """
    table = published()
    whole = [f"{family}.*" for family in families()]
    wanted = list(dict.fromkeys(str(one).strip() for one in given))
    if "*" in wanted:
        return []
    unknown = [one for one in wanted if one not in table and one not in whole]
    if unknown:
        named = ", ".join(f"“{one[:60]}”" for one in unknown[:5])
        raise ValueError(f"There is no event {named}; use {', '.join([*whole, *table])}, or none for all.")
    return wanted


def read_url(given: object) -> str:
    """An address to post to. ValueError where it is none, or a private one that is not allowed."""
    text = str(given or "").strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https") or any(char.isspace() for char in text) or port == 0:
        raise ValueError(f"“{text[:80]}” is not a URL; write one such as https://example.com/andon.")
    if len(text) > LONGEST_URL:
        raise ValueError(f"The address has {len(text)} characters; use {LONGEST_URL} at most.")
    if not settings.ANDON_ALLOW_PRIVATE_TARGETS:
        _refuse_plain_and_private(parts.scheme, host, port or 443)
    return text


def _refuse_plain_and_private(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise ValueError("It begins with http://, so that anybody between could read it; use https://.")
    private = [address for address in _written(host, port) if not is_public(address)]
    if private:
        raise ValueError(
            f"{host} is {private[0]}, which is not a public address; use a public one, or allow private targets"
            " (ANDON_ALLOW_PRIVATE_TARGETS=1)."
        )


def _written(host: str, port: int) -> list[str]:
    """The address that is written there, in any notation. Of a name none: what it stands for is checked whenever
    something is sent (`notifications.addresses`), and nobody is asked while somebody waits."""
    if f".{host.rstrip('.')}".endswith(".localhost"):
        return ["127.0.0.1"]  # RFC 6761
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]


def disable(*, webhook: Webhook, why: str) -> None:
    """Nothing more is sent to it: what waits has failed, and can be replayed. In the caller's transaction."""
    webhook.disabled_at, webhook.disabled_why = timezone.now(), why
    webhook.save(update_fields=["disabled_at", "disabled_why"])
    waiting = WebhookMessage.objects.filter(webhook=webhook, state=WebhookMessage.State.WAITING)
    waiting.update(state=WebhookMessage.State.FAILED, next_at=None)


def disable_by_itself(*, webhook: Webhook, why: str) -> None:
    """As `disable()`, because of how the subscriber answers: administrators are told (oncall)."""
    disable(webhook=webhook, why=why)
    outbox.emit("webhook.disabled", {"webhook": webhook.pk, "name": webhook.name, "why": why})
