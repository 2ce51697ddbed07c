"""User groups in Slack hold whoever is on call, whatever Slack says in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from notifications.errors import Forbidden, InvalidInput
from oncall import shifts
from slack.models import UserGroup
from slack.sandbox import PracticeSlack
from slack.services import delete_user_group, save_user_group
from slack.usergroups import TELL_AGAIN, sync_due
from tests.factories import (
    AdministratorFactory,
    PersonFactory,
    ScheduleFactory,
    ShiftFactory,
    staffed_service,
)
from tests.slack.conftest import SECRET, TOKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout():
    """A service with one person on each of its seats, both known to the practice workspace."""
    service = staffed_service(schedule=ScheduleFactory(slug="checkout"))
    dev, ops = (people[0] for people in shifts.on_call_now(service).values())
    for person, slack_id in ((dev, "U0ANA"), (ops, "U0BO")):
        type(person).objects.filter(pk=person.pk).update(slack_id=slack_id)
    return service


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(AdministratorFactory())
    return client


def keep(handle="checkout-oncall", seats=("checkout/dev", "checkout/ops")):
    return save_user_group(handle=handle, seats=seats, by=AdministratorFactory())


def group_of(slack, handle):
    return next(group for group in slack.workspace.groups.values() if group["handle"] == handle)


def sync(group):
    UserGroup.objects.filter(pk=group.pk).update(next_at=timezone.now())
    sync_due()
    group.refresh_from_db()
    return group


@pytest.fixture
def slack(settings):
    """A practice workspace that Andon talks to."""
    with PracticeSlack(andon_url="http://127.0.0.1:9", token=TOKEN, signing_secret=SECRET) as practice:
        settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL = TOKEN, f"{practice.url}/api/"
        yield practice


def test_a_group_is_made_and_holds_both_sides(slack, checkout):
    group = sync(keep())
    assert group_of(slack, "checkout-oncall")["users"] == ["U0ANA", "U0BO"]
    assert (group.error, group.synced_at is not None) == ("", True)


def test_a_group_of_one_seat_holds_that_side_alone(slack, checkout):
    sync(keep("checkout-ops", ["checkout/ops"]))
    assert group_of(slack, "checkout-ops")["users"] == ["U0BO"]


def test_a_group_that_slack_has_already_is_used(slack, checkout):
    slack.workspace.add_group({"id": "S0OLD", "handle": "checkout-oncall", "name": "Old"})
    assert sync(keep()).group_id == "S0OLD"
    assert group_of(slack, "checkout-oncall")["user_count"] == 2


def test_who_takes_over_takes_the_place_in_the_group(slack, checkout):
    group = sync(keep("checkout-dev", ["checkout/dev"]))
    seat = checkout.schedule.seats.get(name="dev")
    seat.shifts.all().delete()
    ShiftFactory(seat=seat, person=PersonFactory(slack_id="U0BO"))
    sync(group)
    assert group_of(slack, "checkout-dev")["users"] == ["U0BO"]


def test_somebody_whose_slack_id_is_unknown_is_found_by_their_address(slack, checkout):
    seat = checkout.schedule.seats.get(name="dev")
    seat.shifts.all().delete()
    newcomer = PersonFactory(email="bo@example.com")
    ShiftFactory(seat=seat, person=newcomer)
    sync(keep("checkout-dev", ["checkout/dev"]))
    newcomer.refresh_from_db()
    assert (newcomer.slack_id, group_of(slack, "checkout-dev")["users"]) == ("U0BO", ["U0BO"])


def test_slack_is_told_only_what_it_does_not_know(slack, checkout):
    group = sync(keep())
    sync(group)
    assert [call.method for call in slack.calls].count("usergroups.users.update") == 1


def test_a_group_that_somebody_changed_by_hand_is_put_right_in_time(slack, checkout):
    group = sync(keep())
    slack.workspace.groups[group.group_id]["users"] = ["U0ANA"]
    UserGroup.objects.update(synced_at=timezone.now() - TELL_AGAIN - timedelta(seconds=1))
    sync(group)
    assert group_of(slack, "checkout-oncall")["users"] == ["U0ANA", "U0BO"]


def test_a_group_removed_in_slack_is_made_anew(slack, checkout):
    group = sync(keep())
    slack.workspace.groups.clear()
    UserGroup.objects.update(synced_at=None)
    assert "no_such_subteam" in sync(group).error
    assert sync(group).error == ""
    assert group_of(slack, "checkout-oncall")["users"] == ["U0ANA", "U0BO"]


def test_an_empty_seat_leaves_the_group_as_it_is_and_says_so(slack, checkout):
    group = sync(keep("checkout-dev", ["checkout/dev"]))
    checkout.schedule.seats.get(name="dev").shifts.all().delete()
    assert "Nobody is on call" in sync(group).error
    assert group_of(slack, "checkout-dev")["users"] == ["U0ANA"]


def test_what_slack_refuses_is_said_and_tried_again(slack, checkout):
    group = keep()
    slack.fail_with("usergroups.users.update", "permission_denied")
    assert sync(group).error == "Slack refused: permission_denied"
    assert group.next_at > timezone.now()
    assert sync(group).error == ""


def test_slack_that_asks_to_wait_is_waited_for(slack, checkout):
    group = keep()
    slack.fail_with("usergroups.users.update", retry_after=40)
    assert sync(group).error == "Slack asks to wait"
    assert group.next_at > timezone.now() + timedelta(seconds=30)


def test_a_silent_slack_is_said_too(settings, checkout):
    settings.SLACK_BOT_TOKEN, settings.SLACK_API_URL = TOKEN, "http://127.0.0.1:9/api/"
    assert "Slack cannot be reached" in sync(keep()).error


def test_without_slack_nothing_is_tried(settings, checkout):
    settings.SLACK_BOT_TOKEN = ""
    group = keep()
    assert sync_due() == 0
    assert sync(group).error == ""


@pytest.mark.parametrize(
    ("handle", "seats", "said"),
    [
        ("on call!", ["checkout/dev"], "is not a handle"),
        ("a" * 22, ["checkout/dev"], "at most 21"),
        ("oncall", [], "follows no seat"),
        ("oncall", ["checkout/pilot"], "no seat “checkout/pilot”"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is(checkout, handle, seats, said):
    with pytest.raises(InvalidInput, match=said):
        keep(handle, seats)
    assert not UserGroup.objects.exists()


def test_only_administrators_decide_on_groups(checkout):
    group = keep()
    for act in (
        lambda by: save_user_group(handle="mine", seats=["checkout/dev"], by=by),
        lambda by: delete_user_group(user_group=group, by=by),
    ):
        with pytest.raises(Forbidden):
            act(PersonFactory())


def test_the_settings_page_keeps_changes_and_leaves_a_group(client, checkout):
    client.force_login(AdministratorFactory())
    form = {"handle": "@checkout-oncall", "seats": ["checkout/dev"]}
    assert client.post("/settings/slack/user-groups/new/", form).status_code == 302
    group = UserGroup.objects.get()
    assert "@checkout-oncall" in client.get("/settings/slack/").content.decode()
    client.post(f"/settings/slack/user-groups/{group.pk}/", form | {"seats": ["checkout/dev", "checkout/ops"]})
    assert group.seat_names() == ["checkout/dev", "checkout/ops"]
    client.post(f"/settings/slack/user-groups/{group.pk}/delete/")
    assert not UserGroup.objects.exists()


def test_the_api_says_which_seats_a_group_follows(api, checkout):
    made = api.post("/api/v1/user-groups/", {"handle": "oncall", "seats": ["checkout/ops"]}, format="json")
    assert (made.status_code, made.json()["seats"]) == (201, ["checkout/ops"])
    changed = api.patch("/api/v1/user-groups/oncall/", {"seats": ["checkout/dev"]}, format="json").json()
    assert changed["seats"] == ["checkout/dev"]
    assert api.delete("/api/v1/user-groups/oncall/").status_code == 204
