"""How somebody is reached: their contact methods with codes and tests, rules for each urgency, quiet hours.

`reached()` is what the fragments `oncall/_contact.html` and `oncall/_rules.html` show, on whatever page they stand.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import InvalidInput
from notifications.models import ContactMethod, Delivery
from notifications.refusals import carry_out, press, status_of
from oncall.checks.contact_check import contact_check
from oncall.forms.contact import (
    CodeForm,
    ContactMethodForm,
    MethodChangeForm,
    QuietHoursForm,
    changed_lines,
    posted_lines,
    rules_of,
    standing_lines,
)
from oncall.models import Person
from oncall.models.reaching import Urgency
from oncall.permissions import require_self_or_administrator
from oncall.requests import Request, asker
from oncall.services import contact

WATCHED = timedelta(minutes=1)  # how long a page asks by itself what came of a message


def reached(request: HttpRequest, person: Person) -> dict[str, Any]:
    """How this person is reached, as far as the asker may know: kinds for everybody, the rest for them alone."""
    viewer = asker(request)
    own = viewer == person
    known: dict[str, Any] = {"person": person, "methods": person.contact_methods.all(), "own": own}
    if not own and not viewer.is_administrator:
        return known | {"may_change": False}
    rules = list(person.contact_rules.select_related("method"))
    by_urgency = [(urgency, [rule for rule in rules if rule.urgency == urgency]) for urgency in Urgency.values]
    return known | {"may_change": True, "rules": by_urgency, "concerns": contact_check(person)}


@require_http_methods(["GET", "POST"])
def method_new(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = ContactMethodForm(request.POST or None)
    add = partial(contact.add_contact_method, person=person, by=asker(request))
    if request.method == "POST" and (method := carry_out(form, add)):
        messages.success(request, "Added." if method.verified_at else "Added. A code is on its way there.")
        return redirect("oncall:method", pk, method.pk)
    return render(request, "oncall/method_form.html", {"form": form, "person": person}, status=status_of(form))


@require_GET
def method_detail(request: Request, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    if request.htmx:
        return render(request, "oncall/_outcome.html", _outcome(found))
    return _show(request, found, CodeForm())


@require_http_methods(["GET", "POST"])
def method_edit(request: HttpRequest, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    form = MethodChangeForm(request.POST or None, initial={"label": found.label, "address": found.known_as})
    change = partial(contact.change_contact_method, method=found, by=asker(request))
    if request.method == "POST" and (changed := carry_out(form, change)):
        messages.success(request, "Saved." if changed.verified_at else "Saved. A code is on its way there.")
        return redirect("oncall:method", pk, method)
    context = {"form": form, "person": found.person, "method": found}
    return render(request, "oncall/method_form.html", context, status=status_of(form))


@require_POST
def method_verify(request: HttpRequest, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    form = CodeForm(request.POST)
    if carry_out(form, partial(contact.verify_contact_method, method=found, by=asker(request))):
        messages.success(request, "Verified. It is used from now on.")
        return redirect("oncall:method", pk, method)
    return _show(request, found, form)


@require_POST
def method_code(request: HttpRequest, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    send = partial(contact.send_code, method=found, by=asker(request))
    return press(request, send, done="A new code is on its way.", to=_here(found))


@require_POST
def method_test(request: HttpRequest, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    send = partial(contact.send_test, method=found, by=asker(request))
    return press(request, send, done="A test is on its way.", to=_here(found))


@require_POST
def method_first(request: HttpRequest, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    move = partial(contact.move_contact_method, method=found, position=0, by=asker(request))
    return press(request, move, done="It is tried first now.", to=reverse("oncall:person", args=[pk]))


@require_POST
def method_remove(request: HttpRequest, pk: int, method: int) -> HttpResponse:
    found = _method(request, pk, method)
    remove = partial(contact.remove_contact_method, method=found, by=asker(request))
    return press(request, remove, done="Removed.", to=reverse("oncall:person", args=[pk]), back=_here(found))


@require_http_methods(["GET", "POST"])
def rules_edit(request: HttpRequest, pk: int, urgency: str) -> HttpResponse:
    """The lines of one urgency. Buttons add and remove lines without saving, with JavaScript or without."""
    person = _person(request, pk)
    if urgency not in Urgency.values:
        raise Http404("There is no such urgency")
    context: dict[str, Any] = {"person": person, "urgency": urgency}
    if request.method == "GET":
        return render(request, "oncall/rules_form.html", context | {"lines": standing_lines(person, urgency)})
    if act := request.POST.get("act", ""):
        return render(request, "oncall/rules_form.html", context | {"lines": changed_lines(person, request.POST, act)})
    lines = posted_lines(person, request.POST)
    complaints = _save_rules(person, urgency, lines, asker(request)) if lines.is_valid() else []
    if complaints or not lines.is_valid():
        context |= {"lines": lines, "complaints": complaints}
        return render(request, "oncall/rules_form.html", context, status=422)
    messages.success(request, "Saved.")
    return redirect("oncall:person", pk)


@require_http_methods(["GET", "POST"])
def quiet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = QuietHoursForm(request.POST or None, initial={"start": person.quiet_from, "end": person.quiet_to})
    change = partial(contact.set_quiet_hours, person=person, by=asker(request))
    if request.method == "POST" and carry_out(form, change):
        messages.success(request, "Saved.")
        return redirect("oncall:person", pk)
    return render(request, "oncall/quiet_form.html", {"form": form, "person": person}, status=status_of(form))


def _person(request: HttpRequest, pk: int) -> Person:
    """Somebody whose contact methods the asker may change; raises Forbidden."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    require_self_or_administrator(person, asker(request))
    return person


def _method(request: HttpRequest, pk: int, method: int) -> ContactMethod:
    person = _person(request, pk)
    return get_object_or_404(ContactMethod.objects.select_related("person"), pk=method, person=person)


def _save_rules(person: Person, urgency: str, lines: Any, by: Person) -> list[str]:
    """What the service says against them; nothing where they are saved."""
    try:
        contact.save_contact_rules(person=person, urgency=urgency, rules=rules_of(lines), by=by)
    except InvalidInput as refusal:
        return [sentence for sentences in refusal.errors.values() for sentence in sentences]
    return []


def _here(method: ContactMethod) -> str:
    return reverse("oncall:method", args=[method.person_id, method.pk])


def _show(request: HttpRequest, method: ContactMethod, form: CodeForm) -> HttpResponse:
    others = method.person.contact_methods.exclude(pk=method.pk)
    context = {
        "person": method.person,
        "form": form,
        "own": asker(request) == method.person,
        "first": not others.filter(Q(position__lt=method.position)).exists(),
        "alone": not others.exists(),
    }
    return render(request, "oncall/method_detail.html", context | _outcome(method), status=status_of(form))


def _outcome(method: ContactMethod) -> dict[str, Any]:
    """What came of the last code or test; `watched`: it may still change, so the page asks again."""
    about = f"contact:{method.person_id}"
    latest = Delivery.objects.filter(about=about, method=method).order_by("-pk").first()
    waits = latest is not None and latest.state == Delivery.State.WAITING
    watched = waits and latest is not None and timezone.now() < latest.created_at + WATCHED
    return {"method": method, "latest": latest, "watched": watched}
