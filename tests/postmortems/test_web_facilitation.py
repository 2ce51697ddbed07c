"""The page where a post-mortem is facilitated, by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from postmortems import services
from tests.factories import PersonFactory
from tests.postmortems.cases import member, resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return member("dev")


@pytest.fixture
def web(client, by):
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def postmortem(by):
    return services.open_postmortem(incidents=[resolved(severity="sev1")], by=by)


def at(name, postmortem, *more):
    return reverse(f"postmortems:{name}", args=[postmortem.number, *more])


def test_one_click_names_who_is_suggested(web, postmortem):
    somebody = PersonFactory(name="Fay")
    page = web.get(at("facilitation", postmortem)).text
    assert "Who could do it" in page and "took no part" in page
    web.post(at("name-facilitator", postmortem), {"person": somebody.pk})
    postmortem.refresh_from_db()
    assert postmortem.facilitator == somebody
    page = web.get(at("facilitation", postmortem)).text
    assert "leads the conversation" in page
    assert "Who could do it" not in page


def test_a_facilitator_who_left_is_said_and_another_is_asked_for(web, postmortem):
    gone = PersonFactory(name="Fay")
    services.set_facilitator(postmortem=postmortem, person=gone, by=None)
    gone.is_active = False
    gone.save()
    page = web.get(at("facilitation", postmortem)).text
    assert "Fay has left: name somebody else." in page
    assert "Who could do it" in page
    text = web.get(at("detail", postmortem)).text
    assert "has left: name another" in text
    assert "Name a facilitator" in text


def test_both_sides_are_asked_for_and_all_proposed_are_invited_at_once(web, postmortem):
    incident = postmortem.incidents.get()
    dev, ops = member("dev"), member("ops")
    incident.participant_set.create(person=dev, how="joined", side="dev")
    incident.participant_set.create(person=ops, how="paged", side="ops")
    page = web.get(at("facilitation", postmortem)).text
    assert "Nobody of Dev yet" in page and "Nobody of Ops yet" in page
    web.post(at("invite-proposed", postmortem))
    assert {(one.person, one.side) for one in postmortem.invitations.all()} >= {(dev, "dev"), (ops, "ops")}
    page = web.get(at("facilitation", postmortem)).text
    assert "Nobody of" not in page
    web.post(at("uninvite", postmortem, postmortem.invitations.get(person=ops).pk))
    assert "Nobody of Ops yet" in web.get(at("facilitation", postmortem)).text


def test_a_refused_invitation_stands_in_its_form(web, postmortem):
    answer = web.post(at("invite", postmortem), {"invite-person": "", "invite-side": "dev"})
    assert answer.status_code == 422
    assert "This field is required" in answer.text


def test_a_meeting_is_set_in_the_zone_of_the_viewer_and_may_be_taken_into_a_calendar(web, by, postmortem):
    by.timezone = "America/New_York"
    by.save()
    assert web.get(at("meeting-ics", postmortem)).status_code == 404
    day = (timezone.now() + timedelta(days=30)).date()
    day += timedelta(days=(7 - day.weekday()) % 7 + 5)  # a Saturday
    sent = {"meeting-at": f"{day}T10:00", "meeting-minutes": "45", "meeting-place": "https://meet.example/x"}
    page = web.post(at("set-meeting", postmortem), sent, follow=True).text
    postmortem.refresh_from_db()
    assert postmortem.meeting_at.hour in (14, 15)
    assert f"Saturday {day.day}" in page and "10:00" in page
    assert "Saturday is not a working day for most." in page
    assert "after the day it was due" in page
    assert '<a href="https://meet.example/x"' in page
    answer = web.get(at("meeting-ics", postmortem))
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"UID:postmortem-{postmortem.number}@" in answer.text
    web.post(at("call-off-meeting", postmortem))
    assert "No meeting is set" in web.get(at("facilitation", postmortem)).text


def test_a_meeting_in_the_past_is_refused_in_the_form(web, postmortem):
    sent = {"meeting-at": "2020-01-01T10:00", "meeting-minutes": "45", "meeting-place": ""}
    answer = web.post(at("set-meeting", postmortem), sent)
    assert answer.status_code == 422
    assert "has passed" in answer.text


def test_the_agenda_leads_to_what_is_open(web, postmortem):
    page = web.get(at("facilitation", postmortem)).text
    assert "Not written yet" in page
    assert f'href="{postmortem.get_absolute_url()}#s-summary"' in page


def test_soaking_is_offered_at_the_actions_and_ended_there(web, postmortem):
    assert "Let it soak before actions are agreed on" in web.get(at("detail", postmortem)).text
    day = timezone.localdate() + timedelta(days=3)
    page = web.post(at("soak", postmortem), {"soak-until": day.isoformat()}, follow=True).text
    assert f"Actions are agreed on from {day:%A} {day.day}" in page
    assert "you may add proposals now" in page
    assert "Add an action" in page
    page = web.post(at("soak", postmortem), {"end": ""}, follow=True).text
    assert "you may add proposals now" not in page
    assert web.post(at("soak", postmortem), {"soak-until": "2020-01-01"}).status_code == 422


def test_the_guide_is_there_for_everybody(client):
    client.force_login(PersonFactory(role="viewer"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/postmortems/guide/").text
    for heading in ("Before you meet", "When somebody blames", "When nobody speaks", "When there are no actions"):
        assert heading in page


def test_a_viewer_reads_and_is_offered_nothing(client, postmortem):
    client.force_login(PersonFactory(role="viewer"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(at("facilitation", postmortem)).text
    main = page[page.index('id="main"') :]
    assert 'method="post"' not in main
    for name in ("set-meeting", "invite", "soak", "invite-proposed"):
        sent = {"soak-until": "2030-01-01", "invite-person": postmortem.opened_by_id, "meeting-at": "2030-01-01T10:00"}
        sent["meeting-minutes"] = 60
        assert client.post(at(name, postmortem), sent).status_code == 403 or name == "invite-proposed"
    assert not postmortem.invitations.exists()


def test_the_head_names_the_next_step_and_the_meeting(web, postmortem):
    assert "Name a facilitator" in web.get(at("detail", postmortem)).text
    services.set_facilitator(postmortem=postmortem, person=PersonFactory(), by=None)
    assert "Set the meeting" in web.get(at("detail", postmortem)).text
    services.set_meeting(postmortem=postmortem, at=timezone.now() + timedelta(days=1), by=None)
    assert "Write the summary" in web.get(at("detail", postmortem)).text
