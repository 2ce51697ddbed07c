"""The suspects of a real incident: its changes, near in time and in the catalogue, and what people said of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.context import suspects_of
from incidents.models import IncidentAlert, Verdict
from incidents.services import declare, judge
from notifications.errors import Forbidden, InvalidInput
from tests.factories import AlertFactory, ChangeFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def ago(minutes):
    return timezone.now() - minutes * MINUTE


@pytest.fixture
def shop():
    service = ServiceFactory(slug="shop", platform="cluster-1")
    basket = ServiceFactory(slug="basket")
    service.depends_on.add(basket)
    basket.depends_on.add(ServiceFactory(slug="stock"))
    return service


def slugs(incident):
    return [suspect.change.service.slug for suspect in suspects_of(incident)]


def test_nearer_changes_come_first_and_strangers_are_left_out(shop):
    basket = shop.depends_on.get()
    for service in (basket.depends_on.get(), shop, basket, ServiceFactory(platform="cluster-1"), ServiceFactory()):
        ChangeFactory(service=service, started_at=ago(20))
    incident, _ = declare(title="Down", services=[shop])
    found = suspects_of(incident)
    assert slugs(incident)[:3] == ["shop", "basket", "stock"]
    assert len(found) == 4
    assert [suspect.rank for suspect in found] == [1, 2, 3, 4]
    assert found[3].reasons[0].points == 10


def test_the_earliest_alert_says_when_the_trouble_began_and_its_release_points_at_a_revision(shop):
    at_fault = ChangeFactory(service=shop, started_at=ago(190), finished_at=ago(185), revision="4f2a1c9d77")
    later = ChangeFactory(service=shop, started_at=ago(30), finished_at=ago(29))
    incident, _ = declare(title="Down", services=[shop])
    alert = AlertFactory(service=shop, starts_at=ago(180), release="4f2a1c9d")
    IncidentAlert.objects.create(incident=incident, alert=alert)
    found = suspects_of(incident)
    assert [suspect.change for suspect in found] == [at_fault]
    assert later not in [suspect.change for suspect in suspects_of(incident, limit=None)]
    assert 10 in [reason.points for reason in found[0].reasons]


def test_another_environment_speaks_against_a_change(shop):
    ChangeFactory(service=shop, environment="staging", started_at=ago(5))
    incident, _ = declare(title="Down", services=[shop])
    assert -20 in [reason.points for reason in suspects_of(incident)[0].reasons]


def test_the_number_of_queries_does_not_grow_with_changes(shop, django_assert_num_queries):
    incident, _ = declare(title="Down", services=[shop])
    for _ in range(12):
        ChangeFactory(service=shop)
    with django_assert_num_queries(8):
        assert len(suspects_of(incident)) == 5


def test_a_verdict_is_kept_with_the_rank_the_change_had_then(shop):
    second = ChangeFactory(service=shop.depends_on.get(), started_at=ago(5))
    ChangeFactory(service=shop, started_at=ago(5))
    incident, _ = declare(title="Down", services=[shop])
    verdict = judge(incident=incident, change=second, verdict="confirmed", by=PersonFactory(name="Ana"))
    assert verdict.rank == 2
    assert suspects_of(incident)[1].verdict == verdict
    assert incident.timeline.get(kind="change", data__verdict="confirmed").text.endswith("had a part")
    judge(incident=incident, change=second, verdict="confirmed", by=PersonFactory())
    changed = judge(incident=incident, change=second, verdict="rejected", by=PersonFactory())
    assert (changed.pk, changed.verdict, changed.rank) == (verdict.pk, "rejected", 2)
    assert incident.timeline.filter(kind="change").count() == 2


def test_a_change_nobody_suspected_may_be_confirmed_and_counts_as_missed(shop):
    ChangeFactory(service=shop, started_at=ago(5))
    stranger = ChangeFactory()
    incident, _ = declare(title="Down", services=[shop])
    assert judge(incident=incident, change=stranger, verdict="confirmed", by=PersonFactory()).rank == 2


def test_a_judged_change_is_shown_however_low_it_ranks(shop):
    low = ChangeFactory(service=shop, started_at=ago(340), finished_at=ago(339))
    for _ in range(6):
        ChangeFactory(service=shop, started_at=ago(5))
    incident, _ = declare(title="Down", services=[shop])
    judge(incident=incident, change=low, verdict="rejected", by=PersonFactory())
    assert suspects_of(incident)[-1].change == low


def test_only_known_words_by_those_who_may(shop):
    incident, _ = declare(title="Down", services=[shop])
    change = ChangeFactory(service=shop)
    with pytest.raises(InvalidInput, match="confirmed, rejected"):
        judge(incident=incident, change=change, verdict="maybe", by=PersonFactory())
    with pytest.raises(Forbidden):
        judge(incident=incident, change=change, verdict="confirmed", by=PersonFactory(role="viewer"))
    assert not Verdict.objects.exists()
