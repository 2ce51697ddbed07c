"""What a picture shows, in words: for those who do not see it, and beside it. Pure."""

from __future__ import annotations

from notifications import durations
from postmortems.moments.figure import Figure, Panel
from telemetry.figures import written


def told_of(figure: Figure) -> str:
    """The whole picture in some sentences."""
    moments = sorted((m for lane in figure.lanes for m in lane.moments), key=lambda m: m.at)
    said = "; ".join(f"{m.at:%H:%M} {m.kind}: {m.label}" for m in moments)
    times = "; ".join(f"{m.label} {m.at:%H:%M}" for lane in figure.lanes for m in lane.milestones)
    length = durations.words((figure.until - figure.since).total_seconds())
    parts = [f"Course of events over {length}: {said}" if said else f"Metrics of {length}", times, *metrics(figure)]
    return ". ".join(part for part in parts if part)


def metrics(figure: Figure) -> list[str]:
    """Each panel in a sentence: what it ran between, and what it was before the incident began."""
    began = min((lane.core[0] for lane in figure.lanes if lane.core), default=figure.since).timestamp()
    return [_metric(panel, began) for panel in figure.panels]


def _metric(panel: Panel, began: float) -> str:
    points = [(at, value) for _, line in panel.lines for at, value in line if value is not None]
    values = [value for _, value in points]
    before = sorted(value for at, value in points if at < began)
    usual = f", about {written(before[len(before) // 2], panel.unit, digits=3)} before it began" if before else ""
    return f"{panel.name}: {written(min(values), digits=3)} to {written(max(values), panel.unit, digits=3)}{usual}"


def outside(figure: Figure) -> str:
    """How many moments are too far away for the picture."""
    counts = zip(figure.outside, ("long before it", "long after it"), strict=True)
    parts = [f"{count} {'moment' if count == 1 else 'moments'} {where}" for count, where in counts if count]
    return f"Not drawn: {', '.join(parts)}." if parts else ""
