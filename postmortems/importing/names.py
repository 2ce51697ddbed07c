"""What the fields of a write-up are called in the files of others. Names count without case, spaces and hyphens."""

from __future__ import annotations

import re

NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "uuid", "guid", "external_id", "identifier", "key", "slug"),
    "title": ("title", "name", "headline", "subject"),
    "body": (
        *("body", "text", "content", "contents", "markdown", "write_up", "writeup", "post_mortem", "postmortem"),
        *("report", "narrative", "details", "article"),
    ),
    "summary": ("summary", "description", "abstract", "excerpt", "synopsis"),
    "started_at": (
        *("started_at", "start_time", "start", "started", "start_at", "start_date", "began_at", "began"),
        *("begin", "occurred_at", "incident_date", "date", "time", "impact_start"),
    ),
    "detected_at": ("detected_at", "detected", "detection_time", "noticed_at", "discovered_at", "detect_time"),
    "mitigated_at": ("mitigated_at", "mitigated", "mitigation_time", "restored_at"),
    "resolved_at": (
        *("resolved_at", "end_time", "ended_at", "end", "ended", "end_at", "end_date", "resolved"),
        *("resolution_time", "resolve_time", "finished_at", "finished", "finish", "impact_end"),
    ),
    "published_at": ("published_at", "published", "publish_date", "date_published", "published_on", "pub_date"),
    "times": ("times", "timestamps", "dates", "time_range"),
    "services": (
        *("services", "service", "products", "product", "systems", "system", "components", "component"),
        *("affected_services", "company", "companies", "organization", "organisation", "vendor"),
    ),
    "keywords": ("keywords", "keyword", "tags", "tag", "categories", "category", "labels", "topics", "factors"),
    "severity": ("severity", "sev", "priority", "impact_level"),
    "source_url": ("source_url", "url", "source", "link", "href", "permalink", "uri", "urls", "links"),
}
"""Ours -> theirs, best first."""

_OURS = {theirs: ours for ours, names in NAMES.items() for theirs in names}
_RANK = {theirs: rank for names in NAMES.values() for rank, theirs in enumerate(names)}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")

SEVERITIES: dict[str, str] = {
    **dict.fromkeys(("1", "sev1", "s1", "p1", "p0", "0", "sev0", "critical", "severe", "blocker", "highest"), "sev1"),
    **dict.fromkeys(("2", "sev2", "s2", "p2", "major", "high"), "sev2"),
    **dict.fromkeys(("3", "sev3", "s3", "p3", "minor", "medium", "moderate"), "sev3"),
    **dict.fromkeys(("4", "sev4", "s4", "p4", "low", "trivial", "lowest", "info"), "sev4"),
}


def ours(name: str) -> str | None:
    """Our name for a field of theirs: `startedAt` and `Start time` are `started_at`; None for one we do not know."""
    return _OURS.get(_plain(name))


def rank(name: str) -> int:
    """How good a name of a field we know is, 0 the best: `title` is taken before `name`."""
    return _RANK[_plain(name)]


def severity(said: str) -> str | None:
    """Our word for a severity, None for one that we do not know."""
    return SEVERITIES.get(_NO_WORD.sub("", said.casefold()))


def _plain(name: str) -> str:
    return _NO_WORD.sub("_", _HUMP.sub("_", name[:200]).lower()).strip("_")
