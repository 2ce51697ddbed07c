"""What happened at the sample organisation in three weeks, as scripts that `stage.py` plays.

A line is (minutes after the trouble began, verb, words…); the verbs are the methods of `stage.Stage`. `dev` and `ops`
are whoever is on call then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Line = tuple[int, str, *tuple[str, ...]]


@dataclass(frozen=True)
class Lesson:
    """A post-mortem, and what came of it. `status`: draft, in_review or published."""

    sections: dict[str, str]
    factors: dict[str, str]
    mitigators: dict[str, str] = field(default_factory=dict)
    actions: tuple[tuple[str, str, str, str, str, int], ...] = ()  # title, kind, owner, team, state, days until due
    status: str = "published"
    days_later: int = 3
    problem: tuple[str, str, str] | None = None  # title, cause, workaround
    article: tuple[str, str, str] | None = None  # title, issue, resolution


@dataclass(frozen=True)
class Story:
    """One incident. `before`: changes as (minutes before, service, kind, revision, words)."""

    days_ago: int
    at: str
    service: str
    severity: str
    title: str
    lines: tuple[Line, ...]
    alert: str = ""
    metrics: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # panel: as usual, during the trouble
    noticed: int = 1  # minutes after it began
    before: tuple[tuple[int, str, str, str, str], ...] = ()
    lesson: Lesson | None = None
    private: bool = False
    practice: bool = False


STORIES = (
    Story(
        days_ago=18,
        at="02:14",
        service="checkout",
        severity="sev2",
        title="Checkout answers 500 to one payment in three",
        alert="CheckoutErrorShare",
        noticed=2,
        metrics={"Error share": (0.4, 31.0), "Latency p99": (210.0, 640.0)},
        before=(
            (7, "checkout", "deploy", "8f2c1e0", "Retry payments that time out"),
            (340, "catalogue", "deploy", "d41aa09", "New price import"),
            (50, "web-shop", "flag", "banner-autumn", "Autumn banner on for everybody"),
        ),
        lines=(
            (3, "acknowledge", "dev"),
            (4, "acknowledge", "ops"),
            (5, "role", "commander", "ops"),
            (8, "note", "dev", "Errors are timeouts towards the payments gateway; its own latency looks normal."),
            (12, "update", "ops", "One payment in three fails. We have a suspect and are taking it back."),
            (14, "status", "dev", "identified", "The new retry multiplies requests until the pool is empty."),
            (17, "change", "checkout", "rolled_back", "8f2c1e0"),
            (22, "status", "ops", "monitoring", ""),
            (41, "status", "ops", "resolved", "Error share back at 0.4 % for a quarter of an hour."),
        ),
        lesson=Lesson(
            sections={
                "summary": "From 02:14 to 02:36 one payment in three was answered with an error. A deploy seven minutes"
                " before had added a retry to the call to the payments gateway. Each retry took another connection from a"
                " pool of 50, and at night, when the gateway's batch run makes it slower, the pool was empty.",
                "impact": "412 payments failed; 371 of them were paid later by the same customer. 14 calls to support.",
                "trigger": "The deploy of `8f2c1e0` at 02:07, as part of the nightly train.",
                "factors": "- The retry had no budget: it was tried against a gateway that answers in 80 ms.\n"
                "- The pool is shared by all calls of the service.\n- The batch run of the gateway is known to Payments"
                " and was not known to the train.",
                "detection": "An alert on the error share, two minutes after the first failed payment.",
                "resolution": "The deploy was rolled back at 02:31.",
                "went_well": "Both sides were awake within four minutes, and the deploy was first on the list of suspects.",
                "went_badly": "The runbook asked for a rollback by hand, with a permission that the Ops engineer did not"
                " have.",
                "luck": "It was night: at noon the same deploy would have met eleven times the payments.",
            },
            factors={
                "change-release": "The train deploys at the hour of the gateway's batch run.",
                "design-resilience": "Retries without a budget, over a shared pool.",
                "tooling-access": "Rolling back needed a permission of the other side.",
            },
            mitigators={"detection-alerting": "The alert on the error share, with the release in its labels."},
            actions=(
                ("Give retries a budget of 10 % of requests", "prevent", "divya", "payments", "done", -4),
                ("Let Ops roll back checkout through the pipeline", "mitigate", "gita", "platform", "in_progress", -2),
                ("Show the gateway's batch run on the deploy calendar", "process", "emil", "payments", "accepted", 12),
            ),
            problem=(
                "Payments time out while the gateway's batch run is under way",
                "The batch run takes the gateway's own connections between 02:00 and 03:00; calls then take up to 4 s.",
                "Pause the batch run: `gatewayctl batch pause`, and resume it after 03:00.",
            ),
            article=(
                "Checkout answers 500 between 02:00 and 03:00",
                "Payments fail at night, with timeouts towards the gateway in the log.",
                "1. Look at the suspects for a deploy, and roll it back.\n2. Else pause the gateway's batch run:"
                " `gatewayctl batch pause`.\n3. Resume it after 03:00.",
            ),
        ),
    ),
    Story(
        days_ago=15,
        at="10:40",
        service="search",
        severity="sev3",
        title="Search finds nothing that was added today",
        noticed=7,
        metrics={"Queries": (180.0, 175.0)},
        before=((95, "search", "config", "indexer.yaml", "Indexer moved to the smaller node pool"),),
        lines=(
            (9, "acknowledge", "ops"),
            (
                15,
                "note",
                "dev",
                "The indexer has been restarting since 09:05: it needs more memory than the new pool has.",
            ),
            (21, "status", "dev", "identified", ""),
            (30, "change", "search", "succeeded", "indexer.yaml back to the large pool"),
            (75, "status", "ops", "resolved", "The index has caught up."),
        ),
        lesson=Lesson(
            sections={
                "summary": "For two hours nothing that was added to the catalogue could be found. The indexer had been moved"
                " to a pool whose nodes have half the memory, and restarted every few minutes.",
                "impact": "310 new articles could not be found until noon.",
                "detection": "A colleague in purchasing asked in the channel.",
                "resolution": "The indexer went back to the large pool.",
            },
            factors={
                "configuration": "The pool's limits stand in another file than the indexer's needs.",
                "detection-alerting": "Nobody is told when the index falls behind.",
            },
            actions=(
                ("Alert when the index is older than 20 minutes", "detect", "jun", "data", "done", -6),
                ("State the indexer's memory beside its pool", "prevent", "bo", "storefront", "accepted", -3),
            ),
        ),
    ),
    Story(
        days_ago=11,
        at="16:05",
        service="orders-db",
        severity="sev1",
        title="Orders cannot be written",
        alert="OrdersDatabaseConnections",
        metrics={"Connections": (140.0, 400.0)},
        before=(
            (4, "checkout", "deploy", "b0737aa", "Basket reads through the replica"),
            (21, "orders-db", "data", "backfill-2026-11", "Backfill of delivery dates"),
            (130, "payments-gateway", "deploy", "11c9d2e", "New bank in Portugal"),
        ),
        lines=(
            (2, "acknowledge", "ops"),
            (3, "acknowledge", "dev"),
            (4, "role", "commander", "ops"),
            (5, "role", "communications", "mara"),
            (6, "note", "ops", "All 400 connections are taken, most of them idle in a transaction."),
            (9, "update", "mara", "Orders cannot be placed. Dev and Ops are looking at the orders database together."),
            (13, "status", "ops", "identified", "The backfill holds row locks that every order waits for."),
            (16, "note", "dev", "Stopping the backfill; it keeps its place and can go on tonight."),
            (18, "status", "ops", "monitoring", ""),
            (25, "update", "mara", "Orders are written again. We are watching."),
            (52, "status", "ops", "resolved", "Connections back at 140."),
        ),
        lesson=Lesson(
            sections={
                "summary": "For 18 minutes no order could be written. A backfill updated rows in one long transaction, every"
                " new order waited for its locks, and the waiting connections filled the pool.",
                "impact": "About 2,900 orders were not placed; 2,200 of them came within the next hour.",
                "trigger": "The backfill reached the orders of this month at 16:05.",
                "factors": "- The backfill had been tried on last year's rows, which nobody touches.\n- Waiting for a lock has"
                " no limit.\n- Checkout's deploy at 16:01 drew attention for six minutes.",
                "detection": "An alert on connections, two minutes in; customers called at the same time.",
                "resolution": "The backfill was stopped, and went on at night in batches of a thousand.",
                "went_well": "Dev and Ops read the list of locks together; it took four minutes from there.",
                "went_badly": "The status page was last, because its password was in somebody's vault.",
                "luck": "The replica could still be read, so the shop stayed open for looking.",
            },
            factors={
                "data": "A backfill in one transaction, over rows in use.",
                "capacity-load": "Connections fill up while waiting for locks.",
                "knowledge-documentation": "How to backfill safely was known to two people.",
            },
            mitigators={"design-resilience": "Reading goes through the replica."},
            actions=(
                ("Set lock_timeout to 5 s for every service", "prevent", "kemal", "data", "done", -1),
                (
                    "A backfill tool that works in batches and stops by itself",
                    "prevent",
                    "fatima",
                    "payments",
                    "in_progress",
                    9,
                ),
                ("Status page password into the shared vault", "process", "hugo", "platform", "done", -5),
            ),
            article=(
                "How to backfill without stopping orders",
                "A table that is in use must be filled with new values.",
                "Batches of a thousand rows, `lock_timeout = '2s'`, a pause between batches, and the name of the owner in"
                " the ledger.",
            ),
        ),
    ),
    Story(
        days_ago=8,
        at="13:20",
        service="catalogue",
        severity="sev2",
        title="Prices of yesterday are shown",
        noticed=5,
        metrics={"Cache hits": (96.0, 61.0)},
        before=((33, "catalogue", "deploy", "e5f0c11", "Cache keys carry the currency"),),
        lines=(
            (6, "acknowledge", "dev"),
            (7, "acknowledge", "ops"),
            (8, "role", "commander", "dev"),
            (16, "status", "dev", "identified", "Old keys are still read first."),
            (24, "change", "catalogue", "succeeded", "f00d2b7"),
            (26, "status", "dev", "monitoring", ""),
            (58, "status", "dev", "resolved", "Spot checks agree with the price list."),
        ),
        lesson=Lesson(
            status="in_review",
            sections={
                "summary": "For half an hour the shop showed the prices of the day before to visitors from outside the euro"
                " area. The new cache keys were written, and the old ones still read.",
                "impact": "61 orders at an old price, all honoured.",
                "detection": "A customer asked support.",
                "resolution": "A second deploy reads the new keys only.",
            },
            factors={
                "change-release": "Writing and reading changed in one deploy, over a cache that outlives it.",
                "detection-alerting": "Nothing compares shown prices with the list.",
            },
            actions=(
                (
                    "Compare a hundred shown prices with the list every minute",
                    "detect",
                    "chidi",
                    "storefront",
                    "proposed",
                    16,
                ),
            ),
        ),
    ),
    Story(
        days_ago=6,
        at="09:30",
        service="payments-gateway",
        severity="sev2",
        title="A bank's certificate is not trusted any more",
        private=True,
        metrics={"Refused payments": (0.2, 7.5)},
        lines=(
            (4, "acknowledge", "dev"),
            (5, "role", "commander", "dev"),
            (40, "status", "dev", "resolved", "The bank's new chain is pinned."),
        ),
    ),
    Story(
        days_ago=5,
        at="14:00",
        service="web-shop",
        severity="sev3",
        title="Game day: one zone of the cluster is gone",
        practice=True,
        metrics={"Requests": (420.0, 290.0), "Latency p99": (190.0, 820.0)},
        lines=(
            (3, "acknowledge", "ops"),
            (4, "acknowledge", "dev"),
            (20, "status", "ops", "resolved", "Traffic moved in 12 minutes; two dashboards did not."),
        ),
    ),
    Story(
        days_ago=4,
        at="22:10",
        service="web-shop",
        severity="sev4",
        title="Images load slowly",
        lines=((14, "status", "dev", "cancelled", "It was the visitor's own network; three others see nothing."),),
    ),
    Story(
        days_ago=2,
        at="02:22",
        service="checkout",
        severity="sev2",
        title="Payments time out at night",
        alert="CheckoutErrorShare",
        noticed=2,
        metrics={"Error share": (0.4, 12.0), "Latency p99": (205.0, 3100.0)},
        before=((260, "checkout", "deploy", "77ab3f4", "Receipts in the customer's language"),),
        lines=(
            (3, "acknowledge", "ops"),
            (5, "acknowledge", "dev"),
            (6, "role", "commander", "ops"),
            (9, "note", "ops", "The workaround of the known error fits: pausing the gateway's batch run."),
            (11, "status", "ops", "monitoring", "Batch run paused."),
            (30, "status", "ops", "resolved", "No timeouts since it was paused."),
        ),
        lesson=Lesson(
            status="draft",
            sections={
                "summary": "Payments timed out during the gateway's batch run, as two weeks before. The known error's"
                " workaround ended it after eleven minutes.",
            },
            factors={"dependency": "The gateway's batch run and payments share its connections."},
        ),
    ),
)

NOW = (
    Story(
        days_ago=0,
        at="-00:38",
        service="search",
        severity="sev3",
        title="Search is slow for visitors from America",
        noticed=4,
        metrics={"Queries": (180.0, 90.0)},
        before=((55, "search", "infrastructure", "us-node-pool", "Node pool replaced"),),
        lines=(
            (5, "acknowledge", "ops"),
            (8, "role", "commander", "ops"),
            (19, "status", "ops", "identified", "The new nodes are in the wrong region."),
            (31, "status", "ops", "monitoring", "Traffic goes to the nodes in Virginia."),
            (33, "task", "dev", "Compare p99 of both regions before closing"),
        ),
    ),
    Story(
        days_ago=0,
        at="-00:11",
        service="checkout",
        severity="sev2",
        title="Checkout is slow and some payments fail",
        alert="CheckoutLatency",
        metrics={"Latency p99": (240.0, 1900.0), "Error share": (0.4, 6.5)},
        before=(
            (9, "checkout", "deploy", "4f2a1c9", "Address check by the new provider"),
            (47, "payments-gateway", "config", "limits.yaml", "Higher limit for the second bank"),
            (180, "web-shop", "deploy", "90be771", "Basket remembers its colour"),
        ),
        lines=(
            (4, "acknowledge", "ops"),
            (6, "role", "commander", "ops"),
            (8, "note", "ops", "Address checks take two seconds each; the provider's status page is green."),
        ),
    ),
)
