"""Sample data for the living style guide: every component in every state, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sin
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notifications.charts import Bar, Block, Lane, bars, dots, lanes, sparkline

START = datetime(2026, 3, 2, 2, 4, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each kind that the product uses."""

    title = forms.CharField(help_text="What is wrong, in the words of whoever noticed.")
    severity = forms.ChoiceField(
        choices=[("sev1", "SEV1: everyone is affected"), ("sev3", "SEV3: some are affected")],
        widget=forms.RadioSelect,
    )
    service = forms.ChoiceField(choices=[("", "Choose …"), ("checkout", "Checkout")], required=False)
    starts_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), required=False)
    summary = forms.CharField(widget=forms.Textarea, required=False)
    private = forms.BooleanField(required=False, help_text="Only those who are added may see it.")


def context() -> dict[str, Any]:
    """What `styleguide.html` needs."""
    return {
        "start": START,
        "form": SampleForm(),
        "broken": SampleForm({"title": "", "severity": "sev9"}, prefix="broken"),
        "page": Paginator(range(95), 20).page(2),
        "tabs": [
            {"label": "Open", "href": "?tab=open", "current": True, "count": 3},
            {"label": "Resolved", "href": "?tab=resolved", "count": 128},
            {"label": "Practice", "href": "?tab=practice"},
        ],
        "stats": [
            {"label": "open now", "value": 3},
            {"label": "post-mortems due", "value": 2, "note": "1 late"},
            {"label": "awake on call", "value": "2 of 2"},
        ],
        "checklist": [
            {"text": "Runbook linked", "state": "done", "href": "#"},
            {"text": "Alert on error rate", "state": "missing", "note": "asked of Dev"},
            {"text": "Restore rehearsed", "state": "open"},
        ],
        "messages_shown": [
            ("ok", "Saved."),
            ("info", "Preview only."),
            ("warn", "Dev has a gap on Friday."),
            ("bad", "Not sent."),
        ],
        "entries": entries(),
        "panels": panels(),
        "axis": axis(),
        **pictures(),
    }


def entries() -> list[dict[str, Any]]:
    """One timeline entry of each kind that looks its own way."""

    def entry(minutes: int, kind: str, text: str | SafeString, **more: str) -> dict[str, Any]:
        return {
            "id": f"{kind}-{minutes}",
            "at": START + timedelta(minutes=minutes),
            "kind": kind,
            "text": text,
            **more,
        }

    return [
        entry(0, "alert", "Error rate above 5 % on checkout", source="Alertmanager", source_url="#"),
        entry(1, "declared", "Declared at SEV1", who="Alertmanager"),
        entry(1, "page", "Paged Dev (Ana de Souza) and Ops (Bo Lindqvist)"),
        entry(
            2,
            "change",
            format_html("Deploy of <code>{}</code> to production finished", "4f2a1c9"),
            source="GitHub",
        ),
        entry(3, "role", "Ana de Souza took command", who="Ana de Souza"),
        entry(9, "status", "Identified: the pool of connections runs dry after the deploy", who="Ana de Souza"),
        entry(11, "update", "We are rolling back. Next update at 02:30.", who="Bo Lindqvist"),
        entry(12, "note", "Seen before in #31.", who="Cy Okafor"),
        entry(14, "task", "Roll back checkout to 91be02d, taken by Bo", who="Bo Lindqvist"),
    ]


def pictures() -> dict[str, SafeString]:
    """Each chart with numbers, and the one that shows too few."""
    heavy = [40, 55, 90, 120, 130, 180, 240, 260, 300, 420, 600, 640, 900, 1500, 2400, 5400, 14400, 200000]
    at = START.replace(hour=0, minute=0)

    def block(day: float, days: float, label: str, kind: str, href: str | None = None) -> Block:
        return Block(at + timedelta(days=day), at + timedelta(days=day + days), label, kind, href)

    week = [(at + timedelta(days=n), f"{at + timedelta(days=n):%a %-d}") for n in range(7)]
    rota = [
        Lane(
            "Dev",
            [
                block(-1, 3, "Ana", "dev shade0 mine", "#"),
                block(2, 1.5, "gap", "gap", "#"),
                block(3.5, 4, "Cy", "dev shade1", "#"),
            ],
        ),
        Lane(
            "Ops",
            [
                block(0, 3.4, "Bo", "ops shade3", "#"),
                block(3.4, 1, "⇄ Di", "ops shade5 swap", "#"),
                block(4.4, 3, "Bo", "ops shade3", "#"),
            ],
        ),
        Lane("Ops, up for taking", [block(5, 1, "Bo: offered", "swap open", "#")]),
        Lane("Ops, shadowed by Eve", [block(0, 4, "Eve", "shadow")], thin=True),
    ]
    return {
        "spark": sparkline([3, 4, 4, None, 7, 12, 9, 4, 3, 3], label="Errors a minute"),
        "dots": dots(heavy, label="Time to acknowledge"),
        "few": dots(heavy[:3], label="Time to restore"),
        "shares": bars(
            [
                Bar("Configuration", 9, 31, "#"),
                Bar("Change & release", 7, 31, "#"),
                Bar("Detection & alerting", 4, 31, "#"),
            ],
            label="Factor share",
        ),
        "counts": bars([Bar("checkout", 14), Bar("search", 5), Bar("login", 0)], label="Pages by service"),
        "rota": lanes(
            rota,
            since=at,
            until=at + timedelta(days=7),
            ticks=week,
            now=at + timedelta(days=1.6),
            label="Final schedule",
        ),
    }


def panels() -> list[dict[str, Any]]:
    """Two metric panels of one hour with a gap, an infinity, and one without data."""
    t0 = int(START.timestamp()) - 3600
    times = [t0 + 15 * n for n in range(320)]
    errors = [[t, 0.4 + 0.2 * sin(t / 90) + (6 if n > 236 else 0)] for n, t in enumerate(times)]
    latency: list[list[Any]] = [[t, 180 + 30 * sin(t / 200)] for t in times]
    latency[100:120] = [[t, "NaN"] for t in times[100:120]]
    latency[250] = [times[250], "+Inf"]
    usual = [[t, 0.5] for t in times]
    return [
        {
            "name": "Error rate",
            "unit": "%",
            "series": [{"label": "5xx", "points": errors}],
            "week_before": [{"label": "5xx", "points": usual}],
        },
        {
            "name": "Latency p95",
            "unit": "ms",
            "series": [
                {"label": "eu", "points": latency},
                {"label": "us", "points": [[t, 140] for t in times]},
            ],
            "week_before": [],
        },
        {"name": "Queue", "unit": "", "series": [], "week_before": []},
    ]


def axis() -> dict[str, Any]:
    """What all panels have in common: when they begin and end, and the marks."""
    t0 = START.timestamp()
    marks = [
        {"t": t0 - 120, "kind": "change", "label": "deploy 4f2a1c9"},
        {"t": t0, "kind": "alert", "label": "error rate"},
        {"t": t0 + 60, "kind": "incident", "label": "#42 began"},
        {"t": t0 + 750, "kind": "status", "label": "identified"},
    ]
    return {"from": t0 - 3600, "to": t0 + 1200, "marks": marks}
