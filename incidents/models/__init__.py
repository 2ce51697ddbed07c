"""The incident and what belongs to it."""

from incidents.models.incident import Incident, IncidentAlert, Participant
from incidents.models.suspect import Verdict
from incidents.models.timeline import TimelineEntry
from incidents.models.work import RoleAssignment, Task, Update

__all__ = [
    "Incident",
    "IncidentAlert",
    "Participant",
    "RoleAssignment",
    "Task",
    "TimelineEntry",
    "Update",
    "Verdict",
]
