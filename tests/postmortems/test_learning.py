"""Learning as a habit: readers, subscriptions, the digest, the post-mortem of the month, the reading club."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery
from postmortems import digest, reading_club, services
from postmortems.models import Factor, OfTheMonth, Reading, ReadingSession, Subscription
from postmortems.trends import figure, parse
from tests.factories import ContactMethodFactory, PersonFactory, ServiceFactory
from tests.postmortems.cases import member, published, resolved, reviewed

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def told(person):
    """Subjects of what this person is told, in order."""
    rows = Delivery.objects.filter(method__person=person).order_by("pk")
    return [row.message["subject"] for row in rows]


def reader(**fields):
    return ContactMethodFactory(person__timezone="UTC", **fields).person


def test_a_reading_is_kept_once_and_only_of_what_is_published():
    person, draft = PersonFactory(), reviewed(resolved())
    assert services.note_reading(postmortem=draft, by=person) is None
    finished = services.transition(postmortem=draft, to="published", by=None)
    services.note_reading(postmortem=finished, by=person)
    first = Reading.objects.get().last_at
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        services.note_reading(postmortem=finished, by=person)
    assert Reading.objects.get().last_at > first


def test_who_asked_for_each_is_told_of_what_they_asked_for(settle):
    service, other = ServiceFactory(), ServiceFactory()
    everything, of_service, of_other, of_factor, weekly = (reader() for _ in range(5))
    services.subscribe(by=everything, cadence="each")
    services.subscribe(by=of_service, cadence="each", service=service)
    services.subscribe(by=of_other, cadence="each", service=other)
    services.subscribe(by=of_factor, cadence="each", factor=Factor.objects.get(key="data"))
    services.subscribe(by=weekly)
    published(resolved(services=[service]), factors=("data",), title="Rows went missing")
    settle()
    for person in (everything, of_service, of_factor):
        assert told(person) == ["Published: Rows went missing"]
    assert told(of_other) == told(weekly) == []


def test_nobody_is_told_of_what_they_may_not_see_and_nobody_twice(settle):
    outsider = reader()
    services.subscribe(by=outsider, cadence="each")
    secret = published(resolved(private=True))
    open_one = published(resolved(), title="Open")
    settle()
    services.transition(postmortem=open_one, to="reopened", by=None, reason="More was learned")
    services.transition(postmortem=open_one, to="in_review", by=None)
    for review in open_one.reviews.select_related("person"):
        services.sign_off(postmortem=open_one, by=review.person)
    services.transition(postmortem=open_one, to="published", by=None)
    settle()
    assert secret.pk
    assert told(outsider) == ["Published: Open"]


def test_the_digest_comes_on_monday_at_nine_once_and_tells_of_the_week():
    person = reader()
    with time_machine.travel(MONDAY - timedelta(days=10)):
        services.subscribe(by=person)
    with time_machine.travel(MONDAY - timedelta(days=3)):
        published(resolved(), title="Rows went missing")
    with time_machine.travel(MONDAY - timedelta(minutes=5), tick=False):
        assert digest.send_due() == 0
    for minutes in (5, 60, 60 * 30):
        with time_machine.travel(MONDAY + timedelta(minutes=minutes), tick=False):
            digest.send_due()
    assert told(person) == ["What was learned last week"]
    assert "Rows went missing" in Delivery.objects.get(method__person=person).message["text"]


def test_the_digest_keeps_to_the_clock_of_whoever_reads_it():
    early, late = reader(), reader()
    early.timezone, late.timezone = "Asia/Tokyo", "America/Los_Angeles"
    early.save(), late.save()
    with time_machine.travel(MONDAY - timedelta(days=10)):
        services.subscribe(by=early)
        services.subscribe(by=late)
    with time_machine.travel(MONDAY - timedelta(days=3)):
        published(resolved())
    with time_machine.travel(MONDAY, tick=False):
        digest.send_due()
    assert (len(told(early)), len(told(late))) == (1, 0)


def test_a_week_with_nothing_to_tell_sends_nothing():
    person = reader()
    with time_machine.travel(MONDAY - timedelta(days=10)):
        services.subscribe(by=person)
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert digest.send_due() == 0
        later = timezone.now() + timedelta(days=3)
        services.plan_session(postmortem=published(resolved()), at=later, by=member("dev"))
    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        assert digest.send_due() == 0  # planned on Monday, it is told of the Monday after
    assert told(person) == []


def test_the_digest_hides_what_is_private_or_not_asked_for():
    person = reader()
    with time_machine.travel(MONDAY - timedelta(days=10)):
        services.subscribe(by=person, service=ServiceFactory())
    with time_machine.travel(MONDAY - timedelta(days=3)):
        published(resolved(services=[ServiceFactory()]))
        published(resolved(private=True, services=[Subscription.objects.get().service]))
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert digest.send_due() == 0


def test_subscribing_again_changes_the_cadence():
    person = PersonFactory()
    services.subscribe(by=person)
    services.subscribe(by=person, cadence="each")
    assert Subscription.objects.get().cadence == "each"
    with pytest.raises(InvalidInput):
        services.subscribe(by=person, cadence="hourly")


def test_one_is_of_the_month_and_a_second_choice_takes_its_place():
    by, first, second = member("dev"), published(resolved()), published(resolved())
    services.choose_of_the_month(postmortem=first, why="Retries made it worse.", by=by)
    services.choose_of_the_month(postmortem=second, why="We all have such a queue.", by=by)
    assert OfTheMonth.objects.get().postmortem == second
    with pytest.raises(InvalidInput, match="draft"):
        services.choose_of_the_month(postmortem=services.open_postmortem(title="Near", by=by), why="x", by=by)
    with pytest.raises(InvalidInput, match="private"):
        services.choose_of_the_month(postmortem=published(resolved(private=True)), why="x", by=by)
    with pytest.raises(Forbidden):
        services.choose_of_the_month(postmortem=first, why="x", by=PersonFactory(role="viewer"))


def test_a_session_is_planned_joined_reminded_of_and_kept(settle):
    host, guest = member("dev"), reader()
    start = timezone.now() + timedelta(days=3)
    session = services.plan_session(postmortem=published(resolved()), at=start, by=host, place="Room 4")
    services.come_along(session=session, by=guest)
    assert "surprised you" in session.questions
    assert reading_club.remind_due() == 0
    with time_machine.travel(start - timedelta(hours=20), tick=False):
        assert reading_club.remind_due() == 2
        assert reading_club.remind_due() == 0
    services.edit_session(session=session, by=host, findings="We have the same retry loop.")
    settle()
    assert len(told(guest)) == 1
    services.edit_session(session=session, by=host, place="Room 5")
    settle()
    assert told(guest)[1].startswith("The reading club has another time or place")


def test_a_cancelled_session_is_told_and_stays_as_it_is(settle):
    host, guest = member("dev"), reader()
    at = timezone.now() + timedelta(days=3)
    session = services.plan_session(postmortem=published(resolved()), at=at, by=host)
    services.come_along(session=session, by=guest)
    services.cancel_session(session=session, by=host)
    settle()
    assert told(guest)[0].startswith("The reading club was cancelled")
    with pytest.raises(Conflict):
        services.come_along(session=session, by=guest)
    with time_machine.travel(at - timedelta(hours=3)):
        assert reading_club.remind_due() == 0


@pytest.mark.parametrize(("days", "draft"), [(-1, False), (40_000, False), (1, True)])
def test_a_session_needs_a_time_to_come_and_something_published(days, draft):
    by = member("dev")
    postmortem = services.open_postmortem(title="Near", by=by) if draft else published(resolved())
    with pytest.raises(InvalidInput):
        services.plan_session(postmortem=postmortem, at=timezone.now() + timedelta(days=days), by=by)
    assert not ReadingSession.objects.exists()


def test_the_page_shows_what_there_is_and_refuses_in_words(client):
    by = member("dev")
    client.force_login(by)
    assert b"None is chosen yet" in client.get("/learning/").content
    postmortem = published(resolved(), title="Rows went missing")
    client.post(
        "/learning/of-the-month/", {"month-postmortem": postmortem.pk, "month-why": "We all have such a queue."}
    )
    client.post("/learning/subscriptions/", {"hear-cadence": "weekly"})
    gone = client.post("/reading-club/plan/", {"session-postmortem": postmortem.pk, "session-at": "2020-01-01T10:00"})
    assert (gone.status_code, b"has passed" in gone.content) == (422, True)
    planned = client.post(
        "/reading-club/plan/", {"session-postmortem": postmortem.pk, "session-at": "2090-01-02T10:00"}
    )
    page = client.get(planned["Location"]).content.decode()
    assert "Rows went missing" in page
    assert "surprised you" in page
    shown = client.get("/learning/").content.decode()
    for words in ("We all have such a queue.", "Rows went missing", "in the weekly digest"):
        assert words in shown
    client.post(f"/learning/subscriptions/{Subscription.objects.get().pk}/end/")
    assert not Subscription.objects.exists()


def test_others_neither_see_nor_end_my_subscription(client):
    services.subscribe(by=PersonFactory())
    client.force_login(member("dev"))
    pk = Subscription.objects.get().pk
    assert client.post(f"/learning/subscriptions/{pk}/end/").status_code == 404
    assert Subscription.objects.exists()


def test_the_same_by_the_api(api):
    by = member("dev")
    ask = api(by)
    postmortem = published(resolved(), title="Rows went missing")
    one = ask.post("/api/v1/subscriptions/", {"factor": "data", "cadence": "each"})
    assert (one.status_code, one.json()["factor"]) == (201, "data")
    assert ask.post("/api/v1/subscriptions/", {"factor": "luck"}).status_code == 400
    chosen = ask.post("/api/v1/postmortem-of-the-month/", {"postmortem": postmortem.number, "why": "Retries."})
    assert chosen.json()["title"] == "Rows went missing"
    at = (timezone.now() + timedelta(days=2)).isoformat()
    session = ask.post("/api/v1/reading-sessions/", {"postmortem": postmortem.number, "at": at}).json()
    address = f"/api/v1/reading-sessions/{session['id']}/"
    assert ask.patch(address, {"findings": "The same loop."}).json()["findings"] == "The same loop."
    assert ask.post(f"{address}come/", {"coming": False}).json()["readers"] == []
    assert ask.post(f"{address}cancel/").json()["cancelled_at"]
    assert ask.post(f"{address}come/").status_code == 409
    assert ask.get("/api/v1/reading-sessions/").json()["count"] == 1
    assert ask.delete(f"/api/v1/subscriptions/{one.json()['id']}/").status_code == 204


def test_trends_tell_how_far_it_was_read(settle):
    by = member("dev")
    read, unread = published(resolved()), published(resolved())
    for person in (by, PersonFactory()):
        services.note_reading(postmortem=read, by=person)
    services.open_problem(title="Queues have no limit", postmortem=read, by=by)
    since, until = timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=1)
    found = figure("learning", user=by, filters=parse(since=since.isoformat(), until=until.isoformat()))
    assert [(row["number"], row["readers"], row["citations"]) for row in found.rows] == [
        (read.number, 2, 1),
        (unread.number, 0, 0),
    ]
    assert found.value == {"median_readers": 1, "unread": 1, "citations": 1, "sessions": 0, "exercises": 0}
