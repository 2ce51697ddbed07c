"""Who sent this? Signatures and tokens, over the raw bytes, in constant time, with several live secrets.

Every check answers True or False. A header that is missing, huge or not ASCII is a mismatch like any other.
An empty secret matches nothing. Each secret is tried, so that one can be rotated while the other still works.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from .payloads import header

LONGEST_HEADER = 4096


def sign_hex(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of `body` in lower-case hexadecimal: GitHub, Grafana, PagerDuty, Sentry."""
    return hmac.new(_octets(secret), body, hashlib.sha256).hexdigest()


def sign_standard_webhooks(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: `v1,` and base64 (https://www.standardwebhooks.com, symmetric)."""
    signed = _octets(f"{message_id}.{timestamp}.") + body
    digest = hmac.new(_standard_key(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode("ascii")


def hmac_sha256_hex(
    secrets: Sequence[str], body: bytes, headers: Mapping[str, str], name: str, prefix: str = ""
) -> bool:
    """Whether the header `name` holds `prefix` and the HMAC of `body`; of several, one may match."""
    given = [part.strip() for part in _short(headers, name).split(",")]
    offered = [part.removeprefix(prefix) for part in given if part.startswith(prefix)]
    return _any_equal((sign_hex(secret, body) for secret in _live(secrets)), offered)


def github(secrets: Sequence[str], body: bytes, headers: Mapping[str, str]) -> bool:
    """`X-Hub-Signature-256: sha256=<hex>`. The older SHA-1 header is not looked at."""
    return hmac_sha256_hex(secrets, body, headers, "X-Hub-Signature-256", "sha256=")


def grafana(secrets: Sequence[str], body: bytes, headers: Mapping[str, str]) -> bool:
    """`X-Grafana-Alerting-Signature`: the HMAC of the body, or of `<seconds>:<body>` where a timestamp is sent too.

    In which header that is, is for whoever sets Grafana up, so that every header of ten digits may be it. It is not
    compared with the clock: Grafana asks for none, and a message that comes again has no effect.
    """
    stamps = [value for value in headers.values() if re.fullmatch(r"\d{10}", value, re.ASCII)][:10]
    signed = [body, *(_octets(f"{stamp}:") + body for stamp in stamps)]
    name = "X-Grafana-Alerting-Signature"
    return any([hmac_sha256_hex(secrets, one, headers, name) for one in signed])  # noqa: C419 - all of them, always


def token(secrets: Sequence[str], headers: Mapping[str, str], name: str) -> bool:
    """Whether the header `name` is one of the secrets, such as `X-Gitlab-Token`."""
    return _any_equal(_live(secrets), [_short(headers, name)])


def bearer(secrets: Sequence[str], headers: Mapping[str, str]) -> bool:
    """`Authorization: Bearer <secret>`; the scheme in any case (RFC 9110)."""
    return _any_equal(_live(secrets), _credentials(headers, "bearer"))


def basic(secrets: Sequence[str], headers: Mapping[str, str]) -> bool:
    """`Authorization: Basic <base64 of name:secret>`; the name does not matter (Jenkins)."""
    try:
        pairs = [base64.b64decode(text, validate=True) for text in _credentials(headers, "basic")]
    except (binascii.Error, ValueError):
        return False
    passwords = [pair.partition(b":")[2].decode("utf-8", "replace") for pair in pairs]
    return _any_equal(_live(secrets), passwords)


def standard_webhooks(
    secrets: Sequence[str],
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
    tolerance: float = 300,
) -> bool:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature`, within `tolerance` seconds of `now`."""
    message_id, stamp = _short(headers, "webhook-id"), _short(headers, "webhook-timestamp")
    if not message_id or not re.fullmatch(r"\d{1,12}", stamp, re.ASCII):
        return False
    if abs(now.timestamp() - int(stamp)) > tolerance:
        return False
    keys = [secret for secret in _live(secrets) if _standard_key(secret)]
    expected = (sign_standard_webhooks(secret, message_id, int(stamp), body) for secret in keys)
    return _any_equal(expected, _short(headers, "webhook-signature").split(" "))


def _live(secrets: Sequence[str]) -> list[str]:
    return [secret for secret in secrets if secret]


def _short(headers: Mapping[str, str], name: str) -> str:
    value = header(headers, name)
    return value if len(value) <= LONGEST_HEADER else ""


def _credentials(headers: Mapping[str, str], scheme: str) -> list[str]:
    given, _, credentials = _short(headers, "Authorization").partition(" ")
    return [credentials.strip()] if given.lower() == scheme else []


def _standard_key(secret: str) -> bytes:
    """`whsec_` and base64 is a key in bytes, none where it does not decode; other text is the key itself."""
    if not secret.startswith("whsec_"):
        return _octets(secret)
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _any_equal(expected: Iterable[str], offered: Sequence[str]) -> bool:
    """Compare each with each, without stopping at the first match."""
    pairs = [(_octets(left), _octets(right)) for left in expected for right in offered]
    return any([hmac.compare_digest(left, right) for left, right in pairs])  # noqa: C419 - all of them, always


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
