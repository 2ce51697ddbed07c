"""Settings: names of services that nobody knows, and saying with one click which were meant."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from oncall.assigning import assign, guess
from oncall.assigning import unmatched as names_that_wait
from oncall.forms.unmatched import AssignForm
from oncall.models import Service
from oncall.requests import administrators, asker

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@administrators
def unmatched(request: HttpRequest) -> HttpResponse:
    """The names that senders used, each with the likeliest service; POST assigns one of them."""
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        counts = assign(**form.cleaned_data, by=asker(request))
        service = form.cleaned_data["service"]
        messages.success(request, f"{' and '.join(counts) or 'What comes under this name'}: now of {service}.")
        return redirect("oncall:unmatched")
    services = list(Service.objects.visible_to(request.user))
    page = Paginator(names_that_wait(request.user), PER_PAGE).get_page(request.GET.get("page"))
    guess(page.object_list, services)
    context = {"page": page, "form": form, "services": services}
    return render(request, "oncall/unmatched_list.html", context, status=422 if form.errors else 200)
