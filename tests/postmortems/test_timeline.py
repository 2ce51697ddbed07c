"""The timeline of a post-mortem: picked, grouped, annotated, written down afterwards, and tied to its evidence."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from incidents.services import add_note
from notifications.errors import Conflict, InvalidInput
from postmortems import services
from postmortems.evidence import links
from postmortems.models import CuratedEntry, OwnMoment
from postmortems.moments import figure_svg, pictures
from postmortems.timeline import told
from tests.factories import IncidentFactory, ServiceFactory, SnapshotFactory, TimelineEntryFactory
from tests.postmortems.cases import member, published, resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return member("dev")


@pytest.fixture
def incident():
    return resolved()


@pytest.fixture
def postmortem(incident):
    return services.open_postmortem(incidents=[incident])


def entered(incident, minutes, kind="note", **fields):
    return TimelineEntryFactory(
        incident=incident, at=incident.started_at + timedelta(minutes=minutes), kind=kind, **fields
    )


def test_several_entries_are_set_to_a_phase_at_once(postmortem, incident, me):
    entries = [entered(incident, minutes) for minutes in (1, 2, 3)]
    services.curate_many(postmortem=postmortem, entries=entries, phase="repair", by=me)
    services.curate_many(postmortem=postmortem, entries=entries[:1], key_moment=True, by=me)
    assert [(one.phase, one.key_moment) for one in postmortem.curated.all()] == [
        ("repair", True),
        ("repair", False),
        ("repair", False),
    ]
    services.uncurate_many(postmortem=postmortem, entries=entries[1:], by=me)
    assert [one.entry for one in postmortem.curated.all()] == entries[:1]


def test_one_entry_of_another_incident_and_none_is_picked(postmortem, incident, me):
    with pytest.raises(InvalidInput, match="not about"):
        services.curate_many(postmortem=postmortem, entries=[entered(incident, 1), TimelineEntryFactory()], by=me)
    assert not postmortem.curated.exists()


def test_moments_say_how_long_after_the_one_before_and_open_phases(postmortem, incident, me):
    for minutes, phase in ((0, "detection"), (12, "diagnosis"), (12, "diagnosis"), (80, "repair")):
        services.curate(postmortem=postmortem, entry=entered(incident, minutes), phase=phase, by=me)
    moments = told(postmortem, me).moments
    assert [one.after for one in moments] == ["", "12 min", "", "1 h 08 min"]
    assert [(one.phase_name, one.lasts) for one in moments if one.opens] == [
        ("Detection", "12 min"),
        ("Diagnosis", "1 h 08 min"),
        ("Repair", ""),
    ]


def test_key_moments_are_counted(postmortem, incident, me):
    for minutes, key in ((0, True), (5, False), (9, True)):
        services.curate(postmortem=postmortem, entry=entered(incident, minutes), key_moment=key, by=me)
    assert [one.number for one in told(postmortem, me).moments] == [1, 0, 2]


def test_a_moment_added_afterwards_stands_on_the_incident_and_says_when_it_was_written(postmortem, incident, me):
    at = incident.started_at + timedelta(minutes=4)
    picked = services.add_moment(
        postmortem=postmortem, at=at, text="The queue grew", phase="detection", how_it_looked="A flat line", by=me
    )
    entry = incident.timeline.get()
    assert (entry.kind, entry.at, entry.text, entry.actor) == ("note", at, "The queue grew", me)
    assert entry.recorded_at > incident.resolved_at
    assert (picked.entry, picked.phase, picked.how_it_looked) == (entry, "detection", "A flat line")
    [moment] = told(postmortem, me).moments
    assert moment.late.startswith("1 d")


def test_what_was_written_at_the_time_and_what_a_machine_told_does_not_say_so(postmortem, incident, me):
    at = timezone.now()
    for kind, minutes in (("note", 1), ("change", 60)):
        entry = TimelineEntryFactory(incident=incident, at=at, kind=kind, recorded_at=at + timedelta(minutes=minutes))
        services.curate(postmortem=postmortem, entry=entry, by=me)
    assert [one.late for one in told(postmortem, me).moments] == ["", ""]


@pytest.mark.parametrize(
    ("away", "says"),
    [
        (timedelta(days=3), "is still to come: give a time that has passed"),
        (-timedelta(days=368), "is more than a year before the incident began"),
    ],
)
def test_a_time_to_come_or_of_another_year_is_refused_and_nothing_is_written(postmortem, incident, me, away, says):
    with pytest.raises(InvalidInput, match=says) as refused:
        services.add_moment(postmortem=postmortem, at=incident.started_at + away, text="x", by=me)
    assert list(refused.value.errors) == ["at"]
    assert not incident.timeline.exists()


def test_with_several_incidents_the_moment_says_to_which_it_belongs(me):
    one, other = resolved(), resolved()
    postmortem = services.open_postmortem(incidents=[one, other])
    told_at = {"postmortem": postmortem, "at": one.started_at, "text": "Seen", "by": me}
    with pytest.raises(InvalidInput, match="say to which of them it belongs"):
        services.add_moment(**told_at)
    with pytest.raises(InvalidInput, match="not about incident"):
        services.add_moment(**told_at, incident=IncidentFactory())
    assert services.add_moment(**told_at, incident=other).entry.incident == other


def test_a_near_miss_keeps_its_moments_itself(me):
    postmortem = services.open_postmortem(title="Nearly", template="near-miss", by=me)
    moment = services.add_moment(
        postmortem=postmortem, at=timezone.now() - timedelta(hours=2), text="The plug hung loose", by=me
    )
    services.edit_moment(moment=moment, phase="detection", key_moment=True, how_it_looked="All green", by=me)
    [shown] = told(postmortem, me).moments
    assert (shown.own, shown.entry, shown.phase, shown.number) == (moment.pk, None, "detection", 1)
    assert shown.late.startswith("2 h")
    assert len(pictures(postmortem, told(postmortem, me), me)) == 1
    with pytest.raises(InvalidInput, match="more than a year before it was told"):
        services.edit_moment(moment=moment, at=datetime(1999, 1, 1, tzinfo=UTC), by=me)
    services.remove_moment(moment=moment, by=me)
    assert not OwnMoment.objects.exists()


def test_a_published_timeline_stays_as_it_is(me):
    postmortem = published(resolved())
    about = postmortem.incidents.get()
    for change in (
        lambda: services.add_moment(postmortem=postmortem, at=about.started_at, text="x", by=me),
        lambda: services.curate_many(postmortem=postmortem, entries=list(about.timeline.all()), by=me),
        lambda: services.uncurate_many(postmortem=postmortem, entries=[], by=me),
    ):
        with pytest.raises(Conflict, match="reopen"):
            change()


def test_moments_of_an_incident_that_is_hidden_are_left_out_and_counted(postmortem, incident, me):
    secret = resolved(private=True)
    for one in (incident, secret):
        CuratedEntry.objects.create(postmortem=postmortem, entry=entered(one, 5, text=f"In {one.number}"))
    timeline = told(postmortem, me)
    assert ([one.incident for one in timeline.moments], timeline.hidden) == ([incident], 1)
    assert f"In {secret.number}" not in figure_svg(postmortem, me)


def test_metrics_are_drawn_beneath_with_their_unit_and_range(postmortem, incident, me):
    points = [[(incident.started_at + timedelta(minutes=i)).timestamp(), float(i)] for i in range(0, 60, 5)]
    SnapshotFactory(
        about=incident.subject,
        service=ServiceFactory(),
        name="Errors",
        unit="%",
        series=[{"label": "", "points": points}],
    )
    services.curate(postmortem=postmortem, entry=entered(incident, 5), by=me)
    [picture] = pictures(postmortem, told(postmortem, me), me)
    assert picture.metrics == ["Errors: 0 to 55 %"]
    assert "course__line0" in picture.wide and "0 to 55 %" in picture.narrow
    assert "0 to 55 %" in figure_svg(postmortem, me)


def test_the_picture_takes_the_queries_it_takes_however_many_incidents(me, django_assert_num_queries):
    postmortem = services.open_postmortem(incidents=[resolved() for _ in range(4)])
    for incident in postmortem.incidents.all():
        services.curate(postmortem=postmortem, entry=entered(incident, 5), by=me)
    with django_assert_num_queries(5):
        figure_svg(postmortem, me)


def test_terminal_colours_in_an_alert_do_not_break_the_file(postmortem, incident, me):
    entry = entered(incident, 5, kind="alert", text="\x1b[31mdisk <full> & failing\x1b[0m")
    services.curate(postmortem=postmortem, entry=entry, key_moment=True, by=me)
    assert "[31mdisk &lt;full&gt; &amp; failing" in figure_svg(postmortem, me)


def test_an_empty_timeline_has_no_picture(postmortem, me):
    assert figure_svg(postmortem, me) == ""


def test_a_moment_leads_to_its_evidence():
    def of(kind, source="andon", **data):
        return {(one.kind, one.url) for one in links(incident=7, entry=12, kind=kind, source=source, data=data)}

    room = ("room", "/incidents/7/?whole=1#entry-12")
    assert of("note") == {room}
    assert of("change", change=3, url="https://ci.example/3") == {
        room,
        ("change", "/changes/3/"),
        ("message", "https://ci.example/3"),
    }
    assert of("alert", alert=4, url="javascript:alert(1)") == {room, ("alert", "/alerts/4/")}
    assert of("alert", alerts=[1, 2]) == {room, ("alerts", "/incidents/7/alerts/")}
    assert of("telemetry", snapshot=1) == {room, ("panels", "/incidents/7/panels/")}
    assert of("page", page=9) == {room, ("page", "/pages/9/")}
    assert of("message", "slack", url="https://x.slack.com/p1") == {room, ("message", "https://x.slack.com/p1")}


def test_a_note_of_the_room_can_be_picked_with_its_words(postmortem, incident, me):
    entry = add_note(incident=incident, text="Restarted", by=me)
    services.curate(postmortem=postmortem, entry=entry, by=me)
    assert [one.text for one in told(postmortem, me).moments] == ["Restarted"]
