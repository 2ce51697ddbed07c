"""What the facilitator needs around a post-mortem: people, the meeting, its agenda, how long actions soak."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications.refusals import carry_out, press, status_of
from notifications.weblinks import web_address
from oncall.models import Person
from oncall.requests import Request
from postmortems import services
from postmortems.facilitating import meeting, suggesting
from postmortems.facilitating.open_questions import agenda_of
from postmortems.forms.facilitation import InviteForm, MeetingForm, SoakForm
from postmortems.models import Invitation, Postmortem
from postmortems.text.threads import open_threads
from postmortems.views import coaching, told
from postmortems.views.base import number_in, postmortem_or_404
from postmortems.views.tabs import tabs


@require_GET
def facilitation(request: Request, number: int) -> HttpResponse:
    return page(request, postmortem_or_404(request, number))


@require_GET
def guide(request: Request) -> HttpResponse:
    """For those who lead the conversation."""
    return render(request, "postmortems/guide.html")


def page(request: Request, postmortem: Postmortem, *, status: int = 0, **refused: Any) -> HttpResponse:
    """The whole page. `refused`: what stands in the place of the usual, such as a form that was not taken, by name."""
    may_write = request.user.is_responder
    context = {
        "postmortem": postmortem,
        "tabs": tabs(postmortem, "Facilitation"),
        "may_write": may_write,
        "published": postmortem.status == Postmortem.Status.PUBLISHED,
        "now": timezone.now(),
        "today": timezone.localdate(),
        "facilitators": suggesting.facilitators(postmortem) if may_write and not _leads(postmortem) else [],
        "leads": _leads(postmortem),
        "invitations": list(postmortem.invitations.select_related("person")),
        "proposals": suggesting.participants(postmortem) if may_write else [],
        "missing_sides": suggesting.missing_sides(postmortem),
        "warnings": warnings(postmortem),
        "place_href": web_address(postmortem.meeting_place, longest=500),
        "agenda": agenda_of(postmortem),
        "open_threads": open_threads(postmortem),
        "invite_form": InviteForm(prefix="invite"),
        "meeting_form": MeetingForm.of(postmortem),
        "soak_form": SoakForm.of(postmortem),
        **told.context(request, postmortem),
        **coaching.context(request, postmortem),
        **refused,
    }
    status = status or max((status_of(form) for form in refused.values()), default=200)
    return render(request, "postmortems/facilitation.html", context, status=status)


def warnings(postmortem: Postmortem) -> list[str]:
    """What speaks against the time of the meeting that stands, in the viewer's zone."""
    at = postmortem.meeting_at
    if at is None or at < timezone.now():
        return []
    return meeting.warnings(timezone.localtime(at), postmortem.meeting_minutes, postmortem.due_at)


def _leads(postmortem: Postmortem) -> bool:
    """Whether somebody facilitates who still can."""
    person = postmortem.facilitator
    return person is not None and person.is_active and person.is_responder


def _at(postmortem: Postmortem, anchor: str) -> str:
    return f"{postmortem.get_absolute_url()}facilitation/#{anchor}"


@require_POST
def name_facilitator(request: Request, number: int) -> HttpResponse:
    """One click on somebody who was suggested."""
    postmortem = postmortem_or_404(request, number)
    given = request.POST.get("person", "")
    person = get_object_or_404(Person.objects.active(), pk=number_in(given))
    return press(
        request,
        partial(services.set_facilitator, postmortem=postmortem, person=person, by=request.user),
        done=f"{person} facilitates." if person == request.user else f"{person} facilitates, and is told.",
        to=_at(postmortem, "h-facilitator"),
    )


@require_POST
def invite(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    form = InviteForm(request.POST, prefix="invite")
    if carry_out(form, partial(services.invite, postmortem=postmortem, by=request.user)):
        return redirect(_at(postmortem, "h-participants"))
    return page(request, postmortem, invite_form=form)


@require_POST
def invite_proposed(request: Request, number: int) -> HttpResponse:
    """Everybody who is proposed now, each for their side."""
    postmortem = postmortem_or_404(request, number)

    @transaction.atomic
    def invite_all() -> None:
        for one in suggesting.participants(postmortem):
            services.invite(postmortem=postmortem, person=one.person, side=one.side, by=request.user)

    done = "They are invited; those who are to meet have it in their calendar."
    return press(request, invite_all, done=done, to=_at(postmortem, "h-participants"))


@require_POST
def uninvite(request: Request, number: int, invitation: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(Invitation.objects.select_related("person"), postmortem=postmortem, pk=invitation)
    return press(
        request,
        partial(services.uninvite, invitation=found, by=request.user),
        done=f"{found.person} is invited no more.",
        to=_at(postmortem, "h-participants"),
    )


@require_POST
def soak(request: Request, number: int) -> HttpResponse:
    """Let actions soak until a day, or with `end` agree on them from now on."""
    postmortem = postmortem_or_404(request, number)
    if "end" in request.POST:
        return press(
            request,
            partial(services.set_soak, postmortem=postmortem, until=None, by=request.user),
            done="Actions may be agreed on now.",
            to=f"{postmortem.get_absolute_url()}#s-actions",
        )
    form = SoakForm(request.POST, prefix="soak")
    if carry_out(form, partial(services.set_soak, postmortem=postmortem, by=request.user)):
        return redirect(f"{postmortem.get_absolute_url()}#s-actions")
    return page(request, postmortem, soak_form=form)
