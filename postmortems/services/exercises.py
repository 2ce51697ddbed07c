"""Exercises: a past incident is replayed step by step, and players say what they would do. Never counted in figures."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from incidents.models import Incident
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems import replay
from postmortems.exercises import steps_of
from postmortems.models import Exercise, ExerciseNote
from postmortems.services.common import locked, prose, tell, words

LONGEST_NOTE = 5_000


@transaction.atomic
def start_exercise(*, incident: Incident, by: Person) -> Exercise:
    """Replay an incident that is over; who starts it is the host. Raises `Conflict` where there is nothing to show."""
    require_responder(by)
    incident = locked(incident)
    if incident.status not in ("resolved", "closed"):
        raise Conflict(
            f"Incident #{incident.number} is {incident.get_status_display()}: replay one that is resolved.",
        )
    exercise = Exercise(incident=incident, host=by)
    if not steps_of(exercise):
        raise Conflict(f"Nothing was told of incident #{incident.number} while it went on: replay another one.")
    exercise.number = next_number("exercise")
    exercise.save()
    tell(exercise)
    return exercise


@transaction.atomic
def show_next(*, exercise: Exercise, seen: int, by: Person) -> Exercise:
    """Show the next step to all. `seen`: how many the host saw shown, so that two clicks are one step.

    Raises `Conflict` after the last one, and when the exercise is over.
    """
    exercise = _of_host(exercise, by)
    _refuse_finished(exercise)
    if exercise.shown != seen:
        return exercise
    if exercise.shown >= len(steps_of(exercise)):
        raise Conflict("That was the last step before the end: show the outcome.")
    exercise.shown += 1
    exercise.save(update_fields=["shown"])
    tell(exercise)
    return exercise


@transaction.atomic
def finish_exercise(*, exercise: Exercise, by: Person) -> Exercise:
    """Show the outcome to all; again does nothing."""
    exercise = _of_host(exercise, by)
    if exercise.finished_at is None:
        exercise.finished_at = timezone.now()
        exercise.save(update_fields=["finished_at"])
        tell(exercise)
    return exercise


@transaction.atomic
def say_in_exercise(*, exercise: Exercise, text: str, by: Person, entry: int | None = None) -> ExerciseNote:
    """What a player sees and would do, at the step of `entry` (its id), else at the one that is shown now.

    Raises `InvalidInput` for a step that was not shown yet, `Conflict` when the exercise is over.
    """
    require_responder(by)
    exercise = locked(exercise)
    _refuse_finished(exercise)
    shown = replay.visible(steps_of(exercise), exercise.shown)
    keys = {key: step.key for step in shown for key in step.ids}
    if entry is not None and entry not in keys:
        raise InvalidInput(entry="This step was not shown yet: say something about one that was.")
    key = keys[entry] if entry is not None else shown[-1].key
    note = ExerciseNote.objects.create(
        exercise=exercise, entry_id=key, by=by, text=words("text", text, most=LONGEST_NOTE)
    )
    tell(exercise)
    return note


@transaction.atomic
def record_findings(*, exercise: Exercise, findings: str, by: Person) -> Exercise:
    """Keep what the players learned, in Markdown; also afterwards."""
    require_responder(by)
    exercise = locked(exercise)
    exercise.findings = prose("findings", findings)
    exercise.save(update_fields=["findings"])
    tell(exercise)
    return exercise


def _of_host(exercise: Exercise, by: Person) -> Exercise:
    require_responder(by)
    exercise = locked(exercise)
    if exercise.host_id != by.pk and not by.is_administrator:
        raise Forbidden(f"Only the host, {exercise.host}, leads this exercise.")
    return exercise


def _refuse_finished(exercise: Exercise) -> None:
    if exercise.finished_at is not None:
        raise Conflict("This exercise is over: its outcome is shown.")
