"""Two texts that grew from one: their differences, and both together without losing a word of either. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import findall
from typing import Literal


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, was taken out, or was put in."""

    kind: Literal["same", "out", "in"]
    text: str


def union(theirs: str, mine: str) -> str:
    """Line by line what both have once, and what only one has too; theirs before mine where they differ."""
    a, b = theirs.split("\n"), mine.split("\n")
    lines: list[str] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        lines += a[a1:a2]
        if kind != "equal":
            lines += b[b1:b2]
    return "\n".join(lines)


def differences(old: str, new: str) -> list[Piece]:
    """From `old` to `new`, word by word; the texts of the "same" and "in" pieces make up `new`."""
    a, b = _words(old), _words(new)
    return list(_pieces(a, b))


def _pieces(a: list[str], b: list[str]) -> Iterator[Piece]:
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(a[a1:a2]))
            continue
        if a1 < a2:
            yield Piece("out", "".join(a[a1:a2]))
        if b1 < b2:
            yield Piece("in", "".join(b[b1:b2]))


def _words(text: str) -> list[str]:
    return findall(r"\s+|[^\s]+", text)
