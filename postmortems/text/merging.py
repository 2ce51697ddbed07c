"""Two texts that grew from one, put together without losing a word of either. Pure.

What both changed in different places both stands; what both put into the same place stands one after the other, theirs
first; what both did alike stands once. Only where one changed or took out words that the other changed too, somebody
has to look: the proposal then holds the words of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postmortems.text.differences import Change, changes, split


@dataclass(frozen=True)
class Merge:
    """Both together. `clean`: nobody has to decide anything; otherwise `text` is a proposal."""

    text: str
    clean: bool


@dataclass(frozen=True)
class Place:
    """A passage of the base that at least one of both changed, and the changes of each that meet there."""

    start: int
    end: int
    theirs: list[Change]
    mine: list[Change]


def merge(base: str, theirs: str, mine: str) -> Merge:
    """`theirs` and `mine`, both written upon `base`, as one text."""
    if mine in (base, theirs):
        return Merge(theirs, True)
    if theirs == base:
        return Merge(mine, True)
    words = split(base)
    out: list[str] = []
    clean, position = True, 0
    for place in _places(changes(words, split(theirs)), changes(words, split(mine))):
        _put(out, words[position : place.start])
        clean = _settle(out, words, place) and clean
        position = place.end
    _put(out, words[position:])
    return Merge("".join(out), clean)


def _places(theirs: Sequence[Change], mine: Sequence[Change]) -> Iterator[Place]:
    """Changes that meet, together; all others alone, in the order of the base."""
    place: Place | None = None
    ordered = [(change, True) for change in theirs] + [(change, False) for change in mine]
    for change, is_theirs in sorted(ordered, key=lambda one: (one[0].start, one[0].end, not one[1])):
        if place is None or not _meet(place, change):
            if place:
                yield place
            place = Place(change.start, change.end, [], [])
        (place.theirs if is_theirs else place.mine).append(change)
        place = Place(place.start, max(place.end, change.end), place.theirs, place.mine)
    if place:
        yield place


def _meet(place: Place, change: Change) -> bool:
    """Whether they touch the same words, or put something into the very same place."""
    if place.start == place.end:
        return change.start == place.start == change.end
    return change.start < place.end


def _settle(out: list[str], words: Sequence[str], place: Place) -> bool:
    """Write what this place becomes; False where somebody has to look at it."""
    if not place.theirs or not place.mine:
        for change in place.theirs or place.mine:
            _put(out, change.words)
        return True
    if all(not change.words for change in (*place.theirs, *place.mine)):
        return True  # both only took out, and what one of them took out is out
    theirs, mine = _became(words, place, place.theirs), _became(words, place, place.mine)
    base = words[place.start : place.end]
    blank = all(word.isspace() for word in base)
    if longer := _one_in_the_other(theirs, mine):
        _put(out, longer)
        return blank or theirs == mine
    if place.start == place.end and _empty_line(words, place.start) and theirs[-1] != "\n":
        theirs = [*theirs, "\n"]
    _put(out, theirs)
    _put(out, mine)
    return blank or _only_added(base, theirs, mine)


def _became(words: Sequence[str], place: Place, by: Sequence[Change]) -> list[str]:
    """The passage as one of both wrote it."""
    text, position = [], place.start
    for start, end, put in by:
        text += [*words[position:start], *put]
        position = end
    return [*text, *words[position : place.end]]


def _one_in_the_other(theirs: list[str], mine: list[str]) -> list[str]:
    """The longer of both where it holds the shorter in one piece: then each word of both is in it."""
    long, short = (theirs, mine) if len(theirs) >= len(mine) else (mine, theirs)
    return long if _as_one(short) in _as_one(long) else []


def _as_one(words: list[str]) -> str:
    """To be searched for whole words: a sign that is in no text stands around each."""
    return "\0".join(["", *words, ""])


def _only_added(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> bool:
    """Whether both only wrote on where the base ended, as two who finish the same word: nothing was taken out."""
    return all("".join(text).startswith("".join(base)) for text in (theirs, mine))


def _empty_line(words: Sequence[str], at: int) -> bool:
    before, after = "".join(words[max(at - 1, 0) : at]), "".join(words[at : at + 1])
    return (not before or before.endswith("\n")) and (not after or after.startswith("\n"))


def _put(out: list[str], words: Sequence[str]) -> None:
    """Write on. Where two texts meet, two words stay two, and space and space become one."""
    if not words:
        return
    first = words[0]
    if out and out[-1].isspace() and first.isspace() and "\n" not in (out[-1], first):
        out[-1] = max(out[-1], first, key=len)
        words = words[1:]
    elif out and not out[-1].isspace() and not first.isspace():
        out.append(" ")
    out += words
