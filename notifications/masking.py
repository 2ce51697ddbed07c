"""Keeping out of the logs what opens doors: secrets that stand in addresses. No Django here."""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(r"(?<![\w-])/(heartbeats|e|p|join|welcome)/[^/\s?]+")
_KEY = re.compile(r"([?&]key=)[^&\s]+")


def mask(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A structlog processor: `GET /heartbeats/4fQx` is written `GET /heartbeats/…`, and a key in a query `key=…`."""
    return {name: _masked(value) if isinstance(value, str) else value for name, value in event.items()}


def _masked(text: str) -> str:
    return _KEY.sub(r"\1…", _TOKEN.sub(r"/\1/…", text))
