"""The headers by which each source says who it is."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from notifications.signatures import sign_hex


def headers_of(source: str, secret: str, body: bytes, delivery: str) -> dict[str, str]:
    """What `source` sends along with `body`: its signature or token, and the identity of the delivery."""
    return _HEADERS.get(source, _bearer)(secret, body, delivery)


def _bearer(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _event(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    return _bearer(secret, body, delivery) | {"Idempotency-Key": delivery}


def _github(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    signature = f"sha256={sign_hex(secret, body)}"
    return {"X-GitHub-Event": "ping", "X-GitHub-Delivery": delivery, "X-Hub-Signature-256": signature}


def _gitlab(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    return {"X-Gitlab-Event": "Note Hook", "X-Gitlab-Token": secret, "Idempotency-Key": delivery}


def _jenkins(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"andon:{secret}".encode()).decode()}


def _cdevents(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    attributes = {"ce-specversion": "1.0", "ce-id": delivery, "ce-source": "/andon/settings"}
    return _bearer(secret, body, delivery) | attributes | {"ce-type": "dev.cdevents.testcaserun.skipped.0.2.0"}


def _pagerduty(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    return {"X-Webhook-Id": delivery, "X-PagerDuty-Signature": f"v1={sign_hex(secret, body)}"}


def _sentry(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    signed = {"Request-ID": delivery, "Sentry-Hook-Signature": sign_hex(secret, body)}
    return signed | {"Sentry-Hook-Resource": "metric_alert"}


_HEADERS: dict[str, Callable[[str, bytes, str], dict[str, str]]] = {
    "event": _event,
    "github": _github,
    "gitlab": _gitlab,
    "jenkins": _jenkins,
    "cdevents": _cdevents,
    "pagerduty": _pagerduty,
    "sentry": _sentry,
}
