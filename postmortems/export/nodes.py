"""Our clean HTML as plain data for a typesetter: blocks that hold blocks, and runs of text. Pure.

Text stays text all the way: nothing of it is ever read as markup again.

A block is one of {"k": "p", "runs"}, {"k": "h", "level": 3 to 6, "runs"}, {"k": "code", "text"}, {"k": "quote",
"blocks"}, {"k": "list", "ordered", "tasks", "start", "items": [blocks]}, {"k": "table", "columns", "right": [bool],
"head": [cell], "rows": [[cell]]}, {"k": "image", "name", "alt"}, {"k": "rule"}. A cell is a list of runs. A run is
{"s": text} with any of "b", "i", "m" (monospace), "x" (struck out), "sub", "sup", "u" (address); or {"br": true}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from postmortems.export.elements import Element, tree

Block = dict[str, Any]
Run = dict[str, Any]

DEEPEST = 8
"""Quotations and lists in each other; what lies deeper stands at this level."""
MOST_COLUMNS = 24
IMAGE = re.compile(r"/images/([A-Za-z0-9_-]{6,24})")
_NUMBER = re.compile(r"[~≈<>]?[-+−]?[\d.,\u202f\u00a0 ]+ ?(%|ms|s|min|h|d|[kKMG]?B|€|\$)?")
BREAK = "\u200b"
LONGEST_WORD = 30
_STYLES = {
    **dict.fromkeys(("b", "strong", "th"), "b"),
    **dict.fromkeys(("i", "em"), "i"),
    **dict.fromkeys(("code", "kbd"), "m"),
    **dict.fromkeys(("s", "del"), "x"),
    "sub": "sub",
    "sup": "sup",
}
_INLINE = {*_STYLES, "a", "abbr", "br", "img", "ins", "span"} - {"th"}
_LONG_WORD = re.compile(rf"[^\s{BREAK}]{{{LONGEST_WORD},}}")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]")
"""What would reorder or spoil the text around it."""


def blocks(html: str) -> list[Block]:
    """The blocks of a piece of HTML that `postmortems.text.rendering` has cleaned."""
    return list(_blocks(tree(html).children, 0))


def plain(text: str) -> str:
    """Text that can be set: no control characters, and long words may be broken."""
    return _LONG_WORD.sub(_breakable, _CONTROLS.sub("", text))


def _breakable(word: re.Match[str]) -> str:
    return BREAK.join(word[0][start : start + 12] for start in range(0, len(word[0]), 12))


def _blocks(children: Iterable[Element | str], depth: int) -> Iterator[Block]:
    inline: list[Element | str] = []
    for child in children:
        if isinstance(child, str) or child.tag in _INLINE:
            inline.append(child)
        else:
            yield from _paragraph(inline)
            inline = []
            yield from _block(child, depth)
    yield from _paragraph(inline)


def _block(element: Element, depth: int) -> Iterator[Block]:
    match element.tag:
        case "h3" | "h4" | "h5" | "h6":
            yield {"k": "h", "level": int(element.tag[1]), "runs": _trimmed(_runs(element.children, {}))}
        case "dt":
            yield from _paragraph([Element("b", {}, element.children)])
        case "pre":
            yield {"k": "code", "text": plain(element.text().expandtabs(4)).strip("\n")}
        case "hr":
            yield {"k": "rule"}
        case "blockquote" if depth < DEEPEST:
            yield {"k": "quote", "blocks": list(_blocks(element.children, depth + 1))}
        case "ul" | "ol" if depth < DEEPEST:
            yield _list(element, depth)
        case "table":
            yield from _table(element)
        case _:
            yield from _blocks(element.children, depth)


def _paragraph(children: Sequence[Element | str]) -> Iterator[Block]:
    """What stands in a line, then the pictures that stood among it."""
    if runs := _trimmed(_runs(children, {})):
        yield {"k": "p", "runs": runs}
    for image in Element("", {}, list(children)).all("img"):
        if found := IMAGE.fullmatch(image.attributes.get("src", "")):
            yield {"k": "image", "name": found[1], "alt": plain(image.attributes.get("alt", ""))}


def _list(element: Element, depth: int) -> Block:
    start, items = element.attributes.get("start", ""), element.all("li")
    return {
        "k": "list",
        "ordered": element.tag == "ol",
        "tasks": all(item.text().lstrip().startswith(("☐", "☑")) for item in items),
        "start": int(start) if start.isdecimal() and len(start) < 7 else 1,
        "items": [list(_blocks(item.children, depth + 1)) for item in items],
    }


def _table(element: Element) -> Iterator[Block]:
    """Its rows are of one length; it begins with a head where one is marked."""
    rows = [
        [_trimmed(_runs([cell], {}, pictures=True)) for cell in row.all("td", "th")[:MOST_COLUMNS]]
        for row in element.all("tr")
    ]
    columns = max((len(row) for row in rows), default=0)
    rows = [row + [[]] * (columns - len(row)) for row in rows if row]
    headed = bool(rows) and bool(element.all("thead"))
    if columns:
        body = rows[headed:]
        right = [bool(body) and all(_is_number(row[column]) for row in body) for column in range(columns)]
        yield {"k": "table", "columns": columns, "right": right, "head": rows[0] if headed else [], "rows": body}


def _is_number(cell: Sequence[Run]) -> bool:
    """An empty cell is one too."""
    return all(run.get("br") or _NUMBER.fullmatch(run["s"].strip()) for run in cell)


def _runs(children: Iterable[Element | str], style: Run, *, pictures: bool = False) -> Iterator[Run]:
    """The text in its styles. With `pictures`, what they show stands in their place."""
    for child in children:
        if isinstance(child, str):
            if text := plain(re.sub(r"[ \t\n]+", " ", child)):
                yield {"s": text} | style
        elif child.tag == "br":
            yield {"br": True}
        elif child.tag == "img":
            if pictures or not IMAGE.fullmatch(child.attributes.get("src", "")):
                yield {"s": plain(child.attributes.get("alt", ""))} | style
        else:
            yield from _runs(child.children, style | _styled(child), pictures=pictures)
            if child.tag in ("p", "li", "div", "pre"):
                yield {"br": True}


def _styled(element: Element) -> Run:
    if element.tag == "a" and element.attributes.get("href"):
        return {"u": element.attributes["href"]}
    return {_STYLES[element.tag]: True} if element.tag in _STYLES else {}


def _trimmed(runs: Iterable[Run]) -> list[Run]:
    """Without empty runs, and without blank space at either end."""
    kept = [run for run in runs if run.get("br") or run["s"]]
    while kept and _blank(kept[0]):
        kept = kept[1:]
    while kept and _blank(kept[-1]):
        kept = kept[:-1]
    return kept


def _blank(run: Run) -> bool:
    return bool(run.get("br")) or not run["s"].strip()
