"""`manage.py check_oncall`: what would lose a page is said before it does."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications.models import ContactMethod
from oncall.models import Leave, Person, Shift, Step, Swap, Target
from tests.factories import PersonFactory, PolicyFactory, ServiceFactory, ShiftFactory, TeamFactory, staffed_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    service = staffed_service()
    now = timezone.now()
    Shift.objects.update(during=(now - timedelta(days=1), now + timedelta(days=15)))
    return service


def run(*options):
    out = StringIO()
    try:
        call_command("check_oncall", *options, stdout=out)
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


def test_a_program_reads_it_as_json(service):
    orphan = ServiceFactory(name="Orphan")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_oncall", "--json", "--days", "3", stdout=out)
    [concern] = json.loads(out.getvalue())["concerns"]
    assert concern["about"] == orphan.slug
    orphan.delete()
    out = StringIO()
    call_command("check_oncall", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"days": 14, "concerns": []}


def test_it_looks_as_far_ahead_as_it_is_told(service):
    assert len(run("--days", "14")) == 1
    assert any("in the next 30 days" in line for line in run("--days", "30"))
    assert run("--days", "0") == ["--days 0 does not do; give from 1 to 180."]


def test_the_exit_code_tells_a_job(service):
    ServiceFactory()
    with pytest.raises(CommandError) as ended:
        call_command("check_oncall", stdout=StringIO())
    assert ended.value.returncode == 1


def test_a_method_that_was_never_verified_is_none(service):
    ContactMethod.objects.filter(person__name="Dev Person").update(verified_at=None)
    assert "Dev Person is on call and has no contact method that works" in run()[0]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"kind": "seat", "seat": "night"}, "no schedule of its services has the seat night"),
        ({"kind": "person", "person": {"is_active": False}}, "is gone"),
        ({"kind": "person", "person": {}}, "has no contact method that works"),
        ({"kind": "team", "team": {}}, "nobody of Empty can be reached"),
        ({"kind": "team_lead", "team": {}}, "Empty has no lead"),
    ],
)
def test_a_step_that_reaches_nobody_is_named_with_the_reason(service, target, said):
    if "person" in target:
        target = target | {"person": PersonFactory(**target["person"])}
    if "team" in target:
        target = target | {"team": TeamFactory(name="Empty")}
    step = Step.objects.create(policy=service.policy, position=1, delay=timedelta(minutes=5))
    Target.objects.create(step=step, **target)
    found = [line for line in run() if line.startswith(f"{service.policy.slug}: Step 2 of the policy")]
    assert len(found) == 1
    assert said in found[0]
    Target.objects.create(step=step, kind="seat", seat="dev")
    assert not [line for line in run() if "Step 2" in line]


def test_a_policy_without_steps_is_named(service):
    service.policy.steps.all().delete()
    assert any(f"The policy {service.policy} has no steps" in line for line in run())


def test_a_policy_that_nobody_uses_may_be_unfinished(service):
    PolicyFactory(steps=[])
    assert len(run()) == 1


def test_a_service_whose_seats_nobody_can_be_reached_on_is_named(service):
    ContactMethod.objects.all().delete()
    assert f"{service.slug}: A page for {service} would reach nobody now" in "\n".join(run())


def test_leave_in_which_somebody_is_on_call_is_named_once(service):
    person = service.dev_team.members.get()
    start = timezone.now() + timedelta(days=2)
    Leave.objects.create(person=person, start=start, end=start + timedelta(days=1))
    found = [line for line in run() if "is away" in line]
    assert len(found) == 1
    assert "is on call then: somebody should cover for them" in found[0]
    seat = Shift.objects.get(person=person).seat
    Swap.objects.create(seat=seat, person=person, start=start, end=start + timedelta(days=1), reason="leave")
    assert [line for line in run() if "is away" in line] != found
    assert len([line for line in run() if "is away" in line]) == 1
