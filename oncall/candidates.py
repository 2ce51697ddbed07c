"""Who could stand in for somebody on a seat: those who take turns there, else the team whose seat it is."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from oncall.models import Leave, Person, Seat, Shift, Swap, Team


def candidates(swap: Swap) -> QuerySet[Person]:
    """Active people, by name, who may take this swap: not away then, and not on the seat anyhow."""
    there = Shift.objects.overlapping(swap.start, swap.end).filter(seat=swap.seat_id).values("person")
    away = Leave.objects.overlapping(swap.start, swap.end).values("person")
    free = Person.objects.active().exclude(role=Person.Role.VIEWER).exclude(pk=swap.person_id)
    free = free.exclude(pk__in=there).exclude(pk__in=away).order_by("name", "pk")
    turns = free.filter(rotations__layer__seat=swap.seat_id).distinct()
    return turns if turns.exists() else free.filter(teams__in=teams_of(swap.seat)).distinct()


def teams_of(seat: Seat) -> QuerySet[Team]:
    """The teams of the seat's discipline that build or operate what its schedule answers for."""
    serves = Q(developed_services__schedule=seat.schedule_id) | Q(operated_services__schedule=seat.schedule_id)
    return Team.objects.filter(serves, discipline=seat.name).distinct()


def leads_of(schedule_id: int) -> QuerySet[Person]:
    """The active leads of every team that builds or operates what a schedule answers for."""
    serves = Q(leads__developed_services__schedule=schedule_id) | Q(leads__operated_services__schedule=schedule_id)
    return Person.objects.active().filter(serves).distinct()
