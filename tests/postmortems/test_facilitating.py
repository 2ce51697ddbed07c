"""Who is suggested, what the agenda is made of, what is said of a time, and the calendar entry: without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from postmortems.facilitating import invitation, meeting
from postmortems.facilitating.agenda import Gaps, Moment, Text, Thread, agenda, as_text
from postmortems.facilitating.next_step import Standing, next_step
from postmortems.facilitating.ranking import Candidate, suggest

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # a Monday
TEXTS = [
    Text("summary", "Summary", ("What happened?",), ""),
    Text("impact", "Impact", (), "Two hours."),
    Text("timeline", "Timeline", ("When?",), ""),
    Text(
        "open_questions",
        "Open questions",
        ("What do accounts differ on?",),
        "Intro\n\n- Who saw it first?\n- [ ] Why 80?",
    ),
]


def names(*candidates):
    return [one.name for one in suggest(candidates)]


def test_who_took_part_is_never_suggested():
    assert names(Candidate(1, "Ana", facilitated=9, took_part=True), Candidate(2, "Bo")) == ["Bo"]


def test_distance_goes_before_practice_and_practice_before_time():
    near = Candidate(1, "Near", facilitated=9, owning_team="Payments")
    new = Candidate(2, "New")
    busy = Candidate(3, "Busy", facilitated=4, open_now=3)
    free = Candidate(4, "Free", facilitated=2)
    assert names(near, new, busy, free) == ["Free", "Busy", "New"]


def test_the_reason_is_said():
    found = suggest([Candidate(1, "Ana", 4, 1, owning_team="Payments"), Candidate(2, "Bo")])
    assert [one.why for one in found] == [
        "has not facilitated yet, took no part",
        "has facilitated 4, took no part, is of Payments, which owns the service, has 1 open now",
    ]


def test_the_agenda_names_what_is_open_in_the_order_to_talk_about_it():
    gaps = Gaps(
        texts=TEXTS,
        threads=[Thread("impact", "Impact", "“two hours”")],
        moments=[Moment(1, "09:01", "Alert"), Moment(2, "09:05", "Rolled back", key_moment=True)],
        factors=["Data"],
        notes=2,
    )
    points = agenda(gaps)
    assert [(point.title, [item.text for item in point.items]) for point in points] == [
        ("How did it look then?", ["09:05 Rolled back", "09:01 Alert"]),
        ("Open questions", ["Who saw it first?", "Why 80?"]),
        ("Not written yet", ["Summary: What happened?"]),
        ("Remarks to settle", ["Impact: “two hours”"]),
        ("How did these factors show?", ["Data"]),
        ("Words to look at together", ["The coach has 2 notes on the wording"]),
    ]
    assert [item.anchor for item in points[0].items] == ["moment-2", "moment-1"]
    assert as_text(points).startswith("1. How did it look then?\n   · 09:05 Rolled back")


def test_nothing_open_is_no_agenda():
    assert agenda(Gaps(texts=[Text("summary", "Summary", ("What?",), "It broke.")])) == []
    assert as_text([]) == ""


def test_what_is_too_much_for_an_agenda_is_counted():
    [point] = agenda(Gaps(factors=[f"Factor {n}" for n in range(9)]))
    assert (len(point.items), point.left_out) == (6, 3)
    assert "and 3 more" in as_text([point])


@given(st.lists(st.text(max_size=400), max_size=12), st.integers(20, 2_000))
def test_an_agenda_in_a_calendar_keeps_to_its_length(bodies, most):
    points = agenda(Gaps(threads=[Thread("a", "A", body) for body in bodies]))
    assert len(as_text(points, most=most)) <= most + 2


def test_a_time_that_has_passed_or_is_far_away_is_refused_in_words():
    assert "has passed" in meeting.objection(NOW, NOW)
    assert "more than a year" in meeting.objection(NOW + timedelta(days=400), NOW)
    assert meeting.objection(NOW + timedelta(minutes=1), NOW) == ""


@pytest.mark.parametrize(
    ("at", "minutes", "said"),
    [
        (datetime(2026, 6, 3, 10, tzinfo=UTC), 60, []),
        (datetime(2026, 6, 6, 10, tzinfo=UTC), 60, ["Saturday", "2 days after"]),
        (datetime(2026, 6, 4, 13, tzinfo=UTC), 60, ["some hours after"]),
        (datetime(2026, 6, 3, 22, tzinfo=UTC), 180, ["22:00", "180 minutes"]),
    ],
)
def test_what_speaks_against_a_time_is_said(at, minutes, said):
    found = meeting.warnings(at, minutes, due_at=datetime(2026, 6, 4, 12, tzinfo=UTC))
    assert len(found) == len(said)
    assert all(word in sentence for word, sentence in zip(said, found, strict=True))


def test_actions_soak_two_days_after_the_meeting_or_from_today():
    today = date(2026, 6, 1)
    assert meeting.soak_until(None, today) == date(2026, 6, 3)
    assert meeting.soak_until(date(2026, 6, 10), today) == date(2026, 6, 12)
    assert meeting.soak_until(date(2026, 5, 10), today) == date(2026, 6, 3)
    assert "not ahead" in meeting.soak_objection(today, today)
    assert "forgotten" in meeting.soak_objection(date(2026, 12, 1), today)


def entry(**fields):
    people = [invitation.Attendee('Ana "the" Ünal; x', "ana@x.example"), invitation.Attendee("Bo", "bo@x.example")]
    given = {"place": "Room 4, left", "description": "1. a\n2. b", "url": "https://x/7/", "facilitator": people[0]}
    return invitation.Meeting(
        uid="postmortem-7@x",
        sequence=3,
        summary="Post-mortem: a, b; c",
        at=NOW,
        minutes=45,
        stamp=NOW,
        sender="andon@x.example",
        attendees=people,
        **given | fields,
    )


def read(text):
    calendar = Calendar.from_ical(text)
    return calendar, calendar.events[0]


def test_an_invitation_reads_back_as_what_was_meant():
    calendar, event = read(invitation.request(entry()))
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("postmortem-7@x", 3, "CONFIRMED")
    assert (event.start, event.end) == (NOW, NOW + timedelta(minutes=45))
    assert (event["SUMMARY"], event["LOCATION"]) == ("Post-mortem: a, b; c", "Room 4, left")
    assert event["DESCRIPTION"] == "1. a\n2. b"
    assert event["ORGANIZER"] == "mailto:ana@x.example"
    assert event["ORGANIZER"].params["SENT-BY"] == "mailto:andon@x.example"
    assert [str(one) for one in event["ATTENDEE"]] == ["mailto:ana@x.example", "mailto:bo@x.example"]
    assert [one.params["ROLE"] for one in event["ATTENDEE"]] == ["CHAIR", "REQ-PARTICIPANT"]
    assert all(len(line.encode()) <= 75 for line in invitation.request(entry()).split("\r\n"))


def test_nobody_facilitates_so_andon_organises():
    _, event = read(invitation.request(entry(facilitator=None)))
    assert event["ORGANIZER"] == "mailto:andon@x.example"


def test_calling_off_is_for_all_and_leaving_out_for_those_named():
    meant = entry()
    calendar, event = read(invitation.cancellation(meant, meant.attendees, entirely=True))
    assert (calendar["METHOD"], event["STATUS"], len(event["ATTENDEE"])) == ("CANCEL", "CANCELLED", 2)
    calendar, event = read(invitation.cancellation(meant, meant.attendees[1:], entirely=False))
    assert (calendar["METHOD"], "STATUS" in event, str(event["ATTENDEE"])) == ("CANCEL", False, "mailto:bo@x.example")


@pytest.mark.parametrize(
    ("standing", "label", "to"),
    [
        (Standing("draft", facilitated=False), "Name a facilitator", ""),
        (Standing("draft", meets=False), "Set the meeting", ""),
        (Standing("draft", unwritten="overview"), "Write the summary", ""),
        (Standing("draft", factors=0), "Add a contributing factor", ""),
        (Standing("draft"), "Submit for review", "in_review"),
        (Standing("in_review", waits=["x"], mine="ops"), "Sign off for Ops", ""),
        (Standing("in_review", waits=["x"], asked=frozenset({"dev"})), "Ask Ops to review", ""),
        (
            Standing("in_review", waits=["x"], asked=frozenset({"dev", "ops"}), waiting_for=["Ana", "Bo", "Cy"]),
            "Waiting for Ana, Bo and Cy",
            "",
        ),
        (Standing("in_review"), "Publish", "published"),
        (Standing("published", not_removed=1), "Open or link a problem", ""),
        (Standing("published", not_removed=2), "Open or link 2 problems", ""),
    ],
)
def test_there_is_one_main_next_step(standing, label, to):
    step = next_step(standing)
    assert (step.label, step.to) == (label, to)


def test_when_all_is_done_there_is_no_next_step():
    assert next_step(Standing("published")) is None
