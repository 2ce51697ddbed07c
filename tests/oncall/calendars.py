"""Calendars as other products write them."""

from __future__ import annotations


def event(*lines: str, uid: str = "1", summary: str = "Ana") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT"])


def calendar(*parts: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *parts, "END:VCALENDAR", ""])


VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our Own Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE""".replace("\n", "\r\n")

PAGERDUTY = calendar(
    event("DTSTART;VALUE=DATE-TIME:20260601T090000Z", "DTEND;VALUE=DATE-TIME:20260608T090000Z",
          "ATTENDEE:ana@example.com", uid="Q1", summary="On Call - Ana Silva - Shop primary"),
    event("DTSTART;VALUE=DATE-TIME:20260608T090000Z", "DTEND;VALUE=DATE-TIME:20260615T090000Z",
          "ATTENDEE:bo@example.com", uid="Q2", summary="On Call - Bo Berg - Shop primary"),
)  # fmt: skip

OPSGENIE = calendar(
    "X-WR-TIMEZONE:Europe/London",
    event("DTSTART:20260601T080000Z", "DTEND:20260602T080000Z", uid="o1", summary="ana@example.com"),
    event("DTSTART:20260602T080000Z", "DTEND:20260603T080000Z", uid="o2", summary="bo@example.com is on-call"),
)

GRAFANA = calendar(
    event("DTSTART:20260601T000000Z", "DTEND:20260601T120000Z", "RRULE:FREQ=DAILY;INTERVAL=2", uid="g1",
          summary="Ana Silva"),
    event("DTSTART:20260602T000000Z", "DTEND:20260602T120000Z", "RRULE:FREQ=DAILY;INTERVAL=2", uid="g2",
          summary="[L1] bo berg"),
)  # fmt: skip

GOOGLE = calendar(
    "X-WR-TIMEZONE:Europe/Berlin",
    event("DTSTART;TZID=Europe/Berlin:20260601T090000", "DTEND;TZID=Europe/Berlin:20260608T090000",
          "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "EXDATE;TZID=Europe/Berlin:20260615T090000", uid="x1",
          summary="Ana Silva"),
    event("DTSTART;TZID=Europe/Berlin:20260618T090000", "DTEND;TZID=Europe/Berlin:20260620T090000",
          "RECURRENCE-ID;TZID=Europe/Berlin:20260629T090000", uid="x1", summary="Bo Berg"),
    event("DTSTART;VALUE=DATE:20260703", "DTEND;VALUE=DATE:20260704", uid="x3", summary="Bo Berg, Ana Silva"),
)  # fmt: skip
