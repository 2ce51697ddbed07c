"""Clean HTML as a tree of elements, however deeply it nests. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img"}
DEEPEST = 60
"""Elements within each other; what lies deeper stands at this level."""


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def all(self, *tags: str) -> list[Element]:
        """The elements of these tags within it, in their order; none within another of them."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if child.tag in tags else child.all(*tags)
        return found


def tree(html: str) -> Element:
    """An element without tag that holds all of it."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [("", self.root)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        within = self._open[-1][1]
        deep = len(self._open) > DEEPEST
        if not deep or tag in VOID:
            within.children.append(element)
        if tag not in VOID:
            self._open.append((tag, within if deep else element))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1][1].children.append(data)
