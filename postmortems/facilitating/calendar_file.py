"""The meeting as a file to download, for the page and the API."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from postmortems.facilitating import meetings
from postmortems.models import Postmortem


def calendar_file(postmortem: Postmortem) -> HttpResponse:
    """The entry as everybody invited has it; 404 while no meeting stands."""
    if postmortem.meeting_at is None:
        raise Http404("No meeting is set.")
    name = f'attachment; filename="postmortem-{postmortem.number}.ics"'
    return HttpResponse(
        meetings.as_ics(postmortem),
        content_type="text/calendar; charset=utf-8; method=REQUEST",
        headers={"Content-Disposition": name},
    )
