"""Markdown to HTML that is safe to show: whatever could run, load or restyle is taken out."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from postmortems.text import markup

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr"),
    *("i", "img", "ins", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"alt", "loading", "src", "title"},
    "ol": {"start"},
    "span": {"aria-label", "role"},
}
SCHEMES = {"http", "https", "mailto"}
_ONLY = {
    ("img", "loading"): re.compile("lazy"),
    ("img", "src"): re.compile(r"/images/[A-Za-z0-9_-]{6,24}"),
    ("span", "aria-label"): re.compile("(To do|Done):"),
    ("span", "role"): re.compile("img"),
}
"""What these attributes may say: pictures are ours and no others, and only a task's box is labelled."""


@lru_cache(maxsize=128)
def to_html(text: str, *, images: bool = True, breaks: bool = False) -> SafeString:
    """HTML of a Markdown text, with tables, fenced code, task lists and our own images; always cleaned.

    `images=False` leaves their descriptions; with `breaks` every new line is one. What nests too deeply to be read is
    shown as plain text. Kept for a while, since a page shows the same text again and again.
    """
    try:
        html = markup.html(text, images=images, breaks=breaks)
    except markup.TooDeep:
        html = linebreaks(text, autoescape=True)
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 — nh3 has just cleaned it


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    only = _ONLY.get((tag, attribute))
    return value if only is None or only.fullmatch(value) else None
