"""Whether a person can be reached at each urgency, and what to mend, in sentences that name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from notifications.models import ContactMethod
from oncall.models import Person
from oncall.models.reaching import Urgency
from oncall.paging.reach import REFUSAL_STANDS, ways_to


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to mend. `about`: `high` or `low` for pages of that urgency, `methods` for the ways themselves."""

    about: str
    text: str


def working(now: datetime | None = None) -> QuerySet[ContactMethod]:
    """The contact methods of everybody that are verified and did not refuse within the last day."""
    since = (now or timezone.now()) - REFUSAL_STANDS
    return ContactMethod.objects.exclude(verified_at=None).exclude(refused_at__gt=since)


def reachable(person: Person, now: datetime | None = None) -> bool:
    """Whether any of their contact methods works, as in `working()`, of those that were fetched."""
    moment = now or timezone.now()
    return any(method.verified_at and not _refuses(method, moment) for method in person.contact_methods.all())


def contact_check(person: Person, now: datetime | None = None) -> list[Concern]:
    """What keeps pages from this person, the worst first; empty where all is well.

    Two queries, none where `contact_methods` and `contact_rules` are prefetched.
    """
    moment = now or timezone.now()
    prefetch_related_objects([person], "contact_methods", "contact_rules")
    found = []
    if not reachable(person, moment):
        found.append(Concern("methods", "No contact method works, so no page arrives: add one, or mend what stands."))
    else:
        found += [concern for urgency in Urgency.values for concern in _late(person, urgency, moment)]
    methods = person.contact_methods.all()
    return found + [concern for method in methods for concern in _of_method(person, method, moment)]


def _late(person: Person, urgency: str, now: datetime) -> Iterator[Concern]:
    """Low urgency may wait as long as its owner likes; high may not."""
    first, *_ = ways_to(person, urgency, now)
    if urgency == Urgency.HIGH and first.delay:
        minutes = int(first.delay.total_seconds() // 60)
        yield Concern(
            urgency, f"Nothing is sent in the first {minutes} min of a page of high urgency: add a rule at 0."
        )


def _of_method(person: Person, method: ContactMethod, now: datetime) -> Iterator[Concern]:
    named = f"{method.label or method.get_kind_display()} ({method.known_as})"
    urgencies = [rule.urgency for rule in person.contact_rules.all() if rule.method_id == method.pk]
    used = f", and the rules for {' and '.join(dict.fromkeys(urgencies))} urgency name it" if urgencies else ""
    if method.verified_at is None:
        yield Concern("methods", f"{named} waits for its code{used}: enter it, or remove the method.")
    elif _refuses(method, now):
        yield Concern("methods", f"{named} refused the last message{used}: {method.refusal}. Mend it, then test it.")


def _refuses(method: ContactMethod, now: datetime) -> bool:
    return bool(method.refused_at and method.refused_at > now - REFUSAL_STANDS)
