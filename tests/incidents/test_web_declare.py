"""Pulling the cord from the web: one field is enough, and twice is once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import Incident
from oncall.models import Page
from tests.factories import PersonFactory, ServiceFactory, staffed_service
from tests.incidents.web import signed_in, text_of

pytestmark = pytest.mark.django_db
URL = "/incidents/declare/"


def test_one_field_is_enough_and_leads_to_the_room():
    ana = PersonFactory()
    answer = signed_in(ana).post(URL, {"title": "Checkout returns 500s"})
    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.number}/"
    assert (incident.severity, incident.source, incident.declared_by) == ("sev3", "web", ana)


def test_each_severity_is_explained_in_words():
    shown = text_of(signed_in().get(URL))
    for words in (
        "Most users cannot work",
        "Many users are affected",
        "there is a way around it",
        "Nobody is harmed yet",
    ):
        assert words in shown


def test_everything_that_is_known_can_be_said():
    service = staffed_service(name="Checkout")
    began = (timezone.now() - timedelta(minutes=20)).replace(second=0, microsecond=0)
    signed_in().post(
        URL,
        {
            "title": "Checkout returns 500s",
            "severity": "sev1",
            "services": [service.slug],
            "summary": "One in ten",
            "started_at": f"{began:%Y-%m-%dT%H:%M}",
            "private": "on",
            "practice": "on",
        },
    )
    incident = Incident.objects.get()
    assert (incident.severity, incident.summary, incident.started_at) == ("sev1", "One in ten", began)
    assert incident.private
    assert incident.practice
    assert list(incident.services.all()) == [service]
    assert Page.objects.filter(about=incident.subject).exists()


def test_sending_the_form_twice_makes_one_incident():
    browser = signed_in()
    nonce = browser.get(URL).context["form"]["nonce"].value()
    first, second = (browser.post(URL, {"title": "Down", "nonce": nonce}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


def test_two_forms_make_two_incidents():
    browser = signed_in()
    for _ in range(2):
        nonce = browser.get(URL).context["form"]["nonce"].value()
        browser.post(URL, {"title": "Down", "nonce": nonce})
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"title": "Down", "services": ["nowhere"]}, "nowhere"),
        ({"title": "Down", "started_at": "2150-01-01T00:00"}, "is still to come"),
        ({"title": "Down", "started_at": "yesterday"}, "Enter a valid date/time"),
        ({"title": "Down", "severity": "sev9"}, "sev9"),
    ],
)
def test_what_cannot_be_used_comes_back_with_the_reason_and_declares_nothing(given, reason):
    answer = signed_in().post(URL, given)
    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert not Incident.objects.exists()


def test_what_was_written_is_kept_when_the_form_comes_back():
    service = ServiceFactory()
    given = {"title": "", "summary": "One in ten", "severity": "sev2", "services": [service.slug]}
    shown = signed_in().post(URL, given).content.decode()
    assert "One in ten" in shown
    assert 'value="sev2" checked' in shown
    assert f'value="{service.slug}" checked' in shown


def test_a_viewer_may_declare():
    assert signed_in(role="viewer").post(URL, {"title": "Looks wrong"}).status_code == 302


def test_a_link_may_fill_the_form():
    service = ServiceFactory()
    shown = signed_in().get(f"{URL}?title=Slow&severity=sev1&service={service.slug}").content.decode()
    assert 'value="Slow"' in shown
    assert f'value="{service.slug}" checked' in shown
