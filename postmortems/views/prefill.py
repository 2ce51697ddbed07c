"""What a new problem may take over from an incident, a post-mortem, or a factor that recurs."""

from __future__ import annotations

from typing import Any

from incidents.models import Incident
from oncall.requests import Request
from postmortems.models import Factor, Postmortem
from postmortems.problems.suggestions import suggestions
from postmortems.views.base import postmortem_or_404


def prefilled(request: Request) -> dict[str, Any]:
    """Fields of the form, as far as `?incident=`, `?postmortem=`, `?factor=` and `?service=` can fill them."""
    factor = Factor.objects.filter(key=request.GET.get("factor", "")).first()
    found = _from(request, factor)
    return found | {"category": factor.pk} if factor else found


def _from(request: Request, factor: Factor | None) -> dict[str, Any]:
    if request.GET.get("postmortem", "").isdecimal():
        return _from_postmortem(postmortem_or_404(request, int(request.GET["postmortem"][:9])), factor)
    if factor and request.GET.get("service"):
        return _from_suggestion(request, factor)
    found = Incident.objects.visible_to(request.user).filter(number=_number(request.GET.get("incident"))).first()
    if found is None:
        return {}
    affected = [service.pk for service in found.services.all()]
    return {
        "title": found.title,
        "symptoms": found.title,
        "statement": found.summary,
        "incidents": [found.pk],
        "services": affected,
    }


def _from_suggestion(request: Request, factor: Factor) -> dict[str, Any]:
    """What recurs, with all the incidents and post-mortems that say so."""
    for one in suggestions(request.user, factor=factor.key, service=request.GET["service"]):
        return {
            "title": one.title,
            "symptoms": "\n".join(dict.fromkeys(incident.title for incident in one.incidents)),
            "services": [one.service.pk],
            "incidents": [incident.pk for incident in one.incidents],
            "postmortems": [postmortem.pk for postmortem in one.postmortems],
        }
    return {}


def _from_postmortem(postmortem: Postmortem, factor: Factor | None) -> dict[str, Any]:
    body = {section.key: section.body for section in postmortem.sections.all()}
    incidents = list(postmortem.incidents.prefetch_related("services"))
    notes = postmortem.findings.filter(factor=factor).exclude(note="").values_list("note", flat=True) if factor else []
    affected = {service.pk for incident in incidents for service in incident.services.all()}
    return {
        "title": f"{factor.name}: {postmortem.title}"[:200] if factor else postmortem.title,
        "symptoms": "\n".join(dict.fromkeys(incident.title for incident in incidents)),
        "statement": next(
            (body[key] for key in ("trigger", "summary", "overview", "what_happened") if body.get(key)), ""
        ),
        "cause_notes": "\n".join(notes) or body.get("factors", ""),
        "workaround": next((body[key] for key in ("resolution", "recovery") if body.get(key)), ""),
        "incidents": [incident.pk for incident in incidents],
        "services": sorted(affected | {service.pk for service in postmortem.services.all()}),
        "postmortems": [postmortem.pk],
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
