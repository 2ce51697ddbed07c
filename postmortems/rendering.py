"""Markdown to HTML that is safe to show: whatever could run, load or restyle is taken out."""

from __future__ import annotations

import re

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr"),
    *("i", "ins", "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "tr", "ul"),
}
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
_BOXES = {" ": "☐", "x": "☑", "X": "☑"}
_TASK = re.compile(r"(<li>(?:\s*<p>)?)\s*\[([ xX])\]\s")


def to_html(text: str) -> SafeString:
    """HTML of a Markdown text, with tables, fenced code and task lists. Headings begin at the third level."""
    html = markdown.markdown(
        text,
        extensions=["tables", "fenced_code", "sane_lists", "toc"],
        extension_configs={"toc": {"baselevel": 3, "marker": ""}},
        output_format="html",
    )
    html = _TASK.sub(lambda task: f"{task[1]}{_BOXES[task[2]]} ", html)
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return mark_safe(clean)  # noqa: S308 — nh3 has just cleaned it
