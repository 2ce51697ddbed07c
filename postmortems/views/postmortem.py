"""The page of one post-mortem: a text to read and write, with its evidence and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from incidents.models import Incident, Participant
from notifications.refusals import carry_out, press
from oncall.models import Person
from oncall.requests import Request
from postmortems import lifecycle, services
from postmortems.forms.actions import ActionForm
from postmortems.forms.facilitation import SoakForm
from postmortems.forms.postmortems import FactorForm, FactsForm, ReasonForm, ReviewerForm, SignOffForm
from postmortems.models import Action, FactorFinding, Postmortem, Review, Section
from postmortems.views import coaching, comments, course, follow, learning, presence, review
from postmortems.views.base import postmortem_or_404
from postmortems.views.sections import Writing
from postmortems.views.steps import step_of
from postmortems.views.tabs import tabs

STRUCTURES = {
    "timeline": "Timeline",
    "factors": "Contributing factors",
    "mitigators": "What limited the harm",
    "actions": "Actions",
}
"""How sections that hold rows are called where the template has no such section."""

PARTS: tuple[Callable[[Request, Postmortem], dict[str, Any]], ...] = (
    course.context,
    comments.context,
    presence.context,
    review.context,
    follow.context,
    coaching.context,
    learning.context,
)
"""What other modules add to the page: each a context of its own, for a fragment of its own."""

REASONED = {"reopened": "reopen", "nobody_left": "publish"}
"""Moves that take a reason, with the prefix of its form; `nobody_left`: publishing without a side (`why`)."""

MOVES = {"in_review": "Submit for review", "published": "Publish", "draft": "Back to draft"}


@dataclass
class Part:
    """One section of the page; `writing` is None where the template has no text for these rows."""

    key: str
    title: str
    writing: Writing | None = None

    @property
    def rows(self) -> str:
        return self.key if self.key in STRUCTURES else ""


@dataclass(frozen=True)
class Course:
    """One incident, how long it went unnoticed, and how long it lasted (None while it goes on)."""

    incident: Incident

    @property
    def unnoticed(self) -> timedelta:
        return self.incident.detected_at - self.incident.started_at

    @property
    def lasted(self) -> timedelta | None:
        end = self.incident.resolved_at
        return end - self.incident.started_at if end else None


@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    key = request.GET.get("edit")
    section = Section.objects.filter(postmortem=postmortem, key=key).first() if key else None
    editable = section and request.user.is_responder and not is_published(postmortem)
    return page(request, postmortem, writing=Writing(section, editing=True) if section and editable else None)


def page(
    request: Request, postmortem: Postmortem, *, writing: Writing | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    """The whole page. `writing`: the section that is being written; `forms`: those that were refused, by name."""
    _read(postmortem)
    incidents = list(postmortem.incidents.all())
    context = {
        "postmortem": postmortem,
        "courses": [Course(incident) for incident in incidents],
        "affected": sorted(
            {*postmortem.services.all(), *(s for one in incidents for s in one.services.all())}, key=lambda s: s.name
        ),
        "sides": sides(incidents),
        "parts": parts(postmortem, writing),
        "findings": list(postmortem.findings.all()),
        "actions": list(postmortem.actions.all()),
        "moves": [(to, MOVES[to]) for to in lifecycle.allowed(postmortem.status) if to in MOVES],
        "published": is_published(postmortem),
        "may_write": request.user.is_responder,
        "today": timezone.localdate(),
        "tabs": tabs(postmortem, "Text"),
        **_forms(postmortem),
        **{name: value for part in PARTS for name, value in part(request, postmortem).items()},
        **forms,
    }
    context["step"] = step_of(request, postmortem, context)
    return render(request, "postmortems/postmortem_detail.html", context, status=status)


def _read(postmortem: Postmortem) -> None:
    """All that several parts of the page show of it, read once, so that a part asks the post-mortem and nobody else."""
    people: Prefetch[Any] = Prefetch("participant_set", Participant.objects.select_related("person"))
    incidents = Incident.objects.order_by("started_at").prefetch_related("services", people)
    prefetch_related_objects(
        [postmortem],
        Prefetch("incidents", incidents),
        Prefetch("findings", FactorFinding.objects.select_related("factor")),
        Prefetch("actions", Action.objects.select_related("owner", "team")),
        Prefetch("reviews", Review.objects.select_related("person")),
        "sections__dismissals",
        "services",
    )


def _forms(postmortem: Postmortem) -> dict[str, Any]:
    facts = {"title": postmortem.title, "facilitator": postmortem.facilitator_id}
    return {
        "facts_form": FactsForm(initial=facts, prefix="facts"),
        "contributing_form": FactorForm(initial={"kind": "contributing"}, prefix="contributing"),
        "mitigating_form": FactorForm(initial={"kind": "mitigating"}, prefix="mitigating"),
        "action_form": ActionForm(prefix="action"),
        "reviewer_form": ReviewerForm(prefix="reviewer"),
        "soak_form": SoakForm.of(postmortem),
        "publish_form": ReasonForm(prefix="publish"),
        "sign_off_form": SignOffForm(prefix="sign"),
        "reopen_form": ReasonForm(prefix="reopen"),
    }


def is_published(postmortem: Postmortem) -> bool:
    return postmortem.status == Postmortem.Status.PUBLISHED


def parts(postmortem: Postmortem, writing: Writing | None) -> list[Part]:
    """The template's sections in their order, then the rows that it has no section for."""
    shown = [
        Part(s.key, s.title, writing if writing and writing.section.pk == s.pk else Writing(s))
        for s in postmortem.sections.all()
    ]
    present = {part.key for part in shown}
    return shown + [Part(key, title) for key, title in STRUCTURES.items() if key not in present]


