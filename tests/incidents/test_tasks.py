"""Tasks during an incident."""

import pytest

from incidents.models import Participant
from incidents.services import add_task, complete_task, reopen_task
from notifications.errors import Forbidden, InvalidInput
from tests.factories import IncidentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def texts(incident):
    return list(incident.timeline.filter(kind="task").values_list("text", flat=True))


def test_a_task_is_taken_done_and_found_not_done_after_all():
    incident, ana = IncidentFactory(), PersonFactory(name="Ana")
    task = add_task(incident=incident, title="Roll back", by=ana, assignee=ana)
    for _ in range(2):
        task = complete_task(task=task, by=ana)
    assert (task.done_by, bool(task.done_at)) == (ana, True)
    for _ in range(2):
        task = reopen_task(task=task, by=ana)
    assert task.done_at is task.done_by is None
    assert texts(incident) == ["Task for Ana: Roll back", "Done: Roll back", "Not done after all: Roll back"]
    assert Participant.objects.filter(incident=incident, person=ana).exists()


def test_a_task_needs_a_title_an_active_assignee_and_a_responder():
    incident, ana = IncidentFactory(), PersonFactory()
    with pytest.raises(InvalidInput):
        add_task(incident=incident, title="", by=ana)
    with pytest.raises(InvalidInput, match="has left"):
        add_task(incident=incident, title="x", by=ana, assignee=PersonFactory(is_active=False))
    with pytest.raises(Forbidden):
        add_task(incident=incident, title="x", by=PersonFactory(role="viewer"))
    assert texts(incident) == []
