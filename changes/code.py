"""What was pushed, and so which commits a change brings.

Repositories and commits are kept in small letters, because senders write them in any. Forced pushes, and those whose
sender left commits out, break the chain: what lies beyond them is not known, and is said to be so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from changes import events
from changes.history import Step, path, upto
from changes.models import Change, Commit, Push, State
from notifications.models import Integration
from notifications.weblinks import web_address

MOST_COMMITS = 2_048  # of one push: as many as GitHub tells of
MOST_PATHS = 3_000  # of one commit; where there are so many, there may be more
MOST_SHOWN = 50
MOST_PUSHES = 200  # looked at on the way from one revision to another
_OVERTAKEN = timedelta(hours=1)  # a push may be told after the one that follows it
_SHA = re.compile(r"[0-9a-f]{7,64}")
_WHOLE = (40, 64)


@dataclass(frozen=True)
class Brought:
    """The commits of a change, oldest first: all `since` the change before it, or where that is None, of its push."""

    commits: list[Commit]
    since: Change | None

    @property
    def latest(self) -> list[Commit]:
        """As many as fit on a page, the newest first."""
        return self.commits[: -MOST_SHOWN - 1 : -1]

    @property
    def more(self) -> int:
        """How many came before those."""
        return max(len(self.commits) - MOST_SHOWN, 0)


@transaction.atomic
def record_push(*, push: events.Push, integration: Integration | None = None) -> Push:
    """Keep a push and its commits, once; a commit belongs to the push that first brought it.

    A branch that is begun at or moved to a commit from elsewhere may tell of none, though it brings files.
    """
    after, shas = _sha(push.after), [_sha(commit.sha) for commit in push.commits]
    row, new = Push.objects.get_or_create(
        repository=push.repository.lower()[:200],
        ref=push.ref[:200],
        before=_sha(push.before),
        after=after,
        defaults={
            "integration": integration,
            "forced": push.forced,
            "pushed_at": push.pushed_at or timezone.now(),
            "actor": push.actor[:200],
            "shas": shas if push.complete and after in shas and len(shas) <= MOST_COMMITS else None,
        },
    )
    if new:
        commits = [_commit(row, commit) for commit in push.commits[-MOST_COMMITS:]]
        Commit.objects.bulk_create(commits, batch_size=200, ignore_conflicts=True)
    return row


def between(repository: str, older: str, newer: str) -> list[Commit] | None:
    """The commits after `older` up to `newer`, oldest first; None where the pushes kept here do not tell.

    Both are commits, whole or in at least seven digits; between one and itself there are none.
    """
    start, end = _whole(repository, older), _whole(repository, newer)
    if not start or not end:
        return None
    shas = [] if start == end else path(_steps(repository, end), start, end)
    return None if shas is None else _commits(repository, shas)


def paths_of(repository: str, revision: str, since: str = "") -> list[str] | None:
    """The files that `revision` touches since another revision, or with the push that brought it; None: not known."""
    commits = between(repository, since, revision) if since else _of_its_push(repository, revision)
    if commits is None or any(len(commit.paths) >= MOST_PATHS for commit in commits):
        return None
    return sorted({path for commit in commits for path in commit.paths})


def brought_by(change: Change) -> Brought | None:
    """The commits a change brought to its environment, as far as they are known; None where nothing is."""
    repository = _repository(change)
    if not repository or not change.revision:
        return None
    before = _before(change)
    commits = between(repository, before.revision, change.revision) if before else None
    if commits is not None:
        return Brought(commits, before)
    commits = _of_its_push(repository, change.revision)
    return Brought(commits, None) if commits else None


def _before(change: Change) -> Change | None:
    """The change that stood there before: the last that succeeded and was not taken back."""
    there = Change.objects.filter(service=change.service, environment=change.environment, kind=change.kind)
    earlier = there.filter(started_at__lt=change.started_at, entries__state=State.SUCCEEDED)
    known = earlier.exclude(revision="").exclude(state=State.ROLLED_BACK)
    return known.order_by("-started_at", "-pk").first() if change.service else None


def _repository(change: Change) -> str:
    """What its sender said, else the one its service has."""
    if change.repository or change.service is None:
        return change.repository
    return change.service.repositories[0] if len(change.service.repositories) == 1 else ""


def _steps(repository: str, newest: str) -> list[Step]:
    """The pushes up to the one that brought a commit, the latest of them."""
    pushes = Push.objects.filter(repository=repository.lower())
    last = pushes.filter(Q(after=newest) | Q(commits__sha=newest)).order_by("-pushed_at").first()
    if last is None:
        return []
    return [_step(push) for push in pushes.filter(pushed_at__lte=last.pushed_at + _OVERTAKEN)[:MOST_PUSHES]]


def _of_its_push(repository: str, revision: str) -> list[Commit] | None:
    sha, pushes = _whole(repository, revision), Push.objects.filter(repository=repository.lower(), forced=False)
    push = pushes.filter(Q(after=sha) | Q(commits__sha=sha)).exclude(shas=None).first() if sha else None
    return _commits(repository, upto(_step(push), sha)) if push else None


def _step(push: Push) -> Step:
    return Step(before=push.before, after=push.after, shas=push.shas, forced=push.forced)


def _commits(repository: str, shas: list[str]) -> list[Commit]:
    found = {commit.sha: commit for commit in Commit.objects.filter(repository=repository.lower(), sha__in=shas)}
    return [found[sha] for sha in shas if sha in found]


def _whole(repository: str, revision: str) -> str:
    """A commit's whole id; "" for what is none, and for a beginning that no commit or several have."""
    sha = revision.strip().lower()
    if not _SHA.fullmatch(sha) or len(sha) in _WHOLE:
        return sha if _SHA.fullmatch(sha) else ""
    known = Commit.objects.filter(repository=repository.lower(), sha__startswith=sha)
    found = known.values_list("sha", flat=True)[:2]
    return found[0] if len(found) == 1 else ""


def _sha(text: str) -> str:
    return text.strip().lower()[:64]


def _commit(push: Push, commit: events.PushedCommit) -> Commit:
    """As its table has it: text cut to its columns."""
    return Commit(
        push=push,
        repository=push.repository,
        sha=_sha(commit.sha),
        message=commit.message[:10_000],
        author=commit.author[:200],
        committed_at=commit.committed_at,
        url=web_address(commit.url, longest=500),
        paths=[path[:500] for path in commit.paths[:MOST_PATHS]],
    )
