"""What saves by itself while somebody types: static/js/writing/ asks, and is answered in JSON.

The answer says what to do to the text that was sent (`edits`: [start, end, text] in UTF-16 units) so that it becomes
the text that is stored now, with what others wrote meanwhile. A text that is stored already changes nothing: so the
same call also takes in what others wrote, and can be repeated when its answer was lost.
"""

from __future__ import annotations

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from notifications.errors import Conflict, InvalidInput
from oncall.requests import Request
from postmortems import services
from postmortems.forms.postmortems import SectionForm
from postmortems.models import Postmortem, Section
from postmortems.text.differences import edits
from postmortems.views.base import postmortem_or_404
from postmortems.views.sections import Clash, Writing, complaints, section_or_404, sentences


@require_POST
def autosave(request: Request, number: int, key: str) -> JsonResponse:
    """200 with `version`, `edits`, `said`; 409 where somebody has to look, with both texts; 422 with `errors`."""
    postmortem = postmortem_or_404(request, number)
    section = section_or_404(postmortem, key)
    form = SectionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": complaints(form)}, status=422)
    body, version = form.cleaned_data["body"], form.cleaned_data["version"]
    try:
        saved = services.save_section(
            postmortem=postmortem, key=key, body=body, version=version, by=request.user, merge=True
        )
    except services.StaleVersion as stale:
        return _both(postmortem, section, Clash.of(stale))
    except (InvalidInput, Conflict) as refusal:
        return JsonResponse({"errors": list(sentences(refusal))}, status=422)
    return JsonResponse(
        {"version": saved.section.version, "edits": edits(body, saved.section.body), "said": _said(saved)}
    )


def _both(postmortem: Postmortem, section: Section, clash: Clash) -> JsonResponse:
    """Both texts side by side, and what makes of the one that was sent either theirs or both together."""
    context = {"postmortem": postmortem, "writing": Writing(section, clash=clash), "typing": True}
    answer = {
        "version": clash.version,
        "html": render_to_string("postmortems/_section_clash.html", context),
        "together": edits(clash.mine, clash.together),
        "theirs": edits(clash.mine, clash.theirs),
    }
    return JsonResponse(answer, status=409)


def _said(saved: services.Saved) -> str:
    section = saved.section
    said = f"Saved as version {section.version} at {timezone.localtime(section.updated_at):%H:%M:%S}."
    if saved.withdrawn:
        said += f" The text changed, so the sign-offs are asked for again: {', '.join(map(str, saved.withdrawn))}."
    return said
