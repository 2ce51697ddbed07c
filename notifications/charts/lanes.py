"""Intervals on one time axis: schedules (final, layers, overrides) and a service's incidents and changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from notifications.charts.svg import Attribute, picture, tag

AXIS, TITLE, THICK, THIN, GAP = 20, 16, 26, 12, 10
NARROWEST, LETTER = 704, 6.5  # px: lanes at their least, a letter
NARROW, MARGIN, TIGHT = 26, 9, 5  # px: a narrow bar, and what is left around words in a wide one and in a narrow one


@dataclass(frozen=True)
class Block:
    """A half-open interval. `kind` is the look: dev, ops, gap, swap, mine, incident, change; several by a space.

    `shorter`: ways to write the label in a bar that is too narrow for it, the longest first. `says`: more words for
    those who hover, or listen.
    """

    start: datetime
    end: datetime
    label: str
    kind: str = ""
    href: str | None = None
    shorter: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class Lane:
    """A named row of blocks; a thin one (shadows) draws no words."""

    title: str
    blocks: Sequence[Block]
    thin: bool = False


def lanes(
    rows: Sequence[Lane],
    *,
    since: datetime,
    until: datetime,
    label: str,
    ticks: Sequence[tuple[datetime, str]] = (),
    now: datetime | None = None,
) -> SafeString:
    """Rows on the axis [since, until); what lies outside is cut off. All times in one zone, the viewer's.

    `ticks` are (instant, words); `now` draws a line. Raises ValueError when the axis is empty.
    """
    if until <= since:
        raise ValueError(f"an axis must end after it starts, not from {since:%c} until {until:%c}")

    def at(moment: datetime) -> float:
        return 100 * ((moment - since) / (until - since))

    top, drawn = AXIS, []
    for row in rows:
        drawn.append(_lane(row, top, since, until, at))
        top += TITLE + (THIN if row.thin else THICK) + GAP
    axis = [part for moment, words in ticks if since <= moment < until for part in _tick(at(moment), words, top)]
    line = (
        [tag("line", class_="lanes__now", x1=f"{at(now):.3f}%", x2=f"{at(now):.3f}%", y1=AXIS - 4, y2=top)]
        if (now and since <= now < until)
        else []
    )
    attributes: dict[str, Attribute] = {"class_": "lanes", "width": "100%", "height": top}
    if any(block.href for row in rows for block in row.blocks):
        return tag("svg", *axis, *drawn, *line, role="group", aria_label=label, **attributes)
    said = "; ".join(f"{row.title}: " + (", ".join(b.label for b in row.blocks) or "nothing") for row in rows)
    return picture(*axis, *drawn, *line, label=f"{label}. {said}", **attributes)


def _tick(at: float, words: str, bottom: float) -> list[SafeString]:
    return [
        tag("line", class_="lanes__tick", x1=f"{at:.3f}%", x2=f"{at:.3f}%", y1=AXIS - 4, y2=bottom),
        tag("text", words, x=f"{at:.3f}%", y=AXIS - 8, dx="3"),
    ]


def _lane(row: Lane, top: float, since: datetime, until: datetime, at: Callable[[datetime], float]) -> SafeString:
    title = tag("text", row.title, x="0", y=top + 11)
    height = THIN if row.thin else THICK
    shown = [b for b in row.blocks if b.start < until and b.end > since]
    return tag(
        "g",
        title,
        *(
            _block(
                b,
                row,
                left=at(max(b.start, since)),
                right=at(min(b.end, until)),
                top=top + TITLE,
                height=height,
            )
            for b in shown
        ),
    )


def _block(block: Block, row: Lane, *, left: float, right: float, top: float, height: float) -> SafeString:
    says = f"{block.label}, {block.start:%a %-d %b %H:%M} to {block.end:%a %-d %b %H:%M}"
    says += f"; {block.says}" if block.says else ""
    parts = [tag("title", says), tag("rect", x="0.5", y="0.5", width="100%", height=height - 1, rx=3)]
    if not row.thin:
        parts.append(
            tag(
                "text",
                _fitting(block, right - left),
                x=3 if NARROWEST * (right - left) < 100 * NARROW else 6,
                y=height / 2 + 4,
            )
        )
    looks = " ".join(["lanes__bar", *(f"lanes__bar--{kind}" for kind in block.kind.split())])
    inner = tag(
        "svg",
        *parts,
        x=f"{left:.3f}%",
        y=top,
        width=f"{max(right - left, 0.2):.3f}%",
        height=height,
        class_=looks,
    )
    return tag("a", inner, href=block.href, aria_label=f"{row.title}: {says}") if block.href else inner


def _fitting(block: Block, width: float) -> str:
    """The longest label for which a bar of `width` per cent has room, however narrow the page; else the shortest."""
    labels = (block.label, *block.shorter)
    bar = NARROWEST * width / 100
    room = bar - (MARGIN if bar >= NARROW else TIGHT)
    return next((words for words in labels if len(words) * LETTER <= room), labels[-1])
