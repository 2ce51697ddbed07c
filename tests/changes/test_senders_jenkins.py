"""What the messages of Jenkins' Notification plugin mean to us."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from changes.events import PipelineRun
from changes.senders import jenkins
from notifications.payloads import MalformedPayload

ARRIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)
SHA = "4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d4f2a1c0d"


def body(job: dict[str, Any] | None = None, **fields: Any) -> bytes:
    build = {
        "full_url": "https://jenkins.example/job/checkout/18/",
        "number": 18,
        "queue_id": 5,
        "phase": "COMPLETED",
        "timestamp": 1780304400000,
        "duration": 60000,
        "status": "SUCCESS",
        "url": "job/checkout/18/",
        "scm": {"url": "git@github.example:acme/checkout.git", "branch": "origin/main", "commit": SHA},
        "log": "",
        "artifacts": {},
    } | fields
    named = {"name": "checkout", "display_name": "checkout", "url": "job/checkout/"} | (job or {})
    return json.dumps({**named, "build": build}).encode()


def deliver(job: dict[str, Any] | None = None, **fields: Any) -> list[PipelineRun]:
    return jenkins.parse({}, body(job, **fields), ARRIVED)


def test_a_build_that_completed_is_a_run() -> None:
    assert deliver() == [
        PipelineRun(
            pipeline="checkout",
            external_id="checkout/18",
            repository="acme/checkout",
            status="success",
            branch="main",
            revision=SHA,
            started_at=NINE - timedelta(minutes=1),
            finished_at=NINE,
            url="https://jenkins.example/job/checkout/18/",
            labels={"job": "checkout"},
        )
    ]


@pytest.mark.parametrize(
    ("phase", "status", "expected"),
    [
        ("QUEUED", None, "queued"),
        ("STARTED", None, "running"),
        ("COMPLETED", "SUCCESS", "success"),
        ("COMPLETED", "UNSTABLE", "failed"),
        ("COMPLETED", "FAILURE", "failed"),
        ("FINALIZED", "FAILURE", "failed"),
        ("FINALIZED", "ABORTED", "cancelled"),
        ("COMPLETED", "NOT_BUILT", "skipped"),
        ("FINALIZED", None, "cancelled"),
    ],
)
def test_every_phase_is_a_report_of_the_same_run(phase: str, status: str | None, expected: str) -> None:
    [run] = deliver(phase=phase, status=status, duration=0)
    assert (run.external_id, run.status) == ("checkout/18", expected)
    assert (run.queued_at == NINE) == (expected == "queued")
    assert (run.started_at == NINE) == (expected == "running")
    assert (run.finished_at == NINE) == (expected not in ("queued", "running"))


@pytest.mark.parametrize("phase", ["NONE", "", None, "DREAMING"])
def test_a_phase_of_no_build_is_nothing(phase: str | None) -> None:
    assert deliver(phase=phase) == []


def test_numbers_may_be_text() -> None:
    [run] = deliver(number="18", timestamp="1780304400000", duration="60000")
    assert (run.external_id, run.finished_at, run.started_at) == ("checkout/18", NINE, NINE - timedelta(minutes=1))


@pytest.mark.parametrize("timestamp", [None, 0])
def test_a_build_of_an_older_plugin_ended_when_it_was_told(timestamp: int | None) -> None:
    [run] = deliver(timestamp=timestamp)
    assert (run.finished_at, run.started_at) == (ARRIVED, None)
    [run] = deliver(timestamp=timestamp, phase="STARTED")
    assert (run.finished_at, run.started_at) == (None, None)


@pytest.mark.parametrize("scm", [None, {}, {"culprits": [], "changes": []}])
def test_a_job_without_a_repository(scm: dict[str, Any] | None) -> None:
    [run] = deliver(scm=scm)
    assert (run.repository, run.branch, run.revision) == ("", "", "")


def test_a_branch_of_a_multibranch_job_is_named_with_its_folders() -> None:
    [run] = deliver({"name": "main", "url": "job/shop/job/checkout/job/main/"})
    assert (run.pipeline, run.external_id) == ("shop/checkout/main", "shop/checkout/main/18")
    [run] = deliver({"name": "main", "url": "view/all/odd"})
    assert run.pipeline == "main"


def test_deliveries_are_told_apart_by_job_build_and_phase() -> None:
    assert jenkins.key({}, body()) == jenkins.key({}, body(log="again")) == "checkout/18 COMPLETED"
    others = [body(phase="FINALIZED"), body(number=19), body({"url": "job/shop/job/checkout/"})]
    assert len({jenkins.key({}, other) for other in others}) == 3


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"number": None}, "build.number is missing"),
        ({"timestamp": "noon"}, "build.timestamp is 'noon'"),
        ({"scm": []}, "build.scm is a list; expected an object"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        deliver(**fields)
    assert str(caught.value).startswith(message)
