"""The course of events as a picture: phases, moments and metrics on one axis.

`pictures` is for pages (two widths, coloured by CSS), `figure_svg` for paper (one file, colours and all).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from incidents.models import Incident
from oncall.models import Person
from postmortems.models import Postmortem
from postmortems.moments.assemble import assemble, panels_of
from postmortems.moments.axis import seen
from postmortems.moments.figure import Figure
from postmortems.moments.layout import laid_out
from postmortems.moments.paint import alone, on_page
from postmortems.moments.shapes import Text
from postmortems.moments.words import metrics, outside, told_of
from postmortems.timeline import Timeline, told

WIDE, NARROW, PAPER = 720.0, 340.0, 640.0
PAPER_MM = 170.0


@dataclass(frozen=True)
class Picture:
    """One picture, drawn for a desk and for a phone; `metrics` and `outside` say in words what it shows, or cannot."""

    wide: SafeString
    narrow: SafeString
    metrics: list[str]
    outside: str


def pictures(postmortem: Postmortem, timeline: Timeline, user: Person | Any) -> list[Picture]:
    """The pictures of a timeline in the viewer's zone."""
    zone = timezone.get_current_timezone()
    return [drawn(figure) for figure in assemble(postmortem, timeline, user, zone)]


def drawn(figure: Figure) -> Picture:
    """One figure for a page."""
    label = told_of(figure)
    sizes = {}
    for name, width in (("course--wide", WIDE), ("course--narrow", NARROW)):
        shapes, height = laid_out(figure, width)
        sizes[name] = on_page(shapes, width, height, label=label, name=name)
    return Picture(sizes["course--wide"], sizes["course--narrow"], metrics(figure), outside(figure))


def metrics_until(incident: Incident, since: datetime, until: datetime) -> Picture | None:
    """The panels of an incident alone, up to a moment; None where nothing was kept. Nothing of later is in it."""
    zone = timezone.get_current_timezone()
    panels = seen(panels_of([incident], until=until), since, until)
    figure = Figure(since.astimezone(zone), until.astimezone(zone), (), panels)
    return drawn(figure) if panels and since < until else None


def figure_svg(postmortem: Postmortem, user: Person | Any) -> str:
    """The whole picture as an SVG 1.1 file 170 mm wide, for white paper, times in UTC; empty without a moment.

    It needs no style sheet and holds no foreign object. What `user` may not see is not in it.
    """
    found = assemble(postmortem, told(postmortem, user), user, UTC)
    return on_paper(found) if found else ""


def on_paper(found: Sequence[Figure]) -> str:
    """These figures, one under the other."""
    shapes, top = [], 0.0
    for figure in found:
        more, top = laid_out(figure, PAPER, top=top)
        shapes += more
        top += 10
    shapes.append(Text(PAPER - 8, top, "Times in UTC", to_left=True))
    label = " ".join(told_of(figure) for figure in found)
    return alone(shapes, PAPER, top + 6, millimetres=PAPER_MM, label=label)
