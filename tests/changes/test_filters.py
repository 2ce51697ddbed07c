"""Narrowing the ledger: by who had a hand in it, how it was decided, and what it says."""

import pytest

from changes import ledger
from changes.models import Change, GateCheck
from tests.changes.test_ledger import step
from tests.factories import ChangeFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(api):
    def ask(**query):
        answer = api(PersonFactory()).get("/api/v1/changes/", query)
        assert answer.status_code == 200, answer.content
        return {change["id"] for change in answer.json()["results"]}

    return ask


def test_a_person_is_found_by_any_entry_and_by_the_beginning_of_their_name(listed):
    ledger.record(event=step("authorised", 0, actor="Bo Nilsson"), source="gate")
    change = ledger.record(event=step("succeeded", 1, actor="ana"), source="gate")
    ChangeFactory(actor="cy")
    assert listed(person="bo") == listed(person="ANA") == {change.pk}
    assert listed(person="nobody") == set()
    assert listed(person="%") == set()


@pytest.mark.parametrize("type", Change.Type.values)
def test_by_type(listed, type):
    changes = {one: ChangeFactory(type=one) for one in Change.Type.values}
    assert listed(decision=type) == {changes[type].pk}


def test_by_override_and_by_whether_the_gate_was_asked(listed):
    overridden, asked, other = ChangeFactory(overridden=True), ChangeFactory(), ChangeFactory()
    for _ in range(2):
        GateCheck.objects.create(change=asked, decision="allowed", rule="default", environment="production")
    assert listed(decision="overridden") == {overridden.pk}
    assert listed(decision="checked") == {asked.pk}
    assert listed(decision="unchecked") == {overridden.pk, other.pk}


@pytest.mark.parametrize(
    "text",
    ["4f2a", "acme/shop", "SHOP", "connection pool", "reuse:pool", "feature/pool-size", "anna.m", "bask"],
)
def test_text_is_looked_for_in_all_that_was_told(listed, text):
    found = ChangeFactory(
        revision="4f2a1c9",
        repository="acme/shop",
        description="Reuse connections\nof the pool",
        ref="feature/pool-size",
        actor="anna.meyer",
        service_hint="basket",
    )
    ChangeFactory(revision="91be02d", description="Reuse sockets")
    assert listed(q=text) == {found.pk}


@pytest.mark.parametrize("text", ["'", "&|!", "():*", "\\", "a & !b", "x" * 3000, "1e5 -7", "0.5"])
def test_odd_text_finds_nothing_and_breaks_nothing(listed, text):
    ChangeFactory(description="Reuse")
    assert listed(q=text) == set()
