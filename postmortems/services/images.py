"""Pictures in a post-mortem: kept as pixels that we wrote ourselves, shown to those who may see it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import Image, Postmortem
from postmortems.services.common import tell
from postmortems.services.sections import writable
from postmortems.text import pictures

MOST = 200
"""Pictures of one post-mortem: a gigabyte at the very most."""


@transaction.atomic
def add_image(*, postmortem: Postmortem, content: bytes, by: Person | None) -> Image:
    """Keep the picture in these bytes; the same picture again is the one that is there.

    It is shown where the text says `![what it shows](image:NAME)`. Raises `pictures.Refused` (or `TooLarge`) with a
    sentence, `InvalidInput` where there are too many, `Conflict` once published.
    """
    require_responder(by)
    picture = pictures.written_anew(content)  # takes its time, in which nobody waits for the post-mortem
    postmortem = writable(postmortem)
    digest = hashlib.sha256(picture.content).hexdigest()
    if there := Image.objects.filter(postmortem=postmortem, digest=digest).first():
        return there
    if postmortem.images.count() >= MOST:
        raise InvalidInput(file=f"There are {MOST} pictures in this post-mortem already: link to more of them instead.")
    return Image.objects.create(
        postmortem=postmortem,
        content_type=picture.content_type,
        content=picture.content,
        digest=digest,
        width=picture.width,
        height=picture.height,
        by=by,
    )


@transaction.atomic
def remove_image(*, image: Image, by: Person | None) -> Postmortem:
    """Take a picture away for good; a text that names it shows its description. Raises `Conflict` once published."""
    require_responder(by)
    postmortem = writable(image.postmortem)
    image.delete()
    tell(postmortem)
    return postmortem


def read(name: str, user: Any) -> Image | None:
    """The picture of this name, for those who may see its post-mortem; else None."""
    visible = Postmortem.objects.visible_to(user)
    return Image.objects.filter(name=name, postmortem__in=visible.values("pk")).first()


def markdown(image: Image, alt: str) -> str:
    """How the text names it. What would end the description early is taken out of it."""
    words = " ".join("".join(" " if sign in "[]\\`" else sign for sign in alt).split())
    return f"![{words}](image:{image.name})"
