"""Which service a strange name might mean: by how alike they are written. No Django here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

WORD = re.compile(r"[a-z]+|\d+")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
COMMON = {"prod", "production", "staging", "stage", "test", "dev", "live", "service", "svc", "app", "the", "v"}
ALIKE = 0.5  # of 1: below that a guess is worse than none


class Guesser(Generic[T]):
    """Finds the thing that one of its names is most like; None where none is like it, or two are equally so."""

    def __init__(self, things: Iterable[tuple[T, Iterable[str]]]) -> None:
        self.known = [(thing, [_pieces(name) for name in names]) for thing, names in things]

    def best(self, said: str) -> T | None:
        pieces = _pieces(said)
        scores = [(max((_likeness(pieces, one) for one in names), default=0.0), thing) for thing, names in self.known]
        scores.sort(key=lambda score: score[0], reverse=True)
        if not scores or scores[0][0] < ALIKE or (len(scores) > 1 and scores[1][0] == scores[0][0]):
            return None
        return scores[0][1]


def _pieces(name: str) -> frozenset[str]:
    """Runs of three letters of the words that say something: of a repository's last part, of no environment."""
    last = CAMEL.sub(" ", name.rstrip("/").rpartition("/")[2]).lower()
    words = WORD.findall(last)
    telling = [word for word in words if word not in COMMON] or words
    return frozenset(f"  {word} "[place : place + 3] for word in telling for place in range(len(word) + 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: twice what both have, of all that they have."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
