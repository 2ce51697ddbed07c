"""What GitLab's webhooks mean to us."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from changes.events import ChangeEvent, PipelineRun, Push
from changes.senders import gitlab
from notifications.payloads import MalformedPayload

ARRIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
SHA = "4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d"
WEB = "https://gitlab.example/acme/checkout"
PROJECT = {"id": 30, "name": "Checkout", "path_with_namespace": "acme/checkout", "web_url": WEB}


def deployment(**fields: Any) -> dict[str, Any]:
    return {
        "object_kind": "deployment",
        "status": "success",
        "status_changed_at": "2026-06-01 11:00:00 +0200",
        "deployment_id": 15,
        "deployable_id": 796,
        "deployable_url": f"{WEB}/-/jobs/796",
        "environment": "production",
        "project": PROJECT,
        "short_sha": SHA[:8],
        "user": {"name": "Ana", "username": "ana"},
        "commit_url": f"{WEB}/-/commit/{SHA}",
        "commit_title": "Round totals",
        "ref": "main",
    } | fields


def pipeline(**fields: Any) -> dict[str, Any]:
    run = {
        "id": 31,
        "ref": "main",
        "sha": SHA,
        "source": "push",
        "status": "success",
        "created_at": "2026-06-01 09:00:00 UTC",
        "finished_at": "2026-06-01 09:03:00 UTC",
        "queued_duration": 12,
    }
    return {
        "object_kind": "pipeline",
        "object_attributes": run | fields,
        "project": PROJECT,
        "user": {"username": "ana"},
        "builds": [],
    }


def job(**fields: Any) -> dict[str, Any]:
    return {
        "object_kind": "build",
        "ref": "main",
        "sha": SHA,
        "build_id": 1977,
        "build_name": "test",
        "build_stage": "test",
        "build_status": "failed",
        "build_created_at": "2026-06-01T09:00:00.886Z",
        "build_started_at": "2026-06-01 09:00:10 UTC",
        "build_finished_at": "2026-06-01 09:01:00 UTC",
        "project_name": "Acme / Checkout",
        "user": {"username": "ana"},
        "repository": {"name": "checkout", "homepage": WEB},
    } | fields


def push(**fields: Any) -> dict[str, Any]:
    commit = {
        "id": SHA,
        "message": "Round totals\n",
        "timestamp": "2026-06-01T10:59:00+02:00",
        "url": f"{WEB}/-/commit/{SHA}",
        "author": {"name": "Ana", "email": "ana@acme.example"},
        "added": ["a.py"],
        "modified": ["b.py", "a.py"],
        "removed": [],
    }
    return {
        "object_kind": "push",
        "before": "1" * 40,
        "after": SHA,
        "ref": "refs/heads/main",
        "user_username": "ana",
        "project": PROJECT,
        "commits": [commit],
        "total_commits_count": 1,
    } | fields


def deliver(payload: dict[str, Any]) -> list[Any]:
    return list(gitlab.parse({}, json.dumps(payload).encode(), ARRIVED))


def test_a_deployment_is_a_step_of_a_change() -> None:
    assert deliver(deployment()) == [
        ChangeEvent(
            external_id="15",
            state="succeeded",
            occurred_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
            environment="production",
            revision=SHA,
            ref="main",
            repository="acme/checkout",
            actor="ana",
            url=f"{WEB}/-/jobs/796",
            description="Round totals",
            labels={"project": "Checkout"},
            data={"status": "success", "environment_url": ""},
        )
    ]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("created", "requested"),
        ("blocked", "requested"),
        ("running", "started"),
        ("success", "succeeded"),
        ("failed", "failed"),
        ("canceled", "failed"),
        ("skipped", "superseded"),
    ],
)
def test_every_status_of_a_deployment(status: str, state: str) -> None:
    [change] = deliver(deployment(status=status))
    assert (change.external_id, change.state) == ("15", state)


def test_a_status_yet_to_be_invented_is_ignored() -> None:
    assert deliver(deployment(status="dreaming")) == []
    assert deliver(pipeline(status="dreaming")) == []
    assert deliver(job(build_status="dreaming")) == []


@pytest.mark.parametrize("at", ["2026-06-01 09:00:00 UTC", "2026-06-01T09:00:00Z", "2026-06-01 11:00:00 +0200"])
def test_times_in_every_form(at: str) -> None:
    [change] = deliver(deployment(status_changed_at=at))
    assert change.occurred_at == datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_the_deployments_of_gitlab_13_have_no_time_and_no_id() -> None:
    old = deployment()
    del old["status_changed_at"], old["deployment_id"]
    [change] = deliver(old)
    assert (change.occurred_at, change.external_id) == (ARRIVED, "job/796")
    by_api = deliver(old | {"deployable_id": None, "deployable_url": None})
    assert [one.external_id for one in by_api] == ["acme/checkout/production/4f2a1c0d"]


def test_ids_may_be_text_and_the_commit_may_be_short() -> None:
    [change] = deliver(deployment(deployment_id="15", commit_url=None))
    assert (change.external_id, change.revision) == ("15", SHA[:8])


def test_a_pipeline_is_a_run() -> None:
    assert deliver(pipeline()) == [
        PipelineRun(
            pipeline="Checkout",
            external_id="pipeline/31",
            repository="acme/checkout",
            status="success",
            branch="main",
            revision=SHA,
            queued_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
            started_at=datetime(2026, 6, 1, 9, 0, 12, tzinfo=UTC),
            finished_at=datetime(2026, 6, 1, 9, 3, tzinfo=UTC),
            url=f"{WEB}/-/pipelines/31",
            actor="ana",
            labels={"source": "push", "project": "Checkout"},
        )
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("created", "queued"),
        ("waiting_for_resource", "queued"),
        ("pending", "queued"),
        ("running", "running"),
        ("manual", "running"),
        ("failed", "failed"),
        ("canceled", "cancelled"),
        ("skipped", "skipped"),
    ],
)
def test_where_a_pipeline_stands(status: str, expected: str) -> None:
    [run] = deliver(pipeline(status=status, finished_at=None))
    assert run.status == expected
    assert (run.started_at is None) == (expected in ("queued", "skipped"))


def test_a_wait_that_is_no_number_is_none() -> None:
    for waited in (None, "12", -5, 1e300):
        [run] = deliver(pipeline(queued_duration=waited))
        assert run.started_at == run.queued_at


def test_a_job_is_a_run_of_its_own_and_its_repository_is_read_from_an_address() -> None:
    [run] = deliver(job())
    assert (run.pipeline, run.external_id, run.status) == ("test", "job/1977", "failed")
    assert (run.repository, run.url) == ("acme/checkout", f"{WEB}/-/jobs/1977")
    assert run.started_at == datetime(2026, 6, 1, 9, 0, 10, tzinfo=UTC)
    [run] = deliver(job(repository={"git_ssh_url": "git@gitlab.example:acme/tools/lint.git"}))
    assert run.repository == "acme/tools/lint"


def test_a_push_brings_commits() -> None:
    [one] = deliver(push())
    assert isinstance(one, Push)
    assert (one.repository, one.ref, one.before, one.after) == ("acme/checkout", "main", "1" * 40, SHA)
    assert (one.actor, one.complete, one.forced) == ("ana", True, False)
    [commit] = one.commits
    assert (commit.sha, commit.author, commit.paths) == (SHA, "Ana", ("a.py", "b.py"))


def test_a_push_of_more_than_it_lists_is_not_complete() -> None:
    [one] = deliver(push(total_commits_count=21))
    assert not one.complete


@pytest.mark.parametrize(
    "fields", [{"ref": "refs/tags/v1"}, {"after": "0" * 40, "commits": []}, {"object_kind": "tag_push"}]
)
def test_tags_and_deleted_branches_bring_nothing(fields: dict[str, Any]) -> None:
    fields = {"ref": "refs/tags/v1"} | fields if "object_kind" in fields else fields
    assert deliver(push(**fields)) == []


@pytest.mark.parametrize("kind", ["note", "merge_request", "release", "wiki_page", ""])
def test_kinds_of_no_use_are_nothing(kind: str) -> None:
    assert deliver({"object_kind": kind, "object_attributes": {}}) == []


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (deployment(status=None), "status is missing"),
        (deployment(status_changed_at="noon"), "status_changed_at is 'noon'; expected a time"),
        (pipeline(id=None), "object_attributes.id is missing"),
        (push(commits=[{}]), "commits[0].id is missing"),
        (push(commits=[{"id": SHA, "added": [1]}]), "commits[0].added is a list; expected a list of texts"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(payload: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        deliver(payload)
    assert str(caught.value).startswith(message)
