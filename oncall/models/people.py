"""People, their teams, and the tokens they give to programs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now
from knox.models import AbstractAuthToken

from oncall.querysets import PersonManager, TeamQuerySet


class Discipline(models.TextChoices):
    """The side a team works on. Dev and Ops are the two that a joint schedule pairs."""

    DEV = "dev", "Dev"
    OPS = "ops", "Ops"
    SECURITY = "security", "Security"
    OTHER = "other", "Other"


class Person(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """Somebody who signs in, is on call, is paged. Known by e-mail address."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", "Administrator"
        RESPONDER = "responder", "Responder"
        VIEWER = "viewer", "Viewer"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.RESPONDER)
    timezone = models.CharField(max_length=64, default="UTC", help_text="IANA name, such as Europe/London.")
    country = models.CharField(
        max_length=10, blank=True, db_default="", help_text="For public holidays: GB, or with a part of it, GB-SCT."
    )
    slack_id = models.CharField(max_length=30, blank=True, db_index=True)
    quiet_from = models.TimeField(null=True, blank=True, help_text="From here to there, pages of low urgency wait.")
    quiet_to = models.TimeField(null=True, blank=True)
    calendar_version = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="A step further, and calendar addresses given out before no longer work."
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="person_quiet_hours_both_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Django's admin is for administrators."""
        return self.is_superuser or self.role == self.Role.ADMINISTRATOR

    @property
    def is_administrator(self) -> bool:
        return self.is_staff

    @property
    def is_responder(self) -> bool:
        """Whether they may do all but Settings."""
        return self.is_staff or self.role == self.Role.RESPONDER

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email


class Team(models.Model):
    """People with one discipline."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    discipline = models.CharField(max_length=20, choices=Discipline.choices)
    channel = models.CharField(
        max_length=80, blank=True, db_default="", help_text="The Slack channel that hears who is on call each day."
    )
    lead = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads")
    members = models.ManyToManyField(Person, through="Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    joined_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class ApiToken(AbstractAuthToken):
    """A person's token for programs: stored hashed by knox, shown once."""

    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-created"]
