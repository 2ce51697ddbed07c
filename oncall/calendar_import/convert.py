"""The one way in: a calendar's text to what is to be stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from oncall.calendar_import.expansion import FARTHEST, overrides_of
from oncall.calendar_import.people import Names
from oncall.calendar_import.reading import read
from oncall.calendar_import.refusal import CalendarRefused
from oncall.calendar_import.series import layers_of
from oncall.calendar_import.types import Imported

AS = ("overrides", "layer")


def convert(
    text: str,
    *,
    as_: str,
    zone: ZoneInfo,
    known: Mapping[str, str],
    people: Mapping[str, str],
    now: datetime,
    until: datetime | None = None,
    priority: int = 1,
) -> Imported:
    """What this calendar comes to, from `now` on, for one seat of a schedule in `zone`.

    `as_` is one of `AS`. `known`: the name of everybody who may be meant, by e-mail address; `people`: for names of the
    file, whose address each means (empty: leave out). `until` ends what is imported. Layers get this `priority`.
    Raises CalendarRefused with every sentence there is, UnknownPeople where names are nobody here.
    """
    if as_ not in AS:
        raise CalendarRefused("as", [f"“{as_}” is not known; use {' or '.join(AS)}."])
    if until is not None and not now < until <= now + FARTHEST:
        sentence = f"{until:%Y-%m-%d %H:%M} UTC does not do; give a time to come, within three years."
        raise CalendarRefused("until", [sentence])
    source = read(text, zone)
    found = Names(known, people).of_all(source.entries)
    left_out = [*source.left_out, *(f"{entry.label}: it is cancelled." for entry in source.entries if entry.cancelled)]
    if as_ == "layer":
        layers, overrides = layers_of(source, found, now, until, priority)
    else:
        layers, overrides = (), overrides_of(source, found, now, until)
    return Imported(overrides, layers, tuple(left_out))
