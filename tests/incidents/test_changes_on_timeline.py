"""Changes to what an incident touches appear on its timeline, before and after it is declared, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes import ledger
from changes.events import ChangeEvent
from incidents.handlers import enter_change
from incidents.services import add_service, declare, merge, transition
from incidents.words import name_of_change
from notifications.models import Event
from tests.factories import ChangeFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def record(service, state="succeeded", *, ago=HOUR / 6, external_id="1", **fields):
    event = ChangeEvent(
        external_id=external_id,
        state=state,
        occurred_at=timezone.now() - ago,
        revision="4f2a1c9d",
        environment="production",
        **fields,
    )
    return ledger.record(event=event, source="event", service=service)


def texts(incident):
    return list(incident.timeline.filter(kind="change").values_list("text", flat=True))


@pytest.fixture
def chain():
    """shop → basket → stock → warehouse; and mail, which nothing depends on."""
    shop, basket, stock, warehouse = (ServiceFactory(slug=slug) for slug in ("shop", "basket", "stock", "warehouse"))
    shop.depends_on.add(basket)
    basket.depends_on.add(stock)
    stock.depends_on.add(warehouse)
    return {"shop": shop, "basket": basket, "stock": stock, "warehouse": warehouse, "mail": ServiceFactory()}


@pytest.mark.parametrize(("where", "told"), [("shop", 1), ("basket", 1), ("stock", 1), ("warehouse", 0), ("mail", 0)])
def test_changes_up_to_two_dependencies_away_are_told_when_they_happen(chain, settle, where, told):
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    settle()
    record(chain[where])
    settle()
    assert len(texts(incident)) == told


@pytest.mark.parametrize(("where", "told"), [("shop", 1), ("stock", 1), ("warehouse", 0)])
def test_those_that_came_before_the_declaration_are_told_too(chain, settle, where, told):
    record(chain[where], actor="ana", description="Faster checkout\n\nlong words")
    settle()
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    settle()
    assert texts(incident) == [f"Deploy of 4f2a1c9d to {where} succeeded by ana: Faster checkout"][:told]


def test_a_change_looks_no_different_for_being_told_twice(chain, settle):
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    record(chain["shop"], "started", ago=HOUR / 5)
    record(chain["shop"], "succeeded")
    record(chain["shop"], "succeeded")
    settle()
    add_service(incident=incident, service=chain["basket"], by=None)
    settle()
    assert [text.split(" to ")[1] for text in texts(incident)] == ["shop started", "shop succeeded"]


@pytest.mark.parametrize(
    ("kind", "hours", "told"),
    [("deploy", 5, 1), ("deploy", 7, 0), ("config", 23, 1), ("flag", 23, 1), ("config", 25, 0)],
)
def test_how_far_back_it_is_looked_depends_on_the_kind(chain, settle, kind, hours, told):
    record(chain["shop"], ago=hours * HOUR, kind=kind)
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    settle()
    assert len(texts(incident)) == told


def test_it_is_looked_back_from_the_start_of_the_harm(chain, settle):
    record(chain["shop"], ago=10 * HOUR)
    start = timezone.now() - 8 * HOUR
    incident, _ = declare(title="Shop was down all night", services=[chain["shop"]], started_at=start)
    settle()
    assert len(texts(incident)) == 1


def test_the_fix_that_lands_within_an_hour_of_the_end_is_told_and_later_ones_are_not(chain, settle):
    recent, _ = declare(title="Recent", services=[chain["shop"]], started_at=timezone.now() - 5 * HOUR)
    old, _ = declare(title="Old", services=[chain["shop"]], started_at=timezone.now() - 5 * HOUR)
    transition(incident=recent, to="resolved", by=None, at=timezone.now() - HOUR / 2)
    transition(incident=old, to="resolved", by=None, at=timezone.now() - 2 * HOUR)
    settle()
    record(chain["shop"], ago=timedelta())
    settle()
    assert (len(texts(recent)), len(texts(old))) == (1, 0)


def test_naming_a_service_later_tells_of_its_changes(chain, settle):
    record(chain["mail"])
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    settle()
    assert texts(incident) == []
    add_service(incident=incident, service=chain["mail"], by=PersonFactory())
    settle()
    assert len(texts(incident)) == 1


def test_a_merged_incident_brings_the_changes_of_its_services_along(chain, settle):
    record(chain["mail"])
    into, _ = declare(title="Shop is down", services=[chain["shop"]])
    other, _ = declare(title="Mail is down", services=[chain["mail"]])
    merge(incident=other, into=into, by=PersonFactory())
    settle()
    assert len(texts(into)) == 1


def test_another_environment_is_named_and_a_change_of_no_known_service_goes_nowhere(chain, settle):
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    event = ChangeEvent(
        external_id="9", state="failed", occurred_at=timezone.now(), revision="ab", environment="staging"
    )
    ledger.record(event=event, source="event", service=chain["shop"])
    ledger.record(event=ChangeEvent(external_id="10", state="failed", occurred_at=timezone.now()), source="event")
    settle()
    assert texts(incident) == ["Deploy of ab to shop (staging) failed"]


@pytest.mark.parametrize(
    ("kind", "revision", "name"),
    [
        ("deploy", "", "Deploy to shop"),
        ("flag", "", "Feature flag change on shop"),
        ("config", "4f2a1c9d8e7f6a5b", "Configuration change 4f2a1c9d8e7f on shop"),
    ],
)
def test_each_kind_of_change_is_named_as_people_name_it(chain, kind, revision, name):
    change = ChangeFactory(service=chain["shop"], kind=kind, revision=revision)
    assert name_of_change(change) == name


def test_many_changes_told_together_stand_there_once_each_and_cost_no_more_queries_than_two(
    chain, settle, django_assert_max_num_queries
):
    incident, _ = declare(title="Shop is down", services=[chain["shop"]])
    settle()
    events = []
    for number in range(40):
        record(chain["stock"], external_id=str(number))
        events.append(Event.objects.filter(type="change.recorded").latest("pk"))
    with django_assert_max_num_queries(10):
        enter_change([*events, *events[:5]])
    settle()
    assert len(texts(incident)) == 40
