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


def text(previous: str, number: int, content: Content) -> str:
    """What is hashed: the entry, its number and the digest before, as JSON with sorted keys, without spaces, in ASCII.

    Times are in UTC, as Python writes them: `2026-06-01T09:00:00+00:00`.
    """
    sealed = vars(content) | {"number": number, "previous": previous}
    return json.dumps(sealed, sort_keys=True, separators=(",", ":"), default=_utc)


def digest(previous: str, number: int, content: Content) -> str:
    """SHA-256 of `text`, in hexadecimal."""
    return hashlib.sha256(text(previous, number, content).encode()).hexdigest()


def _utc(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"{value!r} cannot be sealed")
