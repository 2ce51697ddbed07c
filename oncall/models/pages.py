"""Pages: demands for attention, the escalation of each side, and the log of every attempt."""

from django.db import models
from django.utils import timezone

from notifications.models import ContactMethod, Delivery
from oncall.models.catalogue import Service
from oncall.models.people import Person, Team
from oncall.models.policies import Policy
from oncall.models.reaching import Bundle, Urgency
from oncall.querysets import EscalationQuerySet, PageNoticeQuerySet, PageQuerySet


class Page(models.Model):
    """A demand for somebody's attention. It knows its subject by name and link, never by foreign key."""

    class State(models.TextChoices):
        TRIGGERED = "triggered", "triggered"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        RESOLVED = "resolved", "resolved"

    Urgency = Urgency

    subject = models.CharField(max_length=250)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    about = models.CharField(max_length=80, blank=True, db_index=True, help_text="As `incident:42`.")
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.HIGH)
    dedup_key = models.CharField(max_length=200)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="pages")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="pages")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="pages")
    policy = models.ForeignKey(Policy, on_delete=models.SET_NULL, null=True, blank=True)
    each_seat = models.BooleanField(default=True, help_text="Each side acknowledges for itself.")
    together = models.BooleanField(default=False, help_text="Every side is paged at the same moment.")
    private = models.BooleanField(default=False, help_text="Seen only by those it was sent to.")
    state = models.CharField(max_length=15, choices=State.choices, default=State.TRIGGERED)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True, help_text="The first acknowledgement.")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["dedup_key"], condition=~models.Q(state="resolved"), name="page_open_once")
        ]

    def __str__(self) -> str:
        return self.subject


class Escalation(models.Model):
    """One side of a page climbing its policy. `next_at` is the truth: when it is due, somebody is notified."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="escalations")
    seat = models.SlugField(max_length=30, blank=True, help_text="The side: `dev`, `ops`; empty if there is only one.")
    step = models.PositiveSmallIntegerField(default=0, help_text="The step that is carried out next.")
    round = models.PositiveSmallIntegerField(default=0)
    first_round = models.PositiveSmallIntegerField(default=0, help_text="The round at which this climb began.")
    to_person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Reassigned to them."
    )
    to_team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="Reassigned to it."
    )
    next_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    exhausted_at = models.DateTimeField(
        null=True, blank=True, help_text="The last step of the last round had no answer."
    )

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["seat"]
        constraints = [models.UniqueConstraint(fields=["page", "seat"], name="escalation_once_a_seat")]
        indexes = [
            models.Index(fields=["next_at", "id"], name="escalation_due", condition=models.Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.seat or 'all'} of page {self.page_id}"


class PageNotice(models.Model):
    """That a person, or a place, was notified of a page, at this step and round, by this method: once.

    A place is a Slack channel or a webhook that a policy names. In a storm several notices share a bundle's message.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="notices")
    seat = models.SlugField(max_length=30, blank=True)
    step = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    place = models.CharField(max_length=520, blank=True, db_default="", help_text="As `channel:#ops`.")
    shadow = models.BooleanField(default=False, db_default=False, help_text="Told to learn, not to answer.")
    method = models.ForeignKey(ContactMethod, on_delete=models.SET_NULL, null=True)
    attempt = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Which time it is by this method, where personal rules name it twice."
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    bundle = models.ForeignKey(Bundle, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")
    at = models.DateTimeField(default=timezone.now, help_text="When it is told: personal rules may say later.")
    next_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Too much came at once: it waits for a message with others (oncall/paging/bundles.py).",
    )

    objects = PageNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "step", "round", "person", "method", "attempt", "shadow"], name="notice_once"
            ),
            models.UniqueConstraint(
                fields=["page", "seat", "step", "round", "place"],
                condition=~models.Q(place=""),
                name="notice_once_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, place="") | models.Q(person=None) & ~models.Q(place=""),
                name="notice_to_person_or_place",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "method", "-at"], name="notice_pace"),
            models.Index(fields=["next_at", "id"], name="notice_due", condition=models.Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"page {self.page_id} to {self.person_id}"


class PageLogEntry(models.Model):
    """What happened to a page, in words, for the page's log and the incident's timeline."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(default=timezone.now)
    kind = models.SlugField(max_length=30)
    seat = models.SlugField(max_length=30, blank=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text
