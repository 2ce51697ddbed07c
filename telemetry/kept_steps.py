"""The steps of a snapshot as they are kept beside its series, so that whoever asks for them reads no series. Pure."""

from collections.abc import Sequence
from typing import Any, TypedDict

from telemetry.series import Line
from telemetry.steps import Step, steps, without_usual

MOST = 50
"""Of one snapshot: those that stand out most."""


class KeptStep(TypedDict):
    """A `telemetry.steps.Step` of the line called `label`."""

    label: str
    at: float
    before: float
    after: float
    score: float
    until: float | None
    new: bool


def kept_steps(series: Sequence[Line], week_before: Sequence[Line] | None = None) -> list[KeptStep]:
    """The steps of every line, the earliest first; none is new that its line took a week before too."""
    usual = {line["label"]: steps(line["points"]) for line in week_before or ()}
    found = [
        (line["label"], step)
        for line in series
        for step in without_usual(steps(line["points"]), usual.get(line["label"], ()))
    ]
    outstanding = sorted(found, key=lambda one: -one[1].score)[:MOST]
    return [_kept(label, step) for label, step in sorted(outstanding, key=lambda one: one[1].at)]


def told_steps(kept: Sequence[dict[str, Any]] | None) -> list[Step]:
    """What `kept_steps` wrote; none where nobody has looked yet."""
    return [Step(**{name: value for name, value in one.items() if name != "label"}) for one in kept or ()]


def _kept(label: str, step: Step) -> KeptStep:
    return KeptStep(
        label=label,
        at=step.at,
        before=step.before,
        after=step.after,
        score=step.score,
        until=step.until,
        new=step.new,
    )
