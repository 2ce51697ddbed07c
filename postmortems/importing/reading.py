"""One line of JSON: a write-up, or why it is none."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from notifications.weblinks import web_address
from postmortems.importing import names
from postmortems.importing.course import course
from postmortems.importing.fields import TIMES, Fields, Refused
from postmortems.importing.record import Read, Record, Remark, shown

LONGEST_TITLE = 200
LONGEST_BODY = 200_000
LONGEST_MADE_TITLE = 80
_KINDS = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
_DECORATION = " \t#*_=-`>|~"


def read_line(line: str, number: int, *, now: datetime, strict: bool = False) -> Read:
    """The write-up of a line, or its refusal. Never raises. `strict`: unsound times refuse the line too.

    A time that cannot be used is left out with a remark: the write-up is worth keeping without it.
    """
    fields: Fields | None = None
    try:
        fields = Fields(_object(line), number)
        record = _record(fields, now)
        if strict and (unsound := next((one for one in fields.remarks if one.field in TIMES and one.value), None)):
            raise Refused(unsound.field, unsound.text, unsound.value)
    except Refused as refusal:
        told = Remark(number, refusal.field, str(refusal), shown(refusal.value), refused=True)
        return Read(None, (told,), tuple(fields.unknown) if fields else ())
    return Read(record, tuple(fields.remarks), tuple(fields.unknown))


def _object(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line, strict=False, parse_constant=lambda _: None)
    except RecursionError:
        raise Refused("", "This is nested too deep: write one flat object a line.", line[:200]) from None
    except ValueError as error:
        raise Refused("", f"This is not JSON ({error}): write one object a line.", line[:200]) from None
    if not isinstance(told, dict):
        kind = _KINDS.get(type(told), "a number")
        raise Refused("", f"This is {kind}, not an object: write one {{…}} a line.", line[:200])
    return told


def _record(fields: Fields, now: datetime) -> Record:
    body = _body(fields)
    title = _title(fields, body)
    times = course(fields, now)
    url = _url(fields)
    key = _key(fields, [title, body, url, *(at.isoformat() if at else "" for at in times.values())])
    if len(title) > LONGEST_TITLE:
        fields.remark("title", f"Shortened to {LONGEST_TITLE} characters; the text begins with the whole.", title)
        body = f"{title}\n\n{body}".strip()
    if len(body) > LONGEST_BODY:
        text = f"The text has {len(body)} characters, and {LONGEST_BODY} at most can be kept: shorten or divide it."
        raise Refused("body", text, body[:200])
    return Record(
        line=fields.line,
        key=key,
        title=title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…",
        body=body,
        severity=_severity(fields),
        services=fields.names("services"),
        keywords=fields.names("keywords"),
        source_url=url,
        **times,
    )


def _title(fields: Fields, body: str) -> str:
    """As given, on one line; where none is, the first words of the text."""
    if given := fields.texts("title"):
        return " ".join(given[0].split())
    first = next((words for line in body.splitlines() if (words := line.strip(_DECORATION))), "")
    if not first:
        raise Refused("title", "There is neither a title nor a text: give at least a title.")
    title = " ".join(first.split())
    if len(title) > LONGEST_MADE_TITLE:
        title = f"{title[:LONGEST_MADE_TITLE].rpartition(' ')[0] or title[:LONGEST_MADE_TITLE]}…"
    fields.remark("title", "None is given: it was made of the first words of the text.", title)
    return title


def _body(fields: Fields) -> str:
    """Summary and text, each once: what another of them contains is not repeated."""
    parts: list[str] = []
    for field in ("summary", "body"):
        for value in fields.values(field):
            text = "\n\n".join(fields.texts_in(field, value))
            if not text:
                fields.remark(field, "This is no text, and was left out.", value)
            elif not any(text in part for part in parts):
                parts = [*(part for part in parts if part not in text), text]
    return "\n\n".join(parts)


def _url(fields: Fields) -> str:
    said = fields.texts("source_url")
    for text in said:
        if address := web_address(text, longest=500):
            return address
    if said:
        text = "This is no web address, and was left out: one begins with https:// and has 500 characters at most."
        fields.remark("source_url", text, said[0])
    return ""


def _severity(fields: Fields) -> str:
    said = fields.texts("severity")
    found = next((known for text in said if (known := names.severity(text))), "")
    if said and not found:
        fields.remark("severity", "Not known, so sev3 was taken: write sev1 to sev4.", said[0])
    return found


def _key(fields: Fields, content: list[str]) -> str:
    """What makes it the same write-up: its id where it has one, else all that it says."""
    identity = next(iter(fields.texts("id")), "")
    parts = ["id", identity] if identity else ["content", *content]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
