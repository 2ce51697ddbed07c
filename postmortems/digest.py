"""The weekly learning digest: on Monday at nine by each subscriber's own clock, and late rather than not.

It tells of what was published in the week before, of known errors that are new, of what is read together, and of the
post-mortem of the month. A week with nothing to tell sends nothing. That somebody was told stands in the deliveries, so
any number of schedulers may look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from notifications.models import Delivery
from oncall.models import Person
from oncall.rotas.walltime import first_instant
from oncall.tell import tell_person
from oncall.zones import zone_or_utc
from postmortems.models import OfTheMonth, Postmortem, Problem, ReadingSession, Subscription
from postmortems.subscribers import wanted, wanted_problems

AT = time(9)
WEEK = timedelta(weeks=1)
AHEAD = timedelta(weeks=2)
MOST = 10


@dataclass(frozen=True)
class Due:
    """Somebody whose Monday morning has come, and the week that they are told of."""

    person: Person
    subscriptions: list[Subscription]
    until: datetime

    @property
    def since(self) -> datetime:
        return self.until - WEEK

    @property
    def key(self) -> str:
        return f"digest:{self.person.pk}:{self.until:%G-%V}"


def send_due() -> int:
    """Send every digest that is due and was not sent yet; returns how many were."""
    due = {one.key: one for one in _due(timezone.now())}
    told = set(Delivery.objects.filter(dedup_key__in=due).values_list("dedup_key", flat=True))
    return sum(_send(one) for key, one in due.items() if key not in told)


def _due(now: datetime) -> Iterator[Due]:
    mine: dict[Person, list[Subscription]] = defaultdict(list)
    rows = Subscription.objects.filter(person__is_active=True).select_related("person")
    for subscription in rows:
        mine[subscription.person].append(subscription)
    for person, subscriptions in mine.items():
        zone = zone_or_utc(person.timezone)
        today = now.astimezone(zone).date()
        monday = today - timedelta(days=today.weekday())
        until = first_instant(datetime.combine(monday, AT), zone)
        weekly = [one for one in subscriptions if one.cadence == Subscription.Cadence.WEEKLY and one.at < until]
        if weekly and now >= until:
            yield Due(person, weekly, until)


def _send(due: Due) -> bool:
    lines = list(_lines(due))
    if not lines:
        return False
    return tell_person(
        due.person,
        key=due.key,
        about="digest",
        subject="What was learned last week",
        text="\n".join(lines),
        url="/learning/",
    )


def _lines(due: Due) -> Iterator[str]:
    yield from _section("Published", _published(due))
    yield from _section("Known errors that are new", _known_errors(due))
    yield from _section("Read together", _sessions(due))
    yield from _section("Of the month", _of_the_month(due))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"{title}:"
        yield from (f"- {line}" for line in found[:MOST])
        if len(found) > MOST:
            yield f"- and {len(found) - MOST} more"


def _published(due: Due) -> list[str]:
    rows = Postmortem.objects.visible_to(due.person).published()
    rows = rows.filter(published_at__gte=due.since, published_at__lt=due.until, imported_at=None)
    rows = rows.filter(wanted(due.subscriptions)).distinct().order_by("published_at")
    return [f"PM{one.number} {one.title}" for one in rows]


def _known_errors(due: Due) -> list[str]:
    rows = Problem.objects.visible_to(due.person).known_errors()
    rows = rows.filter(known_error_at__gte=due.since, known_error_at__lt=due.until)
    rows = rows.filter(wanted_problems(due.subscriptions)).distinct().order_by("known_error_at")
    return [f"P{one.number} {one.title}" for one in rows]


def _sessions(due: Due) -> list[str]:
    rows = ReadingSession.objects.visible_to(due.person).filter(cancelled_at=None).select_related("postmortem")
    rows = rows.filter(at__gte=due.until, at__lt=due.until + AHEAD, created_at__lt=due.until).order_by("at")
    zone = zone_or_utc(due.person.timezone)
    return [f"{one.at.astimezone(zone):%a %-d %b, %H:%M}: PM{one.postmortem.number} {one.postmortem}" for one in rows]


def _of_the_month(due: Due) -> list[str]:
    chosen = OfTheMonth.objects.visible_to(due.person).select_related("postmortem")
    chosen = chosen.filter(at__gte=due.since, at__lt=due.until)
    return [f"PM{one.postmortem.number} {one.postmortem}: {one.why}" for one in chosen]
