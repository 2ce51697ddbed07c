"""Acknowledge all: one tap for every page of a bundle."""

from __future__ import annotations

from notifications.errors import Conflict
from oncall.models import Bundle, Page
from oncall.paging.answers import acknowledge


def pages_of(bundle: Bundle) -> list[Page]:
    """The pages that its message told of and asked an answer to, in the order in which they are answered."""
    asked = bundle.notices.filter(delivery__isnull=False, shadow=False)
    return list(Page.objects.filter(pk__in=asked.values("page")).select_related("service").order_by("pk"))


def acknowledge_all(*, bundle: Bundle, via: str = "web") -> list[Page]:
    """Acknowledge every open page of the bundle as its person; returns those pages. Doing it again changes nothing.

    Each page is answered in a transaction of its own, so that hundreds do not hold each other's locks; what was
    answered stays answered, should a later one fail.
    """
    answered = []
    for page in pages_of(bundle):
        try:
            answered.append(acknowledge(page=page, person=bundle.person, via=via))
        except Conflict:  # it was resolved meanwhile: nothing is left to answer
            continue
    return answered
