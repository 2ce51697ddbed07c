"""People: who they are, how they are reached, when they are on call."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import Forbidden
from notifications.refusals import carry_out, press, status_of
from oncall import duties, services
from oncall.calendars import person_calendar
from oncall.forms.people import PersonForm, ProfileForm
from oncall.mine import shifts_ahead
from oncall.models import Person
from oncall.requests import administrators, asker
from oncall.views import invitations
from oncall.views.contact import reached
from oncall.views.schedules import MOST_SHIFTS


@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    people = Person.objects.visible_to(request.user).prefetch_related("teams")
    words = request.GET.get("q", "").strip()
    if words:
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    page = Paginator(people.order_by("-is_active", "name", "id"), 100).get_page(request.GET.get("page"))
    return render(request, "oncall/person_list.html", {"page": page, "words": words})


@require_GET
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    own = asker(request) == person
    context = reached(request, person) | {
        "shifts": shifts_ahead(person, most=MOST_SHIFTS),
        "calendar_url": person_calendar(person) if own else "",
    }
    return render(request, "oncall/person_detail.html", context)


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody may change their own name and zone; administrators anything of anybody."""
    person, viewer = _person(request, pk), asker(request)
    if viewer != person and not viewer.is_administrator:
        raise Forbidden("Only they, or an administrator, may.")
    kind = PersonForm if viewer.is_administrator else ProfileForm
    initial = {name: getattr(person, name) for name in kind.base_fields}
    form = kind(request.POST or None, initial=initial)
    if request.method == "POST" and carry_out(form, partial(services.update_person, person=person, by=viewer)):
        messages.success(request, "Saved.")
        return redirect("oncall:person", pk)
    context = {"form": form, "person": person}
    return render(request, "oncall/person_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@administrators
def person_new(request: HttpRequest) -> HttpResponse:
    """Add somebody, and show the link that lets them in."""
    form = PersonForm(request.POST or None, initial={"timezone": asker(request).timezone})
    if request.method == "POST" and (made := carry_out(form, partial(services.create_person, by=asker(request)))):
        return invitations.show(request, made)
    return render(request, "oncall/person_form.html", {"form": form}, status=status_of(form))


@require_POST
@administrators
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands empty then is shown first, and named again when it is done."""
    person = _person(request, pk)
    left = duties.leaving(person)
    if left and request.POST.get("step") != "confirmed":
        return render(request, "oncall/person_deactivate.html", {"person": person, "left": left})
    gaps = f" {len(left.gaps)} of their shifts stand empty now; all who are concerned are told." if left.gaps else ""
    return press(
        request,
        partial(services.deactivate_person, person=person, by=asker(request)),
        done=f"{person} can no longer sign in or be paged.{gaps}",
        to=reverse("oncall:person", args=[pk]),
    )


@require_POST
@administrators
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    return press(
        request,
        partial(services.update_person, person=person, by=asker(request), is_active=True),
        done=f"{person} is back.",
        to=reverse("oncall:person", args=[pk]),
    )


def _person(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user).prefetch_related("teams"), pk=pk)
