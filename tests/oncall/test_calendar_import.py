"""A calendar of another product becomes overrides or layers; what cannot be is refused with what to do."""

import re
import time
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oncall.calendar_import import CalendarRefused, UnknownPeople, convert
from oncall.rotas.schedule import Seat, resolve
from tests.oncall.calendars import GOOGLE, GRAFANA, OPSGENIE, PAGERDUTY, VTIMEZONE, calendar, event

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"
KNOWN = {ANA: "Ana Silva", BO: "Bo Berg", CY: "Cy"}
BERLIN = ZoneInfo("Europe/Berlin")
ONE_DAY = ("DTSTART:20260602T090000Z", "DTEND:20260603T090000Z")


def imported(text, *, as_="overrides", people=None, zone="UTC", until=None):
    return convert(text, as_=as_, zone=ZoneInfo(zone), known=KNOWN, people=people or {"Ana": ANA}, now=NOW, until=until)


def overrides(text, **options):
    """As in `06-02 09:00 – 06-03 09:00 ana` (UTC)."""
    return [_told(one) for one in imported(text, **options).overrides]


def shifts(found, since=NOW, until=NOW + timedelta(days=120)):
    """What a seat with these layers and overrides comes to."""
    return [_told(shift) for shift in resolve(Seat("dev", found.layers, found.overrides), since, until)]


def _told(one):
    names = "+".join(sorted(email.split("@")[0] for email in one.people))
    return f"{one.start:%m-%d %H:%M} – {one.end:%m-%d %H:%M} {names}"


def refusal(text, **options):
    with pytest.raises(CalendarRefused) as refused:
        imported(text, **options)
    return str(refused.value)


# What other products write.


def test_pagerduty():
    assert overrides(PAGERDUTY) == ["06-01 09:00 – 06-08 09:00 ana", "06-08 09:00 – 06-15 09:00 bo"]


def test_opsgenie():
    assert overrides(OPSGENIE) == ["06-01 08:00 – 06-02 08:00 ana", "06-02 08:00 – 06-03 08:00 bo"]


def test_grafana_oncall_as_layers():
    found = imported(GRAFANA, as_="layer")
    assert len(found.layers) == 2
    assert shifts(found)[:3] == [
        "06-01 00:00 – 06-01 12:00 ana",
        "06-02 00:00 – 06-02 12:00 bo",
        "06-03 00:00 – 06-03 12:00 ana",
    ]


@pytest.mark.parametrize("as_", ["overrides", "layer"])
def test_google_with_exceptions(as_):
    found = imported(GOOGLE, as_=as_, until=NOW + timedelta(days=50))
    assert shifts(found, until=NOW + timedelta(days=50)) == [
        "06-01 07:00 – 06-08 07:00 ana",
        "06-18 07:00 – 06-20 07:00 bo",
        "07-02 22:00 – 07-03 22:00 ana+bo",
        "07-13 07:00 – 07-20 07:00 ana",
    ]


# Times.


@pytest.mark.parametrize(
    ("lines", "zone", "expected"),
    [
        (["DTSTART:20260602T090000Z", "DTEND:20260602T170000Z"], "UTC", "06-02 09:00 – 06-02 17:00"),
        (["DTSTART:20260602T090000", "DTEND:20260602T170000"], "America/Chicago", "06-02 14:00 – 06-02 22:00"),
        (["DTSTART;TZID=Asia/Tokyo:20260602T090000", "DURATION:PT8H"], "UTC", "06-02 00:00 – 06-02 08:00"),
        (["DTSTART;TZID=W. Europe Standard Time:20260602T090000", "DURATION:P1D"], "UTC", "06-02 07:00 – 06-03 07:00"),
        (["DTSTART;TZID=Our Own Time:20260602T090000", "DURATION:P1D"], "UTC", "06-02 07:00 – 06-03 07:00"),
        (["DTSTART;VALUE=DATE:20260602"], "America/Chicago", "06-02 05:00 – 06-03 05:00"),
        (["DTSTART;VALUE=DATE:20260602", "DTEND;VALUE=DATE:20260609"], "UTC", "06-02 00:00 – 06-09 00:00"),
        (["DTSTART;VALUE=DATE:20261024", "DURATION:P2D"], "Europe/Berlin", "10-23 22:00 – 10-25 23:00"),
        (["DTSTART;TZID=Europe/Berlin:20261024T090000", "DURATION:P1D"], "UTC", "10-24 07:00 – 10-25 08:00"),
    ],
)
def test_every_way_to_write_a_time(lines, zone, expected):
    assert overrides(calendar(VTIMEZONE, event(*lines)), zone=zone) == [f"{expected} ana"]


