"""The daily message to a team: at nine by its schedule's clock, once, to whoever can be told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from notifications.models import ContactMethod, Delivery
from oncall import services
from oncall.checks import mornings
from oncall.checks.daily import Handoff, Morning, OnCall
from oncall.models import Membership, Shift, Team
from tests.factories import ContactMethodFactory, MembershipFactory, ShiftFactory, TeamFactory, staffed_service
from tests.oncall.personas import api, browser

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 6, 3, 7, tzinfo=UTC)  # in Berlin, a Wednesday
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(db):
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


@pytest.fixture
def service(clock):
    service = staffed_service(name="Checkout")
    service.schedule.name, service.schedule.timezone = "Shop", "Europe/Berlin"
    service.schedule.save()
    Shift.objects.update(during=(NINE - timedelta(days=2), NINE + timedelta(days=20)))
    return service


def told():
    return [(delivery.channel, delivery.address) for delivery in Delivery.objects.order_by("address")]


def test_the_words():
    morning = Morning(
        team="Shop Dev",
        now=NINE,
        zone=BERLIN,
        on_call=[
            OnCall("Shop", "dev", ("Ana", "Bo"), NINE + 5 * HOUR),
            OnCall("Shop", "ops", ("Cy",), NINE + 50 * HOUR),
            OnCall("Till", "dev", ()),
        ],
        handoffs=[Handoff(NINE + 5 * HOUR, "Shop", "dev", ("Di",)), Handoff(NINE + 6 * HOUR, "Till", "dev", ())],
        concerns=[f"Number {number} is wrong." for number in range(12)],
    )
    assert morning.subject == "Shop Dev: on call on Wed 3 Jun"
    assert morning.text.splitlines()[:10] == [
        "On call for Shop Dev, Wednesday 3 June (times in Europe/Berlin).",
        "• Dev on Shop: Ana and Bo, until 14:00",
        "• Ops on Shop: Cy, until Fri 5 Jun 11:00",
        "• Dev on Till: nobody",
        "Handoffs today:",
        "• 14:00 Dev on Shop: Di",
        "• 15:00 Dev on Till: nobody",
        "To mend:",
        "• Number 0 is wrong.",
        "• Number 1 is wrong.",
    ]
    assert morning.text.endswith("• and 2 more: manage.py check_oncall lists all")


def test_a_calm_day_is_said_in_few_words():
    morning = Morning("Shop Dev", NINE, BERLIN, [OnCall("Shop", "dev", ("Ana",))])
    assert morning.text.splitlines()[1:] == ["• Dev on Shop: Ana", "No handoffs today."]


def test_before_nine_nobody_is_told_and_at_nine_each_team_is_once(service, clock):
    clock.move_to(NINE - timedelta(minutes=1))
    assert mornings.tell_due() == 0
    clock.move_to(NINE)
    assert mornings.tell_due() == 2
    assert mornings.tell_due() == 0
    clock.shift(5 * HOUR)
    assert mornings.tell_due() == 0
    assert Delivery.objects.count() == 2
    clock.move_to(NINE + 24 * HOUR)
    assert mornings.tell_due() == 2


def test_after_a_pause_it_is_told_late_on_the_same_day_and_not_on_the_next(service, clock):
    clock.move_to(NINE + 14 * HOUR)  # 23:00
    assert mornings.tell_due() == 2
    Delivery.objects.all().delete()
    clock.move_to(NINE + 16 * HOUR)  # 01:00
    assert mornings.tell_due() == 0


def test_what_is_set_up_later_in_the_day_is_told_from_the_next_morning_on(clock):
    clock.move_to(NINE + 6 * HOUR)
    staffed_service()
    Shift.objects.update(during=(NINE, NINE + timedelta(days=20)))
    assert mornings.tell_due() == 0
    clock.move_to(NINE + 26 * HOUR)
    assert mornings.tell_due() == 2


def test_it_says_who_is_on_call_and_who_comes(service, clock):
    seat = Shift.objects.get(seat__name="ops").seat
    noon = NINE + 3 * HOUR
    Shift.objects.filter(seat=seat).update(during=(NINE - timedelta(days=2), noon))
    ShiftFactory(
        seat=seat, person=ContactMethodFactory(person__name="Zoe").person, during=(noon, NINE + timedelta(days=9))
    )
    mornings.tell_due()
    text = Delivery.objects.first().message["text"]
    assert "• Ops on Shop: Ops Person, until 12:00" in text
    assert "Handoffs today:\n• 12:00 Ops on Shop: Zoe" in text
    assert "To mend:\n• Nobody has the seat ops once in the next 14 days" in text


def test_what_concerns_other_teams_is_left_to_them(service):
    other = staffed_service()
    Shift.objects.filter(seat__schedule=other.schedule).update(during=(NINE - 2 * HOUR, NINE - HOUR))
    mornings.tell_due()
    texts = {d.about: d.message["text"] for d in Delivery.objects.all()}
    assert "To mend" not in texts[f"team:{service.dev_team.slug}"]


def test_a_team_with_a_channel_hears_it_there(service, settings):
    Team.objects.filter(pk=service.dev_team_id).update(channel="#shop")
    settings.SLACK_BOT_TOKEN = "xoxb-test"
    mornings.tell_due()
    assert ("slack", "#shop") in told()


def test_where_slack_is_not_connected_the_channel_is_not_waited_for(service):
    Team.objects.filter(pk=service.dev_team_id).update(channel="#shop")
    mornings.tell_due()
    assert {channel for channel, _ in told()} == {"email"}


def test_without_a_channel_the_lead_hears_it_by_the_first_method_that_works(service):
    lead = ContactMethodFactory(person__email="lead@example.com").person
    ContactMethod.objects.filter(person=lead).update(refused_at=NINE - HOUR)
    ContactMethodFactory(person=lead, kind="webhook", address="https://example.com/lead", position=1)
    Team.objects.filter(pk=service.dev_team_id).update(lead=lead)
    mornings.tell_due()
    assert ("webhook", "https://example.com/lead") in told()
    assert len(told()) == 2


def test_where_the_lead_cannot_be_told_every_member_is(service):
    second = MembershipFactory(team=service.dev_team, person=ContactMethodFactory(person__email="b@example.com").person)
    Team.objects.filter(pk=service.dev_team_id).update(lead=ContactMethodFactory(verified_at=None).person)
    mornings.tell_due()
    assert ("email", second.person.email) in told()
    assert len(told()) == 3


def test_a_team_that_serves_no_schedule_hears_nothing(service):
    team = TeamFactory()
    MembershipFactory(team=team, person=ContactMethodFactory().person)
    mornings.tell_due()
    assert not Delivery.objects.filter(about=f"team:{team.slug}").exists()


def test_a_team_that_nobody_can_be_told_of_holds_up_no_other(service):
    Membership.objects.filter(team=service.dev_team).delete()
    assert mornings.tell_due() == 1


def test_each_zone_of_a_team_has_its_own_morning(service, clock):
    chicago = staffed_service()
    chicago.schedule.timezone = "America/Chicago"
    chicago.schedule.save()
    chicago.dev_team = service.dev_team
    chicago.save()
    assert mornings.tell_due() == 2
    clock.move_to(datetime(2026, 6, 3, 14, tzinfo=UTC))
    assert mornings.tell_due() == 2
    assert Delivery.objects.filter(about=f"team:{service.dev_team.slug}").count() == 2


def test_the_channel_is_set_through_the_api_and_the_page(db):
    team = TeamFactory(slug="shop", name="Shop")
    boss = api()
    assert boss.patch("/api/v1/teams/shop/", {"channel": "#shop"}).json()["channel"] == "#shop"
    answer = boss.patch("/api/v1/teams/shop/", {"channel": "shop talk"})
    assert (answer.status_code, "is not a channel" in answer.json()["detail"]) == (400, True)
    assert boss.patch("/api/v1/teams/shop/", {"name": "Shop Dev"}).json()["channel"] == "#shop"
    page = browser()
    assert 'value="#shop"' in page.get("/teams/shop/edit/").content.decode()
    page.post("/teams/shop/edit/", {"name": "Shop", "slug": "shop", "discipline": "dev", "channel": "C0123456789"})
    team.refresh_from_db()
    assert team.channel == "C0123456789"
    services.save_team(slug="shop", name="Shop", discipline="dev", team=team)
    assert team.channel == ""
