"""Settings, Slack: what is connected, where incidents are announced, user groups, what Slack told us last."""

from __future__ import annotations

import json
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notifications.models import InboundMessage
from notifications.refusals import carry_out, status_of
from oncall.requests import administrators, asker
from slack.manifest import SCOPES, manifest
from slack.models import UserGroup
from slack.services import save_workspace, workspace

SHOWN = 20
SECRETS = {"SLACK_BOT_TOKEN": "Bot token", "SLACK_SIGNING_SECRET": "Signing secret"}


class WorkspaceForm(forms.Form):
    announce_channel = forms.CharField(
        label="Announce incidents in", max_length=80, help_text="Such as #incidents; private ones are never announced."
    )


@administrators
@require_http_methods(["GET", "POST"])
def slack_settings(request: HttpRequest) -> HttpResponse:
    """The page, and its form."""
    kept = workspace()
    form = WorkspaceForm(request.POST or None, initial={"announce_channel": kept.announce_channel})
    if request.method == "POST" and carry_out(form, partial(save_workspace, by=asker(request))):
        messages.success(request, "Incidents are announced there from now on.")
        return redirect("slack:settings")
    context = {
        "form": form,
        "connected": [(name, label, bool(getattr(settings, name))) for name, label in SECRETS.items()],
        "practice_url": settings.SLACK_PRACTICE_URL,
        "groups": UserGroup.objects.prefetch_related("seats__schedule"),
        "inbound": InboundMessage.objects.filter(source="slack").order_by("-pk").defer("body")[:SHOWN],
        "scopes": SCOPES,
        "manifest": json.dumps(manifest(settings.ANDON_BASE_URL), indent=2),
    }
    return render(request, "slack/workspace_settings.html", context, status=status_of(form))
