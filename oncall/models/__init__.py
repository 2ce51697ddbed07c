"""People and teams, the service catalogue, schedules and their shifts, policies and pages."""

from oncall.models.catalogue import Panel, Service
from oncall.models.cover import Leave, Shadow, Swap
from oncall.models.maintenance import Maintenance
from oncall.models.pages import Escalation, Page, PageLogEntry, PageNotice
from oncall.models.people import ApiToken, Membership, Person, Team
from oncall.models.policies import Policy, Step, Target
from oncall.models.reaching import Bundle, ContactRule, Urgency
from oncall.models.schedules import Layer, LayerParticipant, Override, Schedule, Seat, Shift

__all__ = [
    "ApiToken",
    "Bundle",
    "ContactRule",
    "Escalation",
    "Layer",
    "LayerParticipant",
    "Leave",
    "Maintenance",
    "Membership",
    "Override",
    "Page",
    "PageLogEntry",
    "PageNotice",
    "Panel",
    "Person",
    "Policy",
    "Schedule",
    "Seat",
    "Service",
    "Shadow",
    "Shift",
    "Step",
    "Swap",
    "Target",
    "Team",
    "Urgency",
]
