"""Actions, trackers and time set aside in the writer."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from postmortems import services
from postmortems.improvement import monday_of
from postmortems.models import Action, ExternalIssue, ImprovementTime, Tracker
from postmortems.services.trackers import add_tracker
from postmortems.trackers.testing import check_due
from tests.factories import AdministratorFactory, IncidentFactory, MembershipFactory, PersonFactory, TeamFactory
from tests.postmortems.cases import member
from tests.postmortems.tracker_servers import tracker_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return member("dev")


@pytest.fixture
def writer(client, me):
    client.force_login(me)
    return client


@pytest.fixture
def administrator(client):
    client.force_login(AdministratorFactory())
    return client


def create(late_by=None, **fields):
    action = services.create_action(**{"title": "Bound the pool", "by": None} | fields)
    if late_by is not None:
        Action.objects.filter(pk=action.pk).update(due_on=timezone.localdate() - timedelta(days=late_by))
    return action


def test_an_action_keeps_the_words_it_was_made_of_and_leads_back_to_them(writer):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    services.save_section(postmortem=postmortem, key="summary", body="The pool was\nfull.", version=0, by=None)
    given = {"title": "Bound it", "kind": "prevent", "priority": "low", "excerpt": "The pool was full."}
    writer.post(f"/postmortems/{postmortem.number}/actions/", {f"action-{name}": one for name, one in given.items()})
    action = Action.objects.get()
    assert (action.section, action.excerpt) == ("summary", "The pool was full.")
    page = writer.get(f"/actions/{action.number}/").text
    assert "The pool was full." in page and f"/postmortems/{postmortem.number}/#s-summary" in page


def test_the_page_says_when_it_is_reminded_of_and_its_owner_snoozes_it(writer, me):
    action = create(owner=me, due_on=timezone.localdate() + timedelta(days=20))
    here = f"/actions/{action.number}/"
    assert "every week once it is late" in writer.get(here).text
    assert writer.post(f"{here}snooze/", {"after": "14"}).status_code == 302
    action.refresh_from_db()
    assert action.snoozed_until == timezone.localdate() + timedelta(days=14)
    assert "Snoozed until" in writer.get(here).text
    writer.post(f"{here}snooze/", {"wake": "1"})
    action.refresh_from_db()
    assert action.snoozed_until is None


def test_reminders_of_what_was_closed_meanwhile_do_not_come_again_and_the_page_says_so(writer, me):
    action = create(owner=me)
    services.transition_action(action=action, to="done", by=None)
    answer = writer.post(f"/actions/{action.number}/snooze/", {"wake": "1"}, follow=True)
    assert answer.status_code == 200 and "nobody is reminded of it" in answer.text


@pytest.mark.parametrize("given", [{"after": "", "until": ""}, {"after": "", "until": "2020-01-01"}, {"after": "4000"}])
def test_a_snooze_that_cannot_be_is_refused_at_its_field(writer, me, given):
    action = create(owner=me)
    assert writer.post(f"/actions/{action.number}/snooze/", given).status_code == 422
    action.refresh_from_db()
    assert action.snoozed_until is None


def test_who_is_not_reminded_does_not_snooze(writer):
    action = create(owner=PersonFactory())
    here = f"/actions/{action.number}/snooze/"
    assert "they may snooze them" in writer.get(here).text
    assert writer.post(here, {"after": "7"}).status_code == 403


def test_an_action_whose_owner_left_says_so_and_can_be_taken(writer, me):
    action = create(owner=PersonFactory())
    action.owner.is_active = False
    action.owner.save()
    here = f"/actions/{action.number}/"
    assert "Its owner has left" in writer.get(here).text
    assert "owner left" in writer.get("/actions/?owner=nobody").text
    data = {"title": "Bound it", "kind": "prevent", "priority": "low", "due_on": str(action.due_on)}
    assert writer.post(here, data | {"owner": me.pk, "remind_every": 3}).status_code == 302
    action.refresh_from_db()
    assert (action.owner, action.remind_every) == (me, 3)


def test_the_board_counts_by_team_and_puts_what_is_late_first(writer):
    team = TeamFactory(name="Payments")
    create(team=team, title="In time")
    create(team=team, title="Late one", late_by=9)
    create(title="Nobody's")
    page = writer.get("/actions/").text
    assert '2 open, <span class="is-late">1 overdue</span>, the oldest by 9 days' in page
    assert page.index("Late one") < page.index("In time") < page.index("Nobody&#x27;s")
    of_team = writer.get(f"/actions/?team={team.slug}").text
    assert "Actions of Payments" in of_team and "Time set aside" in of_team and "Nobody&#x27;s" not in of_team


def test_a_button_on_the_board_moves_an_action_and_gives_its_row_back(writer):
    action = create()
    answer = writer.post(f"/actions/{action.number}/move/", {"to": "accepted"}, headers={"HX-Request": "true"})
    assert answer.text.startswith(f'<li id="a-{action.number}">') and "accepted" in answer.text
    assert writer.post(f"/actions/{action.number}/move/", {"to": "reopened"}).status_code == 422


def test_what_its_issue_says_stands_on_the_page(writer):
    add_tracker(kind="github", name="Code", url="https://github.com", by=None)
    action = create(url="https://github.com/shop/pay/issues/7")
    page = writer.get(f"/actions/{action.number}/").text
    assert "shop/pay#7" in page and "It is read within a minute." in page
    ExternalIssue.objects.update(
        state="closed", status="closed", closed_by="octocat", seen_at=timezone.now(), closed_action_at=timezone.now()
    )
    page = writer.get(f"/actions/{action.number}/").text
    assert "closed outside" in page and "closed by octocat" in page and "followed by itself" in page
    assert "closed outside" in writer.get("/actions/").text


def test_a_tracker_is_added_tested_changed_and_retired(administrator):
    with tracker_server("gitlab") as server:
        given = {"kind": "gitlab", "name": "Code", "url": server.url, "token": "s3cret"}
        answer = administrator.post("/settings/trackers/new/", given)
        tracker = Tracker.objects.get()
        assert answer.status_code == 201 and f"/hooks/issues/{tracker.key}" in answer.text
        here = f"/settings/trackers/{tracker.pk}/"
        assert "Asking" in administrator.get(here).text and server.asked == []
        check_due()
        told = administrator.get(here, headers={"HX-Request": "true"}).text
        assert "andon-bot" in told and "hx-get" not in told
        administrator.post(f"{here}test/")
        assert "hx-get" in administrator.get(here).text
    assert administrator.post(here, {"name": "Ours", "url": server.url}).status_code == 302
    refused = administrator.post(here, {"name": "Ours", "url": "https://elsewhere.example"})
    assert refused.status_code == 422 and "give the token for it again" in refused.text
    administrator.post(f"{here}retire/")
    tracker.refresh_from_db()
    assert (tracker.name, tracker.token) == ("Ours", "") and tracker.retired_at
    assert "s3cret" not in administrator.get(here).text
    administrator.post(f"{here}take-up/")
    assert "Ours" in administrator.get("/settings/trackers/").text


def test_trackers_are_for_administrators(writer):
    for address in ("/settings/trackers/", "/settings/trackers/new/"):
        assert writer.get(address).status_code == 403


def test_a_team_plans_its_weeks_and_reports_them(writer, me):
    team, monday = me.teams.get(), monday_of(timezone.localdate())
    here = f"/improvement/{team.slug}/"
    ahead, before = monday + timedelta(days=7), monday - timedelta(days=7)
    writer.post(f"{here}?week={ahead}", {f"w{ahead:%Y%m%d}-planned_hours": "16"})
    name = f"w{before:%Y%m%d}"
    told = {"planned_hours": "8", "spent_hours": "6.5", "note": "Slow tests."}
    writer.post(f"{here}?week={before}", {f"{name}-{field}": value for field, value in told.items()})
    rows = dict(ImprovementTime.objects.values_list("week", "planned_hours"))
    assert rows == {ahead: Decimal(16), before: Decimal(8)}
    page = writer.get(here).text
    assert "6.5 of 8 hours planned in the last 13 weeks were spent; 1 of them reported." in page
    assert "6.5 of 8 h spent" in writer.get("/improvement/").text


def test_a_week_that_cannot_be_is_refused(writer, me):
    here, monday = f"/improvement/{me.teams.get().slug}/", monday_of(timezone.localdate())
    refused = writer.post(f"{here}?week={monday}", {f"w{monday:%Y%m%d}-planned_hours": "-1"})
    assert refused.status_code == 422
    assert writer.post(f"{here}?week=soon", {}).status_code == 404
    assert not ImprovementTime.objects.exists()


def test_only_the_team_itself_writes_and_everybody_reads(writer):
    team, monday = TeamFactory(), monday_of(timezone.localdate())
    here = f"/improvement/{team.slug}/"
    assert writer.post(f"{here}?week={monday}", {f"w{monday:%Y%m%d}-planned_hours": "4"}).status_code == 403
    assert writer.get(here).status_code == 200 and '<form class="inline-form"' not in writer.get(here).text


def test_who_writes_for_a_team_is_the_same_on_both_pages(writer, me):
    ours, theirs = me.teams.get(), TeamFactory()
    led = TeamFactory(lead=me)
    MembershipFactory(team=theirs)
    page = writer.get("/improvement/")
    assert {time.team for time in page.context["times"] if time.may_write} == {ours, led}
