"""The agenda of a meeting, made from what is still open in the text. Pure.

A meeting is for what nobody can write alone: what it looked like, what accounts differ on, what is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

TRACKED = ("timeline", "factors", "mitigators", "actions", "supporting", "messages")
"""Sections that hold rows, or what others wrote: an empty text there is no question for a meeting."""
FIRST = ("open_questions", "surprise")
"""Sections whose own words are questions to talk about."""
LONGEST = 140
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """One section as far as it is written."""

    key: str
    title: str
    questions: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Thread:
    """A remark that nobody resolved yet: the words it is about, or how it begins."""

    section: str
    title: str
    words: str


@dataclass(frozen=True)
class Moment:
    """A picked entry of the timeline without *how it looked then*. `id` is the entry's."""

    id: int
    at: str
    text: str
    key_moment: bool = False


@dataclass(frozen=True)
class Gaps:
    """All that is open. `factors`: names of contributing factors without a note."""

    texts: Sequence[Text] = ()
    threads: Sequence[Thread] = ()
    moments: Sequence[Moment] = ()
    factors: Sequence[str] = ()
    notes: int = 0


@dataclass(frozen=True)
class Item:
    """One thing to talk about, and the anchor on the post-mortem's page where it stands."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Point:
    """One point of the agenda. `left_out`: how many more of its kind there are."""

    title: str
    items: tuple[Item, ...] = field(default=())
    left_out: int = 0


def agenda(gaps: Gaps, *, most: int = 6) -> list[Point]:
    """The points in the order in which to talk about them; each names at most `most` things. Empty when all is told."""
    moments = sorted(gaps.moments, key=lambda one: not one.key_moment)  # stable: by time within each
    found = [
        ("How did it look then?", [Item(f"{one.at} {_short(one.text)}", f"moment-{one.id}") for one in moments]),
        ("Open questions", [item for text in gaps.texts if text.key in FIRST for item in _asked(text)]),
        ("Not written yet", [_unwritten(text) for text in gaps.texts if _is_gap(text)]),
        (
            "Remarks to settle",
            [Item(f"{one.title}: {_short(one.words)}", f"s-{one.section}") for one in gaps.threads],
        ),
        ("How did these factors show?", [Item(name, "s-factors") for name in gaps.factors]),
        ("Words to look at together", [_notes(gaps.notes)] if gaps.notes else []),
    ]
    return [Point(title, tuple(items[:most]), max(len(items) - most, 0)) for title, items in found if items]


def as_text(points: Sequence[Point], *, most: int = 1_500) -> str:
    """The agenda as plain lines for a calendar entry, whole lines up to `most` characters."""
    lines: list[str] = []
    for number, point in enumerate(points, start=1):
        more = [f"   · and {point.left_out} more"] if point.left_out else []
        lines += [f"{number}. {point.title}", *(f"   · {item.text}" for item in point.items), *more]
    kept: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 1
        if length > most:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def _is_gap(text: Text) -> bool:
    return not text.body.strip() and text.key not in TRACKED


def _unwritten(text: Text) -> Item:
    asked = f": {_short(text.questions[0])}" if text.questions else ""
    return Item(f"{text.title}{asked}", f"s-{text.key}")


def _asked(text: Text) -> list[Item]:
    """The points of a list, or where there is none each paragraph's first line."""
    found = [match["text"] for match in _BULLET.finditer(text.body)]
    found = found or [part.strip().splitlines()[0] for part in re.split(r"\n\s*\n", text.body) if part.strip()]
    return [Item(_short(one), f"s-{text.key}") for one in found]


def _notes(count: int) -> Item:
    return Item(f"The coach has {count} note{'s' if count > 1 else ''} on the wording", "pm")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
