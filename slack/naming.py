"""Which incident a command means: `#42` after the sub-command, else the only one that is open."""

from __future__ import annotations

import re

from incidents.models import Incident
from notifications.errors import InvalidInput
from slack import grammar
from slack.asking import Ask

ABOUT_ONE = frozenset(grammar.SUBCOMMANDS) - {"list", "practice", "seen-before", "help"}
MARKED = re.compile(r"(?:#|inc-?)(\d{1,9})", re.IGNORECASE)
BARE = re.compile(r"\d{1,9}")


def parse_incident(text: str) -> tuple[int | None, grammar.Answer]:
    """The number that stands right after the sub-command, and the command without it.

    A bare number counts where it can be nothing else: `/incident note 42 nodes are down` is a note, not of #42.
    """
    words = text.split(maxsplit=2)
    name = words[0].lower() if words else ""
    if name not in ABOUT_ONE or len(words) < 2:
        return None, grammar.parse_incident(text)
    rest = words[2] if len(words) == 3 else ""
    stripped = grammar.parse_incident(f"{name} {rest}")
    fits = isinstance(stripped, grammar.Command) and stripped.name == name
    if marked := MARKED.fullmatch(words[1]):
        return int(marked[1]), stripped if fits or isinstance(stripped, grammar.Mistake) else _misfit(name, rest)
    if BARE.fullmatch(words[1]) and fits and _is_number(name, rest):
        return int(words[1]), stripped
    return None, grammar.parse_incident(text)


def _is_number(name: str, rest: str) -> bool:
    if name in {"suspects", "resolve", "reopen", "postmortem"}:
        return not rest
    return name in {"status", "role", "link"} or (name in {"sev", "merge"} and bool(rest))


def _misfit(name: str, rest: str) -> grammar.Mistake:
    return grammar.Mistake(f"{grammar.plain(rest)} does not fit /incident {name}: see /incident help.")


def meant(ask: Ask, *, still_open: bool = True) -> Incident:
    """The incident of a command, among those the speaker may see. Raises InvalidInput that lists the choice."""
    visible = Incident.objects.visible_to(ask.speaker)
    if ask.number is not None:
        return numbered(ask, ask.number)
    found = list((visible.open() if still_open else visible.exclude(pk__in=visible.open())).order_by("-number")[:6])
    if len(found) == 1 and still_open:
        return found[0]
    name = ask.command.name
    if not found:
        raise InvalidInput(number=f"No incident is {'open' if still_open else 'over'}: declare one with /incident.")
    listed = ", ".join(str(one) for one in found[:5]) + (" and others" if len(found) > 5 else "")
    many = "Several incidents are open" if still_open else "Say which incident"
    raise InvalidInput(number=f"{many}: {listed}. Write the number, as in /incident {name} #{found[0].number}")


def numbered(ask: Ask, number: int) -> Incident:
    """The incident of this number. Raises InvalidInput, in the same words whether it is hidden or not there."""
    incident = Incident.objects.visible_to(ask.speaker).filter(number=number).first()
    if incident is None:
        raise InvalidInput(number=f"There is no incident #{number} that you can see; try /incident list.")
    return incident
