"""The chain of seals over the ledger: each digest covers one entry and the digest before it. No Django here.

Whoever alters, removes or reorders a sealed entry, with whatever rights, has to make every later digest anew; one
digest noted elsewhere gives that away.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

START = "0" * 64  # stands before the first


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is sealed of an entry; times are aware, `data` is JSON."""

    entry: int
    change: str
    state: str
    at: datetime
    recorded_at: datetime
    actor: str
    why: str
    data: Mapping[str, object]


def digest(previous: str, number: int, content: Content) -> str:
    """SHA-256 in hexadecimal over the digest before, the number and the entry, as JSON with sorted keys."""
    sealed = vars(content) | {"number": number, "previous": previous}
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), default=_utc)
    return hashlib.sha256(text.encode()).hexdigest()


def _utc(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"{value!r} cannot be sealed")
