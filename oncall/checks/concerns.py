"""Something to mend before it loses a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Concern:
    """What it concerns, and a sentence that says what is wrong and what to do."""

    about: str
    text: str
