"""An exercise as its players see it now: the steps shown, what was said at each, and at the end the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from incidents.models import Incident, TimelineEntry
from notifications import durations
from oncall.models import Person
from postmortems import replay
from postmortems.models import Exercise, ExerciseNote, Postmortem
from postmortems.moments import Picture, metrics_until

BEFORE = timedelta(minutes=30)
"""How much of the metrics is seen from before the first step."""
REST = 200
FIELDS = ("id", "at", "recorded_at", "kind", "text", "data")
"""Of an entry, as `replay.Entry` takes them."""


@dataclass(frozen=True)
class Shown:
    """One step and what the players said at it; `after`: how long after the first it became known, in words."""

    number: int
    step: replay.Step
    after: str
    notes: list[ExerciseNote]


def entries_of(exercise: Exercise) -> list[replay.Entry]:
    """The timeline of its incident, as it stood when the exercise began."""
    entries = exercise.incident.timeline.filter(recorded_at__lte=exercise.created_at)
    return [replay.Entry(*row) for row in entries.values_list(*FIELDS)]


def steps_of(exercise: Exercise) -> list[replay.Step]:
    """Its steps, which stay the same whatever happens to the incident since."""
    return _steps(exercise, entries_of(exercise))


def _steps(exercise: Exercise, entries: list[replay.Entry]) -> list[replay.Step]:
    end = replay.end_of(entries, resolved_at=exercise.incident.resolved_at, began=exercise.created_at)
    return replay.steps(entries, resolved_at=end)


def declared_titles(exercises: Iterable[Exercise]) -> list[tuple[Exercise, str]]:
    """Each with the title that its incident was declared with: a later one may tell what it was. One query."""
    shown = list(exercises)
    entries: dict[int, list[replay.Entry]] = {}
    corrections = TimelineEntry.objects.filter(
        incident__in=[one.incident_id for one in shown], kind="system", data__has_key="before"
    )
    for row in corrections.values_list("incident", *FIELDS):
        entries.setdefault(row[0], []).append(replay.Entry(*row[1:]))
    return [
        (one, replay.as_declared(entries.get(one.incident_id, ()), title=one.incident.title, severity="")[0])
        for one in shown
    ]


class Replay:
    """One exercise for one viewer. Each part is read when it is first asked for, and once."""

    def __init__(self, exercise: Exercise, viewer: Person | Any) -> None:
        self.exercise, self.viewer = exercise, viewer

    @property
    def incident(self) -> Incident:
        return self.exercise.incident

    @property
    def finished(self) -> bool:
        return self.exercise.finished_at is not None

    @property
    def is_host(self) -> bool:
        """Who may show the next step; administrators may, should the host have gone."""
        return bool(self.exercise.host_id == self.viewer.pk or self.viewer.is_administrator)

    @cached_property
    def entries(self) -> list[replay.Entry]:
        return entries_of(self.exercise)

    @cached_property
    def steps(self) -> list[replay.Step]:
        """All of them: for the host, and for what is computed here, never for players."""
        return _steps(self.exercise, self.entries)

    @cached_property
    def declared(self) -> tuple[str, str]:
        changed = self.incident.timeline.filter(kind__in=("system", "severity")).values_list(*FIELDS)
        entries = [replay.Entry(*row) for row in changed]
        return replay.as_declared(entries, title=self.incident.title, severity=self.incident.severity)

    @property
    def title(self) -> str:
        return self.declared[0]

    @property
    def severity(self) -> str:
        return self.declared[1]

    @property
    def at_the_end(self) -> bool:
        return self.exercise.shown >= len(self.steps)

    @cached_property
    def shown(self) -> list[Shown]:
        """The steps that players have seen, the latest last."""
        notes: dict[int, list[ExerciseNote]] = {}
        for note in ExerciseNote.objects.filter(exercise=self.exercise).select_related("by"):
            notes.setdefault(note.entry_id, []).append(note)
        seen = replay.visible(self.steps, self.exercise.shown)
        return [
            Shown(number, step, _after(step, seen[0]), [note for key in step.ids for note in notes.get(key, [])])
            for number, step in enumerate(seen, 1)
        ]

    @property
    def now(self) -> Shown | None:
        return self.shown[-1] if self.shown else None

    @cached_property
    def metrics(self) -> Picture | None:
        """The panels up to the step that is shown: nothing of later, not even the length of the axis."""
        if not self.shown:
            return None
        return metrics_until(self.incident, self.shown[0].step.at - BEFORE, self.shown[-1].step.known)

    @property
    def lasted(self) -> str:
        ended = self.incident.resolved_at
        return durations.words((ended - self.incident.started_at).total_seconds()) if ended else ""

    @cached_property
    def rest(self) -> list[replay.Entry]:
        """What players were not shown, the earliest first: of those who ended early, and of how it ended."""
        seen = {key for one in self.shown for key in one.step.ids}
        late = sorted(self.entries, key=lambda entry: (entry.at, entry.id))
        return [entry for entry in late if entry.id not in seen and entry.kind != "system"][:REST]

    @cached_property
    def postmortems(self) -> list[Postmortem]:
        return list(Postmortem.objects.visible_to(self.viewer).filter(incidents=self.incident))


def _after(step: replay.Step, first: replay.Step) -> str:
    length = (step.known - first.known).total_seconds()
    return f"+{durations.words(length)}" if length >= 60 else ""
