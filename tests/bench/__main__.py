"""`bin/bench`: starts Andon and the floor, measures, prints a table. Ends by itself after some minutes."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded import Postgres
from oncall.rotas.rotation import Kind
from tests.bench import deploys, figures, rotas, storm, suspicion
from tests.bench.floor import serving
from tests.bench.load import percentile
from tests.running import andon


@dataclass(frozen=True)
class Row:
    """A figure beside its floor, both in the same unit."""

    name: str
    value: float
    unit: str
    floor: float
    what: str

    @property
    def ratio(self) -> float:
        return self.value / self.floor


def main() -> None:
    say = lambda sentence: print(sentence, file=sys.stderr, flush=True)  # noqa: E731, T201
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
        data = Path(folder) / "var"
        say("Starting Andon in an empty folder …")
        conninfo = Postgres(data).conninfo
        with andon(data) as running, serving(conninfo) as floor:
            say("Signed webhooks …")
            bare, ours = figures.bare_webhooks(floor), figures.webhooks(running)
            rows.append(Row("signed webhooks accepted", ours.rate, "/s", bare.rate, "bare Django view"))
            rows.append(Row("  their p99", 1000 * ours.percentile(99), "ms", 1000 * bare.percentile(99), "the same"))
            behind = figures.settled(conninfo)
            rows.append(
                Row("  all of them processed after", ours.seconds + behind, "s", bare.seconds, "accepted alone")
            )
            say("A minute of deploys, then a storm of them …")
            for name, rate, count in (
                ("100 deploys a second for a minute", 100, 6000),
                ("1,000 in a second", 1000, 1000),
            ):
                ours, bare, behind = deploys.stream(running, floor, conninfo, rate=rate, count=count)
                rows.append(Row(f"{name}, p99", 1000 * ours.p99, "ms", 1000 * bare.p99, "bare Django view"))
                rows.append(Row("  the last answered after", ours.seconds, "s", bare.seconds, "bare Django view"))
                rows.append(Row("  all on the timeline after", ours.seconds + behind, "s", count / rate, "offered in"))
            say("Declaring through the API …")
            bare, ours = figures.bare_webhooks(floor, connections=1), figures.declarations(running)
            rows.append(
                Row("declare, p99", 1000 * ours.percentile(99), "ms", 1000 * bare.percentile(99), "bare view, p99")
            )
            figures.settled(conninfo)
            say("The incident room …")
            plain, room, queries = figures.plain_page(floor), figures.room(running), figures.room_queries(running)
            name = f"room with 200 entries ({queries} queries), median"
            rows.append(
                Row(name, 1000 * room.percentile(50), "ms", 1000 * plain.percentile(50), "bare page of 200 rows")
            )
            say("From alert to page …")
            waits, direct = figures.alert_to_page(running, floor)
            for percent in (50, 99):
                value, least = 1000 * figures.percentile(waits, percent), 1000 * direct.percentile(percent)
                rows.append(Row(f"alert accepted to first attempt, p{percent}", value, "ms", least, "bare POST"))
            say("Storms of 1,000 alerts …")
            for words, measure in (("one service", storm.of_one_service), ("30 services", storm.of_many_services)):
                first, last, bare = measure(running)
                name = f"1,000 alerts of {words} to the first delivery"
                rows.append(Row(name, first, "s", bare.seconds, "1,000 bare POSTs"))
                rows.append(Row("  to the last delivery", last, "s", bare.seconds, "1,000 bare POSTs"))
            say("A killed pager …")
            rows.append(
                Row(
                    "killed while paging, sent again after",
                    max(figures.recovery(running)),
                    "s",
                    figures.LEASE,
                    "a lease",
                )
            )
            say("Rotas …")
            for kind in (Kind.WEEKLY, Kind.DAILY):
                resolved, expanded = (1000 * seconds for seconds in rotas.seat_year(kind))
                what = "icalendar + recurring-ical-events"
                rows.append(Row(f"a seat's year resolved, {kind} turns of 8", resolved, "ms", expanded, what))
            asked, queried = (1000 * seconds for seconds in rotas.now_on_call(running))
            rows.append(Row("on call now, 1,000 schedules, p99", asked, "ms", queried, "bare query by psycopg"))
            say("Suspects of simulated outages …")
            rows += _recall()
            say("Cold starts …")
            rows.append(
                Row("cold start to first page", running.started_in, "s", figures.postgres_alone(), "PostgreSQL alone")
            )
    for row in rows:
        print(  # noqa: T201
            f"{row.name:48} {row.value:9.1f} {row.unit:3} {row.ratio:7.2f} × {row.what} ({row.floor:.1f} {row.unit})"
        )


def _recall() -> list[Row]:
    """In per cent of the outages that a change caused; the floors are what anybody would guess."""
    guesses = (suspicion.ours, suspicion.most_recent, suspicion.most_recent_of_the_service)
    n, (ours, recent, of_the_service) = suspicion.measure(guesses)
    rows = []
    for shown in suspicion.SHOWN:
        worst, best = min(ours.recall[shown]), max(ours.recall[shown])
        name = f"suspects: recall at {shown} (n {n}, by seed {worst:.0%} to {best:.0%})"
        for what, floor in (("most recent change", recent), ("most recent of the service", of_the_service)):
            rows.append(Row(name, 100 * ours.mean(shown), "%", 100 * floor.mean(shown), what))
            name = "  the same"
    took, least = (1e6 * percentile(tally.seconds, 50) for tally in (ours, recent))
    rows.append(Row("  steps found and suspects ranked, median", took, "µs", least, "sorting by time"))
    return rows


if __name__ == "__main__":
    main()
