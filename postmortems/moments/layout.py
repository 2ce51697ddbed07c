"""Where everything of a picture stands: lanes with their phases and moments, the panels under them, one axis. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from postmortems.moments.axis import ticks
from postmortems.moments.figure import Figure, Lane, Milestone, Moment, spans
from postmortems.moments.panels import PLOT, TITLE, panel_shapes
from postmortems.moments.rows import rows
from postmortems.moments.shapes import Line, Mark, Rect, Shape, Text, shortened, width

EDGE = 8.0
ROW, BAND = 14.0, 20.0
KEY, SMALL = 7.5, 5.0
"""Half the width of the mark of a key moment, and of another."""
MARK_ROWS, LABEL_ROWS, MILESTONE_ROWS = 5, 5, 4
LONGEST = 0.42
"""Of the width: how long the words of a key moment may be."""
GAP = 12.0


@dataclass
class Canvas:
    """What is drawn so far: the `ground`, on it what crosses everything, over it the rest. `y`: where the next goes."""

    width: float
    at: Callable[[datetime], float]
    y: float = 0.0
    ground: list[Shape] = field(default_factory=list)
    under: list[Shape] = field(default_factory=list)
    over: list[Shape] = field(default_factory=list)
    crossing: list[tuple[float, float, str]] = field(default_factory=list)

    @property
    def shapes(self) -> list[Shape]:
        return [*self.ground, *self.under, *self.over]


def laid_out(figure: Figure, width: float, *, top: float = 0.0) -> tuple[list[Shape], float]:
    """The shapes of a picture so wide, from `top` on, and where it ends."""
    inner, whole = width - 2 * EDGE, figure.until - figure.since

    def at(moment: datetime) -> float:
        return EDGE + inner * ((moment - figure.since) / whole)

    canvas = Canvas(width, at, y=top)
    for lane in figure.lanes:
        _lane(canvas, lane, named=len(figure.lanes) > 1)
    _panels(canvas, figure)
    _axis(canvas, figure)
    return canvas.shapes, canvas.y


def _lane(canvas: Canvas, lane: Lane, *, named: bool) -> None:
    if named and lane.name:
        canvas.over.append(Text(EDGE, canvas.y + 11, shortened(lane.name, canvas.width - 2 * EDGE), role="ink"))
        canvas.y += ROW + 2
    _milestones(canvas, lane.milestones)
    _bands(canvas, lane.moments)
    _marks(canvas, lane.moments)
    _labels(canvas, lane.moments)
    canvas.y += GAP


def _milestones(canvas: Canvas, milestones: Sequence[Milestone]) -> None:
    """Times of the incident, each at a line through all that follows; those of the same instant share their words."""
    together = list(_together(canvas, milestones))
    placed = [_placed(canvas, x, words) for x, words in together]
    found = rows(((text.box[0], text.box[2]) for text in placed), gap=6, most=MILESTONE_ROWS)
    for (x, _), text, row in zip(together, placed, found, strict=True):
        if row is not None:
            y = canvas.y + ROW * row
            canvas.over.append(Text(text.x, y + 11, text.words, "ink", text.to_left))
            canvas.crossing.append((x, y + ROW, "crossing milestone"))
    canvas.y += ROW * (1 + max((row for row in found if row is not None), default=-1)) + 2


def _together(canvas: Canvas, milestones: Sequence[Milestone]) -> Iterator[tuple[float, str]]:
    held: list[Milestone] = []
    for one in [*sorted(milestones, key=lambda m: m.at), None]:
        if held and (one is None or canvas.at(one.at) - canvas.at(held[0].at) >= 2):
            words = ", ".join([held[0].label, *(m.label.lower() for m in held[1:])])
            yield canvas.at(held[0].at), f"{words} {held[0].at:%H:%M}"
            held = []
        if one is not None:
            held.append(one)


def _placed(canvas: Canvas, x: float, words: str) -> Text:
    """These words beside x, within the edges; to the left of it where there is no room on the right."""
    if x + 3 + width(words) <= canvas.width - EDGE:
        return Text(x + 3, 0, words)
    if x - 3 - width(words) >= EDGE:
        return Text(x - 3, 0, words, to_left=True)
    return Text(EDGE, 0, shortened(words, canvas.width - 2 * EDGE))


def _bands(canvas: Canvas, moments: Sequence[Moment]) -> None:
    for span in spans(moments):
        left, right = canvas.at(span.start), canvas.at(span.end)
        role = f"band {span.phase.lower()}"
        canvas.over.append(Rect(left, canvas.y, max(right - left, 2.0), BAND, role, title=span.phase))
        words = shortened(span.phase, right - left - 8)
        if len(words) > 3:
            canvas.over.append(Text(left + 5, canvas.y + 14, words, "on-band"))
    canvas.y += BAND + 4


def _marks(canvas: Canvas, moments: Sequence[Moment]) -> None:
    """A mark each, beside one another in rows; key moments find their place first."""
    in_order = sorted(moments, key=lambda m: (not m.number, m.at))
    extents = [(canvas.at(m.at) - _half(m), canvas.at(m.at) + _half(m)) for m in in_order]
    found = rows(extents, gap=1, most=MARK_ROWS)
    for moment, row in zip(in_order, found, strict=True):
        x = canvas.at(moment.at)
        if row is not None:
            y = canvas.y + (2 * KEY + 1) * row + KEY
            title = f"{moment.at:%H:%M} {moment.label}"
            canvas.over.append(Mark(x, y, _role(moment), title, moment.number))
        if moment.kind == "change":
            canvas.crossing.append((x, canvas.y, "crossing change"))
    canvas.y += (2 * KEY + 1) * (1 + max((row for row in found if row is not None), default=-1)) + 2


def _half(moment: Moment) -> float:
    return KEY if moment.number else SMALL


def _role(moment: Moment) -> str:
    return moment.kind if moment.kind in ("alert", "change") else "moment"


def _labels(canvas: Canvas, moments: Sequence[Moment]) -> None:
    """What the key moments were, by their numbers, as far as there is room."""
    named = [m for m in moments if m.number]
    words = [shortened(f"{m.number} {m.label}", canvas.width * LONGEST) for m in named]
    placed = [_placed(canvas, canvas.at(m.at) - KEY, said) for m, said in zip(named, words, strict=True)]
    found = rows(((text.box[0], text.box[2]) for text in placed), gap=8, most=LABEL_ROWS)
    for text, row in zip(placed, found, strict=True):
        if row is not None:
            canvas.over.append(Text(text.x, canvas.y + ROW * row + 11, text.words, "quiet", text.to_left))
    canvas.y += ROW * (1 + max((row for row in found if row is not None), default=-1))


def _panels(canvas: Canvas, figure: Figure) -> None:
    since, until = figure.since.timestamp(), figure.until.timestamp()
    for panel in figure.panels:
        shapes = panel_shapes(panel, since=since, until=until, left=EDGE, right=canvas.width - EDGE, top=canvas.y)
        for shape in shapes:
            (canvas.ground if isinstance(shape, Rect) else canvas.over).append(shape)
        canvas.y += TITLE + PLOT + GAP


def _axis(canvas: Canvas, figure: Figure) -> None:
    """The axis, and the lines that cross everything above it."""
    for x, top, role in canvas.crossing:
        canvas.under.append(Line(x, top, x, canvas.y, role))
    canvas.over.append(Line(EDGE, canvas.y, canvas.width - EDGE, canvas.y, "axis"))
    end = 0.0
    for moment, words in ticks(figure.since, figure.until, int(canvas.width // 76)):
        x = canvas.at(moment)
        left = min(max(x - width(words) / 2, EDGE), canvas.width - EDGE - width(words))
        if left >= end + 6:
            canvas.over += [Line(x, canvas.y, x, canvas.y + 4, "axis"), Text(left, canvas.y + 15, words)]
            end = left + width(words)
    canvas.y += ROW + 6