def sides(incidents: Iterable[Incident]) -> list[tuple[str, list[Person]]]:
    """Who took part, Dev and Ops first; somebody in several incidents stands once."""
    found: dict[str, dict[int, Person]] = {"dev": {}, "ops": {}, "": {}}
    for incident in incidents:
        for participant in incident.participant_set.all():
            side = participant.side if participant.side in ("dev", "ops") else ""
            found[side][participant.person_id] = participant.person
    sided = set(found["dev"]) | set(found["ops"])
    found[""] = {pk: person for pk, person in found[""].items() if pk not in sided}
    return [(side, list(people.values())) for side, people in found.items() if people]


@require_POST
def edit_facts(request: Request, number: int) -> HttpResponse:
    """Title and facilitator."""
    postmortem = postmortem_or_404(request, number)
    form = FactsForm(request.POST, prefix="facts")

    @transaction.atomic
    def edit(title: str, facilitator: Person | None) -> Postmortem:
        services.rename(postmortem=postmortem, title=title, by=request.user)
        return services.set_facilitator(postmortem=postmortem, person=facilitator, by=request.user)

    if carry_out(form, edit):
        return redirect(postmortem)
    return page(request, postmortem, facts_form=form, status=422)


@require_POST
def transition(request: Request, number: int) -> HttpResponse:
    """The next step of its life; `reopened` takes a reason, and so does publishing without a side."""
    postmortem = postmortem_or_404(request, number)
    to = request.POST.get("to", "")
    move = partial(services.transition, postmortem=postmortem, to=to, by=request.user)
    if prefix := REASONED.get(request.POST.get("why", to)):
        form = ReasonForm(request.POST, prefix=prefix)
        if carry_out(form, move):
            return redirect(postmortem)
        refused: dict[str, Any] = {f"{prefix}_form": form}
        return page(request, postmortem, status=422, **refused)
    said = {"in_review": "The reviewers are asked.", "published": "Published.", "draft": "Back in draft."}
    if to != "published":
        return press(request, move, done=said.get(to, "Done."), to=postmortem.get_absolute_url())
    remain = len(services.not_removed(postmortem, request.user))
    asked = f" {remain} contributing factor{'s are' if remain > 1 else ' is'} not removed yet: open or link a problem."
    return press(
        request,
        move,
        done=f"Published.{asked if remain else ''}",
        to=f"{postmortem.get_absolute_url()}{'#s-follow' if remain else ''}",
        back=f"{postmortem.get_absolute_url()}#s-review",
    )
