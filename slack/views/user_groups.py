"""Settings, Slack: the user groups that follow a rota."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.models import Seat
from oncall.requests import administrators, asker
from slack.models import UserGroup
from slack.services import delete_user_group, save_user_group


class UserGroupForm(forms.Form):
    handle = forms.CharField(max_length=40, help_text="As people mention it: @checkout-oncall. It is made if need be.")
    seats = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, help_text="Whoever has these is in it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = Seat.objects.current().select_related("schedule").order_by("schedule__name", "position")
        field = self.fields["seats"]
        field.choices = [  # type: ignore[attr-defined]
            (f"{seat.schedule.slug}/{seat.name}", f"{seat.schedule}: {seat.name}") for seat in seats
        ]


@administrators
@require_http_methods(["GET", "POST"])
def user_group_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@administrators
@require_http_methods(["GET", "POST"])
def user_group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _group(request, pk))


@administrators
@require_POST
def user_group_delete(request: HttpRequest, pk: int) -> HttpResponse:
    group, settings = _group(request, pk), reverse("slack:settings")
    leave = partial(delete_user_group, user_group=group, by=asker(request))
    return press(request, leave, done=f"{group} follows no rota any more.", to=settings, back=settings)


def _group(request: HttpRequest, pk: int) -> UserGroup:
    groups = UserGroup.objects.visible_to(request.user).prefetch_related("seats__schedule")
    return get_object_or_404(groups, pk=pk)


def _edit(request: HttpRequest, group: UserGroup | None) -> HttpResponse:
    initial = {"handle": str(group), "seats": group.seat_names()} if group else None
    form = UserGroupForm(request.POST or None, initial=initial)
    save = partial(save_user_group, user_group=group, by=asker(request))
    if request.method == "POST" and (kept := carry_out(form, save)):
        messages.success(request, f"{kept} follows who is on call.")
        return redirect("slack:settings")
    return render(request, "slack/user_group_form.html", {"form": form, "group": group}, status=status_of(form))
