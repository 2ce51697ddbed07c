"""Writing, section by section: nobody's words are lost, and every version is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import Postmortem, Section, SectionRevision
from postmortems.services.common import prose, tell
from postmortems.services.reviews import withdraw_sign_offs
from postmortems.text import merging


class StaleVersion(Conflict):
    """Somebody saved this section since. `extra` has both texts, `current` {version, body} and `yours`, and both
    together: `merged`, a proposal unless it is `clean`."""

    def __init__(self, section: Section, yours: str, both: merging.Merge) -> None:
        super().__init__(
            f"“{section.title}” was saved by somebody else meanwhile and is now version {section.version}: "
            "put both texts together and save again with that version.",
            current={"version": section.version, "body": section.body},
            yours=yours,
            merged=both.text,
            clean=both.clean,
        )


@dataclass(frozen=True)
class Saved:
    """A section as it is now, and the reviewers whose sign-off this change has withdrawn."""

    section: Section
    withdrawn: tuple[Person, ...] = ()


@transaction.atomic
def save_section(
    *, postmortem: Postmortem, key: str, body: str, version: int, by: Person | None, merge: bool = False
) -> Saved:
    """Save what was written on top of `version`. The same text again is no new version.

    Where somebody saved since, `merge` puts both together if nobody has to decide anything; otherwise, and without it,
    `StaleVersion` is raised. In review a new text withdraws the sign-offs, for they were given to another one. Raises
    `Conflict` for one that is published, and `InvalidInput`.
    """
    require_responder(by)
    postmortem = writable(postmortem)
    section = _section(postmortem, key)
    body = prose("body", body)
    if body != section.body and version != section.version:
        both = _together(section, version, body)
        if not (merge and both.clean):
            raise StaleVersion(section, body, both)
        body = prose("body", both.text)
    return Saved(section) if body == section.body else _store(postmortem, section, body, by)


@transaction.atomic
def restore_revision(*, postmortem: Postmortem, key: str, version: int, by: Person | None) -> Saved:
    """Make an earlier text the newest version again. Raises `InvalidInput` naming a version that does not exist."""
    require_responder(by)
    postmortem = writable(postmortem)
    section = _section(postmortem, key)
    body = _text_of(section, version)
    if body is None:
        raise InvalidInput(version=f"“{section.title}” has no version {version}: it has 0 to {section.version}.")
    return Saved(section) if body == section.body else _store(postmortem, section, body, by)


def writable(postmortem: Postmortem) -> Postmortem:
    """The post-mortem, locked for writing. Raises `Conflict` once it is published."""
    postmortem = Postmortem.objects.select_for_update(no_key=True).get(pk=postmortem.pk)
    if postmortem.status == Postmortem.Status.PUBLISHED:
        raise Conflict(f"Post-mortem {postmortem.number} is published: reopen it to change it.", allowed=["reopened"])
    return postmortem


def _section(postmortem: Postmortem, key: str) -> Section:
    sections = {section.key: section for section in Section.objects.filter(postmortem=postmortem)}
    if key not in sections:
        raise InvalidInput(key=f"{key!r} is no section of this post-mortem: it has {', '.join(sections)}.")
    return sections[key]


def _together(section: Section, version: int, body: str) -> merging.Merge:
    """What stands there and `body`, which was written upon `version`. Without that text, somebody has to look."""
    base = _text_of(section, version)
    if base is None:
        return merging.Merge(merging.merge("", section.body, body).text, clean=False)
    return merging.merge(base, section.body, body)


def _text_of(section: Section, version: int) -> str | None:
    """The text of a version, None where there is none; version 0 is empty, unless the section began with a text."""
    if version == section.version:
        return section.body
    found = SectionRevision.objects.filter(section=section, version=version).values_list("body", flat=True).first()
    return "" if found is None and version == 0 else found


def _store(postmortem: Postmortem, section: Section, body: str, by: Person | None) -> Saved:
    if section.version == 0 and section.body:
        SectionRevision.objects.create(section=section, version=0, body=section.body, at=section.updated_at)
    section.body, section.version, section.updated_at = body, section.version + 1, timezone.now()
    section.save(update_fields=["body", "version", "updated_at"])
    SectionRevision.objects.create(section=section, version=section.version, body=body, by=by, at=section.updated_at)
    withdrawn = withdraw_sign_offs(postmortem)
    tell(postmortem)
    return Saved(section, withdrawn)
