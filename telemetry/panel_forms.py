"""Forms around panels: templates for every service, and the window one looks through."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django import forms

from notifications.forms import Moment
from oncall.models import Panel
from telemetry.models import PanelTemplate

OFFSET = re.compile(r"T.*(Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)


class PanelTemplateForm(forms.Form):
    """Fields as `telemetry.panel_templates.save_panel_template` takes them."""

    name = forms.CharField(max_length=100, help_text="A service's own panel of this name takes its place.")
    unit = forms.CharField(max_length=20, required=False)
    source = forms.ChoiceField(choices=Panel.Source.choices)
    position = forms.IntegerField(initial=0, min_value=0, max_value=999, help_text="The smallest is drawn first.")
    query = forms.CharField(
        max_length=4000,
        widget=forms.Textarea({"rows": 3, "class": "mono", "spellcheck": "false"}),
        help_text="PromQL, or LogQL for Loki. <code>{service}</code> and <code>{environment}</code> stand for the "
        "service's own; keep them between quotes.",
    )

    @staticmethod
    def initial_of(template: PanelTemplate) -> dict[str, Any]:
        return {name: getattr(template, name) for name in ("name", "unit", "source", "position", "query")}


class Instant(Moment):
    """Wall time in the viewer's zone, as browsers fill it in, or RFC 3339 with an offset, as a link says it."""

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip().replace(" ", "+")  # a `+` that was not encoded arrives as a space
        if not OFFSET.search(text):
            found: datetime | None = super().to_python(value)
            return found
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(f"“{text[:40]}” is no time; write it as 2026-06-01T09:00Z.") from error


class WindowForm(forms.Form):
    """A window of one's own; the end may be left out, which is now."""

    since = Instant(label="From", required=False)
    until = Instant(label="To", required=False)
