"""What changes who works a shift without changing the rotation: swaps, leave, and people who learn beside a seat."""

from django.db import models
from django.utils import timezone

from oncall.models.people import Person
from oncall.models.schedules import Seat
from oncall.querysets import LeaveQuerySet, ShadowQuerySet, SwapQuerySet


class Swap(models.Model):
    """An interval of one person's that somebody else may take; a shift that needs cover is an open one with a reason.

    Taken, it acts as overrides: the taker stands where the person stood, their partners stay. One that begins untaken
    is expired, and what is left of it can still be taken until it ends.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        TAKEN = "taken", "taken"
        WITHDRAWN = "withdrawn", "taken back"
        EXPIRED = "expired", "not taken"
        LAPSED = "lapsed", "no longer needed"

    class Reason(models.TextChoices):
        OFFER = "offer", "offered"
        LEAVE = "leave", "on leave"
        HOLIDAY = "holiday", "public holiday"

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="swaps")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="swaps")
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices, default=Reason.OFFER)
    note = models.CharField(max_length=200, blank=True, help_text="Words to those who may take it; a holiday's name.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    taken_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="swaps_taken")
    taken_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="swap_ends_after_start"),
            models.CheckConstraint(
                condition=models.Q(state="taken", taken_at__isnull=False) | ~models.Q(state="taken"),
                name="swap_taken_has_moment",
            ),
            models.UniqueConstraint(
                fields=["seat", "person", "start", "end"], condition=models.Q(state="open"), name="swap_open_once"
            ),
        ]
        indexes = [models.Index(fields=["start"], name="swap_open_soon", condition=models.Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.person}, {self.start:%Y-%m-%d %H:%M} – {self.end:%Y-%m-%d %H:%M} UTC"


class Leave(models.Model):
    """Days on which somebody is away. Shifts of theirs within it need cover, and ask for it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leave")
    start = models.DateTimeField()
    end = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "leave"
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="leave_ends_after_start")
        ]
        indexes = [models.Index(fields=["person", "end"])]

    def __str__(self) -> str:
        return f"{self.person} is away from {self.start:%Y-%m-%d %H:%M} until {self.end:%Y-%m-%d %H:%M} UTC"


class Shadow(models.Model):
    """Somebody who learns beside a seat: told of its pages, never the one who must acknowledge."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="shadows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shadowing")
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is ended.")
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ShadowQuerySet.as_manager()

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("start")), name="shadow_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} shadows seat {self.seat_id} from {self.start:%Y-%m-%d %H:%M} UTC"
