"""A meeting reaches the calendars of those invited, follows every change, and tells nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from notifications.deliveries import send_due
from notifications.errors import Conflict, InvalidInput
from notifications.models import Delivery, Event
from postmortems import facilitation_reminders, services
from tests.factories import ContactMethodFactory, IncidentFactory, PersonFactory
from tests.postmortems.cases import member, published, resolved

pytestmark = pytest.mark.django_db
AT = datetime(2030, 6, 5, 10, tzinfo=UTC)  # a Wednesday
NOW = datetime(2030, 6, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


class Case:
    """A post-mortem with a facilitator and one invited of each side."""

    def __init__(self, **fields):
        self.lead, self.dev, self.ops = ContactMethodFactory().person, member("dev"), member("ops")
        incident = resolved(**fields)
        for person in (self.lead, self.dev, self.ops):
            incident.participant_set.get_or_create(person=person, defaults={"how": "added"})
        self.postmortem = services.open_postmortem(incidents=[incident], facilitator=self.lead, by=self.lead)
        for person in (self.dev, self.ops):
            services.invite(postmortem=self.postmortem, person=person, by=self.lead)

    def meet(self, at=AT, **fields):
        return services.set_meeting(postmortem=self.postmortem, at=at, by=self.lead, **fields)


@pytest.fixture
def case(settle):
    case = Case()
    settle()
    return case


@pytest.fixture
def sent(settle):
    """Everything that goes out from now on: (address, subject, method, event) in the order of addresses."""

    def run():
        settle()
        mail.outbox.clear()
        send_due("default")
        return sorted((read(message) for message in mail.outbox), key=lambda one: (one[2], one[0]))

    return run


def read(message):
    [part] = [one for one in message.message().walk() if one.get_content_type() == "text/calendar"] or [None]
    if part is None:
        return (message.to[0], message.subject, "", None)
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    return (message.to[0], message.subject, str(calendar["METHOD"]), calendar.events[0])


def attendees(event):
    found = event["ATTENDEE"]
    return {str(one).removeprefix("mailto:") for one in (found if isinstance(found, list) else [found])}


def test_everybody_who_comes_gets_the_entry_by_mail(case, sent):
    case.meet(minutes=45, place="Room 4")
    found = sent()
    everybody = {person.email for person in (case.lead, case.dev, case.ops)}
    assert {one[0] for one in found} == everybody
    for _, subject, method, event in found:
        assert (subject, method) == (f"Invitation: Post-mortem: {case.postmortem.title}", "REQUEST")
        assert (event.start, event.end, event["LOCATION"]) == (AT, AT + timedelta(minutes=45), "Room 4")
        assert (attendees(event), str(event["ORGANIZER"])) == (everybody, f"mailto:{case.lead.email}")
        assert "Summary: " in event["DESCRIPTION"]


def test_a_change_keeps_the_uid_and_raises_the_sequence_and_the_same_again_tells_nothing(case, sent):
    case.meet()
    first = sent()[0][3]
    case.meet()
    assert sent() == []
    case.meet(AT + timedelta(hours=1))
    moved = sent()
    assert len(moved) == 3
    assert {str(one[3]["UID"]) for one in moved} == {str(first["UID"])}
    assert {one[3]["SEQUENCE"] for one in moved} == {first["SEQUENCE"] + 1}


def test_reacting_again_to_the_same_news_sends_nothing_again(case, sent):
    from postmortems.handlers_meeting import send_invitations

    case.meet()
    sent()
    for event in Event.objects.filter(type="postmortem.meeting_changed"):
        send_invitations(event)
    assert sent() == []


def test_somebody_invited_later_gets_it_and_the_others_nothing(case, sent):
    case.meet()
    sent()
    late = member("ops")
    services.invite(postmortem=case.postmortem, person=late, by=case.lead)
    [(address, _, method, event)] = sent()
    assert (address, method) == (late.email, "REQUEST")
    assert late.email in attendees(event)


def test_somebody_removed_gets_a_cancellation_of_their_own(case, sent):
    case.meet()
    before = sent()[0][3]
    services.uninvite(invitation=case.postmortem.invitations.get(person=case.ops), by=case.lead)
    [(address, subject, method, event)] = sent()
    assert (address, method, attendees(event)) == (case.ops.email, "CANCEL", {case.ops.email})
    assert subject.startswith("No longer needed")
    assert "STATUS" not in event
    assert event["UID"] == before["UID"]
    assert event["SEQUENCE"] > before["SEQUENCE"]
    services.invite(postmortem=case.postmortem, person=case.ops, by=case.lead)
    [(address, _, method, again)] = sent()
    assert (address, method) == (case.ops.email, "REQUEST")
    assert again["SEQUENCE"] >= event["SEQUENCE"]


def test_calling_it_off_reaches_all(case, sent):
    case.meet()
    sent()
    services.cancel_meeting(postmortem=case.postmortem, by=case.lead)
    found = sent()
    assert {(method, str(event["STATUS"])) for _, _, method, event in found} == {("CANCEL", "CANCELLED")}
    assert len(found) == 3
    assert {event.start for *_, event in found} == {AT}
    with pytest.raises(Conflict):
        services.cancel_meeting(postmortem=case.postmortem, by=case.lead)


def test_another_facilitator_joins_and_the_first_leaves(case, sent):
    case.meet()
    sent()
    other = ContactMethodFactory().person
    services.set_facilitator(postmortem=case.postmortem, person=other, by=case.lead)
    found = {(address, method) for address, _, method, _ in sent() if method}
    assert found == {(other.email, "REQUEST"), (case.lead.email, "CANCEL")}


def test_whoever_has_no_mail_is_told_by_their_own_method(case, settle):
    person = ContactMethodFactory(kind="webhook", address="https://hooks.example/1").person
    services.invite(postmortem=case.postmortem, person=person, by=case.lead)
    case.meet()
    settle()
    told = Delivery.objects.get(address="https://hooks.example/1")
    assert "Wed 5 June 2030, 10:00 (UTC), 60 minutes." in told.message["text"]
    assert "calendar" not in told.message


def test_the_time_is_said_in_the_zone_of_whoever_reads_it(case, settle):
    case.ops.timezone = "America/New_York"
    case.ops.save()
    case.meet()
    settle()
    assert "06:00 (America/New_York)" in Delivery.objects.filter(address=case.ops.email).last().message["text"]


def test_of_a_private_incident_nothing_leaves_for_those_who_may_not_see_it(sent):
    case = Case(private=True, title="Zanzibar")
    case.meet()
    sent()
    case.postmortem.incidents.get().participant_set.filter(person=case.ops).delete()
    services.uninvite(invitation=case.postmortem.invitations.get(person=case.ops), by=case.lead)
    [(address, subject, method, _)] = sent()
    assert (address, method) == (case.ops.email, "CANCEL")
    assert "Zanzibar" not in str(mail.outbox[0].message())
    assert "A meeting" in subject
    services.invite(postmortem=case.postmortem, person=case.dev, by=case.lead)
    case.meet(AT + timedelta(hours=1))
    found = sent()
    assert case.ops.email not in {one[0] for one in found}
    assert all(case.ops.email not in attendees(one[3]) for one in found)


def test_who_left_gets_nothing(case, sent):
    case.ops.is_active = False
    case.ops.save()
    case.meet()
    assert case.ops.email not in {one[0] for one in sent()}


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"at": NOW - timedelta(minutes=1)}, "at", "has passed"),
        ({"at": NOW + timedelta(days=500)}, "at", "more than a year"),
        ({"at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, "at", "more than a year"),
        ({"at": AT.replace(tzinfo=None)}, "at", "no time zone"),
        ({"minutes": 5}, "minutes", "15 to 480"),
        ({"minutes": 1000}, "minutes", "15 to 480"),
        ({"place": "javascript:alert(1)"}, "place", "no web address"),
        ({"place": "ftp://x/y"}, "place", "no web address"),
        ({"place": "x" * 501}, "place", "500 at most"),
    ],
)
def test_bad_input_is_refused_by_field_and_changes_nothing(case, fields, field, said):
    case.lead.timezone = "Asia/Tokyo"  # where the last day of the calendar is one that no date can tell
    with pytest.raises(InvalidInput) as refusal:
        case.meet(**fields)
    assert said in refusal.value.errors[field][0]
    case.postmortem.refresh_from_db()
    assert (case.postmortem.meeting_at, case.postmortem.meeting_sequence) == (None, 0)


def test_a_web_address_and_a_room_are_both_places(case):
    assert case.meet(place="https://meet.example/x").meeting_place == "https://meet.example/x"
    assert case.meet(place="Room: 4, upstairs").meeting_place == "Room: 4, upstairs"


def remind(at):
    with time_machine.travel(at, tick=False):
        return facilitation_reminders.remind_of_meetings()


def test_everybody_is_reminded_the_day_before_once(case, sent):
    case.meet()
    sent()
    assert remind(AT - timedelta(days=1, minutes=1)) == 0
    assert remind(AT - timedelta(hours=23)) == 3
    assert remind(AT - timedelta(hours=22)) == 0
    assert remind(AT + timedelta(minutes=1)) == 0


def test_who_was_told_of_this_time_within_the_day_is_not_reminded_of_it(case, sent):
    case.meet(NOW + timedelta(hours=20))
    sent()
    assert remind(NOW + timedelta(hours=1)) == 0


def due(day):
    with time_machine.travel(NOW + timedelta(days=day), tick=False):
        return facilitation_reminders.remind_of_due()


def test_the_facilitator_hears_when_the_due_date_passes_and_then_weekly(case):
    case.postmortem.due_at = NOW + timedelta(days=3)
    case.postmortem.save()
    assert [day for day in range(26) if due(day)] == [4, 10, 17, 24]
    told = Delivery.objects.filter(message__subject__startswith="Overdue").values_list("address", flat=True)
    assert set(told) == {case.lead.email}


def test_without_a_facilitator_whoever_opened_it_is_asked_to_name_one(case):
    services.set_facilitator(postmortem=case.postmortem, person=None, by=None)
    case.postmortem.refresh_from_db()
    case.postmortem.due_at = NOW
    case.postmortem.save()
    assert due(1) == 1
    assert "Nobody facilitates" in Delivery.objects.order_by("pk").last().message["text"]


def test_what_is_published_is_not_overdue():
    postmortem = published(resolved())
    services.set_facilitator(postmortem=postmortem, person=ContactMethodFactory().person, by=None)
    postmortem.refresh_from_db()
    postmortem.due_at = NOW - timedelta(days=30)
    postmortem.save()
    assert due(0) == 0


def test_a_meeting_needs_nobody_invited(settle):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()], by=None)
    assert services.set_meeting(postmortem=postmortem, at=timezone.now() + timedelta(days=1), by=PersonFactory())
    settle()
    assert not Delivery.objects.exists()
