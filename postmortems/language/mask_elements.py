"""HTML elements that hold somebody else's words, or none: code, quotations, links."""

import re
from collections.abc import Iterator

from postmortems.language.mask_blocks import BLOCK
from postmortems.language.mask_inline import INLINE

_TAG = re.compile(r"<(/?)(a|blockquote|code|kbd|pre|q|samp)\b[^<>]{0,400}>", re.I)
_BLOCKS = frozenset({"blockquote", "pre"})


def mask_elements(text: str) -> str:
    """The text, equally long, without what stands between such tags. A tag that is not closed hides nothing."""
    pieces, position = [], 0
    for start, end, filler in _elements(text):
        pieces += [text[position:start], filler * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def _elements(text: str) -> Iterator[tuple[int, int, str]]:
    """The outermost elements in order: start, end, what to fill them with."""
    opened: dict[str, int] = {}
    found: list[tuple[int, int, str]] = []
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if not tag[1]:
            opened.setdefault(name, tag.start())
        elif name in opened:
            start = opened.pop(name)
            while found and found[-1][0] >= start:
                found.pop()
            found.append((start, tag.end(), BLOCK if name in _BLOCKS else INLINE))
    yield from _apart(found)


def _apart(found: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Without those that begin inside the one before."""
    position = 0
    for start, end, filler in found:
        if start >= position:
            yield start, end, filler
            position = end
