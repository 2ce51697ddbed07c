"""Asking the gate. The same question again is the same check, decided anew on what is true by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from changes.gate import keeping
from changes.gate.decision import decide
from changes.gate.gathering import gather, known_paths
from changes.gate.people import find_author
from changes.gate.question import Question, clean_paths
from changes.models import GateCheck, GateVerdict
from changes.revisions import same_commit
from notifications.models import Integration
from notifications.weblinks import web_address
from oncall.catalogue import find_service
from oncall.models import Person, Service

LONGEST = {"service": 200, "environment": 60, "revision": 100, "kind": 20, "actor": 200, "repository": 200}
LONGEST_DESCRIPTION = 10_000
MOST_PATHS = 3_000
REFUSED_FOR = timedelta(hours=24)
LARGEST_NUMBER = 2**31 - 1
EXPIRES_AT_ONCE = 100


@transaction.atomic
def check(*, question: Question, by: Person | None, integration: Integration | None = None) -> GateCheck:
    """May this be changed now? Keeps the question with its answer, writes the ledger, and tells `gate.decided`.

    Whoever asks the same again gets the same check, while it waits or its permission holds; it is decided anew. What
    cannot be understood is no error but the decision `invalid`.
    """
    service = find_service(question.service.strip(), _repository(question, integration), integration)
    author = find_author(question.actor.strip(), by)
    question = _plain(question, service, by)
    _one_at_a_time(question, service)
    standing = _asked_already(question, service, by) if service else None
    return keeping.renew(standing) if standing else _ask(question, service, author, by, integration)


@transaction.atomic
def look_again(check: GateCheck) -> GateCheck:
    """Decide anew on what is true now, as far as the check still waits or its permission holds."""
    locked = keeping.locked(check)
    return keeping.renew(locked) if locked.holds else locked


def expire_due() -> int:
    """End the checks that nobody authorised in time; returns how many."""
    ended = 0
    late = GateCheck.objects.filter(decision=GateCheck.Decision.AWAITING, expires_at__lte=timezone.now())
    for pk in late.order_by("expires_at").values_list("pk", flat=True)[:EXPIRES_AT_ONCE]:
        with transaction.atomic():
            free = GateCheck.objects.select_for_update(of=("self",), skip_locked=True)
            check = free.filter(pk=pk, decision=GateCheck.Decision.AWAITING).first()
            if check:
                keeping.end(check)
                ended += 1
    return ended


def _repository(question: Question, integration: Integration | None) -> str:
    """The repository that a service is found by: a name that somebody gave and nobody knows is a slip of theirs."""
    if integration or not question.service:
        return question.repository
    return question.service.strip() if "/" in question.service else ""


def _plain(question: Question, service: Service | None, by: Person | None) -> Question:
    """As it is kept: nothing longer than its column, no blanks around, and what was left out as it is meant."""
    texts = {name: getattr(question, name).strip()[:longest] for name, longest in LONGEST.items()}
    texts["environment"] = texts["environment"] or (service.environment if service else "production")
    texts["actor"] = texts["actor"] or (str(by) if by else "")
    return replace(
        question,
        **texts,
        description=question.description.strip()[:LONGEST_DESCRIPTION],
        pipeline_url=web_address(question.pipeline_url, longest=500),
        paths=clean_paths([path[:500] for path in question.paths[:MOST_PATHS]]),
    )


def _one_at_a_time(question: Question, service: Service | None) -> None:
    """Two who ask the same at once wait for one another, so that they get one check."""
    about = f"gate:{service.pk if service else question.service}:{question.environment.casefold()}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [about])


def _asked_already(question: Question, service: Service, by: Person | None) -> GateCheck | None:
    """The check of the same question that still waits, or whose permission holds, held until the transaction ends.

    A permission that nobody gave by name is its actor's alone, as what a template allows depends on who it is. One for
    an incident is the asker's alone, as others may not know of it.
    """
    said = Exists(GateVerdict.objects.filter(check_asked=OuterRef("pk")))
    same = _live(timezone.now()).filter(
        Q(decision=GateCheck.Decision.AWAITING) | said | Q(actor__iexact=question.actor),
        service=service,
        environment__iexact=question.environment,
        kind=question.kind,
        rollback=question.rollback,
        emergency=question.emergency,
        incident=question.incident,
    )
    if question.incident is not None:
        same = same.filter(asked_by=by)
    pushed = set() if question.paths else set(known_paths(question, service) or ())
    for found in same.select_for_update(of=("self",)).order_by("-asked_at", "-pk"):
        if _is_same(found, question, pushed):
            return found
    return None


def _is_same(check: GateCheck, question: Question, pushed: set[str]) -> bool:
    """Whether the check is about this revision, or these words, and about the files that the question is about.

    An answer for files that somebody named is none for a question that names none.
    """
    if check.revision and question.revision:
        same = same_commit(check.revision, question.revision)
    else:  # what has no revision is known by what was said of it
        same = (check.revision, check.description) == (question.revision, question.description)
    asked, answered = set(question.paths), set(check.paths)
    return same and (asked <= answered if asked else answered <= pushed)


def _live(now: datetime) -> QuerySet[GateCheck]:
    """Those that wait, whose permission holds, or that the other side refused lately: asking again is no way round."""
    answered = [GateCheck.Decision.AWAITING, GateCheck.Decision.ALLOWED]
    by_others = GateVerdict.objects.filter(check_asked=OuterRef("pk"), kind=GateVerdict.Kind.REFUSED).exclude(side="")
    refused = Q(decision=GateCheck.Decision.PREVENTED, rule="refused", decided_at__gt=now - REFUSED_FOR)
    return GateCheck.objects.filter(Q(decision__in=answered, expires_at__gt=now) | refused & Exists(by_others))


def _ask(
    question: Question,
    service: Service | None,
    author: Person | None,
    by: Person | None,
    integration: Integration | None,
) -> GateCheck:
    facts = gather(question, service=service, author=author, asker=by)
    number = question.incident
    check = GateCheck(
        service=service,
        service_hint="" if service else question.service,
        environment=question.environment,
        revision=question.revision,
        repository=question.repository,
        kind=question.kind,
        rollback=question.rollback,
        emergency=question.emergency,
        actor=question.actor,
        author=author,
        pipeline_url=question.pipeline_url,
        description=question.description,
        incident=number if number is not None and 0 < number <= LARGEST_NUMBER else None,
        paths=list(facts.paths or ()),
        asked_by=by,
        integration=integration,
        asked_at=facts.now,
    )
    return keeping.keep(check, decide(facts), at=facts.now)
