"""What is known of a question when it is asked: a fixed number of queries for each repository, however much there
is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from changes import code
from changes.gate.facts import (
    Facts,
    FreezeFacts,
    GuardFacts,
    OpenIncident,
    ServiceFacts,
    TeamFacts,
    TemplateFacts,
    Verdict,
)
from changes.gate.people import standing
from changes.gate.question import WITHOUT_FILES, Question, clean_paths
from changes.models import Change, ChangeTemplate, Freeze, GateVerdict, Guard, State
from changes.revisions import same_commit
from oncall.definition import values
from oncall.models import Person, Service, Team
from oncall.rotas.clockwindow import EVERY_DAY, ClockWindow

MOST_RECALLED = 200  # successes that are looked at: more than a template may ask for


def gather(
    question: Question,
    *,
    service: Service | None,
    author: Person | None,
    asker: Person | None,
    verdicts: Sequence[GateVerdict] = (),
) -> Facts:
    """The facts on which the gate decides about this question, now."""
    people = standing([author, asker, *(verdict.by for verdict in verdicts)], service)
    done = _successes(question, service)
    return Facts(
        question=question,
        now=timezone.now(),
        service=_service(service) if service else None,
        environment=question.environment,
        paths=_paths(question, service, done),
        author=people.get(author.pk) if author else None,
        asker=people.get(asker.pk) if asker else None,
        incidents=tuple(_incidents(question, service, asker)),
        freezes=tuple(map(freeze_facts, _freezes())),
        guards=tuple(map(_guard, Guard.objects.filter(retired_at=None).select_related("team"))),
        templates=tuple(_templates(service)),
        successes=len(done),
        ran_before=any(same_commit(revision, question.revision) for revision in done),
        verdicts=tuple(
            Verdict(kind=verdict.kind, by=people[verdict.by_id], why=verdict.why)  # type: ignore[arg-type]
            for verdict in verdicts
            if verdict.by_id
        ),
        open_environments=tuple(settings.GATE_OPEN_ENVIRONMENTS),
    )


def freeze_facts(freeze: Freeze) -> FreezeFacts:
    """A freeze as the rules know it; its services are prefetched."""
    return FreezeFacts(
        id=freeze.pk,
        name=freeze.name,
        why=freeze.why,
        timezone=freeze.timezone,
        start=freeze.start,
        end=freeze.end,
        windows=tuple(map(_window, freeze.windows)),
        services=frozenset(service.pk for service in freeze.services.all()),
        environment=freeze.environment,
    )


def known_paths(question: Question, service: Service) -> tuple[str, ...] | None:
    """The files that this question is about, as far as it says and as pushes told; None where nobody knows."""
    return _paths(question, service, _successes(question, service))


def _window(told: dict[str, object]) -> ClockWindow:
    """One of `Freeze.windows`; `changes.gate.freezes` keeps none that cannot be read."""
    weekdays = values.weekdays(told["weekdays"]) if told.get("weekdays") else EVERY_DAY
    return ClockWindow(weekdays, values.opening(told.get("from", "00:00")), values.clock(told.get("to", "24:00")))


def _service(service: Service) -> ServiceFacts:
    teams = {"dev": service.dev_team, "ops": service.ops_team}
    return ServiceFacts(
        id=service.pk,
        slug=service.slug,
        name=service.name,
        environment=service.environment,
        teams={side: team_facts(team) for side, team in teams.items() if team},
    )


def team_facts(team: Team) -> TeamFacts:
    return TeamFacts(slug=team.slug, name=team.name)


def _successes(question: Question, service: Service | None) -> list[str]:
    """The revisions of the latest successes of this kind, the newest first."""
    if service is None:
        return []
    done = Change.objects.filter(service=service, environment__iexact=question.environment, kind=question.kind)
    done = done.filter(state=State.SUCCEEDED).order_by("-started_at", "-pk")
    return list(done.values_list("revision", flat=True)[:MOST_RECALLED])


def _paths(question: Question, service: Service | None, done: Sequence[str]) -> tuple[str, ...] | None:
    """The files it touches: those that were named, and those of the commits since what runs now, as pushes told.

    The service's repositories are looked at whatever repository the question names, lest it names another on purpose.
    """
    running = next((revision for revision in done if revision), "")
    named = [question.repository, *(service.repositories if service else ())] if question.revision else []
    repositories = {repository.lower() for repository in named if repository}
    told = [code.paths_of(repository, question.revision, since=running) for repository in sorted(repositories)]
    pushed = [path for paths in told for path in paths or ()]
    if question.paths or any(paths is not None for paths in told):
        return clean_paths([*question.paths, *pushed])
    return () if question.kind in WITHOUT_FILES else None


def _incidents(question: Question, service: Service | None, asker: Person | None) -> list[OpenIncident]:
    """Those that are open around the service, and the one that is named, as the room above knows them."""
    if service is None:
        return []
    named = [] if question.incident is None else [question.incident]
    found: list[OpenIncident] = import_string(settings.GATE_INCIDENTS)([service.pk], asker, named=named)
    return found


def _freezes() -> QuerySet[Freeze]:
    """Those that hold, or will."""
    return Freeze.objects.filter(lifted_at=None).exclude(end__lte=timezone.now()).prefetch_related("services")


def _guard(guard: Guard) -> GuardFacts:
    return GuardFacts(
        name=guard.name,
        service=guard.service_id,
        paths=tuple(guard.paths),
        team=team_facts(guard.team) if guard.team else None,
        why=guard.why,
    )


def _templates(service: Service | None) -> list[TemplateFacts]:
    if service is None:
        return []
    live = ChangeTemplate.objects.filter(Q(service=service) | Q(service=None), retired_at=None).select_related("team")
    return [
        TemplateFacts(
            id=template.pk,
            name=template.name,
            service=template.service_id,
            environment=template.environment,
            kind=template.kind,
            paths=tuple(template.paths),
            team=team_facts(template.team) if template.team else None,
            earlier_successes=template.earlier_successes,
            suspended=_suspended(template),
        )
        for template in live.order_by("pk")
    ]


def _suspended(template: ChangeTemplate) -> str:
    at: datetime | None = template.suspended_at
    return template.suspended_why or f"since {at:%Y-%m-%d %H:%M} UTC." if at else ""
