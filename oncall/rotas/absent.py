"""A seat as it is worked when some of its people are gone: their turns stay theirs, and empty. Pure.

Nobody else is reshuffled. Where a layer of lower priority stands behind, it takes the turn; else there is a gap.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from oncall.rotas.schedule import Seat


def vacate(seat: Seat, absent: Collection[str]) -> Seat:
    """The seat without these people. An override of nobody else no longer counts."""
    if not absent:
        return seat
    layers = tuple(
        replace(layer, participants=tuple(_present(group, absent) for group in layer.participants))
        for layer in seat.layers
    )
    overrides = (replace(one, people=_present(one.people, absent)) for one in seat.overrides)
    return replace(seat, layers=layers, overrides=tuple(one for one in overrides if one.people))


def _present(people: tuple[str, ...], absent: Collection[str]) -> tuple[str, ...]:
    return tuple(person for person in people if person not in absent)
