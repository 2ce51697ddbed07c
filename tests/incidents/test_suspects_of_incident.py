"""The suspects of a real incident: its changes, near in time and in the catalogue, and what people said of them."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.context import suspects_of
from incidents.models import IncidentAlert, Verdict
from incidents.services import declare, edit, judge
from notifications.errors import Forbidden, InvalidInput
from telemetry.models import Snapshot
from telemetry.steps import Step
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


def test_a_start_that_somebody_knows_of_counts_from_the_declaration_on_and_when_it_is_corrected(shop):
    at_fault = ChangeFactory(service=shop, started_at=ago(304))
    later = ChangeFactory(service=shop, started_at=ago(20))
    incident, _ = declare(title="Down", services=[shop], started_at=ago(300))
    assert [one.change for one in suspects_of(incident)] == [at_fault]
    edit(incident=incident, by=None, started_at=ago(18))
    incident.refresh_from_db()
    assert suspects_of(incident)[0].change == later


def test_panels_speak_for_the_change_they_step_after_and_against_what_came_later(shop):
    culprit = ChangeFactory(service=shop, started_at=ago(40))
    later = ChangeFactory(service=shop, started_at=ago(20))
    incident, _ = declare(title="Down", services=[shop])
    assert suspects_of(incident)[0].change == later
    step = Step(at=ago(35).timestamp(), before=0.4, after=12, score=30)
    kept = {"about": incident.subject, "service": shop, "since": ago(100)}
    Snapshot.objects.create(name="Errors", unit="%", steps=[{"label": "", **asdict(step)}], **kept)
    Snapshot.objects.create(name="Not fetched yet", **kept)
    first, second = suspects_of(incident)
    assert (first.change, second.change) == (culprit, later)
    assert f"Errors of {shop.name} stepped from 0.4 to 12 %" in first.reasons[2].text
    assert [reason.points for reason in (first.reasons[2], second.reasons[2])] == [15, -15]


def test_a_culprit_stays_one_after_it_was_replaced_and_an_override_counts(shop):
    fixed = ChangeFactory(service=shop, started_at=ago(40), state="succeeded", overridden=True)
    fixed.entries.create(state="superseded", at=ago(2))
    fixed.state = "superseded"
    fixed.save()
    replaced = ChangeFactory(service=shop, started_at=ago(60))
    replaced.entries.create(state="superseded", at=ago(40))
    replaced.state = "superseded"
    replaced.save()
    incident, _ = declare(title="Down", services=[shop], started_at=ago(35))
    [suspect] = suspects_of(incident)
    assert suspect.change == fixed
    assert ("Allowed by an override", 5) in [(reason.text, reason.points) for reason in suspect.reasons]


def test_another_environment_speaks_against_a_change(shop):
    ChangeFactory(service=shop, environment="staging", started_at=ago(5))
    incident, _ = declare(title="Down", services=[shop])
    assert -20 in [reason.points for reason in suspects_of(incident)[0].reasons]


def test_the_number_of_queries_does_not_grow_with_changes(shop, django_assert_num_queries):
    incident, _ = declare(title="Down", services=[shop])
    for _ in range(12):
        ChangeFactory(service=shop)
    with django_assert_num_queries(10):
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
    stranger = ChangeFactory()
    incident, _ = declare(title="Down", services=[shop])
    assert judge(incident=incident, change=stranger, verdict="confirmed", by=PersonFactory()).rank == 0


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
