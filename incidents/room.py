"""What the room of one incident shows to one person. Each part is read when it is first asked for, and once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from incidents import context, lifecycle, runs
from incidents.alert_counts import AlertCounts, count_alerts
from incidents.lines import Line, lines, told_of
from incidents.models import Incident, Participant, RoleAssignment, Task
from incidents.models.work import Role
from incidents.severity import SEVERITIES
from notifications import durations
from oncall import shifts
from oncall.models import Escalation, Page, PageLogEntry, Person, Service

MOST_LINES = 400
SHOWN = {
    "said": ("Said", ("update", "note", "message")),
    "moves": ("Moves", ("declared", "status", "severity", "role", "service", "link", "system")),
    "alerts": ("Alerts", ("alert", "telemetry")),
    "changes": ("Changes", ("change",)),
    "pages": ("Pages", ("page",)),
    "tasks": ("Tasks", ("task",)),
}
"""What a timeline may be narrowed to: words, and the kinds of entries."""
MOVES = {
    "identified": "Identified: we know what it is",
    "monitoring": "Monitoring: mitigated, watching it",
    "investigating": "Investigating: back to looking",
    "resolved": "Resolved: service is restored",
    "closed": "Close: nothing is left to do",
    "cancelled": "Cancel as a false alarm",
    "reopened": "Reopen: it is not over",
}


@dataclass(frozen=True)
class Side:
    """One side of a page: who answered, else who was told and has not."""

    seat: str
    escalation: Escalation
    told: list[Person]


@dataclass(frozen=True)
class Call:
    """A page about the incident with its sides; `mine` where it waits for the viewer."""

    page: Page
    sides: list[Side]
    mine: bool

    @property
    def to(self) -> Service | Any:
        return self.page.service or self.page.team or self.page.person


class Room:
    """The parts of a room, by name.

    `forms`: bound forms that were refused, to be shown again; `shown` (keys of `SHOWN`), `newest_first` and `whole`
    (not only the latest entries) say how the timeline is read.
    """

    def __init__(
        self,
        incident: Incident,
        viewer: Person,
        *,
        forms: dict[str, Any] | None = None,
        shown: list[str] | None = None,
        newest_first: bool = False,
        whole: bool = False,
    ) -> None:
        self.incident, self.viewer, self.forms = incident, viewer, forms or {}
        self.shown = [name for name in shown or [] if name in SHOWN]
        self.newest_first, self.whole = newest_first, whole

    @property
    def may_act(self) -> bool:
        return self.viewer.is_responder

    @cached_property
    def lines(self) -> list[Line]:
        entries = self.incident.timeline.order_by("at", "id")
        if self.shown:
            entries = entries.filter(kind__in=[kind for name in self.shown for kind in SHOWN[name][1]])
        found = runs.collapse([told_of(*row) for row in entries.values_list("id", "at", "kind", "data")])
        self.has_earlier = not self.whole and len(found) > MOST_LINES
        kept = found if self.whole else found[-MOST_LINES:]
        alone = entries.select_related("actor").in_bulk([one.id for one in kept if isinstance(one, runs.Told)])
        shown = [one if isinstance(one, runs.Run) else alone[one.id] for one in kept]
        return list(lines(shown, newest_first=self.newest_first))

    @cached_property
    def alerts(self) -> AlertCounts:
        return count_alerts(self.incident)

    @property
    def filters(self) -> list[dict[str, Any]]:
        return [{"name": name, "label": label, "on": name in self.shown} for name, (label, _) in SHOWN.items()]

    @property
    def lasted(self) -> str:
        """How long the harm lasted, in words; empty while it does."""
        ended = self.incident.resolved_at
        return durations.words((ended - self.incident.started_at).total_seconds()) if ended else ""

    @cached_property
    def goes_on_in(self) -> Incident | None:
        """What it was merged into, where the viewer may see that."""
        if not self.incident.merged_into_id:
            return None
        return Incident.objects.visible_to(self.viewer).filter(pk=self.incident.merged_into_id).first()

    @property
    def moves(self) -> list[tuple[str, str]]:
        if self.incident.merged_into_id:
            return []
        return [(move, MOVES[move]) for move in lifecycle.allowed(self.incident.status)]

    @property
    def severities(self) -> list[Any]:
        return list(SEVERITIES.values())

    @cached_property
    def services(self) -> list[Service]:
        return list(self.incident.services.order_by("tier", "name"))

    @cached_property
    def roles(self) -> list[dict[str, Any]]:
        """Every role with its assignment, None where nobody holds it; the commander first."""
        held: dict[str, RoleAssignment] = {
            one.role: one for one in self.incident.roles.filter(until=None).select_related("person")
        }
        return [{"role": role, "label": Role(role).label, "held": held.get(role)} for role in Role.values]

    @property
    def commander(self) -> Person | None:
        held = self.roles[0]["held"]
        return held.person if held else None

    @cached_property
    def participants(self) -> list[Participant]:
        return list(Participant.objects.filter(incident=self.incident).select_related("person"))

    @property
    def takes_part(self) -> bool:
        return any(one.person_id == self.viewer.pk for one in self.participants)

    @cached_property
    def tasks(self) -> list[Task]:
        found = self.incident.tasks.select_related("assignee", "done_by")
        return sorted(found, key=lambda task: (task.done_at is not None, task.created_at, task.pk))

    @cached_property
    def suspects(self) -> list[context.SuspectedChange]:
        return context.suspects_of(self.incident)

    @cached_property
    def on_call(self) -> list[dict[str, Any]]:
        """Who is on call now, services of one schedule together."""
        found = shifts.on_call(self.services)
        groups: dict[Any, dict[str, Any]] = {}
        for service in self.services:
            group = groups.setdefault(service.schedule_id or f"none {service.pk}", {"services": [], "seats": {}})
            group["services"].append(service)
            group["seats"] = found[service.pk]
        return list(groups.values())

    @cached_property
    def calls(self) -> list[Call]:
        """Pages about the incident, open ones first, the latest before the earlier."""
        told = PageLogEntry.objects.filter(kind="notified", person__isnull=False).select_related("person")
        pages = (
            Page.objects.filter(about=self.incident.subject)
            .select_related("service", "team", "person")
            .prefetch_related(
                Prefetch("escalations", Escalation.objects.select_related("acknowledged_by")), Prefetch("log", told)
            )
        )
        found = [self._call(page) for page in pages]
        return sorted(found, key=lambda call: call.page.state == Page.State.RESOLVED)

    def _call(self, page: Page) -> Call:
        log = list(page.log.all())
        sides = [
            Side(side.seat, side, list({one.person: None for one in log if one.person and one.seat == side.seat}))
            for side in page.escalations.all()
        ]
        mine = page.state != Page.State.RESOLVED and any(
            side.escalation.acknowledged_at is None and self.viewer in side.told for side in sides
        )
        return Call(page, sides, mine)

    @property
    def my_call(self) -> Call | None:
        """The page that waits for the viewer."""
        return next((call for call in self.calls if call.mine), None)
