"""Things of some width in as few rows as hold them without overlapping. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def rows(extents: Iterable[tuple[float, float]], *, gap: float, most: int) -> list[int | None]:
    """For each (left, right) the first row with room, in the order given; None where none of `most` rows has any."""
    held: list[list[tuple[float, float]]] = []
    found: list[int | None] = []
    for left, right in extents:
        row = next((i for i, row in enumerate(held) if _free(row, left - gap, right + gap)), None)
        if row is None and len(held) < most:
            held.append([])
            row = len(held) - 1
        if row is not None:
            held[row].append((left, right))
        found.append(row)
    return found


def _free(row: Iterable[tuple[float, float]], left: float, right: float) -> bool:
    return all(end <= left or start >= right for start, end in row)
