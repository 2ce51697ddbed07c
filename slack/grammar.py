"""What people type after `/incident`, `/oncall` and `/deploy`, as data. Pure.

A known sub-command wins when it is the first word and its arguments fit; otherwise the words are the title of
a new incident: `/incident status` asks, `/incident status page is down sev2` declares. Quotes make anything a
title.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

SEVERITIES = ("sev1", "sev2", "sev3", "sev4")
STATUSES = ("investigating", "identified", "monitoring", "resolved", "closed", "reopened")
SUBCOMMANDS = (
    "list",
    "status",
    "sev",
    "role",
    "update",
    "note",
    "task",
    "page",
    "suspects",
    "seen-before",
    "link",
    "merge",
    "resolve",
    "reopen",
    "postmortem",
    "practice",
    "help",
)

SEVERITY = re.compile(r"sev-?(\d+)", re.IGNORECASE)
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^>]*))?>|@([A-Za-z0-9][\w.-]*)")
LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>|(https?://\S+)")
LABELLED = re.compile(r"<(?:[@#][A-Z0-9]+|!subteam\^[A-Z0-9]+|https?://[^|>]+|mailto:[^|>]+)\|([^>]*)>")
SLUG = re.compile(r"@?([a-z0-9][a-z0-9_-]*)", re.IGNORECASE)
NUMBER = re.compile(r"(?:#|inc-?)?(\d+)", re.IGNORECASE)
QUOTES = {'"': '"', "“": "”", "'": "'"}


@dataclass(frozen=True)
class Person:
    """A mention: Slack's user id where Slack resolved it, else the handle as typed; `me` is the speaker."""

    id: str | None
    handle: str | None


@dataclass(frozen=True)
class Command:
    """`name` is a sub-command, or `declare` (`/incident title`) or `now` (`/oncall`).

    `text` is plain, as people wrote it, never escaped. `target` is a service or team slug, an incident's
    number, a role, a status or a URL, as the command has it.
    """

    name: str
    text: str = ""
    severity: str | None = None
    person: Person | None = None
    target: str | None = None


@dataclass(frozen=True)
class Mistake:
    """What was wrong, with which value, and what to do; a sentence to show to the speaker alone."""

    message: str


Answer = Command | Mistake
# Fits return None when the arguments do not fit, so that the words become a title.
Fit = Callable[[str, str], Answer | None]


def unescape(text: str) -> str:
    """Slack escapes these three, and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: str) -> str:
    """Slack's escaped text as people wrote it: entities undone, mentions and links by their label."""
    labelled = LABELLED.sub(lambda match: match[1], text)
    bare = re.sub(r"<((?:https?://|mailto:)[^>|]+)>", lambda match: match[1], labelled)
    named = re.sub(r"<([@#][A-Z0-9]+)>", lambda match: match[1], bare)
    return " ".join(unescape(named).split())


def severity(word: str) -> str | Mistake | None:
    """`sev2`, `SEV-2` → `sev2`; `sev9` → Mistake; a word that speaks of no severity → None."""
    match = SEVERITY.fullmatch(word)
    if match is None:
        return None
    name = f"sev{match[1]}"
    return name if name in SEVERITIES else Mistake(f"{name} is not a severity: sev1, sev2, sev3 or sev4.")


def parse_incident(text: str) -> Answer:
    """The text after `/incident`, as Slack sends it."""
    words = text.split(maxsplit=1)
    name = words[0].lower() if words else ""
    fit = FITS.get(name)
    answer = fit(name, words[1].strip() if len(words) > 1 else "") if fit else None
    return answer if answer is not None else declare("declare", text)


def declare(name: str, text: str) -> Answer:
    """`[title] [sevN]`: the severity stands last or first; without any words the form is asked for."""
    words = text.split()
    if words and text.strip()[0] in QUOTES:
        return _quoted(name, text.strip())
    found: list[str] = []
    for end in (-1, 0):
        level = severity(words[end]) if words else None
        if isinstance(level, Mistake):
            return level
        if level:
            found.append(level)
            words.pop(end)
    if len(found) == 2:
        return Mistake(f"Two severities, {found[1]} and {found[0]}: give one, or put the title in quotes.")
    return Command(name, text=plain(" ".join(words)), severity=found[0] if found else None)


def _quoted(name: str, text: str) -> Answer:
    closing = QUOTES[text[0]]
    title, end, rest = text[1:].rpartition(closing)
    level = severity(rest.strip()) if end else None
    if isinstance(level, Mistake):
        return level
    if not end or (rest.strip() and level is None):
        return Command(name, text=plain(text))
    return Command(name, text=plain(title), severity=level)


def _alone(name: str, rest: str) -> Answer | None:
    return None if rest else Command(name)


