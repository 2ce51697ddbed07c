"""One box for everything one may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from notifications.errors import InvalidInput
from oncall.requests import Request
from postmortems.finding.search import SHOWN, Hit
from postmortems.finding.search import search as find
from postmortems.views.base import PAGE_SIZE

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
    """`q`: words, "a phrase", -without, or a number such as #12, PM7, P3, K4, A5. `kind`: all of that kind, by page."""
    q, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    page = max(int(given), 1) if (given := request.GET.get("page", "1")[:4]).isdecimal() else 1
    size = PAGE_SIZE if kind else SHOWN
    refusal, found = "", {}
    try:
        found = find(q, request.user, kind=kind, limit=size + 1, offset=(page - 1) * size if kind else 0)
    except InvalidInput as error:
        refusal = str(error)
    context = {
        "kinds": _sections(found, size),
        "search_query": q,
        "kind": kind if kind in NAMES else "",
        "kind_name": NAMES.get(kind, ""),
        "page": page,
        "refusal": refusal,
    }
    return render(request, "postmortems/search.html", context, status=422 if refusal else 200)


def _sections(found: dict[str, list[Hit]], size: int) -> list[tuple[str, str, list[Hit], bool]]:
    """Kind, its name, what to show of it, and whether there is more."""
    return [(kind, name, found[kind][:size], len(found[kind]) > size) for kind, name in NAMES.items() if kind in found]
