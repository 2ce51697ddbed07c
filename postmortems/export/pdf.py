"""PDF: the document as data, set by one Typst template. No word of a post-mortem ever stands in Typst source."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import unicodedata
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst

from notifications.errors import Conflict
from postmortems.export import nodes
from postmortems.export.document import Document, Part, minute
from postmortems.models import Image

HERE = Path(__file__).parent
PATIENCE = 40
"""Seconds that setting may take; a post-mortem of forty pages takes less than one."""
FORMATS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
"""As Typst calls them."""
MILLIMETRES = 25.4 / 96
TEXT_WIDTH, TEXT_HEIGHT = 166.0, 200.0
"""Millimetres that a picture may take."""


class TooMuch(Conflict):
    """It cannot be set in the time there is."""


def as_pdf(document: Document) -> bytes:
    """A4 pages with bookmarks and tags for screen readers. Raises `TooMuch`."""
    return set_in_type(document, "pdf")


def set_in_type(document: Document, kind: str) -> bytes:
    """The answer of postmortems/export/typesetting.py."""
    files = {"main.typ": (HERE / "postmortem.typ").read_bytes(), "document.json": _json(document)}
    files |= {f"images/{name}": bytes(image.content) for name, image in document.pictures.items()}
    if document.course:
        files["course.svg"] = document.course.encode()
    request = {
        "format": kind,
        "seconds": int(document.made_at.timestamp()),
        "files": {path: base64.b64encode(content).decode() for path, content in files.items()},
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no word of the document among its arguments
            [sys.executable, "-I", str(HERE / "typesetting.py")],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooMuch("Setting this takes too long: take the HTML, and print it to PDF.") from None
    if done.returncode < 0:
        raise TooMuch("Setting this takes too much: take the HTML, and print it to PDF.")
    if done.returncode:
        raise RuntimeError(f"Typst did not set the document: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def _json(document: Document) -> bytes:
    postmortem = document.postmortem
    told = {
        "title": postmortem.title,
        "short-title": shortened(postmortem.title),
        "kind": document.kind,
        "author": str(postmortem.facilitator or document.made_by),
        "origin": document.origin,
        "facts": [list(fact) for fact in document.facts],
        "keywords": list(postmortem.keywords),
        "parts": [_part(part, document.pictures) for part in document.parts],
        "course": bool(document.course),
        "timeline": [
            {
                "at": f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M}",
                "phase": one.phase_name,
                "text": " ".join(one.text.split()),
                "key": one.key_moment,
                "looked": " ".join(one.how_it_looked.split()),
                "late": one.late,
            }
            for one in document.timeline
        ],
        "factors": [[one.factor.name, one.note] for one in document.factors],
        "mitigators": [[one.factor.name, one.note] for one in document.mitigators],
        "actions": [
            [
                one.title,
                one.get_kind_display(),
                " · ".join(str(who) for who in (one.owner, one.team) if who) or "nobody yet",
                f"{one.due_on:%Y-%m-%d}",
                one.get_state_display(),
            ]
            for one in document.actions
        ],
        "made": minute(document.made_at),
    }
    return json.dumps(_settable(told)).encode()


def shortened(title: str) -> str:
    """As the head of a page has room for."""
    return title if len(title) <= 80 else f"{title[:79].rstrip()}…"


def _part(part: Part, pictures: dict[str, Image]) -> dict[str, Any]:
    blocks = [_sized(block, pictures) for block in nodes.blocks(part.html)]
    return {"title": part.title, "rows": part.rows, "blocks": blocks}


def _sized(block: nodes.Block, pictures: dict[str, Image]) -> nodes.Block:
    """Pictures with their width on paper; those that are not there become their description."""
    if block["k"] == "quote":
        return block | {"blocks": [_sized(one, pictures) for one in block["blocks"]]}
    if block["k"] == "list":
        return block | {"items": [[_sized(one, pictures) for one in item] for item in block["items"]]}
    if block["k"] != "image":
        return block
    image = pictures.get(block["name"])
    if image is None:
        return {"k": "p", "runs": [{"s": f"[{block['alt'] or 'picture'}]", "i": True}]}
    width, height = image.width * MILLIMETRES, image.height * MILLIMETRES
    shrunk = min(1.0, TEXT_WIDTH / width, TEXT_HEIGHT / height)
    return block | {"width": round(width * shrunk, 1), "format": FORMATS[image.content_type]}


def _settable(told: Any) -> Any:
    """Every text of it without control characters, and with words for signs that no font here has."""
    if isinstance(told, dict):
        return {key: value if key == "u" else _settable(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_settable(one) for one in told]
    return _worded(nodes.plain(told)) if isinstance(told, str) else told


def _worded(text: str) -> str:
    if text.isascii() or _draws_emoji():
        return text
    return "".join(_word(sign) if ord(sign) >= 0x1F000 else sign for sign in text)


def _word(sign: str) -> str:
    """🔥 as [fire]; a variation or a skin tone alone is nothing."""
    name = unicodedata.name(sign, "")
    return f"[{name.lower()}]" if name and unicodedata.category(sign) == "So" else sign


@cache
def _draws_emoji() -> bool:
    """Whether this machine has a font for them: Typst brings none."""
    return any("emoji" in family.lower() for family in typst.Fonts().families())
