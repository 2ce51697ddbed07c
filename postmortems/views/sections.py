"""Writing a section: read, edit, save, and the coach beside it. What saves by itself while one types is `autosave`.

A section is always shown by `_section.html`; under htmx the section alone is answered, without it the whole page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from notifications.errors import Conflict, InvalidInput
from notifications.refusals import carry_out
from oncall.requests import Request
from postmortems import services
from postmortems.forms.postmortems import DismissForm, SectionForm
from postmortems.models import Postmortem, Section
from postmortems.services.common import LONGEST
from postmortems.text import differences, margin, rendering
from postmortems.views.base import postmortem_or_404

WITH_ROWS = ("timeline", "factors", "mitigators", "actions")
"""Sections that hold rows beside their text."""


@dataclass
class Clash:
    """Two texts of one section, and the words of both: `theirs` is saved, `mine` is not."""

    version: int
    theirs: str
    mine: str
    together: str

    @classmethod
    def of(cls, stale: services.StaleVersion) -> Clash:
        current = stale.extra["current"]
        return cls(current["version"], current["body"], stale.extra["yours"], stale.extra["merged"])

    @property
    def differences(self) -> list[differences.Piece]:
        return differences.differences(self.theirs, self.mine)


@dataclass
class Writing:
    """A section in the making: what stands in the field, and what is to be said about it."""

    section: Section
    editing: bool = False
    body: str | None = None
    clash: Clash | None = None
    errors: list[str] = field(default_factory=list)
    saved: bool = False
    withdrawn: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        return self.section.body if self.body is None else self.body

    @property
    def has_rows(self) -> bool:
        return self.section.key in WITH_ROWS

    @cached_property
    def notes(self) -> list[margin.Note]:
        readable = self.text.strip() and len(self.text) <= LONGEST
        found = services.coach(self.section, self.text) if readable else []
        return margin.notes(self.text, found, name=self.section.key)

    @property
    def html(self) -> SafeString:
        marked = margin.planted(self.text, [note.finding for note in self.notes])
        return margin.underlined(rendering.to_html(marked), [note.id for note in self.notes])


def section_or_404(postmortem: Postmortem, key: str) -> Section:
    found = Section.objects.filter(postmortem=postmortem, key=key).first()
    if found is None:
        raise Http404(f"This post-mortem has no section {key!r}.")
    return found


def section(request: Request, number: int, key: str) -> HttpResponse:
    """GET shows it, with `?edit` its field. POST saves; what somebody else saved meanwhile is put together with it.

    `merged` names the version of the other text, for those who have put both together themselves.
    """
    postmortem = postmortem_or_404(request, number)
    found = section_or_404(postmortem, key)
    if request.method == "POST":
        return _save(request, postmortem, found)
    editing = "edit" in request.GET and request.user.is_responder and postmortem.status != Postmortem.Status.PUBLISHED
    return _answer(request, postmortem, Writing(found, editing=editing))


def _save(request: Request, postmortem: Postmortem, found: Section) -> HttpResponse:
    form = SectionForm(request.POST)
    if not form.is_valid():
        writing = Writing(found, editing=True, body=request.POST.get("body", ""), errors=complaints(form))
        return _answer(request, postmortem, writing, status=422)
    body, version = form.cleaned_data["body"], form.cleaned_data["version"]
    try:
        saved = services.save_section(
            postmortem=postmortem,
            key=found.key,
            body=body,
            version=_merged(request, version),
            by=request.user,
            merge=True,
        )
    except services.StaleVersion as stale:
        clash = Clash.of(stale)
        found.version = version  # until they say that they have seen the other text
        return _answer(request, postmortem, Writing(found, editing=True, body=clash.together, clash=clash), status=409)
    except (InvalidInput, Conflict) as refusal:
        writing = Writing(found, editing=True, body=body, errors=list(sentences(refusal)))
        return _answer(request, postmortem, writing, status=422)
    return _answer(request, postmortem, Writing(saved.section, saved=True, withdrawn=saved.withdrawn))


def _merged(request: Request, version: int) -> int:
    """Who has seen the other text says so by its version; then both are in the field."""
    merged = request.POST.get("merged", "")
    return int(merged) if merged.isdecimal() and len(merged) < 10 else version


def complaints(form: Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def sentences(refusal: InvalidInput | Conflict) -> Iterator[str]:
    if isinstance(refusal, Conflict):
        yield refusal.detail
    else:
        for said in refusal.errors.values():
            yield from said


def _answer(request: Request, postmortem: Postmortem, writing: Writing, status: int = 200) -> HttpResponse:
    """The section; without htmx the page."""
    from postmortems.views.postmortem import page

    anchor = f"{postmortem.get_absolute_url()}#s-{writing.section.key}"
    if not request.htmx:
        saved = writing.saved and status == 200
        return redirect(anchor) if saved else page(request, postmortem, writing=writing, status=status)
    context = {"postmortem": postmortem, "writing": writing, "may_write": request.user.is_responder}
    return render(request, "postmortems/_section.html", context, status=status)


@require_POST
def section_notes(request: Request, number: int, key: str) -> HttpResponse:
    """The coach's notes on a text that is being typed; nothing is kept."""
    postmortem = postmortem_or_404(request, number)
    writing = Writing(section_or_404(postmortem, key), editing=True, body=_typed(request))
    context = {"postmortem": postmortem, "writing": writing, "may_write": request.user.is_responder}
    return render(request, "postmortems/_notes.html", context)


@require_POST
def dismiss(request: Request, number: int, key: str) -> HttpResponse:
    """Set a note aside, with a reason. With htmx the notes are answered anew, for the text that was in the field."""
    postmortem = postmortem_or_404(request, number)
    found = section_or_404(postmortem, key)
    form = DismissForm(request.POST)
    carry_out(form, partial(services.dismiss, section=found, by=request.user))
    if not request.htmx:
        return redirect(f"{postmortem.get_absolute_url()}#s-{key}")
    body = _typed(request) if "body" in request.POST else None
    writing = Writing(found, editing=body is not None, body=body)
    context = {"postmortem": postmortem, "writing": writing, "may_write": True, "dismiss_form": form}
    return render(request, "postmortems/_notes.html", context, status=422 if form.errors else 200)


def _typed(request: Request) -> str:
    return request.POST.get("body", "").replace("\r\n", "\n")
