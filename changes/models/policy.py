"""What the deploy gate decides by: pre-authorised templates, what guards security, freezes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now
from simple_history.models import HistoricalRecords

from changes.models.ledger import Change
from oncall.models import Service, Team
from oncall.querysets import VisibleToMembers


def _globs(help_text: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=300), default=list, blank=True, help_text=help_text)


class ChangeTemplate(models.Model):
    """A standard change: what fits it is authorised beforehand. What is left empty fits everything.

    One whose changes keep failing is suspended by itself, and its owners are told.
    """

    name = models.CharField(max_length=100, unique=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="templates")
    environment = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Change.Kind.choices, blank=True)
    paths = _globs("Every path that a change touches must fit one of these patterns.")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Its author's team."
    )
    earlier_successes = models.PositiveSmallIntegerField(
        default=0, help_text="So many changes of this kind, service and environment must have succeeded before."
    )
    failures_allowed = models.PositiveSmallIntegerField(
        default=3, help_text="So many of its last ten changes may fail; one more suspends it."
    )
    owner = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", help_text="Told when it is suspended.")
    created_at = models.DateTimeField(default=now)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_why = models.TextField(blank=True)
    trusted_since = models.DateTimeField(
        default=now, help_text="Failures before this moment count no more: it was resumed then."
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleToMembers.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Guard(models.Model):
    """Something that guards security: changes to it need a named authorisation from the other side, or of a team."""

    name = models.CharField(max_length=100, unique=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="guards")
    paths = _globs("A change that touches a path fitting one of these needs authorisation; none: every change does.")
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who authorises, such as the security team, besides the other side.",
    )
    why = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleToMembers.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Freeze(models.Model):
    """A window in which nothing is changed, but by a rollback or a recorded override.

    Either once, from `start` to `end`, or every week in `windows`, by the wall clock of `timezone`.
    """

    name = models.CharField(max_length=100)
    why = models.TextField(blank=True)
    timezone = models.CharField(max_length=60, default="UTC")
    start = models.DateTimeField(null=True, blank=True)
    end = models.DateTimeField(null=True, blank=True)
    windows = models.JSONField(
        default=list, blank=True, help_text='Such as [{"weekdays": ["fri"], "from": "16:00", "to": "00:00"}].'
    )
    services = models.ManyToManyField(Service, blank=True, related_name="freezes", help_text="None: all of them.")
    environment = models.CharField(max_length=60, blank=True, default="production", help_text="Empty: every one.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleToMembers.as_manager()
    history = HistoricalRecords(m2m_fields=[services])

    class Meta:
        ordering = ["-start", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start=None, end=None) | models.Q(end__gt=models.F("start")), name="freeze_interval"
            )
        ]

    def __str__(self) -> str:
        return self.name
