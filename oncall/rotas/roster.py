"""People who join or leave a rotation from a handoff on, without reshuffling what is agreed. Pure.

The rotation is cut at the first handoff at or after a moment. Until there it is as it was; from there on whoever would
have come next comes next, and those who stay keep their order. A joiner comes when all the others have had a turn; a
leaver is passed over.

The later part begins where its first turn does, so that it counts weeks and months from there. Months that begin on a
day which some months lack would then be counted from the wrong day: they are cut at the first handoff on the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from oncall.rotas.layer import Layer, turns_taken
from oncall.rotas.rotation import Kind, Rotation
from oncall.rotas.walltime import instant_of, wall_at, wall_of

Group = tuple[str, ...]
Parts = tuple[Layer | None, Layer | None]  # the layer until the handoff, and from there on; None is no such part


def change_participants(layer: Layer, participants: Sequence[Group], at: datetime) -> Parts:
    """The layer with other participants from the first handoff at or after `at`.

    The first of the new groups that shares a member with the group due then comes first, or else one that shares a
    member with the group after, and so on; in a rotation of strangers, the first named. A layer that ends before that
    handoff stays as it is, and one that loses everybody ends there.
    """
    rotation = layer.rotation
    number = _cut(rotation, at)
    if not goes_on(layer, at):
        return layer, None
    handoff = rotation.handoff(number)
    before = replace(layer, rotation=replace(rotation, until=_written(handoff, rotation))) if number else None
    if not participants:
        return before, None
    begins = replace(rotation, start=rotation.wall(number)) if number else rotation
    first = _first(order_from(layer, number), participants)
    return before, replace(layer, rotation=begins, participants=tuple(participants), first=first)


def join(layer: Layer, person: str, at: datetime, beside: str | None = None) -> Parts:
    """`person` takes turns from the first handoff at or after `at`: alone, or together with `beside`.

    Raises ValueError when the person does already, or `beside` does not.
    """
    if takes_turns(layer, person):
        raise ValueError(f"“{person}” takes turns in this rotation already; name somebody else.")
    order = order_from(layer, _cut(layer.rotation, at))
    if beside is None:
        return change_participants(layer, [*order, (person,)], at)
    _require(layer, beside)
    return change_participants(layer, [(*group, person) if beside in group else group for group in order], at)


def leave(layer: Layer, person: str, at: datetime) -> Parts:
    """`person` takes no more turns from the first handoff at or after `at`; partners take theirs without them.

    Raises ValueError when the person takes none, or nobody would be left.
    """
    _require(layer, person)
    order = order_from(layer, _cut(layer.rotation, at))
    staying = [tuple(one for one in group if one != person) for group in order]
    if not any(staying):
        raise ValueError(
            f"“{person}” is the only one in this rotation; let somebody join first, or end it with “until”."
        )
    return change_participants(layer, [group for group in staying if group], at)


def handoff_after(layer: Layer, at: datetime) -> datetime:
    """The handoff at which a change asked for from `at` on takes effect."""
    return layer.rotation.handoff(_cut(layer.rotation, at))


def goes_on(layer: Layer, at: datetime) -> bool:
    """Whether it has a handoff at or after `at` from which a change could hold."""
    return not is_over(layer, handoff_after(layer, at))


def successors(layers: Sequence[Layer], index: int) -> list[int]:
    """Which of a seat's layers go on where this one ends, and so on: parts of one rotation, as people come and go."""
    ends = layers[index].rotation.until
    if ends is None:
        return []
    end = instant_of(ends, layers[index].rotation.zone)
    same = _rhythm(layers[index])
    after = (n for n, layer in enumerate(layers) if layer.rotation.begins == end and _rhythm(layer) == same)
    found = next(after, None)
    return [] if found is None else [found, *successors(layers, found)]


def takes_turns(layer: Layer, person: str) -> bool:
    return any(person in group for group in layer.participants)


def order_from(layer: Layer, number: int) -> list[Group]:
    """The groups in the order in which they come from turn `number` on, each once."""
    groups = layer.participants
    due = (layer.first + turns_taken(layer, number)) % len(groups)
    return [*groups[due:], *groups[:due]]


def is_over(layer: Layer, at: datetime) -> bool:
    """Whether the layer has ended at `at`."""
    rotation = layer.rotation
    return rotation.until is not None and instant_of(rotation.until, rotation.zone) <= at


def _rhythm(layer: Layer) -> tuple[int, Kind, int]:
    return layer.priority, layer.rotation.kind, layer.rotation.every


def _cut(rotation: Rotation, at: datetime) -> int:
    """The first turn that begins at or after `at`; of months, on the day of the start."""
    number = rotation.number_at(at) if at > rotation.begins else 0
    if rotation.handoff(number) < at:
        number += 1
    if rotation.kind is not Kind.MONTHLY:
        return number
    day = wall_of(rotation.start, rotation.zone).day
    return next(number for number in count(number) if rotation.wall(number).day == day)


def _first(order: Sequence[Group], participants: Sequence[Group]) -> int:
    for due in order:
        for index, group in enumerate(participants):
            if set(due) & set(group):
                return index
    return 0


def _require(layer: Layer, person: str) -> None:
    if not takes_turns(layer, person):
        known = ", ".join(dict.fromkeys(one for group in layer.participants for one in group))
        raise ValueError(f"“{person}” takes no turns in this rotation; those who do are {known}.")


def _written(handoff: datetime, rotation: Rotation) -> datetime:
    """A handoff as people write it: a wall time, or an instant where the wall time would mean another."""
    wall = wall_at(handoff, rotation.zone)
    return wall if instant_of(wall, rotation.zone) == handoff else handoff
