"""One box for everything one may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from notifications.errors import InvalidInput
from oncall.requests import Request
from postmortems.search import search as find

NAMES = {
    "incidents": "Incidents",
    "postmortems": "Post-mortems",
    "problems": "Problems",
    "articles": "Knowledge",
    "actions": "Actions",
    "services": "Services",
    "changes": "Changes",
}


@require_GET
def search(request: Request) -> HttpResponse:
    """`q`: words, "a phrase", -without, or a number such as #12, PM7, P3, K4, A5."""
    q = request.GET.get("q", "")
    refusal, found = "", {}
    try:
        found = find(q, request.user)
    except InvalidInput as error:
        refusal = str(error)
    kinds = [(name, found[kind]) for kind, name in NAMES.items() if kind in found]
    context = {"kinds": kinds, "search_query": q, "refusal": refusal}
    return render(request, "postmortems/search.html", context, status=422 if refusal else 200)
