"""The coach's notes beside a text: which findings are shown, and their words underlined in the rendered text. Pure.

Positions of findings count code points; a browser's text fields count UTF-16 units, so that notes carry those.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from postmortems.language import Finding

OPEN, CLOSE, FIRST = "\ue000", "\ue001", 0xE100  # private-use characters: they pass through Markdown untouched
LAST = 0xF8FF
_TAG = re.compile(r"(<[^>]*>)")
_OPENED = re.compile(f"{OPEN}(.)|{CLOSE}", re.DOTALL)


@dataclass(frozen=True)
class Note:
    """One finding as the margin shows it. `start` and `end` count UTF-16 units of the text."""

    id: str
    start: int
    end: int
    finding: Finding

    @property
    def label(self) -> str:
        return self.finding.category.value.replace("_", " ").replace("-", " ")


def utf16(text: str, position: int) -> int:
    """A position in code points, as JavaScript counts it."""
    return len(text[:position].encode("utf-16-le")) // 2


def notes(text: str, findings: Iterable[Finding], *, name: str) -> list[Note]:
    """The findings in `text` as notes; `name` begins their ids."""
    return [
        Note(f"{name}-{index}", utf16(text, finding.start), utf16(text, finding.end), finding)
        for index, finding in enumerate(findings, 1)
    ]


def planted(text: str, findings: Sequence[Finding]) -> str:
    """The text with signs around each passage that has a note; they outlive the rendering, see `underlined`.

    Passages that overlap become one, of the first note. A text that uses the signs itself is left alone.
    """
    if any("\ue000" <= character <= "\uf8ff" for character in text):
        return text
    pieces, position = [], 0
    for start, end, index in _passages(findings):
        pieces += [text[position:start], OPEN, chr(FIRST + index), text[start:end], CLOSE]
        position = end
    return "".join([*pieces, text[position:]])


def _passages(findings: Sequence[Finding]) -> list[tuple[int, int, int]]:
    merged: list[tuple[int, int, int]] = []
    for index, finding in enumerate(findings[: LAST - FIRST]):
        if merged and finding.start < merged[-1][1]:
            start, end, first = merged[-1]
            merged[-1] = (start, max(end, finding.end), first)
        else:
            merged.append((finding.start, finding.end, index))
    return merged


def underlined(html: str, ids: Sequence[str]) -> SafeString:
    """Rendered, cleaned HTML with each planted passage in a `<mark>`: `ids` are those of the notes, in order.

    A passage across elements becomes one mark in each, of which the first has the id.
    """
    return mark_safe("".join(_marked(_TAG.split(html), ids)))  # noqa: S308 — `html` is clean, we add only marks


def _marked(pieces: Iterable[str], ids: Sequence[str]) -> Iterator[str]:
    open_id: str | None = None
    for piece in pieces:
        if piece.startswith("<"):
            yield _OPENED.sub("", piece)
            continue
        position = 0
        for sign in _OPENED.finditer(piece):
            yield _wrap(piece[position : sign.start()], open_id)
            position = sign.end()
            index = ord(sign[1]) - FIRST if sign[1] else -1
            open_id = ids[index] if 0 <= index < len(ids) else None
        rest = piece[position:]
        yield _wrap(rest, open_id)
        if open_id and rest.strip():
            open_id = ""


def _wrap(text: str, open_id: str | None) -> str:
    if open_id is None or not text.strip():
        return text
    return f'<mark class="coach-mark"{f""" id="mark-{open_id}" """.rstrip() if open_id else ""}>{text}</mark>'
