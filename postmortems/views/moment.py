"""One moment of a post-mortem's timeline: how it stands there, and adding one that nobody wrote down at the time."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request
from postmortems import services
from postmortems.forms.moments import AddMomentForm, MomentForm, OwnMomentForm
from postmortems.models import CuratedEntry, OwnMoment, Postmortem
from postmortems.views.base import postmortem_or_404
from postmortems.views.timeline import came_from, row

STANDS = ("phase", "key_moment", "how_it_looked")


def picked(request: Request, number: int, entry: int) -> HttpResponse:
    """How one entry stands there: its phase, whether it turned things, how it looked then."""
    postmortem = postmortem_or_404(request, number)
    curated = CuratedEntry.objects.select_related("entry__incident", "entry__actor")
    found = get_object_or_404(curated, postmortem=postmortem, entry=entry)
    initial = {name: getattr(found, name) for name in STANDS}
    apart = f"m{entry}" if request.htmx else None  # several may be open within one form
    form = MomentForm(request.POST if request.method == "POST" else None, initial=initial, prefix=apart)
    do = partial(services.curate, postmortem=postmortem, entry=found.entry, by=request.user)
    if request.method == "POST" and carry_out(form, do):
        if request.htmx:
            return row(request, postmortem, found.entry)
        return redirect(came_from(request, postmortem, f"entry-{entry}"))
    if request.htmx and "cancel" in request.GET:
        return row(request, postmortem, found.entry)
    context = {"postmortem": postmortem, "at": found.entry.at, "text": found.entry.text, "entry": entry, "form": form}
    template = "postmortems/_moment_form.html" if request.htmx else "postmortems/moment_edit.html"
    context["back"] = came_from(request, postmortem, f"entry-{entry}")
    answer = render(request, template, context, status=status_of(form))
    if form.errors:
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#entry-{entry} .pick__text", "innerHTML"
    return answer


def add(request: Request, number: int) -> HttpResponse:
    """Write down what happened then: it becomes an entry of the incident, and is picked."""
    postmortem = postmortem_or_404(request, number)
    data = request.POST if request.method == "POST" else None
    form = AddMomentForm(data, postmortem=postmortem, user=request.user)
    if request.method == "POST":
        made = carry_out(form, partial(services.add_moment, postmortem=postmortem, by=request.user))
        if made:
            anchor = f"own-{made.pk}" if isinstance(made, OwnMoment) else f"entry-{made.entry_id}"
            return redirect(came_from(request, postmortem, anchor))
    return _form(request, postmortem, form, "Add a moment")


def own(request: Request, number: int, pk: int) -> HttpResponse:
    """A moment that the post-mortem itself tells."""
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(OwnMoment, postmortem=postmortem, pk=pk)
    initial = {name: getattr(found, name) for name in ("at", "text", *STANDS)}
    form = OwnMomentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carry_out(form, partial(services.edit_moment, moment=found, by=request.user)):
        return redirect(came_from(request, postmortem, f"own-{pk}"))
    return _form(request, postmortem, form, "A moment", own=pk)


def _form(
    request: Request, postmortem: Postmortem, form: OwnMomentForm, title: str, own: int | None = None
) -> HttpResponse:
    back = came_from(request, postmortem)
    context = {"postmortem": postmortem, "form": form, "title": title, "own": own, "back": back}
    return render(request, "postmortems/moment_edit.html", context, status=status_of(form))


@require_POST
def remove_own(request: Request, number: int, pk: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(OwnMoment, postmortem=postmortem, pk=pk)
    do = partial(services.remove_moment, moment=found, by=request.user)
    return press(request, do, done="The moment is taken back.", to=came_from(request, postmortem))
