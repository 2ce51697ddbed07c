"""The occurrences of a rule that a rotation can follow: every so many hours, days, weeks or months from a start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo

from oncall.calendar_import import rules
from oncall.calendar_import.reading import Entry
from oncall.rotas.rotation import HOURS, Kind
from oncall.rotas.walltime import wall_at

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KINDS = {"HOURLY": Kind.HOURLY, "DAILY": Kind.DAILY, "WEEKLY": Kind.WEEKLY, "MONTHLY": Kind.MONTHLY}
NARROWING = (
    "BYSETPOS", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER", "RSCALE",
)  # fmt: skip
LAST_DAY = 28  # later days are lacking in some months: a calendar then skips the month, a rotation takes its last day


@dataclass(frozen=True, slots=True)
class Turns:
    """Occurrences at `first` and every `every` units of `kind` after it, by wall clock; `last` is the last, if any."""

    kind: Kind
    every: int
    first: datetime
    last: datetime | None = None

    @property
    def shortest(self) -> timedelta:
        """The least time from one to the next."""
        hours = 28 * 24 if self.kind is Kind.MONTHLY else HOURS[self.kind]
        return timedelta(hours=hours * self.every)

    def at(self, number: int) -> datetime:
        if self.kind is not Kind.MONTHLY:
            return self.first + number * timedelta(hours=HOURS[self.kind] * self.every)
        year, month = divmod(self.first.year * 12 + self.first.month - 1 + number * self.every, 12)
        return self.first.replace(year=year, month=month + 1)

    def number_of(self, moment: datetime) -> int | None:
        """Which occurrence begins at this wall time; None where none does."""
        if self.kind is Kind.MONTHLY:
            number = ((moment.year - self.first.year) * 12 + moment.month - self.first.month) // self.every
        else:
            number = (moment - self.first) // timedelta(hours=HOURS[self.kind] * self.every)
        return number if number >= 0 and self.at(number) == moment else None

    def ending(self, latest: datetime) -> Turns | None:
        """Those that begin no later than `latest`."""
        if latest < self.first:
            return None
        if self.kind is Kind.MONTHLY:
            number = ((latest.year - self.first.year) * 12 + latest.month - self.first.month) // self.every
        else:
            number = (latest - self.first) // timedelta(hours=HOURS[self.kind] * self.every)
        last = self.at(number) if self.at(number) <= latest else self.at(number - 1)
        return replace(self, last=last if self.last is None else min(last, self.last))

    def unbroken(self, gone: set[datetime]) -> Iterator[tuple[datetime, datetime | None]]:
        """The first and the last occurrence of each stretch without one of `gone`; no last where it never ends."""
        numbers = sorted(number for moment in gone if (number := self.number_of(moment)) is not None)
        begin, end = 0, None if self.last is None else self.number_of(self.last)
        for number in numbers:
            if number > begin and (end is None or begin <= end):
                yield self.at(begin), self.at(number - 1 if end is None else min(number - 1, end))
            begin = number + 1
        if end is None:
            yield self.at(begin), None
        elif begin <= end:
            yield self.at(begin), self.at(end)


def complaint(entry: Entry) -> str | None:
    """Why a rotation cannot follow this rule; None where it can."""
    rule = entry.rule
    kind, day = rules.frequency(rule), entry.start.day
    narrowing = [part for part in NARROWING if part in rule]
    why = _of_weekdays(entry) or _of_month_days(entry)
    if kind not in KINDS:
        why = f"repeats {kind}"
    elif narrowing:
        why = f"repeats by {', '.join(narrowing)}"
    elif kind == "MONTHLY" and day > LAST_DAY:
        why = f"repeats on day {day}, which some months lack"
    return f"{entry.label} {why}: no layer can do that, import it as overrides." if why else None


def _of_weekdays(entry: Entry) -> str | None:
    days = [str(day).upper() for day in entry.rule.get("BYDAY", [])]
    kind = rules.frequency(entry.rule)
    weekly = kind == "WEEKLY" or (kind == "DAILY" and rules.every(entry.rule) == 1)
    if days and (not weekly or not set(days) <= set(WEEKDAYS)):
        return f"repeats {kind} by BYDAY={','.join(days)}"
    if days and WEEKDAYS[entry.start.weekday()] not in days:
        return "begins on a day that its rule does not name"
    return None


def _of_month_days(entry: Entry) -> str | None:
    days = [int(day) for day in entry.rule.get("BYMONTHDAY", [])]
    kind = rules.frequency(entry.rule)
    if days and (kind != "MONTHLY" or days != [entry.start.day]):
        return f"repeats {kind} by BYMONTHDAY={','.join(map(str, days))}"
    return None


def turns_of(entry: Entry, zone: ZoneInfo, until: datetime | None) -> list[Turns]:
    """The rule as turns, by the wall clock of `zone`: one for each weekday it names, else one."""
    rule = entry.rule
    found = list(_beginnings(entry, zone))
    if (times := rules.count(rule)) is not None:
        *_, last = islice(merge(*(_occurrences(turns, times) for turns in found)), times)
        found = _until(found, last)
    if (end := rules.until(rule)) is not None:
        found = _until(found, wall_in(end, zone) if isinstance(end, datetime) else datetime.combine(end, time.max))
    if until is not None:
        found = _until(found, wall_at(until, zone) - timedelta(seconds=1))
    return found


def wall_in(moment: date, zone: ZoneInfo) -> datetime:
    """A moment of a calendar as the wall clock of `zone` shows it; what has no zone is meant in it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return wall_at(moment, zone) if moment.tzinfo else moment


def _beginnings(entry: Entry, zone: ZoneInfo) -> Iterator[Turns]:
    rule, start = entry.rule, wall_in(entry.start, zone)
    days = [str(day).upper() for day in rule.get("BYDAY", [])]
    if not days:
        yield Turns(KINDS[rules.frequency(rule)], rules.every(rule), start)
        return
    week_starts = WEEKDAYS.index(str(rules.first(rule, "WKST", "MO")).upper())
    week = start - timedelta(days=(start.weekday() - week_starts) % 7)
    for day in sorted({WEEKDAYS.index(day) for day in days}):
        first = week + timedelta(days=(day - week_starts) % 7)
        yield Turns(
            Kind.WEEKLY, rules.every(rule), first if first >= start else first + timedelta(weeks=rules.every(rule))
        )


def _occurrences(turns: Turns, most: int) -> Iterator[datetime]:
    return (turns.at(number) for number in range(most))


def _until(found: list[Turns], latest: datetime) -> list[Turns]:
    return [ending for turns in found if (ending := turns.ending(latest))]
