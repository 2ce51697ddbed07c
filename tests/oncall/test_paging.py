"""Paging: both sides at once, each side by itself, and nobody told twice."""

import pytest

from oncall import paging
from tests.factories import staffed_service

pytestmark = pytest.mark.django_db


def test_a_page_of_a_shared_service_reaches_both_sides_at_the_same_moment():
    service = staffed_service()
    page = paging.page(subject="Checkout is down", dedup_key="incident:1", service=service)
    told = page.notices.select_related("person")
    assert {(notice.seat, str(notice.person)) for notice in told} == {("dev", "Dev Person"), ("ops", "Ops Person")}
    assert len({escalation.next_at for escalation in page.escalations.all()}) == 1
