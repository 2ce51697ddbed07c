"""The timeline in the browser: narrowed, picked from without losing the place, annotated, written down afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import services
from tests.factories import PersonFactory, ServiceFactory, TimelineEntryFactory
from tests.postmortems.cases import member, published, resolved

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def me():
    return member("dev")


@pytest.fixture
def writer(client, me):
    client.force_login(me)
    return client


@pytest.fixture
def incident():
    return resolved(services=[ServiceFactory()])


@pytest.fixture
def postmortem(incident):
    return services.open_postmortem(incidents=[incident])


@pytest.fixture
def here(postmortem):
    return f"/postmortems/{postmortem.number}/timeline/"


def offered(answer):
    return [one.entry.text for one in answer.context["offered"]]


def test_entries_are_narrowed_by_kind_by_words_and_by_incident(writer, me):
    one, other = resolved(), resolved()
    postmortem = services.open_postmortem(incidents=[one, other])
    TimelineEntryFactory(incident=one, kind="note", text="The queue grew")
    TimelineEntryFactory(incident=one, kind="alert", text="Queue is long")
    TimelineEntryFactory(incident=other, kind="note", text="Disk is full")
    here = f"/postmortems/{postmortem.number}/timeline/"
    assert len(offered(writer.get(here))) == 3
    assert sorted(offered(writer.get(f"{here}?show=said"))) == ["Disk is full", "The queue grew"]
    assert sorted(offered(writer.get(f"{here}?q=QUEUE"))) == ["Queue is long", "The queue grew"]
    assert offered(writer.get(f"{here}?incident={other.number}")) == ["Disk is full"]
    assert offered(writer.get(f"{here}?q=queue+grew&show=said&incident={one.number}")) == ["The queue grew"]
    assert "No entry is like that" in writer.get(f"{here}?q=elephants").text
    assert writer.get(f"{here}?incident=x&show=y&page=z&q=%25").status_code == 200


def test_picking_without_a_script_comes_back_to_the_same_place(writer, postmortem, incident, here):
    entry = TimelineEntryFactory(incident=incident)
    answer = writer.post(f"{here}{entry.pk}/pick/", {"narrowed": "q=Note&show=said"})
    assert answer.url == f"{here}?q=Note&show=said#entry-{entry.pk}"
    assert [one.entry for one in postmortem.curated.all()] == [entry]
    assert writer.post(f"{here}{entry.pk}/leave-out/").url == f"{here}#entry-{entry.pk}"
    assert not postmortem.curated.exists()


def test_with_a_script_only_the_row_is_exchanged_and_the_picture_is_drawn_anew(writer, postmortem, incident, here):
    entry = TimelineEntryFactory(incident=incident, text="The queue grew")
    answer = writer.post(f"{here}{entry.pk}/pick/", headers=HTMX)
    assert answer["HX-Trigger"] == "timeline-changed" and answer.text.strip().startswith("<li")
    assert "Leave out" in answer.text and "Diagnosis" in answer.text
    assert "course--narrow" in writer.get(f"{here}course/").text
    assert "Pick" in writer.post(f"{here}{entry.pk}/leave-out/", headers=HTMX).text


def test_a_moment_is_annotated_on_its_own_page_and_in_its_row(writer, postmortem, incident, here):
    entry = TimelineEntryFactory(incident=incident)
    services.curate(postmortem=postmortem, entry=entry, by=None)
    writer.post(f"{here}{entry.pk}/", {"phase": "repair", "key_moment": "on", "how_it_looked": "Flat."})
    picked = postmortem.curated.get()
    assert (picked.phase, picked.key_moment, picked.how_it_looked) == ("repair", True, "Flat.")
    form = writer.get(f"{here}{entry.pk}/", headers=HTMX).text
    assert f'name="m{entry.pk}-phase"' in form and "<html" not in form
    row = writer.post(f"{here}{entry.pk}/", {f"m{entry.pk}-phase": "detection"}, headers=HTMX).text
    assert "Detection" in row and postmortem.curated.get().phase == "detection"
    refused = writer.post(f"{here}{entry.pk}/", {f"m{entry.pk}-phase": "x"}, headers=HTMX)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, f"#entry-{entry.pk} .pick__text")
    assert "Detection" in writer.get(f"{here}{entry.pk}/?cancel", headers=HTMX).text


def test_several_ticked_entries_are_set_at_once(writer, postmortem, incident, here):
    entries = [TimelineEntryFactory(incident=incident) for _ in range(3)]
    ticked = [entry.pk for entry in entries[:2]]
    for act in ("repair", "key"):
        assert writer.post(f"{here}selected/", {"entry": ticked, "act": act, "narrowed": "show=said"}).url == (
            f"{here}?show=said"
        )
    assert list(postmortem.curated.values_list("phase", "key_moment")) == [("repair", True)] * 2
    writer.post(f"{here}selected/", {"entry": ticked, "act": "leave_out"})
    assert not postmortem.curated.exists()
    for wrong in ({"act": "key"}, {"entry": ["x", "9" * 30], "act": "key"}, {"entry": ticked, "act": "explode"}):
        said = writer.post(f"{here}selected/", wrong, follow=True).text
        assert "tick the entries first" in said or "is not known here" in said
    assert not postmortem.curated.exists()


def test_picked_only_reads_as_the_timeline_by_phase(writer, postmortem, incident, here):
    for minutes, phase in ((0, "detection"), (12, "repair")):
        entry = TimelineEntryFactory(incident=incident, at=incident.started_at + timedelta(minutes=minutes))
        services.curate(postmortem=postmortem, entry=entry, phase=phase, by=None)
    text = writer.get(f"{here}?picked=on").text
    assert "<h3>Detection</h3>" in text and "<h3>Repair</h3>" in text and "12 min later" in text
    assert "Annotate" in text and f"/incidents/{incident.number}/?whole=1#entry-{entry.pk}" in text


def test_a_moment_is_written_down_afterwards_in_the_zone_of_who_writes(writer, me, postmortem, incident, here):
    me.timezone = "America/Chicago"
    me.save()
    wall = timezone.localtime(incident.started_at, timezone.zoneinfo.ZoneInfo(me.timezone)).strftime("%Y-%m-%dT%H:%M")
    answer = writer.post(f"{here}add/", {"at": wall, "text": "The queue grew", "phase": "detection"})
    entry = incident.timeline.get()
    assert answer.url == f"{here}#entry-{entry.pk}"
    assert abs(entry.at - incident.started_at) < timedelta(minutes=1)
    assert "written down 1 d" in writer.get(here).text


@pytest.mark.parametrize(
    ("at", "says"), [("2999-01-01T10:00", "2999"), ("2020-01-01T10:00", "more than a year before"), ("soon", "valid")]
)
def test_a_time_that_cannot_be_is_refused_at_its_field(writer, incident, here, at, says):
    answer = writer.post(f"{here}add/", {"at": at, "text": "The queue grew", "phase": "detection"})
    assert answer.status_code == 422 and says in str(answer.context["form"].errors["at"])
    assert "The queue grew" in answer.text and not incident.timeline.exists()


def test_with_several_incidents_the_form_asks_to_which_it_belongs(writer):
    one, other = resolved(), resolved()
    postmortem = services.open_postmortem(incidents=[one, other])
    add = f"/postmortems/{postmortem.number}/timeline/add/"
    told = {"at": f"{other.started_at:%Y-%m-%dT%H:%M}", "text": "Seen", "phase": "detection"}
    assert writer.post(add, told).status_code == 422
    assert writer.post(add, told | {"incident": other.pk}).status_code == 302
    assert other.timeline.get().text == "Seen"


def test_a_near_miss_has_a_timeline_of_its_own(writer):
    postmortem = services.open_postmortem(title="Nearly", template="near-miss")
    here = f"/postmortems/{postmortem.number}/timeline/"
    assert "Add the moments yourself" in writer.get(here).text
    at = (timezone.now() - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    assert writer.post(f"{here}add/", {"at": at, "text": "Plug loose", "phase": "detection"}).status_code == 302
    moment = postmortem.own_moments.get()
    assert "Plug loose" in writer.get(here).text and "Plug loose" in writer.get(postmortem.get_absolute_url()).text
    own = f"{here}own/{moment.pk}/"
    told = {"at": at, "text": "Plug hung loose", "phase": "repair", "how_it_looked": "Dark"}
    assert writer.post(own, told).url == f"{here}#own-{moment.pk}"
    moment.refresh_from_db()
    assert (moment.text, moment.phase) == ("Plug hung loose", "repair")
    assert writer.post(f"{own}remove/").url == here
    assert not postmortem.own_moments.exists()


def test_who_only_reads_sees_the_moments_and_nothing_to_press(client):
    client.force_login(PersonFactory(role="viewer"))
    postmortem = services.open_postmortem(incidents=[incident := resolved()])
    entry = TimelineEntryFactory(incident=incident, text="The queue grew")
    services.curate(postmortem=postmortem, entry=entry, by=None)
    here = f"/postmortems/{postmortem.number}/timeline/"
    text = client.get(here).text
    assert "The queue grew" in text and "Annotate" not in text and "Add a moment" not in text
    for path in (f"{entry.pk}/pick/", f"{entry.pk}/leave-out/", "selected/"):
        assert client.post(f"{here}{path}", {"entry": entry.pk, "act": "key"}).status_code == 403


def test_the_page_of_a_published_one_only_reads(writer):
    postmortem = published(resolved())
    assert "No moments are picked" in writer.get(f"/postmortems/{postmortem.number}/timeline/").text


def test_the_curated_timeline_is_drawn_and_said_in_words(writer, postmortem, incident):
    for minutes, kind in ((0, "alert"), (30, "change")):
        entry = TimelineEntryFactory(incident=incident, kind=kind, at=incident.started_at + timedelta(minutes=minutes))
        services.curate(postmortem=postmortem, entry=entry, by=None)
    page = writer.get(f"/postmortems/{postmortem.number}/").text
    assert 'aria-label="Course of events over ' in page and "course__alert" in page and "course__change" in page
