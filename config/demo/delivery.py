"""How changes come to production at the shop: pushed, built, asked about at the gate, deployed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.utils import timezone

from changes import pipelines
from changes.code import record_push
from changes.events import PipelineRun, Push, PushedCommit
from changes.gate import authorise, check
from changes.gate.freezes import save_freeze
from changes.gate.policy import save_guard, save_template
from changes.gate.question import Question
from config.demo.organisation import email
from config.demo.stage import at, record
from notifications.models import Integration
from oncall.models import Person, Service

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RED = "search"  # whose pipeline has been red since this morning

WORK = [
    ("Show delivery dates on the basket page", "basket/dates.py"),
    ("Retry when the bank answers 503", "client/retry.py"),
    ("Index orders by customer", "migrations/0042_index.sql"),
    ("Load images of the first row at once", "static/images.js"),
    ("Raise the pool to 40 connections", "settings/pool.toml"),
    ("Say in the mail when a refund arrives", "mail/refund.html"),
    ("Remove the old price cache", "prices/cache.py"),
]


def agree(today: datetime) -> None:
    """What the teams agreed on: what may pass by itself, what two sides look at, when nothing is changed."""
    by = Person.objects.get(email=email("sam"))
    for slug, owner in (("web-shop", "storefront"), ("catalogue", "storefront"), ("search", "storefront")):
        name = f"{slug.replace('-', ' ').capitalize()}: everyday deploys"
        save_template(name=name, owner=owner, service=slug, environment="production", kind="deploy", by=by)
    save_guard(
        name="Card data",
        service="payments-gateway",
        why="The only service that sees card numbers: somebody of the other side looks first.",
        by=by,
    )
    sale = today.replace(hour=0, minute=0, second=0, microsecond=0) + 9 * DAY
    save_freeze(
        name="The sale of the year",
        why="Three days bring in what a month does.",
        timezone="Europe/London",
        start=sale,
        end=sale + 3 * DAY,
        services=["web-shop", "checkout", "payments-gateway"],
        by=by,
    )


def deliver(slug: str, dice: random.Random, *, breaks: bool = False, deploys: bool = True) -> None:
    """One change on its way: pushed, built within minutes, and deployed unless the build breaks or it waits."""
    repository, revision = f"shop/{slug}", f"{dice.getrandbits(160):040x}"
    team = Service.objects.get(slug=slug).dev_team
    author = dice.choice(list(team.members.all())) if team else None
    words, path = dice.choice(WORK)
    began, integration = timezone.now(), Integration.objects.get(source="github")
    commit = PushedCommit(
        sha=revision, message=words, author=author.name if author else "", committed_at=began - HOUR, paths=(path,)
    )
    push = Push(repository=repository, ref="main", before="", after=revision, commits=(commit,), pushed_at=began)
    record_push(push=push, integration=integration)
    ended = began + MINUTE * dice.randint(6, 14)
    run = PipelineRun(
        pipeline="deliver",
        external_id=revision,
        repository=repository,
        status="failed" if breaks else "success",
        branch="main",
        revision=revision,
        started_at=began + MINUTE,
        finished_at=ended,
        actor=commit.author,
    )
    with at(ended):
        pipelines.record(run=run, integration=integration)
        if deploys and not breaks:
            record(slug, "deploy", "succeeded", revision, words)


def ask_earlier(today: datetime) -> None:
    """What the gate was asked before today's troubles: one change passed by its template, one was authorised by Ops."""
    with at(today - DAY):
        check(question=_question("catalogue", "7be1c02d90aa", "ana"), by=None)
    with at(today - 5 * HOUR):
        looked_at = check(question=_question("payments-gateway", "c41d9e7710fe", "emil"), by=None)
        authorise(check=looked_at, by=Person.objects.get(email=email("gita")), why="Read with Emil; the keys stay put.")
    with at(today - 3 * HOUR):
        deliver(RED, random.Random(7), breaks=True)  # noqa: S311 - the same sample for everybody


def ask_now(today: datetime) -> None:
    """One change waits for Ops, and one is held by the incident that is open."""
    with at(today - 8 * MINUTE):
        check(question=_question("orders-db", "90ab6612f3d4", "divya", kind="infrastructure"), by=None)
    with at(today - 4 * MINUTE):
        check(question=_question("web-shop", "2f6604ce81b7", "bo"), by=None)


def _question(slug: str, revision: str, who: str, *, kind: str = "deploy") -> Question:
    return Question(
        service=slug,
        environment="production",
        revision=revision,
        kind=kind,
        actor=email(who),
        repository=f"shop/{slug}",
    )
