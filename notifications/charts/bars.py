"""Shares and counts as rows of bars: the words first, then the bar, then the number and its n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from notifications.charts.svg import Attribute, number, picture, tag

ROW, BAR = 36, 8


@dataclass(frozen=True)
class Bar:
    """`value` out of `of` (a share), or a count where `of` is None; `href` leads to the rows behind it."""

    label: str
    value: float
    of: float | None = None
    href: str | None = None

    def says(self) -> str:
        if self.of is None:
            return number(self.value)
        if not self.of:
            return "no cases"
        return f"{self.value / self.of:.0%} ({number(self.value)} of {number(self.of)})"


def bars(rows: Sequence[Bar], *, label: str) -> SafeString:
    """One row each, in the order given. Shares are drawn against 100 %, counts against the greatest count."""
    if not rows:
        return picture(class_="chart", width="100%", height="1", label=f"{label}: nothing to show")
    greatest = max((row.value for row in rows if row.of is None), default=0) or 1
    said = f"{label}: " + "; ".join(f"{row.label} {row.says()}" for row in rows)
    linked = any(row.href for row in rows)
    drawn = [_row(row, index, greatest) for index, row in enumerate(rows)]
    attributes: dict[str, Attribute] = {"class_": "chart", "width": "100%", "height": len(rows) * ROW}
    if linked:  # an image may not hold links: then it is a group whose links speak for themselves
        return tag("svg", *drawn, role="group", aria_label=label, **attributes)
    return picture(*drawn, label=said, **attributes)


def _row(row: Bar, index: int, greatest: float) -> SafeString:
    top = index * ROW
    share = row.value / greatest if row.of is None else row.value / row.of if row.of else 0
    y = top + 20
    parts = [
        tag("text", row.label, class_="chart__strong", x="0", y=top + 14),
        tag("text", row.says(), x="100%", y=top + 14, text_anchor="end"),
        tag("rect", class_="chart__track", x="0", y=y, width="100%", height=BAR, rx=2),
        tag(
            "rect",
            class_="chart__bar",
            x="0",
            y=y,
            width=f"{min(max(share, 0), 1) * 100:.2f}%",
            height=BAR,
            rx=2,
        ),
    ]
    return tag("a", *parts, href=row.href, aria_label=f"{row.label}: {row.says()}") if row.href else tag("g", *parts)
