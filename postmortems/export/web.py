"""One HTML file that opens from disk: its pictures and styles in it, no script, nothing to fetch."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from postmortems.export.document import Document
from postmortems.models import Image

CSS = Path(__file__).with_name("paper.css")
_PICTURE = re.compile(r'<img\b[^>]*\bsrc="/images/([A-Za-z0-9_-]{6,24})"[^>]*>')
_SOURCE = re.compile(r'src="/images/[A-Za-z0-9_-]{6,24}"')
_ALT = re.compile(r'\balt="([^"]*)"')


def as_html(document: Document) -> str:
    """The document as a page of its own, made for printing too."""
    context = {
        "document": document,
        "parts": [replace(part, html=_carried(part.html, document.pictures)) for part in document.parts],
        "timeline": [{"moment": one, "at": f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M}"} for one in document.timeline],
        "course": _data("image/svg+xml", document.course.encode()) if document.course else "",
        "css": mark_safe(CSS.read_text()),  # noqa: S308 - our own file
    }
    return render_to_string("postmortems/export.html", context)


def _carried(html: str, pictures: dict[str, Image]) -> str:
    """Clean HTML with our pictures in it, or their descriptions; wide tables scroll by themselves."""

    def shown(tag: re.Match[str]) -> str:
        image = pictures.get(tag[1])
        if image is None:
            alt = _ALT.search(tag[0])
            return f"<em>[{alt[1] if alt and alt[1] else 'picture'}]</em>"
        return _SOURCE.sub(f'src="{_data(image.content_type, bytes(image.content))}"', tag[0])

    wide = html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return mark_safe(_PICTURE.sub(shown, wide))  # noqa: S308 - rendering has cleaned it, and Base64 adds nothing to it


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