def _text(name: str, rest: str) -> Answer:
    return Command(name, text=plain(rest))


def _list(name: str, rest: str) -> Answer | None:
    level = severity(rest)
    if isinstance(level, Mistake):
        return level
    if level:
        return Command(name, severity=level)
    return Command(name, target=rest.lower() or None) if rest.lower() in ("", "mine", *STATUSES) else None


def _status(name: str, rest: str) -> Answer | None:
    if len(rest.split()) > 1:
        return None
    if rest and rest.lower() not in STATUSES:
        return Mistake(
            f"{plain(rest)} is not a status: {', '.join(STATUSES)}. "
            f'For a new incident of this title: /incident "status {plain(rest)}"'
        )
    return Command(name, target=rest.lower() or None)


def _sev(name: str, rest: str) -> Answer | None:
    if len(rest.split()) > 1:
        return None
    level = severity(f"sev{rest}" if rest.isdecimal() else rest)
    if rest and level is None:
        return Mistake(f"{plain(rest)} is not a severity: sev1, sev2, sev3 or sev4.")
    return level if isinstance(level, Mistake) else Command(name, severity=level)


def _role(name: str, rest: str) -> Answer | None:
    """`commander @ana`, `ops liaison me`; a role's name has at most three words."""
    person, words = _person_last(rest)
    role = plain(words).lower()
    fits = len(role.split()) <= (3 if person else 1)
    return Command(name, target=role or None, person=person) if fits else None


def _task(name: str, rest: str) -> Answer:
    person, words = _person_last(rest)
    return Command(name, text=plain(words), person=person)


def _person_last(text: str) -> tuple[Person | None, str]:
    """The mention (or `me`) at the end of a text, and the text before it."""
    before, _, last = text.rpartition(" ")
    match = PERSON.fullmatch(last)
    if match:
        return Person(match[1], match[2] or match[3]), before.strip()
    return (Person(None, "me"), before.strip()) if last.lower() == "me" else (None, text)


def _page(name: str, rest: str) -> Answer | None:
    """A service or team by its slug, or a person."""
    person, words = _person_last(rest)
    if person and not words and person.id:
        return Command(name, person=person)
    target = SLUG.fullmatch(plain(rest))
    if rest and target is None:
        return None
    return Command(name, target=target[1].lower() if target else None)


def _link(name: str, rest: str) -> Answer | None:
    """A web address with an optional label; alone, the links there are."""
    if not rest:
        return Command(name)
    match = LINK.match(rest)
    if match is None:
        return None
    label = rest[match.end() :].strip() or match[2] or ""
    return Command(name, target=unescape(match[1] or match[3]), text=plain(label))


def _merge(name: str, rest: str) -> Answer | None:
    if len(rest.split()) > 1:
        return None
    number = NUMBER.fullmatch(rest)
    if rest and number is None:
        return Mistake(f"{plain(rest)} is not an incident's number: write it as 42, #42 or inc-42.")
    return Command(name, target=number[1] if number else None)


FITS: dict[str, Fit] = {
    "list": _list,
    "status": _status,
    "sev": _sev,
    "role": _role,
    "update": _text,
    "note": _text,
    "task": _task,
    "page": _page,
    "suspects": _alone,
    "seen-before": _text,
    "link": _link,
    "merge": _merge,
    "resolve": _text,
    "reopen": _text,
    "postmortem": _alone,
    "practice": declare,
    "help": _alone,
}


def parse_oncall(text: str) -> Answer:
    """The text after `/oncall`: who is on (of a service or team), or `page`, `override`, `swap`, `mine`."""
    name, _, rest = text.strip().partition(" ")
    name, rest = name.lower(), rest.strip()
    if name in {"mine", "help"} and not rest:
        return Command(name)
    if name in {"override", "swap"}:
        return _task(name, rest)
    if name == "page":
        answer = _page(name, rest)
        return answer or Mistake(f"{plain(rest)} is no service or team: name one, as in /oncall page checkout.")
    target = SLUG.fullmatch(plain(text))
    if text.strip() and target is None:
        return Mistake(f"{plain(text)} is no service or team. Ask /oncall, /oncall checkout or /oncall help.")
    return Command("now", target=target[1].lower() if target else None)


def parse_deploy(text: str) -> Answer:
    """The text after `/deploy`: `status <service>` or `check <service> <revision>` (revision in `text`)."""
    words = plain(text).split()
    if [word.lower() for word in words] in ([], ["help"]):
        return Command("help")
    if len(words) == 2 and words[0].lower() == "status":
        return Command("status", target=words[1].lower())
    if len(words) == 3 and words[0].lower() == "check":
        return Command("check", target=words[1].lower(), text=words[2])
    return Mistake(f"/deploy {' '.join(words)}: ask `status <service>` or `check <service> <revision>`.")
