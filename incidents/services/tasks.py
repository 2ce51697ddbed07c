"""What is to be done during an incident."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, Participant, Task
from incidents.services.common import words
from incidents.services.people import note_participant
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder


@transaction.atomic
def add_task(*, incident: Incident, title: str, by: Person | None, assignee: Person | None = None) -> Task:
    """Note a task; whoever is to do it takes part from then on."""
    require_responder(by)
    title = words("title", title, most=200)
    if assignee and not assignee.is_active:
        raise InvalidInput(assignee=f"{assignee.email} has left: choose somebody who is active.")
    task = Task.objects.create(incident=incident, title=title, assignee=assignee, created_by=by)
    if assignee:
        note_participant(incident, assignee, how=Participant.How.ADDED)
    _enter(task, f"Task for {assignee}: {title}" if assignee else f"Task: {title}", by, done=False)
    return task


@transaction.atomic
def complete_task(*, task: Task, by: Person | None) -> Task:
    """Say that a task is done; saying it twice changes nothing."""
    require_responder(by)
    task = _locked(task)
    if task.done_at is None:
        task.done_at, task.done_by = timezone.now(), by
        task.save(update_fields=["done_at", "done_by"])
        _enter(task, f"Done: {task.title}", by, done=True)
    return task


@transaction.atomic
def reopen_task(*, task: Task, by: Person | None) -> Task:
    """Say that a task is not done after all."""
    require_responder(by)
    task = _locked(task)
    if task.done_at is not None:
        task.done_at, task.done_by = None, None
        task.save(update_fields=["done_at", "done_by"])
        _enter(task, f"Not done after all: {task.title}", by, done=False)
    return task


def _locked(task: Task) -> Task:
    return Task.objects.select_for_update(no_key=True, of=("self",)).select_related("incident").get(pk=task.pk)


def _enter(task: Task, text: str, by: Person | None, *, done: bool) -> None:
    data = {"task": task.pk, "done": done}
    timeline.add(incident=task.incident, kind="task", text=text, actor=by, data=data)
