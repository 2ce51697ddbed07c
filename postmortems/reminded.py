"""Who is reminded of an action: its owner, and where that reaches nobody, whoever stands behind it. Never nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from oncall.models import Person
from oncall.paging.reach import methods_of
from postmortems.models import Action

PEOPLE = tuple(
    f"{path}__contact_methods"
    for path in ("owner", "team__lead", "team__members", "postmortem__facilitator", "postmortem__opened_by")
)
"""What `audiences()` looks at: to be fetched before for all actions together."""


@dataclass(frozen=True)
class Audience:
    """The people to tell, and why it is these where it is not the owner."""

    people: tuple[Person, ...] = ()
    why: str = ""


def audiences(actions: Iterable[Action]) -> dict[Action, Audience]:
    """For each action: the owner; else the team's lead, else its members; else who facilitates the post-mortem, or
    opened it; else the administrators. Each only as far as they are active, may see it, and can be reached."""
    actions = list(actions)
    seen = _Seen(actions)
    return {action: _audience(action, seen) for action in actions}


class _Seen:
    """Which of these actions each person may see: asked once for each person."""

    def __init__(self, actions: list[Action]) -> None:
        self._actions = [action.pk for action in actions]
        self._by_person: dict[int, set[int]] = {}
        self._administrators: list[Person] | None = None

    def may_be_told(self, person: Person, action: Action) -> bool:
        if not person.is_active or not methods_of(person):
            return False
        if person.pk not in self._by_person:
            visible = Action.objects.visible_to(person).filter(pk__in=self._actions)
            self._by_person[person.pk] = set(visible.values_list("pk", flat=True))
        return action.pk in self._by_person[person.pk]

    @property
    def administrators(self) -> list[Person]:
        if self._administrators is None:
            found = Person.objects.active().filter(Q(role=Person.Role.ADMINISTRATOR) | Q(is_superuser=True))
            self._administrators = list(found.order_by("pk").prefetch_related("contact_methods"))
        return self._administrators


def _audience(action: Action, seen: _Seen) -> Audience:
    for people in _candidates(action, seen):
        if told := tuple(person for person in people if seen.may_be_told(person, action)):
            return Audience(told, "" if told == (action.owner,) else _why(action))
    return Audience()


def _candidates(action: Action, seen: _Seen) -> Iterator[list[Person]]:
    """Groups of people, the first of whom anybody can be told is the one."""
    yield [action.owner] if action.owner else []
    if action.team:
        yield [action.team.lead] if action.team.lead else []
        yield list(action.team.members.all())
    if action.postmortem:
        for person in (action.postmortem.facilitator, action.postmortem.opened_by):
            yield [person] if person else []
    yield seen.administrators


def _why(action: Action) -> str:
    if action.owner is None:
        return "Nobody owns it: somebody has to take it."
    if not action.owner.is_active:
        return f"{action.owner} has left: somebody has to take it."
    return f"{action.owner} cannot be told: see that they hear of it, or give it to somebody else."
