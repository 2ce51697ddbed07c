"""A small house for the tests of swaps, leave and cover: Ana, Bo and Cy take turns by weeks on Dev; Di watches."""

from datetime import UTC, datetime, timedelta

from notifications.models import Delivery, Event
from oncall import services
from oncall.definition import parse_definition
from oncall.models import Shift
from tests.factories import ContactMethodFactory

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NAMES = ("ana", "bo", "cy", "di")


def everybody():
    """People by name, each reached by e-mail."""
    return {
        name: ContactMethodFactory(person__email=f"{name}@example.com", person__name=name.title()).person
        for name in NAMES
    }


def weekly(*groups, seat="dev", **fields):
    """A layer by weeks from Monday on; people who are on duty together are joined by a plus."""
    turns = [[f"{name}@example.com" for name in group.split("+")] for group in groups]
    return {"name": seat, "layers": [{"kind": "weekly", "start": "2026-06-01T09:00", "participants": turns} | fields]}


def saved(*seats, schedule=None, overrides=()):
    """A schedule of these seats."""
    definition = parse_definition({"timezone": "UTC", "seats": list(seats), "overrides": list(overrides)})
    return services.save_schedule(slug="shop", name="Shop", definition=definition, schedule=schedule)


def worked(seat, days=28):
    """Who has the seat, hour by hour joined: [("Ana", hours from Monday, hours until)], by start and name."""
    rows = Shift.objects.filter(seat=seat, during__startswith__lt=MONDAY + days * DAY).select_related("person")
    spans = {}
    for row in rows.order_by("during"):
        start, end = (int((edge - MONDAY) / HOUR) for edge in (row.during.lower, row.during.upper))
        held = spans.setdefault(str(row.person), [])
        if held and held[-1][1] == start:
            held[-1] = (held[-1][0], end)
        else:
            held.append((start, end))
    return sorted((name, start, min(end, days * 24)) for name, held in spans.items() for start, end in held)


def events(kind):
    return [event.payload for event in Event.objects.filter(type=kind).order_by("pk")]


def told():
    """What went out, by first name: subjects in order."""
    found = {}
    for delivery in Delivery.objects.order_by("pk"):
        found.setdefault(delivery.address.split("@")[0], []).append(delivery.message["subject"])
    return found
