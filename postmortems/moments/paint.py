"""Shapes as SVG: for our pages, where CSS gives the colours, and to stand alone, with every colour in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from django.utils.safestring import SafeString

from notifications.charts.svg import Attribute, picture, tag
from postmortems.moments.shapes import LETTER, Line, Mark, Poly, Rect, Shape, Text

Look = Callable[[str], dict[str, Attribute]]
"""From the role of a shape to what makes it look so."""
FONT = "Inter, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', Helvetica, Arial, sans-serif"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (2.2) does not know: an alert may bring the colours of its terminal."""
_FILLS = {
    "band background": "#ececea",
    "band detection": "#fbe9cf",
    "band diagnosis": "#dfe9f7",
    "band repair": "#d9f0df",
    "plot": "#f7f7f5",
    "ink": "#2b2823",
    "on-band": "#2b2823",
    "quiet": "#5f5a52",
    "alert": "#b3261e",
    "change": "#2a5a9c",
    "moment": "#2b2823",
    "number": "#ffffff",
}
_STROKES: dict[str, tuple[str, str | None]] = {
    "axis": ("#8f897f", None),
    "crossing milestone": ("#8f897f", "2 3"),
    "crossing change": ("#2a5a9c", "5 3"),
    "line line0": ("#2a5a9c", None),
    "line line1": ("#8a4b08", None),
    "line line2": ("#5b3a99", None),
}


def by_class(role: str) -> dict[str, Attribute]:
    """Looks that static/css/postmortems.css knows."""
    return {"class_": " ".join(f"course__{word}" for word in role.split())}


def on_paper(role: str) -> dict[str, Attribute]:
    """Looks of its own, for white paper."""
    if role in _STROKES:
        colour, dashes = _STROKES[role]
        thick = 1.4 if role.startswith("line") else 1
        return {"fill": "none", "stroke": colour, "stroke_width": thick, "stroke_dasharray": dashes}
    return {"fill": _FILLS.get(role, _FILLS["quiet"])}


def painted(shapes: Iterable[Shape], look: Look) -> list[SafeString]:
    return [_painted(shape, look) for shape in shapes]


def on_page(shapes: Sequence[Shape], width: float, height: float, *, label: str, name: str) -> SafeString:
    """For a page: as wide as its place, coloured by CSS; `name` is a class of its own."""
    box = f"0 0 {width:g} {height:g}"
    return picture(*painted(shapes, by_class), class_=f"course {name}", viewBox=box, label=label)


def alone(shapes: Sequence[Shape], width: float, height: float, *, millimetres: float, label: str) -> str:
    """An SVG 1.1 file so wide, which needs nothing but itself."""
    high = millimetres * height / width
    drawn = tag(
        "svg",
        tag("title", label),
        *painted(shapes, on_paper),
        xmlns="http://www.w3.org/2000/svg",
        version="1.1",
        width=f"{millimetres:g}mm",
        height=f"{high:.1f}mm",
        viewBox=f"0 0 {width:g} {height:g}",
        font_family=FONT,
        font_size=LETTER,
    )
    return _NO_XML.sub("", drawn)


def _painted(shape: Shape, look: Look) -> SafeString:
    match shape:
        case Text(x, y, words, role, to_left):
            told = {**look(role), **_on_white(role, look)}
            return tag("text", words, x=x, y=y, text_anchor="end" if to_left else None, **told)
        case Rect(x, y, width, height, role, title):
            said = [tag("title", title)] if title else []
            return tag("rect", *said, x=x, y=y, width=width, height=height, rx=2, **look(role))
        case Line(x1, y1, x2, y2, role):
            return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **look(role))
        case Poly(points, role):
            return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), **look(role))
        case Mark():
            return _mark(shape, look)


def _on_white(role: str, look: Look) -> dict[str, Attribute]:
    """Words that lines run through are set off from them."""
    if look is not on_paper or role == "on-band":
        return {}
    return {"stroke": "#ffffff", "stroke_width": 3, "stroke_linejoin": "round", "paint_order": "stroke"}


def _mark(mark: Mark, look: Look) -> SafeString:
    """A numbered circle; else a triangle for an alert, a diamond for a change, a dot."""
    said, x, y = tag("title", mark.title), mark.x, mark.y
    if mark.number:
        digits = tag("text", str(mark.number), x=x, y=y + 3.4, text_anchor="middle", font_size="9", **look("number"))
        return tag("g", said, tag("circle", cx=x, cy=y, r=7, **look(mark.role)), digits)
    if mark.role == "moment":
        return tag("circle", said, cx=x, cy=y, r=3.5, **look(mark.role))
    outline = ((0, -5), (5, 4), (-5, 4)) if mark.role == "alert" else ((0, -5), (5, 0), (0, 5), (-5, 0))
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in outline)
    return tag("polygon", said, points=points, **look(mark.role))
