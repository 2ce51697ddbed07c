"""The generic sender: one line is enough, an object says more."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.events import AlertReport, ChangeEvent, Note
from changes.senders import event
from notifications.payloads import MalformedPayload

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def said(body: str | bytes | dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    raw = json.dumps(body) if isinstance(body, dict) else body
    [one] = event.parse(headers or {}, raw.encode() if isinstance(raw, str) else raw, NOW)
    return one


@pytest.mark.parametrize(
    ("line", "kind", "state", "revision", "environment"),
    [
        ("deployed 4f2a1c", "deploy", "succeeded", "4f2a1c", ""),
        ("Deployed 4f2a1c to staging", "deploy", "succeeded", "4f2a1c", "staging"),
        ("deployed v1.2, at last", "deploy", "succeeded", "v1.2", ""),
        ("deployed main to production.", "deploy", "succeeded", "main", "production"),
        ("deployed main", "deploy", "succeeded", "main", ""),
        ("deployed to production", "deploy", "succeeded", "", "production"),
        ("deployed the new checkout", "deploy", "succeeded", "", ""),
        ("deploying 4f2a1c", "deploy", "started", "4f2a1c", ""),
        ("failed to deploy 4f2a1c to production", "deploy", "failed", "4f2a1c", "production"),
        ("rolled back to v1.2", "deploy", "rolled_back", "v1.2", ""),
        ("rolled back v1.3 to v1.2 in production", "deploy", "rolled_back", "v1.2", "production"),
        ("rolled back", "deploy", "rolled_back", "", ""),
        ("rolled back 4f2a1c9", "deploy", "rolled_back", "4f2a1c9", ""),
        ("rollback 4f2a1c9 on staging", "deploy", "rolled_back", "4f2a1c9", "staging"),
        ("config: raised pool to 40", "config", "succeeded", "", ""),
        ("infra: a third node", "infrastructure", "succeeded", "", ""),
        ("data: backfilled orders", "data", "succeeded", "", ""),
        ("flag new-checkout on", "flag", "succeeded", "", ""),
        ("flag: new-checkout for half", "flag", "succeeded", "", ""),
    ],
)
def test_one_line_is_a_change(line: str, kind: str, state: str, revision: str, environment: str) -> None:
    change = said(line)
    assert isinstance(change, ChangeEvent)
    assert (change.kind, change.state) == (kind, state)
    assert (change.revision, change.environment) == (revision, environment)
    assert change.occurred_at == NOW and change.service_hint is None


def test_a_flag_says_which_and_what_it_became() -> None:
    assert said("flag new-checkout on").data == {"flag": "new-checkout", "value": "on"}
    assert said("flag new-checkout to 25 %").data == {"flag": "new-checkout", "value": "25%"}


def test_a_line_that_says_no_change_is_a_note() -> None:
    assert said("restarted the cache").text == "restarted the cache"
    assert said("note: deployed nothing today").text == "deployed nothing today"
    assert isinstance(said("deployedness=high today"), Note)


def test_all_lines_are_the_description() -> None:
    assert said("deployed 4f2a1c\nwith a new index\n").description == "deployed 4f2a1c\nwith a new index"
    assert said("config: raised pool\nto 40").description == "raised pool\nto 40"


@pytest.mark.parametrize("body", ["", "  \n ", "config:", "\ufeff"])
def test_a_line_that_says_nothing_is_refused_with_an_example(body: str) -> None:
    with pytest.raises(MalformedPayload, match="text is "):
        said(body)


def test_curls_form_content_type_does_not_hide_a_plain_line() -> None:
    assert said("deployed 4f2a1c", FORM).revision == "4f2a1c"
    assert said("deployed%204f2a1c", FORM).revision == "4f2a1c"
    assert said("config: pool=40", FORM).description == "pool=40"


def test_a_form_is_read_like_an_object() -> None:
    form = urlencode({"text": "deployed 4f2a1c", "service": "checkout", "actor": "ana"})
    change = said(form, FORM)
    assert (change.revision, change.service_hint, change.actor) == ("4f2a1c", "checkout", "ana")
    assert said("kind=config&text=raised+pool", FORM).description == "raised pool"
    assert said("text=deployed 4f2a1c", FORM).revision == "4f2a1c"


def test_an_object_of_text_alone_is_read_as_a_line() -> None:
    change = said({"text": "deployed 4f2a1c to production", "service": "checkout", "environment": "eu"})
    assert (change.revision, change.service_hint, change.environment) == ("4f2a1c", "checkout", "eu")


def test_an_object_says_all_there_is_to_say() -> None:
    body = {
        "kind": "config", "service": "checkout", "environment": "production", "revision": "r7",
        "state": "failed", "at": "2026-06-01T08:00:00Z", "text": "raised pool", "url": "https://ci.example/1",
        "actor": "ana", "external_id": 12, "unknown": {"to": ["us"]},
    }  # fmt: skip
    assert said(body) == ChangeEvent(
        external_id="12",
        state="failed",
        occurred_at=NOW - timedelta(hours=1),
        kind="config",
        environment="production",
        revision="r7",
        service_hint="checkout",
        actor="ana",
        url="https://ci.example/1",
        description="raised pool",
    )


@pytest.mark.parametrize(
    ("body", "kind", "state"),
    [
        ({"type": "deploy", "revision": "a"}, "deploy", "succeeded"),
        ({"type": "change", "kind": "data"}, "data", "succeeded"),
        ({"type": "rollback", "revision": "a"}, "deploy", "rolled_back"),
        ({"revision": "a"}, "deploy", "succeeded"),
        ({"kind": "deploy", "state": "in_progress"}, "deploy", "started"),
        ({"kind": "INFRA", "state": "Success"}, "infrastructure", "succeeded"),
    ],
)
def test_kind_and_state_have_sensible_defaults_and_synonyms(body: dict[str, Any], kind: str, state: str) -> None:
    change = said(body)
    assert (change.kind, change.state) == (kind, state)


def test_an_alert_and_its_end_are_about_the_same_alert() -> None:
    firing = said({"type": "alert", "title": "Queue is full", "service": "mail", "severity": "critical"})
    resolved = said({"type": "alert", "title": "Queue is full", "service": "mail", "state": "resolved"})
    assert isinstance(firing, AlertReport) and firing.firing and not resolved.firing
    assert firing.external_id == resolved.external_id
    assert firing.external_id != said({"type": "alert", "title": "Queue is full"}).external_id


def test_a_note_keeps_its_words_and_author() -> None:
    note = said({"type": "note", "text": "Failover drill begins", "actor": "ana"})
    assert isinstance(note, Note) and (note.text, note.actor) == ("Failover drill begins", "ana")


def test_a_type_of_another_world_is_nothing() -> None:
    assert event.parse({}, b'{"type": "com.example.coffee.ready"}', NOW) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"kind": "deplyo"}, "kind is 'deplyo'; expected one of deploy, config, flag"),
        ({"type": "deploy", "state": "odd"}, "state is 'odd'; expected one of requested, authorised, started"),
        ({"type": "alert", "title": "x", "state": "odd"}, "state is 'odd'; expected firing or resolved"),
        ({"type": "alert"}, "text is missing"),
        ({"service": "checkout"}, "text is missing"),
        ({"kind": "deploy", "service": ["checkout"]}, "service is a list; expected text"),
        ({"kind": "deploy", "at": "noon"}, "at is 'noon'; expected a time"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(body: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        said(body)
    assert str(caught.value).startswith(message)


def test_processing_a_delivery_again_gives_the_same_identity() -> None:
    assert said("deployed 4f2a1c") == said("deployed 4f2a1c")
    assert said("deployed 4f2a1c", {"Idempotency-Key": "k1"}).external_id == "k1"
    later = event.parse({}, b"deployed 4f2a1c", NOW + timedelta(days=1))
    assert later[0].external_id != said("deployed 4f2a1c").external_id


@given(st.binary() | st.text().map(str.encode), st.sampled_from([{}, FORM]))
def test_no_bytes_make_it_fail_otherwise(body: bytes, headers: dict[str, str]) -> None:
    with contextlib.suppress(MalformedPayload):
        assert all(one.external_id for one in event.parse(headers, body, NOW))


@given(
    st.dictionaries(
        st.sampled_from([*sorted(event.FIELDS), "labels"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.lists(st.none())
        | st.sampled_from(["deploy", "alert"]),
    )
)
def test_no_field_makes_it_fail_otherwise(body: dict[str, Any]) -> None:
    with contextlib.suppress(MalformedPayload):
        assert all(one.external_id for one in event.parse({}, json.dumps(body).encode(), NOW))
