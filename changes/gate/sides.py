"""Who may authorise: the other side. No Django here."""

from __future__ import annotations

from dataclasses import dataclass

from changes.gate.facts import SIDES, Facts, ServiceFacts, Someone, TeamFacts, Verdict

NAMES = {"dev": "Dev", "ops": "Ops"}


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """Somebody of `side` (for its `team`, if the service has one), or where `side` is "" somebody of `team`."""

    side: str = ""
    team: TeamFacts | None = None

    @property
    def words(self) -> str:
        team = self.team.name if self.team else ""
        return f"{NAMES[self.side]}{f' ({team})' if team else ''}" if self.side else team

    def is_met_by(self, someone: Someone) -> bool:
        return self.side in someone.sides if self.side else bool(self.team and self.team.slug in someone.teams)


def other_sides(facts: Facts, service: ServiceFacts) -> tuple[Awaited, ...]:
    """The side that did not make the change.

    A change by somebody of neither side may be authorised by both; whoever is of both sides needs somebody else of
    either. One by somebody we do not know counts as Dev's, since changes are written there.
    """
    mine = facts.author.sides & set(SIDES) if facts.author else {"dev"}
    others = [side for side in SIDES if side not in mine] or list(SIDES)
    return tuple(Awaited(side=side, team=service.teams.get(side)) for side in others)


def may_speak(someone: Someone, facts: Facts) -> bool:
    """Nobody authorises their own change, and nobody what they asked themselves, whomever they named as its author."""
    return someone.id not in {own.id for own in (facts.author, facts.asker) if own}


def authorised(awaits: tuple[Awaited, ...], facts: Facts) -> Verdict | None:
    """The latest authorisation by one of those who are awaited."""
    given = (one for one in reversed(facts.verdicts) if one.kind == "authorised" and may_speak(one.by, facts))
    return next((one for one in given if any(awaited.is_met_by(one.by) for awaited in awaits)), None)


def either(awaits: tuple[Awaited, ...]) -> str:
    """`Ops (Platform) or Security`."""
    return " or ".join(dict.fromkeys(awaited.words for awaited in awaits))
