"""The time zones that a calendar describes itself, looked at before the library follows their rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_ZONES = 100
ZONE = re.compile(r"^BEGIN:VTIMEZONE\s*$(.*?)^END:VTIMEZONE\s*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
RULE = re.compile(r"^RRULE[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
FOLD = re.compile(r"(?:\r?\n)+[ \t]")
PARTS = {"FREQ", "INTERVAL", "BYMONTH", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST"}
LONG_MONTHS = {"1", "3", "5", "7", "8", "10", "12"}
FEWEST_DAYS = 28  # of a month: a later day may be one that the month lacks


def complaints(text: str) -> Iterator[str]:
    """Clocks change once a year. A rule that says otherwise is an error or a trap, and takes for ever to follow."""
    lines = "\n".join(FOLD.sub("", text).splitlines())
    zones = ZONE.findall(lines)
    if len(zones) != lines.upper().count("BEGIN:VTIMEZONE"):
        yield "The calendar describes a time zone without an end, or one within another."
    if len(zones) > MOST_ZONES:
        yield f"The calendar describes {len(zones)} time zones; use {MOST_ZONES} at most."
    for rule in dict.fromkeys(rule.strip() for zone in zones for rule in RULE.findall(zone)):
        if not _yearly(rule):
            yield f"A time zone of this calendar changes its clocks by “{rule[:60]}”; a zone does so once a year."


def _yearly(rule: str) -> bool:
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if part)
    days = [int(day) for day in re.findall(r"\d+", parts.get("BYMONTHDAY", ""))]
    yearly = parts.get("FREQ") == "YEARLY" and parts.get("INTERVAL", "1") == "1" and parts.keys() <= PARTS
    lasting = all(day <= FEWEST_DAYS for day in days) or "BYMONTH" not in parts or parts["BYMONTH"] in LONG_MONTHS
    return yearly and lasting
