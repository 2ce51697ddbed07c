"""What a sender of changes can tell us, whoever the sender is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ChangeState = Literal["requested", "authorised", "started", "succeeded", "failed", "rolled_back", "superseded"]
ChangeKind = Literal["deploy", "config", "flag", "infrastructure", "data"]
ChangeType = Literal["", "standard", "normal", "emergency"]
RunStatus = Literal["queued", "running", "success", "failed", "cancelled", "skipped"]


@dataclass(frozen=True, kw_only=True)
class ChangeEvent:
    """One step of a change. Steps of one change share their `external_id` (unique within the sender), unless it is
    `nameless`: then one that ends continues what is under way of the same service, environment and revision.

    `service_hint` is what the sender calls the service (name or slug), None where its repository or the
    integration must tell. `why` says why it was allowed; `overridden`: although the gate would not have let it.
    `labels` are what rules of an integration may look at. Absent text is "", `occurred_at` is aware.
    """

    external_id: str
    state: ChangeState
    occurred_at: datetime
    kind: ChangeKind = "deploy"
    environment: str = ""
    revision: str = ""
    ref: str = ""
    repository: str = ""
    service_hint: str | None = None
    actor: str = ""
    url: str = ""
    description: str = ""
    type: ChangeType = ""
    why: str = ""
    overridden: bool = False
    nameless: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PipelineRun:
    """Where one run of a pipeline stands. Reports about the same run share their `external_id`.

    `default_branch` is that of the repository, where the sender tells it; a branch of a fork is `owner:branch`.
    `service_hint` and `labels` are as a `ChangeEvent` has them.
    """

    pipeline: str
    external_id: str
    repository: str
    status: RunStatus
    branch: str = ""
    default_branch: str = ""
    revision: str = ""
    queued_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    url: str = ""
    actor: str = ""
    service_hint: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PushedCommit:
    """One commit of a push: `paths` are the files it touches, as far as its sender tells."""

    sha: str
    message: str = ""
    author: str = ""
    committed_at: datetime | None = None
    url: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Push:
    """Commits that came to a branch, oldest first.

    `ref` is the branch without `refs/heads/`, `before` is "" for a branch that is new, and `pushed_at` is None where
    the sender does not say. `complete` is False where it left commits out.
    """

    repository: str
    ref: str
    before: str
    after: str
    commits: tuple[PushedCommit, ...] = ()
    complete: bool = True
    forced: bool = False
    pushed_at: datetime | None = None
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class AlertReport:
    """An alert told through the generic sender; reports with one `external_id` are about one alert."""

    external_id: str
    title: str
    firing: bool
    occurred_at: datetime
    severity: str = ""
    environment: str = ""
    service_hint: str | None = None
    revision: str = ""
    url: str = ""
    description: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Note:
    """A remark worth having on the timeline of a service, which is neither a change nor an alert."""

    external_id: str
    text: str
    occurred_at: datetime
    service_hint: str | None = None
    actor: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ProtectionRequest:
    """A deployment on GitHub that waits for the gate's answer at `callback_url`, which is yet to be checked.

    `installation` is that of the GitHub App; `service_hint` is as a `ChangeEvent` has it.
    """

    external_id: str
    callback_url: str
    installation: int
    environment: str
    repository: str
    revision: str
    actor: str = ""
    description: str = ""
    service_hint: str | None = None
    rollback: bool = False
