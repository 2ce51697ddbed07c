"""What players of an exercise see: what was known then, and nothing of how it ended."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from postmortems.replay import Entry, as_declared, end_of, steps, visible

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
END = NOON + timedelta(hours=1)


def entry(id, minutes, kind="note", *, written=None, **data):
    at = NOON + timedelta(minutes=minutes)
    return Entry(id, at, NOON + timedelta(minutes=minutes if written is None else written), kind, f"text {id}", data)


def shown(*entries, end=END):
    return [step.key for step in steps(entries, resolved_at=end)]


def test_the_end_and_what_came_after_it_is_no_step():
    told = [entry(1, 0, "declared"), entry(2, 30), entry(3, 60, "status", to="resolved"), entry(4, 90, "update")]
    assert shown(*told) == [1, 2]


def test_a_resolution_noted_a_second_early_is_no_step_either():
    almost = Entry(2, END - timedelta(seconds=1), END - timedelta(seconds=1), "status", "Resolved", {"to": "resolved"})
    assert shown(entry(1, 0), almost) == [1]


def test_what_was_written_later_is_shown_when_it_was_known():
    assert shown(entry(1, 0), entry(2, -10, written=20), entry(3, 10)) == [1, 3, 2]


def test_what_the_post_mortem_added_afterwards_is_no_step():
    assert shown(entry(1, 0), entry(2, 5, written=3 * 24 * 60)) == [1]


def test_a_timeline_that_was_imported_is_shown_as_it_happened():
    assert shown(entry(1, 0, written=9999), entry(2, -10, written=9999), entry(3, 70, written=9999)) == [2, 1]


def test_corrections_of_andon_are_no_steps():
    assert shown(entry(1, 0), entry(2, 5, "system", before={"title": "Slow"})) == [1]


def test_a_storm_of_alerts_is_one_step():
    alerts = [entry(i, i, "alert", status="firing", name="NodeDown") for i in range(2, 40)]
    found = steps([entry(1, 0), *alerts, entry(50, 50)], resolved_at=END)
    assert [len(step.ids) for step in found] == [1, 38, 1]
    assert found[1].text == "38 alerts fire: NodeDown (38)"
    assert found[1].known == NOON + timedelta(minutes=39)


def test_what_follows_from_the_declaration_by_itself_is_one_step_with_it():
    told = [entry(i, 0, kind) for i, kind in enumerate(["declared", "page", "page", "note", "page"])]
    found = steps(told, resolved_at=END)
    assert [(step.ids, step.kind) for step in found] == [((0, 1, 2), "declared"), ((3,), "note"), ((4,), "page")]
    assert found[0].text == "text 0\ntext 1\ntext 2"


def test_it_is_told_as_it_was_declared():
    told = [
        entry(1, 5, "severity", **{"from": "sev3", "to": "sev1"}),
        entry(2, 9, "severity", **{"from": "sev1", "to": "sev2"}),
        entry(3, 10, "system", before={"title": "Checkout is slow"}),
        entry(4, 11, "system", before={"title": "A bad index", "summary": ""}),
    ]
    assert as_declared(told, title="An index was dropped", severity="sev2") == ("Checkout is slow", "sev3")
    assert as_declared([], title="Slow", severity="sev4") == ("Slow", "sev4")


def test_an_incident_reopened_since_ends_where_it_had_ended():
    told = [entry(1, 0), entry(2, 60, "status", to="resolved")]
    began = NOON + timedelta(days=1)
    assert end_of(told, resolved_at=END, began=began) == END
    assert end_of(told, resolved_at=None, began=began) == END
    assert end_of(told, resolved_at=began + timedelta(days=1), began=began) == END
    assert end_of(told[:1], resolved_at=None, began=began) == began


entries = st.lists(
    st.builds(
        lambda id, at, late, kind, to: entry(id, at, kind, written=at + late, **({"to": to} if to else {})),
        st.integers(1, 10_000),
        st.integers(-60, 200),
        st.integers(0, 100),
        st.sampled_from(["note", "status", "alert", "change", "system", "update"]),
        st.sampled_from(["", "identified", "resolved", "closed"]),
    ),
    unique_by=lambda one: one.id,
    max_size=30,
)


@given(entries, st.integers(0, 40))
def test_nothing_of_later_is_ever_visible(told, count):
    found = steps(told, resolved_at=END)
    seen = visible(found, count)
    assert list(seen) == found[: max(1, count)]
    assert all(step.known < END and step.kind != "system" for step in found)
    keys = [key for step in found for key in step.ids]
    assert len(keys) == len(set(keys))
    if seen and len(seen) < len(found):
        assert max(step.known for step in seen) <= found[len(seen)].known
