"""Settings: changes of services that nobody knows, and saying which were meant."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from changes.matching import assign, waiting
from oncall.assigning import AssignForm
from oncall.models import Service
from oncall.requests import administrators, asker


@require_http_methods(["GET", "POST"])
@administrators
def unmatched(request: HttpRequest) -> HttpResponse:
    """The names that senders used, each with a form; POST assigns one of them."""
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = assign(**form.cleaned_data, by=asker(request))
        messages.success(request, f"{count} changes are now of {form.cleaned_data['service']}.")
        return redirect("changes:unmatched")
    context = {"waiting": waiting(request.user), "form": form, "choices": Service.objects.visible_to(request.user)}
    return render(request, "changes/unmatched_list.html", context, status=422 if form.errors else 200)
