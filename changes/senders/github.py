"""GitHub webhooks: deployments, their statuses, protection rules, workflow runs and pushes.

Shapes: https://docs.github.com/en/webhooks/webhook-events-and-payloads. GitHub never sends a delivery again
by itself; `X-GitHub-Delivery` tells repetitions apart before anything gets here.
"""

from collections.abc import Mapping
from urllib.parse import parse_qs

from changes.events import ChangeEvent, ChangeState, PipelineRun, ProtectionRequest, Push, RunStatus
from changes.senders import pushes
from notifications.payloads import Fields, MalformedPayload, header, read_object

_STATES: dict[str, ChangeState] = {
    "pending": "requested",
    "queued": "requested",
    "waiting": "requested",
    "in_progress": "started",
    "success": "succeeded",
    "failure": "failed",
    "error": "failed",
    "inactive": "superseded",  # a newer deployment took its place
}
_CONCLUSIONS: dict[str, RunStatus] = {
    "success": "success",
    "neutral": "success",
    "failure": "failed",
    "timed_out": "failed",
    "startup_failure": "failed",
    "skipped": "skipped",
}
Told = ChangeEvent | PipelineRun | Push | ProtectionRequest
_MOST_COMMITS = 2048  # of a push; GitHub leaves others out without a word


def parse(headers: Mapping[str, str], body: bytes) -> list[Told]:
    """What a delivery says; nothing for `ping` and for types we do not use. Raises `MalformedPayload`."""
    payload = read_object(_document(headers, body))
    match header(headers, "X-GitHub-Event"):
        case "deployment":
            return [_deployment(payload)]
        case "deployment_status":
            return _deployment_status(payload)
        case "workflow_run":
            return [_workflow_run(payload)]
        case "push":
            return list(_push(payload))
        case "deployment_protection_rule":
            return _protection_rule(payload)
        case _:
            return []


def _document(headers: Mapping[str, str], body: bytes) -> bytes:
    """The JSON of a delivery, also where the hook was set up with the content type of a form."""
    if not header(headers, "Content-Type").startswith("application/x-www-form-urlencoded"):
        return body
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=10)["payload"][0].encode("utf-8", "surrogatepass")
    except (ValueError, KeyError) as error:
        raise MalformedPayload("body", body[:40], "a form with the field `payload`") from error


def _deployment(payload: Fields) -> ChangeEvent:
    deployment = payload.object("deployment")
    return _change(payload, "requested", deployment, deployment)


def _deployment_status(payload: Fields) -> list[Told]:
    status = payload.object("deployment_status")
    state = _STATES.get(status.required_text("state"))
    return [_change(payload, state, status, payload.object("deployment"))] if state else []


def _change(payload: Fields, state: ChangeState, step: Fields, deployment: Fields) -> ChangeEvent:
    """One step of a deployment: `step` is the deployment itself or one of its statuses."""
    repository = payload.object("repository")
    return ChangeEvent(
        external_id=deployment.identifier("id"),
        state=state,
        occurred_at=step.required_time("created_at"),
        environment=step.text("environment") or deployment.text("environment"),
        revision=deployment.text("sha"),
        ref=deployment.text("ref"),
        repository=repository.text("full_name"),
        service_hint=_service_hint(deployment),
        actor=deployment.object("creator").text("login") or payload.object("sender").text("login"),
        url=step.text("log_url") or step.text("target_url") or repository.text("html_url"),
        description=step.text("description") or deployment.text("description"),
        data={"task": deployment.text("task"), "environment_url": step.text("environment_url")},
    )


def _protection_rule(payload: Fields) -> list[Told]:
    """https://docs.github.com/webhooks/webhook-events-and-payloads#deployment_protection_rule"""
    if payload.text("action", "requested") != "requested":
        return []
    deployment, callback = payload.object("deployment"), payload.required_text("deployment_callback_url")
    environment = payload.text("environment") or deployment.required_text("environment")
    return [
        ProtectionRequest(
            external_id=f"{callback} {environment}",
            callback_url=callback,
            installation=payload.object("installation").integer("id", 0),
            environment=environment,
            repository=payload.object("repository").text("full_name"),
            revision=deployment.text("sha"),
            actor=payload.object("sender").text("login") or deployment.object("creator").text("login"),
            description=deployment.text("description"),
            service_hint=_service_hint(deployment),
            rollback=deployment.text("task").startswith("rollback"),
        )
    ]


def _service_hint(deployment: Fields) -> str | None:
    """`service` in the deployment's own payload, which is whatever its creator put there: object or text."""
    own = deployment.values.get("payload")
    service = own.get("service") if isinstance(own, dict) else None
    return service if isinstance(service, str) and service else None


def _workflow_run(payload: Fields) -> PipelineRun:
    run = payload.object("workflow_run")
    status = _run_status(run)
    ended = status not in ("queued", "running")
    return PipelineRun(
        pipeline=run.text("name") or payload.object("workflow").text("name") or run.identifier("workflow_id"),
        external_id=f"{run.identifier('id')}/{run.integer('run_attempt', 1)}",
        repository=payload.object("repository").text("full_name"),
        status=status,
        branch=_branch(payload, run),
        default_branch=payload.object("repository").text("default_branch"),
        revision=run.text("head_sha"),
        started_at=run.time("run_started_at") or run.time("created_at"),
        finished_at=run.time("updated_at") if ended else None,
        url=run.text("html_url"),
        actor=run.object("actor").text("login") or payload.object("sender").text("login"),
    )


def _branch(payload: Fields, run: Fields) -> str:
    """The branch a run is of; that of a fork is no branch of ours, whatever its name."""
    ours, theirs = payload.object("repository").text("full_name"), run.object("head_repository").text("full_name")
    branch = run.text("head_branch")
    return branch if theirs in ("", ours) else f"{theirs.partition('/')[0]}:{branch}"


def _run_status(run: Fields) -> RunStatus:
    """A run that ended without a verdict we know (`stale`, one yet to be invented) is cancelled."""
    status = run.required_text("status")
    if status == "completed":
        return _CONCLUSIONS.get(run.text("conclusion"), "cancelled")
    return "running" if status == "in_progress" else "queued"


def _push(payload: Fields) -> list[Push]:
    repository, pusher = payload.object("repository"), payload.object("pusher")
    commits = payload.values.get("commits")
    return pushes.push(
        payload,
        repository=repository.text("full_name"),
        actor=payload.object("sender").text("login") or pusher.text("name"),
        complete=isinstance(commits, list) and len(commits) < _MOST_COMMITS,
    )
