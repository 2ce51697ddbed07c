"""Everything that may happen to an incident, whoever asks: the web, the API, Slack, an alert, a task.

Each function is one transaction, checks what it is given (`InvalidInput`, by field), the state (`Conflict`) and
the asker's role (`Forbidden`), writes the timeline, tells the other rooms, and returns the object as it is now.
Whether the asker may see the incident is for the caller's query: `Incident.objects.visible_to(user)`.
"""

from incidents.services.affected import add_service, remove_service
from incidents.services.callout import page_again
from incidents.services.declare import declare
from incidents.services.editing import change_severity, edit, set_private
from incidents.services.merge import merge
from incidents.services.people import add_person, join
from incidents.services.roles import assign_role, release_role
from incidents.services.suspects import judge
from incidents.services.tasks import add_task, complete_task, reopen_task
from incidents.services.transitions import transition
from incidents.services.updates import add_note, post_update

__all__ = [
    "add_note",
    "add_person",
    "add_service",
    "add_task",
    "assign_role",
    "change_severity",
    "complete_task",
    "declare",
    "edit",
    "join",
    "judge",
    "merge",
    "page_again",
    "post_update",
    "release_role",
    "remove_service",
    "reopen_task",
    "set_private",
    "transition",
]
