"""The few words of SVG that the charts are written in."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Attribute = str | float | None


def number(value: float) -> str:
    """At most two decimals, no trailing zeros: 12.50 → "12.5", 3.0 → "3"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def tag(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """An element; `class_` becomes `class`, `text_anchor` `text-anchor`, and None leaves an attribute out."""
    pairs = [
        (key.rstrip("_").replace("_", "-"), value if isinstance(value, str) else number(value))
        for key, value in attributes.items()
        if value is not None
    ]
    inside = format_html_join("", "{}", ((child,) for child in children))
    return format_html("<{0}{1}>{2}</{0}>", mark_safe(name), format_html_join("", ' {}="{}"', pairs), inside)  # noqa: S308


def picture(*children: str, label: str, **attributes: Attribute) -> SafeString:
    """An `<svg role="img">` that says `label` to those who do not see it."""
    return tag("svg", *children, role="img", aria_label=label, **attributes)
