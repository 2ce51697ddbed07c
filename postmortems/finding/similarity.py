"""How alike two texts are, word by word, as somebody types them at night. Pure.

A word is met by an equal one, by one of the same stem ("crashed", "crashes"), or by one spelt alike ("chekout"): the
share of three-letter pieces that both have, as PostgreSQL's pg_trgm counts it. Words that nearly every incident has
("slow", "errors") say little and weigh little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ALIKE = 0.45
"""From this share of common pieces on, two words may be the same, mistyped."""
STEM = 4
"""Words that begin alike for so many letters, and differ at the end only, are of one stem."""
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    _WORD.findall("""
    a about after again all also an and any are as at be because been before but by can cannot could did do does
    down for from get gets got had has have how if in into is it its just may more most much my no not now of
    off on only or other our out over please some still such than that the their them then there these they this
    those to too under up very was we were what when where which while who why will with without would you your
""")
)
_COMMON = frozenset(
    _WORD.findall("""
    alert alerts broken customer customers degraded error errors fail failed failing fails failure failures high
    incident issue issues latency outage prod production problem problems request requests return returning
    returns see seen service services slow slowly system timeout timeouts timing unavailable unreachable user
    users working
""")
)
_COMMON_WEIGHT = 0.35


@dataclass(frozen=True)
class Likeness:
    """How much of what was asked is met, 0 to 1, and by which words of the text (as they stand, in small letters)."""

    score: float
    words: frozenset[str]
    telling: int
    """How many of the words that say something were met."""


def words(text: str) -> list[str]:
    """The words worth comparing, in small letters, each once, as they come."""
    found = (word.casefold() for word in _WORD.findall(text))
    return list(dict.fromkeys(word for word in found if word not in _STOP and (len(word) > 1 or word.isdigit())))


def is_common(word: str) -> bool:
    """Whether nearly every incident has it."""
    return word in _COMMON


@lru_cache(maxsize=20_000)
def pieces(word: str) -> frozenset[str]:
    """Three letters at a time, with two spaces before and one after, as pg_trgm does."""
    padded = f"  {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> float:
    """How alike two words are, 0 to 1; 0 below what a slip of the finger explains."""
    if one == other:
        return 1.0
    if f"{one}s" == other or f"{other}s" == one:
        return 0.95
    if one[0] != other[0] or min(len(one), len(other)) < STEM or one.isdigit() or other.isdigit():
        return 0.0
    if _same_stem(one, other):
        return 0.95
    mine, theirs = pieces(one), pieces(other)
    share = len(mine & theirs) / len(mine | theirs)
    return max(share, 0.7) if share >= ALIKE or _one_slip(one, other) else 0.0


def likeness(asked: list[str], there: list[str]) -> Likeness:
    """How much of the words asked for is among those there."""
    known = frozenset(there)
    met, score, telling = set(), 0.0, 0
    for word in asked:
        near = (other for other in there if other[0] == word[0])  # only these can be alike
        best, by = (1.0, word) if word in known else max(((alike(word, o), o) for o in near), default=(0.0, ""))
        if best:
            met.add(by)
            score += best * _weight(word)
            telling += not is_common(word)
    whole = sum(map(_weight, asked))
    return Likeness(score / whole if whole else 0.0, frozenset(met), telling)


def mutual(asked: list[str], there: list[str]) -> float:
    """How much each of two texts has of the other, 0 to 1: high only where both speak of the same."""
    return (likeness(asked, there).score + likeness(there, asked).score) / 2


def _weight(word: str) -> float:
    return _COMMON_WEIGHT if is_common(word) else 1.0


def _same_stem(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    common = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    ends = shorter[common:], longer[common:]
    return common >= STEM and all(end in _ENDINGS for end in ends)


_ENDINGS = frozenset(["", "s", "es", "e", "ed", "d", "ing", "er", "ers", "y", "ies", "ied", "al", "ion", "ions", "ly"])


def _one_slip(one: str, other: str) -> bool:
    """One letter left out, added, changed, or two that changed places, in words of five letters or more."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
