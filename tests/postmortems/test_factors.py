"""Contributing factors are several, may be mitigating, and can be seen to contribute no more."""

import pytest

from incidents.models import TimelineEntry
from notifications.errors import Conflict, InvalidInput
from postmortems import services
from tests.factories import IncidentFactory, TimelineEntryFactory
from tests.postmortems.cases import published, reviewed

pytestmark = pytest.mark.django_db


def test_the_same_factor_may_both_contribute_and_limit_the_harm_but_each_once():
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    for kind in ("contributing", "mitigating", "contributing"):
        services.add_factor(postmortem=postmortem, factor="automation", kind=kind, note=kind, by=None)
    assert sorted(postmortem.findings.values_list("kind", flat=True)) == ["contributing", "mitigating"]


def test_an_unknown_factor_is_refused_with_the_known_ones():
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    with pytest.raises(InvalidInput, match="capacity-load"):
        services.add_factor(postmortem=postmortem, factor="root-cause", by=None)


def test_a_factor_is_seen_to_be_gone_even_after_publication():
    finding = published(IncidentFactory()).findings.get()
    fixed = services.edit_factor(finding=finding, fixed=True, note="The pool is bounded now.", by=None)
    assert fixed.fixed_at and fixed.note == "The pool is bounded now."
    assert services.edit_factor(finding=finding, fixed=False, by=None).fixed_at is None


def test_taking_a_factor_back_in_review_withdraws_the_sign_offs():
    postmortem = reviewed(IncidentFactory(), factors=("data", "capacity-load"))
    services.remove_factor(finding=postmortem.findings.first(), by=None)
    assert not postmortem.reviews.filter(signed_off_at__isnull=False).exists()


def test_factors_of_what_is_published_stay():
    with pytest.raises(Conflict):
        services.remove_factor(finding=published(IncidentFactory()).findings.get(), by=None)


def test_an_entry_is_picked_with_how_it_looked_then_and_left_out_again():
    incident = IncidentFactory()
    postmortem, entry = services.open_postmortem(incidents=[incident]), TimelineEntryFactory(incident=incident)
    services.curate(postmortem=postmortem, entry=entry, phase="repair", how_it_looked="All green", by=None)
    picked = services.curate(postmortem=postmortem, entry=entry, key_moment=True, by=None)
    assert (picked.phase, picked.how_it_looked, picked.key_moment) == ("repair", "All green", True)
    services.uncurate(postmortem=postmortem, entry=entry, by=None)
    assert not postmortem.curated.exists()
    assert TimelineEntry.objects.filter(pk=entry.pk).exists()


def test_entries_of_other_incidents_are_refused():
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    with pytest.raises(InvalidInput, match="not about"):
        services.curate(postmortem=postmortem, entry=TimelineEntryFactory(), by=None)
