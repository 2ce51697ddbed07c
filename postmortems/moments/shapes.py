"""The shapes a picture consists of, as data: so that tests can measure what overlaps. Pure; lengths in px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LETTER = 11.0
"""The size of all words."""
_THIN, _BROAD = "fijlrt.,:;|!'()[] ", "mwMW@%—…"


@dataclass(frozen=True)
class Text:
    """Words whose line of writing is `y`; they run from `x` on, or up to it where `to_left`."""

    x: float
    y: float
    words: str
    role: str = "quiet"
    to_left: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom"""
        left = self.x - width(self.words) if self.to_left else self.x
        return left, self.y - LETTER + 2, left + width(self.words), self.y + 2


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    role: str
    title: str = ""


@dataclass(frozen=True)
class Line:
    """From one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: str


@dataclass(frozen=True)
class Poly:
    """A line through points."""

    points: Sequence[tuple[float, float]]
    role: str


@dataclass(frozen=True)
class Mark:
    """A moment around (x, y): a circle with a number, else the shape of its kind."""

    x: float
    y: float
    role: str
    title: str
    number: int = 0


Shape = Text | Rect | Line | Poly | Mark


def width(words: str) -> float:
    """About how wide these words are, rather more than less: which font it will be is not known."""
    return sum(_advance(letter) for letter in words) * LETTER


def _advance(letter: str) -> float:
    if letter in _THIN:
        return 0.38
    if letter in _BROAD or letter > "\u2e80":
        return 1.0
    return 0.72 if letter.isupper() else 0.6


def shortened(words: str, room: float) -> str:
    """As many of these words as have room; with … where something is left out, and nothing where not even that fits."""
    if width(words) <= room:
        return words
    while words and width(words + "…") > room:
        words = words[:-1]
    return f"{words.rstrip()}…" if words.strip() else ""
