"""Post-mortems, problems and actions as outsiders are told of them (config/outgoing.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from notifications.links import absolute
from notifications.models import Event
from postmortems.models import Action, Postmortem, Problem

Data = dict[str, Any]


def tell_postmortems(events: Sequence[Event]) -> dict[int, Data]:
    """The post-mortem as it stands now; severity and services are those of its incidents."""
    return _each(events, "postmortem", Postmortem.objects.prefetch_related("incidents__services"), _postmortem)


def tell_problems(events: Sequence[Event]) -> dict[int, Data]:
    """The problem as it stands now."""
    return _each(events, "problem", Problem.objects.prefetch_related("services"), _problem)


def tell_actions(events: Sequence[Event]) -> dict[int, Data]:
    """The action as it stands now."""
    return _each(events, "action", Action.objects.select_related("postmortem", "team"), _action)


def visible(events: QuerySet[Event], person: Any) -> QuerySet[Event]:
    """Without what came out of a private incident that this person takes no part in."""
    for noun, model in (("postmortem", Postmortem), ("problem", Problem), ("action", Action)):
        rows: Any = model._default_manager
        open_ = rows.visible_to(person) if person else rows.open_to_all()
        keys = rows.exclude(pk__in=open_.values("pk")).annotate(text=Cast("number", CharField())).values("text")
        alias = f"of_{noun}"
        named = events.alias(**{alias: KT(f"payload__{noun}")})
        events = named.exclude(**{"type__startswith": f"{noun}.", f"{alias}__in": keys})
    return events


def _each(events: Sequence[Event], noun: str, rows: QuerySet[Any], describe: Any) -> dict[int, Data]:
    found = {row.number: row for row in rows.filter(number__in={event.payload[noun] for event in events})}
    return {
        event.pk: describe(found[number]) | {"at": event.at.isoformat()}
        for event in events
        if (number := event.payload[noun]) in found
    }


def _postmortem(postmortem: Postmortem) -> Data:
    incidents = list(postmortem.incidents.all())
    return {
        "number": postmortem.number,
        "title": postmortem.title,
        "status": postmortem.status,
        "severity": min((incident.severity for incident in incidents), default=None),
        "services": sorted({service.slug for incident in incidents for service in incident.services.all()}),
        "incidents": sorted(incident.number for incident in incidents),
        "practice": bool(incidents) and all(incident.practice for incident in incidents),
        "url": absolute(postmortem.get_absolute_url()),
    }


def _problem(problem: Problem) -> Data:
    return {
        "number": problem.number,
        "title": problem.title,
        "status": problem.status,
        "known_error": problem.is_known_error,
        "priority": problem.priority,
        "services": sorted(service.slug for service in problem.services.all()),
        "url": absolute(problem.get_absolute_url()),
    }


def _action(action: Action) -> Data:
    return {
        "number": action.number,
        "title": action.title,
        "status": action.state,
        "kind": action.kind,
        "priority": action.priority,
        "due_on": action.due_on.isoformat(),
        "team": action.team.slug if action.team else None,
        "postmortem": action.postmortem.number if action.postmortem else None,
        "url": absolute(f"/actions/{action.number}/"),
    }
