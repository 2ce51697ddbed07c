"""Teams."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.people import TeamForm
from oncall.models import Service, Team
from oncall.requests import administrators, asker
from oncall.shifts import on_call


@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    teams = Team.objects.visible_to(request.user).select_related("lead").annotate(size=Count("members"))
    return render(request, "oncall/team_list.html", {"teams": teams})


@require_GET
def team_detail(request: HttpRequest, slug: str) -> HttpResponse:
    team = _team(request, slug)
    served = list(Service.objects.visible_to(request.user).of_team(slug))
    now = on_call(served)
    context = {
        "team": team,
        "members": team.members.all(),
        "rows": [{"service": service, "seats": now[service.pk].items()} for service in served],
    }
    return render(request, "oncall/team_detail.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def team_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@administrators
def team_edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(request, _team(request, slug))


@require_POST
@administrators
def team_delete(request: HttpRequest, slug: str) -> HttpResponse:
    team = _team(request, slug)
    return press(
        request,
        partial(services.delete_team, team=team, by=asker(request)),
        done=f"{team} is deleted.",
        to=reverse("oncall:teams"),
        back=reverse("oncall:team", args=[slug]),
    )


def _team(request: HttpRequest, slug: str) -> Team:
    return get_object_or_404(Team.objects.visible_to(request.user).select_related("lead"), slug=slug)


def _edit(request: HttpRequest, team: Team | None) -> HttpResponse:
    form = TeamForm(request.POST or None, initial=TeamForm.initial_of(team) if team else None)

    def save(**_: Any) -> Team:
        return services.save_team(**form.given(), team=team, by=asker(request))

    if request.method == "POST" and (saved := carry_out(form, save)):
        messages.success(request, f"{saved} is saved.")
        return redirect("oncall:team", saved.slug)
    return render(request, "oncall/team_form.html", {"form": form, "team": team}, status=status_of(form))
