"""Public holidays of a country, or of a part of it, by the `holidays` library. Pure.

A country is its ISO 3166 code, `GB`; a part of it follows after a hyphen, `GB-SCT`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oncall.rotas.coverage import Interval
from oncall.rotas.walltime import instant_of


class Holiday(NamedTuple):
    """Days that nobody should have to work: one holiday, or several that follow one another."""

    time: Interval
    name: str


def country(value: object) -> str:
    """A code that the library knows, in capitals; empty for none. Raises ValueError."""
    code = str(value or "").strip().upper()
    if not code:
        return ""
    nation, _, part = code.partition("-")
    parts = _countries().get(nation)
    if parts is None:
        raise ValueError(f"“{value}” is not a country whose holidays are known; use its ISO code, such as GB or US.")
    if part and part not in parts:
        known = f"use {', '.join(parts)} after it, or {nation} alone" if parts else f"use {nation} alone"
        raise ValueError(f"“{part}” is not a part of {nation} that has holidays of its own; {known}.")
    if code.endswith("-"):
        raise ValueError(f"“{value}” ends in a hyphen; name the part of the country after it, or leave it out.")
    return code


def holidays_between(code: str, zone: str, since: datetime, until: datetime) -> list[Holiday]:
    """The holidays that begin before `until` and end after `since`, each from midnight to midnight in the zone.

    Those that touch are one, as Christmas Day and Boxing Day.
    """
    tz = ZoneInfo(zone)
    first, last = since.astimezone(tz).date(), until.astimezone(tz).date()
    found: list[Holiday] = []
    for day, name in _days(code, range(first.year, last.year + 1)):
        if not first <= day <= last:
            continue
        this = Holiday(Interval(_midnight(day, tz), _midnight(day + timedelta(days=1), tz)), name)
        if this.time.start >= until:
            continue
        if found and found[-1].time.end == this.time.start:
            before = found.pop()
            this = Holiday(Interval(before.time.start, this.time.end), f"{before.name}, {name}")
        found.append(this)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime.combine(day, time()), zone)


def _days(code: str, years: Iterable[int]) -> list[tuple[date, str]]:
    return [found for year in years for found in _days_of_year(code, year)]


@lru_cache(maxsize=512)
def _days_of_year(code: str, year: int) -> list[tuple[date, str]]:
    import holidays

    nation, _, part = code.partition("-")
    return sorted(holidays.country_holidays(nation, subdiv=part or None, years=year).items())


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    import holidays

    return {code: list(parts) for code, parts in holidays.list_supported_countries(include_aliases=True).items()}
