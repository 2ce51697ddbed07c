"""The pages of one post-mortem: its text, its timeline, and what the facilitator needs around it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from postmortems.models import Postmortem

PAGES = {"Text": "postmortems:detail", "Timeline": "postmortems:timeline", "Facilitation": "postmortems:facilitation"}


@dataclass(frozen=True)
class Tab:
    """One page, as components/tabs.html shows it."""

    label: str
    href: str
    current: bool
    count: int | None = None


def tabs(postmortem: Postmortem, current: str) -> list[Tab]:
    """Every page of this post-mortem; `current` is the label of the one that is shown."""
    return [Tab(label, reverse(name, args=[postmortem.number]), label == current) for label, name in PAGES.items()]
