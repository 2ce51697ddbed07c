"""The room: everything that may happen to an incident can be done from here, and is seen at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Incident, TimelineEntry, Verdict
from incidents.services import add_task, assign_role, declare, post_update
from oncall.models import Page
from telemetry.models import Snapshot
from tests.factories import (
    ChangeFactory,
    PersonFactory,
    ServiceFactory,
    TimelineEntryFactory,
    staffed_service,
)
from tests.incidents.web import signed_in, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def room(**fields):
    """An incident that somebody declared, and somebody else at its door."""
    incident, _ = declare(**({"title": "Checkout returns 500s", "by": PersonFactory()} | fields))
    return incident, PersonFactory(name="Ana de Souza"), f"/incidents/{incident.number}/"


def test_the_room_says_what_where_and_who_at_a_glance():
    incident, ana, url = room(services=[staffed_service(name="Checkout")], severity="sev1")
    assign_role(incident=incident, role="commander", person=ana, by=ana)
    shown = text_of(signed_in(ana).get(url))
    for words in (
        "Checkout returns 500s",
        "SEV1",
        "Investigating",
        "Ana de Souza",
        "Next update",
        "Dev Person",
        "Ops Person",
    ):
        assert words in shown
    assert "data-live=" in shown


def test_parts_of_the_room_are_fragments():
    _, ana, url = room(services=[staffed_service()])
    for part in ("header", "timeline", "rail", "panels", "acts"):
        answer = signed_in(ana).get(f"{url}{part}/", headers=HTMX)
        assert answer.status_code == 200
        assert b"<html" not in answer.content


def test_a_note_is_kept_and_shown_without_its_markup_being_obeyed():
    incident, ana, url = room()
    answer = signed_in(ana).post(f"{url}say/", {"text": "<b>See</b> https://example.com/x", "act": "note"})
    assert answer.status_code == 302
    entry = incident.timeline.get(kind="note")
    assert (entry.actor, entry.source) == (ana, "web")
    shown = signed_in(ana).get(url).content.decode()
    assert "&lt;b&gt;See" in shown
    assert "<b>See" not in shown
    assert 'href="https://example.com/x"' in shown


def test_a_note_about_earlier_says_when_it_was_written():
    incident, ana, url = room()
    earlier = (timezone.now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    signed_in(ana).post(f"{url}say/", {"text": "It began slowly", "act": "note", "at": earlier})
    written = incident.timeline.get(kind="note").recorded_at
    assert f"written {written:%H:%M}" in text_of(signed_in(ana).get(url))


def test_an_update_says_when_the_next_is_due():
    incident, ana, url = room()
    signed_in(ana).post(f"{url}say/", {"text": "Rolling back", "act": "update", "next_due_in": "15"})
    update = incident.updates.get()
    assert (update.text, update.posted_by) == ("Rolling back", ana)
    assert update.next_due_at - update.at == timedelta(minutes=15)


def test_an_empty_note_comes_back_with_the_reason_and_changes_nothing():
    incident, ana, url = room()
    before = incident.timeline.count()
    answer = signed_in(ana).post(f"{url}say/", {"text": " ", "act": "note"})
    assert answer.status_code == 422
    assert "write at least a few words" in text_of(answer)
    assert incident.timeline.count() == before


def test_under_htmx_the_form_comes_back_alone_and_the_rest_is_told_to_look_again():
    _, ana, url = room()
    answer = signed_in(ana).post(f"{url}tasks/", {"title": "Roll back"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "live"
    assert "Roll back" in text_of(answer)
    assert b"<html" not in answer.content


def test_only_allowed_moves_are_offered_and_made():
    incident, ana, url = room()
    browser = signed_in(ana)
    shown = browser.get(url).content.decode()
    assert 'value="resolved"' in shown
    assert 'value="reopened"' not in shown
    assert browser.post(f"{url}status/", {"to": "identified"}).status_code == 302
    assert Incident.objects.get(pk=incident.pk).status == "identified"


def test_a_move_that_is_not_allowed_names_the_allowed_ones():
    incident, ana, url = room()
    answer = signed_in(ana).post(f"{url}status/", {"to": "closed"})
    assert answer.status_code == 409
    assert "it can become identified, monitoring, resolved or cancelled" in text_of(answer)
    assert Incident.objects.get(pk=incident.pk).status == "investigating"


def test_a_false_alarm_needs_a_reason():
    incident, ana, url = room()
    browser = signed_in(ana)
    answer = browser.post(f"{url}status/", {"to": "cancelled"})
    assert answer.status_code == 422
    assert "Say why the incident is cancelled" in text_of(answer)
    browser.post(f"{url}status/", {"to": "cancelled", "reason": "A test alert"})
    assert Incident.objects.get(pk=incident.pk).status == "cancelled"


def test_severity_roles_tasks_services_and_people():
    incident, ana, url = room()
    service, bo, browser = ServiceFactory(name="Search"), PersonFactory(name="Bo"), signed_in(ana)
    for path, given in (
        ("severity/", {"severity": "sev2", "reason": "More are affected"}),
        ("roles/", {"role": "commander", "person": ana.email}),
        ("tasks/", {"title": "Roll back", "assignee": "bo"}),
        ("services/", {"service": "search"}),
        ("people/", {"person": bo.email}),
        ("join/", {}),
    ):
        assert browser.post(url + path, given).status_code == 302, path
    incident.refresh_from_db()
    assert incident.severity == "sev2"
    assert incident.roles.get(until=None).person == ana
    assert list(incident.services.all()) == [service]
    assert set(incident.participants.all()) >= {ana, bo}
    task = incident.tasks.get()
    assert task.assignee == bo
    browser.post(f"{url}tasks/{task.pk}/", {"done": "1"})
    task.refresh_from_db()
    assert task.done_by == ana
    browser.post(f"{url}tasks/{task.pk}/", {"done": ""})
    task.refresh_from_db()
    assert task.done_at is None
    browser.post(f"{url}roles/", {"role": "commander"})
    assert not incident.roles.filter(until=None).exists()
    browser.post(f"{url}services/{service.slug}/remove/")
    assert not incident.services.exists()


def test_somebody_unknown_is_named_in_the_refusal():
    _, ana, url = room()
    answer = signed_in(ana).post(f"{url}people/", {"person": "nobody@example.com"})
    assert answer.status_code == 422
    assert "Nobody here is “nobody@example.com”" in text_of(answer)


def test_a_task_of_another_incident_is_not_ticked_here():
    _, ana, url = room()
    elsewhere, _ = declare(title="Another", by=ana)
    task = add_task(incident=elsewhere, title="Theirs", by=ana)
    assert signed_in(ana).post(f"{url}tasks/{task.pk}/", {"done": "1"}).status_code == 404


def test_who_was_paged_has_one_button_and_it_answers_for_their_side():
    incident, _, url = room(services=[staffed_service(stage="shared")], severity="sev1")
    page = Page.objects.get(about=incident.subject)
    dev = page.log.filter(kind="notified", seat="dev").get().person
    browser = signed_in(dev)
    assert "Acknowledge</button>" in text_of(browser.get(f"{url}header/"))
    browser.post(f"{url}pages/{page.pk}/acknowledge/")
    sides = dict(page.escalations.values_list("seat", "acknowledged_by"))
    assert sides == {"dev": dev.pk, "ops": None}
    assert "Acknowledge</button>" not in text_of(browser.get(f"{url}header/"))
    assert "acknowledged" in text_of(browser.get(f"{url}rail/"))


def test_somebody_else_can_be_paged_from_the_room():
    incident, ana, url = room()
    bo = PersonFactory(name="Bo")
    signed_in(ana).post(f"{url}pages/", {"target": "Bo"})
    assert Page.objects.get(about=incident.subject).person == bo


def test_a_page_of_another_incident_is_not_answered_here():
    _, ana, url = room()
    other, _ = declare(title="Another", services=[staffed_service()], by=ana)
    page = Page.objects.get(about=other.subject)
    assert signed_in(ana).post(f"{url}pages/{page.pk}/acknowledge/").status_code == 404


def test_suspects_stand_with_their_reasons_and_are_judged():
    service = staffed_service(name="Checkout")
    change = ChangeFactory(service=service, revision="4f2a1c9d00", environment="staging", overridden=True)
    incident, ana, url = room(services=[service])
    browser = signed_in(ana)
    shown = text_of(browser.get(url))
    assert "4f2a1c9d00" in shown
    assert 'itself <span class="num quiet">+40</span>' in shown and "Allowed by an override" in shown
    assert 'Was in staging; the trouble is in production <span class="num quiet">−20</span>' in shown
    browser.post(f"{url}suspects/{change.pk}/", {"verdict": "confirmed"})
    assert Verdict.objects.get(incident=incident).verdict == "confirmed"
    assert "had a part" in text_of(browser.get(f"{url}rail/"))


def test_panels_are_drawn_from_what_was_kept_with_marks_and_failures_say_why():
    service = ServiceFactory(name="Checkout")
    incident, ana, url = room(services=[service])
    kept = {"about": incident.subject, "service": service, "query": "q", "next_at": None}
    now = timezone.now()
    kept |= {"since": now - timedelta(hours=1), "covers_until": now + timedelta(minutes=1)}
    line = {"label": "5xx", "points": [[now.timestamp(), 2.0]]}
    Snapshot.objects.create(**kept, name="Errors", state="stored", series=[line])
    Snapshot.objects.create(**kept, name="Latency", state="failed", error="prometheus did not answer within 10 s")
    shown = signed_in(ana).get(f"{url}panels/").content.decode()
    assert '"name": "Errors"' in shown
    assert '"kind": "incident"' in shown
    assert "Latency of Checkout: prometheus did not answer within 10 s" in shown


def test_the_timeline_is_narrowed_and_turned_round():
    incident, ana, url = room()
    TimelineEntryFactory(incident=incident, text="A note")
    TimelineEntryFactory(incident=incident, kind="change", text="Deploy of 4f2a1c9")
    browser = signed_in(ana)
    shown = text_of(browser.get(f"{url}timeline/?show=changes"))
    assert "Deploy of 4f2a1c9" in shown
    assert "A note" not in shown
    last = text_of(browser.get(f"{url}?order=last"))
    assert last.index("Declared a SEV3") < last.index("Deploy of 4f2a1c9")
    first = text_of(browser.get(f"{url}?order=first"))
    assert first.index("Deploy of 4f2a1c9") < first.index("Declared a SEV3")
    kept = text_of(browser.get(f"{url}timeline/"))
    assert kept.index("Deploy of 4f2a1c9") < kept.index("Declared a SEV3")


def test_title_summary_and_times_are_corrected_and_untouched_times_keep_their_seconds():
    incident, ana, url = room()
    browser = signed_in(ana)
    form = browser.get(f"{url}edit/").context["form"]
    given = {name: form[name].value() or "" for name in ("title", "summary")}
    given |= {name: f"{form[name].value():%Y-%m-%dT%H:%M}" for name in ("started_at", "detected_at")}
    browser.post(f"{url}edit/", given | {"title": "Checkout is slow"})
    edited = Incident.objects.get(pk=incident.pk)
    assert edited.title == "Checkout is slow"
    assert edited.started_at == incident.started_at
    answer = browser.post(f"{url}edit/", given | {"title": ""})
    assert answer.status_code == 422


def test_two_are_merged_and_the_room_leads_to_the_one_that_goes_on():
    _, ana, url = room()
    other, _ = declare(title="The same", by=ana)
    assert signed_in(ana).post(f"{url}merge/", {"into": other.number}).status_code == 302
    assert f'href="/incidents/{other.number}/"' in signed_in(ana).get(url).content.decode()


def test_merging_into_what_is_not_there_is_refused():
    _, ana, url = room()
    answer = signed_in(ana).post(f"{url}merge/", {"into": 999_999})
    assert answer.status_code == 422
    assert "There is no incident 999999" in text_of(answer)


def test_a_viewer_reads_but_is_offered_nothing_and_refused_everything():
    incident, _, url = room()
    browser = signed_in(role="viewer")
    shown = text_of(browser.get(url))
    assert "Checkout returns 500s" in shown
    assert "Add note" not in shown
    assert "Change status" not in shown
    for path, given in (
        ("say/", {"text": "x"}),
        ("status/", {"to": "resolved"}),
        ("severity/", {"severity": "sev1"}),
        ("tasks/", {"title": "x"}),
        ("join/", {}),
        ("private/", {"private": "1"}),
    ):
        answer = browser.post(url + path, given)
        assert answer.status_code == 403, path
        assert "This takes a responder" in text_of(answer)
    assert browser.get(f"{url}edit/").status_code == 403
    assert Incident.objects.get(pk=incident.pk).status == "investigating"


def fill(incident, entries):
    person, kinds = PersonFactory(), ("note", "change", "alert", "page", "update")
    TimelineEntry.objects.bulk_create(
        TimelineEntry(
            incident=incident, at=timezone.now(), kind=kinds[n % 5], text=f"Entry {n} of some length", actor=person
        )
        for n in range(entries)
    )


def queries(browser, url):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_a_long_timeline_takes_no_more_queries_than_a_short_one():
    service, ana = staffed_service(), PersonFactory()
    short, _ = declare(title="Short", services=[service], by=ana, severity="sev1")
    long, _ = declare(title="Long", services=[service], by=ana, severity="sev1")
    for incident in (short, long):
        post_update(incident=incident, text="Working on it", by=ana)
    fill(short, 20)
    fill(long, 200)
    browser = signed_in(ana)
    assert queries(browser, short.get_absolute_url()) == queries(browser, long.get_absolute_url())


def test_a_long_room_travels_in_less_than_30_kb():
    incident, ana, url = room(services=[staffed_service()])
    fill(incident, 200)
    answer = signed_in(ana).get(url, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 30_000
