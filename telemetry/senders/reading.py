"""Reading what senders of alerts have in common: labels, and what labels tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from notifications.payloads import Fields

SERVICE_LABELS = ("service", "app", "job")
ENVIRONMENT_LABELS = ("environment", "env")
REVISION_LABELS = ("revision", "release", "version")
SUMMARY_ANNOTATIONS = ("summary", "title", "message", "description")

# P1 to P5 (PagerDuty, Datadog) in the words by which rules decide.
PRIORITIES = {"1": "critical", "2": "high", "3": "medium", "4": "low", "5": "info"}


def first(values: Mapping[str, str], names: Iterable[str]) -> str:
    """The first of these that is there and not empty, "" where none is."""
    return next((values[name] for name in names if values.get(name)), "")


def scalars(fields: Fields) -> dict[str, str]:
    """Every value that is text, a number or a truth, as text; what is empty or has parts of its own is left out."""
    return {name: text for name, value in fields.values.items() if (text := said(value))}


def said(value: object) -> str:
    """A scalar as text, "" for all else."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}" if abs(value) < 1e15 else str(value)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def pairs(value: object) -> dict[str, str]:
    """Tags as labels: `["key", "value"]`, `{"key": …, "value": …}` and `key:value`, in a list or with commas between.

    A tag without a value is "true". The same key again does not replace the first.
    """
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    found: dict[str, str] = {}
    for key, text in map(_pair, parts):
        if key:
            found.setdefault(key[:200], text)
    return found


def _pair(tag: object) -> tuple[str, str]:
    match tag:
        case [key, value]:
            return said(key), said(value)
        case {"key": key, "value": value}:
            return said(key), said(value)
        case str():
            key, colon, text = tag.strip().partition(":")
            return key.strip(), text.strip() if colon else "true"
    return "", ""


def severity_of(priority: str) -> str:
    """What a priority such as "P1", "Sev-2" or "critical" asks for: a word of `PRIORITIES`, else the word itself."""
    digits = [letter for letter in priority if letter.isdecimal()]
    return PRIORITIES.get(digits[0], "") if len(digits) == 1 else priority.strip().lower()
