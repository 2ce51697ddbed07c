"""Escalation policies: whom a page reaches, in which order."""

from django.db import models
from simple_history.models import HistoricalRecords

from oncall.models.people import Person, Team
from oncall.querysets import PolicyQuerySet


class Policy(models.Model):
    """Steps that a page climbs until somebody acknowledges."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=100)
    each_seat = models.BooleanField(
        default=True,
        help_text="Each seat acknowledges for itself; otherwise one acknowledgement stops the page.",
    )
    ack_timeout = models.DurationField(
        null=True, blank=True, help_text="How long an acknowledgement holds before the side is paged again."
    )
    repeat = models.PositiveSmallIntegerField(default=2, help_text="How often the steps are gone through again.")

    objects = PolicyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One rung: who is notified, and how long it is waited for an acknowledgement."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    delay = models.DurationField(help_text="How long to wait after this step before the next.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["policy", "position"], name="step_position_once")]

    def __str__(self) -> str:
        return f"step {self.position + 1} of {self.policy_id}"


class Target(models.Model):
    """Whom a step reaches. A seat means whoever fills it then on the service's schedule."""

    class Kind(models.TextChoices):
        SEAT = "seat", "Seat of the schedule"
        PERSON = "person", "Person"
        TEAM = "team", "Everybody in the team"
        TEAM_LEAD = "team_lead", "Team's lead"
        CHANNEL = "channel", "Slack channel"
        WEBHOOK = "webhook", "Webhook"

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="targets")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    seat = models.SlugField(max_length=30, blank=True, help_text="For a seat: its name. Else the side it counts for.")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True)
    address = models.CharField(
        max_length=500, blank=True, db_default="", help_text="Of a channel: #name or id. Of a webhook: its URL."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="target_names_what_it_reaches",
                condition=(
                    models.Q(kind="seat", person=None, team=None, address="") & ~models.Q(seat="")
                    | models.Q(kind="person", person__isnull=False, team=None, address="")
                    | models.Q(kind__in=["team", "team_lead"], team__isnull=False, person=None, address="")
                    | models.Q(kind__in=["channel", "webhook"], person=None, team=None) & ~models.Q(address="")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address or self.seat or self.person_id or self.team_id}"
