"""The discussion of a section, wherever the section is shown: ``{% load comments %}``."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from postmortems.models import Section
from postmortems.text import rendering
from postmortems.text.threads import Discussion, discussions

register = template.Library()


@register.simple_tag(takes_context=True)
def discussion(context: Context, section: Section) -> Discussion:
    """Its threads: those that the page read for all sections at once, or where there is no page, its own."""
    read = context.get("discussions")
    if read is None or section.key not in read:
        read = discussions(context["postmortem"], section)
    found: Discussion = read[section.key]
    return found


@register.filter
def remark(text: str) -> SafeString:
    """A comment as HTML: Markdown without pictures, where a new line is one."""
    return rendering.to_html(text, images=False, breaks=True)
