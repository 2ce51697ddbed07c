"""Showing what matched: a piece of a text with the words that were met marked. What comes out is safe in HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

AROUND = 110
"""Characters shown on either side of the first match."""
_WORD = re.compile(r"[^\W_]+")


def marked(text: str, matches: Iterable[re.Match[str]]) -> SafeString:
    """The text, escaped, with `<mark>` around each match; they come in order and do not overlap."""
    out, at = [], 0
    for match in matches:
        out += [escape(text[at : match.start()]), "<mark>", escape(match[0]), "</mark>"]
        at = match.end()
    return mark_safe("".join([*out, escape(text[at:])]))  # noqa: S308 -- every piece of text is escaped above


def mark_words(text: str, met: Callable[[str], bool]) -> SafeString:
    """The text with each word marked for which `met` (asked in small letters) holds."""
    return marked(text, (word for word in _WORD.finditer(text) if met(word[0].casefold())))


def snippet(text: str, pattern: re.Pattern[str]) -> SafeString:
    """What stands around the first match, on one line, with all matches in it marked; its beginning without any."""
    first = pattern.search(text)
    middle = first.start() if first else 0
    start = _word_before(text, middle - AROUND)
    end = max(middle + AROUND, first.end() if first else 0) + (0 if first and start else AROUND)
    piece = " ".join(_whole_words(text[start:end], cut=end < len(text)).split())
    html = marked(piece, (match for match in pattern.finditer(piece) if match[0]))
    return mark_safe(("… " if start else "") + html + (" …" if end < len(text) else ""))  # noqa: S308 -- escaped


def _word_before(text: str, at: int) -> int:
    """Where a word begins, at or after `at`."""
    if at <= 0:
        return 0
    space = re.compile(r"\s").search(text, at, at + AROUND // 2)
    return space.end() if space else at


def _whole_words(piece: str, *, cut: bool) -> str:
    """Without the word that was cut in two at the end."""
    return re.sub(r"\s\S{0,30}$", "", piece) if cut else piece
