"""Settings: bringing in write-ups of the past, with what came of each file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from notifications import live
from notifications.refusals import carry_out, status_of
from oncall.requests import administrators, asker
from postmortems.forms.imports import ImportForm
from postmortems.import_report import as_csv, in_words, ordered
from postmortems.models import Import
from postmortems.services.importing import start_import, topic
from postmortems.views.base import page_of

SHOWN = 500
"""So many remarks stand on the page; the spreadsheet has them all."""


@require_http_methods(["GET", "POST"])
@administrators
def imports(request: HttpRequest) -> HttpResponse:
    """The form, and the files that were imported; POST takes one in and leads to its progress."""
    form = ImportForm(request.POST or None, request.FILES or None)

    def start(file: Any, **options: bool) -> Import:
        return start_import(name=file.name, raw=file.read(), by=asker(request), **options)

    if request.method == "POST" and (started := carry_out(form, start)):
        return redirect("postmortems:import", started.pk)
    page = page_of(request, Import.objects.defer("content", "remarks").select_related("by"))  # type: ignore[arg-type]
    return render(request, "postmortems/import_list.html", {"form": form, "page": page}, status=status_of(form))


@require_GET
@administrators
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come, and what was not understood."""
    row = get_object_or_404(Import.objects.defer("content"), pk=pk)
    remarks = ordered(row)
    context = {
        "row": row,
        "outcome": in_words(row),
        "remarks": remarks[:SHOWN],
        "more": max(len(remarks) - SHOWN, 0),
        "finished": row.state == Import.State.FINISHED,
        "live_token": live.token(topic(row)),
    }
    return render(request, "postmortems/import_detail.html", context)


@require_GET
@administrators
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The remarks as a spreadsheet."""
    row = get_object_or_404(Import.objects.defer("content"), pk=pk)
    name = f'attachment; filename="import-{row.pk}.csv"'
    return HttpResponse(as_csv(row), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
