"""Whom a step of a policy reaches, as people write it: `Dev on call`, `Lead of Platform`, `Ana Duarte`, `#ops`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from oncall.models import Person, Seat, Target, Team
from oncall.services.findings import CHANNEL

ON_CALL = " on call"
LEAD = "Lead of "
ALL = "Everybody in "
USUAL_SEATS = ("dev", "ops")


@dataclass
class TargetWords:
    """Everything that words may stand for: seats by name, teams and people with their names."""

    seats: list[str]
    teams: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _bearers(self) -> Counter[str]:
        return Counter(self.people.values())

    def options(self) -> list[tuple[str, str]]:
        """What a field suggests, with a note: seats first, then leads, teams and people."""
        seats = [(words_of_seat(seat), "whoever has the seat then") for seat in self.seats]
        leads = [(f"{LEAD}{name}", "") for name in self.teams.values()]
        teams = [(f"{ALL}{name}", "") for name in self.teams.values()]
        people = [(self.person(email), email) for email in self.people]
        return [*seats, *leads, *teams, *people]

    def read(self, text: str) -> dict[str, Any]:
        """The target, as `save_policy` takes it. Raises ValueError saying what to write."""
        text = text.strip()
        if text.startswith("#") or CHANNEL.fullmatch(text):
            return {"kind": Target.Kind.CHANNEL, "address": text}
        if "://" in text:
            return {"kind": Target.Kind.WEBHOOK, "address": text}
        found = self._readings().get(text.casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"More than one is called “{text}”; write the e-mail address.")
        near = get_close_matches(text, [words for words, _ in self.options()], n=1)
        meant = f"did you mean “{near[0]}”?" if near else "choose from the list, or write #channel or https://…"
        raise ValueError(f"Nobody here is called “{text}”; {meant}")

    def _readings(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}

        def means(words: str, **target: Any) -> None:
            found.setdefault(words.casefold(), []).append(target)

        for seat in self.seats:
            means(words_of_seat(seat), kind=Target.Kind.SEAT, seat=seat)
        for slug, name in self.teams.items():
            means(f"{LEAD}{name}", kind=Target.Kind.TEAM_LEAD, team=slug)
            means(f"{ALL}{name}", kind=Target.Kind.TEAM, team=slug)
        for email, name in self.people.items():
            means(email, kind=Target.Kind.PERSON, person=email)
            means(name, kind=Target.Kind.PERSON, person=email)
        return found

    def person(self, email: str) -> str:
        """A person's name; their address where that alone says who."""
        name = self.people.get(email, email)
        return name if self._bearers[name] == 1 else email


def known_words(also: Iterable[Target] = ()) -> TargetWords:
    """The words of this organisation, and of targets that stand already. Three queries."""
    stored = Seat.objects.current().values_list("name", flat=True).order_by("position", "id")
    own = [target.seat for target in also if target.kind == Target.Kind.SEAT]
    return TargetWords(
        seats=list(dict.fromkeys([*USUAL_SEATS, *stored, *own])),
        teams=dict(Team.objects.values_list("slug", "name")),
        people=dict(Person.objects.active().values_list("email", "name")),
    )


def words_of(target: Target, words: TargetWords) -> str:
    """A stored target as `TargetWords.read` reads it."""
    match target.kind:
        case Target.Kind.SEAT:
            return words_of_seat(target.seat)
        case Target.Kind.PERSON:
            return words.person(target.person.email) if target.person else ""
        case Target.Kind.TEAM_LEAD:
            return f"{LEAD}{target.team}"
        case Target.Kind.TEAM:
            return f"{ALL}{target.team}"
    return target.address


def words_of_seat(seat: str) -> str:
    """`dev` → Dev on call."""
    return f"{seat.replace('-', ' ').replace('_', ' ').capitalize()}{ON_CALL}"
