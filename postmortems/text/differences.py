"""How one text became another: word by word, and as edits that a browser can carry out. Pure.

A text is words, the space between them, and line breaks. To find what stayed, words that stand once in both texts are
the anchors (as in "patience" diff); between anchors the passages are short enough for `difflib`, which alone would
take minutes for 200 KB.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import findall
from typing import Literal, NamedTuple

BEARABLE = 10_000
"""How many pairs of words `difflib` is asked to compare at most; a longer passage counts as written anew."""


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, was taken out, or was put in."""

    kind: Literal["same", "out", "in"]
    text: str


class Change(NamedTuple):
    """The words `start` to `end` of the old text became `words`."""

    start: int
    end: int
    words: list[str]


class Edit(NamedTuple):
    """The characters `start` to `end` of the old text became `text`. Positions count UTF-16 units, as browsers do."""

    start: int
    end: int
    text: str


def split(text: str) -> list[str]:
    """Words, the space between them, and each line break alone; joined they are the text again."""
    return findall(r"\n|[^\S\n]+|\S+", text)


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """From the words of one text to those of another, in order, apart from each other."""
    found: list[Change] = []
    a = b = 0
    for start, other, length in [*_whole(old, new), (len(old), len(new), 0)]:
        if start > a or other > b:
            found.append(Change(a, start, list(new[b:other])))
        a, b = start + length, other + length
    return found


def differences(old: str, new: str) -> list[Piece]:
    """From `old` to `new`, word by word; the texts of the "same" and "in" pieces make up `new`."""
    words = split(old)
    return list(_pieces(words, changes(words, split(new))))


def shortened(pieces: Sequence[Piece], around: int = 12) -> list[Piece]:
    """Of long runs that stayed only so many words around a change, and "…" for the rest."""
    return [_ends(piece, index > 0, index < len(pieces) - 1, around) for index, piece in enumerate(pieces)]


def _ends(piece: Piece, after: bool, before: bool, around: int) -> Piece:
    words = split(piece.text)
    keep = 2 * around  # words and the space between them
    if piece.kind != "same" or len(words) <= 2 * keep + 1:
        return piece
    head, tail = words[:keep] if after else [], words[-keep:] if before else []
    return Piece("same", "".join([*head, " … ", *tail]))


def edits(old: str, new: str) -> list[Edit]:
    """What to do to `old`, from its first character to its last, so that it becomes `new`."""
    words = split(old)
    at = [0]
    for word in words:
        at.append(at[-1] + len(word.encode("utf-16-le", "surrogatepass")) // 2)
    return [Edit(at[start], at[end], "".join(put)) for start, end, put in changes(words, split(new))]


def _pieces(words: Sequence[str], found: Sequence[Change]) -> Iterator[Piece]:
    position = 0
    for start, end, put in found:
        if position < start:
            yield Piece("same", "".join(words[position:start]))
        if start < end:
            yield Piece("out", "".join(words[start:end]))
        if put:
            yield Piece("in", "".join(put))
        position = end
    if position < len(words):
        yield Piece("same", "".join(words[position:]))


Match = tuple[int, int, int]  # from here in the old words, from there in the new ones, so many are the same


def _whole(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """The passages that stayed. Space alone between two changes belongs to the change: who rewrote both its sides
    rewrote a phrase."""
    joined = _joined(_matches(old, new))
    kept = []
    for index, (a, b, length) in enumerate(joined):
        first = (a, b) == (0, 0)
        last = index == len(joined) - 1 and a + length == len(old) and b + length == len(new)
        if first or last or any(not word.isspace() for word in old[a : a + length]):
            kept.append((a, b, length))
    return kept


def _joined(matches: list[Match]) -> list[Match]:
    joined: list[Match] = []
    for a, b, length in matches:
        if joined and joined[-1][0] + joined[-1][2] == a and joined[-1][1] + joined[-1][2] == b:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + length)
        else:
            joined.append((a, b, length))
    return joined


def _matches(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    found: list[Match] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        a1, a2, b1, b2 = waiting.pop()
        a, b = a1, b1
        while a < a2 and b < b2 and old[a] == new[b]:
            a, b = a + 1, b + 1
        c, d = a2, b2
        while c > a and d > b and old[c - 1] == new[d - 1]:
            c, d = c - 1, d - 1
        found += [(a1, b1, a - a1)] if a > a1 else []
        found += [(c, d, a2 - c)] if a2 > c else []
        if a < c and b < d:
            waiting += _between(old, new, (a, c, b, d), found)
    return sorted(found)


def _between(
    old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int], found: list[Match]
) -> list[tuple[int, int, int, int]]:
    """What stayed in a passage that begins and ends differently goes into `found`; returns the passages to look at."""
    a, c, b, d = gap
    if anchors := _anchors(old[a:c], new[b:d]):
        found += [(a + i, b + j, 1) for i, j in anchors]
        before, after = [(-1, -1), *anchors], [*anchors, (c - a, d - b)]
        spans = [(a + i + 1, a + m, b + j + 1, b + n) for (i, j), (m, n) in zip(before, after, strict=True)]
        return [span for span in spans if span[0] < span[1] and span[2] < span[3]]
    if (c - a) * (d - b) <= BEARABLE:
        blocks = SequenceMatcher(None, old[a:c], new[b:d], autojunk=False).get_matching_blocks()
        found += [(a + block.a, b + block.b, block.size) for block in blocks if block.size]
    return []


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run, in the order of both, of words that stand once in each: (position, position)."""
    once, other = Counter(old), Counter(new)
    places = {word: place for place, word in enumerate(new) if other[word] == 1}
    pairs = [(i, places[word]) for i, word in enumerate(old) if once[word] == 1 and word in places]
    ends: list[int] = []  # the least place in `new` at which a run of each length ends
    last: list[int] = []  # … and which pair that is
    before: list[int] = []  # for each pair, the pair before it in its run
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
    run, index = [], last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]
