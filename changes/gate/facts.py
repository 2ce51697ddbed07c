"""Everything that a decision depends on, as it stood when it was made. No Django here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from changes.gate.question import Question
from oncall.rotas.clockwindow import ClockWindow

VerdictKind = Literal["authorised", "refused", "overridden", "reviewed"]
SIDES = ("dev", "ops")


@dataclass(frozen=True, kw_only=True)
class TeamFacts:
    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """`environment` is where it runs for its users."""

    id: int
    slug: str
    name: str
    environment: str = "production"
    teams: dict[str, TeamFacts] = field(default_factory=dict)  # by side


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A person, for which sides of the service they stand, and in which teams (slugs) they are."""

    id: int
    name: str
    sides: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class OpenIncident:
    """An incident that may hold changes up, or that the question names.

    `blocks`: it is a sev1 or sev2, open on the service or on what that depends on; `on` says on which, by slug, and
    `known`: the asker may see it. Nobody is told more of a private one than that it is there.
    """

    number: int
    severity: str
    on: tuple[str, ...] = ()
    private: bool = False
    blocks: bool = False
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class FreezeFacts:
    """`services` are ids, empty for all; see `changes.models.Freeze`. Windows hold within [start, end) if that is
    given."""

    id: int
    name: str
    why: str = ""
    timezone: str = "UTC"
    start: datetime | None = None
    end: datetime | None = None
    windows: Sequence[ClockWindow] = ()
    services: frozenset[int] = frozenset()
    environment: str = ""


@dataclass(frozen=True, kw_only=True)
class GuardFacts:
    """What guards security: a service (None: every one), and paths (none: all of it)."""

    name: str
    service: int | None = None
    paths: tuple[str, ...] = ()
    team: TeamFacts | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class TemplateFacts:
    """A change that is authorised beforehand. What is left empty fits everything; `suspended`: why, else ""."""

    id: int
    name: str
    service: int | None = None
    environment: str = ""
    kind: str = ""
    paths: tuple[str, ...] = ()
    team: TeamFacts | None = None
    earlier_successes: int = 0
    suspended: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What somebody said of this question before."""

    kind: VerdictKind
    by: Someone
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The question, and all that is known about it at `now` (aware).

    `paths` None: nobody knows which files it touches. `author` None: nobody of ours is known by the actor's name.
    `successes`: how many changes of this kind, service and environment have succeeded; `ran_before`: this revision
    was among them. `open_environments`: patterns of those in which a normal change needs no authorisation.
    """

    question: Question
    now: datetime
    service: ServiceFacts | None = None
    environment: str = "production"
    paths: tuple[str, ...] | None = None
    author: Someone | None = None
    asker: Someone | None = None
    incidents: tuple[OpenIncident, ...] = ()
    freezes: tuple[FreezeFacts, ...] = ()
    guards: tuple[GuardFacts, ...] = ()
    templates: tuple[TemplateFacts, ...] = ()
    successes: int = 0
    ran_before: bool = False
    verdicts: tuple[Verdict, ...] = ()
    open_environments: tuple[str, ...] = ()
