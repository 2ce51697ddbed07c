"""Who an event means: by the address of an attendee, else by what its title says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from icalendar import Event

from oncall.calendar_import.reading import Entry, text_of
from oncall.calendar_import.refusal import CalendarRefused, UnknownPeople

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WORD = re.compile(r"[\w.@'+-]+")
SEPARATORS = re.compile(r"\s*(?:,|;|&|\+|/| and )\s*")
LONGEST_NAME = 200
NOT_PEOPLE = {"ROOM", "RESOURCE"}


class Names:
    """Knows people by e-mail address and by name; `mapping` says for names of the file whose address each means.

    An empty address in the mapping leaves the events of that name out.
    """

    def __init__(self, known: Mapping[str, str], mapping: Mapping[str, str]) -> None:
        self._emails = {email.casefold(): email for email in known}
        names: dict[str, set[str]] = {}
        for email, name in known.items():
            names.setdefault(_plain(name), set()).add(email)
        self._names = {name: emails.pop() for name, emails in names.items() if len(emails) == 1 and name}
        self._mapping = {_plain(name): email.strip().casefold() for name, email in mapping.items()}
        wrong = sorted({email for email in self._mapping.values() if email and email not in self._emails})
        if wrong:
            listed = ", ".join(f"“{email}”" for email in wrong)
            raise CalendarRefused("people", [f"Nobody active here has the address {listed}; correct the mapping."])

    def of_all(self, entries: Iterable[Entry]) -> dict[int, tuple[str, ...]]:
        """By position, the people of each entry; nobody where the mapping leaves it out. Raises UnknownPeople."""
        found: dict[int, tuple[str, ...]] = {}
        unknown: dict[str, None] = {}
        for position, entry in enumerate(entries):
            people = () if entry.cancelled else self._of(entry.event)
            if people is None:
                unknown[_title(entry.event) or next(iter(_attendees(entry.event)), "") or entry.label] = None
            found[position] = people or ()
        if unknown:
            raise UnknownPeople(list(unknown))
        return found

    def _of(self, event: Event) -> tuple[str, ...] | None:
        title, attendees = _title(event), _attendees(event)
        for name in (title, *attendees):
            if (mapped := self._mapping.get(_plain(name))) is not None:
                return (self._emails[mapped],) if mapped else ()
        if people := [self._emails[one] for one in attendees if one in self._emails]:
            return tuple(dict.fromkeys(people))
        return self._in_title(title)

    def _in_title(self, title: str) -> tuple[str, ...] | None:
        """A title that is an address or a name, that lists several, or that has one of them among other words."""
        if listed := self._listed(SEPARATORS.split(title)):
            return listed
        addresses = [one for one in ADDRESS.findall(title.casefold()) if one in self._emails]
        words = f" {' '.join(WORD.findall(_plain(title)))} "
        names = [name for name in self._names if f" {name} " in words]
        longest = [name for name in names if not any(name != other and name in other for other in names)]
        people = {*(self._emails[one] for one in addresses), *(self._names[name] for name in longest)}
        return tuple(people) if len(people) == 1 else None

    def _listed(self, parts: list[str]) -> tuple[str, ...] | None:
        people = [self._emails.get(_plain(part)) or self._names.get(_plain(part)) for part in parts if part]
        return tuple(dict.fromkeys(person for person in people if person)) if all(people) and people else None


def _title(event: Event) -> str:
    return text_of(event, "SUMMARY")[:LONGEST_NAME]


def _attendees(event: Event) -> list[str]:
    """The addresses of those who attend, rooms and those who declined left out."""
    found = event.get("ATTENDEE", [])
    rows = found if isinstance(found, list) else [found]
    return [
        str(row).casefold().removeprefix("mailto:").strip()
        for row in rows
        if str(row.params.get("PARTSTAT", "")).upper() != "DECLINED"
        and str(row.params.get("CUTYPE", "")).upper() not in NOT_PEOPLE
    ]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
