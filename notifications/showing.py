"""What a sender sent, as people may look at it: pretty, short, and without secrets. No Django here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.payloads import MalformedPayload, read_json

LONGEST = 64 * 1024  # characters that are shown
READ_UP_TO = 1024 * 1024  # bytes that are read as JSON, to be set out line by line
HEX_SHOWN = 512  # bytes of what is no text
MASK = "••••••"

HIDDEN = r"secret|token|passw|passphrase|credential|authorization|cookie|api[_-]?key|access[_-]?key|private[_-]?key"
SECRET_NAME = re.compile(HIDDEN, re.IGNORECASE)
SECRET_PAIRS = (
    re.compile(rf"""((?:{HIDDEN})[^"\n]{{0,80}}"\s*:\s*")(?:[^"\\]|\\.)+""", re.IGNORECASE),  # JSON, whole or not
    re.compile(rf"""((?:{HIDDEN})[\w-]{{0,80}}=)[^"&\s]+""", re.IGNORECASE),
)
IN_ADDRESS = re.compile(r"(://[^/@\s:\"]*:)[^/@\s\"]+@")


@dataclass(frozen=True)
class Shown:
    """A body as it is shown: `kind` is json, text, binary or empty; `note` says what is not there, if anything."""

    kind: str
    text: str
    note: str = ""


def shown_body(body: bytes, secrets: Iterable[str] = ()) -> Shown:
    """A body, pretty where it is JSON, with what looks like a secret or is one of `secrets` masked."""
    if not body:
        return Shown("empty", "")
    try:
        text = body[: max(READ_UP_TO, 4 * LONGEST)].decode(
            "utf-8-sig", errors="strict" if len(body) <= READ_UP_TO else "ignore"
        )
    except UnicodeDecodeError:
        return _binary(body)
    if "\x00" in text:
        return _binary(body)
    kind, text = _pretty(body, text)
    return _cut(kind, _masked(text, secrets), len(body))


def shown_headers(headers: Mapping[str, str], secrets: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Names and values in the order of their names; values of secret names are masked."""
    live = list(secrets)
    return [
        (name, MASK if SECRET_NAME.search(name) else _masked(str(value), live))
        for name, value in sorted(headers.items(), key=lambda pair: pair[0].lower())
    ]


def shown_events(
    events: Sequence[Any],
    secrets: Iterable[str] = (),
    *,
    read_at: datetime | None = None,
    came_at: datetime | None = None,
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a body was read as: for each event its kind in words, and the fields that say something.

    A sender that names no time means the time at which its message came: a time that is not before `read_at`, when the
    body was read for this, is shown as `came_at`.
    """
    live = list(secrets)

    def moment(value: Any) -> Any:
        late = isinstance(value, datetime) and read_at is not None and value.tzinfo is not None and value >= read_at
        return came_at if late else value

    return [
        (
            _kind(event),
            [(name.replace("_", " "), _masked(_value(moment(value)), live)) for name, value in _fields(event)],
        )
        for event in events
    ]


def _pretty(body: bytes, text: str) -> tuple[str, str]:
    if len(body) > READ_UP_TO or text.lstrip()[:1] not in ("{", "["):
        return "text", text
    try:
        value = _without_secrets(read_json(body))
    except MalformedPayload:
        return "text", text
    return "json", json.dumps(value, indent=2, ensure_ascii=False)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: MASK if SECRET_NAME.search(key) and item and not isinstance(item, dict) else _without_secrets(item)
            for key, item in value.items()
        }
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _masked(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK) if secret else text
    text = IN_ADDRESS.sub(rf"\g<1>{MASK}@", text)
    for pair in SECRET_PAIRS:
        text = pair.sub(rf"\g<1>{MASK}", text)
    return text


def _cut(kind: str, text: str, size: int) -> Shown:
    if len(text) <= LONGEST:
        return Shown(kind, text)
    return Shown(kind, text[:LONGEST], f"The first {LONGEST // 1024} KB of it; all of it are {size:,} bytes.")


def _binary(body: bytes) -> Shown:
    rows = [body[at : at + 16] for at in range(0, min(len(body), HEX_SHOWN), 16)]
    lines = [
        f"{place * 16:06x}  {row.hex(' '):<47}  {''.join(chr(octet) if 32 <= octet < 127 else '.' for octet in row)}"
        for place, row in enumerate(rows)
    ]
    note = f"No text: the first {min(len(body), HEX_SHOWN)} of {len(body):,} bytes."
    return Shown("binary", "\n".join(lines), note)


def _kind(event: Any) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(event).__name__).removesuffix(" Event").removesuffix(" Report")
    return words.capitalize()


def _fields(event: Any) -> Iterable[tuple[str, Any]]:
    """The fields of a dataclass, or of any object, that say something."""
    return [
        (name, value) for name, value in vars(event).items() if value is not False and value not in (None, "", {}, ())
    ]


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={item}" for key, item in _without_secrets(dict(value)).items())[:2000]
    return str(value)[:2000]
