"""`manage.py check_oncall`: what would lose a page is said before it does."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications.models import ContactMethod
from oncall.models import Person, Shift
from tests.factories import ServiceFactory, ShiftFactory, staffed_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    service = staffed_service()
    now = timezone.now()
    Shift.objects.update(during=(now - timedelta(days=1), now + timedelta(days=15)))
    return service


def run():
    out = StringIO()
    try:
        call_command("check_oncall", stdout=out)
    except CommandError as error:
        return [*out.getvalue().splitlines(), str(error)]
    return out.getvalue().splitlines()


def test_where_all_is_well_it_says_so(service):
    assert run() == ["Every seat is filled and everybody on call can be reached."]


def test_an_empty_seat_is_named_with_its_first_gap(service):
    now = timezone.now()
    Shift.objects.filter(seat__name="ops").update(during=(now - timedelta(days=1), now + timedelta(days=3)))
    said, end = run()
    assert said.startswith(f"{service.schedule.slug}: Nobody has the seat ops once in the next 14 days, first from")
    assert f"{now + timedelta(days=3):%Y-%m-%d %H:%M}" in said
    assert end == "1 to mend."


def test_shifts_that_touch_leave_no_gap(service):
    now = timezone.now()
    middle = now + timedelta(days=3)
    shift = Shift.objects.get(seat__name="ops")
    Shift.objects.filter(pk=shift.pk).update(during=(now - timedelta(days=1), middle))
    ShiftFactory(seat=shift.seat, person=shift.person, during=(middle, now + timedelta(days=15)))
    assert len(run()) == 1


def test_somebody_on_call_whose_only_method_refused_is_named(service):
    ContactMethod.objects.filter(person__name="Dev Person").update(refused_at=timezone.now())
    assert "Dev Person is on call and has no contact method that works" in run()[0]


def test_somebody_on_call_who_left_is_named(service):
    Person.objects.filter(name="Dev Person").update(is_active=False)
    assert "Dev Person is on call and no longer active" in run()[0]


def test_a_service_that_nobody_answers_for_is_named(service):
    orphan = ServiceFactory(name="Orphan")
    assert run()[0] == f"{orphan.slug}: A page for Orphan reaches nobody: give it a schedule, a policy or a team."
