"""The formats a post-mortem is exported in, as files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from notifications.errors import InvalidInput
from oncall.models import Person
from postmortems.export.data import as_data
from postmortems.export.document import document
from postmortems.export.markdown import as_markdown
from postmortems.export.pdf import as_pdf
from postmortems.export.web import as_html
from postmortems.models import Postmortem

FORMATS = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}


@dataclass(frozen=True)
class Exported:
    """A file to download."""

    name: str
    content_type: str
    content: bytes

    def response(self) -> HttpResponse:
        named = content_disposition_header(as_attachment=True, filename=self.name) or "attachment"
        headers = {"Content-Disposition": named, "X-Content-Type-Options": "nosniff"}
        return HttpResponse(self.content, content_type=self.content_type, headers=headers)


def exported(postmortem: Postmortem, user: Person | Any, wanted: str) -> Exported:
    """As far as `user` may see it. Raises InvalidInput naming the formats there are, and `pdf.TooMuch`."""
    if wanted not in FORMATS:
        raise InvalidInput(format=f"{wanted[:40]!r} is no format we export: choose one of {', '.join(FORMATS)}.")
    name = f"post-mortem-{postmortem.number}-{slugify(postmortem.title)[:60]}".rstrip("-")
    return Exported(f"{name}.{wanted}", FORMATS[wanted], _content(postmortem, user, wanted))


def _content(postmortem: Postmortem, user: Person | Any, wanted: str) -> bytes:
    if wanted == "md":
        return as_markdown(postmortem, user).encode()
    made = document(postmortem, user)
    if wanted == "pdf":
        return as_pdf(made)
    if wanted == "html":
        return as_html(made).encode()
    return json.dumps(as_data(made, user), cls=DjangoJSONEncoder, ensure_ascii=False).encode()
