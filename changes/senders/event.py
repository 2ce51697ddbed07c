"""The generic sender: a JSON object, a form, or one line of plain text, such as

    curl -d 'deployed 4f2a1c' "$ANDON/e/<token>"

An object says what it is in `type` or `kind` and may carry any of `FIELDS`; others are ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import get_args
from urllib.parse import parse_qsl, unquote_plus

from changes.events import AlertReport, ChangeEvent, ChangeKind, ChangeState, Note
from changes.senders.lines import parse_line
from notifications.payloads import Fields, MalformedPayload, body_digest, delivery_key, header, read_object

FIELDS = frozenset(
    {
        "type", "kind", "service", "environment", "revision", "ref", "repository", "state", "status", "at",
        "text", "title", "description", "severity", "url", "actor", "why", "external_id",
    }
)  # fmt: skip
_KINDS: dict[str, ChangeKind] = {kind: kind for kind in get_args(ChangeKind)}
_KINDS |= {
    "change": "deploy",
    "deployment": "deploy",
    "release": "deploy",
    "rollback": "deploy",
    "infra": "infrastructure",
}
_STATES: dict[str, ChangeState] = {state: state for state in get_args(ChangeState)}
_STATES |= {
    "pending": "requested",
    "queued": "requested",
    "running": "started",
    "in_progress": "started",
    "success": "succeeded",
    "successful": "succeeded",
    "deployed": "succeeded",
    "finished": "succeeded",
    "failure": "failed",
    "error": "failed",
    "rollback": "rolled_back",
}


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[ChangeEvent | AlertReport | Note]:
    """What was said; nothing for a `type` of another world. Raises `MalformedPayload`.

    `received_at` (aware) is the time of an event that names none. The identity of one without `external_id`
    is its delivery's, else it follows from time and content, so processing a delivery again changes nothing.
    """
    delivery = delivery_key("event", headers)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return _event(read_object(body), delivery, received_at)
    line = _text(headers, body)
    form = _form(line)
    if form is not None:
        return _event(form, delivery, received_at)
    return [parse_line(line, delivery or _digest(received_at, line), received_at)]


def _text(headers: Mapping[str, str], body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise MalformedPayload("body", body[:40], f"UTF-8 (byte {error.start} is not)") from error
    encoded = header(headers, "Content-Type").startswith("application/x-www-form-urlencoded")
    if encoded and not re.search(r"[\s=]", text):
        text = unquote_plus(text)  # curl --data-urlencode 'deployed 4f2a1c'
    return text.replace("\x00", "\ufffd")


def _form(text: str) -> Fields | None:
    """The fields of a form; None for a line that merely has an equals sign in it."""
    pairs = [(key, value.replace("\x00", "\ufffd")) for key, value in parse_qsl(text, keep_blank_values=True)]
    known = bool(pairs) and all(key in FIELDS for key, _ in pairs)
    return Fields({key: value for key, value in pairs if value}) if known else None


def _event(fields: Fields, delivery: str | None, received_at: datetime) -> list[ChangeEvent | AlertReport | Note]:
    at = fields.time("at") or received_at
    external_id = fields.identifier("external_id") if "external_id" in fields else None
    identity = external_id or delivery or _digest(at, repr(sorted(fields.values.items())))
    kind = (fields.text("type") or fields.text("kind")).strip().lower()
    if kind == "alert":
        return [_alert(fields, external_id, at)]
    if kind == "note":
        return [_note(fields, identity, at)]
    if not kind and not {"revision", "state"} & fields.values.keys():
        return [_line(fields, identity, at)]
    if "type" in fields and kind not in _KINDS:
        return []
    return [_change(fields, identity, at)]


def _change(fields: Fields, identity: str, at: datetime) -> ChangeEvent:
    word = fields.text("type").strip().lower()
    default = "rolled_back" if word == "rollback" else "succeeded"
    if word in ("", "change"):
        word = fields.text("kind", "deploy").strip().lower()
    if word not in _KINDS:
        fields.fail("kind", "one of " + ", ".join(get_args(ChangeKind)) + ", alert, note")
    state = _STATES.get(fields.text("state", default).strip().lower())
    if state is None:
        fields.fail("state", "one of " + ", ".join(get_args(ChangeState)))
    return ChangeEvent(
        external_id=identity,
        state=state,
        occurred_at=at,
        kind=_KINDS[word],
        environment=fields.text("environment"),
        revision=fields.text("revision"),
        ref=fields.text("ref"),
        repository=fields.text("repository"),
        service_hint=fields.text("service") or None,
        actor=fields.text("actor"),
        url=fields.text("url"),
        description=fields.text("text") or fields.text("title") or fields.text("description"),
        why=fields.text("why"),
        nameless="external_id" not in fields,
        labels=fields.texts("labels"),
    )


def _alert(fields: Fields, external_id: str | None, at: datetime) -> AlertReport:
    status = (fields.text("state") or fields.text("status", "firing")).strip().lower()
    if status not in ("firing", "resolved"):
        fields.fail("state" if "state" in fields else "status", "firing or resolved")
    title = fields.text("title") or fields.required_text("text")
    service, environment = fields.text("service"), fields.text("environment")
    return AlertReport(
        external_id=external_id or _digest("alert", service, environment, title),
        title=title,
        firing=status == "firing",
        occurred_at=at,
        severity=fields.text("severity"),
        environment=environment,
        service_hint=service or None,
        revision=fields.text("revision"),
        url=fields.text("url"),
        description=fields.text("description") or fields.text("text"),
        labels=fields.texts("labels"),
    )


def _note(fields: Fields, identity: str, at: datetime) -> Note:
    return Note(
        external_id=identity,
        text=fields.required_text("text"),
        occurred_at=at,
        service_hint=fields.text("service") or None,
        actor=fields.text("actor"),
        url=fields.text("url"),
    )


def _line(fields: Fields, identity: str, at: datetime) -> ChangeEvent | Note:
    """An object that leaves it all to its text: `{"text": "deployed 4f2a1c", "service": "checkout"}`."""
    said = parse_line(fields.required_text("text"), identity, at)
    service, actor, url = fields.text("service") or None, fields.text("actor"), fields.text("url")
    said = replace(said, service_hint=service, actor=actor, url=url)
    if not isinstance(said, ChangeEvent):
        return said
    environment = fields.text("environment") or said.environment
    return replace(said, environment=environment, nameless="external_id" not in fields)


def _digest(*parts: object) -> str:
    return body_digest("\x00".join(map(str, parts)).encode("utf-8", "surrogatepass"))
