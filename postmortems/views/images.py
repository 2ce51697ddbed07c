"""Pictures: taking what is pasted, dropped or chosen, and showing them to those who may see the post-mortem."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import Conflict, InvalidInput
from notifications.refusals import press
from oncall.requests import Request
from postmortems.models import Image, Postmortem
from postmortems.services import images
from postmortems.text import pictures
from postmortems.views.base import postmortem_or_404

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400, immutable",
}
"""Of a picture: opened by itself it may do nothing, and it is kept by nobody between us and the reader."""


@require_GET
def image(request: Request, name: str) -> HttpResponse:
    found = images.read(name, request.user)
    if found is None:
        raise Http404("There is no such picture.")
    return shown(found)


def shown(found: Image) -> HttpResponse:
    """The picture itself."""
    ending = found.content_type.removeprefix("image/")
    named = {"Content-Disposition": f'inline; filename="{found.name}.{ending}"'}
    return HttpResponse(bytes(found.content), content_type=found.content_type, headers=HEADERS | named)


@require_http_methods(["GET", "POST"])
def of_postmortem(request: Request, number: int) -> HttpResponse:
    """Every picture with the Markdown that shows it. POST adds a `file`, and answers JSON to the editor's script."""
    postmortem = postmortem_or_404(request, number)
    if request.method == "GET":
        return _page(request, postmortem)
    status, told = _added(request, postmortem)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(told, status=status)
    if status == 201:
        messages.success(request, f"The picture is there: put {told['markdown']} where it is to be shown.")
        return redirect("postmortems:images", number)
    return _page(request, postmortem, refused=told["detail"], status=status)


def _added(request: Request, postmortem: Postmortem) -> tuple[int, dict[str, Any]]:
    file, alt = request.FILES.get("file"), request.POST.get("alt", "")
    try:
        if file is None:
            raise pictures.Refused("No file came with it: choose a picture.")
        if (file.size or 0) > pictures.MOST_BYTES:
            raise pictures.TooLarge(pictures.too_many_bytes(file.size or 0))
        added = images.add_image(postmortem=postmortem, content=file.read(), by=request.user)
    except pictures.TooLarge as refusal:
        return 413, {"detail": str(refusal)}
    except (pictures.Refused, InvalidInput) as refusal:
        return 422, {"detail": str(refusal)}
    except Conflict as refusal:
        return 409, {"detail": refusal.detail}
    return 201, {"name": added.name, "markdown": images.markdown(added, alt or "what it shows")}


def _page(request: Request, postmortem: Postmortem, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "postmortem": postmortem,
        "images": postmortem.images.defer("content").select_related("by").order_by("at", "pk"),
        "may_write": request.user.is_responder and postmortem.status != Postmortem.Status.PUBLISHED,
        "refused": refused,
    }
    return render(request, "postmortems/images.html", context, status=status)


@require_POST
def remove(request: Request, number: int, name: str) -> HttpResponse:
    """Take a picture away for good, as one that shows a secret."""
    found = get_object_or_404(Image, postmortem=postmortem_or_404(request, number), name=name)
    return press(
        request,
        lambda: images.remove_image(image=found, by=request.user),
        done="The picture is gone. Where the text shows it, its description stands.",
        to=f"/postmortems/{number}/images/",
    )
