"""Refusals that the web, the API and Slack all word alike."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied


class InvalidInput(ValueError):
    """Something that was given cannot be used. `errors`: by field, sentences saying what, which value, what to do."""

    def __init__(self, errors: dict[str, list[str]] | None = None, **fields: str) -> None:
        self.errors = dict(errors or {}) | {name: [sentence] for name, sentence in fields.items()}
        super().__init__(" ".join(sentence for sentences in self.errors.values() for sentence in sentences))


class Conflict(Exception):
    """It is well formed, but does not fit the present state. `extra` goes into the answer for programs."""

    def __init__(self, detail: str, **extra: Any) -> None:
        self.detail = detail
        self.extra = extra
        super().__init__(detail)


class Forbidden(PermissionDenied):
    """The asker may see this but not do that. No page has to catch it: Django answers with ours for 403."""