def test_floating_times_are_of_the_calendars_own_zone_where_it_names_one():
    text = calendar("X-WR-TIMEZONE:Asia/Tokyo", event("DTSTART:20260602T090000", "DURATION:PT1H"))
    assert overrides(text) == ["06-02 00:00 – 06-02 01:00 ana"]


@pytest.mark.parametrize("as_", ["overrides", "layer"])
def test_a_handoff_keeps_its_wall_clock_when_the_clocks_change(as_):
    rule = "RRULE:FREQ=WEEKLY;COUNT=2"
    text = calendar(event("DTSTART;TZID=Europe/Berlin:20261019T090000", "DURATION:P1W", rule))
    assert shifts(imported(text, as_=as_), until=NOW + timedelta(days=200)) == ["10-19 07:00 – 11-02 08:00 ana"]


def test_a_zone_of_the_calendar_that_is_none_is_said_and_not_used():
    found = imported(calendar("X-WR-TIMEZONE:Euope/London", event("DTSTART:20260602T090000", "DURATION:PT1H")))
    assert [_told(one) for one in found.overrides] == ["06-02 09:00 – 06-02 10:00 ana"]
    assert "“Euope/London” is not a known time zone" in found.left_out[0]


def test_what_is_over_is_left_out_and_what_is_under_way_is_kept():
    text = calendar(
        event("DTSTART:20260501T090000Z", "DTEND:20260601T000000Z", uid="1"),
        event("DTSTART:20260531T090000Z", "DTEND:20260601T090000Z", uid="2"),
    )
    assert overrides(text) == ["05-31 09:00 – 06-01 09:00 ana"]


# People.


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("ana@example.com", "ana"),
        ("ANA SILVA", "ana"),
        ("  Ana   Silva ", "ana"),
        ("Ana Silva, Bo Berg", "ana+bo"),
        ("Bo Berg & cy@example.com", "bo+cy"),
        ("On call: Bo Berg (Shop)", "bo"),
        ("Bo Berg: dev on Shop", "bo"),
        ("Level 1 - cy@example.com", "cy"),
    ],
)
def test_people_are_found_by_what_the_title_says(summary, expected):
    assert overrides(calendar(event(*ONE_DAY, summary=summary)))[0].endswith(f" {expected}")


def test_an_attendee_says_it_best_and_rooms_and_refusals_are_not_people():
    lines = [
        *ONE_DAY,
        "ATTENDEE;CN=Bo:MAILTO:Bo@Example.com",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com",
        "ATTENDEE;CUTYPE=ROOM:mailto:cy@example.com",
    ]
    assert overrides(calendar(event(*lines, summary="Ana Silva")))[0].endswith(" bo")


def test_unknown_names_are_all_named_at_once():
    text = calendar(
        event(*ONE_DAY, uid="1", summary="Zoe"),
        event(*ONE_DAY, uid="2", summary="Ana covers for Bo Berg and Cy"),
        event(*ONE_DAY, uid="3", summary="Zoe"),
        event(*ONE_DAY, "ATTENDEE:mailto:yan@example.com", uid="4", summary=""),
    )
    with pytest.raises(UnknownPeople) as refused:
        imported(text)
    assert refused.value.names == ("Zoe", "Ana covers for Bo Berg and Cy", "yan@example.com")
    assert "“Zoe”, “Ana covers for Bo Berg and Cy”, “yan@example.com”" in str(refused.value)


def test_a_mapping_says_whom_a_name_means_or_leaves_it_out():
    text = calendar(event(*ONE_DAY, uid="1", summary="Zoe"), event(*ONE_DAY, uid="2", summary="Team lunch"))
    assert overrides(text, people={"zoe": CY.upper(), "Team lunch": ""}) == ["06-02 09:00 – 06-03 09:00 cy"]


def test_a_mapping_to_nobody_is_refused():
    assert "“who@example.com”" in refusal(calendar(event(*ONE_DAY)), people={"Ana": "who@example.com"})


# Rules.


