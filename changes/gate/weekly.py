"""Windows of every week as people write them: `mon-fri 16:00-24:00`, one a line. No Django here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from oncall.definition.values import WEEKDAYS

LINE = re.compile(r"(?P<days>[a-z,\s-]*?)\s*(?P<from>\d{1,2}:\d\d)\s*(?:-|–|to)\s*(?P<to>\d{1,2}:\d\d)", re.IGNORECASE)


def read(text: str) -> list[dict[str, Any]]:
    """The windows of these lines; no days are all days. Raises ValueError with the line that cannot be read."""
    return [_window(line.strip()) for line in text.splitlines() if line.strip()]


def written(windows: Iterable[Mapping[str, Any]]) -> str:
    """As `read` understands them."""
    return "\n".join(words(window) for window in windows)


def words(window: Mapping[str, Any]) -> str:
    """`fri, sat 16:00-24:00`; all days are not named."""
    days = window.get("weekdays") or WEEKDAYS
    named = "" if len(days) == len(WEEKDAYS) else f"{', '.join(days)} "
    return f"{named}{window.get('from', '00:00')}-{window.get('to', '24:00')}"


def _window(line: str) -> dict[str, Any]:
    match = LINE.fullmatch(line)
    if not match:
        raise ValueError(f"“{line[:60]}” is no window; write one such as “mon-fri 16:00-24:00”.")
    days = [day for part in re.split(r"[,\s]+", match["days"].strip()) if part for day in _days(part, line)]
    return {"weekdays": days, "from": match["from"].zfill(5), "to": match["to"].zfill(5)}


def _days(part: str, line: str) -> list[str]:
    """`fri`, `Friday`, or `mon-thu`; a span may go past Sunday."""
    ends = [end[:3].lower() for end in part.split("-")]
    if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
        raise ValueError(f"“{part[:20]}” in “{line[:60]}” is no weekday; use {', '.join(WEEKDAYS)}.")
    first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
    return [WEEKDAYS[(first + step) % 7] for step in range((last - first) % 7 + 1)]
