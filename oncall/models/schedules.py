"""Schedules: what was agreed (seats, layers, overrides) and what comes of it (shifts)."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from simple_history.models import HistoricalRecords

from oncall.models.people import Person
from oncall.querysets import ScheduleManager, ScheduleQuerySet, SeatQuerySet, ShiftQuerySet


class Schedule(models.Model):
    """Who is on call, for one or more services. A joint schedule has a Dev and an Ops seat.

    `objects` passes over those that are retired; `every` has them too.
    """

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, help_text="IANA name; handoffs keep their wall-clock time in it.")
    resolved_until = models.DateTimeField(null=True, blank=True, help_text="Shifts are stored up to here.")
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="Deleted; kept for the shifts that were worked on it."
    )

    objects = ScheduleManager()
    every = ScheduleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """One place that somebody must fill at every instant: `dev`, `ops`, or another."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="seats")
    name = models.SlugField(max_length=30)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="No longer a seat; kept for the shifts that were worked on it."
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["schedule", "name"], name="seat_named_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.schedule_id}"


class Layer(models.Model):
    """A rotation on a seat, as `oncall/definition.py` reads it; participants are rows of their own."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="layers")
    position = models.PositiveSmallIntegerField(default=0)
    priority = models.SmallIntegerField(default=1)
    rule = models.JSONField(
        help_text="kind, every, start, advance, first, duration, until, restrict: as in contracts.md."
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"layer {self.position} of seat {self.seat_id}"


class LayerParticipant(models.Model):
    """One person in a layer. Those with the same `turn` are on duty together."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="participants")
    turn = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rotations")

    class Meta:
        ordering = ["turn", "id"]
        constraints = [models.UniqueConstraint(fields=["layer", "turn", "person"], name="participant_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.turn}"


class Override(models.Model):
    """People take a seat for an interval, whoever was due. The later-made beats the earlier."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="overrides")
    people = models.ManyToManyField(Person, related_name="overrides")
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    exclusive = models.BooleanField(default=False, db_default=False, help_text="No other override may stand beside it.")
    swap = models.ForeignKey(
        "Swap", on_delete=models.CASCADE, null=True, blank=True, related_name="overrides", help_text="It was taken."
    )
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="override_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"override of seat {self.seat_id} from {self.start}"


class Shift(models.Model):
    """The result everybody reads: this person fills this seat over this half-open interval."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    during = DateTimeRangeField()
    overridden = models.BooleanField(default=False, help_text="It comes from an override.")
    changed_at = models.DateTimeField(
        default=timezone.now, db_default=Now(), help_text="When it was made, or its end last moved."
    )

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["during", "id"]
        constraints = [
            ExclusionConstraint(
                name="shift_no_overlap",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=models.Q(during__isempty=False), name="shift_not_empty"),
        ]
        indexes = [GistIndex(fields=["during"])]

    def __str__(self) -> str:
        return f"{self.person_id} on seat {self.seat_id}"

    @property
    def start(self) -> datetime:
        return self.during.lower

    @property
    def end(self) -> datetime:
        return self.during.upper
