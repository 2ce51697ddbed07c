"""Simulated outages: the culprit is known, the same seed tells the same, and suspects beat what anybody would guess."""

import pytest

from tests.bench.suspicion import measure, most_recent, most_recent_of_the_service, ours, suspects
from tests.simulation.outages import outages

SEED = 2026


@pytest.fixture(scope="module")
def simulated():
    return outages(SEED, 60)


def test_the_same_seed_tells_the_same_outages(simulated):
    assert outages(SEED, 60) == simulated
    assert outages(SEED + 1, 60) != simulated


def test_what_is_known_when_somebody_looks_is_no_later_than_that(simulated):
    _, made = simulated
    for outage in made:
        assert all(at <= outage.seen_at for change in outage.changes for _, at in change.entries)
        assert all(points[-1][0] <= outage.seen_at.timestamp() for _, _, points in outage.panels)


def test_a_culprit_is_among_the_changes_and_some_outages_have_none(simulated):
    _, made = simulated
    caused = [outage for outage in made if outage.culprit]
    assert 30 < len(caused) < 55
    for outage in caused:
        [culprit] = [change for change in outage.changes if change.key == outage.culprit]
        assert culprit.environment == "production"
        assert culprit.started_at < min([outage.seen_at, *outage.alerts])


def test_the_organisation_has_no_service_that_depends_on_itself_by_a_detour(simulated):
    services, _ = simulated
    made: set[str] = set()
    for service in services.values():
        assert set(service.depends_on) <= made, "each depends on those made before it"
        made.add(service.slug)
    assert 30 <= len(services) <= 60


def test_suspects_stand_well_above_both_baselines():
    n, (suspected, recent, of_the_service) = measure(
        (ours, most_recent, most_recent_of_the_service), seeds=(SEED, SEED + 1), count=100
    )
    assert n > 100
    assert suspected.mean(3) > recent.mean(3) + 0.2
    assert suspected.mean(3) > of_the_service.mean(3) + 0.1
    assert suspected.mean(1) > max(recent.mean(1), of_the_service.mean(1))


def test_each_suspect_says_why(simulated):
    services, made = simulated
    for outage in made:
        for suspect in suspects(services, outage):
            assert len(suspect.reasons) >= 2 and all(reason.text for reason in suspect.reasons)
            assert suspect.points == pytest.approx(sum(reason.points for reason in suspect.reasons))
