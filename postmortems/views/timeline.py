"""The page of a post-mortem's timeline: what was picked, and the entries of its incidents to pick from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from incidents.models import Incident, TimelineEntry
from incidents.room import SHOWN
from notifications.errors import InvalidInput
from notifications.refusals import press
from oncall.requests import Request
from postmortems import services
from postmortems.forms.moments import NarrowForm
from postmortems.models import CuratedEntry, Postmortem
from postmortems.timeline import Told, of_entry
from postmortems.views import course
from postmortems.views.base import postmortem_or_404
from postmortems.views.tabs import tabs

PAGE_SIZE = 200
ACTS = {phase.value: f"Set as {phase.label.lower()}" for phase in CuratedEntry.Phase} | {
    "key": "Mark as key moments",
    "plain": "Mark as no key moments",
    "leave_out": "Leave out",
}
"""What can be done with several entries at once."""


@dataclass(frozen=True)
class Offered:
    """An entry of an incident; `told` is how it stands in the post-mortem, None where it was not picked."""

    entry: TimelineEntry
    told: Told | None


@require_GET
def timeline(request: Request, number: int) -> HttpResponse:
    """What happened, drawn; for those who write the entries to pick from, for others the moments."""
    postmortem = postmortem_or_404(request, number)
    incidents = Incident.objects.visible_to(request.user).filter(postmortems=postmortem).order_by("number")
    narrow = NarrowForm(request.GET, incidents=incidents)
    narrow.is_valid()
    writes = may_change(request, postmortem)
    context = {
        "postmortem": postmortem,
        "tabs": tabs(postmortem, "Timeline"),
        "narrow": narrow,
        "incidents": incidents,
        "may_change": writes,
        "acts": ACTS.items(),
        **course.context(request, postmortem),
    }
    if writes and incidents and not narrow.cleaned_data.get("picked"):
        entries = _narrowed(entries_of(request, postmortem), narrow.cleaned_data)
        page = Paginator(entries.select_related("incident", "actor"), PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "offered": _offered(postmortem, page.object_list)}
    return render(request, "postmortems/timeline.html", context)


def may_change(request: Request, postmortem: Postmortem) -> bool:
    return request.user.is_responder and postmortem.status != Postmortem.Status.PUBLISHED


def entries_of(request: Request, postmortem: Postmortem) -> QuerySet[TimelineEntry]:
    """The entries of its incidents that the asker may see."""
    return TimelineEntry.objects.visible_to(request.user).filter(incident__in=postmortem.incidents.all())


def entry_or_404(request: Request, postmortem: Postmortem, entry: int) -> TimelineEntry:
    return get_object_or_404(entries_of(request, postmortem).select_related("incident", "actor"), pk=entry)


def _narrowed(entries: QuerySet[TimelineEntry], wanted: dict[str, Any]) -> QuerySet[TimelineEntry]:
    if wanted.get("show"):
        entries = entries.filter(kind__in=SHOWN[wanted["show"]][1])
    for word in wanted.get("q", "").split()[:10]:
        entries = entries.filter(text__icontains=word)
    return entries.filter(incident=wanted["incident"]) if wanted.get("incident") else entries


def _offered(postmortem: Postmortem, entries: Iterable[TimelineEntry]) -> list[Offered]:
    shown = list(entries)
    picked = CuratedEntry.objects.filter(postmortem=postmortem, entry__in=[one.pk for one in shown])
    found = {one.entry_id: one for one in picked}
    for entry in shown:
        if entry.pk in found:
            found[entry.pk].entry = entry
    return [Offered(entry, of_entry(found[entry.pk]) if entry.pk in found else None) for entry in shown]


@require_POST
def pick(request: Request, number: int, entry: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = entry_or_404(request, postmortem, entry)
    do = partial(services.curate, postmortem=postmortem, entry=found, by=request.user)
    return _done(request, postmortem, found, do, "Picked.")


@require_POST
def leave_out(request: Request, number: int, entry: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = entry_or_404(request, postmortem, entry)
    do = partial(services.uncurate, postmortem=postmortem, entry=found, by=request.user)
    return _done(request, postmortem, found, do, "Left out here; it stays on the incident's timeline.")


def _done(
    request: Request, postmortem: Postmortem, entry: TimelineEntry, do: Callable[[], Any], done: str
) -> HttpResponse:
    """The row of the entry as it is now, in its place; without htmx the page again, at the same place."""
    if not request.htmx:
        return press(request, do, done=done, to=came_from(request, postmortem, f"entry-{entry.pk}"))
    do()
    return row(request, postmortem, entry)


def row(request: Request, postmortem: Postmortem, entry: TimelineEntry) -> HttpResponse:
    """One row of the list; the picture is drawn anew."""
    context = {"postmortem": postmortem, "one": _offered(postmortem, [entry])[0]}
    context["several"] = postmortem.incidents.count() > 1
    answer = render(request, "postmortems/_offered.html", context)
    answer["HX-Trigger"] = "timeline-changed"
    return answer


@require_POST
def selected(request: Request, number: int) -> HttpResponse:
    """Several entries at once: into a phase, as key moments or not, or left out."""
    postmortem = postmortem_or_404(request, number)
    keys = {int(key) for key in request.POST.getlist("entry") if key.isdecimal() and len(key) < 19}
    chosen = list(entries_of(request, postmortem).filter(pk__in=keys))
    count = f"{len(chosen)} {'entry' if len(chosen) == 1 else 'entries'}"
    do = partial(_carry_out, request, postmortem, chosen, request.POST.get("act", ""))
    return press(request, do, done=f"Done with {count}.", to=came_from(request, postmortem))


def _carry_out(request: Request, postmortem: Postmortem, chosen: list[TimelineEntry], act: str) -> None:
    several: dict[str, Any] = {"postmortem": postmortem, "entries": chosen, "by": request.user}
    if not chosen:
        raise InvalidInput(entry="Nothing is selected: tick the entries first.")
    if act == "leave_out":
        services.uncurate_many(**several)
    elif act in ("key", "plain"):
        services.curate_many(**several, key_moment=act == "key")
    else:
        services.curate_many(**several, phase=act)


def came_from(request: Request, postmortem: Postmortem, anchor: str = "") -> str:
    """The page that was acted on: the text, or the timeline as it was narrowed."""
    if request.GET.get("from") == "text":
        return f"{postmortem.get_absolute_url()}#s-timeline"
    narrowed = QueryDict(request.POST.get("narrowed", "")).urlencode()
    query = f"?{narrowed}" if narrowed else ""
    return f"{reverse('postmortems:timeline', args=[postmortem.number])}{query}{f'#{anchor}' if anchor else ''}"
