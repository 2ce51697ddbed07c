"""The ledger: every step once, in whatever order it comes, and nothing in it is ever altered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from changes import ledger
from changes.events import ChangeEvent
from changes.models import Change, LedgerEntry
from changes.summary import PROGRESS, Step, sum_up
from notifications.models import Event
from tests.factories import ChangeFactory, IntegrationFactory, ServiceFactory

AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def step(state, minutes, **told):
    return ChangeEvent(external_id="77", state=state, occurred_at=AT + timedelta(minutes=minutes), **told)


def events_told():
    return list(Event.objects.filter(type="change.recorded").values_list("payload", flat=True))


@pytest.mark.django_db
class TestRecording:
    def test_steps_of_one_change_add_up(self):
        integration = IntegrationFactory(source="github")
        for event in (
            step("requested", 0, revision="4f2a1c", actor="ana"),
            step("started", 1),
            step("succeeded", 4, description="green"),
        ):
            change = ledger.record(event=event, source="github", integration=integration)
        change.refresh_from_db()
        assert change.key == f"github:{integration.pk}:77"
        assert (change.state, change.revision, change.actor, change.description) == (
            "succeeded",
            "4f2a1c",
            "ana",
            "green",
        )
        assert (change.started_at, change.finished_at) == (AT, AT + timedelta(minutes=4))
        assert [entry.state for entry in change.entries.all()] == ["requested", "started", "succeeded"]
        assert len(events_told()) == 3

    def test_a_step_told_again_changes_nothing_and_is_not_told_on(self):
        for _ in range(5):
            change = ledger.record(event=step("succeeded", 0), source="event")
        assert change.entries.count() == 1
        assert events_told() == [{"change": change.pk, "entry": change.entries.get().pk}]

    def test_the_same_id_from_two_integrations_is_two_changes(self):
        for integration in (IntegrationFactory(), IntegrationFactory()):
            ledger.record(event=step("succeeded", 0), source="event", integration=integration)
        assert Change.objects.count() == 2

    def test_fields_are_cut_to_their_columns_and_odd_addresses_are_no_links(self):
        event = step("succeeded", 0, revision="r" * 500, environment="e" * 500, url="javascript:alert(1)")
        change = ledger.record(event=event, source="event")
        assert (len(change.revision), len(change.environment), change.url) == (100, 60, "")

    def test_a_very_long_id_still_is_one_change(self):
        long = ChangeEvent(external_id="x" * 5_000, state="started", occurred_at=AT)
        first, second = (ledger.record(event=long, source="event") for _ in range(2))
        assert first == second

    def test_the_service_is_found_by_name_or_repository_and_otherwise_left_open(self):
        checkout = ServiceFactory(slug="checkout", repositories=["acme/shop"], environment="live")
        by_name = ledger.record(event=step("succeeded", 0, service_hint="Checkout"), source="a")
        by_repository = ledger.record(event=step("succeeded", 0, repository="acme/shop"), source="b")
        unknown = ledger.record(event=step("succeeded", 0, service_hint="basket"), source="c")
        assert by_name.service == by_repository.service == checkout
        assert by_name.environment == "live"
        assert (unknown.service, unknown.service_hint, unknown.environment) == (None, "basket", "production")
        assert list(Change.objects.unmatched()) == [unknown]

    def test_a_service_that_is_given_is_not_searched_for(self):
        checkout = ServiceFactory(slug="checkout")
        assert ledger.record(event=step("succeeded", 0), source="api", service=checkout).service == checkout

    def test_why_it_was_allowed_stands_with_the_entry(self):
        ledger.record(event=step("requested", 0), source="gate")
        change = ledger.record(event=step("authorised", 1, why="Ana of Ops authorised it"), source="gate")
        assert change.state == "authorised"
        assert [entry.why for entry in change.entries.all()] == ["", "Ana of Ops authorised it"]

    def test_what_a_sender_adds_of_its_own_says_nothing_of_type_or_override(self):
        event = step("succeeded", 0, data={"type": "emergency", "overridden": True, "labels": {"a": "b"}, "task": "x"})
        change = ledger.record(event=event, source="event")
        assert (change.type, change.overridden) == ("normal", False)
        assert change.entries.get().data["labels"] == {}
        assert change.entries.get().data["task"] == "x"

    def test_labels_are_kept_with_the_entry(self):
        change = ledger.record(event=step("succeeded", 0, labels={"app": "checkout"}), source="event")
        assert change.entries.get().data["labels"] == {"app": "checkout"}

    def test_what_was_an_emergency_or_overridden_stays_so(self):
        for event in (
            step("authorised", 1, type="emergency", overridden=True),
            step("requested", 0, type="standard"),
            step("succeeded", 2, type="normal"),
        ):
            change = ledger.record(event=event, source="gate")
        assert (change.type, change.overridden) == ("emergency", True)

    def test_late_and_disordered_messages_give_the_same_row(self):
        steps = [step("requested", 0, actor="ana"), step("started", 1), step("succeeded", 4, actor="bo")]
        for source, order in (("a", steps), ("b", steps[::-1])):
            for event in order:
                ledger.record(event=event, source=source)
        one, other = Change.objects.order_by("key").values(
            "state", "actor", "started_at", "finished_at", "environment", "revision"
        )
        assert one == other
        assert one["actor"] == "bo"


STEPS = st.lists(
    st.builds(
        lambda state, minute, revision, actor, type, overridden: Step(
            state=state,
            at=AT + timedelta(minutes=minute),
            told={"revision": revision, "actor": actor},
            type=type,
            overridden=overridden,
        ),
        st.sampled_from(PROGRESS),
        st.integers(0, 5),
        st.sampled_from(["", "a1", "b2"]),
        st.sampled_from(["", "ana", "bo"]),
        st.sampled_from(["", "standard", "normal", "emergency"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda step: (step.state, step.at),
)


class TestSummingUp:
    @given(STEPS, st.randoms(use_true_random=False))
    def test_the_order_of_arrival_does_not_matter(self, steps, random):
        shuffled = random.sample(steps, len(steps))
        assert sum_up(shuffled) == sum_up(steps)

    @given(STEPS)
    def test_it_starts_with_its_first_step_and_never_ends_before_it(self, steps):
        summary = sum_up(steps)
        assert summary.started_at == min(each.at for each in steps)
        assert summary.finished_at is None or summary.finished_at >= summary.started_at

    def test_of_other_types_the_one_said_last_counts(self):
        steps = [Step(state="requested", at=AT, type="normal"), Step(state="authorised", at=AT, type="standard")]
        assert sum_up([*steps, Step(state="succeeded", at=AT)]).type == "standard"

    def test_being_superseded_does_not_move_the_end(self):
        steps = [Step(state="succeeded", at=AT), Step(state="superseded", at=AT + timedelta(days=9))]
        assert (sum_up(steps).state, sum_up(steps).finished_at) == ("superseded", AT)

    def test_a_change_started_again_is_not_finished(self):
        steps = [Step(state="failed", at=AT), Step(state="started", at=AT + timedelta(minutes=1))]
        assert sum_up(steps).finished_at is None


@pytest.mark.django_db(transaction=True)
def test_five_at_once_have_one_effect():
    def tell(_):
        try:
            ledger.record(event=step("succeeded", 0), source="event")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(tell, range(5)))
    assert (Change.objects.count(), LedgerEntry.objects.count(), len(events_told())) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_different_steps_of_one_change_at_once_are_all_summed_up():
    def tell(event):
        try:
            ledger.record(event=event, source="event")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(tell, [step("requested", 0), step("started", 1), step("succeeded", 2)]))
    change = Change.objects.get()
    assert (change.state, change.started_at, change.entries.count()) == ("succeeded", AT, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes_ledgerentry SET actor = 'somebody else'",
        "DELETE FROM changes_ledgerentry",
        "TRUNCATE changes_ledgerentry CASCADE",
    ],
)
def test_postgresql_refuses_to_alter_the_ledger(statement):
    entry = ChangeFactory().entries.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert LedgerEntry.objects.get().actor == entry.actor
