"""What GitHub's deliveries mean to us."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.events import ChangeEvent, PipelineRun, Push
from changes.senders import github
from notifications.payloads import MalformedPayload

EVENTS = ("deployment", "deployment_status", "workflow_run", "push")
SHA = "4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d"


def deployment(**fields: Any) -> dict[str, Any]:
    return {
        "id": 42,
        "sha": "4f2a1c0",
        "ref": "main",
        "task": "deploy",
        "environment": "production",
        "description": None,
        "creator": {"login": "ana"},
        "payload": {},
        "created_at": "2026-06-01T09:00:00Z",
    } | fields


def status(state: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "state": state,
        "created_at": "2026-06-01T09:04:00Z",
        "log_url": "https://ci.example/7",
    } | fields


def run(**fields: Any) -> dict[str, Any]:
    return {
        "id": 99,
        "run_attempt": 2,
        "name": "Build",
        "head_branch": "main",
        "head_sha": "4f2a1c0",
        "status": "completed",
        "conclusion": "success",
        "run_started_at": "2026-06-01T09:00:00Z",
        "updated_at": "2026-06-01T09:05:00Z",
        "html_url": "https://github.example/runs/99",
        "actor": {"login": "bo"},
    } | fields


def push(**fields: Any) -> dict[str, Any]:
    commit = {
        "id": SHA,
        "distinct": True,
        "message": "Round totals",
        "timestamp": "2026-06-01T10:59:00+02:00",
        "url": f"https://github.example/acme/checkout/commit/{SHA}",
        "author": {"name": "Ana", "username": "ana"},
        "added": ["a.py"],
        "removed": ["c.py"],
        "modified": ["b.py"],
    }
    return {
        "ref": "refs/heads/main",
        "before": "1" * 40,
        "after": SHA,
        "created": False,
        "deleted": False,
        "forced": False,
        "commits": [commit],
        "pusher": {"name": "ana"},
    } | fields


def deliver(event: str, **payload: Any) -> list[ChangeEvent | PipelineRun | Push]:
    body = {"repository": {"full_name": "acme/checkout", "html_url": "https://github.example/acme"}} | payload
    return github.parse({"X-GitHub-Event": event}, json.dumps(body).encode())


def test_a_deployment_is_a_change_that_was_requested() -> None:
    assert deliver("deployment", deployment=deployment()) == [
        ChangeEvent(
            external_id="42",
            state="requested",
            occurred_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
            environment="production",
            revision="4f2a1c0",
            ref="main",
            repository="acme/checkout",
            actor="ana",
            url="https://github.example/acme",
            data={"task": "deploy", "environment_url": ""},
        )
    ]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("pending", "requested"),
        ("queued", "requested"),
        ("in_progress", "started"),
        ("success", "succeeded"),
        ("failure", "failed"),
        ("error", "failed"),
        ("inactive", "superseded"),
    ],
)
def test_every_status_of_a_deployment_is_a_step_of_the_same_change(word: str, state: str) -> None:
    [event] = deliver("deployment_status", deployment=deployment(), deployment_status=status(word))
    assert isinstance(event, ChangeEvent)
    assert (event.external_id, event.state) == ("42", state)
    assert event.occurred_at == datetime(2026, 6, 1, 9, 4, tzinfo=UTC)
    assert event.url == "https://ci.example/7"


def test_a_status_of_an_environment_of_its_own_says_so() -> None:
    step = status("success", environment="staging")
    [event] = deliver("deployment_status", deployment=deployment(), deployment_status=step)
    assert isinstance(event, ChangeEvent) and event.environment == "staging"


def test_a_status_github_has_yet_to_invent_is_ignored() -> None:
    assert deliver("deployment_status", deployment=deployment(), deployment_status=status("dreaming")) == []


@pytest.mark.parametrize(
    ("own", "hint"), [({"service": "pay"}, "pay"), ({"service": 3}, None), ("text", None), (None, None)]
)
def test_the_deployments_own_payload_may_name_the_service(own: object, hint: str | None) -> None:
    [event] = deliver("deployment", deployment=deployment(payload=own))
    assert isinstance(event, ChangeEvent) and event.service_hint == hint


def test_a_workflow_run_is_a_pipeline_run_and_each_attempt_its_own() -> None:
    assert deliver("workflow_run", action="completed", workflow_run=run()) == [
        PipelineRun(
            pipeline="Build",
            external_id="99/2",
            repository="acme/checkout",
            status="success",
            branch="main",
            revision="4f2a1c0",
            started_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
            finished_at=datetime(2026, 6, 1, 9, 5, tzinfo=UTC),
            url="https://github.example/runs/99",
            actor="bo",
        )
    ]


@pytest.mark.parametrize(
    ("word", "conclusion", "expected"),
    [
        ("queued", None, "queued"),
        ("in_progress", None, "running"),
        ("completed", "failure", "failed"),
        ("completed", "timed_out", "failed"),
        ("completed", "skipped", "skipped"),
        ("completed", "cancelled", "cancelled"),
        ("completed", "something new", "cancelled"),
    ],
)
def test_where_a_run_stands(word: str, conclusion: str | None, expected: str) -> None:
    [event] = deliver("workflow_run", workflow_run=run(status=word, conclusion=conclusion))
    assert isinstance(event, PipelineRun) and event.status == expected
    assert (event.finished_at is None) == (word != "completed")


def test_a_push_brings_commits_with_the_files_they_touch() -> None:
    [one] = deliver("push", **push())
    assert isinstance(one, Push)
    assert (one.repository, one.ref, one.before, one.after) == ("acme/checkout", "main", "1" * 40, SHA)
    assert (one.actor, one.complete, one.forced, one.pushed_at) == ("ana", True, False, None)
    [commit] = one.commits
    assert (commit.sha, commit.author, commit.message) == (SHA, "ana", "Round totals")
    assert commit.paths == ("a.py", "b.py", "c.py")


def test_a_push_that_is_forced_or_longer_than_github_tells_says_so() -> None:
    [one] = deliver("push", **push(forced=True))
    assert isinstance(one, Push) and one.forced
    [one] = deliver("push", **push(commits=[{"id": f"{n:040x}"} for n in range(2048)]))
    assert isinstance(one, Push) and not one.complete


def test_a_new_branch_has_nothing_before_it() -> None:
    [one] = deliver("push", **push(before="0" * 40, created=True))
    assert isinstance(one, Push) and one.before == ""


@pytest.mark.parametrize("fields", [{"ref": "refs/tags/v1", "created": True}, {"after": "0" * 40, "deleted": True}])
def test_tags_and_deleted_branches_bring_nothing(fields: dict[str, Any]) -> None:
    assert deliver("push", **push(**fields)) == []


@pytest.mark.parametrize("event", ["ping", "create", "star", ""])
def test_types_we_do_not_use_are_nothing(event: str) -> None:
    assert deliver(event, zen="Keep it logically awesome.") == []


def test_a_hook_set_up_to_send_forms_is_read_too() -> None:
    body = urlencode({"payload": json.dumps({"deployment": deployment()})}).encode()
    headers = {"X-GitHub-Event": "deployment", "Content-Type": "application/x-www-form-urlencoded"}
    assert len(github.parse(headers, body)) == 1
    with pytest.raises(MalformedPayload, match="field `payload`"):
        github.parse(headers, b"other=1")


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, "deployment.id is missing; expected an id"),
        ({"deployment": []}, "deployment is a list; expected an object"),
        ({"deployment": deployment(sha=5)}, "deployment.sha is 5; expected text"),
        ({"deployment": deployment(created_at="noon")}, "deployment.created_at is 'noon'; expected a time"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(payload: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        deliver("deployment", **payload)
    assert str(caught.value).startswith(message)


@given(st.sampled_from(EVENTS), st.binary(), st.sampled_from(["", "application/x-www-form-urlencoded"]))
def test_no_bytes_make_it_fail_otherwise(event: str, body: bytes, content_type: str) -> None:
    with contextlib.suppress(MalformedPayload):
        github.parse({"X-GitHub-Event": event, "Content-Type": content_type}, body)
        github.parse({"X-GitHub-Event": event, "Content-Type": content_type}, b"payload=" + body)


@given(st.sampled_from(EVENTS), st.data())
def test_no_value_in_any_field_makes_it_fail_otherwise(event: str, data: st.DataObject) -> None:
    odd = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none(), max_size=1)
    payload: dict[str, Any] = {
        "deployment": deployment(),
        "deployment_status": status("success"),
        "workflow_run": run(),
    }
    part = data.draw(st.sampled_from(sorted(payload)))
    payload[part][data.draw(st.sampled_from(sorted(payload[part])))] = data.draw(odd)
    with contextlib.suppress(MalformedPayload):
        deliver(event, **payload)
