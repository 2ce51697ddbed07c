"""People and teams, the service catalogue, schedules and their shifts, policies and pages."""

from oncall.models.catalogue import Panel, Service
from oncall.models.pages import Escalation, Page, PageLogEntry, PageNotice
from oncall.models.people import ApiToken, Membership, Person, Team
from oncall.models.policies import Policy, Step, Target
from oncall.models.schedules import Layer, LayerParticipant, Override, Schedule, Seat, Shift

__all__ = [
    "ApiToken",
    "Escalation",
    "Layer",
    "LayerParticipant",
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
    "Shift",
    "Step",
    "Target",
    "Team",
]
