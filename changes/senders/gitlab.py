"""GitLab webhooks: deployments, pipelines, jobs and pushes.

Shapes: https://docs.gitlab.com/user/project/integrations/webhook_events/, back to GitLab 13, whose deployments have
neither a time nor an id of their own. GitLab disables a hook that is answered 4xx, so little is required here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from changes.events import ChangeEvent, ChangeState, PipelineRun, Push, RunStatus
from changes.senders import pushes
from changes.senders.repositories import branch, repository
from notifications.payloads import Fields, read_object

_STATES: dict[str, ChangeState] = {
    "created": "requested",
    "blocked": "requested",  # waits for an approval
    "running": "started",
    "success": "succeeded",
    "failed": "failed",
    "canceled": "failed",
    "skipped": "superseded",  # its job did not run
}
_STATUSES: dict[str, RunStatus] = {
    "created": "queued",
    "waiting_for_resource": "queued",
    "preparing": "queued",
    "pending": "queued",
    "scheduled": "queued",
    "running": "running",
    "manual": "running",  # the rest waits for somebody to press a button
    "success": "success",
    "failed": "failed",
    "canceling": "cancelled",
    "canceled": "cancelled",
    "skipped": "skipped",
}


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[ChangeEvent | PipelineRun | Push]:
    """What a delivery says; nothing for kinds we do not use. Raises `MalformedPayload`.

    `received_at` (aware) is the time of a deployment that names none.
    """
    payload = read_object(body)
    match payload.text("object_kind") or payload.text("event_name"):
        case "deployment":
            return list(_deployment(payload, received_at))
        case "pipeline":
            return list(_pipeline(payload))
        case "build":
            return list(_job(payload))
        case "push":
            return list(_push(payload))
        case _:
            return []


def _deployment(payload: Fields, received_at: datetime) -> list[ChangeEvent]:
    status = payload.required_text("status")
    if status not in _STATES:
        return []
    project, user, commit = payload.object("project"), payload.object("user"), payload.text("commit_url")
    return [
        ChangeEvent(
            external_id=_deployment_id(payload, project),
            state=_STATES[status],
            occurred_at=payload.time("status_changed_at") or received_at,
            environment=payload.text("environment"),
            revision=commit.rpartition("/commit/")[2] if "/commit/" in commit else payload.text("short_sha"),
            ref=payload.text("ref"),
            repository=_repository(payload),
            actor=user.text("username") or user.text("name"),
            url=payload.text("deployable_url") or project.text("web_url"),
            description=payload.text("commit_title"),
            labels=_labels(tier=payload.text("environment_tier"), project=project.text("name")),
            data={"status": status, "environment_url": payload.text("environment_external_url")},
        )
    ]


def _deployment_id(payload: Fields, project: Fields) -> str:
    """Its own id; before GitLab 14 that of its job; failing both, what it brings where."""
    if "deployment_id" in payload:
        return payload.identifier("deployment_id")
    if "deployable_id" in payload:
        return f"job/{payload.identifier('deployable_id')}"
    told = (project.text("path_with_namespace"), payload.text("environment"), payload.text("short_sha"))
    return payload.text("deployable_url") or "/".join(told)


def _pipeline(payload: Fields) -> list[PipelineRun]:
    run = payload.object("object_attributes")
    status = _STATUSES.get(run.required_text("status"))
    if status is None:
        return []
    project, number, created_at = payload.object("project"), run.identifier("id"), run.time("created_at")
    began = status not in ("queued", "skipped")
    return [
        PipelineRun(
            pipeline=run.text("name") or project.text("name") or "pipeline",
            external_id=f"pipeline/{number}",
            repository=_repository(payload),
            status=status,
            branch=branch(run.text("ref")),
            default_branch=project.text("default_branch"),
            revision=run.text("sha"),
            queued_at=created_at,
            started_at=_later(created_at, run.values.get("queued_duration")) if began else None,
            finished_at=run.time("finished_at"),
            url=run.text("url") or _page(project.text("web_url"), "pipelines", number),
            actor=_user(payload),
            labels=_labels(source=run.text("source"), project=project.text("name")),
        )
    ]


def _job(payload: Fields) -> list[PipelineRun]:
    status = _STATUSES.get(payload.required_text("build_status"))
    if status is None:
        return []
    number = payload.identifier("build_id")
    web = payload.object("project").text("web_url") or payload.object("repository").text("homepage")
    return [
        PipelineRun(
            pipeline=payload.text("build_name") or f"job {number}",
            external_id=f"job/{number}",
            repository=_repository(payload),
            status=status,
            branch=branch(payload.text("ref")),
            revision=payload.text("sha"),
            queued_at=payload.time("build_created_at"),
            started_at=payload.time("build_started_at"),
            finished_at=payload.time("build_finished_at"),
            url=_page(web, "jobs", number),
            actor=_user(payload),
            labels=_labels(stage=payload.text("build_stage"), job=payload.text("build_name")),
        )
    ]


def _push(payload: Fields) -> list[Push]:
    commits = payload.values.get("commits")
    told = len(commits) if isinstance(commits, list) else 0
    return pushes.push(
        payload,
        repository=_repository(payload),
        actor=payload.text("user_username") or payload.text("user_name"),
        complete=payload.integer("total_commits_count", told) <= told,  # it lists the newest twenty
    )


def _repository(payload: Fields) -> str:
    """`group/project`; a job of older versions tells of it in addresses alone."""
    project, repo = payload.object("project"), payload.object("repository")
    addresses = (project.text("web_url"), repo.text("homepage"), repo.text("git_http_url"), repo.text("git_ssh_url"))
    return project.text("path_with_namespace") or next((repository(one) for one in addresses if one), "")


def _user(payload: Fields) -> str:
    user = payload.object("user")
    return user.text("username") or user.text("name")


def _page(web: str, kind: str, number: str) -> str:
    return f"{web}/-/{kind}/{number}" if web else ""


def _later(at: datetime | None, seconds: object) -> datetime | None:
    """`at` and so many seconds, where those are a number one may wait for."""
    waited = seconds if isinstance(seconds, int | float) and 0 <= seconds <= 31_536_000 else 0
    return at + timedelta(seconds=waited) if at else None


def _labels(**said: str) -> dict[str, str]:
    return {name: value for name, value in said.items() if value}
