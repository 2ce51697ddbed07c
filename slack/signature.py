"""Whether Slack sent a request: its signature over the raw body, not older than five minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slack_sdk.signature import SignatureVerifier

from notifications.payloads import header


def is_authentic(secrets: Sequence[str], body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether one of the signing secrets made the request's signature."""
    stamp, signature = header(headers, "X-Slack-Request-Timestamp"), header(headers, "X-Slack-Signature")
    try:
        return any(
            SignatureVerifier(secret).is_valid(body=body, timestamp=stamp, signature=signature) for secret in secrets
        )
    except (ValueError, TypeError, OverflowError):  # no time, no UTF-8, a signature beyond ASCII
        return False
