"""CloudEvents over HTTP: one event in headers and body (binary), in the body alone (structured), or many (batch).

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md. What a body is shows in
its shape, because senders label it `application/json` in any of the three modes.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from notifications.payloads import Fields, MalformedPayload, header, read_json, read_object


@dataclass(frozen=True, kw_only=True)
class CloudEvent:
    """An event: who says what kind of thing, and the JSON object said. Absent text is "".

    `identity` is source and id, which together are unique.
    """

    source: str
    identity: str
    type: str
    time: str
    data: Fields


def read(headers: Mapping[str, str], body: bytes, wanted: str) -> list[CloudEvent]:
    """The events of a request whose type begins with `wanted`. Raises `MalformedPayload`.

    A binary event of another type may have any body at all, which is not read.
    """
    if (kind := header(headers, "ce-type")) and not kind.startswith(wanted):
        return []
    events = _events(headers, body)
    return [event for event in events if event.type.startswith(wanted)]


def _events(headers: Mapping[str, str], body: bytes) -> list[CloudEvent]:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        batch = Fields({"events": read_json(body)})
        return [_structured(envelope) for envelope in batch.objects("events")]
    payload = read_object(body)
    if header(headers, "ce-type") or "context" in payload:
        return [_event(Fields({name: _attribute(headers, name) for name in _ATTRIBUTES}), payload)]
    return [_structured(payload)]


_ATTRIBUTES = ("source", "id", "type", "time")


def _attribute(headers: Mapping[str, str], name: str) -> str:
    """An attribute in its header, where text beyond ASCII is percent-encoded."""
    return unquote(header(headers, f"ce-{name}")).strip('"').replace("\x00", "\ufffd")


def _structured(envelope: Fields) -> CloudEvent:
    """An event with its attributes beside its data; also one of CDEvents that came without an envelope."""
    return _event(envelope, envelope if "context" in envelope else _data(envelope))


def _data(envelope: Fields) -> Fields:
    if "data_base64" in envelope:
        try:
            return read_object(base64.b64decode(envelope.text("data_base64"), validate=True))
        except (binascii.Error, ValueError) as error:
            if isinstance(error, MalformedPayload):
                raise
            envelope.fail("data_base64", "base64")
    if isinstance(envelope.values.get("data"), str):
        return read_object(envelope.text("data").encode("utf-8", "surrogatepass"))
    return envelope.object("data")


def _event(attributes: Fields, data: Fields) -> CloudEvent:
    """The context of a CDEvent should say the same as the attributes around it, and goes first."""
    context = data.object("context")
    named = [f"{one.text('source')} {one.text('id')}" for one in (attributes, context) if one.text("id")]
    return CloudEvent(
        source=context.text("source") or attributes.text("source"),
        identity=" ".join(dict.fromkeys(named)),
        type=context.text("type") or attributes.text("type"),
        time=context.text("timestamp") or attributes.text("time"),
        data=data,
    )
