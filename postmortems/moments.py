"""The curated timeline drawn small: phases as bands, moments as marks on one axis. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from notifications.charts.svg import picture, tag
from notifications.durations import words

BAND, MARKS, HEIGHT = 22, 40, 72
NARROW = 16  # percent of the width: less holds no word


@dataclass(frozen=True)
class Moment:
    """One curated entry, in the viewer's zone. `kind` as on the incident's timeline: alert, change, …"""

    at: datetime
    phase: str
    kind: str
    label: str
    key: bool = False


@dataclass(frozen=True)
class Span:
    """A phase, from its first moment until the next phase begins (the last ends with the last moment)."""

    phase: str
    start: datetime
    end: datetime


def spans(moments: Sequence[Moment]) -> list[Span]:
    """The phases in the order of time; `moments` ascend. A phase may come back."""
    starts = [m for i, m in enumerate(moments) if i == 0 or m.phase != moments[i - 1].phase]
    ends = [m.at for m in starts[1:]] + ([moments[-1].at] if moments else [])
    return [Span(m.phase, m.at, end) for m, end in zip(starts, ends, strict=True)]


def drawn(moments: Sequence[Moment]) -> SafeString:
    """The picture, with all of it in words for those who do not see it; nothing for less than two instants."""
    ordered = sorted(moments, key=lambda m: m.at)
    if not ordered or ordered[0].at == ordered[-1].at:
        return SafeString("")
    since, whole = ordered[0].at, ordered[-1].at - ordered[0].at

    def x(at: datetime) -> float:
        return 1 + 98 * ((at - since) / whole)

    bands = [_band(span, x(span.start), x(span.end)) for span in spans(ordered)]
    marks = [_mark(moment, x(moment.at)) for moment in ordered]
    axis = [
        tag("line", class_="chart__grid", x1="1%", x2="99%", y1=MARKS, y2=MARKS),
        tag("text", f"{since:%H:%M}", x="1%", y=HEIGHT - 4),
        tag("text", words(whole.total_seconds()), x="50%", y=HEIGHT - 4, text_anchor="middle"),
        tag("text", f"{ordered[-1].at:%H:%M}", x="99%", y=HEIGHT - 4, text_anchor="end"),
    ]
    said = "; ".join(f"{m.at:%H:%M} {m.kind}: {m.label}" for m in ordered)
    return picture(
        *bands, *axis, *marks, class_="chart phases", width="100%", height=HEIGHT, label=f"Course of events: {said}"
    )


def _band(span: Span, left: float, right: float) -> SafeString:
    wide = right - left > NARROW
    return tag(
        "svg",
        tag("title", span.phase),
        tag("rect", x="0.5", y="0.5", width="100%", height=BAND - 1, rx=3),
        *([tag("text", span.phase, x="6", y=BAND / 2 + 4)] if wide else []),
        x=f"{left:.3f}%",
        y="0",
        width=f"{max(right - left, 0.4):.3f}%",
        height=BAND,
        class_="lanes__bar",
    )


def _mark(moment: Moment, at: float) -> SafeString:
    """A triangle for an alert, a diamond for a change, else a ring, filled where the moment is a key one."""
    said = tag("title", f"{moment.at:%H:%M} {moment.label}")
    if moment.kind in ("alert", "change"):
        shape = "M0 -6L6 5H-6Z" if moment.kind == "alert" else "M0 -6L6 0L0 6L-6 0Z"
        path = tag("path", said, d=shape, class_=f"phases__{moment.kind}")
        return tag("svg", path, x=f"{at:.3f}%", y=MARKS, overflow="visible", width="1", height="1")
    name = "phases__key" if moment.key else "phases__moment"
    return tag("circle", said, cx=f"{at:.3f}%", cy=MARKS, r=5 if moment.key else 3.5, class_=name)
