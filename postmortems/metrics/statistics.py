"""Robust statistics: real durations are heavy-tailed, so that a mean says little. Pure."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this `share` (0 to 1) of the values lie, interpolated between neighbours.

    As PostgreSQL's PERCENTILE_CONT. Raises ValueError for no values or a share out of range.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError(f"no percentile {share} of {len(values)} values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float:
    """The middle of the values."""
    return percentile(values, 0.5)
