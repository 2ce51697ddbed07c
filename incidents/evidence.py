"""What panels say for and against a change: whether they step after it, or stepped before it. Pure.

Of all steps of the panels those count that began this trouble: to a level that is new, around t0, and still there
when the trouble was noticed. A change during or soon before such a step may have caused it; one that came later did
not cause what was there already. Where panels say both, both stand there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.suspects import AFTER, Candidate, Reason
from notifications.durations import words
from telemetry.figures import written
from telemetry.steps import Step

STEPS_AFTER, BREACH_BEFORE = 15.0, -15.0  # of the design (context.md)
SOON = timedelta(minutes=15)  # from the finish of a change to a step that it may have caused
EARLIEST = timedelta(hours=2)  # before t0: an alert waits, and people take a while to declare
SLACK = timedelta(minutes=2)  # clocks differ, and a rate over minutes blurs


@dataclass(frozen=True)
class Panel:
    """A panel of a service and the steps of its lines."""

    name: str
    service: str
    unit: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Onset:
    panel: Panel
    step: Step
    at: datetime

    def __str__(self) -> str:
        levels = f"from {written(self.step.before)} to {written(self.step.after, self.panel.unit)}"
        return f"{self.panel.name} of {self.panel.service} stepped {levels}"


def evidence(changes: Iterable[Candidate], panels: Iterable[Panel], began_at: datetime) -> dict[str, list[Reason]]:
    """Reasons by change key for trouble that began then (t0); nothing for a change that panels do not speak of."""
    onsets = [onset for panel in panels for onset in _onsets(panel, began_at)]
    found = {change.key: list(_reasons(change, onsets)) for change in changes}
    return {key: reasons for key, reasons in found.items() if reasons}


def _onsets(panel: Panel, began_at: datetime) -> Iterator[_Onset]:
    for step in panel.steps:
        at = datetime.fromtimestamp(step.at, began_at.tzinfo)
        noticed = step.until is None or step.until >= (began_at - SLACK).timestamp()
        if step.new and noticed and began_at - EARLIEST <= at <= began_at + AFTER:
            yield _Onset(panel, step, at)


def _reasons(change: Candidate, onsets: Sequence[_Onset]) -> Iterator[Reason]:
    after = [onset for onset in onsets if _may_be_of(change, onset)]
    before = [onset for onset in onsets if onset.at < change.started_at - SLACK]
    if after:
        clearest = max(after, key=lambda onset: (onset.step.score, -onset.step.at))
        yield Reason(f"{clearest} {_after(change, clearest.at)}{_others(after)}", STEPS_AFTER)
    if before:
        first = min(before, key=lambda onset: (onset.step.at, -onset.step.score))
        ahead = words((change.started_at - first.at).total_seconds())
        yield Reason(f"{first} {ahead} before it began{_others(before)}", BREACH_BEFORE)


def _may_be_of(change: Candidate, onset: _Onset) -> bool:
    latest = change.finished_at + SOON if change.finished_at else onset.at
    return change.started_at - SLACK <= onset.at <= latest


def _after(change: Candidate, at: datetime) -> str:
    if at < change.started_at:
        return "as it began"
    if change.finished_at is None or at < change.finished_at:
        return "while it was rolled out"
    return f"{words((at - change.finished_at).total_seconds())} after it"


def _others(onsets: Sequence[_Onset]) -> str:
    """How many more panels say so."""
    more = len({(onset.panel.service, onset.panel.name) for onset in onsets}) - 1
    return f", as did {more} more panel{'s' if more > 1 else ''}" if more else ""
