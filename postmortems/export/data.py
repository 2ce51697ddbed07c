"""JSON: all of a post-mortem. On one line, it is what `manage.py import_incidents` of another Andon reads."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

from notifications.links import absolute
from postmortems.api.serializers import PostmortemDetailSerializer
from postmortems.export.document import Document
from postmortems.export.markdown import as_markdown
from postmortems.models import Postmortem

DETAILED = Postmortem.objects.select_related("template", "facilitator").prefetch_related(
    "incidents", "services", "sections", "findings__factor", "reviews__person", "invitations__person"
)


def as_data(document: Document, user: Any) -> dict[str, Any]:
    """What the API answers of it, and all that a document shows beside. Times are RFC 3339 in UTC.

    `id`, `title`, `started_at`, `detected_at`, `mitigated_at`, `resolved_at`, `published_at`, `severity`, `services`,
    `keywords`, `source_url` and `body` (all of it as Markdown) are what an import reads. Of several incidents these are
    the first start, the last end and the gravest severity. `images` are Base64.
    """
    postmortem = document.postmortem
    loaded = DETAILED.get(pk=postmortem.pk)
    told = PostmortemDetailSerializer(loaded, context={"request": SimpleNamespace(user=user)}).data
    return {
        **told,
        "id": absolute(postmortem.get_absolute_url()),
        **_course(document),
        "keywords": list(postmortem.keywords),
        "source_url": postmortem.source_url,
        "body": as_markdown(postmortem, user),
        "timeline": [
            {
                "at": one.at,
                "recorded_at": one.recorded_at,
                "kind": one.kind,
                "phase": one.phase,
                "text": one.text,
                "key_moment": one.key_moment,
                "how_it_looked": one.how_it_looked,
            }
            for one in document.timeline
        ],
        "action_items": [
            {
                "number": one.number,
                "title": one.title,
                "kind": one.kind,
                "owner": one.owner.email if one.owner else None,
                "team": one.team.slug if one.team else None,
                "due_on": one.due_on,
                "state": one.state,
                "url": one.url,
            }
            for one in document.actions
        ],
        "images": [
            {
                "name": name,
                "content_type": image.content_type,
                "content": base64.b64encode(bytes(image.content)).decode(),
            }
            for name, image in document.pictures.items()
        ],
        "made_by": document.made_by,
        "made_at": document.made_at,
    }


def _course(document: Document) -> dict[str, Any]:
    incidents = document.incidents
    ends = [one.resolved_at for one in incidents]
    services = {service.slug for one in incidents for service in one.services.all()}
    services |= {service.slug for service in document.postmortem.services.all()}
    return {
        "started_at": min((one.started_at for one in incidents), default=None),
        "detected_at": min((one.detected_at for one in incidents), default=None),
        "mitigated_at": max((one.mitigated_at for one in incidents if one.mitigated_at), default=None),
        "resolved_at": max((end for end in ends if end), default=None) if all(ends) else None,
        "severity": min((one.severity for one in incidents), default=None),
        "services": sorted(services),
    }
