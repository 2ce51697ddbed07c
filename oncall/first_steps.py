"""What an administrator does first, until pages reach somebody and something sends to us."""

from __future__ import annotations

from django.urls import reverse

from notifications.models import Integration
from oncall.models import Person, Schedule, Service, Team

Step = dict[str, str]  # text, note, state, href: as components/checklist.html takes them


def first_steps(*, answered: bool) -> list[Step]:
    """The steps and which are done; empty once all are. `answered`: whether a service has a schedule."""
    connected = Integration.objects.exists()
    if answered and connected:
        return []
    return [
        _step("Invite people", "Dev and Ops, at least one of each", "person-new", Person.objects.count() > 1),
        _step("Make teams", "each works on one side: Dev or Ops", "team-new", Team.objects.exists()),
        _step("Make a schedule", "who is on call, for both sides", "schedule-new", Schedule.objects.exists()),
        _step("Add a service", "what runs, with its teams and its schedule", "service-new", Service.objects.exists()),
        _step("Let the service be answered for", "choose its schedule", "services", answered),
        _step("Connect a sender", "alerts and deploys arrive by themselves", "integration-new", connected),
    ]


def _step(text: str, note: str, where: str, done: bool) -> Step:
    return {"text": text, "note": note, "href": reverse(f"oncall:{where}"), "state": "done" if done else "open"}
