"""Which change might it be? Points for each reason, so that people can judge the reasons.

The weights are the design's and not fitted to data; people's verdicts are kept and reported as recall at 3.
Who made a change is not among the inputs, so it cannot score.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from changes.revisions import same_commit

WINDOW = timedelta(hours=6)
LONG_WINDOW = timedelta(hours=24)  # what a configuration or a flag does may wait for its occasion
AFTER = timedelta(minutes=5)  # clocks differ
DECAY_MINUTES = 45.0

_NEARNESS = {0: 40.0, 1: 25.0, 2: 12.0}
_SHARED_PLATFORM = 10.0
_TIME = 30.0
_NOTHING_HAPPENED = frozenset({"requested", "authorised", "superseded", "inactive"})
_VERBS = {
    "deploy": "Deployed to",
    "config": "Changed the configuration of",
    "flag": "Switched a flag of",
    "infrastructure": "Changed the infrastructure of",
    "data": "Changed the data of",
}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A change as far as it matters here; `finished_at` is None while it is being rolled out, or if nobody told.

    `shared_platform`: its service is one that everything runs on, whether or not that is written down as a
    dependency; `overridden`: it passed a policy by a recorded override.
    """

    key: str
    service: str
    kind: str
    state: str
    started_at: datetime
    finished_at: datetime | None = None
    environment: str = ""
    revision: str = ""
    emergency: bool = False
    overridden: bool = False
    shared_platform: bool = False


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An incident as far as it matters here: its alerts' starts and releases; environment "" is unknown.

    `started_at`: when the harm began as far as people know, which is the declaration unless somebody said otherwise.
    """

    started_at: datetime
    environment: str = ""
    alert_starts: tuple[datetime, ...] = ()
    releases: frozenset[str] = frozenset()

    @property
    def began_at(self) -> datetime:
        """t0: the earliest alert's start or, where it is earlier or no alert fired, what people say."""
        return min(self.started_at, *self.alert_starts) if self.alert_starts else self.started_at


@dataclass(frozen=True)
class Reason:
    """Why, in words, and for how many points (negative speaks against)."""

    text: str
    points: float


@dataclass(frozen=True)
class Suspect:
    """A change with the sum of its reasons' points."""

    change: Candidate
    points: float
    reasons: tuple[Reason, ...]


def dependency_distances(start_services: Iterable[str], depends_on_edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Hops along `(service, depends on)` from the nearest of `start_services`, which are at 0 themselves."""
    dependencies: dict[str, list[str]] = {}
    for service, dependency in depends_on_edges:
        dependencies.setdefault(service, []).append(dependency)
    distances = dict.fromkeys(start_services, 0)
    queue = deque(distances)
    while queue:
        service = queue.popleft()
        for dependency in dependencies.get(service, ()):
            if dependency not in distances:
                distances[dependency] = distances[service] + 1
                queue.append(dependency)
    return distances


def rank(
    changes: Iterable[Candidate],
    incident: Trouble,
    distances: Mapping[str, int],
    telemetry: Mapping[str, Sequence[Reason]] | None = None,
) -> list[Suspect]:
    """All changes that may have had a part, best first; of equals the later one first.

    `distances` are those of `dependency_distances` from the incident's services; `telemetry` is what panels
    say by change key, as `incidents.evidence` tells it.
    """
    shown = telemetry or {}
    suspects = [
        _suspect(change, [nearness, *_reasons(change, incident, shown.get(change.key, ()))])
        for change in changes
        if _in_window(change, incident.began_at)
        for nearness in _nearness(change, distances)
    ]
    return sorted(suspects, key=lambda one: (-one.points, -_end(one.change).timestamp(), one.change.key))


def best(suspects: list[Suspect], limit: int = 5) -> list[Suspect]:
    """The first few of a ranking, without those that more speaks against than for."""
    return [suspect for suspect in suspects if suspect.points > 0][:limit]


def _suspect(change: Candidate, reasons: list[Reason]) -> Suspect:
    return Suspect(change, sum(reason.points for reason in reasons), tuple(reasons))


def _end(change: Candidate) -> datetime:
    return change.finished_at or change.started_at


def _in_window(change: Candidate, t0: datetime) -> bool:
    """Whether the change was at work between some hours before `t0` and five minutes after it.

    One that started before that and never told of its end is taken to have ended: senders lose messages.
    """
    if change.state in _NOTHING_HAPPENED:
        return False
    since = t0 - (LONG_WINDOW if change.kind in ("config", "flag") else WINDOW)
    return _end(change) >= since and change.started_at <= t0 + AFTER


def _nearness(change: Candidate, distances: Mapping[str, int]) -> list[Reason]:
    """One reason, or none for a service too far away to be suspected."""
    hops = distances.get(change.service)
    did = f"{_VERBS.get(change.kind, 'Changed')} {change.service}"
    where = {0: f"{did} itself", 1: f"{did}, a direct dependency", 2: f"{did}, two dependencies away"}
    if hops in where and hops is not None:
        return [Reason(where[hops], _NEARNESS[hops])]
    return [Reason(f"{did}, a shared platform", _SHARED_PLATFORM)] if change.shared_platform else []


def _reasons(change: Candidate, incident: Trouble, telemetry: Sequence[Reason]) -> list[Reason]:
    reasons = [_time(change, incident.began_at), *telemetry]
    if any(same_commit(change.revision, release) for release in incident.releases):
        reasons.append(Reason(f"An alert names its revision {change.revision}", 10.0))
    if unusual := _unusual(change):
        reasons.append(Reason(unusual, 5.0))
    if change.environment and incident.environment and change.environment != incident.environment:
        reasons.append(Reason(f"Was in {change.environment}; the trouble is in {incident.environment}", -20.0))
    return reasons


def _time(change: Candidate, t0: datetime) -> Reason:
    """All points where the rollout spans `t0`, else fewer the further its end lies from `t0`."""
    if change.started_at <= t0 and (change.finished_at is None or change.finished_at >= t0):
        return Reason("Was being rolled out when the trouble began", _TIME)
    minutes = abs((t0 - _end(change)).total_seconds()) / 60
    side = "before" if _end(change) < t0 else "after"
    verb = "Finished" if change.finished_at else "Started"
    text = f"{verb} {_duration(minutes)} {side} the trouble began"
    return Reason(text, _TIME * math.exp(-minutes / DECAY_MINUTES))


def _duration(minutes: float) -> str:
    whole = round(minutes)
    if whole < 1:
        return "less than a minute"
    hours, rest = divmod(whole, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]))


def _unusual(change: Candidate) -> str:
    marks = [
        "an emergency change" if change.emergency else "",
        "allowed by an override" if change.overridden else "",
        "failed" if change.state == "failed" else "",
    ]
    return ", ".join(filter(None, marks)).capitalize()
