"""Jenkins' Notification plugin: where a build stands.

Shape: https://plugins.jenkins.io/notification/. A build is told at each of its phases. Its times are in milliseconds,
0 where they are not known, and absent from older versions, as `scm` is from jobs without one.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from changes.events import PipelineRun, RunStatus
from changes.senders.repositories import branch, repository
from notifications.payloads import Fields, read_object

_RESULTS: dict[str, RunStatus] = {
    "SUCCESS": "success",
    "UNSTABLE": "failed",  # it was built, and its tests fail
    "FAILURE": "failed",
    "NOT_BUILT": "skipped",
    "ABORTED": "cancelled",
}
_LONGEST = 31_536_000_000  # milliseconds; a build of more than a year is a mistake


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[PipelineRun]:
    """Where a build stands; nothing for phases that are none of its own. Raises `MalformedPayload`.

    `received_at` (aware) is when a build ended that does not say.
    """
    payload = read_object(body)
    build = payload.object("build")
    status = _status(build)
    if status is None:
        return []
    job, scm, ended = _job(payload), build.object("scm"), status not in ("queued", "running")
    at = _time(build)
    finished_at = (at or received_at) if ended else None
    return [
        PipelineRun(
            pipeline=job,
            external_id=f"{job}/{build.identifier('number')}",
            repository=repository(scm.text("url")),
            status=status,
            branch=branch(scm.text("branch")),
            revision=scm.text("commit"),
            queued_at=at if status == "queued" else None,
            started_at=at if status == "running" else _began(build, at),
            finished_at=finished_at,
            url=build.text("full_url"),
            labels={"job": job},
        )
    ]


def key(headers: Mapping[str, str], body: bytes) -> str:
    """Job, build and phase: Jenkins gives its deliveries no identity. Raises `MalformedPayload`."""
    payload = read_object(body)
    build = payload.object("build")
    return f"{_job(payload)}/{build.identifier('number')} {build.text('phase').upper()}"


def _job(payload: Fields) -> str:
    """The name of a job with its folders: a branch of a multibranch job is called `main` in each of them."""
    path = [part for part in payload.text("url").split("/") if part]
    named = path[1::2] if path[::2] == ["job"] * len(path[1::2]) else []
    return "/".join(named) or payload.required_text("name")


def _status(build: Fields) -> RunStatus | None:
    match build.text("phase").upper():
        case "QUEUED":
            return "queued"
        case "STARTED":
            return "running"
        case "COMPLETED" | "FINALIZED":
            return _RESULTS.get(build.text("status").upper(), "cancelled")
        case _:
            return None


def _time(build: Fields) -> datetime | None:
    at = build.time("timestamp")
    return at if at and at.year > 1970 else None


def _began(build: Fields, ended: datetime | None) -> datetime | None:
    """When a build began that tells of its end and its duration."""
    lasted = build.values.get("duration")
    if isinstance(lasted, str) and re.fullmatch(r"\d{1,12}", lasted, re.ASCII):
        lasted = int(lasted)
    if ended is None or not isinstance(lasted, int) or not 0 < lasted <= _LONGEST:
        return None
    return ended - timedelta(milliseconds=lasted)
