"""Questions asked of the catalogue, the schedules and the pages, in the words of the field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from oncall.models import Person


class VisibleToMembers(models.QuerySet):
    """What everybody who is signed in may see."""

    def visible_to(self, user: Any) -> Self:
        return self if user.is_authenticated and user.is_active else self.none()


class PersonQuerySet(VisibleToMembers):
    def active(self) -> PersonQuerySet:
        return self.filter(is_active=True)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """People are known by e-mail address, in any case of letters."""

    def get_by_natural_key(self, email: str) -> Person:
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, role="administrator", is_superuser=True, **fields)


class TeamQuerySet(VisibleToMembers):
    pass


class ServiceQuerySet(VisibleToMembers):
    def of_team(self, slug: str) -> ServiceQuerySet:
        """Services that this team builds or operates."""
        return self.filter(models.Q(dev_team__slug=slug) | models.Q(ops_team__slug=slug))


class ScheduleQuerySet(VisibleToMembers):
    pass


class ScheduleManager(models.Manager.from_queryset(ScheduleQuerySet)):  # type: ignore[misc]
    """Schedules that are worked: one that was deleted is nowhere but in the record of its shifts."""

    def get_queryset(self) -> ScheduleQuerySet:
        return super().get_queryset().filter(retired_at=None)


class AnyOf(models.Func):
    """`column = ANY(array)`: one parameter, where `IN` with a thousand costs Python more than the query takes."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class SeatQuerySet(models.QuerySet):
    def current(self) -> SeatQuerySet:
        """Seats that must be filled; the others are kept for the shifts that were worked on them."""
        return self.filter(retired_at=None)

    def of_schedules(self, ids: Iterable[int]) -> SeatQuerySet:
        """The seats of these schedules, thousands if need be."""
        return self.filter(AnyOf(models.F("schedule"), models.Value(list(ids))))


class PolicyQuerySet(VisibleToMembers):
    pass


class ShiftQuerySet(VisibleToMembers):
    def at(self, moment: datetime) -> ShiftQuerySet:
        """Shifts that hold at this instant (one indexed query)."""
        return self.filter(during__contains=moment)

    def overlapping(self, since: datetime, until: datetime) -> ShiftQuerySet:
        return self.filter(during__overlap=(since, until))

    def next_after(self, moment: datetime) -> ShiftQuerySet:
        """Of each seat the shift that begins first after this instant, of several people if so."""
        later = self.model._default_manager.filter(during__startswith__gt=moment, seat=models.OuterRef("seat"))
        first = later.order_by("during__startswith").values("during__startswith")[:1]
        return self.filter(during__startswith=models.Subquery(first))


class SwapQuerySet(VisibleToMembers):
    def open(self) -> SwapQuerySet:
        """Offers and shifts that need cover: nobody took them yet."""
        return self.filter(state="open")

    def takeable(self, now: datetime | None = None) -> SwapQuerySet:
        """Those that somebody could take, whole or what is left of them."""
        return self.filter(state__in=("open", "expired"), end__gt=now or timezone.now())

    def overlapping(self, since: datetime, until: datetime) -> SwapQuerySet:
        return self.filter(start__lt=until, end__gt=since)


class LeaveQuerySet(VisibleToMembers):
    def overlapping(self, since: datetime, until: datetime) -> LeaveQuerySet:
        return self.filter(start__lt=until, end__gt=since)


class ShadowQuerySet(VisibleToMembers):
    def overlapping(self, since: datetime, until: datetime) -> ShadowQuerySet:
        return self.filter(models.Q(end=None) | models.Q(end__gt=since), start__lt=until)

    def open_after(self, moment: datetime) -> ShadowQuerySet:
        """Those that last beyond this instant, begun or not."""
        return self.filter(models.Q(end=None) | models.Q(end__gt=moment))

    def at(self, moment: datetime) -> ShadowQuerySet:
        return self.filter(models.Q(end=None) | models.Q(end__gt=moment), start__lte=moment)


class MaintenanceQuerySet(VisibleToMembers):
    def at(self, moment: datetime) -> MaintenanceQuerySet:
        """Windows that hold at this instant."""
        return self.filter(start__lte=moment, end__gt=moment)

    def upcoming(self, moment: datetime) -> MaintenanceQuerySet:
        """Windows that have yet to begin."""
        return self.filter(start__gt=moment)

    def over(self, moment: datetime) -> MaintenanceQuerySet:
        return self.filter(end__lte=moment)


class PageQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> PageQuerySet:
        """All pages but private ones, which only those see who sent them or were notified."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        mine = models.Q(created_by=user) | models.Exists(user.notices.filter(page=models.OuterRef("pk")))
        return self.filter(models.Q(private=False) | mine)

    def open(self) -> PageQuerySet:
        return self.exclude(state="resolved")


class EscalationQuerySet(models.QuerySet):
    def due(self, now: datetime | None = None) -> EscalationQuerySet:
        return self.filter(next_at__lte=now or timezone.now())

    def open(self) -> EscalationQuerySet:
        """Sides that nobody has answered for."""
        return self.filter(acknowledged_at=None)


class PageNoticeQuerySet(models.QuerySet):
    def waiting(self) -> PageNoticeQuerySet:
        """Notices that too many others came with: they are told together, or alone when there is room."""
        return self.filter(next_at__isnull=False)
