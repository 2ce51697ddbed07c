"""On a timeline, alerts told one after the other are one line; nothing of them is lost, nothing else is folded away."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidents.runs import FEW, Run, Told, collapse

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)

entries = st.lists(st.tuples(st.sampled_from(["", "firing", "resolved"]), st.integers(1, 50))).map(
    lambda rows: [
        Told(place, START + timedelta(seconds=place), status, count, f"Name{count % 7}")
        for place, (status, count) in enumerate(rows)
    ]
)


def unfolded(shown):
    return [entry for one in shown for entry in (one.entries if isinstance(one, Run) else [one])]


@given(entries)
def test_every_entry_stands_in_its_place_alone_or_in_a_run(told):
    assert unfolded(collapse(told)) == told


@given(entries)
def test_only_alerts_are_folded_and_only_more_than_a_few(told):
    for one in collapse(told):
        if isinstance(one, Run):
            assert all(entry.status for entry in one.entries)
            assert len(one.entries) > FEW


def alerts(count, status="firing", name="PodDown"):
    return [Told(n, START + timedelta(seconds=n), status, name=name) for n in range(count)]


def test_a_run_says_how_many_fire_and_how_many_are_over_and_of_which_names():
    told = alerts(600) + alerts(12, name="NodeDown") + alerts(20, "resolved")
    [run] = collapse(told)
    assert run.words == "612 alerts fire, 20 are resolved: PodDown (620), NodeDown (12)"
    assert (run.since, run.until) == (told[0].at, told[-1].at)


def test_entries_that_tell_of_many_are_counted_by_what_they_tell_of():
    [run] = collapse([Told(n, START, "resolved", count=100) for n in range(10)])
    assert run.words == "1000 alerts are resolved"
