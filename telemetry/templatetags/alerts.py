"""Filters of alerts: ``{% load alerts %}``."""

from __future__ import annotations

import re

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from notifications.weblinks import web_address

register = template.Library()
_NUMBERED = re.compile(r"\b(incident|page) (\d{1,9})\b")


@register.filter
def linked_outcome(text: str) -> SafeString:
    """What became of an alert, the incident and the page in it as links; who may not see them is told so there."""
    return mark_safe(_NUMBERED.sub(_link, conditional_escape(text)))  # noqa: S308 - escaped before


@register.filter
def linked_value(value: object) -> SafeString:
    """The value of an annotation, as a link where it is an address."""
    address = web_address(str(value), longest=1000)
    link = '<a href="{}" rel="noreferrer">{}</a>'
    return format_html(link, address, address) if address else conditional_escape(str(value))


def _link(found: re.Match[str]) -> str:
    kind, number = found.groups()
    address = f"/incidents/{number}/" if kind == "incident" else reverse("oncall:page", args=[number])
    return f'<a href="{address}">{kind} {number}</a>'