def test_two_at_once_are_on_duty_together():
    text = calendar(
        event("DTSTART:20260602T090000Z", "DTEND:20260602T170000Z", uid="1", summary="Bo Berg"),
        event("DTSTART:20260602T120000Z", "DTEND:20260602T200000Z", uid="2", summary="Cy"),
    )
    expected = [
        "06-02 09:00 – 06-02 12:00 bo",
        "06-02 12:00 – 06-02 17:00 bo+cy",
        "06-02 17:00 – 06-02 20:00 cy",
    ]
    assert overrides(text) == expected
    assert shifts(imported(text, as_="layer")) == expected


def test_a_cancelled_event_and_a_cancelled_occurrence_are_left_out():
    text = calendar(
        event(*ONE_DAY, "STATUS:CANCELLED", uid="1", summary="Whoever"),
        event("DTSTART:20260603T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", uid="2"),
        event(
            "DTSTART:20260604T090000Z", "DURATION:PT1H", "RECURRENCE-ID:20260604T090000Z", "STATUS:CANCELLED", uid="2"
        ),
    )
    expected = ["06-03 09:00 – 06-03 10:00 ana", "06-05 09:00 – 06-05 10:00 ana"]
    assert overrides(text) == expected
    found = imported(text, as_="layer")
    assert shifts(found) == expected
    assert found.left_out == ("“Whoever” of 2026-06-02: it is cancelled.", "“Ana” of 2026-06-04: it is cancelled.")


def test_two_events_that_claim_one_uid_are_two():
    text = calendar(
        event("DTSTART:20260602T090000Z", "DURATION:PT1H", uid="same"),
        event("DTSTART:20260603T090000Z", "DURATION:PT1H", uid="same", summary="Bo Berg"),
    )
    assert [one[-3:].strip() for one in overrides(text)] == ["ana", "bo"]


