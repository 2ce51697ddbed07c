"""`bin/bench`: starts Andon and the floor, measures, prints a table. Ends by itself after some minutes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.embedded import Postgres
from oncall.rotas.rotation import Kind
from tests.bench import deploys, figures, rotas, storm, suspicion, wording
from tests.bench.floor import serving
from tests.bench.load import percentile
from tests.running import Andon, andon


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


@dataclass(frozen=True)
class At:
    """What is measured: an Andon that runs, its database, and the bare Django beside it."""

    running: Andon
    conninfo: str
    floor: str


def main() -> None:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="andon-bench-") as folder:
        data = Path(folder) / "var"
        _say("Starting Andon in an empty folder …")
        conninfo = Postgres(data).conninfo
        with andon(data) as running, serving(conninfo) as floor:
            for words, measure in SECTIONS.items():
                _say(f"{words} …")
                rows += measure(At(running, conninfo, floor))
    for row in rows:
        print(  # noqa: T201
            f"{row.name:48} {row.value:9.1f} {row.unit:3} {row.ratio:7.2f} × {row.what} ({row.floor:.1f} {row.unit})"
        )


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def _webhooks(at: At) -> Iterator[Row]:
    bare, ours = figures.bare_webhooks(at.floor), figures.webhooks(at.running)
    yield Row("signed webhooks accepted", ours.rate, "/s", bare.rate, "bare Django view")
    yield Row("  their p99", 1000 * ours.percentile(99), "ms", 1000 * bare.percentile(99), "the same")
    behind = figures.settled(at.conninfo)
    yield Row("  all of them processed after", ours.seconds + behind, "s", bare.seconds, "accepted alone")


def _streams(at: At) -> Iterator[Row]:
    for name, rate, count in (("100 deploys a second for a minute", 100, 6000), ("1,000 in a second", 1000, 1000)):
        ours, bare, behind = deploys.stream(at.running, at.floor, at.conninfo, rate=rate, count=count)
        yield Row(f"{name}, p99", 1000 * ours.p99, "ms", 1000 * bare.p99, "bare Django view")
        yield Row("  the last answered after", ours.seconds, "s", bare.seconds, "bare Django view")
        yield Row("  all on the timeline after", ours.seconds + behind, "s", count / rate, "offered in")


def _declaring(at: At) -> Iterator[Row]:
    bare, ours = figures.bare_webhooks(at.floor, connections=1), figures.declarations(at.running)
    yield Row("declare, p99", 1000 * ours.percentile(99), "ms", 1000 * bare.percentile(99), "bare view, p99")
    figures.settled(at.conninfo)


def _room(at: At) -> Iterator[Row]:
    plain, room, queries = figures.plain_page(at.floor), figures.room(at.running), figures.room_queries(at.running)
    name = f"room with 200 entries ({queries} queries), median"
    yield Row(name, 1000 * room.percentile(50), "ms", 1000 * plain.percentile(50), "bare page of 200 rows")


def _paging(at: At) -> Iterator[Row]:
    waits, direct = figures.alert_to_page(at.running, at.floor)
    for percent in (50, 99):
        value, least = 1000 * figures.percentile(waits, percent), 1000 * direct.percentile(percent)
        yield Row(f"alert accepted to first attempt, p{percent}", value, "ms", least, "bare POST")


def _storms(at: At) -> Iterator[Row]:
    for words, measure in (("one service", storm.of_one_service), ("30 services", storm.of_many_services)):
        first, last, bare = measure(at.running)
        yield Row(f"1,000 alerts of {words} to the first delivery", first, "s", bare.seconds, "1,000 bare POSTs")
        yield Row("  to the last delivery", last, "s", bare.seconds, "1,000 bare POSTs")


def _recovery(at: At) -> Iterator[Row]:
    yield Row("killed while paging, sent again after", max(figures.recovery(at.running)), "s", figures.LEASE, "a lease")


def _rotas(at: At) -> Iterator[Row]:
    for kind in (Kind.WEEKLY, Kind.DAILY):
        resolved, expanded = (1000 * seconds for seconds in rotas.seat_year(kind))
        what = "icalendar + recurring-ical-events"
        yield Row(f"a seat's year resolved, {kind} turns of 8", resolved, "ms", expanded, what)
    asked, queried = (1000 * seconds for seconds in rotas.now_on_call(at.running))
    yield Row("on call now, 1,000 schedules, p99", asked, "ms", queried, "bare query by psycopg")


def _suspects(at: At) -> Iterator[Row]:
    """In per cent of the outages that a change caused; the floors are what anybody would guess."""
    guesses = (suspicion.ours, suspicion.most_recent, suspicion.most_recent_of_the_service)
    n, (ours, recent, of_the_service) = suspicion.measure(guesses)
    for shown in suspicion.SHOWN:
        worst, best = min(ours.recall[shown]), max(ours.recall[shown])
        name = f"suspects: recall at {shown} (n {n}, by seed {worst:.0%} to {best:.0%})"
        for what, floor in (("most recent change", recent), ("most recent of the service", of_the_service)):
            yield Row(name, 100 * ours.mean(shown), "%", 100 * floor.mean(shown), what)
            name = "  the same"
    took, least = (1e6 * percentile(tally.seconds, 50) for tally in (ours, recent))
    yield Row("  steps found and suspects ranked, median", took, "µs", least, "sorting by time")


def _wording(at: At) -> Iterator[Row]:
    """In per cent of the coach's warnings on labelled sentences; the floor is a plain list of the same words."""
    for part in ("tuning", "held_out"):
        for category, ours, listed in wording.scores(part):
            name = f"coach, {part.replace('_', ' ')}, {category}: precision" if category == "all" else f"  {category}"
            name += f" (recall {ours.recall:.0%}, n {ours.given})"
            yield Row(
                name, 100 * ours.precision, "%", 100 * listed.precision, f"plain list, recall {listed.recall:.0%}"
            )
    usual, rendered, worst, listed_in = (1000 * seconds for seconds in wording.times())
    yield Row("coach, 100 KB of text", usual, "ms", rendered, "rendering it as Markdown")
    yield Row("  the worst text we know", worst, "ms", listed_in, "a plain list of phrases")


def _starting(at: At) -> Iterator[Row]:
    yield Row("cold start to first page", at.running.started_in, "s", figures.postgres_alone(), "PostgreSQL alone")


SECTIONS: dict[str, Callable[[At], Iterator[Row]]] = {
    "Signed webhooks": _webhooks,
    "A minute of deploys, then a storm of them": _streams,
    "Declaring through the API": _declaring,
    "The incident room": _room,
    "From alert to page": _paging,
    "Storms of 1,000 alerts": _storms,
    "A killed pager": _recovery,
    "Rotas": _rotas,
    "Suspects of simulated outages": _suspects,
    "The language coach": _wording,
    "Cold starts": _starting,
}


if __name__ == "__main__":
    main()