def test_a_rule_by_weekday_is_a_layer_for_each_weekday():
    text = calendar(event("DTSTART:20260601T090000Z", "DURATION:PT8H", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR"))
    found = imported(text, as_="layer")
    assert [layer.rotation.kind.value for layer in found.layers] == ["weekly"] * 3
    assert [layer.rotation.duration for layer in found.layers] == [timedelta(hours=8)] * 3
    assert shifts(found)[:4] == [
        "06-01 09:00 – 06-01 17:00 ana",
        "06-03 09:00 – 06-03 17:00 ana",
        "06-05 09:00 – 06-05 17:00 ana",
        "06-08 09:00 – 06-08 17:00 ana",
    ]


def test_a_rule_that_is_over_makes_no_layer():
    text = calendar(
        event("DTSTART:20260101T090000Z", "DURATION:PT8H", "RRULE:FREQ=DAILY;UNTIL=20260501T090000Z", uid="1"),
        event("DTSTART:20260101T090000Z", "DURATION:PT8H", "RRULE:FREQ=DAILY", uid="2"),
    )
    assert len(imported(text, as_="layer").layers) == 1


RULES = [
    f"FREQ={freq};INTERVAL={every}{days}{end}"
    for freq, every, days, end in product(
        ["HOURLY", "DAILY", "WEEKLY", "MONTHLY"],
        [1, 2, 5],
        ["", ";BYDAY=TU,TH,SU;WKST=SU", ";BYDAY=TU,SA"],
        [";COUNT=9", ";UNTIL=20260820T080000Z", ""],
    )
    if not days or freq == "WEEKLY"
]


@settings(max_examples=120)
@given(
    rule=st.sampled_from(RULES),
    hours=st.sampled_from([1, 8, 24, 24 * 7, 24 * 40]),
    zone=st.sampled_from(["Europe/Berlin", "America/Chicago", "UTC"]),
    gone=st.lists(st.integers(0, 12), max_size=3),
)
@example(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SU;WKST=SU;COUNT=9", hours=24, zone="UTC", gone=[0, 1])
def test_layers_say_what_the_expanded_calendar_says(rule, hours, zone, gone):
    """The library that expands is the oracle of the layers, exceptions included."""
    start = datetime(2026, 6, 2, 9)  # noqa: DTZ001 - a wall time
    units = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
    freq, every = re.match(r"FREQ=(\w+);INTERVAL=(\d)", rule).groups()
    step = units.get(freq, timedelta(days=28)) * int(every)
    exceptions = [f"EXDATE;TZID={zone}:{start + number * step:%Y%m%dT%H%M%S}" for number in gone]
    lines = [
        f"DTSTART;TZID={zone}:20260602T090000",
        f"DURATION:PT{hours}H" if hours < 24 else f"DURATION:P{hours // 24}D",
    ]
    text = calendar(event(*lines, f"RRULE:{rule}", *exceptions))
    until = NOW + timedelta(days=100)
    assert shifts(imported(text, as_="layer", until=until), until=until) == shifts(
        imported(text, until=until), until=until
    )


def test_an_exception_of_an_hourly_rule_is_of_its_hour_alone():
    text = calendar(
        event("DTSTART:20260602T090000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;INTERVAL=2;COUNT=4",
              "EXDATE:20260602T110000Z"),
        event("DTSTART:20260602T140000Z", "DURATION:PT1H", "RECURRENCE-ID:20260602T130000Z", summary="Bo Berg"),
    )  # fmt: skip
    expected = ["06-02 09:00 – 06-02 10:00 ana", "06-02 14:00 – 06-02 15:00 bo", "06-02 15:00 – 06-02 16:00 ana"]
    assert overrides(text) == expected
    assert shifts(imported(text, as_="layer")) == expected


# What is refused.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No calendar"),
        ("hello", "not iCalendar"),
        ("<html></html>", "not iCalendar"),
        ("BEGIN:VEVENT\nEND:VEVENT", "No calendar"),
        ("\x00\x01", "not iCalendar"),
        (calendar(), "no event"),
        (calendar() + calendar(), "2 calendars"),
        ("BEGIN:VEVENT\n" * 4000, "not iCalendar|No calendar"),
        (calendar(event("DTSTART:20260230T090000Z")), r"“Ana”: DTSTART: .*20260230T090000Z"),
        (calendar(event("SEQUENCE:1")), "no DTSTART"),
        (calendar(event("DTSTART:20260602T090000Z", "DTEND:20260601T090000Z")), "lasts from"),
        (calendar(event("DTSTART:16010101T090000Z", "DURATION:PT1H")), "lasts from"),
        (calendar(event("DTSTART:20260602T090000Z", "DTEND;VALUE=DATE:20260603")), "“Ana” of 2026-06-02"),
        (calendar(event("DTSTART;TZID=Nowhere/Land:20260602T090000", "DURATION:PT1H")), "“Nowhere/Land”"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=SOMETIMES")), "RRULE"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=SECONDLY;COUNT=5")), "repeats SECONDLY"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=MINUTELY;COUNT=5")), "repeats MINUTELY"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY")), "repeats for ever: import it as a layer, or give `until`"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY;UNTIL=21990101T000000Z")), "repeats until 2199"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY;COUNT=1000000000")), "repeats 1000000000 times"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY;INTERVAL=0")), "repeats every 0|RRULE"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY;COUNT=9;BYHOUR=1,2,3")), "BYHOUR"),
        (calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY;COUNT=2")), "2 RRULEs"),
        (calendar(event(*ONE_DAY, "UID:2")), "2 UIDs"),
        (calendar("BEGIN:VTIMEZONE", "TZID:x", event(*ONE_DAY)), "a time zone without an end"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(text, said):
    assert re.search(said, refusal(text))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=YEARLY", "repeats YEARLY"),
        ("FREQ=MONTHLY;BYDAY=1TU", "BYDAY=1TU"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "BYMONTHDAY=5"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", "BYSETPOS"),
        ("FREQ=WEEKLY;BYDAY=MO", "does not name"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=TU", "BYDAY=TU"),
        ("FREQ=DAILY;BYMONTH=6", "BYMONTH"),
    ],
)
def test_a_rule_that_no_layer_can_follow_says_to_import_overrides(rule, said):
    text = calendar(event(*ONE_DAY, f"RRULE:{rule}"))
    assert re.search(said, refusal(text, as_="layer"))
    assert "import it as overrides" in refusal(text, as_="layer")


def test_a_zone_that_only_the_file_knows_makes_no_layer():
    lines = ["DTSTART;TZID=Our Own Time:20260602T090000", "DURATION:P1D", "RRULE:FREQ=DAILY"]
    assert "import it as overrides" in refusal(calendar(VTIMEZONE, event(*lines)), as_="layer")


def test_with_an_end_a_rule_without_one_can_be_overrides():
    text = calendar(event(*ONE_DAY, "RRULE:FREQ=WEEKLY"))
    assert len(overrides(text, until=NOW + timedelta(days=28))) == 4


@pytest.mark.parametrize("days", [-1, 0, 4000])
def test_an_end_that_is_past_or_too_far_is_refused(days):
    assert "within three years" in refusal(calendar(event(*ONE_DAY)), until=NOW + timedelta(days=days))


BOMBS = {
    "ten megabytes": "BEGIN:VCALENDAR\r\n" + "X" * 10_000_000,
    "many events": calendar(*(event(*ONE_DAY, uid=str(n)) for n in range(5001))),
    "a count of a billion": calendar(event(*ONE_DAY, "RRULE:FREQ=DAILY;COUNT=1000000000")),
    "hundreds of rules": calendar(
        *(event("DTSTART:19700101T000000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY", uid=str(n)) for n in range(600))
    ),
    "rules that find nothing": calendar(
        *(event(*ONE_DAY, "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", uid=str(n)) for n in range(3)),
        *(event("DTSTART:20260602T090000", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", uid=f"d{n}") for n in range(3)),
        *(event("DTSTART;VALUE=DATE:20260602", "RRULE:FREQ=YEARLY;BYYEARDAY=366,-366", uid=f"y{n}") for n in range(3)),
    ),
    "days within days": calendar("BEGIN:VEVENT\r\n" * 4990 + event(*ONE_DAY)),
    "many people at once": calendar(
        *(event(f"DTSTART:20260602T{n % 24:02}{n % 60:02}00Z", "DURATION:P30D", uid=str(n)) for n in range(3000))
    ),
    "a few rules that find nothing": calendar(
        *(event(*ONE_DAY, f"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY={30 + n % 2}", uid=str(n)) for n in range(30)),
    ),
    "rules of events without a length": calendar(
        *(event("DTSTART:20260602T090000Z", "RRULE:FREQ=SECONDLY", uid=str(n)) for n in range(30)), event(*ONE_DAY)
    ),
    "rules of cancelled events": calendar(
        *(event(*ONE_DAY, "RRULE:FREQ=SECONDLY", "STATUS:CANCELLED", uid=str(n)) for n in range(30)), event(*ONE_DAY)
    ),
    "a zone whose clocks change every second": calendar(
        VTIMEZONE.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY"),
        event("DTSTART;TZID=Our Own Time:20260602T090000", "DURATION:P1D"),
    ),
    "the same, folded": calendar(
        VTIMEZONE.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY").replace("VTIMEZONE", "VTIME\r\n ZONE"),
        event("DTSTART;TZID=Our Own Time:20260602T090000", "DURATION:P1D"),
    ),
    "one long line": calendar(event(*ONE_DAY, f"SUMMARY:{'Zoe ' * 200_000}")),
    "many exceptions": calendar(
        event("DTSTART:20260601T000000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY",
              *(f"EXDATE:{NOW + timedelta(hours=2 * n):%Y%m%dT%H%M%SZ}" for n in range(4000)))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("as_", ["overrides", "layer"])
def test_a_bomb_ends_quickly(name, as_):
    begun = time.perf_counter()
    try:
        found = imported(BOMBS[name], as_=as_, until=NOW + timedelta(days=1000))
    except CalendarRefused as refused:
        assert len(str(refused)) < 5_000
    else:
        assert len(found.overrides) <= 5_000
    assert time.perf_counter() - begun < 8


LINES = """BEGIN:VCALENDAR|END:VCALENDAR|BEGIN:VEVENT|END:VEVENT|BEGIN:VTIMEZONE|END:VTIMEZONE|BEGIN:VALARM|END:VALARM
UID:1|SUMMARY:Ana|DTSTART:20260602T090000Z|DTEND:20260603T090000Z|DTSTART;VALUE=DATE:20260602|DTEND:20260603|TZID:x
DURATION:-P1D|RRULE:FREQ=DAILY;COUNT=3|RRULE:FREQ=|RRULE:FREQ=DAILY;UNTIL=20260605|RRULE:FREQ=WEEKLY;BYDAY=TU;WKST=XX
EXDATE:x|EXDATE;VALUE=DATE:20260602|RECURRENCE-ID:20260602T090000Z|RDATE;VALUE=PERIOD:20260602T090000Z/PT1H
STATUS:CANCELLED|X-WR-TIMEZONE:x|ATTENDEE:mailto:bo@example.com|:|ä;"""


@settings(max_examples=200)
@given(st.lists(st.sampled_from(re.split(r"[|\n]", LINES)), max_size=14), st.sampled_from(["overrides", "layer"]))
def test_whatever_is_sent_is_taken_or_refused_in_words(lines, as_):
    text = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"])
    try:
        imported(text, as_=as_, until=NOW + timedelta(days=30))
    except CalendarRefused as refused:
        assert refused.errors
